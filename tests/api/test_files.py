"""Exports and linked data: suffixes, names, redirects, links."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kgraph.formats import EXPORT


@pytest.mark.parametrize("format", EXPORT, ids=lambda f: f.name)
def test_each_format_has_its_suffix_name_and_media_type(client: Any, fake: Any, format: Any) -> None:
    suffix = format.suffixes[0]
    by_suffix = client.get(f"/export{suffix}")
    by_name = client.get("/export", params={"format": format.name})
    by_accept = client.get("/export", headers={"Accept": format.media_type})
    for answer in (by_suffix, by_name, by_accept):
        assert answer.headers["content-type"] == format.content_type
        assert answer.headers["content-disposition"] == f'attachment; filename="kgraph{suffix}"'
        assert answer.content == b"a" * 40_000 + b"b" * 40_000 + b"c"
    assert [args for name, args, _ in fake.asked if name == "export"] == [(format.name,)] * 3


def test_a_lens_an_entity_and_hops_narrow_the_file(client: Any, fake: Any) -> None:
    client.get("/export.ttl?entity=ioc&hops=2&rdf12=true&said_by=groups&source=article-01")
    assert fake.last("export") == (
        ("turtle",),
        {"entity": "ioc", "hops": 2, "rdf12": True, "said_by": ["groups"], "article": ["article-01"]},
    )


def test_turtle_unless_something_else_is_asked_for(client: Any, fake: Any, html: dict[str, str]) -> None:
    assert client.get("/export", headers=html).headers["content-type"] == "text/turtle; charset=utf-8"


def test_an_unknown_format_names_the_known_ones(client: Any) -> None:
    answer = client.get("/export?format=docx")
    assert answer.status_code == 400
    assert "turtle" in answer.json()["detail"]
    assert client.get("/export.docx").status_code == 404


def test_an_empty_graph_is_an_empty_file(client: Any, fake: Any) -> None:
    fake.export = lambda *args, **kwargs: iter([])
    answer = client.get("/export.nt")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("slug", "place"),
    [
        ("ioc", "/entity?id=id%3Aioc"),
        ("article-01", "/source?id=id%3Aarticle-01"),
        ("claim-1", "/claim?id=id%3Aclaim-1"),
    ],
)
def test_a_thing_is_not_its_document(client: Any, slug: str, place: str) -> None:
    answer = client.get(f"/id/{slug}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == place
    assert "Accept" in answer.headers["vary"]
    assert f'</id/{slug}.ttl>; rel="alternate"' in answer.headers["link"]


def test_a_redirect_leads_to_the_form_asked_for(client: Any, html: dict[str, str]) -> None:
    assert client.get("/id/ioc").json()["id"] == "id:ioc"
    assert client.get("/id/ioc", headers={"Accept": "text/turtle"}).headers["content-type"].startswith("text/turtle")
    assert "<h1>" in client.get("/id/ioc", headers=html).text


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("ttl", "text/turtle; charset=utf-8"),
        ("jsonld", "application/ld+json"),
        ("html", "text/html; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_a_suffix_decides_over_the_accept_header(client: Any, suffix: str, media_type: str) -> None:
    answer = client.get(f"/id/ioc.{suffix}", headers={"Accept": "image/png"}, follow_redirects=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type


def test_a_name_nobody_has_is_not_redirected(client: Any) -> None:
    for slug in ("iok", "claim-9", "iok.ttl", "ioc.docx"):
        assert client.get(f"/id/{slug}", follow_redirects=False).status_code == 404


def test_an_entity_named_by_a_foreign_iri_links_through_the_entity_route(client: Any, fake: Any) -> None:
    from dataclasses import replace

    foreign = replace(fake.entity("ioc"), id="http://e.org/ö x", iri="http://e.org/ö x")
    fake.entity = lambda *args, **kwargs: foreign
    link = client.get("/entity?id=http://e.org/x").headers["link"]
    assert '<http://e.org/%C3%B6%20x>; rel="describes"' in link
    assert "/entity?id=http%3A%2F%2Fe.org%2F%C3%B6+x" in link


@pytest.mark.parametrize("route", ["/ontology", "/ns"])
def test_the_ontology_negotiates(client: Any, html: dict[str, str], route: str) -> None:
    assert client.get(route).text == "ontology in turtle"
    assert client.get(route, headers={"Accept": "application/ld+json"}).text == "ontology in jsonld"
    page = client.get(route, headers=html)
    assert "<h1>Ontology" in page.text
    assert '</ontology.jsonld>; rel="alternate"' in page.headers["link"]
    assert client.get(route, headers={"Accept": "image/png"}).status_code == 406


def test_the_ontology_by_suffix(client: Any) -> None:
    assert client.get("/ontology.jsonld").text == "ontology in jsonld"
    assert client.get("/ontology.html").headers["content-type"] == "text/html; charset=utf-8"
    assert client.get("/ontology.docx").status_code == 404


def test_a_code_by_its_iri(client: Any, fake: Any, html: dict[str, str]) -> None:
    assert client.get("/scheme/reported").status_code == 200
    assert client.get("/scheme/reported").text == "reported in turtle"
    assert [name for name, *_ in fake.asked if name == "sparql"] == []
    assert client.get("/scheme/reported.jsonld").headers["content-type"] == "application/ld+json"
    assert "<bdi>reported</bdi>" in client.get("/scheme/reported", headers=html).text
    assert client.get("/scheme/nothing").json()["detail"] == "no code is called 'nothing'"
    assert client.get("/scheme/reported.docx").status_code == 404
    assert client.get("/scheme/x%3E%20%3Fp").status_code == 404


def test_void_is_where_it_is_looked_for(client: Any) -> None:
    assert client.get("/.well-known/void").text == "void in turtle of http://testserver/sparql"
    assert client.get("/.well-known/void", headers={"Accept": "text/html"}).status_code == 406


def test_void_is_counted_once_a_generation(client: Any, fake: Any) -> None:
    counted: list[str] = []
    inner = fake.void

    def void(format: str, *, endpoint: str) -> bytes:
        counted.append(format)
        return inner(format, endpoint=endpoint)

    fake.void = void
    for _ in range(3):
        client.get("/.well-known/void")
    assert counted == ["turtle"]
    fake.generation = 8
    assert client.get("/.well-known/void").headers["x-kgraph-generation"] == "8"
    assert counted == ["turtle", "turtle"]


@pytest.mark.parametrize(("slug", "kind"), [("claim-1", "claim"), ("article-01", "source"), ("ioc", "entity")])
def test_each_link_of_a_thing_leads_to_that_form_of_it(client: Any, slug: str, kind: str) -> None:
    link = client.get(f"/id/{slug}", follow_redirects=False).headers["link"]
    for place, media_type in re.findall(r'<(/[^>]*)>; rel="alternate"; type="([^"]*)"', link):
        answer = client.get(place, follow_redirects=False)
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media_type
    assert len(link.split(", ")) == 7
    found = client.get(f"/id/{slug}", headers={"Accept": "text/turtle"})
    assert found.text.endswith(f"{slug} in turtle")
    assert client.get(f"/{kind}?id={slug}", headers={"Accept": "text/turtle"}).text == found.text


def test_a_thing_without_a_page_has_rdf_and_says_so(client: Any, html: dict[str, str]) -> None:
    answer = client.get("/id/note-1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/id/note-1.ttl")
    assert ".html" not in answer.headers["link"]
    assert client.get("/id/note-1.html").status_code == 404
    assert client.get("/id/note-1", headers={"Accept": "application/json"}).text.endswith("note-1 in jsonld")
    assert client.get("/id/note-1", headers=html).headers["content-type"].startswith("text/turtle")


def test_a_version_of_the_ontology_and_a_graph_answer_by_their_iris(client: Any) -> None:
    assert client.get("/ontology/0.1.0").text == "ontology in turtle"
    assert client.get("/ontology/9.9.9").status_code == 404
    assert client.get("/graph/claims", follow_redirects=False).headers["location"] == "/.well-known/void"
    assert client.get("/graph/nothing").status_code == 404


def test_a_file_of_an_earlier_generation_says_so(client: Any) -> None:
    assert client.get("/export.ttl?at=3").headers["x-kgraph-generation"] == "3"
    turtle = {"Accept": "text/turtle"}
    assert client.get("/entity?id=ioc&at=3", headers=turtle).headers["x-kgraph-generation"] == "3"
