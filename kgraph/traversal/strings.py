"""A column of texts: one blob of UTF-8 and where each begins, so that a million names are two arrays.

Sorted columns are sorted by their bytes, which is the order of code points and so that of Python's texts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

UInt8 = npt.NDArray[np.uint8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


_APART = 128
"""Every so many-th text of a sorted column is held, to be searched first: most of the way, in no time."""


class Strings(Sequence[str]):
    """n texts: `offsets` int64[n + 1] into `blob` uint8. Immutable; both may lie in a mapped file."""

    __slots__ = ("_marks", "_view", "blob", "offsets")

    def __init__(self, offsets: Int64, blob: UInt8) -> None:
        self.offsets, self.blob = offsets, blob
        self._view = memoryview(blob)  # type: ignore[arg-type]
        self._marks: list[bytes] = []

    @classmethod
    def of(cls, texts: Iterable[str]) -> Strings:
        """The column of these texts, in their order."""
        encoded = [text.encode() for text in texts]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(offsets, np.frombuffer(bytearray(b"".join(encoded)), np.uint8))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        return str(self._view[self.offsets.item(index) : self.offsets.item(index + 1)], "utf-8")

    def __iter__(self) -> Iterator[str]:
        whole, offsets = self.blob.tobytes(), self.offsets.tolist()
        for begin, end in pairwise(offsets):
            yield whole[begin:end].decode()

    def place(self, text: str) -> tuple[int, bool]:
        """Where a text stands in a sorted column, or would stand, and whether it is there."""
        wanted, view, offsets = text.encode(), self._view, self.offsets
        if not self._marks and len(self) > _APART:
            self._marks = [bytes(view[offsets.item(i) : offsets.item(i + 1)]) for i in range(0, len(self), _APART)]
        mark = bisect_left(self._marks, wanted)
        low, high = max(0, mark - 1) * _APART, min(len(self), mark * _APART) if self._marks else len(self)
        while low < high:
            middle = (low + high) // 2
            if bytes(view[offsets.item(middle) : offsets.item(middle + 1)]) < wanted:
                low = middle + 1
            else:
                high = middle
        there = low < len(self) and bytes(view[offsets.item(low) : offsets.item(low + 1)]) == wanted
        return low, there

    def find(self, text: str) -> int:
        """Where a text stands in a sorted column; -1 where it is not."""
        place, there = self.place(text)
        return place if there else -1

    def find_all(self, texts: Sequence[str]) -> Int32:
        """`find` for many texts at once, int32."""
        if 16 * len(texts) < len(self):
            return np.fromiter((self.find(text) for text in texts), np.int32, len(texts))
        places = {text: place for place, text in enumerate(self)}
        return np.fromiter((places.get(text, -1) for text in texts), np.int32, len(texts))

    def inserted(self, places: Int64, texts: Sequence[str]) -> Strings:
        """The column with texts put in before what stands at `places` (in its old numbers, ascending)."""
        if not len(texts):
            return self
        encoded = [text.encode() for text in texts]
        offsets = np.insert(np.diff(self.offsets), places, [len(text) for text in encoded])
        pieces: list[memoryview | bytes] = []
        at = 0
        for begin, text in zip(self.offsets[places].tolist(), encoded, strict=True):
            pieces += (self._view[at:begin], text)
            at = begin
        pieces.append(self._view[at:])
        whole = np.frombuffer(bytearray().join(pieces), np.uint8)
        return Strings(_ends(offsets), whole)

    def replaced(self, texts: Mapping[int, str]) -> Strings:
        """The column with other texts at some places."""
        if not texts:
            return self
        pieces: list[memoryview | bytes] = []
        lengths = np.diff(self.offsets)
        at = 0
        for place, text in sorted(texts.items()):
            encoded = text.encode()
            pieces += (self._view[at : self.offsets.item(place)], encoded)
            lengths[place] = len(encoded)
            at = self.offsets.item(place + 1)
        pieces.append(self._view[at:])
        return Strings(_ends(lengths), np.frombuffer(bytearray().join(pieces), np.uint8))


def _ends(lengths: Int64) -> Int64:
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets
