"""Claims as they are shown: the chain, every field, names."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.errors import ClaimNotFoundError
from kgraph.traversal import claim, ref


def test_the_chain_runs_from_the_article_through_the_relay_to_the_speaker(letter: Any) -> None:
    iri = letter.claim("ada", "issued", "letter", said_by="ada", via="site", role="member")
    told = claim(letter.catalogue(), iri)
    assert [link.label for link in told.chain] == ["A1", "Winter Site", "Ada Lovelace"]
    assert told.sentence == (
        "Ada Lovelace issued Letter to the committee, as member "
        "(A1 P1, according to Ada Lovelace, through Winter Site)."
    )
    assert (told.voice, told.modality, told.polarity, told.status) == (
        "article-voice",
        "reported",
        "affirmed",
        "current",
    )


def test_an_article_that_speaks_itself_is_one_link(letter: Any) -> None:
    iri = letter.claim("ngo", "demands", "demand")
    assert [link.id for link in claim(letter.catalogue(), iri).chain] == ["id:a1"]


def test_a_claim_shows_every_field_it_has(letter: Any) -> None:
    first = letter.claim("ngo", "demands", "demand")
    iri = letter.claim(
        "ngo",
        "memberCount",
        "qty-160",
        time="time-september",
        confidence=0.75,
        certainty="beyond-doubt",
        conflicts_with=first,
        qualifies=first,
        polarity="negated",
        modality="alleged",
    )
    note = letter.note(iri, "internal-inconsistency", "The two numbers differ.")
    letter.add(note, "oa:hasTarget", [letter.span("a1", 1)], "notes")
    catalogue = letter.catalogue()
    told = claim(catalogue, iri)
    assert told.quantity is not None
    assert (told.quantity.value, told.period, told.confidence) == (160, None, 0.75)
    assert told.when is not None
    assert (told.when.text, told.when.earliest) == ("September", "2020-09-01")
    assert told.source_certainty == "beyond-doubt"
    assert told.conflicts_with == told.qualifies == ("id:claim-0009",)
    assert [n.id for n in told.notes] == [catalogue.namespaces.compress(note)]
    assert told.sentence == "It is alleged that it is not the case that Rights Watch has a size of 160 (A1 P1)."
    assert claim(catalogue, first).qualified_by == (told.id,)


def test_an_unknown_claim_is_named(letter: Any) -> None:
    with pytest.raises(ClaimNotFoundError, match="id:claim-x"):
        claim(letter.catalogue(), letter.iri("claim-x"))


@pytest.mark.parametrize(
    ("name", "label", "type_label"),
    [
        ("ngo", "Rights Watch", "Non-governmental organisation"),
        ("kgs:withdraw-hosting", "withdraw the hosting of an event", "Concept"),
        ("kg:Coalition", "Coalition", "Class"),
        ("qty-160", "160", "Quantity"),
        ("span-a1-3-30", "P3 s1", "Evidence span"),
        ("nobody", "id:nobody", "Resource"),
    ],
)
def test_anything_has_a_name_and_a_type(letter: Any, name: str, label: str, type_label: str) -> None:
    named = ref(letter.catalogue(), letter.iri(name))
    assert (named.label.lower(), named.type_label.lower()) == (label.lower(), type_label.lower())
