"""Over HTTP on the shipped seeds: what a stranger must be able to see, and paging, tags and links on real answers."""

from __future__ import annotations

from typing import Any

import pytest

COALITION = "rights-groups-olympics-letter"


def test_a_misprint_finds_whom_it_means(seeded: Any) -> None:
    hit = seeded.get("/search?q=IATP").json()["items"][0]
    assert hit["label"] == "Inter-Parliamentary Alliance on China"
    assert hit["matched"] == "IATP"


def test_two_steps_from_a_coalition_show_letter_demand_addressee_and_size(seeded: Any) -> None:
    near = seeded.get("/neighbourhood", params={"entity": COALITION, "hops": 2}).json()
    kinds = {node["type"] for node in near["nodes"]}
    assert {"kg:Letter", "kg:Demand", "kg:InternationalBody"} <= kinds
    assert 160 in [node["quantity"]["value"] for node in near["nodes"] if node["quantity"]]
    for edge in near["edges"]:
        assert edge["claims"][0]["said_by"]
        assert edge["claims"][0]["where"]["paragraph"]


def test_a_path_is_read_aloud_with_its_evidence(seeded: Any) -> None:
    path = seeded.get("/paths?source=amnesty-international&target=antonio-guterres").json()["paths"][0]
    assert "Amnesty International" in path["sentence"]
    assert "(P16)" in path["sentence"]


def test_no_connection_within_the_bound_is_a_proof(seeded: Any) -> None:
    assert seeded.get("/paths?source=ioc&target=slobodan-milosevic&max_hops=2").json()["verdict"] == "none_within"


@pytest.mark.parametrize(
    ("route", "parameters", "items"),
    [
        ("/neighbourhood", {"entity": COALITION, "hops": "2"}, "edges"),
        ("/entity", {"id": COALITION}, "claims"),
        ("/search", {"q": "china"}, "items"),
    ],
)
def test_pages_together_are_the_whole_without_repeats(
    seeded: Any, route: str, parameters: dict[str, str], items: str
) -> None:
    whole = seeded.get(route, params={**parameters, "limit": "1000"}).json()[items]
    found: list[Any] = []
    cursor = ""
    for _ in range(200):
        page = seeded.get(route, params={**parameters, "limit": "3", "cursor": cursor}).json()
        assert len(page[items]) <= 3
        assert page["truncated"] == (page["next"] is not None)
        found += page[items]
        cursor = page["next"]
        if not cursor:
            break
    assert found == whole
    assert len(whole) > 3


def test_a_cursor_of_another_question_is_refused(seeded: Any) -> None:
    cursor = seeded.get(f"/entity?id={COALITION}&limit=1").json()["next"]
    answer = seeded.get(f"/entity?id=ioc&limit=1&cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("problem/cursor")


def test_asking_for_more_than_the_service_grants_names_the_bound(seeded: Any) -> None:
    settings = seeded.app.state.settings
    paths = "/paths?source=ioc&target=ioc"
    for address, name, most in (
        ("/neighbourhood?entity=ioc", "limit", settings.max_limit),
        (paths, "max_ms", settings.max_ms),
        (paths, "max_edges", settings.max_edges),
        (paths, "max_hops", settings.max_hops),
    ):
        answer = seeded.get(f"{address}&{name}={most + 1}")
        assert answer.status_code == 400
        assert answer.json()["parameter"] == name
        assert str(most) in answer.json()["detail"]
        assert seeded.get(f"{address}&{name}={most}").status_code == 200


def test_every_answer_says_the_generation_it_was_read_from(seeded: Any) -> None:
    answer = seeded.get("/entity?id=ioc")
    assert answer.headers["x-kgraph-generation"] == str(answer.json()["generation"])
    gone = seeded.get(f"/entity?id=ioc&min_generation={answer.json()['generation'] + 1}")
    assert gone.status_code == 410


def test_the_same_rows_in_every_media_type(seeded: Any) -> None:
    query = "SELECT ?p WHERE { id:ngos-open-letter kg:hasMember ?p } ORDER BY ?p"
    by_json = seeded.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    by_csv = seeded.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"}).text.split()[1:]
    assert [row["p"]["value"] for row in by_json] == by_csv
    assert "https://w3id.org/kgraph/id/amnesty-international" in by_csv


@pytest.mark.hostile
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:1/>",
        "DELETE WHERE { ?s ?p ?o }",
        f"SELECT * {{ {'{' * 5000}",
    ],
)
def test_a_query_that_writes_or_calls_out_or_nests_too_deep_is_refused_and_the_next_is_answered(
    seeded: Any, query: str
) -> None:
    answer = seeded.post("/sparql", data={"query": query})
    assert answer.status_code == (403 if "SERVICE" in query else 400)
    assert answer.headers["content-type"] == "application/problem+json"
    assert seeded.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True


def test_the_turtle_of_the_service_is_the_turtle_of_the_library(seeded: Any, graph: Any) -> None:
    assert seeded.get("/export.ttl").content == b"".join(graph.export("turtle"))


def test_a_file_of_one_entity_is_smaller_than_the_whole(seeded: Any) -> None:
    narrow = seeded.get("/export.nt?entity=ioc&hops=1").content
    assert b"/id/ioc>" in narrow
    assert len(narrow) < len(seeded.get("/export.nt").content) / 2


