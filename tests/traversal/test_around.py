"""A neighbourhood is walked outward; a limit ends it with what was met until then."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.model import Lens, NeighbourhoodQuestion, Page
from kgraph.traversal import compile_lens, neighbourhood
from kgraph.traversal.around import around
from kgraph.traversal.records import Catalogue
from kgraph.traversal.walk import Budget

INCLUDE = ("codes", "documents", "types")


def met(catalogue: Catalogue, centre: str, hops: int, max_edges: int = 10**6, **asked: Any) -> Any:
    question = NeighbourhoodQuestion(entity=centre, hops=hops, **asked)
    return around(compile_lens(catalogue, question.lens), question, Budget(max_edges, 10_000))


@pytest.mark.parametrize("hops", [0, 1, 2, 3])
def test_everything_within_so_many_hops_is_met_at_its_distance(letter: Any, hops: int) -> None:
    catalogue = letter.catalogue()
    graph: nx.Graph[str] = nx.Graph()
    for step in catalogue.stated:
        if step.layer == "relations":
            graph.add_edge(step.subject, step.object)
    expected = nx.single_source_shortest_path_length(graph, letter.iri("ngo"), cutoff=hops)
    found = met(catalogue, letter.iri("ngo"), hops)
    distances = zip(map(catalogue.nodes.iri, found.nodes.tolist()), found.distances.tolist(), strict=True)
    assert dict(distances) == dict(expected)
    assert catalogue.nodes.iri(int(found.nodes[0])) == letter.iri("ngo")
    assert found.stopped_by is None
    assert len(set(found.steps.tolist())) == len(found.steps)


def test_numbers_are_met_and_not_passed_through(letter: Any) -> None:
    letter.entity("other", "Coalition")
    letter.claim("other", "memberCount", "qty-160")
    catalogue = letter.catalogue()
    found = met(catalogue, letter.iri("coalition"), 4)
    labels = {catalogue.nodes.iri(node) for node in found.nodes.tolist()}
    assert letter.iri("qty-160") in labels
    assert letter.iri("other") not in labels


def test_a_kind_that_was_not_asked_for_is_not_entered(letter: Any) -> None:
    catalogue = letter.catalogue()
    found = met(catalogue, letter.iri("coalition"), 3, type=(letter.iri("Letter", "kg"),))
    assert {catalogue.nodes.iri(node) for node in found.nodes.tolist()} == {
        letter.iri("coalition"),
        letter.iri("letter"),
    }


@given(max_edges=st.integers(0, 40), hops=st.integers(1, 4))
@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize("kernels", [False, True])
def test_a_limit_ends_it_with_what_was_met_until_then(
    letter_of_many: Catalogue, kernels: bool, max_edges: int, hops: int
) -> None:
    catalogue = Catalogue(
        letter_of_many.columns,
        letter_of_many.namespaces,
        letter_of_many.schema,
        indexed_from=0 if kernels else 10**9,
    )
    centre = catalogue.namespaces.expand("id:p0")
    whole = met(catalogue, centre, hops, lens=Lens(include=INCLUDE))
    part = met(catalogue, centre, hops, max_edges, lens=Lens(include=INCLUDE))
    if part.stopped_by is None:
        assert sorted(part.steps.tolist()) == sorted(whole.steps.tolist())
        return
    assert part.stopped_by == "max_edges"
    assert set(part.steps.tolist()) <= set(whole.steps.tolist())
    distances = dict(zip(whole.nodes.tolist(), whole.distances.tolist(), strict=True))
    assert all(distances[n] <= d for n, d in zip(part.nodes.tolist(), part.distances.tolist(), strict=True))
    ends = {*part.nodes.tolist()}
    view = catalogue.view(INCLUDE)
    assert all(end in ends for end in view.subjects_of(part.steps).tolist())
    assert all(end in ends for end in view.table.far[part.steps].tolist())


@pytest.fixture(scope="module")
def letter_of_many(new_story: Any) -> Catalogue:
    """Eight people in a ring, each with a claim to the next and the one after."""
    story = new_story()
    for n in range(8):
        story.entity(f"p{n}", "Person")
    for n in range(8):
        for step in (1, 2):
            story.claim(f"p{n}", "partnerOf", f"p{(n + step) % 8}")
    made: Catalogue = story.catalogue()
    return made


def test_the_answer_says_which_limit_ended_it(letter: Any) -> None:
    catalogue = letter.catalogue()
    question = NeighbourhoodQuestion(entity=letter.iri("coalition"), hops=3, max_edges=2)
    answer = neighbourhood(catalogue, question, page=Page(limit=100))
    assert (answer.verdict, answer.stopped_by) == ("stopped", "max_edges")
    whole = neighbourhood(
        catalogue, NeighbourhoodQuestion(entity=letter.iri("coalition"), hops=3), page=Page(limit=100)
    )
    assert (whole.verdict, whole.stopped_by) != ("stopped", "max_edges")
    assert {edge.claims[0].id for edge in answer.edges} < {edge.claims[0].id for edge in whole.edges}
