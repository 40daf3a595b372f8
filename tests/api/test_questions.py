"""The routes that ask the graph: what they answer, what they hand on, what they refuse."""

from __future__ import annotations

import inspect
import json
from typing import Any

import orjson
import pytest

from kgraph import KnowledgeGraph
from kgraph.errors import CursorError, GenerationGoneError
from kgraph_api import schemas

LENS = {
    "said_by": ["groups", "ioc"],
    "not_said_by": "groups",
    "article": ["article-01"],
    "voice": "any",
    "modality": "any",
    "polarity": "negated",
    "valid_from": "2020-01-01",
    "valid_until": "2020-12-31",
    "published_until": "2021-01-01",
    "min_sources": 2,
    "min_confidence": 0.5,
    "include": ["codes", "types"],
    "at": "3",
    "min_generation": 2,
}
AS_LISTS = {**LENS, "not_said_by": ["groups"], "voice": ["any"], "modality": ["any"], "polarity": ["negated"]}


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "instance", "request_id"} <= body.keys()
    assert body["status"] == status
    assert body["request_id"] == response.headers["x-request-id"]
    return body


def test_search_answers_hits_with_their_score_and_what_matched(client: Any, fake: Any) -> None:
    answer = client.get("/search", params={"q": "160", "type": "Coalition", "limit": 5, "cursor": "c"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["items"][0]["matched"] == "160"
    assert answer.json()["next"] == "next-page"
    assert fake.last("search") == (("160",), {"type": "Coalition", "limit": 5, "cursor": "c"})


def test_a_search_for_nothing_says_that_q_is_needed(client: Any) -> None:
    assert problem(client.get("/search"), 400)["parameter"] == "q"


def test_a_blank_parameter_counts_as_not_given(client: Any, fake: Any) -> None:
    assert client.get("/search?q=160&type=&cursor=").status_code == 200
    assert fake.last("search")[1] == {"type": None, "limit": 20, "cursor": None}


def test_an_entity_comes_as_json_with_links_to_its_other_forms(client: Any, fake: Any) -> None:
    answer = client.get("/entity", params={"id": "ioc"})
    assert answer.json()["id"] == "id:ioc"
    assert answer.json()["facts"][0]["sentence"] == "members not named by the source"
    assert '</id/ioc.ttl>; rel="alternate"; type="text/turtle"' in answer.headers["link"]
    assert fake.last("entity") == (("ioc",), {"limit": 100, "cursor": None})


def test_an_entity_comes_as_rdf_where_that_is_asked_for(client: Any, fake: Any) -> None:
    for media_type, name in (("text/turtle", "turtle"), ("application/ld+json", "jsonld")):
        answer = client.get("/entity", params={"id": "ioc", "modality": "any"}, headers={"Accept": media_type})
        assert answer.headers["content-type"].startswith(media_type)
        assert "Accept" in answer.headers["vary"]
        assert fake.last("describe") == (("https://w3id.org/kgraph/id/ioc", name), {"modality": ["any"]})


def test_an_unknown_entity_says_what_comes_close(client: Any) -> None:
    body = problem(client.get("/entity?id=iok"), 404)
    assert body["suggestions"] == [{"id": "id:ioc", "label": "International Olympic Committee"}]
    assert body["instance"] == "/entity?id=iok"


def test_an_unknown_entity_is_refused_as_rdf_too(client: Any) -> None:
    problem(client.get("/entity?id=iok", headers={"Accept": "text/turtle"}), 404)


def test_nothing_acceptable_names_what_is_offered(client: Any) -> None:
    body = problem(client.get("/entity?id=ioc", headers={"Accept": "image/png"}), 406)
    assert "text/turtle" in body["offered"]


def test_a_broken_accept_header_is_not_acceptable(client: Any) -> None:
    problem(client.get("/entity?id=ioc", headers={"Accept": "nonsense"}), 406)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("TEXT/TURTLE", "text/turtle"),
        ("text/turtle, garbage", "text/turtle"),
        ("nonsense, text/html", "text/html"),
        ('application/ld+json;profile="http://a/,b"', "application/ld+json"),
        ('text/plain;x="text/html,;q=1";q=0.1, text/turtle;q=0.2', "text/turtle"),
    ],
)
def test_accept_is_read_as_the_standard_has_it(client: Any, accept: str, media_type: str) -> None:
    answer = client.get("/entity?id=ioc", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize(
    ("route", "verb", "parameters"),
    [
        ("/neighbourhood", "neighbourhood", {"entity": "ioc"}),
        ("/timeline", "timeline", {"entity": "ioc"}),
        ("/entity", "entity", {"id": "ioc"}),
        ("/connect", "connect", {"entity": ["ioc", "groups"]}),
        ("/paths", "paths", {"source": "ioc", "target": "groups"}),
        ("/export.ttl", "export", {}),
    ],
)
def test_the_lens_is_handed_on_as_it_was_asked(client: Any, fake: Any, route: str, verb: str, parameters: Any) -> None:
    assert client.get(route, params={**parameters, **LENS}).status_code == 200
    keywords = fake.last(verb)[1]
    assert {name: keywords[name] for name in AS_LISTS} == AS_LISTS


def test_what_the_lens_does_not_say_is_left_to_the_library(client: Any, fake: Any) -> None:
    client.get("/neighbourhood?entity=ioc")
    assert fake.last("neighbourhood")[1].keys() & LENS.keys() == set()


def test_source_and_article_are_one_bound_where_no_path_begins(client: Any, fake: Any) -> None:
    client.get("/neighbourhood?entity=ioc&source=article-01&article=article-02")
    assert fake.last("neighbourhood")[1]["article"] == ["article-02", "article-01"]


def test_repeatable_parameters_are_all_kept(client: Any, fake: Any) -> None:
    client.get("/neighbourhood?entity=ioc&predicate=demands&predicate=^hasMember&type=Coalition&hops=2&order=label")
    keywords = fake.last("neighbourhood")[1]
    assert keywords["predicate"] == ["demands", "^hasMember"]
    assert keywords["type"] == ["Coalition"]
    assert (keywords["hops"], keywords["order"]) == (2, "label")
    assert "direction" not in keywords, "what was not asked for is left to the library"


def test_a_neighbourhood_has_its_edges_and_their_speakers(client: Any) -> None:
    answer = client.get("/neighbourhood?entity=ioc").json()
    assert answer["edges"][0]["claims"][0]["said_by"][0]["id"] == "id:groups"
    assert answer["edges"][0]["claims"][0]["where"]["paragraph"] == 13
    assert answer["truncated"] is True


def test_connecting_needs_two_entities(client: Any) -> None:
    assert problem(client.get("/connect?entity=ioc"), 400)["parameter"] == "entity"


def test_a_mistyped_parameter_is_named_with_what_was_meant(client: Any) -> None:
    body = problem(client.get("/neighbourhood?entity=ioc&modalty=any"), 400)
    assert body["parameter"] == "modalty"
    assert "did you mean modality?" in body["detail"]


@pytest.mark.parametrize("route", ["/sources", "/ns", "/livez", "/ontology", "/scheme/reported", "/.well-known/void"])
def test_no_route_ignores_a_parameter_it_does_not_know(client: Any, route: str) -> None:
    assert problem(client.get(route, params={"frobnicate": "1"}), 400)["parameter"] == "frobnicate"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("hops=x", "hops"),
        ("hops=-1", "hops"),
        ("limit=0", "limit"),
        ("direction=up", "direction"),
        ("min_confidence=2", "min_confidence"),
        ("min_confidence=nan", "min_confidence"),
        ("order=random", "order"),
    ],
)
def test_a_value_that_does_not_fit_is_named(client: Any, query: str, name: str) -> None:
    assert problem(client.get(f"/neighbourhood?entity=ioc&{query}"), 400)["parameter"] == name


