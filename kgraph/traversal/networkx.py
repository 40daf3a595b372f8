"""The graph under a lens as a networkx MultiDiGraph, one edge a claim; and its edges, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kgraph.model import Lens
from kgraph.traversal import explain, passages
from kgraph.traversal.lens import compile_lens
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord

if TYPE_CHECKING:
    import networkx as nx

NODE: Final[Mapping[str, type]] = dict.fromkeys(("label", "type", "type_label"), str)
"""What is told of a node."""
EDGE: Final[Mapping[str, type]] = {
    **dict.fromkeys(("predicate", "label", "said_by", "via", "article", "voice", "modality", "polarity"), str),
    **dict.fromkeys(("paragraph", "sentence"), int),
    **dict.fromkeys(("earliest", "latest"), str),
    "confidence": float,
}
"""What is told of an edge, where it is known."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation that a claim states, or one without a claim: the IRIs and CURIEs of its ends, the IRI of the claim or
    else of the predicate, and what is told of it."""

    subject: str
    object: str
    source: str
    target: str
    key: str
    told: Mapping[str, Any]


def to_networkx(catalogue: Catalogue, lens: Lens | None = None) -> nx.MultiDiGraph[str]:
    """Every relation that may be walked under the lens, and its ends.

    Nodes are CURIEs with `label`, `type`, `type_label`. Edges run from subject to object; the key is the claim's IRI,
    so each edge knows its evidence: `predicate`, `label`, `said_by`, `via`, `article` (ids, a blank between several),
    `voice`, `modality`, `polarity`, and where known `paragraph`, `sentence`, `earliest`, `latest`, `confidence`.
    Steps that no claim states (`include=("types",)` or `("unattributed",)`) have their predicate's IRI as key.
    Attributes are texts and numbers, so every networkx writer takes them.
    """
    import networkx as nx  # only here: whoever asks no networkx does not wait for it

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(generation=catalogue.generation)
    for edge in edges(catalogue, lens):
        for iri in (edge.subject, edge.object):
            name, told = node(catalogue, iri)
            graph.add_node(name, **told)
        graph.add_edge(edge.source, edge.target, key=edge.key, **edge.told)
    return graph


def edges(catalogue: Catalogue, lens: Lens | None = None) -> Iterator[Edge]:
    """Every edge of `to_networkx`, in its order."""
    seen = compile_lens(catalogue, lens or Lens())
    compress = catalogue.namespaces.compress
    for step in seen.view:
        if not seen.allows(step):
            continue
        subject, object_ = step.subject, step.object
        ends = (subject, object_, compress(subject), compress(object_))
        name = {"predicate": compress(step.predicate), "label": catalogue.predicate_label(step.predicate)}
        for claim in seen.claims(step):
            yield Edge(*ends, claim.iri, {**name, **_evidence(catalogue, claim)})
        if not step.claims:
            yield Edge(*ends, step.predicate, name)


def node(catalogue: Catalogue, iri: str) -> tuple[str, dict[str, str]]:
    """A node's CURIE and what is told of it."""
    named = explain.ref(catalogue, iri)
    return named.id, {"label": named.label, "type": named.type, "type_label": named.type_label}


def _evidence(catalogue: Catalogue, claim: ClaimRecord) -> dict[str, Any]:
    compress, code = catalogue.namespaces.compress, catalogue.schema.code
    where, when = passages.spans(catalogue, claim.spans)[:1], catalogue.when(claim)
    known = {
        "said_by": " ".join(map(compress, claim.said_by)),
        "via": " ".join(map(compress, claim.via)) or None,
        "article": compress(claim.article),
        "voice": code(claim.voice),
        "modality": code(claim.modality),
        "polarity": code(claim.polarity),
        "paragraph": where[0].paragraph if where else None,
        "sentence": where[0].sentence if where else None,
        "earliest": when.earliest if when else None,
        "latest": when.latest if when else None,
        "confidence": claim.confidence,
    }
    return {name: value for name, value in known.items() if value is not None}
