"""From error to answer: one table from class to status, one shape (RFC 9457), pages for browsers."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Mount

from kgraph import errors as kg
from kgraph.settings import Settings

from . import rendering
from .authorization import ForbiddenError, UnauthorizedError
from .budget import BudgetSpentError
from .negotiation import NotAcceptableError, UnsupportedMediaTypeError, prefers_html
from .responses import PROBLEM
from .stopping import NotReadyError, StoppingError

log = logging.getLogger("kgraph_api")


class BodyTooLargeError(kg.LimitError):
    """The body of the request is longer than `max_body`."""

    title = "The body is too long"


# The nearest class up the tree decides.
STATUS: dict[type[Exception], int] = {
    kg.KGraphError: 500,
    kg.InputError: 422,
    kg.RequestError: 400,
    kg.GenerationGoneError: 410,
    kg.FetchRefusedError: 403,
    kg.GraphStateError: 409,
    kg.PreconditionError: 412,
    kg.UnknownFunctionError: 422,
    kg.WriteRefusedError: 403,
    kg.ReadOnlyError: 403,
    UnauthorizedError: 401,
    ForbiddenError: 403,
    NotAcceptableError: 406,
    UnsupportedMediaTypeError: 415,
    kg.NotFoundError: 404,
    kg.LimitError: 503,
    StoppingError: 503,
    NotReadyError: 503,
    BodyTooLargeError: 413,
    BudgetSpentError: 429,
    kg.StorageError: 500,
    kg.FolderBusyError: 503,
    kg.StorageFullError: 507,
    kg.RemoteError: 502,
}

_BUSY = {"readers": "5", "searches": "5", "walks": "5", "updates": "5"}  # seconds after which a turn may be free
_MOST = 200  # characters of a value that are told back
_BITS = 63  # of a number in JSON; a longer one is told as a text

NOTHING: Mapping[str, object] = MappingProxyType({})
_ROUTING = {404: "There is nothing at this address", 405: "The method is not offered here"}


def status_of(error: kg.KGraphError) -> int:
    """The status of an error by its class, or by the nearest class it derives from."""
    return _status(type(error))


def _status(cls: type[kg.KGraphError]) -> int:
    return next(STATUS[base] for base in cls.__mro__ if base in STATUS)


def catalogue() -> list[tuple[int, str, str]]:
    """Every error a door may answer with: status, name of its class, and what it means; by status, then name."""
    found: set[type[kg.KGraphError]] = set()
    todo: list[type[kg.KGraphError]] = [kg.KGraphError]
    while todo:
        found.update(below := todo.pop().__subclasses__())
        todo += below
    rows = [(_status(cls), cls.__name__, (cls.__doc__ or "").partition("\n")[0]) for cls in found]
    return sorted(row for row in rows if row[2])


def problem(
    request: Request, kind: str, title: str, status: int, detail: str, fields: Mapping[str, object] = NOTHING
) -> dict[str, Any]:
    """The members of RFC 9457, the request's id, and what a program wants to know beside the sentence.

    A field never hides one of the standard's own members.
    """
    settings: Settings = request.app.state.settings
    return {
        **fields,
        "type": f"{settings.base_iri}problem/{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": _instance(request),
        "request_id": request.scope.get("request_id", ""),
    }


def _instance(request: Request) -> str:
    """The address asked for as a URI reference, cut where it is long."""
    query = request.scope["query_string"].decode("latin-1")
    path = quote(request.url.path, safe="/:@!$&'()*+,;=-._~")
    address = f"{path}?{quote(query, safe=_IN_QUERY)}" if query else path
    return address if len(address) <= _MOST else re.sub(r"%.?\Z", "", address[:_MOST])


_IN_QUERY = "/?:@!$&'()*+,;=-._~%"


def cut(text: str) -> str:
    """The beginning of a text that is too long to be told back."""
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def respond(request: Request, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """A problem as JSON, or as a page where a browser asks."""
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if prefers_html(request):
        own = request.scope.get(rendering.FAILED)
        return (
            own(body, headers) if own else rendering.page(request, "error.html", body["status"], headers, problem=body)
        )
    return Response(orjson.dumps(body, default=str), body["status"], headers, media_type=PROBLEM)


def kind(cls: type[kg.KGraphError]) -> str:
    """The name of an error in its `type`: `EntityNotFoundError` is `entity-not-found`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__.removesuffix("Error")).lower()


