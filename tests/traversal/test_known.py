"""What is remembered of names is bounded, and of one generation."""

from __future__ import annotations

import gc
import weakref
from typing import Any

from kgraph.traversal import known, ref


def test_a_name_is_made_once_in_a_generation(letter: Any) -> None:
    catalogue = letter.catalogue()
    assert ref(catalogue, letter.iri("ngo")) is ref(catalogue, letter.iri("ngo"))
    with_text = catalogue.with_texts({letter.iri("a1"): "abc"})
    assert ref(with_text, letter.iri("ngo")) is ref(catalogue, letter.iri("ngo"))


def test_the_next_generation_calls_a_thing_by_its_new_name(story: Any) -> None:
    story.entity("ngo", label="Rights Watch")
    before = story.catalogue()
    assert ref(before, story.iri("ngo")).label == "Rights Watch"
    story.quads.clear()
    story.entity("ngo", "Coalition", label="Rights Watchers", flags="pluralDescription")
    after = story.catalogue()
    assert (ref(after, story.iri("ngo")).label, ref(after, story.iri("ngo")).type) == (
        "Rights Watchers",
        "kg:Coalition",
    )
    assert ref(before, story.iri("ngo")).label == "Rights Watch"


def test_no_more_names_are_remembered_than_the_bound(letter: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(known, "NAMED", 3)
    catalogue = letter.catalogue()
    iris = [node.iri for node in catalogue.nodes.values()]
    assert len(iris) > 3
    for iri in iris * 2:
        assert ref(catalogue, iri).label == catalogue.label(iri)
    held = [len(memory) for memory in vars(known.Known.of(catalogue)).values() if isinstance(memory, dict)]
    assert max(held) <= 3


def test_what_is_known_goes_with_its_generation(letter: Any) -> None:
    catalogue = letter.catalogue()
    ref(catalogue, letter.iri("ngo"))
    gone = weakref.ref(catalogue)
    gc.disable()
    try:
        del catalogue
        assert gone() is None, "it is kept alive by what is known of it"
    finally:
        gc.enable()
