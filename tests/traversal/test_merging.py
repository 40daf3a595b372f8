"""Columns that follow a commit are those that everything built at once has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.traversal import Catalogue

CLAIM = st.fixed_dictionaries(
    {
        "subject": st.sampled_from(["a", "b", "c", "d", "nobody"]),
        "predicate": st.sampled_from(["hasMember", "demands", "addressedTo"]),
        "object": st.sampled_from(["a", "b", "c", "e", "kgs:genocide", "qty-160"]),
        "article": st.sampled_from(["a1", "a2"]),
        "said_by": st.sampled_from(["a", "b", "stranger", ("a", "b")]),
        "via": st.sampled_from([(), "c"]),
        "modality": st.sampled_from(["reported", "alleged"]),
        "paragraph": st.integers(1, 3),
        "time": st.sampled_from(["", "time-may"]),
        "confidence": st.sampled_from([None, 0.9, 0.25]),
        "role": st.sampled_from(["", "role-chair"]),
    }
)
COMMITS = st.lists(st.lists(CLAIM, min_size=1, max_size=6), min_size=1, max_size=4)


def updated(catalogue: Catalogue, quads: list[Quad], commit: list[Quad]) -> Catalogue | None:
    """The catalogue after a commit; `quads` is what there is after it."""
    by_subject = defaultdict(list)
    for quad in quads:
        by_subject[quad.subject.value].append(quad)
    touched = frozenset(q.subject.value for q in commit)
    after = catalogue.updated(touched, by_subject.__getitem__, catalogue.generation + 1)
    return after.catalogue if after else None


@given(commits=COMMITS, renamed=st.booleans(), plain=st.booleans())
@settings(max_examples=60, deadline=None)
def test_following_commits_gives_the_columns_of_building_at_once(
    new_story: Callable[[], Any],
    told: Callable[[Any], Any],
    commits: list[list[dict[str, Any]]],
    renamed: bool,
    plain: bool,
) -> None:
    story = new_story()
    for name in ("a", "b", "c"):
        story.entity(name, "Organisation")
    story.quantity("160", "160", value=160)
    catalogue, at = story.catalogue(), len(story.quads)
    for number, commit in enumerate(commits):
        if number == 1:
            story.article("a2")
            story.entity("e", "Person", "A late one")
            story.time("may", "May 2020", "2020-05-01", "2020-05-31")
        if number == 2 and renamed:
            story.quads = [
                q for q in story.quads if not (q.subject.value.endswith("id/a") and "Label" in str(q.predicate))
            ]
            at = min(at, len(story.quads))
            story.add(story.iri("a"), "skos:prefLabel", "zz top")
            story.add(story.iri("a"), "skos:altLabel", "The old one")
        if number == 2 and plain:
            graph = NamedNode("https://example.org/graph")
            for other in ("c", "new"):
                term = NamedNode(story.iri(other))
                story.quads.append(Quad(NamedNode(story.iri("b")), NamedNode("https://example.org/knows"), term, graph))
        for claim in commit:
            story.claim(**claim)
        changed = story.quads[at:] + [q for q in story.quads if renamed and q.subject.value == story.iri("a")]
        at = len(story.quads)
        after = updated(catalogue, story.quads, changed)
        if after is None:
            assert number == 1, "only what was spoken of before it was described is built anew"
            after = story.catalogue(catalogue.generation + 1)
        catalogue = after
        assert told(catalogue.columns) == told(story.catalogue(catalogue.generation).columns)


def test_what_columns_cannot_follow_is_built_anew(letter: Any) -> None:
    catalogue = letter.catalogue()
    claim = next(iter(catalogue.claims))
    assert catalogue.updated(frozenset([claim]), lambda _: (), 2) is None, "a claim is gone"
    demand = letter.iri("demand")
    assert catalogue.updated(frozenset([demand]), lambda _: (), 2) is None, "an entity is gone"


def test_a_commit_leaves_the_generation_before_it_as_it_was(letter: Any, told: Any) -> None:
    catalogue = letter.catalogue()
    before = told(catalogue.columns)
    at = len(letter.quads)
    letter.entity("aaa", "Person", "First of All")
    letter.claim("aaa", "addressedTo", "committee", said_by="aaa")
    after = updated(catalogue, letter.quads, letter.quads[at:])
    assert after is not None
    assert told(catalogue.columns) == before
    assert len(after.claims) == len(catalogue.claims) + 1


def test_a_claim_taken_back_is_a_record_that_changed(letter: Any, told: Any) -> None:
    claim = letter.claim("ngo", "demands", "demand")
    before = letter.catalogue()
    status = letter.iri("status", "kg")
    letter.quads = [q for q in letter.quads if (q.subject.value, q.predicate.value) != (claim, status)]
    letter.add(claim, "status", [letter.iri("retracted", "kgs")], "claims")
    after = updated(before, letter.quads, letter.quads[-1:])
    assert after is not None
    assert told(after.columns) == told(letter.catalogue(2).columns)
    assert isinstance(letter.quads[0].object, NamedNode | Literal)
    assert after.claims[claim].status == letter.iri("retracted", "kgs")
