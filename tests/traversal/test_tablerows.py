"""A claim table column by column is what its quads say, claim by claim."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest

from kgraph.ingest import table as tables
from kgraph.ingest.pipeline import State, ontology_delta
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema
from kgraph.store.claimtable import ClaimTable
from kgraph.store.journal import Journal
from kgraph.store.oxigraph import OxigraphStore
from kgraph.store.tablequads import TableQuads
from kgraph.traversal import tablerows
from kgraph.traversal.columns import Columns
from kgraph.traversal.gathering import RebuildError
from kgraph.traversal.kernels.steptable import EARLIEST, LATEST
from kgraph.traversal.records import Catalogue

HEADER = ("subject", "predicate", "object", "said_by", "source", "date", "via", "modality", "polarity", "confidence")


def rows(seed: int, number: int = 30) -> list[list[str]]:
    pick = random.Random(seed).choice
    clubs = ["Mill Club", "Lake Trust", "Harbour League"]
    relations = [("hasMember", [*clubs, "Ann"]), ("opposes", ["Toll", "Fence"]), ("partnerOf", clubs)]
    found = []
    for _ in range(number):
        relation, objects = pick(relations)
        found.append(
            [
                *(pick(clubs), relation, pick(objects)),
                pick(["", "Ann", "Mill Club", "Ann; Mill Club"]),
                pick(["", "Herald", "Echo"]),
                pick(["", "2011", "2011-05", "2011-05-07", "../2010"]),
                pick(["", "", "Wire", "Wire;Bo"]),
                pick(["", "reported", "alleged"]),
                pick(["", "affirmed", "negated"]),
                pick(["", "0.9", "1", "0.123456"]),
            ]
        )
    demand = ["Open the steps"]
    empty = [""] * 7
    return [*found, [*demand, "addressee", "Council", *empty], [*demand, "requests", "grant-access", *empty]]


@pytest.fixture
def prepared(tmp_path: Path, namespaces: Namespaces, schema: Schema) -> Any:
    """Makes a claim table of a seed."""
    state = State(OxigraphStore.open(None), namespaces, schema)
    state.store.apply(ontology_delta(state), 1)  # type: ignore[attr-defined]

    def prepare(seed: int) -> ClaimTable:
        file, mapping = tmp_path / f"{seed}.csv", tmp_path / "mapping.yaml"
        mapping.write_text("kgraph: 1\nlists: ;\n")
        with file.open("w", newline="") as out:
            csv.writer(out).writerows([HEADER, *rows(seed)])
        found = tables.prepare(file, state, Journal.memory(), mapping=mapping)
        assert found.table is not None
        return found.table

    return prepare


def in_columns(table: ClaimTable, namespaces: Namespaces, schema: Schema, base: Columns | None = None) -> Catalogue:
    catalogue = Catalogue(base or Columns.empty(), namespaces, schema)
    return catalogue.with_change(tablerows.change(catalogue.columns, table, namespaces, schema, generation=1))


@pytest.mark.parametrize("seed", range(4))
def test_a_table_says_what_its_quads_say(prepared: Any, namespaces: Namespaces, schema: Schema, seed: int) -> None:
    table = prepared(seed)
    found = in_columns(table, namespaces, schema)
    read = Catalogue.build(TableQuads(table).quads(), namespaces, schema, 1)
    assert len(found.claims) == table.claims == len(rows(seed))
    assert dict(found.claims) == dict(read.claims)
    for iri, node in found.nodes.items():
        assert read.nodes[iri] == node
    assert set(read.nodes) - set(found.nodes) == {span for claim in found.claims.values() for span in claim.spans}
    for name in ("quantities", "times", "articles", "mentions", "notes"):
        assert getattr(found, name) == getattr(read, name)
    for iri, span in read.spans.items():
        assert found.spans[iri] == span
        assert found.nodes[iri] == read.nodes[iri]
    assert found.columns.records.links == read.columns.records.links
    assert {n.iri: n for n in found.names()} == {n.iri: n for n in read.names()}


@pytest.mark.parametrize("seed", range(2))
def test_steps_times_and_degrees_are_those_of_its_quads(
    prepared: Any, namespaces: Namespaces, schema: Schema, seed: int
) -> None:
    table = prepared(seed)
    found = in_columns(table, namespaces, schema)
    read = Catalogue.build(TableQuads(table).quads(), namespaces, schema, 1)

    def steps(catalogue: Catalogue) -> set[Any]:
        every = (s for view in (catalogue.stated, catalogue.whole) for s in view)
        return {(s.subject, s.predicate, s.object, s.layer, frozenset(c.iri for c in s.claims)) for s in every}

    def days(catalogue: Catalogue) -> dict[str, list[int]]:
        bounds = catalogue.columns.table.records[:, [EARLIEST, LATEST]]
        return {iri: bounds[catalogue.claims.number(iri)].tolist() for iri in catalogue.claims}

    assert steps(found) == steps(read)
    assert days(found) == days(read)
    assert {iri: found.degree(iri) for iri in found.nodes} == {iri: read.degree(iri) for iri in found.nodes}


def test_what_others_tell_is_left_to_them(prepared: Any, namespaces: Namespaces, schema: Schema) -> None:
    table = prepared(1)
    whole = in_columns(table, namespaces, schema)
    claim = next(iter(whole.claims))
    told = Catalogue.build(TableQuads(table).of_subjects([claim]), namespaces, schema, 1)
    change = tablerows.change(
        told.columns, table, namespaces, schema, generation=1, without=frozenset([claim, whole.claims[claim].subject])
    )
    after = told.with_change(change)
    assert set(after.claims) == set(whole.claims)
    assert after.nodes[whole.claims[claim].subject].type == "http://www.w3.org/2000/01/rdf-schema#Resource"


def test_claims_that_are_there_already_cannot_be_followed(
    prepared: Any, namespaces: Namespaces, schema: Schema
) -> None:
    table = prepared(1)
    read = Catalogue.build(TableQuads(table).quads(), namespaces, schema, 1)
    with pytest.raises(RebuildError):
        tablerows.change(read.columns, table, namespaces, schema, generation=2)


def test_rows_of_tables_are_counted_on_and_of_one_table_once(
    prepared: Any, namespaces: Namespaces, schema: Schema
) -> None:
    first, second = prepared(1), prepared(2)
    spans = tablerows.spans_of([first, second, first])
    assert [(s.table, s.first) for s in spans] == [(first.sha256, 0), (second.sha256, first.rows)]
    both = in_columns(second, namespaces, schema, in_columns(first, namespaces, schema).columns)
    assert both.columns.row_spans == spans
    assert len(both.claims) == first.claims + second.claims
    for claim in both.claims.values():
        assert both.spans[claim.spans[0]].table in (first.sha256, second.sha256)
        assert both.spans[claim.spans[0]].article == namespaces.compress(claim.article)
