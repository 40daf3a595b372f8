"""Every row of the checklist became something in the graph, and nothing in the graph is without a row."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest

SECTIONS = {"A": 35, "B": 10, "C": 28, "D": 23, "E": 23, "F": 14, "G": 20, "H": 22, "I": 21, "J": 7}
ROWS = [f"{section}{number:02}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
Lines = list[dict[str, str]]


def refs(lines: Lines, kind: str) -> set[str]:
    return {line["ref"] for line in lines if line["kind"] == kind}


def test_the_checklist_has_204_rows() -> None:
    assert len(ROWS) + len(["X1"]) == 204


@pytest.mark.parametrize("row", ROWS)
def test_a_row_maps_to_something(row: str, coverage: Lines) -> None:
    assert [line for line in coverage if line["row"] == row and line["ref"]]


def test_no_line_is_for_a_row_the_checklist_does_not_have(coverage: Lines) -> None:
    assert {line["row"] for line in coverage} == {*ROWS, "X1"}


def test_the_form_text_maps_to_nothing(coverage: Lines) -> None:
    assert [line for line in coverage if line["row"] == "X1"] == [{"row": "X1", "kind": "none", "ref": ""}]


def test_no_line_stands_twice(coverage: Lines) -> None:
    assert [line for line, count in Counter(tuple(line.values()) for line in coverage).items() if count > 1] == []


def test_every_reference_exists(coverage: Lines, seed: SimpleNamespace) -> None:
    assert {line["kind"] for line in coverage} == {"claim", "entity", "mention", "note", "none"}
    assert refs(coverage, "claim") - set(seed.claims) == set()
    assert refs(coverage, "entity") - set(seed.entities) == {seed.source.id}, "the article itself is row J01"
    assert refs(coverage, "mention") - set(seed.mentions) == set()
    assert refs(coverage, "note") - set(seed.notes) == set()


def test_every_claim_has_a_row(coverage: Lines, seed: SimpleNamespace) -> None:
    assert set(seed.claims) - refs(coverage, "claim") == set()


def test_every_entity_mention_and_note_has_a_row(coverage: Lines, seed: SimpleNamespace) -> None:
    assert set(seed.entities) - refs(coverage, "entity") == set()
    assert set(seed.mentions) - refs(coverage, "mention") == set()
    assert set(seed.notes) - refs(coverage, "note") == set()


def test_every_entity_is_spoken_of_in_a_claim(seed: SimpleNamespace) -> None:
    spoken_of = {name for claim in seed.claims.values() for name in (claim.subject, claim.object)}
    assert set(seed.entities) - spoken_of == set()


def test_every_passage_number_and_time_is_used(seed: SimpleNamespace) -> None:
    used = {seed.source.published}
    for claim in seed.claims.values():
        used.update(claim.at, (claim.amount, claim.period, claim.time))
    for mention in seed.mentions.values():
        used.update(mention.at)
    for note in seed.notes.values():
        used.update(note.about)
    assert {*seed.spans, *seed.quantities, *seed.times} - used == set()