def test_every_kind_of_page_renders(seeded: Any, html: dict[str, str]) -> None:
    claim = seeded.get("/entity?id=ioc&limit=1").json()["claims"][0]["id"]
    for route in (
        "/",
        "/search?q=china",
        "/entity?id=ioc",
        "/entity?id=rights-groups-olympics-letter",
        f"/neighbourhood?entity={COALITION}&hops=2",
        "/connect?entity=amnesty-international&entity=antonio-guterres",
        "/paths?source=amnesty-international&target=antonio-guterres",
        "/timeline?entity=antonio-guterres",
        f"/claim?id={claim}",
        "/sources",
        "/source?id=article-01",
        "/ontology",
        "/scheme/reported",
        "/sparql?query=SELECT%20*%20%7B%3Fs%20kg%3Ademands%20%3Fo%7D",
    ):
        answer = seeded.get(route, headers=html)
        assert answer.status_code == 200, route
        assert answer.headers["content-type"] == "text/html; charset=utf-8", route


def test_the_start_page_says_who_demands_what_of_whom(seeded: Any) -> None:
    text = seeded.get("/").text
    assert "Coalition of rights groups writing to the IOC" in text
    assert "International Olympic Committee" in text
    assert "not what we say" in text
    assert "How is " in text


def test_the_links_of_the_pages_lead_somewhere(seeded: Any, html: dict[str, str]) -> None:
    """Every link of a page to this service answers, one page deep."""
    import re
    from html import unescape

    seen: set[str] = set()
    for route in ("/", f"/entity?id={COALITION}", f"/neighbourhood?entity={COALITION}&hops=2", "/source?id=article-01"):
        text = seeded.get(route, headers=html).text
        seen |= {unescape(link) for link in re.findall(r'href="(/[^"]*)"', text)}
    assert len(seen) > 30
    for link in sorted(seen):
        if not link.startswith(("/export", "/docs")):
            answer = seeded.get(link, headers=html)
            assert answer.status_code == 200, (link, answer.text)


@pytest.mark.slow
def test_every_iri_the_graph_mints_answers_and_its_rdf_holds_it(seeded: Any, graph: Any) -> None:
    import re

    base = graph.namespaces.base
    quads = b"".join(graph.export("nquads")).decode()
    iris = sorted(set(re.findall(rf"<({base}(?:id|scheme|ontology|graph)[^>]*)>", quads)))
    assert len(iris) > 1_000
    plain = re.compile(r".*/id/(curator|claim-.*|mention-.*|note-.*|span-.*|time-.*|qty-.*|article.*)")
    entities = [iri for iri in iris if "/id/" in iri and not plain.fullmatch(iri)]
    kinds = {re.sub(r"-[0-9a-f]{20}$", "", iri): iri for iri in iris if iri not in entities}
    for iri in (*entities[:20], *kinds.values()):
        answer = seeded.get(f"/{iri.removeprefix(base)}", headers={"Accept": "application/n-triples"})
        assert answer.status_code == 200, iri
        assert f"<{iri}>" in answer.text, iri
        assert seeded.get(f"/{iri.removeprefix(base)}").status_code == 200, iri


def test_a_claim_by_its_iri_holds_its_passage_and_its_speaker(seeded: Any) -> None:
    claim = seeded.get("/entity?id=ioc&limit=1").json()["claims"][0]
    turtle = seeded.get(f"/id/{claim['id'].removeprefix('id:')}.nt").text
    assert claim["said_by"][0]["iri"] in turtle
    assert claim["sentence"]
    assert "/ns#paragraph>" in turtle


def test_a_scheme_lists_its_codes(seeded: Any) -> None:
    assert "kgs:reported" in seeded.get("/scheme/modality.ttl").text
    assert seeded.get("/scheme/modality.html").status_code == 200


PATHS = "SERVICE kg:path {{ [] path:source id:{} ; path:target id:antonio-guterres ; path:step ?step ; {} }}"


def test_a_path_search_in_a_query_answers_as_paths_does_and_says_its_verdict(seeded: Any) -> None:
    block = PATHS.format("amnesty-international", "path:relation ?p ; path:claim ?c")
    answer = seeded.get("/sparql", params={"query": f"SELECT * {{ {block} }} ORDER BY ?step"})
    found = [row["c"]["value"].rpartition("/")[2] for row in answer.json()["results"]["bindings"]]
    asked = seeded.get("/paths?source=amnesty-international&target=antonio-guterres").json()
    assert found == [claim["id"].removeprefix("id:") for edge in asked["paths"][0]["edges"] for claim in edge["claims"]]
    assert answer.headers["x-kgraph-verdict"] == asked["verdict"] == "found"
    assert "X-KGraph-Verdict" in answer.headers["access-control-expose-headers"]
    assert seeded.get("/sparql", params={"query": "ASK {}"}).headers.get("x-kgraph-verdict") is None


@pytest.mark.parametrize(
    ("source", "more", "status", "told"),
    [
        ("amnesty", "path:path ?p", 400, {"line": 2, "column": 34}),
        ("ioc", "path:hops 3", 400, {"line": 2, "column": 95}),
        ("amnesty-international", "path:max_edges 1", 503, {"limit": "max_edges"}),
    ],
)
def test_a_path_search_that_is_not_done_is_a_problem(
    seeded: Any, source: str, more: str, status: int, told: dict[str, object]
) -> None:
    answer = seeded.post("/sparql", data={"query": f"ASK {{\n{PATHS.format(source, more)} }}"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert {name: answer.json()[name] for name in told} == told


def test_a_path_search_that_was_stopped_is_not_kept(seeded: Any) -> None:
    block = PATHS.format("amnesty-international", "path:max_edges 1 ; path:verdict ?v")
    answer = seeded.get("/sparql", params={"query": f"SELECT ?v {{ {block} }}"})
    assert [row["v"]["value"] for row in answer.json()["results"]["bindings"]] == ["stopped"]
    assert (answer.headers["x-kgraph-verdict"], answer.headers["cache-control"]) == ("stopped", "no-store")
