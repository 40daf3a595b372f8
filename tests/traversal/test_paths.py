"""Paths: modes, bounds, verdicts, order and evidence, seen by outcome."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.errors import EntityNotFoundError, ParameterError
from kgraph.model import Lens, Page, PathQuestion, Paths
from kgraph.traversal import paths

ANYTHING = Lens(modality=("any",), polarity=("any",))


def ask(story: Any, source: str, target: str, page: Page | None = None, **options: Any) -> Paths:
    """Ask with bare names."""
    for name in ("avoid", "via"):
        options[name] = tuple(story.iri(n) for n in options.get(name, ()))
    options["avoid_type"] = tuple(story.iri(n, "kg") for n in options.get("avoid_type", ()))
    options["predicate"] = tuple(
        "^" * n.startswith("^") + story.iri(n.removeprefix("^"), "kg") for n in options.get("predicate", ())
    )
    question = PathQuestion(
        tuple(story.iri(s) for s in source.split()), tuple(story.iri(t) for t in target.split()), **options
    )
    return paths(story.catalogue(), question, page)


def ways(answer: Paths) -> list[str]:
    """Each path as its nodes' bare names."""
    return [" ".join(n.id.removeprefix("id:") for n in path.nodes) for path in answer.paths]


def graph(story: Any, *relations: str) -> Any:
    """Relations such as `a hasMember b`."""
    for name in dict.fromkeys(end for r in relations for end in r.split()[::2]):
        story.entity(name)
    for relation in relations:
        subject, predicate, object_ = relation.split()
        story.claim(subject, predicate, object_)
    return story


@pytest.fixture
def diamond(story: Any) -> Any:
    """From a to d over b and over c, and a longer way over e and f."""
    return graph(
        story,
        "a hasMember b",
        "b hasMember d",
        "a hasMember c",
        "c hasMember d",
        "a hasMember e",
        "e hasMember f",
        "f hasMember d",
    )


def test_the_shortest_path_is_given_with_its_claims_and_a_sentence(letter: Any) -> None:
    answer = ask(letter, "ngo", "committee")
    assert answer.verdict == "found"
    assert ways(answer) == ["ngo coalition demand committee"]
    (path,) = answer.paths
    assert path.length == 3
    assert [e.forward for e in path.edges] == [False, True, True]
    assert [len(e.claims) for e in path.edges] == [2, 1, 1]
    assert path.edges[1].claims[0].where.paragraph == 4
    assert answer.work.edges_scanned > 0
    assert answer.lens == "reported, affirmed claims"


def test_several_claims_for_one_relation_are_one_step(letter: Any) -> None:
    answer = ask(letter, "ngo", "coalition", mode="all_simple")
    assert ways(answer) == ["ngo coalition"]
    assert len(answer.paths[0].edges[0].claims) == 2


def test_different_relations_between_the_same_nodes_are_different_paths(story: Any) -> None:
    graph(story, "a hasMember b", "a ledBy b")
    assert len(ask(story, "a", "b", mode="all_shortest").paths) == 2


def test_all_shortest_leaves_out_the_longer_way(diamond: Any) -> None:
    assert ways(ask(diamond, "a", "d", mode="all_shortest")) == ["a b d", "a c d"]


def test_all_simple_has_every_loopless_path_shortest_first(diamond: Any) -> None:
    answer = ask(diamond, "a", "d", mode="all_simple", direction="forward")
    assert ways(answer) == ["a b d", "a c d", "a e f d"]


def test_k_shortest_gives_as_many_as_asked_or_all_there_are(diamond: Any) -> None:
    assert ways(ask(diamond, "a", "d", mode="k_shortest", k=2)) == ["a b d", "a c d"]
    assert ask(diamond, "a", "d", mode="k_shortest", k=50, direction="forward").verdict == "found"


def test_no_path_within_the_bound_is_proven_not_guessed(diamond: Any) -> None:
    answer = ask(diamond, "a", "d", max_hops=1)
    assert (answer.verdict, answer.paths, answer.stopped_by) == ("none_within", (), None)


