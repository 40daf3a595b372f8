"""The vocabulary of `SERVICE kg:path`, as `ontology/path.ttl` says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from kgraph import formats, rdf, resources
from kgraph.rdf import Quad

SPACE = "https://w3id.org/kgraph/path#"
"""Namespace of the terms; `path:` stands for it where a query declares nothing else."""
NOTHING = f"{SPACE}nothing"
_FILE = "path.ttl"


@dataclass(frozen=True, slots=True)
class Term:
    """A term by its local name. `range` is the local name of what it takes or gives; `once` and `needed` of an input:
    how often it is given."""

    name: str
    gives: bool
    range: str
    once: bool
    needed: bool
    comment: str


@cache
def quads() -> tuple[Quad, ...]:
    """The vocabulary in RDF."""
    data = (resources.ontology() / _FILE).read_bytes()
    return tuple(rdf.parse(data, formats.TURTLE, file=_FILE))


@cache
def terms() -> Mapping[str, Term]:
    """Inputs and outputs by name, in the order of the alphabet."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in quads():
        subject, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        said[subject.removeprefix(SPACE)][_local(quad.predicate.value)] = value
    kinds = {f"{SPACE}Input": False, f"{SPACE}Output": True}
    found = {
        name: Term(
            name=name,
            gives=kinds[about["type"]],
            range=_local(about["range"]),
            once=about.get("maxCount") == "1",
            needed=about.get("minCount") == "1",
            comment=about["comment"],
        )
        for name, about in sorted(said.items())
        if about.get("type") in kinds
    }
    return MappingProxyType(found)


def _local(iri: str) -> str:
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]
