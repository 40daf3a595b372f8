"""Steps as they are walked: stated relations alone, or with all that follows from types, passages and plain triples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kgraph.model import Lens, NeighbourhoodQuestion
from kgraph.rdf import NamedNode, Quad
from kgraph.traversal import neighbourhood
from kgraph.traversal.columns import RowSpans
from kgraph.traversal.records import Catalogue
from kgraph.traversal.views import View

EVERYTHING = ("codes", "documents", "types", "unattributed")


def in_rows(catalogue: Catalogue) -> Catalogue:
    """The same, every claim read from a row of one of two tables."""
    columns = catalogue.columns
    tables = (RowSpans("ab" * 32, 3, 0), RowSpans("cd" * 32, columns.claims, 3))
    evidence = -2 - columns.by_id
    columns = replace(columns, evidence=evidence.astype(columns.evidence.dtype), row_spans=tables)
    return Catalogue(columns, catalogue.namespaces, catalogue.schema)


def expected(catalogue: Catalogue) -> dict[tuple[str, str, str], set[str]]:
    """Every step of the whole view with its claims, told record by record."""
    kg, steps = catalogue.namespaces.kg, dict[tuple[str, str, str], set[str]]()
    for iri, claim in catalogue.claims.items():
        steps.setdefault((claim.subject, claim.predicate, claim.object), set()).add(iri)
        documents = ((f"{kg}assertedIn", claim.article), *((f"{kg}evidence", span) for span in claim.spans))
        for predicate, document in documents:
            if document in catalogue.nodes and document != claim.subject:
                steps.setdefault((claim.subject, predicate, document), set()).add(iri)
    for iri, node in catalogue.nodes.items():
        for of in node.types:
            steps.setdefault((iri, f"{catalogue.namespaces.prefixes['rdf']}type", of), set())
    for s, p, o in catalogue.columns.plain.tolist():
        columns = catalogue.columns
        steps.setdefault((columns.iris[s], columns.predicates[p], columns.iris[o]), set())
    return steps


@pytest.fixture
def plain(letter: Any) -> Any:
    """The letter with a triple that no claim states."""
    ends = NamedNode(letter.iri("ngo")), NamedNode("urn:knows"), NamedNode(letter.iri("ada"))
    letter.quads.append(Quad(*ends, NamedNode("urn:graph")))
    letter.claim("a1", "alleges", "demand")
    return letter


@pytest.mark.parametrize("rows", [False, True])
def test_the_whole_view_has_every_step_once_with_its_claims(plain: Any, rows: bool) -> None:
    catalogue = in_rows(plain.catalogue()) if rows else plain.catalogue()
    view = catalogue.whole
    found = {(s.subject, s.predicate, s.object): {claim.iri for claim in s.claims} for s in view}
    assert len(found) == len(view)
    assert found == expected(catalogue)


@pytest.mark.parametrize("name", ["stated", "whole"])
@pytest.mark.parametrize("rows", [False, True])
def test_steps_are_found_from_both_ends(plain: Any, name: str, rows: bool) -> None:
    view: View = getattr(in_rows(plain.catalogue()) if rows else plain.catalogue(), name)
    for number in range(view.table.nodes):
        iri = view.iri(number)
        assert view.node(iri) == number
        assert set(view.outgoing(iri)) == {step for step in view if step.subject == iri}
        assert set(view.incoming(iri)) == {step for step in view if step.object == iri}
    assert view.node("urn:nothing") == -1
    assert view.outgoing("urn:nothing") == view.incoming("urn:nothing") == ()


def test_the_stated_view_is_the_relations_that_claims_state(plain: Any) -> None:
    catalogue = plain.catalogue()
    assert {s.layer for s in catalogue.stated} <= {"relations", "codes", "documents"}
    assert {claim.iri for step in catalogue.stated for claim in step.claims} == set(catalogue.claims)
    assert catalogue.view(["codes"]) is catalogue.stated
    assert catalogue.view(["documents"]) is catalogue.whole


def test_rows_of_tables_are_the_last_nodes_and_documents(plain: Any) -> None:
    catalogue = in_rows(plain.catalogue())
    view = catalogue.whole
    rows = [
        spans.iri(catalogue.namespaces.id, n) for spans in catalogue.columns.row_spans for n in range(1, spans.rows + 1)
    ]
    assert [view.iri(n) for n in range(catalogue.columns.nodes, view.table.nodes)] == rows
    assert {view.kind_of(view.node(iri)) for iri in rows} == {view.kind_of_rows}
    assert view.kinds[-1] == len(catalogue.columns.kinds)
    assert view.label_rank[-len(rows) :].tolist() == list(range(catalogue.columns.nodes, view.table.nodes))
    assert catalogue.stated.node(rows[0]) == -1


@pytest.mark.parametrize("kernels", [False, True])
def test_a_neighbourhood_with_documents_shows_the_row_of_a_claim(plain: Any, kernels: bool) -> None:
    made = in_rows(plain.catalogue())
    catalogue = replace(made, indexed_from=0 if kernels else 10**9, _lasting={}, _remembered={})
    question = NeighbourhoodQuestion(entity=plain.iri("ngo"), hops=1, lens=Lens(include=EVERYTHING))
    answer = neighbourhood(catalogue, question)
    plain_ends = {e.target for e in answer.edges if e.predicate == "urn:knows"}
    assert plain_ends == {"id:ada"}
    around = NeighbourhoodQuestion(entity=plain.iri("coalition"), hops=1, lens=Lens(include=("documents",)))
    answer = neighbourhood(catalogue, around)
    rows = [node for node in answer.nodes if node.label.startswith("row ")]
    claims = {claim.iri for step in catalogue.stated.outgoing(plain.iri("coalition")) for claim in step.claims}
    assert {row.iri for row in rows} == {catalogue.claims[iri].spans[0] for iri in claims}
    assert {row.type for row in rows} == {"kg:EvidenceSpan"}
    back = NeighbourhoodQuestion(entity=rows[0].iri, hops=1, lens=Lens(include=("documents",)))
    assert "id:coalition" in {node.id for node in neighbourhood(catalogue, back).nodes}


def test_a_view_of_nothing_has_no_steps(story: Any) -> None:
    story.quads.clear()
    catalogue = story.catalogue()
    assert list(catalogue.stated) == list(catalogue.whole) == []
