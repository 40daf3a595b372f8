"""The SPARQL 1.1 Graph Store HTTP Protocol, clause by clause."""

from __future__ import annotations

from typing import Any

import pytest

TURTLE_WANTED = {"Accept": "text/turtle"}
TURTLE = {"Content-Type": "text/turtle"}
OWN = "https://w3id.org/kgraph/graph/"
TRIPLE = b"<urn:a> <urn:b> 1 ."


def triples(store: Any, address: str) -> set[str]:
    answer = store.get(address, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200
    return set(answer.text.splitlines())


LINE = '<urn:a> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .'


# ------------------------------------------------------------------ which graph


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/graphs?graph=http%3A//e.org/a%2525", "http://e.org/a%25"),
        ("/graphs?default", None),
        ("/graphs?default=", None),
        ("/graphs/a/b%20c", "http://testserver/graphs/a/b%20c"),
        ("/graphs/", "http://testserver/graphs/"),
    ],
)
def test_a_graph_is_named_by_a_parameter_or_by_the_address(writer: Any, fake: Any, address: str, name: str) -> None:
    writer.get(address)
    writer.put(address, content=TRIPLE, headers=TURTLE)
    writer.post(address, content=TRIPLE, headers=TURTLE)
    writer.delete(address)
    asked = [args[0] for verb, args, _ in fake.asked if verb.endswith("_graph")]
    assert asked == [name] * 4
    (document,) = fake.last("put_graph")[0][1:]
    assert document.base == (name or "http://testserver/graphs")


