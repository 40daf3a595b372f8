"""Path searches in SPARQL: the answers of `paths`, on the generation of the query, and never a part of them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import kgraph
from kgraph.errors import KGraphError, LimitError, PathSearchError, QuerySyntaxError
from kgraph.settings import Settings
from kgraph.sparql.pathsearch import TRIES, Expanded, Searching
from kgraph.sparql.pathterms import NOTHING, terms
from kgraph.sparql.work import Reply

ENDS = "path:source id:amnesty-international ; path:target id:antonio-guterres"
OUTPUTS = tuple(name for name, term in terms().items() if term.gives)
ALL = " ; ".join(f"path:{name} ?{name}" for name in OUTPUTS)
NEAR = ("amnesty-international", "antonio-guterres", "ngos-open-letter", "human-rights-watch", "ioc")


def rows(graph: kgraph.KnowledgeGraph, query: str, **asked: Any) -> list[dict[str, str]]:
    answer = graph.sparql(query, format="json", **asked)
    return [
        {name: term["value"] for name, term in row.items()} for row in json.loads(answer.body)["results"]["bindings"]
    ]


def searched(graph: kgraph.KnowledgeGraph, inside: str) -> list[dict[str, str]]:
    return rows(graph, f"SELECT * {{ SERVICE kg:path {{ [] {inside} }} }}")


# ------------------------------------------------------------------ the answers of `paths`


def written(asked: dict[str, Any]) -> str:
    """Arguments of the verb as a block says them."""
    said = []
    for name, value in asked.items():
        for one in value if isinstance(value, tuple) else (value,):
            things = terms()[name].range in ("Resource", "Class")
            said.append(f"path:{name} {f'id:{one}' if things else json.dumps(one)}")
    return " ; ".join(said)


def told(found: kgraph.model.Paths, expand: Any) -> list[Any]:
    """What of an answer a query can say."""
    return [
        (
            path.length,
            path.sentence,
            [node.iri for node in path.nodes],
            [
                (
                    *map(expand, (edge.source, edge.predicate, edge.target)),
                    edge.forward,
                    {expand(c.id) for c in edge.claims},
                )
                for edge in path.edges
            ],
        )
        for path in found.paths
    ]


def put_together(found: list[dict[str, str]]) -> list[Any]:
    """The same, of the rows of a query."""
    paths: dict[int, Any] = {}
    for row in sorted(found, key=lambda row: (int(row.get("path", 0)), int(row.get("step", 0)))):
        if "path" not in row:
            continue
        length, _, nodes, steps = paths.setdefault(
            int(row["path"]), (int(row["length"]), row["sentence"], [row["start"]], {})
        )
        assert nodes[0] == row["start"]
        if "step" not in row:
            assert (length, row["end"], row["claim"], row["edge"]) == (0, row["start"], NOTHING, NOTHING)
            continue
        number = int(row["step"])
        if number not in steps:
            assert row["from"] == nodes[-1]
            nodes.append(row["to"])
            steps[number] = (row["subject"], row["relation"], row["object"], row["forward"] == "true", set())
        steps[number][-1].update({row["claim"]} - {NOTHING})
    return [(n, sentence, nodes, [steps[i] for i in sorted(steps)]) for n, sentence, nodes, steps in paths.values()]


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    some = st.lists(st.sampled_from(NEAR), min_size=1, max_size=2, unique=True).map(tuple)
    optional = {
        "mode": st.sampled_from(["shortest", "all_shortest", "k_shortest", "all_simple"]),
        "k": st.integers(1, 4),
        "min_hops": st.integers(0, 3),
        "direction": st.sampled_from(["both", "forward", "backward"]),
        "predicate": st.sampled_from(
            [("hasMember", "^hasMember", "addresses"), ("^hasMember", "addressedTo", "addresses")]
        ),
        "pattern": st.sampled_from(["^hasMember/addresses", "(hasMember|^hasMember|addresses|^addresses)+"]),
        "weight": st.sampled_from(["sources", "confidence", "hubs"]),
        "avoid": st.just(("ioc",)),
        "via": st.just(("ngos-open-letter",)),
        "avoid_hubs": st.integers(2, 30),
        "not_said_by": st.just(("bitter-winter",)),
        "modality": st.sampled_from([("any",), ("reported", "alleged")]),
        "polarity": st.just(("any",)),
        "min_sources": st.integers(1, 2),
        "min_confidence": st.just(0.5),
        "include": st.sampled_from([("documents",), ("types", "codes"), ("unattributed",)]),
    }
    names = draw(st.lists(st.sampled_from(sorted(optional)), max_size=2, unique=True))
    chosen = {name: draw(optional[name]) for name in names}
    return {"source": draw(some), "target": draw(some), "max_hops": draw(st.integers(2, 4)), **chosen}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions())
def test_a_query_finds_the_very_paths_of_the_verb(graph: kgraph.KnowledgeGraph, asked: dict[str, Any]) -> None:
    try:
        wanted = graph.paths(**asked, limit=1000)
    except KGraphError as error:
        event("refused")
        refusal = error.detail.partition(":")[2]  # how a name is written before it differs: a block has IRIs
        with pytest.raises(PathSearchError, match=re.escape(refusal)):
            searched(graph, f"{written(asked)} ; {ALL}")
        return
    event(wanted.verdict)
    answer = graph.sparql(f"SELECT * {{ SERVICE kg:path {{ [] {written(asked)} ; {ALL} }} }}")
    found = [
        {n: t["value"] for n, t in row.items()}
        for row in json.loads(answer.body)["results"]["bindings"]
        if "edge" in row
    ]
    assert answer.verdicts == (wanted.verdict,)
    assert {row["verdict"] for row in found} == {wanted.verdict}
    assert put_together([{**row, "edge": row["edge"] if row["edge"] == NOTHING else "edge"} for row in found]) == told(
        wanted, graph.namespaces.expand
    )


# ------------------------------------------------------------------ rows


def test_rows_are_of_paths_of_steps_or_of_claims_as_is_asked(graph: kgraph.KnowledgeGraph) -> None:
    several = f"{ENDS} ; path:mode 'all_simple' ; path:max_hops 4"
    of_paths = searched(graph, f"{several} ; path:path ?p ; path:length ?l ; path:sentence ?s")
    assert len(of_paths) == len({row["p"] for row in of_paths}) > 1
    of_steps = searched(graph, f"{several} ; path:path ?p ; path:step ?step")
    assert len(of_steps) == sum(int(row["l"]) for row in of_paths)
    of_claims = searched(graph, f"{several} ; path:path ?p ; path:step ?step ; path:claim ?c")
    assert {(row["p"], row["step"]) for row in of_claims} == {(row["p"], row["step"]) for row in of_steps}


def test_an_edge_is_a_triple_term(graph: kgraph.KnowledgeGraph) -> None:
    asked = f"{ENDS} ; path:edge ?edge ; path:subject ?s ; path:relation ?p ; path:object ?o"
    query = f"SELECT * {{ SERVICE kg:path {{ [] {asked} }} FILTER(TRIPLE(?s, ?p, ?o) = ?edge) }}"
    answer = json.loads(graph.sparql(query, format="json").body)["results"]["bindings"]
    assert len(answer) == 2
    assert {row["edge"]["type"] for row in answer} == {"triple"}


def test_paths_are_joined_with_patterns_and_with_other_paths(graph: kgraph.KnowledgeGraph) -> None:
    query = f"""SELECT ?who ?paragraph ?first ?second WHERE {{
      SERVICE kg:path {{ [] {ENDS} ; path:claim ?claim ; path:length ?first }}
      ?claim kg:attributedTo ?who ; kg:evidence/kg:paragraph ?paragraph .
      SERVICE kg:path {{
        _:o path:source id:human-rights-watch ; path:target id:antonio-guterres ; path:length ?second }}
    }}"""
    found = rows(graph, query)
    assert {row["paragraph"] for row in found} == {"16"}
    assert {(row["first"], row["second"]) for row in found} == {("2", "2")}


def test_without_outputs_a_search_is_there_to_be_asked_for(graph: kgraph.KnowledgeGraph) -> None:
    for hops, there in ((1, False), (2, True)):
        answer = graph.sparql(f"ASK {{ SERVICE kg:path {{ [] {ENDS} ; path:max_hops {hops} }} }}", format="json")
        assert json.loads(answer.body)["boolean"] is there


def test_a_search_stands_in_every_form_of_query_and_group(graph: kgraph.KnowledgeGraph) -> None:
    block = f"SERVICE kg:path {{ [] {ENDS} ; path:subject ?s ; path:relation ?p ; path:object ?o }}"
    turtle = graph.sparql(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {block} }}", format="ntriples").body
    assert turtle.count(b"\n") == 2
    assert b"Amnesty" in graph.sparql(f"DESCRIBE ?s ?o WHERE {{ {block} }}", format="turtle").body
    inner = f"SELECT ?s {{ ?s kg:hasMember ?m FILTER EXISTS {{ {block} }} MINUS {{ ?m a kg:Person }} }}"
    assert rows(graph, f"SELECT DISTINCT ?s {{ {{ {inner} }} }}") == [{"s": f"{graph.namespaces.id}ngos-open-letter"}]


# ------------------------------------------------------------------ what is not there joins with nothing


def test_a_step_that_nobody_claims_is_said_by_nobody(tmp_path: Path) -> None:
    plain = tmp_path / "plain.nt"
    plain.write_text("<http://e.org/a> <http://e.org/knows> <http://e.org/b> .\n", "utf-8")
    with kgraph.open(tmp_path / "data") as one:
        one.load_plain(plain)
        block = (
            "SERVICE kg:path { [] path:source <http://e.org/a> ; path:target <http://e.org/b> ; "
            "path:include 'unattributed' ; path:step ?step ; path:claim ?claim }"
        )
        assert rows(one, f"SELECT * {{ {block} }}") == [{"step": "1", "claim": NOTHING}]
        assert rows(one, f"SELECT * {{ {block} ?claim kg:attributedTo ?who }}") == []
        kept = rows(one, f"SELECT * {{ {block} OPTIONAL {{ ?claim kg:attributedTo ?who }} }}")
        assert kept == [{"step": "1", "claim": NOTHING}]


def test_the_verdict_always_has_a_row(graph: kgraph.KnowledgeGraph) -> None:
    none = f"{ENDS} ; path:max_hops 1"
    assert searched(graph, f"{none} ; path:path ?p ; path:claim ?c") == []
    asked = f"{none} ; path:verdict ?v ; path:path ?p ; path:claim ?c ; path:end ?end"
    assert searched(graph, asked) == [{"v": "none_within", "c": NOTHING, "end": NOTHING}]
    assert graph.sparql(f"ASK {{ SERVICE kg:path {{ [] {none} }} }}").verdicts == ("none_within",)


# ------------------------------------------------------------------ limits


def test_a_search_that_a_limit_stopped_is_an_error_unless_the_verdict_is_asked_for(
    graph: kgraph.KnowledgeGraph,
) -> None:
    stopped = "path:source id:amnesty-international ; path:target id:slobodan-milosevic ; path:max_edges 10"
    with pytest.raises(
        LimitError, match="line 2, column 3: this path search did not end within max_edges = 10"
    ) as ended:
        rows(graph, f"ASK {{\n  SERVICE kg:path {{ [] {stopped} }} }}")
    assert (ended.value.limit, ended.value.value) == ("max_edges", "10")
    assert searched(graph, f"{stopped} ; path:verdict ?v ; path:path ?p") == [{"v": "stopped"}]


@pytest.fixture
def small(writable_folder: Path) -> Iterator[kgraph.KnowledgeGraph]:
    few = Settings(data=writable_folder, max_limit=3, max_ms=500, max_hops=5, query_timeout=5)
    with kgraph.open(writable_folder, settings=few) as one:
        yield one


def test_more_paths_than_a_page_may_hold_are_an_error_and_never_a_part(small: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(LimitError, match="found more than 3 paths: ask for fewer hops"):
        searched(small, f"{ENDS} ; path:mode 'all_simple' ; path:path ?p")
    assert len(searched(small, f"{ENDS} ; path:mode 'k_shortest' ; path:path ?p")) == 3
    with pytest.raises(PathSearchError, match="max_ms=501: give a whole number from 1 to 500"):
        searched(small, f"{ENDS} ; path:max_ms 501")
    with pytest.raises(PathSearchError, match="max_hops=6: give a whole number from 0 to 5"):
        searched(small, f"{ENDS} ; path:max_hops 6")


def test_more_rows_than_values_may_have_are_an_error(
    graph: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kgraph.sparql.pathsearch.MOST_ROWS", 3)
    two = f"SERVICE kg:path {{ [] {ENDS} ; path:step ?step }}"
    assert len(rows(graph, f"SELECT ?step {{ {two} }}")) == 2
    with pytest.raises(LimitError, match="give more than 3 rows") as ended:
        rows(graph, f"SELECT * {{ {two} {two.replace('?step', '?other')} }}")
    assert ended.value.limit == "path_rows"


def test_search_and_query_have_one_deadline(graph: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = graph._sparql._paths.walk  # type: ignore[union-attr]

    def slowly(*args: Any, **asked: Any) -> Any:
        time.sleep(0.2)
        return walk(*args, **asked)

    monkeypatch.setattr(graph._sparql._paths, "walk", slowly)
    with pytest.raises(LimitError) as ended:
        rows(graph, f"ASK {{ SERVICE kg:path {{ [] {ENDS} }} }}", timeout=0.1)
    assert ended.value.limit == "query_timeout"


# ------------------------------------------------------------------ faults beside and in a block


def test_a_fault_of_the_query_is_told_where_it_was_written(graph: kgraph.KnowledgeGraph) -> None:
    for between in (" ", "\n  "):
        query = f"SELECT * {{ SERVICE kg:path {{ [] {ENDS} ;{between}path:path ?p }} ?s ?p FILTER(1) }}"
        with pytest.raises(QuerySyntaxError) as here:
            rows(graph, query)
        line = query.split("\n")[-1]
        assert here.value.line == query.count("\n") + 1
        assert (here.value.column or 0) - 1 == line.index("(1)")
        assert here.value.text == line


def test_a_name_that_is_not_there_is_told_with_its_place_and_what_comes_close(graph: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(
        PathSearchError, match=r"close to it: Amnesty International \(id:amnesty-international\)"
    ) as none:
        rows(graph, "ASK { SERVICE kg:path { [] path:target id:ioc ;\n path:source id:amnesty } }")
    assert (none.value.line, none.value.column) == (2, 14)
    with pytest.raises(PathSearchError, match="mode=widest: known are shortest") as mode:
        rows(graph, f"ASK {{ SERVICE kg:path {{ [] {ENDS} ;\n path:mode 'widest' }} }}")
    assert (mode.value.line, mode.value.column) == (2, 12)


# ------------------------------------------------------------------ one generation


def test_what_is_committed_meanwhile_is_searched_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, plain = tmp_path / "data", tmp_path / "plain.nt"
    line = "<http://e.org/{}> <http://e.org/knows> <http://e.org/{}> .\n"
    plain.write_text(line.format("a", "b") + line.format("c", "d"), "utf-8")
    with kgraph.open(folder) as one:
        one.load_plain(plain)
        before = one.generation
        ask = one._sparql._readers.ask
        asked = []

        def after_a_commit(header: bytes, body: bytes, *rest: Any) -> Reply:
            if not asked:
                plain.write_text(line.format("b", "d"), "utf-8")
                one.load_plain(plain)
            asked.append(body)
            return ask(header, body, *rest)

        monkeypatch.setattr(one._sparql._readers, "ask", after_a_commit)
        block = "path:include 'unattributed' ; path:source <http://e.org/a> ; path:target <http://e.org/{}>"
        found = f"SERVICE kg:path {{ [] {block.format('d')} ; path:step ?step ; path:subject ?s }}"
        query = f"SELECT ?step ?o {{ {found} ?s <http://e.org/knows> ?o }}"
        answer = one.sparql(query, format="csv")
        assert sorted(answer.body.decode().split()[1:]) == ["1,http://e.org/b", "2,http://e.org/d"]
        assert answer.generation == one.generation == before + 1
        assert len(asked) == 2
        # what a commit does not change is not asked again
        asked.clear()
        answer = one.sparql(f"ASK {{ SERVICE kg:path {{ [] {block.format('b')} }} }}")
        assert (len(asked), answer.verdicts, answer.generation) == (1, ("found",), one.generation)


class Restless:
    """Finds something else at every generation, of which there is a new one whenever a query is asked."""

    generation = 1

    def walk(self, generation: int, *_: Any, **__: Any) -> Any:
        raise AssertionError(generation)


def test_a_query_whose_searches_never_stay_the_same_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Restless()
    searching = Searching("ASK {}", (), source, Settings(), 5, time.monotonic() + 5)
    monkeypatch.setattr(
        Searching, "expand", lambda _, at=None: Expanded(f"ASK {{}} # {at}", at or source.generation, ())
    )
    steps, sent, asked = searching.steps(), None, 0
    with pytest.raises(LimitError, match="changed 5 times") as ended:
        while True:
            step = steps.send(sent)
            if isinstance(step, str):
                asked += 1
                sent = Reply("ok", "", b"", asked + 1)
            else:
                sent = step()
    assert (asked, ended.value.limit) == (TRIES, "generation")


def test_a_generation_that_is_in_the_store_first_is_waited_for(graph: kgraph.KnowledgeGraph) -> None:
    searching = Searching("ASK {}", (), Restless(), Settings(), 0.05, time.monotonic() + 0.05)
    with pytest.raises(LimitError, match=r"took longer than 0\.05 s"):
        searching.expand(2)
