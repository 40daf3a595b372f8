"""Questions about how things hang together, answered from claim records.

    catalogue = Catalogue.build(quads, namespaces, schema, generation)      # records.py; immutable, on columns.py
    catalogue.updated(touched, quads_of, generation)   # after a commit; None where it must be built anew
    catalogue.with_texts({article_iri: text})                               # attached: spans then show their slice

    compile_lens(catalogue, lens) -> LensFilter ; words(catalogue, lens) -> str            # lens.py
    neighbourhood(catalogue, NeighbourhoodQuestion, page=Page(), telling=VALUES) -> Neighbourhood  # neighbourhood.py
    paths(catalogue, PathQuestion, page=Page(), telling=VALUES) -> Paths                   # paths.py
    VALUES, Written(): Telling       # nodes and edges of these two as values of the model, or as JSON; telling.py
    connect(catalogue, entities, *, max_hops, max_edges, max_ms, lens) -> Neighbourhood    # connect.py
    timeline(catalogue, entity, lens, page=Page()) -> Timeline                             # timeline.py
    entity(catalogue, iri, lens, page=Page()) -> Entity                                    # entity.py
    claim(catalogue, iri) -> Claim ; ref(catalogue, iri) -> EntityRef                      # explain.py
    sources(catalogue, page=Page()) -> Sources ; source(catalogue, iri) -> Source          # sources.py
    to_networkx(catalogue, lens) -> networkx.MultiDiGraph (key = claim IRI)                # networkx.py
    select(catalogue, lens, centre=None, hops=1) -> frozenset of claim IRIs (for export)    # select.py
    Search.build(catalogue.names(), generation).search(q, types=frozenset(), page=Page())  # kgraph/search/
    catalogue.subtypes(class_iri) -> frozenset[str]    # for Search's `types` and nothing else
    iri in catalogue.nodes / catalogue.claims / catalogue.articles                         # what exists

Identifiers that go in are IRIs (a predicate may begin with `^`); those that come out are CURIEs. `Page` and the
questions are in `kgraph.model`: `Page(skip, limit, issue)` where `issue(position)` makes the cursor for `next`.
An unknown IRI raises EntityNotFoundError, ClaimNotFoundError or SourceNotFoundError (without suggestions);
a bound that cannot be met raises ParameterError.
"""

from kgraph.traversal.connect import connect
from kgraph.traversal.entity import entity
from kgraph.traversal.explain import claim, ref
from kgraph.traversal.lens import compile_lens, words
from kgraph.traversal.neighbourhood import neighbourhood
from kgraph.traversal.networkx import to_networkx
from kgraph.traversal.paths import paths
from kgraph.traversal.records import Catalogue
from kgraph.traversal.select import select
from kgraph.traversal.sources import source, sources
from kgraph.traversal.telling import VALUES, Telling
from kgraph.traversal.timeline import timeline
from kgraph.traversal.written import Written

__all__ = [
    "VALUES",
    "Catalogue",
    "Telling",
    "Written",
    "claim",
    "compile_lens",
    "connect",
    "entity",
    "neighbourhood",
    "paths",
    "ref",
    "select",
    "source",
    "sources",
    "timeline",
    "to_networkx",
    "words",
]
