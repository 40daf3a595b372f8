"""The client: the same questions, answers and errors for a service and a file; typed columns; labels; evidence."""

from __future__ import annotations

import asyncio
import doctest
import importlib
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import networkx as nx
import pandas as pd
import pytest
import rdflib

from kgraph.client import AsyncClient, Client, Iri, Result
from kgraph.client.binding import bind, limited
from kgraph.client.extras import needed
from kgraph.client.http import HttpGraph
from kgraph.errors import EntityNotFoundError, LimitError, ParameterError, QuerySyntaxError, RemoteError

LETTER = "rights-groups-olympics-letter"
QUESTIONS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("search", ("IATP",), {}),
    ("entity", (LETTER,), {}),
    ("neighbourhood", (LETTER,), {"hops": 2, "limit": 5}),
    ("paths", ("amnesty-international", "antonio-guterres"), {"not_said_by": "bitter-winter"}),
    ("connect", (["amnesty-international", "human-rights-watch"],), {}),
    ("timeline", ("import-blockade",), {}),
    ("compare", ("bitter-winter",), {"other": ["modality=any", "not_said_by=bitter-winter"]}),
    ("sources", (), {}),
]
MODULES = ("binding", "client", "asyncclient", "columns", "faults", "result", "terms", "completion", "widget")


@pytest.mark.parametrize(("verb", "names", "options"), QUESTIONS)
def test_a_service_and_a_file_answer_the_same_and_every_answer_is_shown(
    verb: str, names: tuple[Any, ...], options: dict[str, Any], here: Client, there: Client
) -> None:
    a, b = (getattr(client, verb)(*names, **options) for client in (here, there))
    pd.testing.assert_frame_equal(a.df, b.df)
    assert len(a) == len(b) > 0
    assert a.markdown() == b.markdown()
    for page in (a._repr_html_(), b._repr_html_()):
        assert "<table>" in page
        assert "<script" not in page
        if verb not in ("search", "sources"):
            assert "<details>" in page


def test_an_answer_that_was_cut_says_how_to_go_on(there: Client) -> None:
    first = there.neighbourhood(LETTER, hops=2, limit=3)
    assert first.again
    second = there.neighbourhood(**first.again)
    assert not set(first.df["target"] + first.df["source"]) >= set(second.df["target"] + second.df["source"])
    assert "There is more" in first.markdown()


def test_the_evidence_of_a_path_is_cited_with_claim_and_place(client: Client) -> None:
    text = client.paths("amnesty-international", "antonio-guterres").markdown()
    assert "id:claim-" in text
    assert "P16" in text


def test_columns_have_the_types_of_their_terms(client: Client) -> None:
    frame = client.sparql(
        """SELECT * { VALUES (?n ?d ?ok ?x ?t ?when ?mixed ?iri) {
        (1 "2020-02-01"^^xsd:date true 1.5 "a\\tb\\n\\"c\\\\" "2020-02-01T10:00:00Z"^^xsd:dateTime 1 kg:Claim)
        (UNDEF UNDEF UNDEF 2.5e3 "é"@fr UNDEF "one" UNDEF) } } ORDER BY DESC(?n)"""
    ).df
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert kinds == {
        "n": "Int64",
        "d": "datetime64[s]",
        "ok": "boolean",
        "x": "float64",
        "t": "str",
        "when": "datetime64[us, UTC]",
        "mixed": "object",
        "iri": "str",
    }
    assert frame["t"].tolist() == ['a\tb\n"c\\', "é"]
    assert frame["mixed"].tolist() == [1, "one"]
    assert frame["n"].isna().tolist() == [False, True]
    assert frame["iri"][0] == "https://w3id.org/kgraph/ns#Claim"


def test_polars_has_them_too(here: Client) -> None:
    frame = here.sparql('SELECT * { VALUES (?n ?d) { (1 "2020-02-01"^^xsd:date) (UNDEF UNDEF) } }').pl
    assert {name: str(kind) for name, kind in frame.schema.items()} == {"n": "Int64", "d": "Date"}


