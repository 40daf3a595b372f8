"""Rows of numbers and texts in their order, a column at a time, without a Python object for any of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from kgraph.search.texts import Bool, Int32, Int64, Rows, Texts

Item = Callable[[Int64, int], Int64]
"""The items of some rows at a depth: 1 … 2³² - 1, or 0 where a row has ended."""

_LONG = 32
"""Rows of more items than this are rare and left to Python: a name of a million letters must not cost as many turns."""


def grouped(before: Int64, item: Item) -> Int64:
    """For each row how many rows come before those that are equal to it, when they are sorted item by item.

    `before` says it for an order that is there already, int64[n]; zeros for none. Groups of rows that are equal so far
    are split by the next item, until each row stands alone or has ended.
    """
    before = before.copy()
    open_ = np.arange(len(before))
    depth = 0
    while len(open_):
        items = item(open_, depth)
        order = ordered(before[open_], ordered(items))
        open_, items = open_[order], items[order]
        old = changes(before[open_])
        new = old | changes(items)
        before[open_] += _firsts(new) - _firsts(old)
        alone = new & np.append(new[1:], True)
        open_ = open_[~alone & (items > 0)]
        depth += 1
    return before


def ordered(numbers: npt.NDArray[np.integer], order: Int64 | None = None) -> Int64:
    """The places of numbers, none of them negative, by number; equal ones stay in the order they are in.

    Sixteen bits after the other, as numpy sorts those by counting: three times as fast as comparing.
    """
    order = np.arange(len(numbers)) if order is None else order
    for bits in range(0, int(numbers.max(initial=0)).bit_length(), 16):
        order = order[np.argsort((numbers[order] >> bits).astype(np.uint16), kind="stable")]
    return order


def changes(sorted_: npt.NDArray[np.integer]) -> Bool:
    """Which members of a sorted array are not equal to the one before."""
    new = np.ones(len(sorted_), np.bool_)
    new[1:] = sorted_[1:] != sorted_[:-1]
    return new


def by_numbers(offsets: Int64, numbers: Int32) -> Item:
    """The items of rows of numbers from 0 on."""

    def item(rows: Rows, depth: int) -> Int64:
        at = offsets[rows] + depth
        values = np.zeros(len(rows), np.int64)
        goes_on = at < offsets[rows + 1]
        values[goes_on] = numbers[at[goes_on]] + np.int64(1)
        return values

    def whole(row: int) -> list[int]:
        members: list[int] = numbers[offsets[row] : offsets[row + 1]].tolist()
        return members

    return _shortened(item, np.diff(offsets), whole)


def _by_letters(texts: Texts) -> Item:
    """The items of texts: four bytes each. None is 0, so that the end of a text comes before any that goes on."""

    def item(rows: Rows, depth: int) -> Int64:
        begins = texts.offsets[rows] + 4 * depth
        left = texts.offsets[rows + 1] - begins
        values = np.zeros(len(rows), np.int64)
        for place in range(4):
            values <<= 8
            there = left > place
            values[there] |= texts.blob[begins[there] + place]
        return values

    return _shortened(item, (np.diff(texts.offsets) + 3) // 4, texts.__getitem__)


def _shortened(item: Item, lengths: Int64, whole: Callable[[int], Any]) -> Item:
    """The same order with at most `_LONG` + 1 items: the last tells where a long row stands among the long ones."""
    long = np.flatnonzero(lengths > _LONG)
    rows_of_long = [whole(row) for row in long.tolist()]
    order = sorted(range(len(long)), key=rows_of_long.__getitem__)
    same = [a > 0 and rows_of_long[order[a]] == rows_of_long[order[a - 1]] for a in range(len(order))]
    place = np.zeros(len(lengths), np.int64)
    place[long[order]] = np.cumsum(~np.array(same, np.bool_))

    def shortened(rows: Int64, depth: int) -> Int64:
        if depth < _LONG:
            return item(rows, depth)
        return place[rows] if depth == _LONG else np.zeros(len(rows), np.int64)

    return shortened


def distinct(texts: Texts) -> tuple[Texts, Int32]:
    """The different texts, none of them empty, in their order, and the place of each text there."""
    groups = grouped(np.zeros(len(texts), np.int64), _by_letters(texts))
    order = ordered(groups)
    new = changes(groups[order])
    places = np.empty(len(texts), np.int32)
    places[order] = np.cumsum(new) - 1
    return texts.taken(order[new]), places


def _firsts(begins: Bool) -> Int64:
    """For each member the place of the last one before it, or itself, where something begins."""
    return np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))
