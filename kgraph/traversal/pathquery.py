"""The SPARQL 1.1 query that finds a path's shape, for those who go on from an answer in SPARQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from kgraph.model import Lens
from kgraph.traversal.found import Found
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.shown import Shown
from kgraph.traversal.sight import ANY

_PATTERNS: dict[str, Any] = dict.fromkeys(
    ("said_by", "not_said_by", "source", "voice", "modality", "polarity", "include"), ()
)
"""The parts of a lens that a graph pattern can say."""
_NAME = "\0"
"""Stands for the name of a claim's variable: no IRI holds it."""


def sparql(lens: LensFilter, path: Found, edges: Sequence[Shown]) -> str | None:
    """A query for every path between the same ends over the same relations under the same lens. `edges` are the path's.

    None for an empty path, for steps that no claim states, and for lenses whose bounds take more than a pattern
    (times, publication, confidence, number of sources). Each claim states subject, then object, then predicate:
    stores answer that order fastest.
    """
    ns = lens.catalogue.namespaces
    bounds = _bounds(lens.lens, ns.kgs)
    if bounds is None or not edges or not all(edge.is_claim for edge in edges):
        return None
    last = len(edges)
    ends = [lens.view.iri(path.node_numbers[at]) for at in (0, -1)]
    names = [f"<{ends[0]}>", *(f"?n{i}" for i in range(1, last)), f"<{ends[1]}>"]
    lines = []
    for i, edge in enumerate(edges, 1):
        near, far = names[i - 1], names[i]
        subject, object_ = (near, far) if edge.forward else (far, near)
        lines.append(f"  ?c{i} rdf:subject {subject} ; rdf:object {object_} ; rdf:predicate <{edge.relation.iri}> .")
        lines.append(bounds.replace(_NAME, f"c{i}"))
    variables = " ".join((*names[1:-1], *(f"?c{i}" for i in range(1, last + 1))))
    prefixes = "\n".join(f"PREFIX {p}: <{ns.prefixes[p]}>" for p in ("rdf", "kg", "kgs"))
    return f"{prefixes}\nSELECT {variables} WHERE {{\n" + "\n".join(lines) + "\n}"


@lru_cache(maxsize=256)
def _bounds(lens: Lens, kgs: str) -> str | None:
    """The lens as patterns and filters on one claim, `_NAME` for its variable; None where patterns cannot say it."""
    if replace(lens, **_PATTERNS) != replace(Lens(), **_PATTERNS):
        return None
    claim = f"?{_NAME}"
    lines = [f"  {claim} kg:status kgs:current ."]
    for values, term in ((lens.modality, "modality"), (lens.polarity, "polarity"), (lens.voice, "voice")):
        if values and ANY not in values:
            lines += _one_of(claim, f"kg:{term}", f"?{term}_{_NAME}", [f"kgs:{v.removeprefix(kgs)}" for v in values])
    for iris, term, variable in ((lens.said_by, "kg:attributedTo", "who"), (lens.source, "kg:assertedIn", "article")):
        if iris:
            lines += _one_of(claim, term, f"?{variable}_{_NAME}", [f"<{i}>" for i in iris])
    for iri in lens.not_said_by:
        lines.append(f"  MINUS {{ {claim} kg:attributedTo|kg:reportedVia <{iri}> }}")
    return "\n".join(lines)


def _one_of(claim: str, term: str, variable: str, values: list[str]) -> list[str]:
    if len(values) == 1:
        return [f"  {claim} {term} {values[0]} ."]
    return [f"  {claim} {term} {variable} .", f"  FILTER({variable} IN ({', '.join(values)}))"]
