"""Days are numbers that count from 1970-01-01."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.model import TimeSpan
from kgraph.traversal import dates
from kgraph.traversal.kernels.steptable import OPEN_FUTURE, OPEN_PAST


@given(st.dates())
def test_days_count_as_the_calendar_does(day: date) -> None:
    assert dates.number(day.isoformat()) == (day - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("-0044-03-15", "-0043-03-15"),
        ("-0001-12-31", "0000-01-01"),
        ("9999-12-31", "10000-01-01"),
        ("-12000-01-01", "-9999-01-01"),
    ],
)
def test_years_before_the_first_and_after_the_9999th_are_in_order(earlier: str, later: str) -> None:
    assert OPEN_PAST < dates.number(earlier) < dates.number(later) < OPEN_FUTURE


@pytest.mark.parametrize("zone", ["Z", "+02:00", "-11:00"])
def test_a_time_zone_does_not_count(zone: str) -> None:
    assert dates.number(f"2020-05-06{zone}") == dates.number("2020-05-06")


@pytest.mark.parametrize(
    ("earliest", "latest", "bounds"),
    [
        ("1970-01-01", "1970-01-03", (0, 2)),
        (None, "1970-01-03", (OPEN_PAST, 2)),
        ("1970-01-01", None, (0, OPEN_FUTURE)),
        (None, None, (OPEN_PAST, OPEN_FUTURE)),
    ],
)
def test_a_bound_that_is_not_known_is_open(earliest: str | None, latest: str | None, bounds: tuple[int, int]) -> None:
    assert dates.bounds(TimeSpan("id:t", "t", "t", earliest, latest, "stated")) == bounds


def test_no_time_is_open_both_ways() -> None:
    assert dates.bounds(None) == (OPEN_PAST, OPEN_FUTURE)
