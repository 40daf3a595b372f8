"""The order of what was found: the better score first, then by folded label and IRI. Only what is shown is sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kgraph.search.matching import Matches
from kgraph.search.table import NameTable
from kgraph.search.texts import Bool, Float64, Int64, Rows

NO_FORM = -1


@dataclass(frozen=True, eq=False)
class Ranked:
    """The first of what was found in a table, in order: owner, score and form of each; `total` counts the rest too."""

    table: NameTable
    owner: Rows
    score: Float64
    form: Int64
    total: int

    @classmethod
    def best(cls, table: NameTable, found: Matches, count: int) -> Ranked:
        """The best `count` matches."""
        worse, rank = -found.score, table.rank[found.owner]
        kept = np.arange(len(worse))
        if 0 < count < len(worse):
            bar = np.partition(worse, count - 1)[count - 1]
            level = worse == bar
            room = count - np.count_nonzero(worse < bar)
            last = np.partition(rank[level], room - 1)[room - 1]
            kept = np.flatnonzero((worse < bar) | (level & (rank <= last)))
        order = kept[np.lexsort((rank[kept], worse[kept]))][:count]
        return cls(table, found.owner[order], found.score[order], found.form[order], len(worse))

    @classmethod
    def by_label(cls, table: NameTable, shown: Bool, count: int) -> Ranked:
        """The first `count` owners of those that are to be shown, bool[n], without regard to any form."""
        owner = table.by_label[shown[table.by_label]]
        first = owner[:count]
        return cls(table, first, np.zeros(len(first)), np.full(len(first), NO_FORM), len(owner))

    def __len__(self) -> int:
        return len(self.owner)

    def place(self, index: int) -> tuple[float, str, str]:
        """What decides where one stands."""
        owner = self.owner.item(index)
        return -self.score.item(index), self.table.folded_label(owner), self.table[owner]


def window(one: Ranked, other: Ranked, skip: int, limit: int) -> Iterator[tuple[Ranked, int]]:
    """What stands at skip, skip + 1, … skip + limit - 1 when both are put in one order, as places in either.

    How many of the first `skip` are of the one is found by halving: a late page costs no more than an early one.
    """
    skip = min(skip, len(one) + len(other))
    low, high = max(0, skip - len(other)), min(skip, len(one))
    while low < high:
        middle = (low + high) // 2
        if one.place(middle) < other.place(skip - middle - 1):
            low = middle + 1
        else:
            high = middle
    i, j = low, skip - low
    for _ in range(min(limit, len(one) + len(other) - skip)):
        if j == len(other) or (i < len(one) and one.place(i) < other.place(j)):
            yield one, i
            i += 1
        else:
            yield other, j
            j += 1