def test_no_rows_no_columns_and_the_truth_are_tables(client: Client) -> None:
    assert client.sparql("SELECT ?a { ?a ?b <urn:nowhere> }").df.shape == (0, 1)
    assert client.sparql("SELECT * {}").df.shape[1] == 0
    truth = client.sparql("ASK { ?a ?b <urn:nowhere> }")
    assert not truth
    assert truth.df["answer"].tolist() == [False]
    assert client.sparql("ASK {}")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('" } DROP ALL # \\', None),
        (Iri("https://w3id.org/kgraph/id/ioc"), "https://w3id.org/kgraph/id/ioc"),
        (rdflib.URIRef("https://w3id.org/kgraph/id/ioc"), "https://w3id.org/kgraph/id/ioc"),
        ({"iri": "https://w3id.org/kgraph/id/ioc"}, "https://w3id.org/kgraph/id/ioc"),
        (3, None),
        (True, None),
        (2.5, None),
        (Decimal("1.25"), 1.25),
        (date(2020, 2, 1), None),
        (datetime(2020, 2, 1, 10, 30, tzinfo=UTC), None),
        (rdflib.Literal("chat", lang="fr"), "chat"),
    ],
)
def test_a_bound_value_comes_back_as_it_was_given(value: object, written: object, here: Client) -> None:
    (row,) = here.sparql("SELECT ?x WHERE { BIND(1 AS ?one) }", x=value)
    assert row == {"x": value if written is None else written}
    assert here.sparql("ASK { FILTER(?x = ?y) }", x=value, y=value)


def test_only_variables_are_bound_and_only_where_they_are_terms() -> None:
    query = """SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o FILTER("?s" != '?s' && BOUND(?s) && ?o<?s) # ?s
    } GROUP BY ?s ORDER BY ?s"""
    asked = bind(query, {"s": Iri("urn:a:b")})
    assert "".join(asked.split()) == "".join(
        [
            "SELECT",
            "(<urn:a:b>",
            "AS",
            "?s)",
            "(COUNT(?o)",
            "AS",
            "?n)",
            "{",
            "<urn:a:b>",
            "?p",
            "?o",
            'FILTER("?s"',
            "!=",
            "'?s'",
            "&&",
            "true",
            "&&",
            "?o<",
            "<urn:a:b>)",
            "#",
            "?s",
            "}",
            "GROUP",
            "BY",
            "(<urn:a:b>)",
            "ORDER",
            "BY",
            "(<urn:a:b>)",
        ]
    )
    assert bind("SELECT * { SERVICE kg:path { ?p kg:source ?s } }", {"s": Iri("urn:a:b")}).count("<urn:a:b>") == 1
    with pytest.raises(ParameterError, match=r"no variable \?x; it has \?o, \?p, \?s"):
        bind("ASK { ?s ?p ?o }", {"x": 1})
    for query in ("SELECT (1 AS ?x) {}", "ASK { VALUES ?x { 1 } }", "ASK {} VALUES (?x) { (1) }"):
        with pytest.raises(QuerySyntaxError, match="given a value from outside"):
            bind(query, {"x": 1})
    for wrong in (Iri("not an iri"), Iri("urn:a> <urn:b"), object(), [1]):
        with pytest.raises(ParameterError):
            bind("ASK { ?x ?y ?z }", {"x": wrong})


def test_a_limit_is_put_where_there_is_none() -> None:
    assert limited("SELECT * { ?s ?p ?o }", 5).endswith("\nLIMIT 5")
    assert limited("SELECT * { { SELECT * {} LIMIT 1 } } # end", 5).endswith("\nLIMIT 5")
    for query in ("SELECT * {} LIMIT 9", "ASK {}", "SELECT * {} VALUES ?x { 1 }"):
        assert limited(query, 5) == query


def test_triples_are_a_graph_in_rdflib_and_networkx(client: Client) -> None:
    found = client.sparql("CONSTRUCT { ?s kg:demands ?o } WHERE { GRAPH ?g { ?s kg:demands ?o } }")
    graph = found.to_rdflib()
    assert len(graph) == len(found) > 0
    assert len(found.to_networkx().edges) == len(found)
    assert list(found.df.columns) == ["subject", "predicate", "object"]
    with pytest.raises(ParameterError, match="three columns"):
        client.sparql("SELECT ?s { ?s a kg:Claim } LIMIT 1").to_rdflib()


