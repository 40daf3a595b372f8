"""`CONTRACT.md`, clause by clause, through the public door: a test has the number and the first words of its clause."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import kgraph
from kgraph.errors import CursorError, EntityNotFoundError, GenerationGoneError, ParameterError
from kgraph.model import Paths
from kgraph.settings import Settings

CONTRACT = (Path(kgraph.__file__).parent / "traversal" / "CONTRACT.md").read_text("utf-8")

# subject relation object, and how it is said. Names begin alike within a piece that hangs together.
CLAIMS = """
fan-a opposes fan-b1 ; fan-b1 opposes fan-z
fan-a opposes fan-b2 ; fan-b2 opposes fan-z
fan-a opposes fan-b3 ; fan-b3 opposes fan-z
fan-a opposes fan-b4 ; fan-b4 opposes fan-z
fan-a opposes fan-b5 ; fan-b5 opposes fan-z
fan-a supports fan-c ; fan-c supports fan-d ; fan-d supports fan-z

two-a supports two-b ; two-a supports two-b article=a2 ; two-a supports two-b modality=alleged
two-a opposes two-b ; two-b partOf two-c

ring-a supports ring-b ; ring-b supports ring-c ; ring-c supports ring-a ; ring-a opposes ring-out
ring-d supports ring-e ; ring-d opposes ring-e ; ring-f supports ring-f

way-a supports way-b ; way-b supports way-d ; way-a supports way-c ; way-c supports way-d
way-a supports way-e ; way-e supports way-f ; way-f supports way-d ; way-a partnerOf way-p

hub-a supports hub-m ; hub-m supports hub-z ; hub-m supports hub-x1 ; hub-m supports hub-x2
hub-a supports hub-n ; hub-n supports hub-o ; hub-o supports hub-z
hub-loop supports hub-loop ; hub-l1 supports hub-loop ; hub-loop supports hub-l2

number-a memberCount 160 ; number-b memberCount 160 ; number-a supports number-c

rank-a supports rank-1hub ; rank-1hub supports rank-z
rank-1hub supports rank-x1 ; rank-1hub supports rank-x2 ; rank-1hub supports rank-x3 ; rank-1hub supports rank-x4
rank-a supports rank-2few ; rank-2few supports rank-z
rank-a supports rank-3few ; rank-3few supports rank-z
rank-a supports rank-4quote ; rank-4quote supports rank-z voice=direct-quote
rank-a supports rank-5many ; rank-5many supports rank-z ; rank-5many supports rank-z article=a2

light-a supports light-z confidence=0.25
light-a supports light-b ; light-a supports light-b article=a2 ; light-a supports light-b article=a3
light-b supports light-z ; light-b supports light-z article=a2 ; light-b supports light-z article=a3
light-a opposes light-y confidence=0

once-a supports once-z ; once-a supports once-z said_by=p1 via=p2 ; once-a supports once-z said_by=p2 article=a1
once-a opposes once-z ; once-a opposes once-z article=a2

known-a supports known-b ; known-b supports known-c time=t2019 confidence=0.2 article=a2 ; known-c supports known-d
known-c opposes known-e status=retracted ; known-c opposes known-f status=superseded

