"""The short way from an address to an answer: the same answer as FastAPI's own way gives."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from kgraph.errors import ParameterError
from kgraph.settings import Settings
from kgraph_api import schemas
from kgraph_api.app import create_app
from kgraph_api.route import Direct, QuestionRoute, asked

ADDRESSES = [
    "/paths?source=a&target=b&predicate=x&predicate=y",
    "/paths?source=a",
    "/neighbourhood?entity=ioc&hops=2&limit=3",
    "/neighbourhood?entity=ioc&hops=two",
    "/neighbourhood?entity=ioc&hop=2",
    "/entity?id=ioc",
    "/entity?id=nobody",
    "/search?q=%C3%B6+%26",
    "/livez",
    "/docs",
    "/nothing",
    "/id/ioc",
]


@pytest.fixture
def long_way(fake: Any, settings: Settings) -> TestClient:
    """A client of the service where every request goes through FastAPI's router."""
    app = create_app(settings, fake)
    app.user_middleware = [one for one in app.user_middleware if one.cls is not Direct]
    return TestClient(app)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_short_way_answers_as_the_long_way_does(client: Any, long_way: Any, address: str) -> None:
    told = []
    for way in (client, long_way):
        answer = way.get(address, headers={"X-Request-ID": "one"}, follow_redirects=False)
        headers = {name: value for name, value in answer.headers.items() if name != "etag"}
        told.append((answer.status_code, headers, answer.content))
    assert told[0] == told[1]


def test_both_ways_are_counted_under_their_route(client: Any, long_way: Any) -> None:
    for way in (client, long_way):
        way.get("/entity?id=ioc")
        assert 'route="/entity",method="GET",status="200"} 1' in way.get("/metrics").text


def test_a_plain_function_at_work_holds_up_nobody(client: Any, fake: Any) -> None:
    begun, release = threading.Event(), threading.Event()
    inner = fake.claim

    def slow(id: str) -> Any:
        begun.set()
        release.wait(20)
        return inner(id)

    fake.claim = slow
    with client, ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.get, "/claim?id=claim-1")
        assert begun.wait(20)
        assert client.get("/sources").status_code == 200
        release.set()
        assert running.result().status_code == 200


def test_a_function_is_given_what_it_names_in_any_order() -> None:
    router = APIRouter(route_class=QuestionRoute)

    @router.get("/a/{part}")
    async def told(question: Annotated[schemas.ClaimQuestion, Query()], part: str, request: Request) -> Response:
        return Response(f"{part} {question.id} {request.method}")

    app = FastAPI()
    app.router.routes.extend(router.routes)
    assert TestClient(app).get("/a/b?id=c").text == "b c GET"


def test_a_parameter_for_many_keeps_all_its_values_in_order() -> None:
    question = asked(schemas.PathsQuestion, b"source=a&source=c&target=b&source=a+d%26")
    assert question.source == ["a", "c", "a d&"]


def test_the_first_parameter_given_twice_is_named_before_one_nobody_knows() -> None:
    with pytest.raises(ParameterError, match="more than once") as told:
        asked(schemas.NeighbourhoodQuestion, b"nothing=1&entity=a&hops=1&hops=2")
    assert (told.value.name, told.value.value) == ("hops", "1, 2")