def test_a_default_above_a_bound_of_the_service_is_lowered_to_it(client: Any, fake: Any) -> None:
    settings = client.app.state.settings.model_copy(update={"max_limit": 7, "max_ms": 50, "max_edges": 9})
    client.app.state.settings = settings
    client.get("/paths?source=a&target=b")
    keywords = fake.last("paths")[1]
    assert (keywords["limit"], keywords["max_ms"], keywords["max_edges"]) == (7, 50, 9)
    client.get("/search?q=x&limit=8")
    assert fake.last("search")[1]["limit"] == 8  # a wish goes to the library, which refuses it by name


def test_paths_say_verdict_work_and_sentence(client: Any, fake: Any) -> None:
    answer = client.get(
        "/paths?source=a&source=b&target=c&mode=k_shortest&k=2&via=d&avoid=e&avoid_hubs=9&article=article-01"
    )
    assert answer.json()["verdict"] == "found"
    assert answer.json()["paths"][0]["sentence"] == "groups address the IOC (P13)"
    (source, target), keywords = fake.last("paths")
    assert (source, target) == (["a", "b"], ["c"])
    assert (keywords["mode"], keywords["k"], keywords["via"], keywords["avoid"]) == ("k_shortest", 2, ["d"], ["e"])
    assert (keywords["avoid_hubs"], keywords["article"]) == (9, ["article-01"])


