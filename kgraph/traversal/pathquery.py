"""The SPARQL 1.1 query that finds a path's shape, for those who go on from an answer in SPARQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kgraph.model import Lens
from kgraph.traversal.enumeration import Found
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.sight import ANY
from kgraph.traversal.things import Step

_PATTERNS: dict[str, Any] = dict.fromkeys(
    ("said_by", "not_said_by", "source", "voice", "modality", "polarity", "include"), ()
)
"""The parts of a lens that a graph pattern can say."""


def sparql(lens: LensFilter, path: Found) -> str | None:
    """A query for every path between the same ends over the same relations under the same lens.

    None for an empty path, for steps that no claim states, and for lenses whose bounds take more than a pattern
    (times, publication, confidence, number of sources). Each claim states subject, then object, then predicate:
    stores answer that order fastest.
    """
    seen = lens.lens
    bounded = replace(seen, **_PATTERNS) != replace(Lens(), **_PATTERNS)
    if bounded or not path.steps or not all(_states(s) for s in path.steps):
        return None
    ns = lens.catalogue.namespaces
    last = len(path.steps)
    names = [f"<{path.nodes[0]}>", *(f"?n{i}" for i in range(1, last)), f"<{path.nodes[-1]}>"]
    lines = []
    for i, (step, forward) in enumerate(zip(path.steps, path.forward, strict=True), 1):
        near, far = names[i - 1], names[i]
        subject, object_ = (near, far) if forward else (far, near)
        lines.append(f"  ?c{i} rdf:subject {subject} ; rdf:object {object_} ; rdf:predicate <{step.predicate}> .")
        lines += _bounds(f"?c{i}", seen, ns.kgs)
    variables = " ".join((*names[1:-1], *(f"?c{i}" for i in range(1, last + 1))))
    prefixes = "\n".join(f"PREFIX {p}: <{ns.prefixes[p]}>" for p in ("rdf", "kg", "kgs"))
    return f"{prefixes}\nSELECT {variables} WHERE {{\n" + "\n".join(lines) + "\n}"


def _states(step: Step) -> bool:
    return bool(step.claims) and all(c.predicate == step.predicate for c in step.claims)


def _bounds(claim: str, lens: Lens, kgs: str) -> list[str]:
    """The lens as patterns and filters on one claim."""
    name = claim.removeprefix("?")
    lines = [f"  {claim} kg:status kgs:current ."]
    for values, term in ((lens.modality, "modality"), (lens.polarity, "polarity"), (lens.voice, "voice")):
        if values and ANY not in values:
            lines += _one_of(claim, f"kg:{term}", f"?{term}_{name}", [f"kgs:{v.removeprefix(kgs)}" for v in values])
    for iris, term, variable in ((lens.said_by, "kg:attributedTo", "who"), (lens.source, "kg:assertedIn", "article")):
        if iris:
            lines += _one_of(claim, term, f"?{variable}_{name}", [f"<{i}>" for i in iris])
    for iri in lens.not_said_by:
        lines.append(f"  MINUS {{ {claim} kg:attributedTo|kg:reportedVia <{iri}> }}")
    return lines


def _one_of(claim: str, term: str, variable: str, values: list[str]) -> list[str]:
    if len(values) == 1:
        return [f"  {claim} {term} {values[0]} ."]
    return [f"  {claim} {term} {variable} .", f"  FILTER({variable} IN ({', '.join(values)}))"]
