"""What every answer has: ids, headers, ETags, bounds, methods, problems."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from kgraph import errors as kg
from kgraph.settings import Settings
from kgraph_api import errors
from kgraph_api.app import create_app
from kgraph_api.dependencies import SEARCHES

ANY_ANSWER = ["/", "/entity?id=ioc", "/entity", "/nothing", "/livez", "/static/kgraph.css", "/export.ttl", "/id/ioc"]


@pytest.mark.parametrize("route", ANY_ANSWER)
def test_every_answer_carries_the_same_guards(client: Any, route: str) -> None:
    headers = client.get(route, follow_redirects=False).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert headers["x-kgraph-generation"] == "7"
    assert headers["etag"]
    assert len(headers["x-request-id"]) == 32


def test_a_request_id_is_taken_over_when_it_is_a_plain_one(client: Any) -> None:
    assert client.get("/livez", headers={"X-Request-ID": "abc-1.2_3"}).headers["x-request-id"] == "abc-1.2_3"
    assert client.get("/livez", headers={"X-Request-ID": "<b>"}).headers["x-request-id"] != "<b>"


def test_what_did_not_change_is_not_sent_again(client: Any, fake: Any) -> None:
    tag = client.get("/entity?id=ioc").headers["etag"]
    asked = len(fake.asked)
    again = client.get("/entity?id=ioc", headers={"If-None-Match": f'"other", {tag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == tag
    assert len(fake.asked) == asked


def test_a_tag_is_of_one_representation_of_one_question_at_one_generation(client: Any, fake: Any) -> None:
    tag = client.get("/entity?id=ioc").headers["etag"]
    same = {"If-None-Match": tag}
    assert client.get("/entity?id=ioc&limit=5", headers=same).status_code == 200
    assert client.get("/entity?id=ioc", headers={**same, "Accept": "text/turtle"}).status_code == 200
    fake.generation = 8
    assert client.get("/entity?id=ioc", headers=same).status_code == 200


def test_the_state_of_the_service_is_never_answered_from_a_cache(client: Any) -> None:
    first = client.get("/metrics")
    assert client.get("/metrics", headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    assert first.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("route", ["/entity?id=ioc", "/export.ttl", "/paths?source=a&target=b", "/sparql"])
def test_head_is_get_without_the_body(client: Any, route: str) -> None:
    head, get = client.head(route), client.get(route)
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    for name in ("content-type", "etag", "x-kgraph-generation"):
        assert head.headers[name] == get.headers[name]


def test_head_makes_no_export(client: Any, fake: Any) -> None:
    def export(format: str, **kwargs: Any) -> Iterator[bytes]:
        raise AssertionError("it is sorted before its first piece")

    fake.export = export
    for route in ("/export.ttl", "/export.graphml", "/export?format=csv"):
        head = client.head(route)
        assert (head.status_code, head.content) == (200, b"")
        assert "attachment" in head.headers["content-disposition"]


def test_options_tells_the_methods_to_anyone(client: Any) -> None:
    answer = client.options(
        "/paths", headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert client.options("/nothing").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_a_method_that_is_not_offered_is_told_which_are(client: Any, method: str) -> None:
    answer = client.request(method, "/entity")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["status"] == 405
    assert answer.json()["type"].endswith("problem/http-405")


def test_an_address_without_a_route_is_a_problem(client: Any) -> None:
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/static/nothing.css").headers["content-type"] == "application/problem+json"


def test_a_browser_gets_a_problem_as_a_page_with_links(client: Any, html: dict[str, str]) -> None:
    answer = client.get("/entity?id=iok", headers=html)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="/entity?id=id%3Aioc"' in answer.text


def test_a_body_past_the_limit_is_refused_whether_announced_or_not(fake: Any, tmp_path: Any) -> None:
    client = TestClient(create_app(Settings(data=tmp_path, max_body=100), fake))
    headers = {"Content-Type": "application/sparql-query"}
    announced = client.post("/sparql", content=b"x" * 101, headers=headers)

    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 10

    unannounced = client.post("/sparql", content=pieces(), headers=headers)
    for answer in (announced, unannounced):
        assert answer.status_code == 413
        assert answer.json()["limit"] == "max_body"
        assert answer.headers["x-request-id"]
    assert client.post("/sparql", content=b"ASK {}", headers=headers).status_code == 200


def test_a_packed_body_is_refused(client: Any) -> None:
    answer = client.post("/sparql", content=b"x", headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (kg.KGraphError("x"), 500),
        (kg.EmptyInputError("x"), 422),
        (kg.ParameterError("a", "b", "c"), 400),
        (kg.CursorError("x"), 400),
        (kg.GenerationGoneError(1, 2), 410),
        (kg.QuerySyntaxError("x", 1, 2, "y"), 400),
        (kg.QueryRefusedError("x", "depth"), 400),
        (kg.FetchRefusedError("x", "service"), 403),
        (kg.GraphStateError("x"), 409),
        (kg.UnknownFunctionError("urn:x"), 422),
        (kg.EntityNotFoundError("x"), 404),
        (kg.LimitError("query_timeout", "10 s"), 503),
        (kg.FolderBusyError("x"), 503),
        (kg.DamagedError("x"), 500),
        (kg.StorageFullError("x"), 507),
        (kg.RemoteError("x", 500, {"a": 1}), 502),
    ],
)
def test_each_error_has_its_status_and_keeps_its_fields(
    client: Any, fake: Any, error: kg.KGraphError, status: int
) -> None:
    fake.fails = error
    answer = client.get("/sources")
    assert answer.status_code == status
    body = answer.json()
    assert (body["title"], body["status"]) == (error.title, status)
    assert (body["detail"] == error.detail) is not isinstance(error, kg.StorageError)
    assert {name: body[name] for name in error.fields() if name != "status"} == {
        name: value for name, value in error.fields().items() if name != "status"
    }


def test_every_error_of_the_library_has_a_status() -> None:
    def tree(cls: type[kg.KGraphError]) -> Iterator[type[kg.KGraphError]]:
        yield cls
        for below in cls.__subclasses__():
            yield from tree(below)

    for cls in tree(kg.KGraphError):
        assert 400 <= errors.status_of(cls.__new__(cls)) <= 599


def test_a_crash_says_nothing_but_the_id_that_finds_it_in_the_log(client: Any, fake: Any, caplog: Any) -> None:
    fake.fails = RuntimeError("a secret of the inside")
    with caplog.at_level(logging.ERROR, logger="kgraph_api"):
        answer = client.get("/sources", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text
    assert answer.json()["request_id"] in caplog.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (kg.StorageFullError("no room"), 507),
        (kg.DamagedError("a block"), 500),
        (RuntimeError("the disk went away"), 500),
    ],
    ids=["full", "damaged", "unforeseen"],
)
def test_an_export_that_fails_in_the_middle_is_a_problem_and_no_half_file(
    settings: Settings, fake: Any, error: Exception, status: int
) -> None:
    def chunks(format: str, **kwargs: Any) -> Iterator[bytes]:
        yield b"x" * (1 << 20)
        raise error

    fake.export = chunks
    with TestClient(create_app(settings, fake), raise_server_exceptions=False) as client:
        answer = client.get("/export.ttl")
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


def test_an_export_says_how_long_it_is(client: Any, fake: Any) -> None:
    fake.export = lambda *_, **__: iter([b"x" * 100_000] * 30)
    answer = client.get("/export.ttl")
    assert answer.headers["content-length"] == "3000000"
    assert answer.content == b"x" * 3_000_000


def test_an_export_that_fails_at_once_is_a_problem(client: Any, fake: Any) -> None:
    fake.fails = kg.EntityNotFoundError("iok")
    assert client.get("/export.ttl?entity=iok").status_code == 404


def test_alive_ready_and_counted(client: Any, fake: Any) -> None:
    assert client.get("/livez").text == "ok\n"
    assert client.get("/readyz").json() == {"status": "ready", "generation": 7, "journal": 7, "store": 7}
    client.get("/entity?id=ioc")
    client.get("/entity?id=nobody")
    client.get("/nothing")
    client.post("/update", content=b"CLEAR ALL")
    counts = client.get("/metrics").text
    assert 'kgraph_sparql_waiting{lane="quick"} 3' in counts
    assert 'kgraph_sparql_killed_total{reason="deadline"} 4' in counts
    assert "kgraph_generation 7" in counts
    assert 'kgraph_requests_total{route="/entity",method="GET",status="200"} 1' in counts
    assert 'kgraph_requests_total{route="/entity",method="GET",status="404"} 1' in counts
    assert 'kgraph_requests_total{route="/update",method="POST",status="403"} 1' in counts, "refused before routing"
    assert 'route="other",method="GET",status="404"' in counts
    fake.fails = kg.DamagedError("the journal does not fit")
    assert client.get("/readyz").status_code == 500
    assert client.get("/livez").status_code == 200


def test_the_service_opens_its_folder_and_gives_it_back(tmp_path: Any) -> None:
    settings = Settings(data=tmp_path / "data", port=8123)
    app = create_app(settings)
    with TestClient(app) as client:
        assert client.get("/readyz").status_code == 200
        with pytest.raises(kg.FolderBusyError, match="8123"):
            create_and_enter(settings)
    with TestClient(create_app(settings)) as client:
        assert client.get("/readyz").status_code == 200


def create_and_enter(settings: Settings) -> None:
    with TestClient(create_app(settings)):
        raise AssertionError("a second service must not open the folder")


def test_docs_come_from_this_machine_without_inline_script(client: Any) -> None:
    page = client.get("/docs").text
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<script") == page.count('<script src="/')
    for asset in ("/docs/assets/swagger-ui-bundle.js", "/docs/assets/swagger-ui.css", "/static/docs.js"):
        assert asset in page
        assert client.get(asset).status_code == 200


def test_behind_a_prefix_the_pages_link_under_it(fake: Any, settings: Settings, html: dict[str, str]) -> None:
    client = TestClient(create_app(settings, fake), root_path="/graph")
    page = client.get("/search?q=x", headers=html).text
    assert 'href="/graph/entity?id=id%3Agroups"' in page
    assert client.get("/id/ioc", follow_redirects=False).headers["location"].startswith("/graph/entity?")


def test_a_tag_matches_weakly_and_a_star_matches_what_is_there(client: Any) -> None:
    tag = client.get("/entity?id=ioc").headers["etag"]
    for held in (tag.removeprefix("W/"), "*"):
        again = client.get("/entity?id=ioc", headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/entity?id=iok", headers={"If-None-Match": "*"}).status_code == 404
    assert client.get("/export.ttl", headers={"If-None-Match": "*"}).content == b""


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_search_the_clock_ended_is_never_not_modified(client: Any, accept: str) -> None:
    first = client.get("/paths?source=a&target=slow", headers={"Accept": accept})
    assert first.headers["cache-control"] == "no-store"
    again = {"Accept": accept, "If-None-Match": first.headers["etag"]}
    assert client.get("/paths?source=a&target=slow", headers=again).status_code == 200


def test_a_crash_and_a_preflight_name_the_generation_too(client: Any, fake: Any) -> None:
    preflight = client.options("/entity")
    fake.fails = RuntimeError("x")
    for answer in (client.get("/sources"), preflight):
        assert answer.headers["x-kgraph-generation"] == "7"
        assert answer.headers["etag"]


def test_a_page_of_an_earlier_generation_says_so(client: Any, fake: Any, html: dict[str, str]) -> None:
    fake.generation = 8
    for route in ("/entity?id=ioc", "/neighbourhood?entity=ioc"):
        assert client.get(route, headers=html).headers["x-kgraph-generation"] == "7"


def test_files_are_only_read(client: Any) -> None:
    assert client.options("/static/kgraph.css").headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.post("/static/kgraph.css").headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_long_value_is_told_back_cut(client: Any) -> None:
    for address in (f"/entity?id={'x' * 30_000}", f"/sources?limit={'x' * 30_000}", f"/{'x' * 30_000}"):
        answer = client.get(address)
        assert 400 <= answer.status_code < 500
        assert len(answer.content) < 2_000


@pytest.mark.parametrize("parameter", ["hops", "min_generation", "at"])
def test_a_number_that_json_cannot_hold_is_refused_as_any_other(seeded: Any, parameter: str) -> None:
    answer = seeded.get(f"/neighbourhood?entity=ioc&{parameter}={'9' * 60}")
    assert answer.status_code in (400, 410)
    assert "9" * 60 in answer.json().values()


def test_the_instance_is_an_address(client: Any) -> None:
    assert client.get("/nothing/%C3%B6%20x?q=%22a%22").json()["instance"] == "/nothing/%C3%B6%20x?q=%22a%22"


def test_a_stranger_is_not_told_where_the_data_lies(client: Any, fake: Any, caplog: Any) -> None:
    fake.fails = kg.DamagedError("/srv/secret/journal: not this one")
    answer = client.get("/sources")
    assert "/srv/secret" not in answer.text
    assert "/srv/secret" in caplog.text


def test_path_searches_wait_their_turn_and_nothing_else_does(fake: Any, settings: Settings) -> None:
    release, begun = threading.Event(), threading.Semaphore(0)
    inner = fake.paths

    def slow(source: Any, target: Any, **kwargs: Any) -> Any:
        begun.release()
        release.wait(20)
        return inner(source, target, **kwargs)

    fake.paths = slow
    app = create_app(settings.model_copy(update={"query_timeout": 0.3}), fake)
    with TestClient(app) as client, ThreadPoolExecutor(SEARCHES + 1) as pool:
        running = [pool.submit(client.get, "/paths?source=a&target=b") for _ in range(SEARCHES)]
        assert all(begun.acquire(timeout=20) for _ in running)
        refused = client.get("/paths?source=a&target=b")
        assert (refused.status_code, refused.json()["limit"]) == (503, "searches")
        assert refused.json()["type"].endswith("problem/limit")
        assert int(refused.headers["retry-after"]) > 0
        for route in ("/livez", "/neighbourhood?entity=ioc", "/entity?id=ioc", "/export.ttl"):
            assert client.get(route).status_code == 200
        release.set()
        assert {answer.result().status_code for answer in running} == {200}
