"""Columns of texts and of rows of numbers: one array with all of them, and where each begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Bool = npt.NDArray[np.bool_]
UInt8 = npt.NDArray[np.uint8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.integer]
Number = TypeVar("Number", np.uint8, np.int32)

_AT_ONCE = 1 << 16
_MANY = 100
"""From one text looked for in so many on, all are decoded first."""


class Texts(Sequence[str]):
    """n texts: `offsets` int64[n + 1] into `blob`, uint8, UTF-8. Immutable; both may lie in a mapped file.

    Texts sorted as UTF-8 are sorted as Python sorts them.
    """

    __slots__ = ("_view", "blob", "offsets")

    def __init__(self, offsets: Int64, blob: UInt8) -> None:
        self.offsets, self.blob = offsets, blob
        self._view = blob.data

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """The column of these texts, in their order."""
        whole = "".join(texts)
        if whole.isascii():
            encoded, lengths = whole.encode(), [len(text) for text in texts]
        else:
            each = [text.encode() for text in texts]
            encoded, lengths = b"".join(each), [len(text) for text in each]
        return cls(ends(np.array(lengths, np.int64)), np.frombuffer(encoded, np.uint8))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        return str(self._view[self.offsets.item(index) : self.offsets.item(index + 1)], "utf-8")

    def __iter__(self) -> Iterator[str]:
        whole, offsets = self.blob.tobytes(), self.offsets.tolist()
        return (whole[begin:end].decode() for begin, end in pairwise(offsets))

    def some(self, places: Rows) -> list[str]:
        """The texts at some places."""
        view, begins, behind = self._view, self.offsets[places].tolist(), self.offsets[places + 1].tolist()
        return [str(view[begin:end], "utf-8") for begin, end in zip(begins, behind, strict=True)]

    def taken(self, places: Rows) -> Texts:
        """The column of the texts at some places, in that order."""
        return Texts(*gathered(self.offsets, self.blob, places))

    def joined(self, other: Texts) -> Texts:
        """These, then the others."""
        return Texts(*chained(self.offsets, self.blob, other.offsets, other.blob))

    def beginning(self, prefix: str) -> tuple[int, int]:
        """Where in a sorted column those that begin with a prefix stand: the first, and the one behind the last."""
        first = bisect_left(self, prefix)
        bound = prefix.encode() + b"\xff"  # greater than the prefix with any text behind it
        return first, bisect_left(range(len(self)), bound, lo=first, key=self._raw)

    def _raw(self, index: int) -> bytes:
        return bytes(self._view[self.offsets.item(index) : self.offsets.item(index + 1)])


def places(column: Sequence[str], wanted: Iterable[str]) -> tuple[Int64, Bool]:
    """Where each text stands in a sorted column, or would stand, and whether it is there."""
    wanted = list(wanted)
    if len(wanted) * _MANY > len(column):
        column = list(column)
    found = [bisect_left(column, text) for text in wanted]
    there = [place < len(column) and column[place] == text for place, text in zip(found, wanted, strict=True)]
    return np.array(found, np.int64), np.array(there, np.bool_)


def united(one: Texts, other: Texts) -> tuple[Texts, Int64, Int64]:
    """Two sorted columns as one, each text once, and which place there each place of the one and the other became."""
    at, known = places(one, other)
    new = np.flatnonzero(~known)
    stay, come = woven(len(one), at[new])
    became = np.empty(len(other), np.int64)
    became[new] = come
    became[known] = stay[at[known]]
    order = np.empty(len(one) + len(new), np.int64)
    order[stay], order[come] = np.arange(len(one)), len(one) + new
    return one.joined(other).taken(order), stay, became


def woven(size: int, at: Int64) -> tuple[Int64, Int64]:
    """The new places of a column's members and of those that come in before the old places `at` (ascending)."""
    stay = np.arange(size)
    return stay + np.searchsorted(at, stay, "right"), at + np.arange(len(at))


def ends(lengths: npt.NDArray[np.integer]) -> Int64:
    """Where rows of these lengths begin, and behind them where the last one ends: int64[n + 1]."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def gathered(offsets: Int64, data: npt.NDArray[Number], rows: Rows) -> tuple[Int64, npt.NDArray[Number]]:
    """The rows at some places, in that order."""
    begins = offsets[rows]
    new = ends(offsets[rows + 1] - begins)
    taken = np.empty(new[-1], data.dtype)
    for low in range(0, len(rows), _AT_ONCE):  # so that the places of single numbers need little memory
        part = slice(low, min(low + _AT_ONCE, len(rows)))
        shift = np.repeat(begins[part] - new[part], np.diff(new[part.start : part.stop + 1]))
        first, last = new.item(part.start), new.item(part.stop)
        taken[first:last] = data[np.arange(first, last) + shift]
    return new, taken


def chained(
    offsets: Int64, data: npt.NDArray[Number], more_offsets: Int64, more: npt.NDArray[Number]
) -> tuple[Int64, npt.NDArray[Number]]:
    """Rows, then more rows."""
    return np.concatenate((offsets, more_offsets[1:] + offsets[-1])), np.concatenate((data, more))
