"""Where a remote store stands, as its own graph on the server says it: generation, mark, graphs, how terms are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kgraph.errors import RemoteStoreError
from kgraph.rdf import NamedNode
from kgraph.store.remote import naming
from kgraph.store.remote.reading import Pattern, Reader

KEPT: Final = "kept"
BESIDE: Final = "beside"
_CHANGING: Final = "changing"


@dataclass(slots=True)
class Standing:
    """`exact` is whether the quads are those of the generation and no change is on its way; `states` are the texts that
    say so (two, where a process ended between writing one and taking the other away); `graphs` are graphs of the
    server; `beside` is whether terms are kept beside (`exact.py`), None where that is not known yet."""

    generation: int = 0
    mark: str = ""
    exact: bool = True
    states: tuple[str, ...] = ()
    graphs: dict[str, None] = field(default_factory=dict)
    beside: bool | None = None

    @classmethod
    def read(cls, reader: Reader) -> Standing:
        """What the server says. Raises RemoteStoreError."""
        said: dict[str, list[str]] = {naming.STATE: [], naming.GRAPH: [], naming.TERMS: []}
        own = Pattern(NamedNode(naming.OWN), graph=naming.OWN)
        for _, _, predicate, value in reader.matching(own, ()):
            if predicate.value in said:
                said[predicate.value].append(str(getattr(value, "value", "")))
        states = tuple(said[naming.STATE])
        generation, mark, exact = _latest(states)
        terms = said[naming.TERMS]
        graphs = dict.fromkeys(sorted(said[naming.GRAPH]))
        return cls(generation, mark, exact, states, graphs, terms != [KEPT] if terms else None)

    @property
    def changing(self) -> str:
        """The text of a store on which a change is on its way."""
        return f"{self.generation} {self.mark} {_CHANGING}"

    @staticmethod
    def settled(generation: int, mark: str) -> str:
        """The text of a store that has all of a generation."""
        return f"{generation} {mark}"

    @property
    def foreign(self) -> bool:
        """Whether no kgraph has written there yet."""
        return not self.states and not self.graphs


def _latest(states: tuple[str, ...]) -> tuple[int, str, bool]:
    """Generation, mark, and whether it is exact: of several texts one that says that a change is on its way counts."""
    read = []
    for text in states:
        number, _, rest = text.partition(" ")
        mark, _, more = rest.partition(" ")
        if not number.isdecimal() or len(number) > 18 or more not in ("", _CHANGING):
            raise RemoteStoreError(f"the store's own graph says {text[:60]!r}, which is no generation")
        read.append((more == _CHANGING, int(number), mark))
    if not read:
        return 0, "", True
    changing, generation, mark = max(read)
    return generation, mark, not changing
