"""kgraph.store.tablequads: a table's quads are whole lines, each once, counted right, and found by what they are of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph import formats, rdf
from kgraph.rdf import NamedNode, Quad
from kgraph.store import tablequads
from kgraph.store.claimtable import ClaimTable
from kgraph.store.tableids import hexadecimal
from kgraph.store.tablequads import TableQuads

Make = Callable[..., ClaimTable]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(rows=st.integers(1, 60), seed=st.integers(0, 10**6))
def test_lines_are_counted_before_they_are_made_and_none_comes_twice(claim_table: Make, rows: int, seed: int) -> None:
    expand = TableQuads(claim_table(rows, seed))
    lines = b"".join(expand.lines()).splitlines()
    assert len(set(lines)) == len(lines) == expand.count()


def test_literals_are_as_the_store_gives_them_back(claim_table: Make) -> None:
    quads = list(TableQuads(claim_table(40)).quads())
    canonical, rewrites = rdf.canonical(quads)
    assert rewrites == []
    assert set(canonical) == set(quads)


def test_slices_are_as_good_as_the_whole(claim_table: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    table = claim_table(25)
    whole = set(TableQuads(table).quads())
    monkeypatch.setattr(tablequads, "SLICE", 7)
    assert set(TableQuads(table).quads()) == whole


def test_a_claim_has_each_speaker_and_relay_once(claim_table: Make) -> None:
    table = claim_table(30)
    said_by, via = (NamedNode(table.namespaces.expand(name)) for name in ("kg:attributedTo", "kg:reportedVia"))
    for place in range(table.claims):
        quads = TableQuads(table).of_claim(place)
        for predicate, column, starts in (
            (said_by, table.said, table.said_starts),
            (via, table.via, table.via_starts),
        ):
            stated = sorted(q.object.value for q in quads if q.predicate == predicate)  # type: ignore[union-attr]
            assert stated == [table.terms[term] for term in column[starts[place] : starts[place + 1]]]


def test_only_affirmed_and_reported_claims_give_a_relation_and_each_relation_once(claim_table: Make) -> None:
    table = claim_table(60)
    reported = NamedNode(table.namespaces.graph("reported"))
    found = [quad.triple for quad in TableQuads(table).quads() if quad.graph_name == reported]
    wanted = {
        (table.terms[table.subject[n]], table.terms[table.object[n]])
        for n in range(60)
        if (table.codes[table.polarity[n]], table.codes[table.modality[n]])
        == tuple(table.namespaces.expand(code) for code in ("kgs:affirmed", "kgs:reported"))
    }
    assert sorted((s.value, o.value) for s, _, o in found) == sorted(wanted)  # type: ignore[union-attr]


def test_contradictions_stand_on_both_claims(claim_table: Make) -> None:
    table = claim_table(3)
    predicate = NamedNode(table.namespaces.expand("kg:conflictsWith"))
    found = {(q.subject.value, q.object.value) for q in TableQuads(table).quads() if q.predicate == predicate}  # type: ignore[union-attr]
    first, last, other = table.claim_iri(0), table.claim_iri(2), table.outside_iri[0]
    assert found == {(first, last), (last, first), (first, other), (other, first)}


def test_what_is_said_of_things_is_found_by_their_iris(claim_table: Make) -> None:
    table = claim_table(9)
    expand = TableQuads(table)
    reported = NamedNode(table.namespaces.graph("reported"))
    by_subject: dict[str, set[Quad]] = {}
    for quad in expand.quads():
        if quad.graph_name != reported:
            by_subject.setdefault(quad.subject.value, set()).add(quad)  # type: ignore[union-attr]
    for iri, quads in by_subject.items():
        assert set(expand.of_subjects([iri])) == quads
    several = sorted(by_subject)[::3]
    assert set(expand.of_subjects(several)) == {quad for iri in several for quad in by_subject[iri]}
    for iri in (f"{table.namespaces.id}claim-{0:020x}", f"{table.span_stem}00000002", "urn:nothing"):
        assert expand.of_subjects([iri]) == ()


def test_pieces_are_whole_lines(claim_table: Make) -> None:
    for piece in TableQuads(claim_table(12)).lines():
        assert piece.endswith(b"\n")
        assert list(rdf.parse(piece, formats.NQUADS, file="piece"))


def test_bytes_become_digits() -> None:
    data = np.arange(256, dtype=np.uint8).reshape(-1, 2)
    assert hexadecimal(data).to_pylist() == [bytes(row).hex() for row in data]