def test_get_and_post_ask_the_library_the_same(client: Any, fake: Any) -> None:
    parameters = {"source": ["a", "b"], "target": "c", "max_hops": 4, "predicate": ["demands"], **LENS}
    client.get("/paths", params=parameters)
    client.post("/paths", json=parameters)
    lens = {name: parameters.pop(name) for name in LENS}
    client.post("/paths", json={**parameters, "lens": lens})
    (_, first), (_, second), (_, third) = [(name, rest) for name, *rest in fake.asked if name == "paths"]
    assert first == second == third


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"source": "a"}, "target"),
        ({"source": "a", "target": "b", "max_hops": "4"}, "max_hops"),
        ({"source": "a", "target": "b", "max_hop": 4}, "max_hop"),
        ({"source": "a", "target": "b", "lens": {"modalty": "any"}}, "modalty"),
        ({"source": "a", "target": "b", "lens": {"source": "x"}}, "lens.source"),
        ({"source": "a", "target": "b", "modality": "any", "lens": {"modality": "any"}}, "modality"),
        ({"source": "a", "target": "b", "lens": 3}, "lens"),
        ({"source": [], "target": "b"}, "source"),
        ({"source": [1], "target": "b"}, "source"),
        ([1, 2], "body"),
        ({"source": "ioc", "target": "%deep"}, "target"),
        ({"source": "a", "target": "b", "lens": {"said_by": "%deep"}}, "said_by"),
    ],
)
def test_a_body_is_taken_strictly(client: Any, body: Any, named: str) -> None:
    text = json.dumps(body).replace('"%deep"', "[" * 300 + "]" * 300)
    answer = problem(client.post("/paths", content=text, headers={"Content-Type": "application/json"}), 400)
    assert answer["parameter"] == named


def test_a_body_that_is_no_json_is_refused(client: Any) -> None:
    headers = {"Content-Type": "application/json"}
    assert problem(client.post("/paths", content=b"{", headers=headers), 400)["parameter"] == "body"
    assert problem(client.post("/paths", content=b"\xff" * 50, headers=headers), 400)["parameter"] == "body"


def test_a_body_of_another_media_type_is_refused(client: Any) -> None:
    problem(client.post("/paths", content=b"{}", headers={"Content-Type": "text/plain"}), 415)


def test_a_claim_shows_the_whole_chain(client: Any) -> None:
    chain = [link["id"] for link in client.get("/claim?id=claim-1").json()["chain"]]
    assert chain == ["id:article-01", "id:ioc", "id:groups"]
    problem(client.get("/claim?id=claim-9"), 404)
    assert problem(client.get("/claim"), 400)["reason"] == "is needed"


def test_sources_and_one_source(client: Any, fake: Any) -> None:
    assert client.get("/sources?limit=3").json()["items"][0]["credits"][1]["role"] == "via"
    assert fake.last("sources")[1] == {"limit": 3, "cursor": None}
    assert client.get("/source?id=article-01").json()["length"] == 7799
    problem(client.get("/source?id=article-99"), 404)


def test_a_foreign_cursor_and_a_generation_that_is_gone_are_told_apart(client: Any, fake: Any) -> None:
    fake.fails = CursorError("the cursor is not one this graph issues")
    assert problem(client.get("/sources?cursor=x"), 400)["title"] == "The cursor does not fit"
    fake.fails = GenerationGoneError(3, 7)
    assert problem(client.get("/entity?id=ioc&at=3"), 410)["current"] == 7