def test_an_answer_is_a_graph_with_an_edge_for_each_claim(client: Client) -> None:
    near = client.neighbourhood(LETTER)
    graph = near.to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    claims = {claim["id"] for edge in near["edges"] for claim in edge["claims"]}
    assert {key for _, _, key in graph.edges(keys=True)} == claims
    assert all(data["article"] == "id:article-01" for _, _, data in graph.edges(data=True))
    assert graph.nodes[f"id:{LETTER}"]["label"]
    triples = near.to_rdflib()
    kg = rdflib.Namespace("https://w3id.org/kgraph/ns#")
    assert len(set(triples.subjects(rdflib.RDF.type, kg.Claim))) == len(claims)
    assert (rdflib.URIRef(f"https://w3id.org/kgraph/id/{LETTER}"), kg.demands, None) in triples


def test_a_graph_of_rows_can_be_written_for_other_programs(here: Client, tmp_path: Path) -> None:
    rows = here.sparql(
        """SELECT ?from ?to ?relation ?day ?sure WHERE {
        VALUES (?day ?sure) { ("2020-02-01"^^xsd:date 0.5) }
        ?claim rdf:subject ?from ; rdf:object ?to ; rdf:predicate ?relation ; kg:modality kgs:opined }"""
    )
    graph = rows.to_networkx()
    nx.write_graphml(graph, tmp_path / "graph.graphml")
    nx.write_gexf(graph, tmp_path / "graph.gexf")
    read = nx.read_graphml(tmp_path / "graph.graphml")
    assert len(read.edges) == len(graph.edges) > 0
    _, _, data = next(iter(read.edges(data=True)))
    assert data["relation"].startswith("https://w3id.org/kgraph/ns#")
    assert (data["day"], data["sure"]) == ("2020-02-01", 0.5)


def test_labels_come_in_one_request_and_are_kept(service: str) -> None:
    sent: list[httpx2.Request] = []
    with Client(service) as client:
        client._door._graph._http.event_hooks = {"request": [sent.append]}  # type: ignore[attr-defined]
        found = client.sparql("SELECT ?s ?p ?o { GRAPH ?g { ?s kg:demands ?o . ?s ?p ?o } } LIMIT 30")
        page = found._repr_html_()
        after = len(sent)
        assert page == found._repr_html_()
    assert "<td><a href" in page
    assert ">demands</a>" in page
    assert after <= 3  # the query, the labels, and once what the service says of itself
    assert len(sent) == after


def test_what_strangers_wrote_stays_text(here: Client) -> None:
    query = (
        'SELECT * { VALUES (?a ?b) { ("<script>alert(1)</script> | `x` [y](javascript:z)" <javascript:alert(1)>) } }'
    )
    found = here.sparql(query)
    assert "<script>" not in found._repr_html_()
    assert "href" not in found._repr_html_()
    assert "\\<script\\>" in found.markdown()
    assert "\\|" in found.markdown()


def test_errors_are_the_librarys_own_and_show_the_line_with_a_caret(client: Client) -> None:
    with pytest.raises(QuerySyntaxError) as wrong:
        client.sparql("SELECT * {\n  ?s ?p }")
    assert wrong.value.__notes__[0].splitlines() == ["line 2:   ?s ?p }", f"{' ' * 16}^"]
    with pytest.raises(EntityNotFoundError, match="amnesty-international"):
        client.entity("amnesty-internationl")
    with pytest.raises(ParameterError, match="hops"):
        client.neighbourhood("ioc", hops=99)
    assert "An answer has at most 100,000 rows" in client.limits


def service_of(*answers: httpx2.Response | httpx2.HTTPError) -> tuple[HttpGraph, list[str]]:
    asked: list[str] = []
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.headers.get("authorization", ""))
        one = left.pop(0)
        if isinstance(one, httpx2.HTTPError):
            raise one
        return one

    return HttpGraph("http://service", "secret", retries=2, transport=httpx2.MockTransport(answer)), asked


def test_what_passes_is_asked_again_and_what_does_not_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    busy = httpx2.Response(503, headers={"retry-after": "5"}, json={"detail": "busy"})
    graph, asked = service_of(httpx2.ConnectError("refused"), busy, httpx2.Response(200, json={"items": []}))
    assert graph.search("x") == {"items": []}
    assert asked == ["Bearer secret"] * 3
    assert waited == [0.25, 5.0]
    for answer in (httpx2.Response(404, json={"detail": "no"}), httpx2.ReadTimeout("late"), httpx2.Response(503)):
        graph, asked = service_of(answer)
        with pytest.raises(RemoteError):
            graph.search("x")
        assert len(asked) == 1


