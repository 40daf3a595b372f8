"""Search by name, as a person would type it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import ParameterError
from kgraph.model import Page
from kgraph.search import Name, Search, fold


def name(slug: str, label: str, *others: str, type: str = "Coalition", above: tuple[str, ...] = ()) -> Name:
    types = tuple(f"ns#{t}" for t in (type, *above))
    return Name(f"http://x/id/{slug}", f"id:{slug}", label, f"kg:{type}", type, types, others)


NAMES = (
    name("ipac", "Inter-Parliamentary Alliance on China", "IPAC", "IATP"),
    name("antonio-guterres", "António Guterres", type="Person", above=("Agent",)),
    name("amnesty-international", "Amnesty International", "AI", type="Ngo"),
    name("amnesty-letter", "Letter of Amnesty International", type="Letter"),
    name("united-nations", "United Nations", "U.N.", type="InternationalBody"),
    name("straße", "Straße e.V.", type="Ngo"),
)


@pytest.fixture(scope="module")
def search() -> Search:
    return Search.build(NAMES, generation=7)


def found(search: Search, q: str, **options: object) -> list[str]:
    return [hit.id.removeprefix("id:") for hit in search.search(q, **options).items]  # type: ignore[arg-type]


def test_a_misprint_kept_as_another_name_finds_what_was_meant(search: Search) -> None:
    (hit,) = search.search("IATP").items
    assert (hit.label, hit.matched, hit.score) == ("Inter-Parliamentary Alliance on China", "IATP", 100.0)


@pytest.mark.parametrize("typed", ["antonio guterres", "ANTÓNIO GUTERRES", "guterres, antonio", "antonio-guterres"])
def test_accents_case_and_punctuation_are_forgiven(search: Search, typed: str) -> None:
    assert found(search, typed)[0] == "antonio-guterres"


@pytest.mark.parametrize("typed", ["guteres", "gutteres", "amnetsy internatonal", "amnesti"])
def test_typos_are_forgiven_and_score_less_than_what_is_written(search: Search, typed: str) -> None:
    (first, *_) = search.search(typed).items
    assert first.id in ("id:antonio-guterres", "id:amnesty-international")
    assert first.score < 80


@pytest.mark.parametrize("typed", ["am", "amn", "inter", "int"])
def test_two_letters_of_any_word_are_enough(search: Search, typed: str) -> None:
    assert "amnesty-international" in found(search, typed)


def test_one_letter_is_no_prefix(search: Search) -> None:
    assert found(search, "a") == []


def test_a_whole_name_comes_before_a_beginning_and_that_before_a_word_within(search: Search) -> None:
    assert found(search, "Amnesty International") == ["amnesty-international", "amnesty-letter"]
    assert found(search, "ai")[0] == "amnesty-international"


def test_abbreviations_are_found_with_and_without_dots(search: Search) -> None:
    assert found(search, "UN")[0] == found(search, "U.N.")[0] == "united-nations"


def test_letters_that_do_not_decompose_are_folded(search: Search) -> None:
    assert found(search, "strasse ev") == ["straße"]


def test_every_word_must_be_there_unless_no_name_has_them_all(search: Search) -> None:
    assert found(search, "letter amnesty") == ["amnesty-letter"]
    (hit,) = search.search("guterres committee").items
    assert hit.id == "id:antonio-guterres"
    assert hit.score < 50


def test_only_things_of_the_types_are_found(search: Search) -> None:
    assert found(search, "am", types=frozenset({"ns#Ngo"})) == ["amnesty-international"]
    assert found(search, "guterres", types=frozenset({"ns#Agent"})) == ["antonio-guterres"]


def test_without_words_everything_of_a_type_is_listed_by_label(search: Search) -> None:
    assert found(search, "", types=frozenset({"ns#Ngo"})) == ["amnesty-international", "straße"]


def test_neither_words_nor_type_is_refused(search: Search) -> None:
    with pytest.raises(ParameterError, match="at least one letter"):
        search.search(" ?! ")


def test_pages_join_to_the_whole_and_say_what_follows(search: Search) -> None:
    first = search.search("am", page=Page(0, 1, str))
    second = search.search("am", page=Page(1, 1, str))
    assert [h.id for h in (*first.items, *second.items)] == ["id:amnesty-international", "id:amnesty-letter"]
    assert (first.truncated, first.next, second.truncated, second.next) == (True, "1", False, None)
    assert first.generation == 7


def test_nothing_alike_finds_nothing(search: Search) -> None:
    assert found(search, "zzzzzz") == []
    assert Search.build((), 1).search("anything").items == ()


@given(st.sampled_from(NAMES), st.data())
def test_every_name_is_found_by_itself_and_by_each_beginning(one: Name, data: st.DataObject) -> None:
    printed = data.draw(st.sampled_from((one.label, *one.others, one.slug)))
    search = Search.build(NAMES, 1)
    assert search.search(printed).items[0].score == 100.0
    assert one.id in {hit.id for hit in search.search(printed).items}
    cut = data.draw(st.integers(2, len(fold(printed))))
    if len(fold(printed)[:cut].split()[-1]) >= 2:
        assert one.id in {hit.id for hit in search.search(fold(printed)[:cut]).items}


@given(st.text(min_size=1, max_size=20))
def test_any_text_can_be_asked_for_and_scores_stay_in_bounds(text: str) -> None:
    if fold(text):
        assert all(0 <= hit.score <= 100 for hit in Search.build(NAMES, 1).search(text).items)


def renamed(number: int, label: str) -> Name:
    return name(f"n{number:05}", label)


def test_many_changes_are_put_together_and_every_page_stays_as_it_would_be_built() -> None:
    told = {n.iri: n for n in (renamed(i, f"Office {i % 700} {i}") for i in range(6_000))}
    search = Search.build(told.values(), 1)
    for generation, step in enumerate((7, 1, 50), 2):
        changed = [renamed(i, f"Office {i % 600} {i}") for i in range(generation, 7_000, step)]
        told |= {n.iri: n for n in changed}
        search = search.updated(changed, (), generation, told.__getitem__)
        scratch = Search.build(told.values(), generation)
        for skip in (0, 3_000, len(told) - 3, len(told) + 1):
            page = Page(skip, 20, str)
            assert search.search("office", page=page) == scratch.search("office", page=page)


def test_a_name_that_is_gone_is_not_found_and_one_of_an_older_generation_still_is(search: Search) -> None:
    later = search.updated((), ["http://x/id/ipac", "http://x/id/unheard-of"], 8, search.resolve)
    assert found(later, "ipac") == []
    assert found(later, "", types=frozenset({"ns#Coalition"})) == []
    assert found(search, "ipac") == ["ipac"]
    assert (later.search("iatp").generation, search.search("iatp").generation) == (8, 7)


def test_an_index_in_a_mapped_file_answers_without_being_read(search: Search, tmp_path: Path) -> None:
    arrays = search.arrays()
    for key, array in arrays.items():
        np.save(tmp_path / f"{key}.npy", array)
    mapped = {key: np.asarray(np.load(tmp_path / f"{key}.npy", mmap_mode="r")) for key in arrays}
    opened = Search.from_arrays(mapped, 7, search.resolve)
    assert opened.search("amnesti guteres") == search.search("amnesti guteres")


def test_an_index_of_another_layout_is_refused(search: Search) -> None:
    arrays = search.arrays() | {"layout": np.array([0, 1, 1, 0], np.int32)}
    with pytest.raises(ValueError, match="index them anew"):
        Search.from_arrays(arrays, 7, search.resolve)


def test_a_name_that_changed_unnoticed_is_an_error_not_a_wrong_answer(search: Search) -> None:
    stale = search.updated((), (), 8, {n.iri: name(n.slug, "Renamed") for n in NAMES}.__getitem__)
    with pytest.raises(LookupError, match="alliance on china"):
        stale.search("alliance on china")


def test_only_the_names_that_are_shown_are_asked_for() -> None:
    shown: list[str] = []

    def resolve(iri: str) -> Name:
        shown.append(iri)
        return next(n for n in NAMES if n.iri == iri)

    search = Search.build(iter(NAMES), 1, resolve)
    search.search("am", page=Page(limit=1))
    assert shown == ["http://x/id/amnesty-international"]
