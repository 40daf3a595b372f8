"""Which filter is named where none was found: the one that alone kept the nearest path out, and nothing by guess."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.model import Exclusion, Lens, PathQuestion
from kgraph.traversal import paths


def kept_out(story: Any, source: str, target: str, lens: Lens | None = None, **options: Any) -> Exclusion | None:
    question = PathQuestion((story.iri(source),), (story.iri(target),), lens=lens or Lens(), **options)
    answer = paths(story.catalogue(), question)
    assert answer.verdict == "none_within"
    return answer.excluded_by


def sentence(story: Any, *names: str, **options: Any) -> str:
    found = kept_out(story, *names, **options)
    assert found is not None
    return found.sentence


@pytest.fixture
def rumour(story: Any) -> Any:
    """From a to d in two steps that the site alleges, in three that the paper says, in one that is plain."""
    for name in "abcdxy":
        story.entity(name)
    story.entity("site", "MediaOutlet", "The Site")
    story.entity("paper", "MediaOutlet", "The Paper")
    story.claim("a", "supports", "b", modality="alleged", said_by="site")
    story.claim("b", "supports", "d", said_by="site")
    story.claim("a", "opposes", "c", said_by="paper")
    story.claim("c", "opposes", "x", said_by="paper", polarity="negated")
    story.claim("x", "opposes", "d", said_by="paper")
    return story


def test_the_filter_that_kept_the_nearest_path_out_is_read_aloud(rumour: Any) -> None:
    assert sentence(rumour, "a", "d") == "Without modality (reported) there is a path of 2 hops."
    site = Lens(not_said_by=(rumour.iri("site"),), polarity=("any",), modality=("any",))
    assert (
        sentence(rumour, "a", "d", lens=site, max_hops=2) == "Without not_said_by (The Site) there is a path of 2 hops."
    )
    turned = {"predicate": (f"^{rumour.iri('supports', 'kg')}",)}
    assert sentence(rumour, "a", "c", **turned) == "Without predicate (is supported by) there is a path of 1 hop."


def test_a_longer_path_is_not_named_for_a_nearer_one(rumour: Any) -> None:
    found = kept_out(rumour, "a", "d", Lens(not_said_by=(rumour.iri("site"),)))
    assert found is not None
    assert (found.filter, found.length) == ("polarity", 3)  # the nearest takes the lifting of two


def test_of_filters_that_are_equal_the_first_is_named(rumour: Any) -> None:
    both = Lens(said_by=(rumour.iri("paper"),), min_confidence=0.5)
    rumour.claim("y", "supports", "b", said_by="site", confidence=0.1)  # takes the lifting of both
    rumour.claim("y", "supports", "c", said_by="paper", confidence=0.1)
    rumour.claim("c", "supports", "b", said_by="paper", confidence=0.9)
    found = kept_out(rumour, "y", "b", both)
    assert found is not None
    assert (found.filter, found.length) == ("min_confidence", 2)
    rumour.claim("y", "supports", "x", said_by="site", confidence=0.9)
    rumour.claim("x", "supports", "b", said_by="paper", confidence=0.9)
    found = kept_out(rumour, "y", "b", both)
    assert found is not None
    assert (found.filter, found.value, found.length) == ("said_by", ("id:paper",), 2)


def test_where_no_filter_alone_is_enough_it_is_said(rumour: Any) -> None:
    found = kept_out(rumour, "a", "b", Lens(not_said_by=(rumour.iri("site"),)))
    assert found is not None
    assert (found.filter, found.value, found.length) == ("lens", None, 1)
    assert found.sentence == "Without any filter there is a path of 1 hop; lifting one alone is not enough."


def test_relations_that_no_claim_states_are_a_filter_and_what_all_have_in_common_is_none(rumour: Any) -> None:
    assert kept_out(rumour, "a", "y") is None  # though both are organisations
    rumour.add(rumour.iri("y"), "foaf:knows", [rumour.iri("a")], "imported")
    found = kept_out(rumour, "a", "y")
    assert found is not None
    assert (found.filter, found.value) == ("include", ("unattributed",))
    assert found.sentence == "With relations that no claim states there is a path of 1 hop."


def test_nothing_is_named_where_everything_is_looked_through(rumour: Any) -> None:
    everything = Lens(modality=("any",), polarity=(), include=("unattributed",))
    assert kept_out(rumour, "a", "y", everything) is None


def test_where_finding_out_takes_too_much_nothing_is_named_and_the_verdict_stays(rumour: Any) -> None:
    for n in range(40):
        rumour.entity(f"n{n}")
        rumour.claim("b", "supports", f"n{n}", modality="alleged")
    question = PathQuestion((rumour.iri("a"),), (rumour.iri("d"),))
    whole = paths(rumour.catalogue(), question)
    assert whole.excluded_by is not None
    least = whole.work.edges_scanned
    named = [kept_out(rumour, "a", "d", max_edges=edges) for edges in (*range(least, least + 200, 9), 10_000)]
    assert named[0] is None
    assert set(named) == {None, whole.excluded_by}
    assert named[-1] == whole.excluded_by