def test_a_limit_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = {"type": "x/problem/limit", "detail": "too many rows", "limit": "query_rows", "value": "100,000 rows"}
    client = Client("http://127.0.0.1:1")
    graph, _ = service_of(httpx2.Response(503, json=problem))
    monkeypatch.setattr(client, "_door", type("Door", (), {"sparql": lambda _self, query, _: graph.sparql(query)})())
    with pytest.raises(LimitError) as refused:
        client.sparql("SELECT * {}")
    assert "query_rows = 100,000 rows: ask for less" in refused.value.__notes__[0]


def test_the_asynchronous_twin_answers_the_same_at_once(here: Client, service: str) -> None:
    async def ask(where: str) -> list[Any]:
        async with AsyncClient(where) as client:
            several = [getattr(client, verb)(*names, **options) for verb, names, options in QUESTIONS]
            rows = client.sparql("SELECT ?label { ?x skos:prefLabel ?label }", x=await client.iri("ioc"))
            answers = await asyncio.gather(*several, rows)
            pieces = [piece async for piece in client.export("turtle", entity="ioc")]
            with pytest.raises(EntityNotFoundError):
                await client.entity("amnesty-internationl")
            return [*(answer.markdown() for answer in answers), b"".join(pieces), await client.limits()]

    wanted = [getattr(here, verb)(*names, **options).markdown() for verb, names, options in QUESTIONS]
    for where in (service, "graph.ttl"):
        got = asyncio.run(ask(where))
        assert got[: len(wanted)] == wanted
        assert got[-2] == b"".join(here.export("turtle", entity="ioc"))
        assert "rows" in got[-1]


def test_rows_that_were_awaited_are_shown_without_asking_from_the_event_loop(service: str) -> None:
    async def ask(labels: bool) -> tuple[str, list[bool], list[bool]]:
        async with AsyncClient(service, labels=labels) as client:
            asked: list[bool] = []
            beside = client._beside.sparql

            def noted(query: str, format: str) -> Any:
                asked.append(threading.current_thread() is threading.main_thread())
                return beside(query, format)

            client._beside.sparql = noted  # type: ignore[method-assign]
            rows = await client.sparql("SELECT ?who { ?letter kg:hasMember ?who }")
            before = list(asked)
            return rows._repr_html_(), before, asked

    page, before, after = asyncio.run(ask(True))
    assert "Amnesty International</a>" in page
    assert before == after == [False]
    later, before, after = asyncio.run(ask(False))
    assert later == page
    assert (before, after) == ([], [True])


def test_awaited_rows_stand_where_their_labels_cannot_be_had(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> int:
        async with AsyncClient(service) as client:
            monkeypatch.setattr(client._beside, "sparql", refused)
            return len(await client.sparql("SELECT ?who { ?letter kg:hasMember ?who }"))

    def refused(query: str, format: str) -> Any:
        raise RemoteError("busy", 503)

    assert asyncio.run(ask()) == 2


def test_the_methods_of_the_twins_have_the_same_names_and_words() -> None:
    both = [{name for name in vars(one) if not name.startswith("_")} for one in (Client, AsyncClient)]
    assert both[0] - {"prefixes", "namespaces"} == both[1]
    assert all(
        getattr(one, name).__doc__ for one, names in zip((Client, AsyncClient), both, strict=True) for name in names
    )


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_the_docstrings_run(module: str, here: Client) -> None:
    found = doctest.testmod(importlib.import_module(f"kgraph.client.{module}"), optionflags=doctest.ELLIPSIS)
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize("of", [Client, Result])
def test_every_public_name_of_the_client_shows_an_example(of: type) -> None:
    beside = {"close", "prepare", "columns"}  # one line says all of them
    names = {name for name in vars(of) if not name.startswith("_")} - beside
    assert [name for name in names if ">>>" not in (getattr(of, name).__doc__ or "")] == []


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="no such file or folder"):
        Client(tmp_path / "nothing.ttl")


def test_what_is_not_installed_is_told_with_its_extra() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"kgraph-claims\[notebook\]"):
        needed("no_such_module_here", "notebook")
