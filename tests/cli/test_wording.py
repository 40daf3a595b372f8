"""Claims in their own words: roles are kept, and what is denied is not shown as affirmed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from kgraph.cli import words

Run = Callable[..., Any]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_claim_keeps_its_role_and_its_standing_in_a_table(ask: Run) -> None:
    shown = flat(ask("entity", "chris-evans", "--limit", 1000).out)
    assert "as one of the" in shown
    rows = csv.DictReader(io.StringIO(ask("export", "--format", "csv", "--modality", "any", "--polarity", "any").out))
    one = next(row for row in rows if row["polarity"] == "negated" and row["modality"] == "opined")
    whole = ask("claim", one["claim"], "--json").json
    assert words.said(whole) == one["read_aloud"].rpartition(" (P")[0]
    assert words.said(whole).startswith("It is denied that ")
    denied = f"not: {whole['predicate_label']}"
    assert denied in flat(ask("claim", one["claim"]).out)
    near = flat(ask("neighbourhood", one["subject"], "--polarity", "negated", "--modality", "any").out)
    assert f"… {denied}" in near


def test_a_sentence_without_evidence_is_shown_whole() -> None:
    assert words.said({"sentence": "A leads B (a (C)) (P1, by (D))."}) == "A leads B (a (C))"
    assert words.said({"sentence": "A leads B."}) == "A leads B."
    assert words.said({"sentence": "A leads B)."}) == "A leads B)."
