"""The rows of a path search: of paths, steps or claims, and nothing that joins with everything."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.model import Path, Paths, Work
from kgraph.sparql.pathrows import Hop, rows

NOTHING = "<https://w3id.org/kgraph/path#nothing>"
THERE: Any = Path(
    2,
    ("urn:a", "urn:b", "urn:c"),  # type: ignore[arg-type]
    (Hop("urn:b", "urn:p", "urn:a", False, ("urn:1", "urn:2")), Hop("urn:b", "urn:q", "urn:c", True, ())),  # type: ignore[arg-type]
    'a "b"\n',
)
EMPTY: Any = Path(0, ("urn:a",), (), "a")  # type: ignore[arg-type]


def found(*paths: Any, verdict: Any = "found") -> Paths:
    return Paths(verdict, 6, Work(1, 1.0), None, paths, None, 1, "")


@pytest.mark.parametrize(
    ("outputs", "wanted"),
    [
        (("path", "length", "end"), ["(1 2 <urn:c>)", "(2 0 <urn:a>)"]),
        (("sentence",), ['("a \\"b\\"\\n"@en)', '("a"@en)']),
        (
            ("path", "step", "from", "to", "forward"),
            ["(1 1 <urn:a> <urn:b> false)", "(1 2 <urn:b> <urn:c> true)", f"(2 UNDEF {NOTHING} {NOTHING} UNDEF)"],
        ),
        (("edge",), ["(<<( <urn:b> <urn:p> <urn:a> )>>)", "(<<( <urn:b> <urn:q> <urn:c> )>>)", f"({NOTHING})"]),
        (
            ("claim", "relation"),
            ["(<urn:1> <urn:p>)", "(<urn:2> <urn:p>)", f"({NOTHING} <urn:q>)", f"({NOTHING} {NOTHING})"],
        ),
        ((), ["()", "()"]),
    ],
)
def test_there_is_a_row_for_each_of_what_is_asked_for(outputs: tuple[str, ...], wanted: list[str]) -> None:
    assert rows(found(THERE, EMPTY), outputs, 10) == wanted


def test_rows_are_given_all_or_not_at_all() -> None:
    assert len(rows(found(THERE), ("step",), 2) or ()) == 2
    assert rows(found(THERE), ("step",), 1) is None


def test_without_a_path_there_is_a_row_where_the_verdict_is_asked_for() -> None:
    none = found(verdict="none_within")
    assert rows(none, ("path", "claim"), 10) == []
    assert rows(none, ("path", "claim", "verdict"), 10) == [f'(UNDEF {NOTHING} "none_within")']
