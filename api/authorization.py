"""Who may write: a key in the `Authorization` header, and no page of another site.

Without any key, writing is off. Reading asks for none. A key is looked for nowhere but in the header: an address is
kept in logs and histories.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import Scope

from kgraph.errors import KGraphError
from kgraph.keys import Key, Keys
from kgraph.keys import Scope as KeyScope

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]{1,200}) *\Z", re.IGNORECASE)
_AUTHOR = "kgraph_author"


class UnauthorizedError(KGraphError):
    """A key is needed: none was given, or one that is none."""

    title = "A key is needed"


class ForbiddenError(KGraphError):
    """This may not be done: writing is off, the key's scope is too small, or a page of another site asks."""

    title = "This may not be done"


def needed(method: str, path: str) -> KeyScope | None:
    """The scope that a request needs; None for what everybody may do.

    >>> needed("PUT", "/graphs"), needed("GET", "/graphs")
    ('write', None)
    """
    if path == "/update":
        return "write" if method == "POST" else None
    graphs = path == "/graphs" or path.startswith("/graphs/")
    return "write" if graphs and method in ("PUT", "POST", "DELETE") else None


def authorize(request: Request, scope: KeyScope) -> None:
    """Let a request pass that may do this, and remember whose it is. Raises UnauthorizedError, ForbiddenError."""
    keys: Keys = request.app.state.keys
    _refuse_other_sites(request)
    if not keys.all():
        raise ForbiddenError(
            "writing is off, because this service has no key; whoever keeps it makes one with "
            "`kgraph key create --scope write`"
        )
    if "authorization" not in request.headers:
        raise UnauthorizedError("send a key: `Authorization: Bearer KEY`")
    text = given_key(request)
    key = keys.find(text) if text else None
    if key is None:
        raise UnauthorizedError("this is no key of this service: send one that is, as `Authorization: Bearer KEY`")
    if not key.allows(scope):
        raise ForbiddenError(f"this key has the scope {key.scope}, and this needs {scope}")
    request.scope[_AUTHOR] = _named(key)


def given_key(request: Request) -> str | None:
    """The text of the key that a request carries; None where it carries none, or what can be none."""
    given = request.headers.getlist("authorization")
    found = _BEARER.match(given[0]) if len(given) == 1 else None
    return found[1] if found else None


def author(request: Request) -> str:
    """What the journal calls whoever sent an authorized request."""
    return str(request.scope.get(_AUTHOR, "kgraph"))


def key_of(scope: Scope) -> str:
    """The key of a request that was authorized, as the log names it; empty where none was."""
    return str(scope.get(_AUTHOR, ""))


def _named(key: Key) -> str:
    return f"key {key.id} ({key.name})" if key.name else f"key {key.id}"


def _refuse_other_sites(request: Request) -> None:
    """A browser says which page sends a request; a page of another site has nothing to write here."""
    headers = request.headers
    origin = headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    if foreign or headers.get("sec-fetch-site", "").lower() == "cross-site":
        raise ForbiddenError("a page of another site may read here, and not write")