@pytest.mark.parametrize(
    "address",
    [
        "/graphs",
        "/graphs?graph=",
        "/graphs?graph=relative",
        "/graphs?graph=/a/b",
        "/graphs?graph=urn:a&graph=urn:b",
        "/graphs?graph=urn:a&default",
        "/graphs?default=urn:a",
        "/graphs?grph=urn:a",
        "/graphs?graph=%ff",
        "/graphs/a?graph=urn:a",
    ],
)
def test_an_address_that_names_no_graph_or_several_is_refused(writer: Any, fake: Any, address: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert writer.request(method, address, content=TRIPLE, headers=TURTLE).status_code == 400, method
    assert not fake.asked


def test_the_methods_are_told_and_no_other_is_taken(writer: Any) -> None:
    for address in ("/graphs?default", "/graphs/a"):
        assert writer.options(address).headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT"
        assert writer.patch(address).status_code == 405


# ------------------------------------------------------------------ GET and HEAD


@pytest.mark.parametrize(
    "media_type",
    [
        "text/turtle",
        "application/n-triples",
        "application/ld+json",
        "application/rdf+xml",
        "application/trig",
        "application/n-quads",
    ],
)
def test_a_graph_comes_in_the_syntax_asked_for(client: Any, media_type: str) -> None:
    answer = client.get("/graphs?default", headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type


def test_a_graph_in_no_syntax_there_is_is_not_acceptable(client: Any) -> None:
    assert client.get("/graphs?default", headers={"Accept": "image/png"}).status_code == 406


def test_a_graph_that_is_not_there_is_not_found(store: Any) -> None:
    for method in ("GET", "HEAD", "DELETE"):
        assert store.request(method, "/graphs?graph=urn:none").status_code == 404
        assert store.request(method, "/graphs/none").status_code == 404


def test_head_is_get_without_the_body(store: Any) -> None:
    got, head = (store.request(method, f"/graphs?graph={OWN}notes") for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers["etag"] == got.headers["etag"]


# ------------------------------------------------------------------ PUT


def test_put_makes_a_graph_then_replaces_it(store: Any) -> None:
    made = store.put("/graphs?graph=urn:put", content=TRIPLE, headers=TURTLE)
    assert (made.status_code, made.json()["created"]) == (201, ["urn:put"])
    assert made.headers["x-kgraph-generation"] == str(made.json()["generation"])
    assert triples(store, "/graphs?graph=urn:put") == {LINE}
    again = store.put("/graphs?graph=urn:put", content=TRIPLE, headers=TURTLE)
    assert (again.status_code, again.json()["committed"]) == (200, False)
    other = store.put("/graphs?graph=urn:put", content=b"<urn:c> <urn:d> <urn:e> .", headers=TURTLE)
    assert (other.status_code, other.json()["added"], other.json()["removed"]) == (200, 1, 1)
    assert triples(store, "/graphs?graph=urn:put") == {"<urn:c> <urn:d> <urn:e> ."}


def test_put_at_an_address_makes_the_graph_of_that_address(store: Any) -> None:
    made = store.put("/graphs/here/x", content=b"<> <y> <#z> .", headers=TURTLE)
    assert (made.status_code, made.json()["created"]) == (201, ["http://testserver/graphs/here/x"])
    here = "http://testserver/graphs/here"
    expected = {f"<{here}/x> <{here}/y> <{here}/x#z> ."}
    assert triples(store, "/graphs/here/x") == triples(store, f"/graphs?graph={here}/x") == expected


def test_an_empty_body_makes_an_empty_graph(store: Any) -> None:
    for media_type in ({}, {"Content-Type": "application/rdf+xml"}):
        name = f"urn:empty:{len(media_type)}{media_type.get('Content-Type', '')}"
        assert store.put("/graphs", params={"graph": name}, content=b"", headers=media_type).status_code == 201
        assert store.get("/graphs", params={"graph": name}).status_code == 200
        assert store.delete("/graphs", params={"graph": name}).status_code == 200
        assert store.get("/graphs", params={"graph": name}).status_code == 404


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/turtle; charset=utf-8", "<urn:a> <urn:b> 'ö' ."),
        ("application/n-triples", '<urn:a> <urn:b> "ö" .'),
        ("application/trig", "<urn:a> <urn:b> 'ö' ."),
        ("application/n-quads", '<urn:a> <urn:b> "ö" .'),
        ("application/ld+json", '{"@id": "urn:a", "urn:b": "ö"}'),
        (
            "application/rdf+xml",
            (
                '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
                '<r:Description r:about="urn:a"><u:b>ö</u:b></r:Description></r:RDF>'
            ),
        ),
    ],
)
def test_every_syntax_is_taken(store: Any, media_type: str, body: str) -> None:
    store.put("/graphs?graph=urn:syntax", content=body.encode(), headers={"Content-Type": media_type})
    assert triples(store, "/graphs?graph=urn:syntax") == {'<urn:a> <urn:b> "ö" .'}
    store.delete("/graphs?graph=urn:syntax")


@pytest.mark.parametrize("kind", ["text/html", "application/sparql-update", "multipart/form-data; boundary=x", ""])
def test_another_media_type_is_not_taken(writer: Any, fake: Any, kind: str) -> None:
    assert writer.put("/graphs?default", content=b"x", headers={"Content-Type": kind}).status_code == 415
    assert not fake.asked


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("text/turtle", "<urn:a> <urn:b> .\n", "body"),
        ("text/turtle", "<urn:a> <urn:b> <a b> .", "body"),
        ("application/n-quads", "<urn:a> <urn:b> <urn:c> <urn:g> .", "one graph is written at a time"),
        ("application/ld+json", "[" * 65 + "]" * 65, "deeper than 64"),
        ("application/ld+json", '{"@context": "http://127.0.0.1:9/c"}', "would have to be fetched"),
        ("application/rdf+xml", "<!DOCTYPE x [<!ENTITY e 'x'>]><x/>", "DOCTYPE"),
    ],
)
def test_a_body_that_does_not_parse_is_told_with_its_place(store: Any, kind: str, body: str, words: str) -> None:
    answer = store.put("/graphs?graph=urn:bad", content=body.encode(), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["title"]) == (400, "The body does not parse")
    assert words in answer.json()["detail"]
    assert "line" in answer.json()
    assert store.get("/graphs?graph=urn:bad").status_code == 404


def test_the_unnamed_graph_is_put_and_emptied(store: Any) -> None:
    put = store.put("/graphs?default", content=TRIPLE, headers=TURTLE)
    assert (put.status_code, put.json()["created"]) == (200, [])
    assert triples(store, "/graphs?default") == {LINE}
    assert store.delete("/graphs?default").json()["removed"] == 1
    assert triples(store, "/graphs?default") == set()


# ------------------------------------------------------------------ POST and DELETE


def test_post_adds_and_makes_a_graph_that_was_not_there(store: Any) -> None:
    assert store.post("/graphs?graph=urn:post", content=TRIPLE, headers=TURTLE).status_code == 201
    more = store.post("/graphs?graph=urn:post", content=b"<urn:a> <urn:b> 1, <urn:c> .", headers=TURTLE)
    assert (more.status_code, more.json()["added"]) == (200, 1)
    assert triples(store, "/graphs?graph=urn:post") == {LINE, "<urn:a> <urn:b> <urn:c> ."}
    nothing = store.post("/graphs?graph=urn:post", content=b"", headers=TURTLE)
    assert (nothing.status_code, nothing.json()["committed"]) == (200, False)