lens-a supports lens-m said_by=p1 ; lens-m supports lens-z said_by=p1 modality=alleged
lens-a supports lens-n modality=alleged ; lens-n supports lens-o ; lens-o supports lens-z
lens-a opposes lens-y said_by=p2 modality=alleged ; lens-a partOf lens-x
"""
CLAIMS += "\n".join(f"rung-{n} {how} rung-{n + 1}" for n in range(10) for how in ("supports", "opposes"))
PLAIN = "<https://w3id.org/kgraph/id/lens-x> <urn:near> <https://w3id.org/kgraph/id/lens-w> .\n"
"""What no claim states."""
ARTICLES: dict[str, dict[str, Any]] = {"a1": {}, "a2": {"published": "t2021"}, "a3": {}}
TIMES = {f"t{year}": {"text": year, "edtf": year, "basis": "stated"} for year in ("2019", "2021")}


def written(folder: Path, claims: str, name: str = "told") -> list[Path]:
    """The claims as claim files, one for each article, and the triples without claims."""
    documents: dict[str, dict[str, Any]] = {}
    for number, claim in enumerate(c for line in claims.splitlines() for c in line.split(" ; ") if c.strip()):
        subject, predicate, target, *how = claim.split()
        options = dict(option.split("=") for option in how)
        article = options.pop("article", "a1")
        source = {"id": article, "label": article, "sha256": "1" * 64, "length": 9999, "unknown": ["title"]}
        document = documents.setdefault(
            article,
            {"kgraph": 1, "source": source | ARTICLES[article], "times": TIMES, "entities": {}, "claims": []}
            | {"quantities": {"160": {"text": "160", "value": 160}}},
        )
        span = {"paragraph": 1 + number, "start": number, "end": number + 1, "sha256": "0" * 64, "quoted": True}
        object_ = {"amount" if target.isdecimal() else "object": target}
        told = {"subject": subject, "predicate": predicate, "at": span, "voice": "article-voice"}
        document["claims"].append(told | object_ | options)
        for end in {subject, target, *options.get("said_by", "").split(), *options.get("via", "").split()}:
            if not end.isdecimal():
                kind = "Person" if re.fullmatch(r"p\d", end) else "Ngo" if end == "way-f" else "Organisation"
                document["entities"][end] = {"type": kind, "label": end}
    files = [folder / f"{name}-{article}.yaml" for article in documents]
    for file, document in zip(files, documents.values(), strict=True):
        file.write_text(json.dumps(document))
    return files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all of it, to be copied where a test writes."""
    place = tmp_path_factory.mktemp("contract")
    (place / "plain.nt").write_text(PLAIN)
    with kgraph.open(place / "data", settings=Settings(data=place / "data")) as graph:
        graph.load(*written(place, CLAIMS), place / "plain.nt")
    return place / "data"


@pytest.fixture(scope="module")
def held(folder: Path) -> Iterator[kgraph.KnowledgeGraph]:
    with kgraph.open(folder) as graph:
        yield graph


Ask = Callable[..., Paths]


@pytest.fixture
def ask(held: kgraph.KnowledgeGraph) -> Ask:
    return held.paths


@pytest.fixture
def ways(held: kgraph.KnowledgeGraph) -> Callable[..., list[str]]:
    """The paths of a question, each as what follows the first hyphen of its nodes' names."""
    return lambda *names, **options: shown(held.paths(*names, **options))


def shown(answer: Paths) -> list[str]:
    return [" ".join(node.id.split("-", 1)[-1] for node in path.nodes) for path in answer.paths]


Ways = Callable[..., list[str]]


def test_every_clause_has_its_tests_and_every_test_its_clause() -> None:
    clauses = {
        f"test_{int(number):02}_{re.sub('[^a-z]+', '_', title.lower()).strip('_')}"
        for number, title in re.findall(r"^(\d+)\. \*\*(.+?)\*\*", CONTRACT, re.MULTILINE | re.DOTALL)
    }
    tests = {name for name in globals() if re.match(r"test_\d", name)}
    assert len(clauses) > 20
    assert {c for c in clauses if not any(t.startswith(c) for t in tests)} == set()
    assert {t for t in tests if not any(t.startswith(c) for c in clauses)} == set()


def test_01_filters_act_inside_the_search(ways: Ways) -> None:
    assert ways("fan-a", "fan-z", mode="k_shortest", k=5) == [f"a b{n} z" for n in range(1, 6)]
    assert ways("fan-a", "fan-z", predicate="supports", mode="k_shortest", k=1) == ["a c d z"]
    assert ways("fan-a", "fan-z", pattern="supports+") == ["a c d z"]
    assert ways("fan-a", "fan-z", avoid=[f"fan-b{n}" for n in range(1, 6)]) == ["a c d z"]
    assert ways("fan-a", "fan-z", via="fan-d", direction="forward") == ["a c d z"]