@pytest.mark.parametrize(
    ("question", "verb", "ends"),
    [
        (schemas.SearchQuestion, "search", {"q"}),
        (schemas.EntityQuestion, "entity", {"id"}),
        (schemas.NeighbourhoodQuestion, "neighbourhood", {"entity"}),
        (schemas.PathsQuestion, "paths", {"source", "target"}),
        (schemas.TimelineQuestion, "timeline", {"entity"}),
        (schemas.SourcesQuestion, "sources", set()),
        (schemas.ConnectQuestion, "connect", {"entity", "entities"}),
    ],
)
def test_a_route_has_the_names_and_defaults_of_its_verb(question: Any, verb: str, ends: set[str]) -> None:
    keywords = {
        name: parameter.default
        for name, parameter in inspect.signature(getattr(KnowledgeGraph, verb)).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    fields = question.model_fields.keys() - schemas.SourcedQuestion.model_fields.keys() - ends
    own = {name: question.model_fields[name].default or None for name in fields}
    assert own == {name: default or None for name, default in keywords.items()}


def test_the_lens_has_the_names_the_library_knows() -> None:
    from kgraph.question import LENS_NAMES

    assert set(schemas.SourcedQuestion.model_fields) == set(LENS_NAMES)


def test_json_keeps_what_is_not_latin(client: Any, fake: Any) -> None:
    answer = client.get("/search", params={"q": "Ōsaka 東京"})
    assert fake.last("search")[0] == ("Ōsaka 東京",)
    assert json.loads(answer.content) == orjson.loads(answer.content)


def test_a_class_alone_lists_its_members(client: Any, fake: Any) -> None:
    assert client.get("/search?type=Coalition").json()["items"]
    assert fake.last("search")[:2] == (("",), {"type": "Coalition", "limit": 20, "cursor": None})


def test_a_generation_in_a_body_may_be_a_number(client: Any, fake: Any) -> None:
    assert client.post("/paths", json={"source": "a", "target": "b", "at": 2}).status_code == 200
    assert fake.last("paths")[1]["at"] == 2
    assert problem(client.post("/paths", json={"source": "a", "target": "b", "at": True}), 400)["parameter"] == "at"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/neighbourhood?entity=ioc&entity=groups", "entity"),
        ("/neighbourhood?entity=ioc&hops=1&hops=3", "hops"),
        ("/paths?source=a&target=b&max_hops=1&max_hops=", "max_hops"),
        ("/search?q=a&q=b", "q"),
        ("/export.ttl?at=1&at=2", "at"),
    ],
)
def test_a_second_value_is_not_dropped_in_silence(client: Any, address: str, name: str) -> None:
    assert problem(client.get(address), 400)["parameter"] == name


def test_a_question_in_a_body_has_nothing_in_the_address(client: Any) -> None:
    body = {"source": "a", "target": "b"}
    assert problem(client.post("/paths?max_hops=2", json=body), 400)["parameter"] == "max_hops"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/connect?entity=ioc", "give at least 2"),
        ("/neighbourhood?entity=ioc&hops=x", "give a whole number"),
        ("/neighbourhood?entity=ioc&direction=up", "known are both, forward or backward"),
        ("/neighbourhood?entity=ioc&min_confidence=2", "give at most 1"),
        ("/export.ttl?rdf12=perhaps", "give true or false"),
    ],
)
def test_what_would_do_is_said_in_words_of_our_own(client: Any, address: str, reason: str) -> None:
    body = problem(client.get(address), 400)
    assert body["reason"].removesuffix(".0") == reason
    assert "[" not in body["detail"]


@pytest.mark.parametrize("verb", ["paths", "neighbourhood"])
def test_what_is_had_at_once_is_told_at_once_but_a_page_is_not(client: Any, fake: Any, html: Any, verb: str) -> None:
    address = {"paths": "/paths?source=a&target=b&k=3", "neighbourhood": "/neighbourhood?entity=ioc&limit=3"}[verb]
    slowly = client.get(address)
    asked_at_once: list[Any] = []

    def at_once(*args: Any, **kwargs: Any) -> Any:
        asked_at_once.append((args, kwargs))
        return getattr(fake, verb)(*args, **kwargs)

    setattr(fake.at_once, verb, at_once)
    quickly = client.get(address)
    assert (quickly.content, quickly.headers["etag"]) == (slowly.content, slowly.headers["etag"])
    assert asked_at_once == [fake.last(verb)]
    assert client.get(address, headers=html).headers["content-type"] == "text/html; charset=utf-8"
    assert len(asked_at_once) == 1