def test_post_to_the_store_makes_a_graph_and_says_where(store: Any) -> None:
    made = store.post("/graphs", content=TRIPLE, headers=TURTLE)
    assert made.status_code == 201
    where = made.headers["location"]
    assert made.json()["created"] == [where]
    assert where.startswith("http://testserver/graphs/")
    assert triples(store, where) == {LINE}


def test_a_form_adds_each_of_its_documents(store: Any) -> None:
    files = {
        "one": ("one.ttl", b"<urn:a> <urn:b> 1 .", "text/turtle"),
        "two": ("two.nt", b"<urn:a> <urn:b> <urn:c> .", "application/octet-stream"),
    }
    assert store.post("/graphs?graph=urn:form", files=files).status_code == 201
    assert triples(store, "/graphs?graph=urn:form") == {LINE, "<urn:a> <urn:b> <urn:c> ."}
    wrong = store.post("/graphs?graph=urn:form", files={"x": ("x.ttl", b"<urn:a> .", "text/turtle")})
    assert wrong.status_code == 400
    assert "x.ttl" in wrong.json()["detail"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nbody"),
        ("multipart/form-data; boundary=x", b"--x\r\nno end of head--x--"),
        ("multipart/form-data; boundary=x", b""),
    ],
)
def test_a_form_that_is_none_is_refused(writer: Any, fake: Any, kind: str, body: bytes) -> None:
    assert writer.post("/graphs?default", content=body, headers={"Content-Type": kind}).status_code == 400
    assert not fake.asked


def test_delete_takes_a_graph_away(store: Any) -> None:
    store.put("/graphs?graph=urn:gone", content=TRIPLE, headers=TURTLE)
    gone = store.delete("/graphs?graph=urn:gone")
    assert (gone.status_code, gone.json()["removed"], gone.json()["dropped"]) == (200, 1, ["urn:gone"])
    assert store.get("/graphs?graph=urn:gone").status_code == 404


def test_blank_nodes_are_named_by_content_so_a_document_sent_again_changes_nothing(store: Any) -> None:
    body = b"[] <urn:b> [ <urn:c> 1 ] ."
    store.put("/graphs?graph=urn:blank", content=body, headers=TURTLE)
    found = triples(store, "/graphs?graph=urn:blank")
    assert len(found) == 2
    for method in ("PUT", "POST"):
        again = store.request(method, "/graphs?graph=urn:blank", content=body, headers=TURTLE)
        assert again.json()["committed"] is False


def test_blank_nodes_come_back_as_such_and_can_be_asked_for(store: Any) -> None:
    store.put("/graphs?graph=urn:nodes", content=b"<urn:a> <urn:nodes> [ <urn:c> 1 ] .", headers=TURTLE)
    query = "SELECT ?x { GRAPH <urn:nodes> { <urn:a> <urn:nodes> ?x FILTER(isBlank(?x) && !isIRI(?x)) } }"
    found = store.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert [row["x"]["type"] for row in found] == ["bnode"]
    label = found[0]["x"]["value"]
    assert (
        f"_:{label} <urn:c>" in store.get("/graphs?graph=urn:nodes", headers={"Accept": "application/n-triples"}).text
    )
    assert store.get("/sparql", params={"query": f"ASK {{ GRAPH ?g {{ <bnode:{label}> <urn:c> 1 }} }}"}).json()[
        "boolean"
    ]


def test_the_same_document_in_two_graphs_speaks_of_two_things(store: Any) -> None:
    for name in ("urn:one", "urn:two"):
        store.put(f"/graphs?graph={name}", content=b"[] <urn:twice> 1 .", headers=TURTLE)
    query = "ASK { GRAPH <urn:one> { ?x <urn:twice> 1 } GRAPH <urn:two> { ?x <urn:twice> 1 } }"
    assert store.get("/sparql", params={"query": query}).json()["boolean"] is False


# ------------------------------------------------------------------ conditions (RFC 9110, 13.1)