@pytest.mark.parametrize(("limit", "value"), [("max_edges", 1), ("max_ms", 0)])
def test_a_limit_is_named_and_never_looks_like_a_proof(diamond: Any, limit: str, value: int) -> None:
    answer = ask(diamond, "a", "d", **{limit: value})
    assert (answer.verdict, answer.stopped_by) == ("stopped", limit)


def test_a_search_stopped_half_way_gives_what_it_met(diamond: Any) -> None:
    whole = ask(diamond, "a", "d", mode="all_simple", direction="forward")
    answer = ask(diamond, "a", "d", mode="all_simple", direction="forward", max_edges=whole.work.edges_scanned - 1)
    assert answer.verdict == "stopped"
    assert ways(answer)[:2] == ["a b d", "a c d"]
    assert answer.next is None


def test_pages_join_to_the_whole_and_the_last_says_so(diamond: Any) -> None:
    def page(skip: int) -> Paths:
        return ask(diamond, "a", "d", Page(skip, 2, str), mode="all_simple", direction="forward")

    first, second = page(0), page(2)
    assert ways(first) + ways(second) == ["a b d", "a c d", "a e f d"]
    assert (first.next, second.next) == ("2", None)


def test_min_hops_asks_for_a_longer_way(diamond: Any) -> None:
    assert ways(ask(diamond, "a", "d", min_hops=3, direction="forward")) == ["a e f d"]


def test_a_node_is_connected_with_itself_by_nothing_or_by_the_shortest_cycle(story: Any) -> None:
    graph(story, "a hasMember b", "b hasMember c", "c hasMember a", "a demands x")
    assert ways(ask(story, "a", "a", min_hops=0, mode="all_simple")) == ["a"]
    assert ask(story, "a", "a", min_hops=0).paths[0].sentence == "Both ends are A."
    assert ways(ask(story, "a", "a")) == ["a b c a"]
    assert ask(story, "x", "x").verdict == "none_within"  # there and back over one relation is no cycle


def test_two_relations_between_two_nodes_and_a_loop_are_cycles(story: Any) -> None:
    graph(story, "a hasMember b", "a ledBy b", "c partOf c")
    assert ways(ask(story, "a", "a", mode="all_simple")) == ["a b a", "a b a"]
    assert ways(ask(story, "c", "c", mode="all_simple")) == ["c c"]


def test_direction_is_kept(diamond: Any) -> None:
    assert ask(diamond, "d", "a", direction="forward").verdict == "none_within"
    assert ways(ask(diamond, "d", "a", direction="backward")) == ["d b a"]


def test_a_relation_may_carry_its_own_direction(letter: Any) -> None:
    asked = {"direction": "forward", "predicate": ("^hasMember", "demands")}
    assert ways(ask(letter, "ngo", "demand", **asked)) == ["ngo coalition demand"]
    assert ask(letter, "demand", "ngo", **asked).verdict == "none_within"
    assert ask(letter, "ngo", "demand", predicate=("demands",)).verdict == "none_within"


def test_a_relation_without_direction_is_walked_both_ways(story: Any) -> None:
    graph(story, "a partnerOf b")
    for direction in ("forward", "backward"):
        assert ways(ask(story, "b", "a", direction=direction)) == ["b a"]
    assert ways(ask(story, "b", "a", pattern="partnerOf")) == ["b a"]


def test_a_pattern_is_walked_with_its_directions(letter: Any) -> None:
    assert ways(ask(letter, "ngo", "committee", pattern="^hasMember demands addressee")) == [
        "ngo coalition demand committee"
    ]
    assert ways(
        ask(
            letter, "ngo", "committee", pattern="^hasMember (demands|issued) (addressee|addressedTo)", mode="all_simple"
        )
    ) == [
        "ngo coalition demand committee",
        "ngo coalition letter committee",
    ]
    assert ask(letter, "ngo", "committee", pattern="hasMember demands addressee").verdict == "none_within"


def test_a_pattern_may_repeat(diamond: Any) -> None:
    assert ways(ask(diamond, "a", "d", pattern="hasMember{3}")) == ["a e f d"]
    assert ways(ask(diamond, "a", "d", pattern="hasMember+")) == ["a b d"]
    assert ways(ask(diamond, "a", "a", pattern="hasMember*", min_hops=0)) == ["a"]
    assert ask(diamond, "a", "a", pattern="hasMember+", min_hops=0).verdict == "none_within"


