"""Two tables of names as one: what changed, put in among what stayed. No name is folded again."""

from __future__ import annotations

import numpy as np

from kgraph.search.table import Forms, NameTable, Owners
from kgraph.search.texts import Bool, Int32, Int64, Texts, gathered, places, united, woven


def merged(old: NameTable, gone: Bool, new: NameTable) -> NameTable:
    """The old table without the owners that are gone, bool[n], and with the new ones. Nothing of what is gone stays.

    An owner of the new table must not be in the old one, unless it is gone there.
    """
    if gone.all():
        return new
    if not len(new) and not gone.any():
        return old
    order = _order(old, gone, new)
    spaces, space = _united(old.spaces, old.space, new.spaces, new.space)
    kinds, kind = _united(old.kinds, old.kind, new.kinds, new.kind)
    words, word = _united(old.words, old.form_words, new.words, new.form_words)
    owner = np.concatenate((old.owner, new.owner + np.int32(len(old))))
    part = np.concatenate((old.part, new.part))
    offsets = np.concatenate((old.form_offsets, new.form_offsets[1:] + old.form_offsets[-1]))

    forms_of = np.searchsorted(owner, np.arange(len(old) + len(new) + 1)).astype(np.int64)
    ends, forms = gathered(forms_of, np.arange(len(owner), dtype=np.int32), order)
    offsets, word = gathered(offsets, word, forms)
    owner = np.repeat(np.arange(len(order), dtype=np.int32), np.diff(ends))
    spaces, space = _needed(spaces, space[order])
    kinds, kind = _needed(kinds, kind[order])
    words, word = _needed(words, word)
    owners = Owners(space, old.slug.joined(new.slug).taken(order), kind)
    return NameTable.of(spaces, kinds, words, owners, Forms(owner, part[forms], offsets, word))


def _order(old: NameTable, gone: Bool, new: NameTable) -> Int64:
    """Which owners there are in the order of IRIs: those of the new table are counted on from those of the old."""
    kept = np.flatnonzero(~gone)
    at, _ = places(old, new)
    stay, come = woven(len(kept), np.searchsorted(kept, at))
    order = np.empty(len(kept) + len(new), np.int64)
    order[stay], order[come] = kept, len(old) + np.arange(len(new))
    return order


def _united(old: Texts, old_numbers: Int32, new: Texts, new_numbers: Int32) -> tuple[Texts, Int32]:
    """Two sorted columns of texts as one, and what held places in either, one behind the other."""
    texts, of_old, of_new = united(old, new)
    return texts, np.concatenate((of_old[old_numbers], of_new[new_numbers])).astype(np.int32)


def _needed(texts: Texts, numbers: Int32) -> tuple[Texts, Int32]:
    """A column of texts without those that nothing holds the place of."""
    held = np.zeros(len(texts), np.bool_)
    held[numbers] = True
    if held.all():
        return texts, numbers
    return texts.taken(np.flatnonzero(held)), (np.cumsum(held) - 1).astype(np.int32)[numbers]
