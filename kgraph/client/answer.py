"""The answer of a verb, as rows, a graph or a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kgraph.client import drawing, network, rows
from kgraph.client.drawing import Drawing
from kgraph.client.result import Result
from kgraph.client.rows import Json, Ref
from kgraph.client.setting import Setting
from kgraph.client.showing import Shown
from kgraph.question import LENS_NAMES

if TYPE_CHECKING:
    import networkx
    import rdflib


class Answer(Result):
    """The answer of a verb; `data` is the JSON of the service, its shapes those of `/docs`."""

    def __init__(self, setting: Setting, verb: str, data: Json, asked: Mapping[str, Any] | None = None) -> None:
        super().__init__(setting)
        self.verb, self.data, self._asked = verb, data, asked or {}
        self._rows = rows.rows(verb, data)

    @property
    def columns(self) -> tuple[str, ...]:
        return rows.COLUMNS[self.verb]

    @property
    def again(self) -> dict[str, Any] | None:
        """The arguments of the same verb that go on where this answer was cut; None where it was not."""
        found: dict[str, Any] | None = self.data.get("again")
        return found

    @property
    def notes(self) -> tuple[str, ...]:
        told = []
        if self.verb == "paths":
            told.append(_verdict(self.data))
            told += [path["sentence"] for path in self.data["paths"]]
        elif self.verb in ("claim", "compare"):
            told.append(self.data["sentence"])
        elif self.data.get("stopped_by"):
            told.append(f"The search was stopped by {self.data['stopped_by']}: this may not be all.")
        if self.again:
            told.append(f"There is more: `client.{self.verb}(**answer.again)` goes on.")
        return tuple(told)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return ({name: row.values.get(name) for name in self.columns} for row in self._rows)

    def __getitem__(self, name: str) -> Any:
        """A member of `data`."""
        return self.data[name]

    def _arrow(self) -> dict[str, Any]:
        return rows.columns(self.verb, self._rows)

    def _shown(self, most: int) -> tuple[Sequence[str], list[Shown]]:
        some = self._rows[:most]
        heads = list(dict.fromkeys(name for row in some for name in row.shown))
        return heads, [(row.shown, row.evidence) for row in some]

    def _drawing(self) -> Drawing:
        return drawing.of_answer(self.verb, self.data)

    def _said(self) -> Sequence[str]:
        return self.notes[:1] if self.verb == "paths" else self.notes  # the paths are what is drawn

    def _lens(self) -> Mapping[str, Any]:
        """What the answer was seen through, as a neighbourhood takes it: on paths, `source` is where they start."""
        names = {*LENS_NAMES} - ({"source"} if self.verb == "paths" else set())
        return {name: value for name, value in self._asked.items() if name in names}

    def _nodes(self) -> list[Json]:
        nodes = {ref.id: {"id": ref.id, "label": ref.label, "iri": ref.iri} for ref in self._refs()}
        whole = [self.data, *self.data.get("nodes", ()), *(n for p in self.data.get("paths", ()) for n in p["nodes"])]
        whole = [one for one in whole if "iri" in one and "label" in one]
        return list({**nodes, **{one["id"]: one for one in whole}}.values())

    def _refs(self) -> Iterator[Ref]:
        return (cell for row in self._rows for cell in row.shown.values() if isinstance(cell, Ref))

    def _edges(self) -> list[Json]:
        return [values for values in rows.by_claim(self._rows) if "predicate" in values]

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        return network.of_edges(self._nodes(), self._edges())

    def to_rdflib(self) -> rdflib.Graph:
        return network.graph_of_claims(self._nodes(), self._edges(), self._setting.namespaces)


def _verdict(answer: Json) -> str:
    within = f"within {answer['max_hops']} hops"
    match answer["verdict"]:
        case "found":
            return f"Found {len(answer['paths'])} {within}."
        case "none_within":
            return f"There is none {within}: the search was exhaustive."
    return f"Stopped by {answer['stopped_by']} before an answer was certain."
