"""Days as numbers: since 1970-01-01, in the proleptic Gregorian calendar."""

from __future__ import annotations

import re

import numpy as np

from kgraph.model import TimeSpan
from kgraph.traversal.kernels.steptable import OPEN_FUTURE, OPEN_PAST

_DAY = re.compile(r"-?\d{4,6}-\d\d-\d\d")


def number(day: str) -> int:
    """The number of a day; what follows the day (a time zone) does not count.

    >>> number("1970-02-01"), number("-0044-03-15") < number("0001-01-01")
    (31, True)
    """
    found = _DAY.match(day)
    return int(np.datetime64(found[0] if found else day, "D").astype(np.int64))


def bounds(when: TimeSpan | None) -> tuple[int, int]:
    """The earliest and the latest day of a time as numbers; open where they are not known."""
    if when is None:
        return OPEN_PAST, OPEN_FUTURE
    return (
        OPEN_PAST if when.earliest is None else number(when.earliest),
        OPEN_FUTURE if when.latest is None else number(when.latest),
    )
