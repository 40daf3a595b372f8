"""Every answer is the one that a plain search gives, which looks at every name: after building, after changes, after
storing, and in the same order."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from kgraph.model import Hit, Page, SearchResult
from kgraph.search import Name, Search, fold

ANSWERS = settings(max_examples=150, deadline=None)


class Plain:
    """The search as it is told in words: a form for each printed name, and all of them scored one by one."""

    def __init__(self, names: Iterable[Name], generation: int) -> None:
        self.generation = generation
        self.names = sorted(names, key=lambda name: name.iri)
        self.forms = [
            (owner, text, tuple(fold(text).split()), text not in (name.label, *name.others))
            for owner, name in enumerate(self.names)
            for text in dict.fromkeys(name.printed)
            if fold(text)
        ]
        self.holders = defaultdict[str, list[int]](list)
        for index, (_, _, words, _) in enumerate(self.forms):
            for word in dict.fromkeys(words):
                self.holders[word].append(index)
        self.vocabulary = sorted(self.holders)

    def search(self, q: str, types: frozenset[str], page: Page) -> SearchResult:
        matched = {owner: (0.0, name.label) for owner, name in enumerate(self.names)}
        found = self.scored(tuple(fold(q).split())) if fold(q) else matched
        hits = [
            Hit(name.id, name.iri, name.label, name.type, name.type_label, score, printed)
            for name, score, printed in ((self.names[owner], *match) for owner, match in found.items())
            if not types or types.intersection(name.types)
        ]
        hits.sort(key=lambda h: (-h.score, fold(h.label), h.iri))
        shown = tuple(hits[page.skip : page.skip + page.limit])
        more = page.skip + len(shown) < len(hits)
        return SearchResult(shown, page.next(len(shown), len(hits)), more, self.generation)

    def scored(self, asked: Sequence[str]) -> dict[int, tuple[float, str]]:
        best: dict[int, tuple[float, str]] = {}
        for index, closeness in self.candidates(asked).items():
            owner, printed, words, is_slug = self.forms[index]
            score = self.score(" ".join(asked), " ".join(words), closeness)
            if is_slug and score < 100:
                score = max(score - 5, 0.0)
            if owner not in best or score > best[owner][0]:
                best[owner] = (score, printed)
        return best

    def candidates(self, asked: Sequence[str]) -> dict[int, float]:
        sums: dict[int, float] = defaultdict(float)
        held: dict[int, int] = defaultdict(int)
        for word in asked:
            forms: dict[int, float] = {}
            for known, closeness in self.close(word).items():
                for index in self.holders[known]:
                    forms[index] = max(closeness, forms.get(index, 0.0))
            for index, closeness in forms.items():
                sums[index] += closeness
                held[index] += 1
        most = max(held.values(), default=0)
        return {index: sums[index] / len(asked) for index, count in held.items() if count == most}

    def close(self, word: str) -> dict[str, float]:
        close: dict[str, float] = {}
        if len(word) >= 4:
            for known, ratio, _ in process.extract(
                word, self.vocabulary, scorer=fuzz.ratio, score_cutoff=75, limit=None
            ):
                close[known] = min(float(ratio), 99.0)
        if len(word) < 2:
            return {word: 100.0} if word in self.holders else {}
        for known in self.vocabulary[bisect_left(self.vocabulary, word) :]:
            if not known.startswith(word):
                break
            close[known] = 100.0
        return close

    @staticmethod
    def score(wanted: str, folded: str, closeness: float) -> float:
        share = min(len(wanted) / len(folded), 1.0)
        if folded == wanted:
            return 100.0
        if folded.startswith(wanted):
            return round(90 + 9 * share, 1)
        return round(80 + 9 * share, 1) if closeness >= 100 else round(closeness * (0.7 + 0.09 * share), 1)


pages = st.builds(Page, st.integers(0, 6), st.integers(1, 5), st.just(str))
types = st.sets(st.sampled_from(("ns#Ngo", "ns#Agent", "ns#None"))).map(frozenset)


def alike(search: Search, plain: Plain, asked: st.SearchStrategy[str], data: st.DataObject) -> None:
    for _ in range(3):
        q, of, page = data.draw(st.one_of(asked, st.just(""))), data.draw(types), data.draw(pages)
        if fold(q) or of:
            assert search.search(q, types=of, page=page) == plain.search(q, of, page)


@ANSWERS
@given(data=st.data())
def test_scores_order_and_pages_are_those_of_a_plain_search(
    names: st.SearchStrategy[list[Name]], asked: st.SearchStrategy[str], data: st.DataObject
) -> None:
    told = data.draw(names)
    alike(Search.build(told, 3), Plain(told, 3), asked, data)


@ANSWERS
@given(data=st.data(), few=st.sampled_from((0, 2, 4_000)))
def test_changes_leave_what_building_from_scratch_gives(
    names: st.SearchStrategy[list[Name]], asked: st.SearchStrategy[str], data: st.DataObject, few: int
) -> None:
    told = {name.iri: name for name in data.draw(names)}
    search = Search.build(told.values(), 0)
    earlier, before = search, Plain(told.values(), 0)
    with patch("kgraph.search.index._FEW", few):  # so many changes until all names are put together
        for generation in range(1, data.draw(st.integers(1, 5)) + 1):
            changed = data.draw(names)
            gone = data.draw(st.sets(st.sampled_from((*sorted(told), "urn:unknown"))))
            told = {iri: name for iri, name in told.items() if iri not in gone} | {n.iri: n for n in changed}
            search = search.updated(changed, gone, generation, told.__getitem__)
            alike(search, Plain(told.values(), generation), asked, data)
    alike(earlier, before, asked, data)
    stored = {name: np.frombuffer(array.tobytes(), array.dtype) for name, array in search.arrays().items()}
    assert not any(array.flags.writeable for array in stored.values())
    opened = Search.from_arrays(stored, generation, told.__getitem__)
    alike(opened, Plain(told.values(), generation), asked, data)
