"""After every update and every change of a graph the index is the one that building anew gives, names included."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kgraph import formats
from kgraph.changing import Document
from kgraph.errors import EntityNotFoundError
from kgraph.graph import KnowledgeGraph

EX = "https://example.org/"
GRAPHS = st.sampled_from([f"{EX}g", f"{EX}h"])
THINGS = ["ex:a", "ex:b", "id:ioc"]
TRIPLES = st.one_of(
    st.tuples(st.just("ex:a"), st.sampled_from(["ex:p", "ex:q"]), st.sampled_from(["ex:b", "id:ioc"])),
    st.tuples(st.sampled_from(THINGS), st.just("ex:p"), st.sampled_from(["1", "true", "'x'@en", "1.50"])),
    st.tuples(st.sampled_from(THINGS[:2]), st.just("a"), st.sampled_from(["ex:T", "ex:b"])),
    st.tuples(st.sampled_from(THINGS[:2]), st.just("rdfs:label"), st.sampled_from(["'Anna'@en", "'Anne'@fr"])),
)
SOME = st.lists(TRIPLES, min_size=1, max_size=4).map(lambda triples: " . ".join(map(" ".join, triples)))
CLAIMS = f"""\
kgraph: 1
source: {{id: note, label: Note, sha256: {1:064x}, length: 40, unknown: [author]}}
entities:
  ioc: {{type: InternationalBody, label: IOC}}
  club: {{type: Organisation, label: Club}}
spans:
  s: {{paragraph: 1, sentence: 1, start: 0, end: 20, sha256: {2:064x}}}
claims:
  - {{subject: club, predicate: partnerOf, object: ioc, at: s}}
"""
PREFIX = f"PREFIX ex: <{EX}>\n"


def assert_as_built(graph: KnowledgeGraph) -> None:
    view, indexing = graph._generations.current, graph._generations._indexing
    anew = indexing.built(view.generation)
    assert view.catalogue.columns.differences(anew.catalogue.columns) == ()
    assert view.catalogue.predicates == anew.catalogue.predicates
    assert dict(view.catalogue.articles) == dict(anew.catalogue.articles)
    mine, theirs = view.search.arrays(), anew.search.arrays()
    assert mine.keys() == theirs.keys()
    assert [name for name, array in mine.items() if not np.array_equal(array, theirs[name])] == []


class Updates(RuleBasedStateMachine):
    """A graph in memory that is changed at random."""

    def __init__(self) -> None:
        super().__init__()
        with tempfile.TemporaryDirectory() as place:
            claims = Path(place) / "claims.yaml"
            claims.write_text(CLAIMS)
            self.graph = KnowledgeGraph.read(claims)

    def teardown(self) -> None:
        self.graph.close()

    @initialize(name=GRAPHS, triples=SOME)
    def begin(self, name: str, triples: str) -> None:
        self.change(f"INSERT DATA {{ GRAPH <{name}> {{ {triples} }} }}")

    @rule(name=GRAPHS, gone=SOME, come=SOME)
    def triples_come_and_go(self, name: str, gone: str, come: str) -> None:
        self.change(
            f"DELETE DATA {{ GRAPH <{name}> {{ {gone} }} }} ; INSERT DATA {{ GRAPH <{name}> {{ {come} }} . {come} }}"
        )

    @rule(name=GRAPHS, other=GRAPHS, thing=st.sampled_from(THINGS))
    def what_is_said_of_a_thing_is_moved(self, name: str, other: str, thing: str) -> None:
        self.change(
            f"DELETE {{ GRAPH <{name}> {{ {thing} ?p ?o }} }} INSERT {{ GRAPH <{other}> {{ ex:z ?p ?o, id:ioc }} }} "
            f"WHERE {{ GRAPH <{name}> {{ {thing} ?p ?o FILTER(?p != rdf:type) }} }}"
        )

    @rule(name=GRAPHS)
    def a_graph_is_dropped(self, name: str) -> None:
        self.change(f"DROP SILENT GRAPH <{name}>")

    @rule()
    def the_unnamed_graph_is_cleared(self) -> None:
        self.change("CLEAR DEFAULT")

    @rule(name=GRAPHS, triples=SOME, more=SOME)
    def a_graph_is_put_and_added_to(self, name: str, triples: str, more: str) -> None:
        known = {**self.graph.namespaces.prefixes, "ex": EX}
        prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in known.items())
        for change, text in ((self.graph.put_graph, triples), (self.graph.post_graph, more)):
            change(name, Document(f"{prefixes}{text} .".encode(), formats.TURTLE))
            assert_as_built(self.graph)

    def change(self, update: str) -> None:
        self.graph.update(PREFIX + update)
        assert_as_built(self.graph)


# What fails is told as it was met: to make it smaller, every update would be made again and again.
Updates.TestCase.settings = settings(
    max_examples=2, stateful_step_count=7, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
TestUpdates = Updates.TestCase


def test_what_was_the_end_of_a_triple_that_is_gone_is_not_found() -> None:
    machine = Updates()
    try:
        machine.change("INSERT DATA { GRAPH ex:g { ex:a ex:b 1, true, 'x'@en } }")
        machine.change(
            "DELETE { GRAPH ex:g { ?s ?p ?o } } INSERT { GRAPH ex:h { ?s ex:had ?o, id:nobody } } "
            "WHERE { GRAPH ex:g { ?s ?p ?o FILTER(isNumeric(?o)) } }"
        )
        assert [hit.id for hit in machine.graph.search("nobody").items] == ["id:nobody"]
        machine.change(
            "DELETE WHERE { GRAPH ex:h { ?s ?p ?o } } ; "
            "INSERT { GRAPH ex:i { ex:n ex:c ?n } } WHERE { { SELECT (COUNT(*) AS ?n) { GRAPH ex:h { ?s ?p ?o } } } }"
        )
        assert machine.graph.search("nobody").items == ()
        with pytest.raises(EntityNotFoundError):
            machine.graph.entity("id:nobody")
        assert [finding for finding in machine.graph.doctor() if not finding.ok] == []
    finally:
        machine.teardown()
