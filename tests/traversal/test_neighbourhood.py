"""Neighbourhoods: what is near, in which order, on which page, counted whole."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.errors import EntityNotFoundError, ParameterError
from kgraph.model import Lens, Neighbourhood, NeighbourhoodQuestion, Page
from kgraph.traversal import neighbourhood


def ask(story: Any, entity: str, page: Page | None = None, **options: Any) -> Neighbourhood:
    """Ask with bare names."""
    options["type"] = tuple(story.iri(n, "kg") for n in options.get("type", ()))
    options["predicate"] = tuple(
        "^" * n.startswith("^") + story.iri(n.removeprefix("^"), "kg") for n in options.get("predicate", ())
    )
    return neighbourhood(story.catalogue(), NeighbourhoodQuestion(story.iri(entity), **options), page)


def distances(answer: Neighbourhood) -> dict[str, int]:
    return {n.id.removeprefix("id:"): n.distance for n in answer.nodes}


def edges(answer: Neighbourhood) -> list[str]:
    return [f"{e.source[3:]} {e.predicate[3:]} {e.target[3:]}" for e in answer.edges]


def test_two_hops_show_letter_demand_addressee_and_size_with_speaker_and_paragraph(letter: Any) -> None:
    answer = ask(letter, "coalition", hops=2)
    assert distances(answer) == {"coalition": 0, "letter": 1, "demand": 1, "ngo": 1, "qty-160": 1, "committee": 2}
    assert all(e.claims and e.claims[0].said_by and e.claims[0].where.paragraph for e in answer.edges)
    size = next(n for n in answer.nodes if n.id == "id:qty-160")
    assert (size.label, size.quantity.value if size.quantity else None) == ("160", 160)
    assert answer.nodes[0].notes == ("members not named by the source",)
    assert answer.centre is not None
    assert (answer.centre.label, answer.truncated, answer.next) == ("Coalition of rights groups", False, None)


def test_a_relation_is_shown_once_and_says_which_way_the_walk_went(letter: Any) -> None:
    answer = ask(letter, "ngo", hops=2)
    assert sorted(edges(answer)) == sorted(set(edges(answer)))
    first = next(e for e in answer.edges if e.predicate == "kg:hasMember")
    assert (first.source, first.target, first.forward, len(first.claims)) == ("id:coalition", "id:ngo", False, 2)


def test_numbers_and_periods_are_shown_but_not_passed_through(story: Any) -> None:
    for name in ("a", "z"):
        story.entity(name)
        story.claim(name, "memberCount", "qty-three")
    story.quantity("three", "three", value=3)
    assert distances(ask(story, "a", hops=5)) == {"a": 0, "qty-three": 1}
    assert distances(ask(story, "qty-three", hops=1)) == {"qty-three": 0, "a": 1, "z": 1}


def test_the_first_page_takes_turns_over_relations(story: Any) -> None:
    story.entity("a")
    for n in range(5):
        story.entity(f"m{n}")
        story.claim("a", "hasMember", f"m{n}")
    story.entity("leader")
    story.claim("a", "ledBy", "leader")
    story.claim("leader", "partOf", "a")
    answer = ask(story, "a", Page(0, 4, str))
    assert edges(answer) == ["a hasMember m0", "a ledBy leader", "leader partOf a", "a hasMember m1"]
    assert (answer.truncated, answer.next) == (True, "4")
    assert answer.counts.by_predicate == {"kg:hasMember": 5, "kg:ledBy": 1, "kg:partOf": 1}
    assert answer.counts.by_type == {"kg:Organisation": 6}


def test_pages_join_to_the_whole_without_gap_or_repeat(letter: Any) -> None:
    whole = edges(ask(letter, "coalition", hops=3))
    pages = [edges(ask(letter, "coalition", Page(skip, 2), hops=3)) for skip in range(0, len(whole), 2)]
    assert [e for page in pages for e in page] == whole


def test_nearer_relations_come_before_farther_ones(letter: Any) -> None:
    shown = edges(ask(letter, "ngo", hops=2))
    assert shown[0] == "coalition hasMember ngo"


def test_more_sources_then_quotation_come_first_among_one_relation(story: Any) -> None:
    story.article("a2")
    for name in ("s", "aa", "quoted", "twice"):
        story.entity(name)
    story.claim("s", "hasMember", "aa")
    story.claim("s", "hasMember", "quoted", voice="part-quote")
    for article in ("a1", "a2"):
        story.claim("s", "hasMember", "twice", article=article)
    assert edges(ask(story, "s")) == ["s hasMember twice", "s hasMember quoted", "s hasMember aa"]


def test_edges_may_follow_names_or_distance(letter: Any) -> None:
    by_label = edges(ask(letter, "coalition", order="label"))
    assert by_label == [
        "coalition memberCount qty-160",
        "coalition issued letter",
        "coalition hasMember ngo",
        "coalition demands demand",
    ]
    by_distance = edges(ask(letter, "coalition", hops=2, order="distance"))
    assert by_distance[0] == "coalition demands demand"
    assert by_distance[-1] == "demand addressee committee"


def test_direction_and_relations_bound_the_walk(letter: Any) -> None:
    assert distances(ask(letter, "coalition", direction="backward")) == {"coalition": 0}
    assert distances(ask(letter, "ngo", direction="forward", predicate=("^hasMember", "demands"), hops=2)) == {
        "ngo": 0,
        "coalition": 1,
        "demand": 2,
    }


def test_only_nodes_of_the_types_asked_for_are_entered(letter: Any) -> None:
    answer = ask(letter, "coalition", hops=2, type=("Document", "InternationalBody"))
    assert distances(answer) == {"coalition": 0, "letter": 1, "committee": 2}


def test_the_lens_acts_on_edges_and_on_their_claims(letter: Any) -> None:
    answer = ask(letter, "coalition", lens=Lens(source=(letter.iri("a2"),)))
    assert edges(answer) == ["coalition hasMember ngo"]
    assert len(answer.edges[0].claims) == 1
    assert answer.lens == "reported, affirmed claims, in A2"


def test_documents_codes_and_types_are_shown_when_included(letter: Any) -> None:
    lens = Lens(include=("documents", "codes", "types"))
    near = distances(ask(letter, "demand", lens=lens))
    assert {"a1", "kgs:withdraw-hosting", "kg:Demand"} <= set(near)


def test_plain_triples_are_edges_without_claims_and_never_called_unstated(letter: Any) -> None:
    letter.add(letter.iri("ngo"), "foaf:knows", [letter.iri("ada")], "imported")
    letter.add(letter.iri("ngo"), "foaf:nick", "Watchers", "imported")
    assert "ada" not in distances(ask(letter, "ngo"))
    answer = ask(letter, "ngo", lens=Lens(include=("unattributed",)))
    assert [e.claims for e in answer.edges if e.predicate == "foaf:knows"] == [()]


def test_no_hops_show_only_the_centre(letter: Any) -> None:
    answer = ask(letter, "ngo", hops=0)
    assert (distances(answer), answer.edges) == ({"ngo": 0}, ())


def test_a_loop_is_one_edge(story: Any) -> None:
    story.entity("a")
    story.claim("a", "partOf", "a")
    assert edges(ask(story, "a", hops=2)) == ["a partOf a"]


def test_unknown_centres_orders_and_negative_hops_are_refused(letter: Any) -> None:
    with pytest.raises(EntityNotFoundError, match="id:nobody"):
        ask(letter, "nobody")
    with pytest.raises(ParameterError, match="rank, label, distance"):
        ask(letter, "ngo", order="beauty")
    with pytest.raises(ParameterError, match="hops"):
        ask(letter, "ngo", hops=-1)


def test_relations_of_another_kind_or_outside_the_lens_are_passed_over_both_ways(letter: Any) -> None:
    letter.claim("ngo", "demands", "demand", modality="alleged")
    assert edges(ask(letter, "ngo", predicate=("hasMember", "demands"))) == ["coalition hasMember ngo"]
    assert edges(ask(letter, "demand", predicate=("demands",))) == ["coalition demands demand"]