def put(client: Any, graph: str, body: bytes = TRIPLE, **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.put(f"/graphs?graph={graph}", content=body, headers=TURTLE | given)


def test_a_graph_has_a_strong_tag_of_its_own_which_other_writes_leave_alone(store: Any) -> None:
    put(store, "urn:tag")
    first = store.get("/graphs?graph=urn:tag", headers=TURTLE_WANTED)
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    put(store, "urn:tag-other", b"<urn:x> <urn:y> 7 .")
    held = store.get("/graphs?graph=urn:tag", headers={"If-None-Match": tag, **TURTLE_WANTED})
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", tag)
    other = store.get("/graphs?graph=urn:tag", headers={"If-None-Match": tag, "Accept": "application/n-triples"})
    assert (other.status_code, other.headers["etag"] != tag) == (200, True)
    put(store, "urn:tag", b"<urn:x> <urn:y> 8 .")
    assert store.get("/graphs?graph=urn:tag", headers={"If-None-Match": tag, **TURTLE_WANTED}).status_code == 200


def test_who_read_an_older_graph_does_not_overwrite_a_newer_one(store: Any) -> None:
    put(store, "urn:lost")
    tag = store.get("/graphs?graph=urn:lost", headers=TURTLE_WANTED).headers["etag"]
    assert put(store, "urn:lost", b"<urn:x> <urn:y> 1 .", If_Match=tag).status_code == 200
    refused = put(store, "urn:lost", b"<urn:x> <urn:y> 2 .", If_Match=tag)
    assert (refused.status_code, refused.headers["content-type"]) == (412, "application/problem+json")
    assert store.delete("/graphs?graph=urn:lost", headers={"If-Match": tag}).status_code == 412
    posted = store.post("/graphs?graph=urn:lost", content=TRIPLE, headers={"If-Match": tag, **TURTLE})
    assert posted.status_code == 412
    assert len(triples(store, "/graphs?graph=urn:lost")) == 1
    assert (
        store.delete("/graphs?graph=urn:lost", headers={"If-Match": f'"x", {_tag(store, "urn:lost")}'}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("there", "header", "value", "status"),
    [
        (False, "If-None-Match", "*", 201),
        (True, "If-None-Match", "*", 412),
        (True, "If-Match", "*", 200),
        (False, "If-Match", "*", 412),
        (True, "If-Match", '"another"', 412),
        (True, "If-None-Match", '"another"', 200),
    ],
)
def test_a_graph_is_put_on_the_condition_that_it_is_or_is_not_there(
    store: Any, there: bool, header: str, value: str, status: int
) -> None:
    store.delete("/graphs?graph=urn:cond")
    if there:
        put(store, "urn:cond", b"<urn:x> <urn:y> 1 .")
    assert store.put("/graphs?graph=urn:cond", content=TRIPLE, headers={header: value, **TURTLE}).status_code == status


def test_a_weak_tag_is_no_condition_that_can_be_met(store: Any) -> None:
    put(store, "urn:weak")
    assert put(store, "urn:weak", If_Match=f"W/{_tag(store, 'urn:weak')}").status_code == 412


def _tag(client: Any, graph: str) -> str:
    return str(client.get(f"/graphs?graph={graph}", headers=TURTLE_WANTED).headers["etag"])


# ------------------------------------------------------------------ what may not be


@pytest.mark.parametrize("name", ["claims", "entities", "reported", "notes", "ontology"])
def test_kgraphs_own_graphs_are_read_and_not_written(store: Any, name: str) -> None:
    for method in ("PUT", "POST", "DELETE"):
        answer = store.request(method, f"/graphs?graph={OWN}{name}", content=TRIPLE, headers=TURTLE)
        assert (answer.status_code, answer.json()["graph"]) == (403, f"{OWN}{name}")
    assert store.get(f"/graphs?graph={OWN}ontology").status_code == 200


def test_kgraphs_own_terms_need_claims(store: Any) -> None:
    body = b"<urn:a> <https://w3id.org/kgraph/ns#demands> <urn:b> ."
    assert store.put("/graphs?graph=urn:terms", content=body, headers=TURTLE).status_code == 403


def test_a_body_longer_than_its_limit_is_refused_while_it_is_read(writer: Any, settings: Any, fake: Any) -> None:
    writer.app.state.settings = settings

    def pieces() -> Any:
        for _ in range(65):
            yield b"#" * 1_000_000

    answer = writer.put("/graphs?default", content=pieces(), headers=TURTLE)
    assert (answer.status_code, answer.json()["limit"]) == (413, "max_upload")
    assert writer.put("/graphs?default", content=b"#" * 2_000_000, headers=TURTLE).status_code == 200
    packed = writer.put("/graphs?default", content=b"x", headers={**TURTLE, "Content-Encoding": "gzip"})
    assert packed.status_code == 415
    assert len(fake.asked) == 1
