"""Answers as bytes: JSON by orjson, pages by Jinja2 (autoescaped, without script)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jinja2
from starlette.requests import Request
from starlette.responses import Response

from kgraph.model import Comparison, Credit, Entity, Neighbourhood, Paths, SearchResult, Source, Sources, Timeline
from kgraph.namespaces import Namespaces

from .encoding import encoded
from .negotiation import HTML, JSON, choose

TEMPLATES = Path(__file__).resolve().parent / "templates"
STATIC = Path(__file__).resolve().parent / "static"
FAILED = "kgraph.failed"
"""In the scope of a request: what makes a page of its problem, where the route has one of its own for that."""
_OURS = ("id:", "kg:", "kgs:")
FRAMED = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors *"}
"""The headers of a page that is made to stand in a frame of another site: no script, no form, nothing to be done."""

Problem = dict[str, Any]


def environment(namespaces: Namespaces) -> jinja2.Environment:
    """The templates, with the few filters they use."""

    def local(iri: str) -> str | None:
        """The CURIE of what has a page here; None for an IRI of somebody else."""
        id = namespaces.compress(iri)
        return id if id.startswith(_OURS) else None

    def claims_query(credit: Credit, source: Source, role: str) -> str:
        """The query for the claims of a source that credit somebody."""
        asked = {"source": source.iri, "agent": credit.agent.iri, "role": "reportedVia" if role == "via" else None}
        return env.get_template("credited.rq").render(**asked)

    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"web": web, "page_of": page_of, "plain": plain, "short": short}
    env.filters |= {"local": local, "claims_query": claims_query}
    return env


def web(iri: str | None) -> str | None:
    """The IRI if a browser may follow it (http and https only), else None."""
    return iri if iri and iri.lower().startswith(("http://", "https://")) else None


def page_of(id: str, type: str = "") -> str:
    """The page of a thing on this service, by its CURIE or IRI."""
    prefix, _, rest = id.partition(":")
    if prefix == "kg":
        return f"/ns#{quote(rest)}"
    if prefix == "kgs":
        return f"/scheme/{quote(rest)}"
    route = "claim" if id.startswith("id:claim-") else "source" if type in ("kg:Article", "kg:Dataset") else "entity"
    return f"/{route}?{urlencode({'id': id})}"


def plain(code: str | None) -> str:
    """A code for a person: `article-voice` → `article voice`."""
    return (code or "").replace("-", " ")


def short(id: str) -> str:
    """The name part of a CURIE: `kg:demands` → `demands`."""
    return id.rpartition(":")[2] if id.partition(":")[0].isalpha() and "//" not in id else id


def json(value: Any, headers: dict[str, str] | None = None, status: int = 200) -> Response:
    """A value of `kgraph.model` as JSON. The generation it was read at goes into the header."""
    return Response(encoded(value), status, {**told(value), **(headers or {})}, media_type="application/json")


def onward(request: Request, value: Any) -> str | None:
    """The address that goes on where an answer was cut: what its `again` asks for. None where nothing was cut."""
    again = getattr(value, "again", None)
    if not again:
        return None
    route = "connect" if getattr(value, "centre", value) is None else _ROUTES[type(value)]
    return f"{request.scope.get('root_path', '')}/{route}?{urlencode(again, doseq=True)}"


_ROUTES: dict[type, str] = {
    Comparison: "compare",
    Entity: "entity",
    Neighbourhood: "neighbourhood",
    Paths: "paths",
    SearchResult: "search",
    Sources: "sources",
    Timeline: "timeline",
}


def next_page(request: Request, value: Any) -> list[str]:
    """The Link to the page that follows. A search to be repeated with a larger limit is no page of this one."""
    return [f'<{onward(request, value)}>; rel="next"'] if getattr(value, "next", None) else []


def told(value: Any) -> dict[str, str]:
    """The headers a value gives its answer: the generation it was read at; no reuse where the clock ended the work."""
    generation = getattr(value, "generation", None)
    headers = {} if generation is None else {"X-KGraph-Generation": str(generation)}
    if getattr(value, "stopped_by", None) == "max_ms":
        headers["Cache-Control"] = "no-store"
    return headers


def page(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> Response:
    """An HTML page from a template."""
    env: jinja2.Environment = request.app.state.templates
    about = {"canonical": None, "linked": None, "here": request.url.path.rpartition("/")[2]}
    about |= {"root": request.scope.get("root_path", ""), "base": service(request)}
    html = env.get_template(template).render(**about | {"onward": onward(request, values.get("answer"))} | values)
    return Response(html, status, headers, media_type=HTML.media_type)


def service(request: Request) -> str:
    """The address of this service, without the stroke at its end."""
    return str(request.base_url).rstrip("/")


def answer(request: Request, value: Any, template: str, **values: Any) -> Response:
    """A value as JSON, or as a page where a browser asks; the next page as a Link."""
    following = next_page(request, value)
    headers = {**told(value), **({"Link": ", ".join(following)} if following else {})}
    if choose(request, (JSON, HTML)) is HTML:
        return page(request, template, headers=headers, answer=value, **values)
    return json(value, headers)
