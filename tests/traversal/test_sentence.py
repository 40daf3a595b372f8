"""Claims and paths read aloud: attributive, neutral, with their places."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.model import Lens, PathQuestion
from kgraph.traversal import claim, paths


def test_a_row_of_a_table_is_named_as_such(letter: Any) -> None:
    iri = letter.claim("ngo", "demands", "demand", article="a2", spans=(letter.row("a2", 17),), voice="tabular")
    told = claim(letter.catalogue(), iri)
    assert (told.where[0].row, told.where[0].paragraph) == (17, None)
    assert told.sentence == "Rights Watch demands Withdraw the games (A2 row 17)."


@pytest.mark.parametrize(
    ("modality", "polarity", "sentence"),
    [
        ("reported", "affirmed", "Rights Watch demands Withdraw the games (A1 P1)."),
        ("reported", "negated", "It is denied that Rights Watch demands Withdraw the games (A1 P1)."),
        ("opined", "affirmed", "Rights Watch demands Withdraw the games (A1 P1, opined)."),
        ("opined", "negated", "It is denied that Rights Watch demands Withdraw the games (A1 P1, opined)."),
        ("open-question", "affirmed", "It is left open whether Rights Watch demands Withdraw the games (A1 P1)."),
        ("debated", "affirmed", "It is debated whether Rights Watch demands Withdraw the games (A1 P1)."),
        ("alleged", "affirmed", "It is alleged that Rights Watch demands Withdraw the games (A1 P1)."),
        ("announced", "affirmed", "It is announced that Rights Watch demands Withdraw the games (A1 P1)."),
        ("predicted", "affirmed", "It is predicted that Rights Watch demands Withdraw the games (A1 P1)."),
        ("proposed", "affirmed", "It is proposed that Rights Watch demands Withdraw the games (A1 P1)."),
        ("conditional", "affirmed", "Under a condition: Rights Watch demands Withdraw the games (A1 P1)."),
        (
            "demanded",
            "negated",
            "It is demanded that it not be the case that Rights Watch demands Withdraw the games (A1 P1).",
        ),
    ],
)
def test_what_is_not_put_forward_as_so_never_begins_as_if_it_were(
    letter: Any, modality: str, polarity: str, sentence: str
) -> None:
    iri = letter.claim("ngo", "demands", "demand", modality=modality, polarity=polarity)
    assert claim(letter.catalogue(), iri).sentence == sentence


def test_a_name_that_is_itself_a_question_stands_in_quotes(letter: Any) -> None:
    letter.entity("matter", label="Whether it rains")
    iri = letter.claim("matter", "demands", "demand", modality="open-question")
    assert claim(letter.catalogue(), iri).sentence == (
        "It is left open whether “Whether it rains” demands Withdraw the games (A1 P1)."
    )


def test_a_step_that_is_denied_says_not_before_its_verb(story: Any) -> None:
    story.entity("ngo", label="Rights Watch"), story.entity("body", label="The Body")
    story.claim("body", "ledBy", "ngo", paragraph=2, polarity="negated")
    asked = PathQuestion((story.iri("body"),), (story.iri("ngo"),), lens=Lens(polarity=("negated",)))
    assert paths(story.catalogue(), asked).paths[0].sentence == ("The Body not: is led by Rights Watch (P2, negated).")


def test_a_path_reads_aloud_with_paragraphs_speakers_and_people_as_who(story: Any) -> None:
    story.entity("ngo", label="Rights Watch"), story.entity("group", "Coalition", "More than 300 groups")
    story.entity("chief", "Person", "The Chief"), story.entity("body", label="The Body")
    story.claim("group", "hasMember", "ngo", paragraph=16)
    story.claim("group", "addresses", "chief", paragraph=16, said_by="ngo")
    story.claim("group", "addresses", "chief", paragraph=17)
    story.claim("body", "ledBy", "chief", paragraph=2, said_by="ngo", via="body")
    answer = paths(story.catalogue(), PathQuestion((story.iri("ngo"),), (story.iri("body"),)))
    assert answer.paths[0].sentence == (
        "Rights Watch is a member of More than 300 groups (P16), which addresses The Chief (P16, P17, also "
        "according to Rights Watch), who leads The Body (P2, according to Rights Watch, through The Body)."
    )


def test_articles_are_named_when_a_path_rests_on_several(letter: Any) -> None:
    asked = PathQuestion((letter.iri("ngo"),), (letter.iri("coalition"),))
    assert paths(letter.catalogue(), asked).paths[0].sentence == (
        "Rights Watch is a member of Coalition of rights groups (A1 P3, A2 P9)."
    )


def test_a_step_without_a_claim_says_that_no_source_is_given(letter: Any) -> None:
    letter.add(letter.iri("ngo"), "foaf:knows", [letter.iri("ada")], "imported")
    asked = PathQuestion((letter.iri("ada"),), (letter.iri("ngo"),), lens=Lens(include=("unattributed",)))
    assert paths(letter.catalogue(), asked).paths[0].sentence == (
        "Ada Lovelace is the knows of Rights Watch (no source given)."
    )


def test_a_claim_whose_passage_is_not_known_says_so(letter: Any) -> None:
    iri = letter.claim("ngo", "demands", "demand", spans=(letter.iri("span-gone"),))
    told = claim(letter.catalogue(), iri)
    assert told.where == ()
    assert told.sentence == "Rights Watch demands Withdraw the games (no passage given)."
