"""Which names of a table match what is asked for, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from kgraph.search.sorting import changes
from kgraph.search.table import SLUG, NameTable, letters_of
from kgraph.search.texts import Bool, Float64, Int64, gathered

_SHORTEST_PREFIX = 2
_SHORTEST_TYPO = 4
_CLOSE_ENOUGH = 75
_SLUG_COSTS = 5


class Candidates(NamedTuple):
    """Forms that hold words asked for, ascending. `closeness`: 100 for each word that a word of the form begins with,
    less for one that looks like it, summed; `held`: how many words; `turn`: which comes first where two are as good."""

    form: Int64
    closeness: Float64
    held: Int64
    turn: Int64


class Matches(NamedTuple):
    """Owners, ascending, each with its best form and the score of that."""

    owner: Int64
    score: Float64
    form: Int64

    def only(self, kept: Bool) -> Matches:
        """Those that are kept."""
        return Matches(self.owner[kept], self.score[kept], self.form[kept])


def candidates(table: NameTable, asked: Sequence[str], hidden: Bool) -> Candidates:
    """The forms that hold all of the words, or else those that hold any; hidden owners, bool[n], are left out."""
    near = {word: _near(table, word, hidden) for word in asked}
    if len(asked) == 1:
        form, closeness, turn = near[asked[0]]
        return Candidates(form, closeness, np.ones(len(form), np.int64), turn)
    form = _common([forms for forms, _, _ in near.values()])
    found = Candidates(form, np.zeros(len(form)), np.zeros(len(form), np.int64), np.zeros(len(form), np.int64))
    for number, word in enumerate(asked):
        forms, closeness, turn = near[word]
        holds, at = _within(forms, form)
        new = holds & (found.held == 0)
        found.turn[new] = turn[at[new]] + (number << 32)
        found.closeness[holds] += closeness[at[holds]]
        found.held[holds] += 1
    return found


def matches(table: NameTable, asked: Sequence[str], found: Candidates, most: int) -> Matches:
    """The candidates that hold `most` words, scored; of each owner the best."""
    chosen = found.held == most
    form, turn = found.form[chosen], found.turn[chosen]
    score = _scores(table, asked, form, found.closeness[chosen] / len(asked))
    owner = table.owner[form].astype(np.int64)
    new = changes(owner)
    first, group = np.flatnonzero(new), np.cumsum(new) - 1
    if len(first) < len(form):
        top = score == np.maximum.reduceat(score, first)[group]
        turn = np.where(top, turn, np.iinfo(np.int64).max)
        first = np.flatnonzero(turn == np.minimum.reduceat(turn, first)[group])
    return Matches(owner[first], score[first], form[first])


def _common(lists: list[Int64]) -> Int64:
    """The forms that are in every list, all of which ascend; if there is none, those in any of them."""
    lists = sorted(lists, key=len)
    common = lists[0]
    for forms in lists[1:]:
        common = common[_within(forms, common)[0]]
    if len(common):
        return common
    every = np.sort(np.concatenate(lists), kind="stable")
    return every[changes(every)]


def _within(forms: Int64, wanted: Int64) -> tuple[Bool, Int64]:
    """Which of the wanted are among forms that ascend, and where."""
    at = np.searchsorted(forms, wanted)
    there = at < len(forms)
    there[there] = forms[at[there]] == wanted[there]
    return there, at


def _near(table: NameTable, word: str, hidden: Bool) -> tuple[Int64, Float64, Int64]:
    """The forms with a word that begins with the word, or looks like it: forms, closeness, and their turn."""
    low, high = table.words.beginning(word)
    alike, ratios = np.zeros(0, np.int64), np.zeros(0)
    if len(word) < _SHORTEST_PREFIX:
        high = low + (low < high and table.words[low] == word)
    elif len(word) >= _SHORTEST_TYPO:
        alike, ratios = _alike(table, word)
        ratios[(low <= alike) & (alike < high)] = 100
    offsets, similar = gathered(table.holder_offsets, table.holders, alike)
    forms = np.concatenate((similar, table.holders[table.holder_offsets[low] : table.holder_offsets[high]]))
    closeness = np.full(len(forms), 100.0)
    closeness[: len(similar)] = np.repeat(ratios, np.diff(offsets))
    if hidden.any():
        seen = ~hidden[table.owner[forms]]
        forms, closeness = forms[seen], closeness[seen]
    pairs = np.sort(forms.astype(np.int64) << 32 | np.arange(len(forms)), kind="stable")  # a few long runs, mostly
    form, turn = pairs >> 32, pairs & 0xFFFFFFFF
    first = np.flatnonzero(changes(form))
    best = np.maximum.reduceat(closeness[turn], first) if len(first) else closeness
    return form[first], best, turn[first]


def _alike(table: NameTable, word: str) -> tuple[Int64, Float64]:
    """Words that look like the word, the nearest first, and how near: less than 100.

    Words of a and b letters that are alike to r % differ by at most (100 - r) % of a + b letters put in or left out. A
    letter that only one of them has costs one of these, and so does each letter by which one is longer: without reading
    them, few words remain to be compared.
    """
    points = np.array([ord(c) for c in word], np.uint32)
    letters = np.bitwise_or.reduce(letters_of(points))
    lengths = np.arange(table.size.max(initial=0) + 1)
    allowed = (lengths + len(word)) * (100 - _CLOSE_ENOUGH) // 100
    below = np.where(np.abs(lengths - len(word)) <= allowed, np.minimum(allowed + 1, 255), 0).astype(np.uint8)
    near = np.flatnonzero(np.bitwise_count(table.letters ^ letters) < below[table.size])
    found = process.extract(word, table.words.some(near), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH, limit=None)
    places = near[[place for _, _, place in found]] if found else near[:0]
    return places, np.minimum([ratio for _, ratio, _ in found], 99.0)


def _scores(table: NameTable, asked: Sequence[str], form: Int64, closeness: Float64) -> Float64:
    wanted = len(" ".join(asked))
    length = table.length[form]
    share = np.minimum(wanted / length, 1.0)
    begins = _begins(table, asked, form)
    score = np.where(closeness >= 100, 80 + 9 * share, closeness * (0.7 + 0.09 * share))
    score = _rounded(np.where(begins, 90 + 9 * share, score))
    score[begins & (length == wanted)] = 100.0
    part = (table.part[form] == SLUG) & (score < 100)
    score[part] = np.maximum(score[part] - _SLUG_COSTS, 0.0)
    return score


def _begins(table: NameTable, asked: Sequence[str], form: Int64) -> Bool:
    """Which forms begin with the words; the last one may be the beginning of a word."""
    offsets = table.form_offsets
    rows = np.flatnonzero(offsets[form + 1] - offsets[form] >= len(asked))
    for place, word in enumerate(asked):
        low, high = table.words.beginning(word)
        if place < len(asked) - 1:
            high = low + (low < high and table.words[low] == word)
        words = table.form_words[offsets[form[rows]] + place]
        rows = rows[(low <= words) & (words < high)]
    begins = np.zeros(len(form), np.bool_)
    begins[rows] = True
    return begins


def _rounded(values: Float64) -> Float64:
    """To one place as Python rounds, which looks at the exact value where another tenth is as near."""
    tenths = values * 10
    rounded = np.rint(tenths) / 10
    between = np.flatnonzero(np.abs(tenths - np.floor(tenths) - 0.5) < 1e-6)
    different, which = np.unique(values[between], return_inverse=True)
    rounded[between] = np.array([round(value, 1) for value in different.tolist()], np.float64)[which]
    return rounded
