"""EDTF bounds: the days a text allows, and none that it does not."""

from __future__ import annotations

import contextlib
import datetime
import gc
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.ingest.dates import bounds

CASES = {
    "2020-10-01": ("2020-10-01", "2020-10-01"),
    "2020-02": ("2020-02-01", "2020-02-29"),
    "1949": ("1949-01-01", "1949-12-31"),
    "2020-09-21/2020-09-30": ("2020-09-21", "2020-09-30"),
    "2018~/2020~": ("2018-01-01", "2020-12-31"),
    "201X": ("2010-01-01", "2019-12-31"),
    "2020-10-02/..": ("2020-10-02", None),
    "2020-10-02/": ("2020-10-02", None),
    "../2010": (None, "2010-12-31"),
    "/2010": (None, "2010-12-31"),
    "../..": (None, None),
    "-0044": (None, None),
    "XXXX": (None, None),
    "Y170000002": (None, None),
    "[1667,1668]": ("1667-01-01", "1668-12-31"),
}


@pytest.mark.parametrize("edtf", CASES)
def test_the_bounds_are_those_of_the_text(edtf: str) -> None:
    assert tuple(day and day.isoformat() for day in bounds(edtf)) == CASES[edtf]


@pytest.mark.parametrize(
    "edtf", ["", "{1960,1961-12..}", "soon", "2020-13", "2020-02-30", "open/2010", "2020/2021/2022"]
)
def test_what_is_not_edtf_is_refused(edtf: str) -> None:
    with pytest.raises(ValueError, match=r"not EDTF|cannot be read"):
        bounds(edtf)


@pytest.mark.hostile
@pytest.mark.parametrize("edtf", ["Y1E999999999", "(" * 10_000, "2020-09/" * 1_000])
def test_a_text_made_to_cost_is_refused_unread(edtf: str) -> None:
    with pytest.raises(ValueError, match="too large to reckon with"):
        bounds(edtf)


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        bounds("2020-10-02/2020-01-01")


@given(st.dates(), st.dates())
def test_an_interval_of_two_days_has_those_days_as_bounds(one: datetime.date, other: datetime.date) -> None:
    first, last = sorted((one, other))
    assert bounds(f"{first.isoformat()}/{last.isoformat()}") == (first, last)


@given(st.text(alphabet="0123456789-/.~?XuyE[]{}", max_size=20))
def test_no_text_ends_in_anything_but_bounds_or_a_value_error(text: str) -> None:
    try:
        earliest, latest = bounds(text)
    except ValueError:
        return
    assert earliest is None or latest is None or earliest <= latest


PLAIN = st.one_of(
    st.dates(datetime.date(1, 1, 1), datetime.date(9998, 12, 31)).map(datetime.date.isoformat),
    st.tuples(st.integers(0, 9999), st.integers(0, 13)).map(lambda t: f"{t[0]:04}-{t[1]:02}"),
    st.integers(0, 9999).map(lambda year: f"{year:04}"),
)


@settings(deadline=None, max_examples=60)
@given(PLAIN)
def test_plain_dates_have_the_bounds_that_the_parser_gives_them(edtf: str) -> None:
    """They are not parsed: that takes ten milliseconds for each, and a table has thousands."""

    def read(text: str) -> object:
        try:
            return bounds(text)
        except ValueError as error:
            return "not EDTF" if "is not EDTF" in str(error) else str(error)

    assert read(edtf) == read(f"{edtf} ")


class Held:
    """Something large that whoever loads a date has at hand."""


@pytest.mark.parametrize("text", ["2020?", "2018~/2020~", "no date"])
def test_a_date_that_was_read_keeps_nothing_of_who_asked(text: str) -> None:
    def load() -> weakref.ref[Held]:
        held = Held()
        with contextlib.suppress(ValueError):
            bounds(text)
        return weakref.ref(held)

    left = load()
    gc.collect()
    assert left() is None
