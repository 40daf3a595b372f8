"""Names as columns: owners, the forms of their names as words, and which forms hold a word. Immutable.

    owners   n things by IRI, cut behind its last `#` or `/`: `space` (a place in `spaces`) and `slug`; `kind` (a place
             in `kinds`: its types, joined by line ends); `rank` (its place by folded label, then IRI)
    forms    f names in the order of their owners, of each the label first and the slug last, without those that fold
             like an earlier one of the same owner: `owner`, `part`, `length` (letters and spaces), and their words
    words    v words in their order: `letters` (a bit for each letter it has), `size` (how many letters), and the forms
             that hold it

An owner may have no form at all: nothing in its names is a letter or a digit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kgraph.search.sorting import by_numbers, changes, grouped, ordered
from kgraph.search.texts import Int32, Int64, Texts, UInt8, ends, gathered

LABEL, OTHER, SLUG = range(3)
"""What a form is of its owner."""

LAYOUT = (1, *map(int, unicodedata.unidata_version.split(".")))
"""Counts up when columns or folding change, which differs between versions of Unicode too."""


class Owners(NamedTuple):
    """n things by IRI: int32[n], texts, int32[n]."""

    space: Int32
    slug: Texts
    kind: Int32


class Forms(NamedTuple):
    """f forms in the order of their owners: int32[f], uint8[f], and their words as rows, int64[f + 1] into int32[w]."""

    owner: Int32
    part: UInt8
    offsets: Int64
    words: Int32


@dataclass(frozen=True, eq=False)
class NameTable(Sequence[str]):
    """The columns. As a sequence, the IRIs of the owners in their order. Rows begin and end at their `offsets`."""

    spaces: Texts
    kinds: Texts
    words: Texts
    space: Int32
    slug: Texts
    kind: Int32
    rank: Int32
    owner: Int32
    part: UInt8
    length: Int32
    form_offsets: Int64
    form_words: Int32
    letters: Int64
    size: Int32
    holder_offsets: Int64
    holders: Int32

    @classmethod
    def of(cls, spaces: Texts, kinds: Texts, words: Texts, owners: Owners, forms: Forms) -> NameTable:
        """With everything that follows from owners and forms. Spaces, kinds and words are sorted."""
        letters, size = _letters(words)
        lengths = ends(size[forms.words])[forms.offsets]
        holder_offsets, holders = _holders(len(words), forms)
        return cls(
            spaces=spaces,
            kinds=kinds,
            words=words,
            space=owners.space,
            slug=owners.slug,
            kind=owners.kind,
            rank=_ranks(len(owners.space), forms),
            owner=forms.owner,
            part=forms.part,
            length=(np.diff(lengths) + np.diff(forms.offsets) - 1).astype(np.int32),
            form_offsets=forms.offsets,
            form_words=forms.words,
            letters=letters,
            size=size,
            holder_offsets=holder_offsets,
            holders=holders,
        )

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> NameTable:
        """From what `arrays` gives; nothing is copied. Raises KeyError for an array that is missing."""
        columns: dict[str, Any] = {}
        for name, annotation in cls.__annotations__.items():
            texts = annotation == Texts.__name__
            columns[name] = Texts(arrays[f"{name}.offsets"], arrays[f"{name}.blob"]) if texts else arrays[name]
        return cls(**columns)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything there is, as contiguous arrays of uint8, int32 and int64."""
        arrays: dict[str, npt.NDArray[Any]] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            if isinstance(column, Texts):
                arrays |= {f"{field.name}.offsets": column.offsets, f"{field.name}.blob": column.blob}
            else:
                arrays[field.name] = column
        return arrays

    def __len__(self) -> int:
        return len(self.space)

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        return self.spaces[self.space.item(index)] + self.slug[index]

    def __iter__(self) -> Iterator[str]:
        spaces = list(self.spaces)
        return (spaces[space] + slug for space, slug in zip(self.space.tolist(), self.slug, strict=True))

    @cached_property
    def by_label(self) -> Int32:
        """The owners by folded label, then IRI: int32[n]."""
        order = np.empty_like(self.rank)
        order[self.rank] = np.arange(len(self), dtype=np.int32)
        return order

    def folded(self, form: int) -> str:
        """The words of a form."""
        words = self.form_words[self.form_offsets.item(form) : self.form_offsets.item(form + 1)]
        return " ".join(self.words.some(words))

    def folded_label(self, owner: int) -> str:
        """The words of an owner's label; empty where it has none."""
        form = int(np.searchsorted(self.owner, np.int32(owner)))  # of another kind, it would copy all owners
        labelled = form < len(self.owner) and self.owner[form] == owner and self.part[form] == LABEL
        return self.folded(form) if labelled else ""

    def with_types(self, types: frozenset[str]) -> npt.NDArray[np.bool_]:
        """Which owners have one of these types (IRIs): bool[n]."""
        kinds = np.array([not types.isdisjoint(kind.split("\n")) for kind in self.kinds], np.bool_)
        return kinds[self.kind]


def letters_of(words: Int64 | UInt8 | npt.NDArray[np.uint32]) -> Int64:
    """The bit of each letter, given as code points. Of 39 bits, so that Latin letters and digits have one each."""
    return np.left_shift(np.int64(1), (words % 39).astype(np.int64))


def _letters(words: Texts) -> tuple[Int64, Int32]:
    """Which letters each word has, and how many."""
    if not len(words):
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    points: npt.NDArray[np.uint32] | UInt8 = words.blob
    offsets = words.offsets
    if words.blob.max() >= 128:
        points = np.frombuffer(words.blob.tobytes().decode().encode("utf-32-le"), np.uint32)
        offsets = ends((words.blob & 0xC0) != 0x80)[offsets]  # bytes that begin a letter
    return np.bitwise_or.reduceat(letters_of(points), offsets[:-1]), np.diff(offsets).astype(np.int32)


def _holders(words: int, forms: Forms) -> tuple[Int64, Int32]:
    """For each word the forms that hold it, once each, in their order."""
    order = ordered(forms.words)
    word = forms.words[order]
    form = np.repeat(np.arange(len(forms.owner), dtype=np.int32), np.diff(forms.offsets))[order]
    once = changes(word) | changes(form)
    return ends(np.bincount(word[once], minlength=words)), form[once]


def _ranks(owners: int, forms: Forms) -> Int32:
    """The place of each owner by folded label, then by number.

    A space sorts before every letter, so labels sort as their words do.
    """
    labels = np.flatnonzero(forms.part == LABEL)
    lengths = np.zeros(owners, np.int64)
    lengths[forms.owner[labels]] = np.diff(forms.offsets)[labels]
    _, words = gathered(forms.offsets, forms.words, labels)
    order = ordered(grouped(np.zeros(owners, np.int64), by_numbers(ends(lengths), words)))
    ranks = np.empty(owners, np.int32)
    ranks[order] = np.arange(owners, dtype=np.int32)
    return ranks
