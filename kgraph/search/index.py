"""The index of names of one generation: a large table, and a small one with what changed since that was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from kgraph.errors import ParameterError
from kgraph.model import Hit, Page, SearchResult
from kgraph.search.building import built
from kgraph.search.matching import candidates, matches
from kgraph.search.merging import merged
from kgraph.search.names import Name, fold
from kgraph.search.ranking import NO_FORM, Ranked, window
from kgraph.search.table import LAYOUT, NameTable
from kgraph.search.texts import Bool, places

Resolve = Callable[[str], Name]
"""Gives the name of an IRI as it was when it was indexed."""

_FEW, _SHARE = 4_000, 64
"""So many changes, and one more for so many names, are kept apart. They are sorted anew at each change, in a few
milliseconds; all names are in a second for a million."""


@dataclass(frozen=True, eq=False)
class Search:
    """An index of names of one generation, immutable. Build it with `Search.build`, go on with `updated`."""

    generation: int
    resolve: Resolve
    _table: NameTable = field(repr=False)
    _hidden: Bool = field(repr=False)
    """Which owners of the table are gone or changed: bool[n]."""
    _changes: NameTable = field(repr=False)

    @classmethod
    def build(cls, names: Iterable[Name], generation: int, resolve: Resolve | None = None) -> Search:
        """Index the names; of several with one IRI the last counts. Without `resolve` the names are kept."""
        if resolve is None:
            kept = {name.iri: name for name in names}
            names, resolve = kept.values(), kept.__getitem__
        return cls._of(built(names), generation, resolve)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], generation: int, resolve: Resolve) -> Search:
        """The index that gave these `arrays`, which may lie in a mapped file: nothing is read or copied.

        Raises ValueError for arrays of another layout or of names folded by another Unicode, KeyError for missing ones.
        """
        layout = tuple(arrays["layout"].tolist())
        if layout != LAYOUT:
            raise ValueError(f"the names are of layout {layout}, not {LAYOUT}: index them anew")
        return cls._of(NameTable.from_arrays(arrays), generation, resolve)

    @classmethod
    def _of(cls, table: NameTable, generation: int, resolve: Resolve) -> Search:
        return cls(generation, resolve, table, np.zeros(len(table), np.bool_), built(()))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything but the names to show, as contiguous arrays of uint8, int32 and int64."""
        return {"layout": np.array(LAYOUT, np.int32)} | merged(self._table, self._hidden, self._changes).arrays()

    def updated(self, changed: Iterable[Name], gone: Iterable[str], generation: int, resolve: Resolve) -> Search:
        """The index of the next generation: `changed` names are new or replace those of the same IRI, those of the IRIs
        in `gone` are left out. The same as building from scratch, but most of the work is shared.

        Takes milliseconds for few changes; now and then, when those since the last time are many, all is put together.
        """
        fresh = built(changed)
        replaced = sorted({*gone, *fresh})
        hidden = self._hidden | _are(self._table, replaced)
        changes = merged(self._changes, _are(self._changes, replaced), fresh)
        if max(len(changes), int(np.count_nonzero(hidden))) > _FEW + len(self._table) // _SHARE:
            return self._of(merged(self._table, hidden, changes), generation, resolve)
        return replace(self, generation=generation, resolve=resolve, _hidden=hidden, _changes=changes)

    def search(self, q: str, *, types: frozenset[str] = frozenset(), page: Page | None = None) -> SearchResult:
        """What is called `q`, best first; only things of one of these types (IRIs) where some are given.

        Without `q` everything of the types, by label. Raises ParameterError when neither is given.
        """
        page = page or Page(limit=20)
        asked = fold(q).split()
        if not asked and not types:
            raise ParameterError("q", q, "give at least one letter or digit, or a type")
        rank = self._called if asked else self._everything
        one, other = rank(asked, types, page.skip + page.limit)
        total = one.total + other.total
        hits = tuple(self._hit(*placed) for placed in window(one, other, page.skip, page.limit))
        return SearchResult(hits, page.next(len(hits), total), page.skip + len(hits) < total, self.generation)

    def _called(self, asked: Sequence[str], types: frozenset[str], count: int) -> list[Ranked]:
        """What holds the words asked for, of either table the best."""
        found = [candidates(table, asked, hidden) for table, hidden in self._tables]
        most = max(int(one.held.max(initial=0)) for one in found)
        ranked = []
        for (table, _), one in zip(self._tables, found, strict=True):
            matching = matches(table, asked, one, most)
            if types:
                matching = matching.only(table.with_types(types)[matching.owner])
            ranked.append(Ranked.best(table, matching, count))
        return ranked

    def _everything(self, _: Sequence[str], types: frozenset[str], count: int) -> list[Ranked]:
        """Everything of the types, of either table the first by label."""
        return [Ranked.by_label(table, table.with_types(types) & ~hidden, count) for table, hidden in self._tables]

    @property
    def _tables(self) -> tuple[tuple[NameTable, Bool], ...]:
        """Both tables, and what is hidden of either."""
        return (self._table, self._hidden), (self._changes, np.zeros(len(self._changes), np.bool_))

    def _hit(self, ranked: Ranked, index: int) -> Hit:
        owner, form = ranked.owner.item(index), ranked.form.item(index)
        name = self.resolve(ranked.table[owner])
        matched = name.label if form == NO_FORM else _printed(name, ranked.table.folded(form))
        return Hit(name.id, name.iri, name.label, name.type, name.type_label, ranked.score.item(index), matched)


def _printed(name: Name, form: str) -> str:
    """The first name that is folded so. Raises LookupError for one that has no such name: it changed unnoticed."""
    for printed in name.printed:
        if fold(printed) == form:
            return printed
    raise LookupError(f"{name.iri} was indexed under {form!r}, but has no such name now")


def _are(table: NameTable, iris: Iterable[str]) -> Bool:
    """Which owners have one of these IRIs: bool[n]."""
    at, known = places(table, iris)
    are = np.zeros(len(table), np.bool_)
    are[at[known]] = True
    return are
