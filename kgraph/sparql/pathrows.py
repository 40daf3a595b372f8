"""What a path search found, as rows of SPARQL's `VALUES`.

There is a row for each path; where something of its steps is asked for, for each step; where claims are asked for, for
each claim of the step. What is not there is `path:nothing`, which joins with nothing: an unbound variable would join
with everything, and a step that nobody claims would be said by everybody. Numbers and texts are unbound there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from kgraph.model import Paths
from kgraph.rdf import Literal
from kgraph.sparql.pathterms import NOTHING
from kgraph.traversal.known import Named
from kgraph.traversal.shown import Shown

_OF_PATHS = ("path", "length", "start", "end", "sentence", "verdict")
_OF_CLAIMS = ("claim",)
_VALUES = ("path", "length", "sentence", "verdict", "step", "forward")
"""What is unbound where there is nothing."""
_UNBOUND = "UNDEF"


class Hop(NamedTuple):
    """A step by IRIs, in the direction of its relation; `forward` tells how it is walked."""

    subject: str
    predicate: str
    object: str
    forward: bool
    claims: tuple[str, ...]


class Identifiers:
    """A `Telling` of IRIs: nodes are texts, edges are hops."""

    def ref(self, named: Named) -> Any:
        """A node."""
        return named.ref.iri

    def neighbour(self, named: Named, distance: int, notes: Iterable[str] = ()) -> Any:  # noqa: ARG002
        """A node of a neighbourhood."""
        return named.ref.iri

    def edge(self, shown: Shown) -> Any:
        """A step."""
        claims = tuple([statement.iri for statement in shown.statements])
        return Hop(shown.subject.ref.iri, shown.relation.iri, shown.object.ref.iri, shown.forward, claims)


def rows(found: Paths, outputs: Iterable[str], most: int) -> list[str] | None:
    """The rows for these outputs, in brackets, in the order of the paths; None where they are more than `most`.

    `found` is told by `Identifiers`. Without outputs there is an empty row for each path: to be counted, or just there.
    """
    written = list(islice(_rows(found, tuple(outputs)), most + 1))
    return None if len(written) > most else written


def _rows(found: Paths, names: tuple[str, ...]) -> Iterator[str]:
    by_step = any(name not in _OF_PATHS for name in names)
    by_claim = any(name in _OF_CLAIMS for name in names)
    if not found.paths and "verdict" in names:
        yield _row(names, {"verdict": _text(found.verdict)})
    for number, path in enumerate(found.paths, 1):
        nodes: tuple[Any, ...] = path.nodes
        edges: tuple[Any, ...] = path.edges
        of_path = {
            "path": str(number),
            "length": str(path.length),
            "start": _iri(nodes[0]),
            "end": _iri(nodes[-1]),
            "sentence": str(Literal(path.sentence, language="en")),
            "verdict": _text(found.verdict),
        }
        if not by_step or not edges:
            yield _row(names, of_path)
            continue
        for step, hop in enumerate(edges, 1):
            of_step = of_path | _step(step, hop, nodes[step - 1], nodes[step])
            for claim in (hop.claims or (NOTHING,)) if by_claim else (NOTHING,):
                yield _row(names, of_step | {"claim": _iri(claim)})


def _step(number: int, hop: Hop, begins: str, ends: str) -> dict[str, str]:
    subject, predicate, object_ = map(_iri, hop[:3])
    return {
        "step": str(number),
        "from": _iri(begins),
        "to": _iri(ends),
        "edge": f"<<( {subject} {predicate} {object_} )>>",
        "subject": subject,
        "relation": predicate,
        "object": object_,
        "forward": "true" if hop.forward else "false",
    }


def _row(names: tuple[str, ...], told: Mapping[str, str]) -> str:
    return f"({' '.join(told.get(name, _UNBOUND if name in _VALUES else _iri(NOTHING)) for name in names)})"


def _iri(iri: str) -> str:
    return f"<{iri}>"


def _text(text: str) -> str:
    return str(Literal(text))
