"""Columns of names, made from the names: all of them folded and sorted at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from kgraph.search.names import Name, folded, parted
from kgraph.search.sorting import by_numbers, changes, distinct, grouped, ordered
from kgraph.search.table import LABEL, OTHER, SLUG, Forms, NameTable, Owners
from kgraph.search.texts import Int32, Int64, Texts, ends, gathered


def built(names: Iterable[Name]) -> NameTable:
    """The table of these names; of several with one IRI the last counts."""
    by_iri = {name.iri: name for name in names}
    by_order = [by_iri[iri] for iri in sorted(by_iri)]
    heads, slugs = [], []
    printed: list[str] = []
    counts = []
    for name in by_order:
        head, slug = parted(name.iri)
        heads.append(head)
        slugs.append(slug)
        printed += (name.label, *name.others, slug)
        counts.append(len(name.others) + 2)
    spaces, space = _numbered(heads)
    kinds, kind = _numbered(["\n".join(name.types) for name in by_order])
    words, forms = _forms(printed, ends(np.array(counts, np.int64)))
    return NameTable.of(spaces, kinds, words, Owners(space, Texts.of(slugs), kind), forms)


def _numbered(texts: Sequence[str]) -> tuple[Texts, Int32]:
    """The few different texts in their order, and the place of each text there."""
    order = sorted(set(texts))
    place = {text: number for number, text in enumerate(order)}
    return Texts.of(order), np.fromiter(map(place.__getitem__, texts), np.int32, len(texts))


def _forms(printed: Sequence[str], owners: Int64) -> tuple[Texts, Forms]:
    """The words, and the forms, of which those of an owner begin and end where `owners` says."""
    words, offsets, numbers = _words(printed)
    owner = np.repeat(np.arange(len(owners) - 1, dtype=np.int32), np.diff(owners))
    part = np.full(len(printed), OTHER, np.uint8)
    part[owners[:-1]], part[owners[1:] - 1] = LABEL, SLUG
    groups = grouped(owners[owner], by_numbers(offsets, numbers))
    order = ordered(groups)
    first = np.sort(order[changes(groups[order])])
    kept = first[offsets[first + 1] > offsets[first]]
    return words, Forms(owner[kept], part[kept], *gathered(offsets, numbers, kept))


def _words(printed: Sequence[str]) -> tuple[Texts, Int64, Int32]:
    """The different words, and those of each printed form as rows."""
    text = np.frombuffer(folded(printed).encode(), np.uint8)
    within = text > ord(" ")
    edges = np.flatnonzero(np.diff(within, prepend=False, append=False))
    begins, behind = edges[::2], edges[1::2]
    words, numbers = distinct(Texts(ends(behind - begins), text[within]))
    lines = np.searchsorted(np.flatnonzero(text == ord("\n")), begins)
    return words, ends(np.bincount(lines, minlength=len(printed))), numbers