def refusal(request: Request, error: kg.KGraphError) -> Response:
    """The answer to an error of kgraph. What a folder is called, and what is wrong in it, is for its operator."""
    detail, fields = error.detail, dict(error.fields())
    if isinstance(error, kg.StorageError):
        log.error("request %s: %s", request.scope.get("request_id", ""), error.detail)
        detail, fields = "the data of the service cannot be used; its log has the reason under this request_id", {}
    for name in ("parameter", "value", "wanted"):
        value = fields.get(name)
        if isinstance(value, int) and value.bit_length() > _BITS:
            value = fields[name] = str(value)
        if isinstance(value, str) and len(value) > _MOST:
            fields[name] = cut(value)
            detail = detail.replace(repr(value), repr(cut(value))).replace(value, cut(value))
    headers = {}
    if isinstance(error, kg.LimitError) and error.limit in _BUSY:
        headers["Retry-After"] = _BUSY[error.limit]
    if isinstance(error, BudgetSpentError):
        headers["Retry-After"] = str(error.wait)
    if isinstance(error, StoppingError):
        headers["Retry-After"] = "5"
    if isinstance(error, UnauthorizedError):
        headers["WWW-Authenticate"] = 'Bearer realm="kgraph"'
    body = problem(request, kind(type(error)), error.title, status_of(error), detail, fields)
    return respond(request, body, headers)


def allowed(request: Request) -> list[str]:
    """The methods offered at the request's path, in the order of the alphabet; none for an unknown path."""

    root = request.scope.get("app_root_path", request.scope.get("root_path", ""))  # of the service, not of a mount

    def offered(method: str) -> bool:
        scope = {**request.scope, "method": method, "root_path": root}
        routes = (route for route in request.app.routes if method == "GET" or not isinstance(route, Mount))
        return any(route.matches(scope)[0] is Match.FULL for route in routes)  # what is mounted are files

    found = [method for method in ("DELETE", "GET", "PATCH", "POST", "PUT") if offered(method)]
    return sorted([*found, "OPTIONS", *(["HEAD"] if "GET" in found else [])]) if found else []


FORESEEN = (kg.KGraphError, HTTPException)


def answered(request: Request, error: Exception) -> Response:
    """The answer to an error that was foreseen."""
    return refusal(request, error) if isinstance(error, kg.KGraphError) else _from_routing(request, error)


def _from_routing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    title = _ROUTING.get(status, str(error.detail))
    headers = dict(error.headers or {})
    path = cut(request.url.path)
    detail = f"{request.method} {path}: {title[0].lower()}{title[1:]}; /docs lists what there is"
    if status == 405:
        headers["Allow"] = ", ".join(allowed(request))
        detail = f"{path} takes {headers['Allow']}, not {request.method}"
    return respond(request, problem(request, f"http-{status}", title, status, detail), headers)


def crash(request: Request) -> Response:
    """The answer to an error nobody foresaw: no detail leaves the service, the id finds it in the log."""
    detail = "the service failed on this request; its log has the reason under this request_id"
    body = problem(request, "internal", "Internal error", 500, detail)
    return Response(orjson.dumps(body), 500, {"Cache-Control": "no-store"}, media_type=PROBLEM)


def install(app: FastAPI) -> None:
    """Make every error of the service a problem."""
    for cls in FORESEEN:
        app.add_exception_handler(cls, answered)
