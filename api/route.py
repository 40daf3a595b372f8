"""A route's way from the address to the answer: its question is read in one step, and its function called with it.

FastAPI describes these routes in the OpenAPI document and finds them by their address. How it reads parameters and
comes to a function takes longer than most answers here: so each route reads its own question, and a question at a
fixed address is handed to its route directly.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from anyio import to_thread
from fastapi import FastAPI
from fastapi.params import Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kgraph.errors import ParameterError

from . import errors
from .schemas import Question

BEGUN = "kgraph.begun"
"""Where a scope has the query that `shortway.py` has begun already."""
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Asked = TypeVar("Asked", bound=Question)


class QuestionRoute(APIRoute):
    """A route whose function takes any of: the request, what depends on nothing else, a `Question` (the query string),
    parts of the address.
    """

    def get_route_handler(self) -> Handler:
        """The function that answers a request at this route; raises what the route's function raises."""
        function: Callable[..., Any] = self.endpoint
        taken = [(name, _reader(name, hint)) for name, hint in _parameters(function).items()]
        if inspect.iscoroutinefunction(function):

            async def answer(request: Request) -> Response:
                found: Response = await function(**{name: read(request) for name, read in taken})
                return found

        else:

            async def answer(request: Request) -> Response:
                arguments = {name: read(request) for name, read in taken}
                found: Response = await to_thread.run_sync(partial(function, **arguments))
                return found

        return answer


def _parameters(function: Callable[..., Any]) -> dict[str, Any]:
    hints = get_type_hints(function, include_extras=True)
    return {name: hints[name] for name in inspect.signature(function).parameters}


def _reader(name: str, hint: Any) -> Callable[[Request], Any]:
    wanted, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    if wanted is Request:
        return lambda request: request
    for mark in marks:
        if isinstance(mark, Depends) and mark.dependency is not None:
            return mark.dependency
    if issubclass(wanted, Question):
        return lambda request: asked(wanted, request.scope["query_string"])
    return lambda request: request.path_params[name]


def asked(question: type[Asked], query: bytes) -> Asked:
    """The question that a query string asks. Raises ParameterError for a value that does not fit, a name nobody reads
    here, and a parameter given twice where only one value is read: which of them counts, nobody could see.
    """
    lists: dict[str, list[str]] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        lists.setdefault(name, []).append(value)
    several, given = question.repeatable, dict[str, str | list[str]]()
    for name, values in lists.items():
        given[name] = values if name in several or len(values) > 1 else values[0]
        if len(values) > 1 and name in question.model_fields and name not in several:
            raise ParameterError(name, ", ".join(values), "is given more than once")
    return question.read(given)


class Direct:
    """Hands a question at a fixed address to its route; anything else goes the long way, through FastAPI's router."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._routes: dict[str, tuple[QuestionRoute, Handler]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self._routes is None:
            self._routes = dict(_fixed(scope["app"]))
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        found = self._routes.get(path) if scope["method"] == "GET" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        scope["route"], answer = found
        request = Request(scope, receive)
        try:
            response = await answer(request)
        except errors.FORESEEN as error:
            response = errors.answered(request, error)
        await response(scope, receive, send)


def _fixed(app: FastAPI) -> Iterator[tuple[str, tuple[QuestionRoute, Handler]]]:
    for route in app.routes:
        if isinstance(route, QuestionRoute) and "GET" in (route.methods or ()) and not route.param_convertors:
            yield route.path, (route, route.get_route_handler())
