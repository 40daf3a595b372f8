"""Which representation a request wants: the Accept header against what a route offers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import mimeparse
from starlette.requests import Request

from kgraph.errors import RequestError
from kgraph.formats import JSONLD, NTRIPLES, SPARQL_JSON, Format

JSON = Format("json", "application/json", (".json",), "table")
HTML = Format("html", "text/html", (".html",), "table", charset=True)

# Names that clients use for a format beside its own. Plain application/xml is not among them: browsers send it.
_ALSO = {
    SPARQL_JSON.name: ("application/json",),
    JSONLD.name: ("application/json",),
    NTRIPLES.name: ("text/plain",),
    HTML.name: ("application/xhtml+xml",),
}

# A member of an Accept header: commas and semicolons may stand in quotes.
_MEMBER = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_RANGE = re.compile(r"\s*(\*|[\w!#$&^.+*-]+/[\w!#$&^.+*-]+)\s*(?:;|\Z)", re.ASCII)
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]*)?)\s*(?:;|\Z)", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')

Offer = TypeVar("Offer", bound=Format)


class NotAcceptableError(RequestError):
    """No representation of this answer is among those the client accepts."""

    title = "No acceptable representation"

    def __init__(self, accept: str, offered: Sequence[str]) -> None:
        super().__init__(f"nothing here fits Accept: {accept}; offered are {', '.join(offered)}")
        self.offered = tuple(offered)

    def fields(self) -> dict[str, object]:
        return {"offered": list(self.offered)}


class UnsupportedMediaTypeError(RequestError):
    """The body of the request is of a media type that is not taken here."""

    title = "The media type is not taken here"

    def __init__(self, given: str, taken: Sequence[str]) -> None:
        super().__init__(f"{given or 'a body without Content-Type'}: taken here are {', '.join(taken)}")
        self.taken = tuple(taken)

    def fields(self) -> dict[str, object]:
        return {"taken": list(self.taken)}


def choose(request: Request, offers: Sequence[Format]) -> Format:
    """The offer the client likes best; among equals the first.

    Raises NotAcceptableError when the Accept header excludes all of them.
    """
    found = liked(accept := accepted(request), tuple(offers))
    if found is None:
        raise NotAcceptableError(accept[:200], [offer.media_type for offer in offers])
    return found


def accepted(request: Request) -> str:
    """The Accept header, several as one; anything where there is none."""
    return ",".join(request.headers.getlist("accept")) or "*/*"


@lru_cache(maxsize=1024)
def liked(accept: str, offers: tuple[Format, ...]) -> Format | None:
    """What `choose` chooses, or None where the header excludes all."""
    if accept == "*/*":
        return offers[0]
    names: dict[str, Format] = {}
    for offer in offers:
        names.setdefault(offer.media_type, offer)
    for offer in offers:
        for name in _ALSO.get(offer.name, ()):
            names.setdefault(name, offer)
    return names.get(_best(list(reversed(names)), accept))


def by_suffix(suffix: str, offers: Sequence[Format]) -> Format | None:
    """The offer with that suffix (without its dot), or None."""
    return next((offer for offer in offers if f".{suffix}" in offer.suffixes), None)


def prefers_html(request: Request) -> bool:
    """Whether a person's browser is asking: HTML is named and liked at least as much as JSON."""
    accept = ",".join(request.headers.getlist("accept"))
    if HTML.media_type not in accept.lower():
        return False
    return _best(["application/problem+json", HTML.media_type], accept) == HTML.media_type


def prefers_json(request: Request) -> bool:
    """Whether a route that offers JSON and a page answers in JSON; not where it can answer in neither."""
    try:
        return choose(request, (JSON, HTML)) is JSON
    except NotAcceptableError:
        return False


def _best(names: list[str], accept: str) -> str:
    """The media type liked best, the last among equals; "" for none. Members that do not parse count for nothing,
    and parameters but `q` do not narrow a type: an offer has one form here.
    """
    members = []
    for member in _MEMBER.findall(accept):
        if found := _RANGE.match(member):
            quality = _QUALITY.search(_QUOTED.sub("", member))
            members.append(f"{found[1].lower()};q={quality[1] if quality else 1}")
    return str(mimeparse.best_match(names, ",".join(members))) if members else ""
