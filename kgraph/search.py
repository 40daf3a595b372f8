"""Search by name: labels, aliases, misprints and slugs; prefixes from two letters; accents, case and typos forgiven.

Scores run from 0 to 100. A whole name scores 100, the beginning of a name 90 to 99, the beginnings of its words
in any order 80 to 89, a name in which every word asked for is close to some word less than 80; a part of a slug
scores 5 less than the same part of a name. Where no name holds every word, those that hold most are found, with
scores that fall with each missing word.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from kgraph.errors import ParameterError
from kgraph.model import Hit, Page, SearchResult

_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})
_SHORTEST_PREFIX = 2
_SHORTEST_TYPO = 4
_CLOSE_ENOUGH = 75
_SLUG_COSTS = 5


@dataclass(frozen=True, slots=True)
class Name:
    """Something with names. `id` and `type` are CURIEs, `iri` and `types` are IRIs; `others` are further names."""

    iri: str
    id: str
    label: str
    type: str
    type_label: str
    types: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The last part of the IRI."""
        return re.split(r"[#/]", self.iri)[-1]


@dataclass(frozen=True, slots=True)
class _Form:
    """One printed name of one thing, and the same as folded words."""

    owner: int
    printed: str
    words: tuple[str, ...]
    is_slug: bool

    @property
    def folded(self) -> str:
        return " ".join(self.words)


def fold(text: str) -> str:
    """Lower case, without accents, dots and punctuation.

    >>> fold("António GUTERRES (U.N.)")
    'antonio guterres un'
    """
    for _ in range(2):  # a compatibility letter may decompose to a capital, and a folded one to an accent
        text = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in text.translate(_LETTERS) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+|_", " ", re.sub(r"[.'’]", "", bare)).split())


@dataclass(frozen=True)
class Search:
    """An index of names of one generation. Build it with `Search.build`."""

    generation: int
    _names: tuple[Name, ...]
    _forms: tuple[_Form, ...]
    _vocabulary: tuple[str, ...]
    _holders: Mapping[str, tuple[int, ...]]

    @classmethod
    def build(cls, names: Iterable[Name], generation: int) -> Search:
        """Index the names."""
        ordered = tuple(sorted(names, key=lambda n: n.iri))
        forms: list[_Form] = []
        for owner, name in enumerate(ordered):
            printed = dict.fromkeys((name.label, *name.others, name.slug))
            forms += (
                _Form(owner, text, words, text not in (name.label, *name.others))
                for text in printed
                if (words := tuple(fold(text).split()))
            )
        holders: dict[str, list[int]] = defaultdict(list)
        for index, form in enumerate(forms):
            for word in dict.fromkeys(form.words):
                holders[word].append(index)
        return cls(generation, ordered, tuple(forms), tuple(sorted(holders)), {w: tuple(f) for w, f in holders.items()})

    def search(self, q: str, *, types: frozenset[str] = frozenset(), page: Page | None = None) -> SearchResult:
        """What is called `q`, best first; only things of one of these types (IRIs) where some are given.

        Without `q` everything of the types, by label. Raises ParameterError when neither is given.
        """
        page = page or Page(limit=20)
        found = self._scored(q) if fold(q) else self._everything(q, types)
        hits = [
            Hit(name.id, name.iri, name.label, name.type, name.type_label, score, printed)
            for name, score, printed in ((self._names[owner], *match) for owner, match in found.items())
            if not types or types.intersection(name.types)
        ]
        hits.sort(key=lambda h: (-h.score, fold(h.label), h.iri))
        shown = tuple(hits[page.skip : page.skip + page.limit])
        more = page.skip + len(shown) < len(hits)
        return SearchResult(shown, page.next(len(shown), len(hits)), more, self.generation)

    def _everything(self, q: str, types: frozenset[str]) -> dict[int, tuple[float, str]]:
        if not types:
            raise ParameterError("q", q, "give at least one letter or digit, or a type")
        return {owner: (0.0, name.label) for owner, name in enumerate(self._names)}

    def _scored(self, q: str) -> dict[int, tuple[float, str]]:
        """The best form of each thing found: its score and how it is printed."""
        asked = tuple(fold(q).split())
        best: dict[int, tuple[float, str]] = {}
        for index, closeness in self._candidates(asked).items():
            form = self._forms[index]
            score = _score(asked, form, closeness)
            if form.is_slug and score < 100:
                score = max(score - _SLUG_COSTS, 0.0)
            if form.owner not in best or score > best[form.owner][0]:
                best[form.owner] = (score, form.printed)
        return best

    def _candidates(self, asked: tuple[str, ...]) -> dict[int, float]:
        """The forms that hold every word asked for, else those that hold most, and how close they are in the mean:
        100 for each word that a word of the form begins with, less for one that looks like it, nothing for none."""
        sums: dict[int, float] = defaultdict(float)
        held: dict[int, int] = defaultdict(int)
        for word in asked:
            forms: dict[int, float] = {}
            for known, closeness in self._close_words(word):
                for index in self._holders[known]:
                    forms[index] = max(closeness, forms.get(index, 0.0))
            for index, closeness in forms.items():
                sums[index] += closeness
                held[index] += 1
        most = max(held.values(), default=0)
        return {index: sums[index] / len(asked) for index, count in held.items() if count == most}

    def _close_words(self, word: str) -> list[tuple[str, float]]:
        """Words of the vocabulary that begin with the word (100), or look like it (less)."""
        close: dict[str, float] = {}
        if len(word) >= _SHORTEST_TYPO:
            for known, ratio, _ in process.extract(
                word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH, limit=None
            ):
                close[known] = min(float(ratio), 99.0)
        if len(word) < _SHORTEST_PREFIX:
            return [(word, 100.0)] if word in self._holders else []
        at = bisect_left(self._vocabulary, word)
        while at < len(self._vocabulary) and self._vocabulary[at].startswith(word):
            close[self._vocabulary[at]] = 100.0
            at += 1
        return list(close.items())


def _score(asked: tuple[str, ...], form: _Form, closeness: float) -> float:
    wanted = " ".join(asked)
    share = min(len(wanted) / len(form.folded), 1.0)
    if form.folded == wanted:
        return 100.0
    if form.folded.startswith(wanted):
        return round(90 + 9 * share, 1)
    if closeness >= 100:
        return round(80 + 9 * share, 1)
    return round(closeness * (0.7 + 0.09 * share), 1)
