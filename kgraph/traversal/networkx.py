"""The graph under a lens as a networkx MultiDiGraph, one edge a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgraph.model import Lens
from kgraph.traversal import explain, passages
from kgraph.traversal.lens import compile_lens
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(catalogue: Catalogue, lens: Lens | None = None) -> nx.MultiDiGraph[str]:
    """Every relation that may be walked under the lens, and its ends.

    Nodes are CURIEs with `label`, `type`, `type_label`. Edges run from subject to object; the key is the claim's IRI,
    so each edge knows its evidence: `predicate`, `label`, `said_by`, `via`, `article` (ids, a blank between several),
    `voice`, `modality`, `polarity`, and where known `paragraph`, `sentence`, `earliest`, `latest`, `confidence`.
    Steps that no claim states (`include=("types",)` or `("unattributed",)`) have their predicate's IRI as key.
    Attributes are texts and numbers, so every networkx writer takes them.
    """
    import networkx as nx  # only here: whoever asks no networkx does not wait for it

    seen = compile_lens(catalogue, lens or Lens())
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(generation=catalogue.generation)
    compress = catalogue.namespaces.compress
    for step in seen.view:
        if not seen.allows(step):
            continue
        for iri in (step.subject, step.object):
            named = explain.ref(catalogue, iri)
            graph.add_node(named.id, label=named.label, type=named.type, type_label=named.type_label)
        subject, object_ = compress(step.subject), compress(step.object)
        name: dict[str, Any] = {
            "predicate": compress(step.predicate),
            "label": catalogue.predicate_label(step.predicate),
        }
        for claim in seen.claims(step):
            graph.add_edge(subject, object_, key=claim.iri, **name, **_evidence(catalogue, claim))
        if not step.claims:
            graph.add_edge(subject, object_, key=step.predicate, **name)
    return graph


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