def test_02_a_step_is_one_relation(ask: Ask) -> None:
    answer = ask("two-a", "two-b", mode="all_simple")
    assert [[(edge.predicate, len(edge.claims)) for edge in path.edges] for path in answer.paths] == [
        [("kg:supports", 2)],
        [("kg:opposes", 1)],
    ]
    any_modality = ask("two-a", "two-b", predicate="supports", modality="any")
    assert len(any_modality.paths[0].edges[0].claims) == 3
    alleged = ask("two-a", "two-b", modality="alleged")
    assert [claim.modality for claim in alleged.paths[0].edges[0].claims] == ["alleged"]
    for target, layer in (("a1", "documents"), ("kg:Organisation", "types")):
        assert ask("two-c", target).verdict == "none_within"
        assert ask("two-c", target, include=layer).verdict == "found"


def test_03_a_path_repeats_no_node(ask: Ask) -> None:
    answer = ask("way-a", "way-d", mode="all_simple", max_hops=12)
    assert len(answer.paths) == 3
    for path in answer.paths:
        assert len({node.id for node in path.nodes}) == len(path.nodes) == path.length + 1 == len(path.edges) + 1


def test_04_from_a_node_to_itself(ways: Ways, ask: Ask) -> None:
    assert ways("ring-a", "ring-a", min_hops=0, mode="all_simple") == ["a"]
    assert ask("ring-a", "ring-a", min_hops=0).paths[0].length == 0
    assert ways("ring-a", "ring-a") == ["a b c a"]
    assert ask("ring-out", "ring-out").verdict == "none_within"
    assert ways("ring-d", "ring-d", mode="all_simple") == ["d e d", "d e d"]
    assert ways("ring-f", "ring-f", mode="all_simple") == ["f f"]


def test_05_hops_are_counted_with_their_bounds(ways: Ways, ask: Ask) -> None:
    assert ways("way-a", "way-d", mode="all_simple", max_hops=2) == ["a b d", "a c d"]
    assert ways("way-a", "way-d", mode="all_simple", min_hops=3, max_hops=3) == ["a e f d"]
    assert ask("way-a", "way-d", min_hops=4, max_hops=12).verdict == "none_within"
    assert ask("way-a", "way-d", max_hops=1).verdict == "none_within"
    assert ask("way-a", "way-b", min_hops=0, max_hops=0).verdict == "none_within"
    with pytest.raises(ParameterError, match="min_hops=3"):
        ask("way-a", "way-d", min_hops=3, max_hops=2)


def test_06_direction_is_a_matter_of_each_relation(ways: Ways) -> None:
    assert ways("way-d", "way-a", direction="forward") == []
    assert ways("way-d", "way-a", direction="backward") == ["d b a"]
    assert ways("way-d", "way-a", direction="forward", predicate="^supports") == ["d b a"]
    assert ways("way-p", "way-b", direction="forward") == ["p a b"]
    assert ways("way-p", "way-b", direction="forward", predicate="supports") == []
    assert ways("way-p", "way-b", direction="forward", predicate=["supports", "^partnerOf"]) == ["p a b"]


def test_07_a_pattern_is_matched_by_the_whole_path(ways: Ways) -> None:
    assert ways("way-a", "way-d", pattern="supports supports", mode="all_simple") == ["a b d", "a c d"]
    assert ways("way-a", "way-d", pattern="supports{3,4}") == ["a e f d"]
    assert ways("way-a", "way-d", pattern="supports") == []
    assert ways("way-d", "way-a", pattern="^(supports supports)", direction="forward", k=9, mode="k_shortest") == [
        "d b a",
        "d c a",
    ]
    assert ways("way-a", "way-d", pattern="(supports|supports?)*", mode="all_simple", max_hops=2) == ["a b d", "a c d"]
    assert ways("way-p", "way-b", pattern="partnerOf/supports") == ["p a b"]
    assert ways("way-a", "way-d", pattern="supports+", avoid=["way-b", "way-c"]) == ["a e f d"]
    assert ways("way-a", "way-a", pattern="supports*", min_hops=0) == ["a"]
    assert ways("way-a", "way-a", pattern="supports+", min_hops=0) == []


