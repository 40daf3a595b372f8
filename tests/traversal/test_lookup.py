"""Nodes, claims and passages are found by IRI, those of table rows too, however many were asked for before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kgraph.traversal import lookup
from kgraph.traversal.columns import RowSpans
from kgraph.traversal.records import Catalogue


@pytest.fixture
def catalogue(letter: Any) -> Catalogue:
    """The letter, its first two claims read from rows 2 and 1 of a table of three."""
    made: Catalogue = letter.catalogue()
    evidence = made.columns.evidence.copy()
    evidence[:2] = (-3, -2)
    columns = replace(made.columns, evidence=evidence, row_spans=(RowSpans("ab" * 32, 3, 0),))
    return Catalogue(columns, made.namespaces, made.schema)


def row(catalogue: Catalogue, number: int) -> str:
    return catalogue.columns.row_spans[0].iri(catalogue.namespaces.id, number)


def test_what_is_iterated_over_is_there_and_is_what_it_says(catalogue: Catalogue) -> None:
    for mapping in (catalogue.nodes, catalogue.claims):
        assert len(list(mapping)) == len(mapping) > 0
        for iri in mapping:
            assert iri in mapping
            assert mapping[iri].iri == iri
    for iri, span in catalogue.spans.items():
        assert catalogue.namespaces.expand(span.id) == iri


@pytest.mark.parametrize("name", ["nodes", "claims", "spans"])
def test_what_is_not_there_is_told(catalogue: Catalogue, name: str) -> None:
    mapping = getattr(catalogue, name)
    for iri in ("urn:nothing", "", row(catalogue, 4), catalogue.namespaces.expand("id:claim-9999")):
        assert iri not in mapping
        assert mapping.get(iri) is None
        with pytest.raises(KeyError):
            mapping[iri]
    assert 7 not in mapping


def test_rows_of_tables_are_found_and_not_iterated_over(catalogue: Catalogue) -> None:
    iri = row(catalogue, 2)
    assert iri in catalogue.nodes
    assert iri in catalogue.spans
    assert iri not in list(catalogue.nodes)
    assert iri not in list(catalogue.spans)
    node, span = catalogue.nodes[iri], catalogue.spans[iri]
    assert (node.kind, node.label) == ("document", "row 2")
    assert (span.table, span.row) == ("ab" * 32, 2)


def test_a_row_has_the_article_of_its_claim(catalogue: Catalogue) -> None:
    for number, claim in ((2, 0), (1, 1)):
        article = catalogue.claim_record(claim).article
        fresh = Catalogue(catalogue.columns, catalogue.namespaces, catalogue.schema)
        assert fresh.spans[row(catalogue, number)].article == catalogue.namespaces.compress(article)
        assert catalogue.claim_record(claim).spans == (row(catalogue, number),)
    assert catalogue.spans[row(catalogue, 3)].article == ""


def test_a_number_and_its_iri_go_both_ways(catalogue: Catalogue) -> None:
    for number in range(catalogue.columns.nodes):
        assert catalogue.nodes.number(catalogue.nodes.iri(number)) == number
    assert catalogue.nodes.number("urn:nothing") == -1


def test_few_stay_made_and_answers_are_the_same(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [dict(catalogue.nodes), dict(catalogue.claims), dict(catalogue.spans)]
    monkeypatch.setattr(lookup, "REMEMBERED", 2)
    poor = Catalogue(catalogue.columns, catalogue.namespaces, catalogue.schema)
    for _ in range(2):
        for mapping, expected in zip((poor.nodes, poor.claims, poor.spans), wanted, strict=True):
            assert dict(mapping) == expected
            assert len(mapping._made) <= 3
    claims = np.flatnonzero(poor.columns.evidence < -1).tolist()
    assert all(poor.spans[span].row for claim in claims for span in poor.claim_record(claim).spans)
    assert len(poor.spans._made) <= 3
