"""The SPARQL 1.1 protocol's update operation, clause by clause, then what an update does here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest

from kgraph.errors import GraphNotFoundError, ParameterError, QuerySyntaxError, WriteRefusedError

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-update"}
UPDATE = 'INSERT DATA { <urn:a> <urn:b> "100%25 + ö" }'
USING = "using-graph-uri=http://e.org/a%2525&using-graph-uri=http://e.org/b&using-named-graph-uri=http://e.org/c"


def test_both_ways_to_send_an_update_hand_on_the_same(writer: Any, fake: Any) -> None:
    writer.post("/update", content=f"update={quote(UPDATE)}&{USING}".encode(), headers=FORM)
    writer.post(f"/update?{USING}", content=UPDATE.encode(), headers=DIRECT)
    first, second = [rest for name, *rest in fake.asked if name == "update"]
    assert first == second
    assert first[0] == (UPDATE,)
    assert first[1]["using_graph_uri"] == ("http://e.org/a%25", "http://e.org/b")
    assert first[1]["using_named_graph_uri"] == ("http://e.org/c",)
    assert first[1]["base"] == "http://testserver/update"


def test_success_tells_the_generation_and_what_changed(writer: Any) -> None:
    answer = writer.post("/update", data={"update": UPDATE})
    assert answer.status_code == 200
    assert answer.headers["x-kgraph-generation"] == "8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "committed": True, "generation": 8, "added": 1, "removed": 0, "created": [], "dropped": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("method", "address", "content", "headers", "status"),
    [
        ("GET", "/update?update=CLEAR%20ALL", None, {}, 405),
        ("GET", "/update", None, {}, 405),
        ("PUT", "/update", b"CLEAR ALL", DIRECT, 405),
        ("DELETE", "/update", None, {}, 405),
        ("POST", "/update", b"update=CLEAR%20ALL&update=CLEAR%20ALL", FORM, 400),
        ("POST", "/update?update=CLEAR%20ALL", b"CLEAR ALL", DIRECT, 400),
        ("POST", "/update?update=CLEAR%20ALL", b"update=CLEAR%20ALL", FORM, 400),
        ("POST", "/update", b"", FORM, 400),
        ("POST", "/update", b"query=ASK%7B%7D", FORM, 400),
        ("POST", "/update", b"update=CLEAR%20ALL&query=ASK%7B%7D", FORM, 400),
        ("POST", "/update?default-graph-uri=urn:g", b"CLEAR ALL", DIRECT, 400),
        ("POST", "/update", b"update=\xff", FORM, 400),
        ("POST", "/update", b"\xff\xfe", DIRECT, 400),
        ("POST", "/update", b"CLEAR ALL", {"Content-Type": "application/sparql-update; charset=utf-16"}, 415),
        ("POST", "/update", b"CLEAR ALL", {"Content-Type": "application/sparql-query"}, 415),
        ("POST", "/update", b"CLEAR ALL", {"Content-Type": "text/plain"}, 415),
        ("POST", "/update", b"CLEAR ALL", {}, 415),
        ("POST", "/update", b"CLEAR ALL", {**DIRECT, "Content-Encoding": "gzip"}, 415),
        ("POST", "/update", b"#" * 1_000_001, DIRECT, 413),
        ("POST", "/sparql", b"update=CLEAR%20ALL", FORM, 400),
        ("POST", "/sparql", b"CLEAR ALL", DIRECT, 415),
        ("GET", "/sparql?update=CLEAR%20ALL", None, {}, 400),
    ],
)
def test_what_the_protocol_does_not_allow_is_a_problem(
    writer: Any, fake: Any, method: str, address: str, content: bytes | None, headers: dict[str, str], status: int
) -> None:
    answer = writer.request(method, address, content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert not fake.asked
    if address.startswith("/sparql"):
        assert "/update" in answer.text


def test_a_charset_of_utf_8_is_taken(writer: Any) -> None:
    headers = {"Content-Type": 'application/sparql-update; charset="UTF-8"'}
    assert writer.post("/update", content=UPDATE.encode(), headers=headers).status_code == 200


def test_the_methods_are_told(client: Any) -> None:
    assert client.options("/update").headers["allow"] == "OPTIONS, POST"
    assert client.get("/update").headers["allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QuerySyntaxError("a bracket is open", 2, 5, "{"), 400),
        (WriteRefusedError("urn:g", "is kgraph's own"), 403),
        (GraphNotFoundError("urn:g"), 404),
        (ParameterError("using_graph_uri", "x", "give an absolute IRI"), 400),
    ],
)
def test_each_refusal_has_its_status(writer: Any, fake: Any, error: Exception, status: int) -> None:
    fake.fails = error
    answer = writer.post("/update", data={"update": UPDATE})
    assert answer.status_code == status
    assert "using_graph_uri" not in answer.text


# ------------------------------------------------------------------ over a graph


def update(store: Any, text: str, **parameters: Any) -> Any:
    return store.post("/update", content=text.encode(), headers=DIRECT, params=parameters)


def ask(store: Any, pattern: str) -> bool:
    return bool(store.get("/sparql", params={"query": f"ASK {{ {pattern} }}"}).json()["boolean"])


def test_an_update_is_seen_by_the_next_query_and_is_in_the_log(store: Any) -> None:
    before = int(store.get("/livez").headers["x-kgraph-generation"])
    answer = update(store, "INSERT DATA { GRAPH <urn:t:seen> { <urn:a> <urn:b> 'x' } }")
    assert answer.json() == {
        "committed": True, "generation": before + 1, "added": 1, "removed": 0, "created": ["urn:t:seen"], "dropped": [],
    }  # fmt: skip
    assert ask(store, "GRAPH <urn:t:seen> { <urn:a> <urn:b> 'x' }")
    assert ask(store, "<urn:a> <urn:b> 'x'")


def test_an_update_that_changes_nothing_makes_no_generation(store: Any) -> None:
    first = update(store, "INSERT DATA { GRAPH <urn:t:same> { <urn:a> <urn:b> 1 } }").json()
    again = update(store, "INSERT DATA { GRAPH <urn:t:same> { <urn:a> <urn:b> 01 } }").json()
    assert (again["committed"], again["generation"]) == (False, first["generation"])


def test_relative_iris_are_resolved_against_the_address_of_the_service(store: Any) -> None:
    assert update(store, "INSERT DATA { GRAPH <urn:t:base> { <x> <#y> <../z> } }").status_code == 200
    assert ask(store, "<http://testserver/x> <http://testserver/update#y> <http://testserver/z>")


def test_where_sees_the_union_unless_the_protocol_names_graphs(store: Any) -> None:
    update(store, "INSERT DATA { GRAPH <urn:t:one> { <urn:s1> <urn:k> 1 } GRAPH <urn:t:two> { <urn:s2> <urn:k> 1 } }")
    text = "INSERT { GRAPH <urn:t:%s> { ?s <urn:found> true } } WHERE { ?s <urn:k> 1 }"
    assert update(store, text % "all").json()["added"] == 2
    assert update(store, text % "using", **{"using-graph-uri": "urn:t:one"}).json()["added"] == 1
    named = "INSERT { GRAPH <urn:t:named> { ?s <urn:found> true } } WHERE { GRAPH ?g { ?s <urn:k> 1 } }"
    assert update(store, named, **{"using-named-graph-uri": "urn:t:two"}).json()["added"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "WITH <urn:t:one> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { <urn:a> <urn:b> 1 } USING <urn:t:one> WHERE {}",
        "INSERT DATA { <urn:a> <urn:b> 1 } ; INSERT { <urn:a> <urn:b> 1 } USING NAMED <urn:t:one> WHERE {}",
    ],
)
def test_a_dataset_in_the_text_and_in_the_protocol_is_refused(store: Any, text: str) -> None:
    for name in ("using-graph-uri", "using-named-graph-uri"):
        answer = update(store, text, **{name: "urn:t:one"})
        assert (answer.status_code, answer.json()["parameter"]) == (400, name)


def test_a_dataset_of_no_iri_is_refused(store: Any) -> None:
    answer = update(store, "CREATE GRAPH <urn:t:x>", **{"using-graph-uri": "not an iri"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "using-graph-uri")


def test_all_operations_are_done_or_none(store: Any) -> None:
    answer = update(store, "INSERT DATA { <urn:t:none> <urn:b> 1 } ; DROP GRAPH <urn:t:never>")
    assert answer.status_code == 409
    assert "does not exist" in answer.json()["detail"]
    assert not ask(store, "<urn:t:none> ?p ?o")
    text = "INSERT DATA { <urn:t:n> <urn:n> 1 } ;\nINSERT { <urn:t:n> <urn:m> ?n } WHERE { <urn:t:n> <urn:n> ?n }"
    assert update(store, text).json()["added"] == 2


def test_empty_graphs_are_made_kept_and_dropped(store: Any) -> None:
    made = update(store, "CREATE GRAPH <urn:t:empty>").json()
    assert (made["committed"], made["created"], made["added"]) == (True, ["urn:t:empty"], 0)
    assert update(store, "CREATE GRAPH <urn:t:empty>").status_code == 409
    gone = update(store, "DROP GRAPH <urn:t:empty>").json()
    assert (gone["committed"], gone["dropped"]) == (True, ["urn:t:empty"])


def test_the_same_data_makes_new_blank_nodes(store: Any) -> None:
    text = "INSERT DATA { GRAPH <urn:t:blank> { _:x <urn:b> 1 } }"
    assert update(store, text).json()["added"] == update(store, text).json()["added"] == 1
    assert ask(
        store, "GRAPH <urn:t:blank> { ?x <urn:b> 1 . ?y <urn:b> 1 } FILTER(?x != ?y && isBlank(?x) && isBlank(?y))"
    )


@pytest.mark.parametrize(
    ("text", "graph"),
    [
        ("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", ""),
        ("INSERT DATA { GRAPH <https://w3id.org/kgraph/graph/claims> { <urn:a> <urn:b> 1 } }", "claims"),
        ("CLEAR GRAPH <https://w3id.org/kgraph/graph/notes>", "notes"),
    ],
)
def test_kgraphs_own_graphs_are_refused_by_name_and_with_the_reason(store: Any, text: str, graph: str) -> None:
    before = store.get("/livez").headers["x-kgraph-generation"]
    answer = update(store, text)
    assert answer.status_code == 403
    assert answer.json()["graph"].startswith(f"https://w3id.org/kgraph/graph/{graph}")
    assert "kgraph's own" in answer.json()["reason"]
    assert store.get("/livez").headers["x-kgraph-generation"] == before


def test_all_graphs_can_be_cleared_where_nothing_was_loaded(store: Any) -> None:
    update(store, "INSERT DATA { <urn:t:all> <urn:b> 1 GRAPH <urn:t:all> { <urn:t:all> <urn:b> 1 } }")
    assert update(store, "CLEAR ALL").status_code == 200
    assert not ask(store, "<urn:t:all> <urn:b> 1")
    assert store.get("/graphs?graph=https://w3id.org/kgraph/graph/ontology").status_code == 200


def test_kgraphs_own_terms_are_refused(store: Any) -> None:
    answer = update(store, "INSERT DATA { id:ioc kg:demands id:fifa }")
    assert answer.status_code == 403
    assert "claims" in answer.json()["reason"]


def test_what_does_not_parse_is_told_with_its_place(store: Any) -> None:
    answer = update(store, "INSERT DATA { <urn:a> <urn:b> 1 } ;\nINSERT DATA { ?x <urn:b> 1 }")
    assert answer.status_code == 400
    assert answer.json()["line"] == 2
    assert answer.json()["text"] == "INSERT DATA { ?x <urn:b> 1 }"


@pytest.mark.parametrize("text", ["LOAD <http://127.0.0.1:9/>", "DELETE WHERE { SERVICE <http://127.0.0.1:9/> {} }"])
def test_no_update_makes_this_service_ask_another(store: Any, text: str) -> None:
    answer = update(store, text)
    assert (answer.status_code, answer.json()["title"]) == (403, "Nothing is fetched from elsewhere")


def test_a_silent_load_succeeds_and_does_nothing(store: Any) -> None:
    answer = update(store, "LOAD SILENT <http://127.0.0.1:9/> INTO GRAPH <urn:t:load>")
    assert (answer.status_code, answer.json()["committed"]) == (200, False)
    done = update(store, "LOAD SILENT <http://127.0.0.1:9/> ; INSERT DATA { <urn:t:after> <urn:b> 1 }")
    assert (done.status_code, done.json()["added"]) == (200, 1)


def test_updates_at_the_same_time_are_all_kept(store: Any) -> None:
    update(store, "INSERT DATA { GRAPH <urn:t:count> { <urn:t:c> <urn:n> 0 } }")
    text = """WITH <urn:t:count> DELETE { ?c <urn:n> ?n } INSERT { ?c <urn:n> ?m }
              WHERE { ?c <urn:n> ?n BIND(?n + 1 AS ?m) }"""
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: update(store, text), range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert ask(store, "GRAPH <urn:t:count> { <urn:t:c> <urn:n> 6 }")


def test_the_service_says_that_it_takes_updates_where_writing_is_on(store: Any, seeded: Any) -> None:
    assert "SPARQL11Update" in store.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "SPARQL11Update" not in seeded.get("/sparql", headers={"Accept": "text/turtle"}).text


# ------------------------------------------------------------------ what a query of the same service is answered


def test_relative_iris_of_a_query_are_resolved_against_the_endpoint(store: Any) -> None:
    query = "CONSTRUCT { <s> <#p> </o> } WHERE {}"
    for host in ("testserver", "data.example:8080"):
        answer = store.get(
            "/sparql", params={"query": query}, headers={"Accept": "application/n-triples", "Host": host}
        )
        assert answer.text.split() == [f"<http://{host}/s>", f"<http://{host}/sparql#p>", f"<http://{host}/o>", "."]
    written = store.get("/sparql", params={"query": f"BASE <http://e/x/> {query}"}, headers={"Accept": "text/turtle"})
    assert "http://e/x/s" in written.text


def test_a_host_that_makes_no_iri_is_no_base(store: Any) -> None:
    answer = store.get("/sparql", params={"query": "ASK { <a> ?p ?o }"}, headers={"Host": "a<b"})
    assert answer.status_code == 400
    assert store.get("/sparql", params={"query": "ASK {}"}, headers={"Host": "a<b"}).json()["boolean"] is True


@pytest.mark.parametrize("where", ["/sparql", "/update"])
def test_a_function_nobody_knows_is_named_and_nothing_is_damaged(store: Any, where: str) -> None:
    text = "SELECT * { FILTER <urn:f>(1) }" if where == "/sparql" else "INSERT { } WHERE { FILTER <urn:f>(1) }"
    answer = store.post(where, data={where.strip("/").replace("sparql", "query"): text})
    assert (answer.status_code, answer.json()["function"]) == (422, "urn:f")