def test_08_nodes_to_pass_and_to_avoid(ways: Ways, ask: Ask) -> None:
    assert ways("way-a", "way-d", via=["way-f", "way-e"]) == ["a e f d"]
    assert ways("way-a", "way-d", via=["way-a", "way-d"]) == ["a b d"]
    assert ways("way-a", "way-d", avoid=["way-b", "way-c"]) == ["a e f d"]
    assert ways("way-a", "way-f", avoid_type="Organisation") == []
    assert ways("way-a", "way-f", avoid_type="Ngo") == ["a e f"]
    assert ways("way-a", "way-d", avoid_type="Ngo", min_hops=3) == []
    assert ways("way-a", "way-d", avoid_type="Ngo", min_hops=3, via="way-f") == ["a e f d"]
    assert ways("hub-a", "hub-z", avoid_hubs=3, via="hub-m") == ["a m z"]
    for avoided in ("way-a", "way-d", "way-e"):
        with pytest.raises(ParameterError, match="also asks for it"):
            ask("way-a", "way-d", via="way-e", avoid=avoided)
    with pytest.raises(ParameterError, match="at most 8"):
        ask("way-a", "way-d", via=[f"rank-x{n}" for n in range(1, 5)] + [f"fan-b{n}" for n in range(1, 6)])


def test_09_a_hub_has_more_relations_than_avoid_hubs(ways: Ways) -> None:
    assert ways("hub-a", "hub-z", avoid_hubs=4) == ["a m z"]
    assert ways("hub-a", "hub-z", avoid_hubs=3) == ["a n o z"]
    assert ways("hub-m", "hub-x1", avoid_hubs=1) == ["m x1"]
    assert ways("hub-l1", "hub-l2", avoid_hubs=4) == ["l1 loop l2"]
    assert ways("hub-l1", "hub-l2", avoid_hubs=3) == []


def test_10_several_sources_and_targets(ways: Ways) -> None:
    assert ways(["way-a", "way-e"], "way-d", mode="all_simple", direction="forward") == [
        "a b d",
        "a c d",
        "e f d",
        "a e f d",
    ]
    assert ways("way-a", ["way-f", "way-d"], mode="all_simple", min_hops=3, direction="forward") == ["a e f d"]
    assert ways(["way-b", "way-a"], ["way-b", "way-c"], min_hops=0) == ["b"]


def test_11_numbers_and_periods_end_a_path(ask: Ask, held: kgraph.KnowledgeGraph) -> None:
    number = held.entity("number-a").quantities[0].quantity
    assert ask("number-a", "number-b").verdict == "none_within"
    assert ask("number-c", number.id).paths[0].length == 2


def test_12_modes_agree(ask: Ask) -> None:
    for weight in (None, "sources", "confidence", "hubs"):
        for ends in (("rank-a", "rank-z"), ("light-a", "light-z"), ("way-a", "way-d")):
            every = ask(*ends, mode="all_simple", weight=weight).paths
            assert ask(*ends, weight=weight).paths == every[:1]
            assert ask(*ends, mode="k_shortest", k=2, weight=weight).paths == every[:2]
            equal = ask(*ends, mode="all_shortest", weight=weight).paths
            assert equal == every[: len(equal)]
            if weight is None:
                assert len(equal) == sum(path.length == every[0].length for path in every)


def test_13_the_order_is_total(ways: Ways) -> None:
    assert ways("rank-a", "rank-z", mode="all_shortest") == [
        "a 5many z",
        "a 4quote z",
        "a 2few z",
        "a 3few z",
        "a 1hub z",
    ]
    assert ways("light-a", "light-z", mode="all_simple") == ["a z", "a b z"]
    assert ways("light-a", "light-z", mode="all_simple", weight="sources") == ["a b z", "a z"]


