"""Whatever a commit takes away, columns that follow it are those of building anew, or are built anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.traversal import Catalogue

EX = "https://example.org/"
THINGS = [f"{EX}{name}" for name in "ab"]
GRAPHS = [f"{EX}g", f"{EX}h", "entities"]
ENDS = [*THINGS, f"{EX}T", "kg:Person", "id:a1", "id:x"]
TRIPLES = st.one_of(
    st.tuples(st.sampled_from(THINGS), st.sampled_from([f"{EX}p", f"{EX}q", "kg:hasMember"]), st.sampled_from(ENDS)),
    st.tuples(st.sampled_from(THINGS), st.just("rdf:type"), st.sampled_from(["kg:Person", f"{EX}T", "kg:Ngo"])),
    st.tuples(
        st.sampled_from(THINGS),
        st.sampled_from(["skos:prefLabel", f"{EX}p"]),
        st.sampled_from([Literal("x", language="en"), Literal("x"), Literal(1), Literal(True)]),
    ),
)
CLAIM = st.fixed_dictionaries(
    {
        "subject": st.sampled_from(["x", "y"]),
        "predicate": st.sampled_from(["hasMember", "demands"]),
        "object": st.just("x"),
        "article": st.sampled_from(["a1", "a2"]),
        "said_by": st.sampled_from(["y", "stranger"]),
        "paragraph": st.integers(1, 2),
        "time": st.sampled_from(["", "time-may"]),
        "status": st.sampled_from(["current", "retracted"]),
    }
)
SLOT = st.one_of(
    *[st.tuples(st.tuples(TRIPLES, st.sampled_from(GRAPHS)), st.just([True, False]))] * 2,
    st.tuples(st.sampled_from(["claim 1", "claim 2"]), st.lists(st.none() | CLAIM, min_size=2, max_size=2)),
    st.tuples(st.sampled_from(["article a1", "article a2", "time may", "entity y"]), st.just([True, False])),
)
"""What may be there, and the two states it has."""
SLOTS = st.lists(SLOT, min_size=8, max_size=8)
COMMITS = st.lists(
    st.dictionaries(st.integers(0, 5), st.integers(0, 1), min_size=1, max_size=3), min_size=3, max_size=8
)
"""Which slots get which of their states."""

Quads = frozenset[Quad]


def written(story: Any, slots: dict[Any, Any]) -> Quads:
    """The quads that the slots stand for: triples in graphs, claims, and records that there are or are not."""
    story.quads.clear()
    for slot, value in slots.items():
        if isinstance(slot, tuple) and value:
            (subject, predicate, object_), graph = slot
            name = story.iri(graph) if ":" in graph else story.namespaces.graph(graph)
            end = object_ if isinstance(object_, Literal) else NamedNode(story.iri(object_))
            story.quads.append(
                Quad(NamedNode(story.iri(subject)), NamedNode(story.iri(predicate)), end, NamedNode(name))
            )
        elif not isinstance(slot, tuple) and value:
            kind, name = slot.split()
            if kind == "claim":
                story.count = int(name)
                story.claim(**value)
            elif kind == "time":
                story.time(name, "May 2020", "2020-05-01", "2020-05-31")
            else:
                getattr(story, kind)(name)
    return frozenset(story.quads)


def followed(before: Catalogue, old: Quads, new: Quads) -> Catalogue | None:
    by_subject = defaultdict(list)
    for quad in new:
        by_subject[quad.subject.value].append(quad)
    touched = frozenset(quad.subject.value for quad in old ^ new)
    after = before.updated(touched, lambda iri: by_subject.get(iri, ()), before.generation + 1)
    return after.catalogue if after else None


@given(slots=SLOTS, commits=COMMITS)
@settings(max_examples=80, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # told as it was met
def test_following_commits_that_take_away_gives_the_columns_of_building_at_once(
    new_story: Callable[[], Any], slots: list[tuple[Any, Any]], commits: list[dict[int, int]]
) -> None:
    story, state, old = new_story(), dict[Any, Any](), frozenset[Quad]()
    catalogue = Catalogue.build((), story.namespaces, story.schema, 1)
    for commit in commits:
        state |= {slots[number][0]: slots[number][1][choice] for number, choice in commit.items()}
        new = written(story, state)
        anew = Catalogue.build(new, story.namespaces, story.schema, catalogue.generation + 1)
        after = followed(catalogue, old, new) or anew
        assert after.columns.differences(anew.columns) == ()
        assert list(after.columns.labels) == list(anew.columns.labels)
        assert after.columns.odd_ids == anew.columns.odd_ids
        assert dict(after.articles) == dict(anew.articles)
        assert after.predicates == anew.predicates
        catalogue, old = after, new


def changed(story: Any, before: list[tuple[Any, Any]], after: list[tuple[Any, Any]]) -> tuple[Catalogue | None, Any]:
    slots = dict(before)
    old = written(story, slots)
    catalogue = Catalogue.build(old, story.namespaces, story.schema, 1)
    new = written(story, slots | dict(after))
    return followed(catalogue, old, new), Catalogue.build(new, story.namespaces, story.schema, 2)


def test_the_end_of_a_plain_triple_that_is_gone_is_no_node(story: Any) -> None:
    named = ((f"{EX}a", "rdf:type", "kg:Person"), "entities")
    for other in ("id:x", "rdf:nil"):
        triple = ((f"{EX}a", f"{EX}p", other), f"{EX}g")
        after, anew = changed(story, [(named, True), (triple, True)], [(triple, False)])
        assert after is None
        assert len(anew.nodes) == 2


def test_what_still_speaks_of_a_node_lets_the_columns_follow(story: Any, told: Any) -> None:
    named = ((f"{EX}a", "rdf:type", "kg:Person"), "entities")
    first, second = (((f"{EX}a", f"{EX}p", "id:x"), f"{EX}{graph}") for graph in "gh")
    after, anew = changed(story, [(named, True), (first, True), (second, True)], [(first, False)])
    assert after is not None
    assert told(after.columns) == told(anew.columns)


def test_where_a_claim_stood_before_is_no_node(story: Any) -> None:
    claim = {"subject": "x", "predicate": "demands", "object": "y", "said_by": "x", "spans": (story.iri("s"),)}
    for other in ({"article": "a2"}, {"spans": (story.iri("t"),)}):
        after, anew = changed(story, [("claim 1", claim)], [("claim 1", claim | other)])
        assert after is None
        assert len(anew.nodes) == 4
    after, anew = changed(story, [("claim 1", claim)], [("claim 1", claim | {"article": "x"})])
    assert after is None
    assert story.iri("a1") not in anew.articles
