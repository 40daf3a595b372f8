"""Clauses of the W3C's SPARQL 1.1 protocol, graph store protocol and service description that no other test holds, over
a store of their own. `CLAUSES.md` beside this says where each clause is tested."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
TURTLE = {"Content-Type": "text/turtle"}
NT = {"Accept": "application/n-triples"}
SD = "http://www.w3.org/ns/sparql-service-description#"
ONE, TWO, NONE = "urn:clause:one", "urn:clause:two", "urn:clause:none"
NUMBERS = "SELECT ?o { ?s <urn:clause:n> ?o } ORDER BY ?o"
NAMED = "SELECT ?o { GRAPH ?g { ?s <urn:clause:n> ?o } } ORDER BY ?o"


@pytest.fixture(scope="module", autouse=True)
def numbered(store: Any) -> None:
    """Two graphs, each with a number of its own and one that both have."""
    for graph, number in ((ONE, 1), (TWO, 2)):
        body = f"<urn:clause:s> <urn:clause:n> {number} , 3 .".encode()
        assert store.put("/graphs", params={"graph": graph}, content=body, headers=TURTLE).status_code == 201


def numbers(store: Any, query: str, **dataset: list[str]) -> list[int]:
    """What a query finds, asked in each of the three ways the protocol has: they find the same."""
    given = [(name.replace("_", "-"), graph) for name, graphs in dataset.items() for graph in graphs]
    answers = [
        store.get("/sparql", params=[("query", query), *given]),
        store.post(
            "/sparql",
            content="&".join(f"{name}={quote(value)}" for name, value in [("query", query), *given]).encode(),
            headers=FORM,
        ),
        store.post("/sparql", params=given, content=query.encode(), headers=DIRECT),
    ]
    assert {answer.status_code for answer in answers} == {200}
    found = [[int(row["o"]["value"]) for row in answer.json()["results"]["bindings"]] for answer in answers]
    assert found[0] == found[1] == found[2]
    return found[0]


# ------------------------------------------------------------------ protocol: the dataset


def test_the_default_graph_is_made_of_the_graphs_named_for_it(store: Any) -> None:
    assert numbers(store, NUMBERS, default_graph_uri=[ONE]) == [1, 3]
    assert numbers(store, NUMBERS.replace("SELECT", "SELECT DISTINCT"), default_graph_uri=[ONE, TWO]) == [1, 2, 3]


@pytest.mark.xfail(
    strict=True, reason="the engine finds a triple once for each graph that has it; docs/sparql.md says so"
)
@pytest.mark.parametrize("dataset", [{"default_graph_uri": [ONE, TWO]}, {}])
def test_a_triple_of_two_graphs_stands_in_their_merge_once(store: Any, dataset: dict[str, list[str]]) -> None:
    assert numbers(store, NUMBERS, **dataset) == [1, 2, 3]


def test_graphs_named_for_the_default_graph_are_no_named_graphs(store: Any) -> None:
    assert numbers(store, NAMED, default_graph_uri=[ONE]) == []


def test_where_only_named_graphs_are_given_the_default_graph_is_empty(store: Any) -> None:
    assert numbers(store, NAMED, named_graph_uri=[TWO]) == [2, 3]
    assert numbers(store, NUMBERS, named_graph_uri=[ONE, TWO]) == []


def test_a_dataset_of_both_kinds(store: Any) -> None:
    assert numbers(store, NUMBERS, default_graph_uri=[ONE], named_graph_uri=[TWO]) == [1, 3]
    assert numbers(store, NAMED, default_graph_uri=[ONE], named_graph_uri=[TWO]) == [2, 3]


@pytest.mark.parametrize("clause", [f"FROM <{ONE}>", f"FROM <{ONE}> FROM <{NONE}>", f"FROM NAMED <{ONE}>"])
def test_the_dataset_of_the_protocol_goes_before_that_of_the_query(store: Any, clause: str) -> None:
    text = NUMBERS.replace("?o {", f"?o {clause} {{", 1)
    assert numbers(store, text) == ([] if "NAMED" in clause else [1, 3])
    assert numbers(store, text, default_graph_uri=[TWO]) == [2, 3]


def test_a_graph_that_is_not_there_is_an_empty_one_and_is_not_fetched(store: Any) -> None:
    assert numbers(store, NUMBERS, default_graph_uri=[NONE, "http://127.0.0.1:9/x"]) == []
    assert numbers(store, NUMBERS, default_graph_uri=[NONE, ONE]) == [1, 3]


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_dataset_of_no_iri_is_refused(store: Any, name: str) -> None:
    answer = store.get("/sparql", params={"query": NUMBERS, name: "no iri"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, name)


# ------------------------------------------------------------------ protocol: requests and answers


@pytest.mark.parametrize("where", ["/sparql", "/update"])
def test_a_query_and_an_update_at_once_are_refused(store: Any, where: str) -> None:
    assert store.post(where, data={"query": "ASK {}", "update": "CLEAR SILENT DEFAULT"}).status_code == 400


def test_an_update_sent_as_a_query_and_a_query_sent_as_an_update_do_not_parse(store: Any) -> None:
    assert store.post("/sparql", data={"query": f"DROP GRAPH <{ONE}>"}).status_code == 400
    assert store.post("/update", data={"update": "SELECT * { ?s ?p ?o }"}).status_code == 400
    assert numbers(store, NUMBERS, default_graph_uri=[ONE]) == [1, 3]


@pytest.mark.parametrize("text", ["", "SELECT", "ASK { ?s ?p }", "ASK {} ASK {}", "SELECT ?x { } GROUP BY ?y ?x ("])
def test_what_is_no_query_is_400_in_every_way_it_is_sent(store: Any, text: str) -> None:
    answers = [
        store.get("/sparql", params={"query": text}),
        store.post("/sparql", data={"query": text}),
        store.post("/sparql", content=text.encode(), headers=DIRECT),
    ]
    assert [answer.status_code for answer in answers] == [400] * 3
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("SELECT", "application/sparql-results+json", "application/sparql-results+json"),
        ("SELECT", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("SELECT", "text/csv", "text/csv; charset=utf-8"),
        ("SELECT", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("ASK", "application/sparql-results+json", "application/sparql-results+json"),
        ("ASK", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("CONSTRUCT", "text/turtle", "text/turtle; charset=utf-8"),
        ("CONSTRUCT", "application/rdf+xml", "application/rdf+xml"),
        ("DESCRIBE", "application/n-triples", "application/n-triples"),
        ("DESCRIBE", "application/ld+json", "application/ld+json"),
        ("SELECT", "*/*", "application/sparql-results+json"),
        ("CONSTRUCT", "*/*", "text/turtle; charset=utf-8"),
    ],
)
def test_each_form_is_answered_in_a_document_of_its_kind(store: Any, query: str, accept: str, media_type: str) -> None:
    """Rows and yes or no in a results document, graphs in RDF; GET and HEAD say the same of it."""
    text = {
        "SELECT": NUMBERS,
        "ASK": "ASK { ?s <urn:clause:n> 3 }",
        "CONSTRUCT": "CONSTRUCT WHERE { ?s <urn:clause:n> ?o }",
        "DESCRIBE": "DESCRIBE <urn:clause:s>",
    }[query]
    found = store.get("/sparql", params={"query": text}, headers={"Accept": accept})
    assert (found.status_code, found.headers["content-type"]) == (200, media_type)
    head = store.head("/sparql", params={"query": text}, headers={"Accept": accept})
    assert (head.status_code, head.headers["content-type"], head.content) == (200, media_type, b"")
    assert head.headers["content-length"] == found.headers["content-length"]


def test_rows_are_not_given_as_a_graph_nor_a_graph_as_rows(store: Any) -> None:
    for text, accept in ((NUMBERS, "text/turtle"), ("DESCRIBE <urn:clause:s>", "text/csv")):
        assert store.get("/sparql", params={"query": text}, headers={"Accept": accept}).status_code == 406


def test_the_methods_of_the_endpoints_are_told(store: Any) -> None:
    assert store.options("/sparql").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert store.delete("/sparql").status_code == 405


def test_the_base_of_a_query_sent_in_a_body_is_the_endpoint_too(store: Any) -> None:
    """And the query string is no part of it (RFC 3986, 5.1.3 and 5.2)."""
    text = "SELECT (STR(<>) AS ?here) (STR(<?x>) AS ?query) (STR(<a/../b>) AS ?up) (STR(<//e.org/x>) AS ?net) {}"
    asked = [
        store.get("/sparql", params={"query": text, "timeout": "5"}),
        store.post("/sparql", data={"query": text}),
        store.post("/sparql?timeout=5", content=text.encode(), headers=DIRECT),
    ]
    for answer in asked:
        [row] = answer.json()["results"]["bindings"]
        assert {name: value["value"] for name, value in row.items()} == {
            "here": "http://testserver/sparql",
            "query": "http://testserver/sparql?x",
            "up": "http://testserver/b",
            "net": "http://e.org/x",
        }


def test_base_in_the_text_is_itself_resolved_against_the_endpoint(store: Any) -> None:
    text = "BASE <deep/er/> SELECT (STR(<../x>) AS ?o) {}"
    answer = store.get("/sparql", params={"query": text}).json()
    assert answer["results"]["bindings"][0]["o"]["value"] == "http://testserver/deep/x"


def test_what_an_update_was_given_as_a_dataset_holds_for_every_operation(store: Any) -> None:
    text = ";".join(
        f"INSERT {{ GRAPH <urn:clause:{to}> {{ ?s <urn:clause:m> ?o }} }} WHERE {{ ?s <urn:clause:n> ?o }}"
        for to in ("first", "second")
    )
    headers = {"Content-Type": "application/sparql-update"}
    done = store.post("/update", params={"using-graph-uri": TWO}, content=text.encode(), headers=headers)
    assert (done.status_code, done.json()["added"]) == (200, 4)


# ------------------------------------------------------------------ graph store


def lines(store: Any, address: str) -> set[str]:
    answer = store.get(address, headers=NT)
    assert answer.status_code == 200
    return set(answer.text.splitlines())


def test_deleting_a_graph_that_is_not_there_is_404(store: Any) -> None:
    for address in (f"/graphs?graph={NONE}", "/graphs/clause-none"):
        assert store.delete(address).status_code == 404
        assert store.head(address).status_code == 404
        store.put(address, content=b"<urn:a> <urn:b> 1 .", headers=TURTLE)
        assert store.delete(address).status_code == 200
        assert store.delete(address).status_code == 404


def test_the_unnamed_graph_is_always_there(store: Any) -> None:
    assert store.delete("/graphs?default").status_code == 200
    assert store.delete("/graphs?default").status_code == 200
    assert lines(store, "/graphs?default") == set()
    posted = store.post("/graphs?default", content=b"<urn:a> <urn:b> <urn:c> .", headers=TURTLE)
    assert (posted.status_code, posted.headers.get("location")) == (200, None)
    assert lines(store, "/graphs?default") == {"<urn:a> <urn:b> <urn:c> ."}
    store.delete("/graphs?default")


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_graph_of_another_server_is_the_base_of_what_is_sent_for_it(store: Any, method: str) -> None:
    address = "/graphs?graph=http%3A%2F%2Fother.example%2Fa%2Fb%3Fc"
    assert store.request(method, address, content=b"<> <x> <../y#z> .", headers=TURTLE).status_code == 201
    other = "http://other.example"
    assert lines(store, address) == {f"<{other}/a/b?c> <{other}/a/x> <{other}/y#z> ."}
    store.delete(address)


def test_labels_of_two_documents_are_two_nodes_in_one_graph(store: Any) -> None:
    """Posting merges: what two documents call alike is not the same thing."""
    address = "/graphs?graph=urn:clause:merge"
    for predicate in ("p", "q"):
        store.post(address, content=f"_:same <urn:clause:{predicate}> 1 .".encode(), headers=TURTLE)
    ask = "ASK { GRAPH <urn:clause:merge> { ?x <urn:clause:p> 1 ; <urn:clause:q> 1 } }"
    assert len(lines(store, address)) == 2
    assert store.get("/sparql", params={"query": ask}).json()["boolean"] is False


def test_a_form_of_two_documents_merges_them_too(store: Any) -> None:
    files = [("file", (f"{p}.ttl", f"_:same <urn:clause:{p}> 1 .".encode(), "text/turtle")) for p in "pq"]
    assert store.post("/graphs?graph=urn:clause:form", files=files).status_code == 201
    ask = "ASK { GRAPH <urn:clause:form> { ?x <urn:clause:p> 1 ; <urn:clause:q> 1 } }"
    assert len(lines(store, "/graphs?graph=urn:clause:form")) == 2
    assert store.get("/sparql", params={"query": ask}).json()["boolean"] is False


def test_a_form_with_one_document_that_fails_adds_none(store: Any) -> None:
    files = [
        ("file", ("a.ttl", b"<urn:a> <urn:b> 1 .", "text/turtle")),
        ("file", ("b.ttl", b"<urn:a> .", "text/turtle")),
    ]
    assert store.post("/graphs?graph=urn:clause:half", files=files).status_code == 400
    assert store.get("/graphs?graph=urn:clause:half").status_code == 404
    kind = [("file", ("a.txt", b"hello", "text/markdown"))]
    assert store.post("/graphs?graph=urn:clause:half", files=kind).status_code == 415


def test_what_was_posted_to_the_store_can_be_read_replaced_and_deleted_where_it_says(store: Any) -> None:
    made = [store.post("/graphs", content=b"<> <urn:b> 1 .", headers=TURTLE) for _ in range(2)]
    where = [answer.headers["location"] for answer in made]
    assert len(set(where)) == 2, "each a graph of its own"
    assert lines(store, where[0]) == {f'<{where[0]}> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .'}
    assert lines(store, f"/graphs?graph={quote(where[1])}") == lines(store, where[1])
    assert store.put(where[0], content=b"<urn:x> <urn:y> <urn:z> .", headers=TURTLE).status_code == 200
    assert lines(store, where[0]) == {"<urn:x> <urn:y> <urn:z> ."}
    assert [store.delete(one).status_code for one in where] == [200, 200]


def test_head_of_a_graph_says_what_get_says(store: Any) -> None:
    address = f"/graphs?graph={ONE}"
    for accept in ("text/turtle", "application/rdf+xml"):
        got, head = (store.request(method, address, headers={"Accept": accept}) for method in ("GET", "HEAD"))
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-type", "content-length", "etag"):
            assert head.headers[name] == got.headers[name], name


def test_without_a_key_the_graph_store_is_read_and_not_written(store: Any) -> None:
    key = store.headers.pop("Authorization")
    try:
        for method in ("PUT", "POST", "DELETE"):
            refused = store.request(method, f"/graphs?graph={ONE}", content=b"", headers=TURTLE)
            assert (refused.status_code, "www-authenticate" in refused.headers) == (401, True)
        assert store.get(f"/graphs?graph={ONE}").status_code == 200
    finally:
        store.headers["Authorization"] = key


# ------------------------------------------------------------------ service description


@pytest.mark.parametrize(
    ("media_type", "syntax"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
    ],
)
def test_the_endpoint_without_a_query_gives_one_service_whose_endpoint_it_is(
    store: Any, media_type: str, syntax: RdfFormat
) -> None:
    """In the syntax asked for; with its dataset, default graph, and each named graph there is, named once."""
    answer = store.get("/sparql", headers={"Accept": media_type, "Host": "data.example"})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    said = [quad.triple for quad in parse(answer.content, syntax)]

    def objects(subject: Any, name: str) -> list[Any]:
        return [t.object for t in said if t.subject == subject and t.predicate == NamedNode(SD + name)]

    type_ = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    [service] = {t.subject for t in said if t.predicate == type_ and t.object == NamedNode(f"{SD}Service")}
    assert objects(service, "endpoint") == [NamedNode("http://data.example/sparql")]
    assert {o.value.removeprefix(SD) for o in objects(service, "supportedLanguage")} == {
        "SPARQL11Query",
        "SPARQL11Update",
    }
    assert {o.value.removeprefix(SD) for o in objects(service, "feature")} >= {"UnionDefaultGraph", "EmptyGraphs"}
    [dataset] = objects(service, "defaultDataset")
    assert len(objects(dataset, "defaultGraph")) == 1
    names = [objects(node, "name") for node in objects(dataset, "namedGraph")]
    assert all(len(one) == 1 for one in names)
    query = "SELECT ?g { GRAPH ?g {} }"
    there = {row["g"]["value"] for row in store.get("/sparql", params={"query": query}).json()["results"]["bindings"]}
    assert {one[0].value for one in names} == there


def test_every_format_that_the_description_names_is_given(store: Any) -> None:
    formats = {
        "SPARQL_Results_JSON": "application/sparql-results+json",
        "SPARQL_Results_XML": "application/sparql-results+xml",
        "SPARQL_Results_CSV": "text/csv",
        "SPARQL_Results_TSV": "text/tab-separated-values",
        "Turtle": "text/turtle",
        "TriG": "application/trig",
        "N-Triples": "application/n-triples",
        "N-Quads": "application/n-quads",
        "JSON-LD": "application/ld+json",
        "RDF_XML": "application/rdf+xml",
    }
    text = store.get("/sparql", headers=NT).text
    told = {
        line.split()[2].strip("<>").rpartition("/")[2] for line in text.splitlines() if f"<{SD}resultFormat>" in line
    }
    assert told == set(formats)
    for name, media_type in formats.items():
        query = NUMBERS if "Results" in name else "DESCRIBE <urn:clause:s>"
        answer = store.get("/sparql", params={"query": query}, headers={"Accept": media_type})
        assert answer.headers["content-type"].partition(";")[0] == media_type