def test_14_no_answer_depends_on_the_run(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "data"
    shutil.copytree(folder, place)
    asked: list[dict[str, Any]] = [
        {"source": "rank-a", "target": "rank-z", "mode": "all_simple"},
        {"source": ["way-a", "way-e"], "target": "way-d", "mode": "k_shortest", "weight": "hubs"},
        {"source": "light-a", "target": "light-z", "mode": "all_shortest", "weight": "sources"},
    ]
    answers = []
    for derived in ((), (), ("store", "index")):
        for name in derived:
            shutil.rmtree(place / name, ignore_errors=True)
        with kgraph.open(place) as graph:
            answers.append([graph.paths(**question).paths for question in asked])
    assert answers[0] == answers[1] == answers[2]
    assert all(answers[0])


def test_15_no_step_is_free(ways: Ways) -> None:
    assert ways("light-a", "light-z", weight="confidence") == ["a b z"]
    assert ways("light-a", "light-z", weight="sources") == ["a b z"]  # 2/3 of a hop instead of 1
    assert ways("light-a", "light-z", weight="hubs") == ["a z"]
    assert ways("light-a", "light-y", weight="confidence") == ["a y"]
    assert ways("way-a", "way-d", weight="sources", mode="all_simple") == ["a b d", "a c d", "a e f d"]
    assert ways("hub-a", "hub-z", weight="hubs", mode="all_simple") == ["a m z", "a n o z"]


def test_16_sources_count_once(ways: Ways, ask: Ask) -> None:
    assert len(ask("once-a", "once-z", predicate="supports").paths[0].edges[0].claims) == 3
    by_two = ask("once-a", "once-z", min_sources=2, mode="all_simple")
    assert [path.edges[0].predicate for path in by_two.paths] == ["kg:opposes"]
    first = ask("once-a", "once-z", mode="all_shortest").paths[0]
    assert first.edges[0].predicate == "kg:opposes"
    assert ask("once-a", "once-z", weight="sources").paths[0].edges[0].predicate == "kg:opposes"
    assert ask("lens-x", "lens-w", include="unattributed").verdict == "found"
    assert ask("lens-x", "lens-w", include="unattributed", min_sources=2).verdict == "none_within"


def test_17_what_is_not_known_is_not_excluded(ways: Ways) -> None:
    assert ways("known-a", "known-d") == ["a b c d"]
    for bound in (
        {"valid_from": "2019-06"},
        {"valid_until": "2019"},
        {"min_confidence": 0.2},
        {"published_until": "2021"},
    ):
        assert ways("known-a", "known-d", **bound) == ["a b c d"]
    for bound in (
        {"valid_from": "2020"},
        {"valid_until": "2018"},
        {"min_confidence": 0.3},
        {"published_until": "2020"},
    ):
        assert ways("known-a", "known-d", **bound) == []
        assert ways("known-a", "known-b", **bound) == ["a b"]
    assert ways("known-c", ["known-e", "known-f"], modality="any", polarity="any") == []


def test_18_an_unknown_end_is_an_error(ask: Ask) -> None:
    for names, options in (
        (("fan-a", "fan-q"), {}),
        (("fan-q", "fan-a"), {}),
        (("fan-a", "fan-z"), {"via": "fan-q"}),
        (("fan-a", "fan-z"), {"avoid": "fan-q"}),
    ):
        with pytest.raises(EntityNotFoundError, match="close to it: fan-"):
            ask(*names, **options)  # type: ignore[arg-type]


def test_19_none_within_is_proven(ask: Ask) -> None:
    none = ask("fan-a", "way-a")
    assert (none.verdict, none.stopped_by, none.paths) == ("none_within", None, ())
    whole = ask("way-a", "way-d", mode="all_simple")
    for edges in range(1, whole.work.edges_scanned):
        stopped = ask("way-a", "way-d", mode="all_simple", max_edges=edges)
        assert (stopped.verdict, stopped.stopped_by) == ("stopped", "max_edges")
        assert stopped.paths == whole.paths[: len(stopped.paths)]
    for edges in range(1, none.work.edges_scanned):
        assert ask("fan-a", "way-a", max_edges=edges).verdict == "stopped"


def test_20_each_limit_counts_one_thing(ask: Ask) -> None:
    whole = ask("way-a", "way-d", mode="all_simple")
    enough = ask("way-a", "way-d", mode="all_simple", max_edges=whole.work.edges_scanned)
    assert (enough.verdict, enough.paths) == ("found", whole.paths)
    less = ask("way-a", "way-d", mode="all_simple", max_edges=whole.work.edges_scanned - 1)
    assert less.stopped_by == "max_edges"
    assert less.work.edges_scanned == whole.work.edges_scanned - 1
    refused_too = ask("fan-a", "fan-z", predicate="supports")
    assert refused_too.work.edges_scanned > 6  # looked at, though only three relations are allowed
    late = ask("rung-0", "rung-10", mode="k_shortest", k=1000, max_hops=10, max_ms=1)
    assert (late.verdict, late.stopped_by) == ("stopped", "max_ms")
    for options in ({"mode": "k_shortest", "k": 2}, {"mode": "all_simple", "limit": 2}):
        few = ask("rung-0", "rung-10", max_hops=10, **options)
        assert (few.verdict, len(few.paths)) == ("found", 2)
    for limit in ("max_edges", "max_ms", "max_hops", "k", "limit"):
        with pytest.raises(ParameterError, match=limit):
            ask("way-a", "way-d", **{limit: 10**9})


def test_21_pages_join_to_the_whole(folder: Path, tmp_path: Path) -> None:
    for place in ("now", "then"):
        shutil.copytree(folder, tmp_path / place)
    asked = {"source": "rung-0", "target": "rung-4", "mode": "all_simple"}
    with kgraph.open(tmp_path / "now") as graph:
        whole = graph.paths(**asked)
        pages = [graph.paths(**asked, limit=5)]
        graph.load(*written(tmp_path, "rung-0 partOf rung-4"))
        while pages[-1].next:
            pages.append(graph.paths(**asked, limit=5, cursor=pages[-1].next))
        assert tuple(path for page in pages for path in page.paths) == whole.paths
        assert {page.generation for page in pages} == {whole.generation} != {graph.generation}
        with pytest.raises(CursorError, match="another question"):
            graph.paths("rung-0", "rung-3", mode="all_simple", limit=5, cursor=pages[0].next)
        newest = graph.paths(**asked, limit=5)
    with kgraph.open(tmp_path / "then") as graph, pytest.raises(GenerationGoneError, match=str(newest.generation)):
        graph.paths(**asked, limit=5, cursor=newest.next)


def test_22_a_cut_answer_says_how_to_go_on(ask: Ask, folder: Path, tmp_path: Path) -> None:
    whole = ask("rung-0", "rung-4", mode="all_simple")
    answer = ask("rung-0", "rung-4", mode="all_simple", limit=7)
    found = answer.paths
    while answer.again:
        assert answer.again["at"] == whole.generation
        answer = ask(**answer.again)
        found += answer.paths
    assert found == whole.paths
    answer = ask("rung-0", "rung-4", mode="all_simple", max_edges=3)
    asked = {"source": "rung-0", "target": "rung-4", "mode": "all_simple"}
    assert answer.again == asked | {"max_edges": 6, "at": whole.generation}
    while answer.again:
        answer = ask(**answer.again)
    assert (answer.verdict, answer.paths, answer.again) == ("found", whole.paths, None)
    shutil.copytree(folder, tmp_path / "data")
    with kgraph.open(tmp_path / "data", settings=Settings(data=tmp_path / "data", max_edges=5)) as graph:
        answer = graph.paths("rung-0", "rung-4", max_edges=3, max_ms=9)
        assert answer.again is not None
        assert answer.again["max_edges"] == 5
        last = graph.paths(**answer.again)
        assert (last.verdict, last.stopped_by, last.again) == ("stopped", "max_edges", None)


@pytest.mark.parametrize(
    ("names", "options", "named"),
    [
        ("lens-a lens-y", {}, ("modality", ("reported",), 1)),
        ("lens-a lens-z", {}, ("modality", ("reported",), 2)),
        ("lens-a lens-z", {"not_said_by": "p1"}, ("modality", ("reported",), 3)),
        ("lens-a lens-m", {"not_said_by": "p1", "max_hops": 2}, ("not_said_by", ("id:p1",), 1)),
        ("lens-a lens-y", {"not_said_by": "p2"}, ("lens", None, 1)),
        ("lens-a lens-w", {}, ("include", ("unattributed",), 2)),
        ("fan-a fan-z", {"predicate": "supports", "max_hops": 2}, ("predicate", ("kg:supports",), 2)),
        ("way-a way-d", {"avoid": ["way-b", "way-c"], "max_hops": 2}, ("avoid", ("id:way-b", "id:way-c"), 2)),
        ("way-a way-d", {"via": "way-f", "max_hops": 2}, ("via", ("id:way-f",), 2)),
        ("way-a way-d", {"avoid_type": "Ngo", "min_hops": 3}, ("avoid_type", ("kg:Ngo",), 3)),
        ("hub-a hub-z", {"avoid_hubs": 3, "max_hops": 2}, ("avoid_hubs", 3, 2)),
        ("known-a known-d", {"valid_until": "2018", "article": "a1"}, ("lens", None, 3)),
        ("known-a known-d", {"article": "a1"}, ("article", ("id:a1",), 3)),
        ("known-a known-d", {"valid_from": "2020"}, ("valid_from", "2020-01-01", 3)),
        ("known-a known-d", {"min_confidence": 0.3}, ("min_confidence", 0.3, 3)),
        ("known-a known-d", {"min_sources": 2}, ("min_sources", 2, 3)),
        ("known-a known-d", {"published_until": "2020"}, ("published_until", "2020-12-31", 3)),
        ("known-a known-d", {"voice": "paraphrase", "polarity": "negated"}, ("lens", None, 3)),
        ("fan-a way-a", {"not_said_by": "p1"}, None),
    ],
)
def test_23_the_filter_that_excluded_the_nearest_path_is_named(
    ask: Ask, names: str, options: dict[str, Any], named: tuple[Any, ...] | None
) -> None:
    answer = ask(*names.split(), **options)
    assert answer.verdict == "none_within"
    kept_out = answer.excluded_by
    assert (kept_out and (kept_out.filter, kept_out.value, kept_out.length)) == named
    nothing_left = ask(*names.split(), **options, max_edges=max(1, answer.work.edges_scanned))
    assert (nothing_left.verdict, nothing_left.excluded_by) == ("none_within", None)


def test_24_one_answer_is_of_one_generation(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "data")
    with kgraph.open(tmp_path / "data") as graph:
        before = graph.paths("way-a", "way-d", mode="all_shortest")
        graph.load(*written(tmp_path, "way-a supports way-b article=a3 ; way-a opposes way-d"))
        assert graph.paths("way-a", "way-d", mode="all_shortest").paths[0].length == 1
        assert graph.paths("way-a", "way-d", mode="all_shortest", at=before.generation).paths == before.paths


def test_25_what_connects_several(held: kgraph.KnowledgeGraph) -> None:
    three = ["way-b", "way-c", "way-f"]
    answers = [held.connect(names) for names in (three, three[::-1])]
    assert answers[0] == answers[1]
    assert answers[0].verdict == "found"
    assert len(answers[0].edges) <= 2 * (1 - 1 / 3) * 3  # all three are one step from d
    apart = held.connect(["way-b", "way-c", "fan-a"])
    assert apart.verdict == "none_within"
    assert [n.id for n in apart.nodes if "not connected with fan-a within 6 hops" in n.notes] == [
        "id:way-b",
        "id:way-c",
    ]


@pytest.mark.parametrize(
    ("names", "options"),
    [
        ("way-d way-a", {}),
        ("way-p way-b", {}),
        ("lens-a lens-m", {"said_by": ["p1", "p2"], "modality": "any"}),
        ("once-a once-z", {"not_said_by": "p1", "article": ["a1", "a2"], "predicate": "supports"}),
        ("ring-f ring-f", {"voice": "article-voice"}),
    ],
)
def test_26_the_query_beside_a_path_finds_it(held: kgraph.KnowledgeGraph, names: str, options: dict[str, Any]) -> None:
    answer = held.paths(*names.split(), **options)
    assert answer.sparql is not None
    rows = json.loads(held.sparql(answer.sparql, format="json").body)["results"]["bindings"]
    compress = held.namespaces.compress
    found = [{name: compress(term["value"]) for name, term in row.items()} for row in rows]
    (path,) = answer.paths
    between = {f"n{i}": node.id for i, node in enumerate(path.nodes[1:-1], 1)}
    ours = [row for row in found if between.items() <= row.items()]
    for number, edge in enumerate(path.edges, 1):
        assert {row[f"c{number}"] for row in ours} == {claim.id for claim in edge.claims}
    assert held.paths("way-a", "way-d", valid_from="2001").sparql is None
    assert held.paths("way-a", "way-a", min_hops=0).sparql is None