def test_an_avoided_node_is_not_passed_and_the_next_best_way_is_found(diamond: Any) -> None:
    assert ways(ask(diamond, "a", "d", avoid=("b", "c"))) == ["a e f d"]


def test_avoiding_what_the_question_asks_for_is_refused(diamond: Any) -> None:
    with pytest.raises(ParameterError, match="also asks for it"):
        ask(diamond, "a", "d", avoid=("d",))
    with pytest.raises(ParameterError, match="also asks for it"):
        ask(diamond, "a", "d", avoid=("b",), via=("b",))


def test_an_avoided_type_is_not_passed_but_may_be_an_end(letter: Any) -> None:
    assert ways(ask(letter, "coalition", "committee", avoid_type=("Demand",))) == ["coalition letter committee"]
    assert ways(ask(letter, "coalition", "demand", avoid_type=("Coalition", "Demand"), max_hops=1)) == [
        "coalition demand"
    ]


def test_every_via_is_passed_in_any_order(diamond: Any) -> None:
    assert ways(ask(diamond, "a", "d", via=("f",))) == ["a e f d"]
    assert ways(ask(diamond, "a", "d", via=("f", "e"), mode="all_simple", direction="forward")) == ["a e f d"]
    assert ask(diamond, "a", "d", via=("b", "c"), direction="forward").verdict == "none_within"
    assert ways(ask(diamond, "a", "d", via=("a", "d"))) == ["a b d"]


def test_too_many_via_are_refused(diamond: Any) -> None:
    for n in range(9):
        diamond.entity(f"v{n}")
    with pytest.raises(ParameterError, match="at most 8"):
        ask(diamond, "a", "d", via=tuple(f"v{n}" for n in range(9)))


def test_hubs_are_gone_round_but_may_be_ends(story: Any) -> None:
    graph(
        story,
        "a hasMember hub",
        "hub hasMember d",
        "hub hasMember x",
        "a hasMember b",
        "b hasMember c",
        "c hasMember d",
    )
    assert ways(ask(story, "a", "d")) == ["a hub d"]
    assert ways(ask(story, "a", "d", avoid_hubs=2)) == ["a b c d"]
    assert ways(ask(story, "hub", "x", avoid_hubs=1)) == ["hub x"]
    assert ways(ask(story, "a", "d", avoid_hubs=2, via=("hub",))) == ["a hub d"]


def test_of_several_sources_and_targets_the_nearest_pair_is_found(diamond: Any) -> None:
    assert ways(ask(diamond, "a e", "d", max_hops=3, mode="all_shortest", direction="forward")) == [
        "a b d",
        "a c d",
        "e f d",
    ]
    assert ways(ask(diamond, "a", "d f", direction="forward", mode="all_simple", max_hops=2)) == [
        "a b d",
        "a c d",
        "a e f",
    ]


def test_a_number_shared_by_two_connects_nothing_but_may_be_an_end(story: Any) -> None:
    graph(story, "a hasMember b")
    story.entity("z")
    story.quantity("three", "three", value=3)
    story.claim("a", "memberCount", "qty-three")
    story.claim("z", "memberCount", "qty-three")
    assert ask(story, "a", "z").verdict == "none_within"
    assert ways(ask(story, "b", "qty-three")) == ["b a qty-three"]


def test_an_allowed_path_is_not_lost_behind_refused_ones(story: Any) -> None:
    for n in range(5):
        graph(story, f"a demands b{n}", f"b{n} demands z")
    graph(story, "a hasMember c", "c hasMember d", "d hasMember z")
    answer = ask(story, "a", "z", predicate=("hasMember",), mode="k_shortest", k=1)
    assert ways(answer) == ["a c d z"]


def test_what_is_alleged_is_walked_only_when_asked_for(story: Any) -> None:
    graph(story)
    story.entity("a"), story.entity("b")
    story.claim("a", "hasMember", "b", modality="alleged")
    assert ask(story, "a", "b").verdict == "none_within"
    answer = ask(story, "a", "b", lens=Lens(modality=("alleged",)))
    assert answer.paths[0].sentence == "A has as member B (P1, alleged)."


