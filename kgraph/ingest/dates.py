"""The days an EDTF text allows. No bound is invented: an open or unknown side has none."""

from __future__ import annotations

import calendar
import datetime
import re
import time

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from edtf.parser.grammar import edtfParser

MAX_LENGTH = 200
"""Longest EDTF text: the parser backtracks, and the longest of the standard's own examples has 33 characters."""

_HUGE = re.compile(r"[eE]\d{3}")  # Y1E999999999 is a year of a billion digits
_PLAIN = re.compile(r"(?!0000|9999)(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?\Z", re.ASCII)
"""Most dates are plain, and the parser takes ten milliseconds for each."""
_OPEN = frozenset({"", ".."})


def bounds(edtf: str) -> tuple[datetime.date | None, datetime.date | None]:
    """The earliest and the latest day, None where open or outside the years 1 to 9998.

    >>> bounds("2020-09")
    (datetime.date(2020, 9, 1), datetime.date(2020, 9, 30))
    >>> bounds("../2010")
    (None, datetime.date(2010, 12, 31))

    Raises ValueError where it is not EDTF, or ends before it begins.
    """
    if len(edtf) > MAX_LENGTH or _HUGE.search(edtf):
        raise ValueError(f"{edtf[:20]!r}… is longer than {MAX_LENGTH} characters, or a year too large to reckon with")
    if plain := _PLAIN.match(edtf):
        year, month, day = (int(part) if part else 0 for part in plain.groups())
        try:
            return _calendar(year, month, day)
        except ValueError:
            raise ValueError(f"{edtf!r} is not EDTF: there is no such day") from None
    sides = edtf.split("/")
    if len(sides) == 2 and _OPEN.issuperset(side.strip() for side in sides):
        return None, None
    try:
        parsed = parse_edtf(edtf)
        # edtf answers ±inf for an open side, a guess of ten years for an unknown one, and struct_time otherwise.
        earliest = None if sides[0].strip() in _OPEN else _day(parsed.lower_strict())
        latest = None if sides[-1].strip() in _OPEN else _day(parsed.upper_strict())
    except EDTFParseException as error:
        raise ValueError(f"{edtf!r} is not EDTF, such as 2020-09, 2018~/2020~ or 2020-10-02/..") from error
    except (ArithmeticError, AttributeError, TypeError, RecursionError) as error:
        raise ValueError(f"{edtf!r} cannot be read as a stretch of time") from error
    finally:
        edtfParser.reset_cache()  # it keeps failures, and so the frame of every caller with all that it holds
    if earliest is not None and latest is not None and earliest > latest:
        raise ValueError(f"{edtf!r} ends before it begins")
    return earliest, latest


def _calendar(year: int, month: int, day: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a year, of a month (1 to 12) or of a day (1 to 31), 0 where not given."""
    last = day or calendar.monthrange(year, month or 12)[1]
    return datetime.date(year, month or 1, day or 1), datetime.date(year, month or 12, last)


def _day(moment: object) -> datetime.date | None:
    # An unknown year (XXXX) comes as the years 0 to 9999, which nobody stated.
    if not isinstance(moment, time.struct_time) or not 0 < moment.tm_year < datetime.MAXYEAR:
        return None
    return datetime.date(moment.tm_year, moment.tm_mon, moment.tm_mday)