def test_equally_short_paths_prefer_small_nodes_then_more_sources_then_quotation(story: Any) -> None:
    story.article("a2")
    graph(story, "s hasMember hub", "hub hasMember t", "hub hasMember x", "hub hasMember y")
    graph(story, "s hasMember one", "one hasMember t", "s hasMember two", "two hasMember t", "s hasMember quoted")
    story.claim("two", "hasMember", "t", article="a2")
    story.claim("quoted", "hasMember", "t", voice="direct-quote")
    assert ways(ask(story, "s", "t", mode="all_shortest")) == ["s two t", "s quoted t", "s one t", "s hub t"]


def test_fewer_sources_cost_more_when_weighed_by_sources(story: Any) -> None:
    story.article("a2"), story.article("a3")
    graph(story, "a hasMember d", "a hasMember b", "b hasMember d")
    for article in ("a2", "a3"):
        story.claim("a", "hasMember", "b", article=article)
        story.claim("b", "hasMember", "d", article=article)
    assert ways(ask(story, "a", "d", weight="sources", mode="all_simple")) == ["a b d", "a d"]
    assert ways(ask(story, "a", "d", weight="sources", mode="all_shortest")) == ["a b d"]
    assert ways(ask(story, "a", "d", mode="all_simple")) == ["a d", "a b d"]


def test_hubs_cost_more_when_weighed_by_hubs(story: Any) -> None:
    graph(story, "a hasMember hub", "hub hasMember d", *(f"hub hasMember x{n}" for n in range(20)))
    graph(story, "a hasMember b", "b hasMember c", "c hasMember d")
    assert ways(ask(story, "a", "d", weight="hubs")) == ["a b c d"]
    assert ways(ask(story, "a", "d", weight="hubs", max_hops=2)) == ["a hub d"]
    assert ways(ask(story, "a", "a", weight="hubs", min_hops=0)) == ["a"]


def test_an_unknown_weight_is_refused_with_the_known_ones(diamond: Any) -> None:
    with pytest.raises(ParameterError, match="sources, confidence, hubs"):
        ask(diamond, "a", "d", weight="beauty")


def test_an_unknown_end_is_named(diamond: Any) -> None:
    with pytest.raises(EntityNotFoundError, match="id:nobody"):
        ask(diamond, "a", "nobody")


@pytest.mark.parametrize("options", [{"min_hops": 3, "max_hops": 2}, {"min_hops": -1}, {"k": 0}])
def test_bounds_that_cannot_be_met_are_refused(diamond: Any, options: dict[str, int]) -> None:
    with pytest.raises(ParameterError):
        ask(diamond, "a", "d", **options)


def test_no_source_at_all_is_refused(diamond: Any) -> None:
    with pytest.raises(ParameterError, match="at least one"):
        ask(diamond, "", "d")


def test_codes_types_documents_and_plain_triples_are_walked_only_when_included(letter: Any) -> None:
    letter.entity("lone", "Coalition", "Lone")
    letter.add(letter.iri("lone"), "foaf:knows", [letter.iri("letter")], "imported")
    assert ask(letter, "lone", "coalition").verdict == "none_within"
    assert ways(ask(letter, "lone", "coalition", lens=Lens(include=("types",)))) == ["lone kg:Coalition coalition"]
    assert ways(ask(letter, "lone", "coalition", lens=Lens(include=("unattributed",)))) == ["lone letter coalition"]
    assert ask(letter, "demand", "kgs:withdraw-hosting").verdict == "none_within"
    assert ask(letter, "demand", "kgs:withdraw-hosting", lens=Lens(include=("codes",))).verdict == "found"
    with_documents = ask(letter, "ngo", "a2", lens=Lens(include=("documents",)), max_hops=2)
    assert ways(with_documents) == ["ngo coalition a2"]
    assert with_documents.paths[0].edges[1].predicate == "kg:assertedIn"


def test_the_same_question_has_the_same_answer_after_a_rebuild(diamond: Any) -> None:
    first = ask(diamond, "a", "d", mode="all_simple")
    diamond.quads.reverse()
    assert ask(diamond, "a", "d", mode="all_simple").paths == first.paths
