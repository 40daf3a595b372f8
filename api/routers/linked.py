"""Linked data: every IRI the graph mints answers, with redirects (303), suffixes and links to the other forms."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgraph.errors import NotFoundError
from kgraph.formats import TURTLE, Format

from .. import rendering
from ..dependencies import Graph, walking
from ..negotiation import HTML, by_suffix, choose
from ..responses import documented
from ..route import QuestionRoute
from ..schemas import EntityQuestion, NoQuestion
from . import entities
from .things import PAGED, PLAIN, RDF, alternates, described, shown

router = APIRouter(route_class=QuestionRoute, tags=["linked data"])

_DOCUMENTED = documented(*(f.media_type for f in (*RDF, HTML)))
_KEPT = 16
Nothing = Annotated[NoQuestion, Query()]


@router.get(
    "/id/{slug}",
    summary="A thing by its IRI",
    response_model=None,
    responses={303: {"description": "See the document about the thing."}, **_DOCUMENTED},
)
async def thing(slug: str, request: Request, graph: Graph, _: Nothing) -> Response:
    """303 to the document about the thing; with a suffix (`.json`, `.ttl`, `.jsonld`, `.nt`, `.rdf`, `.html`) the
    document itself. Passages, mentions, notes and the curator have no page.
    """
    name, dot, suffix = slug.rpartition(".")
    id = f"id:{name if dot else slug}"
    kind = await to_thread.run_sync(graph.kind, id)
    offers = PLAIN if kind == "thing" else PAGED
    if dot:
        wanted = by_suffix(suffix, offers)
        if wanted is None:
            raise HTTPException(404)
        if wanted in RDF or kind == "thing":
            return await walking(request, described, request, graph, graph.namespaces.expand(id), wanted, offers)
        return await to_thread.run_sync(_shown, request, graph, kind, id, wanted)
    wanted = choose(request, offers)
    place = f"{kind}?{urlencode({'id': id})}"
    if wanted in RDF or kind == "thing":
        place = f"id/{quote(slug)}{wanted.suffixes[0]}"
    links = alternates(request, id, graph.namespaces.expand(id), offers)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/{place}", 303, {"Link": links})


def _shown(request: Request, graph: Graph, kind: str, id: str, wanted: Format) -> Response:
    if kind == "entity":
        return entities.represent(request, graph, EntityQuestion(id=id), wanted)
    found = graph.claim(id) if kind == "claim" else graph.source(id)
    return shown(request, found, f"{kind}.html", wanted)


@router.get("/graph/{name}", include_in_schema=False)
def named_graph(name: str, request: Request, _: Nothing) -> Response:
    """303 to the description of the dataset, which names its graphs."""
    if name not in _GRAPHS:
        raise HTTPException(404)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/.well-known/void", 303)


_GRAPHS = ("entities", "claims", "reported", "notes", "ontology", "imported")


@router.get("/ontology", summary="The ontology", response_model=None, responses=_DOCUMENTED)
def ontology(request: Request, graph: Graph, _: Nothing) -> Response:
    """Classes, relations and codes."""
    return _ontology(request, graph, choose(request, (*RDF, HTML)), "/ontology")


@router.get("/ns", summary="The namespace of classes and relations", response_model=None, responses=_DOCUMENTED)
def namespace(request: Request, graph: Graph, _: Nothing) -> Response:
    """The same document as `/ontology`: the terms' IRIs end in a fragment of this address."""
    return _ontology(request, graph, choose(request, (*RDF, HTML)), "/ns")


@router.get("/ontology.{suffix}", summary="The ontology by suffix", response_model=None, responses=_DOCUMENTED)
def ontology_as(suffix: str, request: Request, graph: Graph, _: Nothing) -> Response:
    """Suffixes are ttl, jsonld, nt, rdf and html."""
    wanted = by_suffix(suffix, (*RDF, HTML))
    if wanted is None:
        raise HTTPException(404)
    return _ontology(request, graph, wanted, "/ontology")


@router.get("/ontology/{version}", include_in_schema=False)
def ontology_of(version: str, request: Request, graph: Graph, _: Nothing) -> Response:
    """A version of the ontology by its IRI: the one that is served, no other."""
    if version != graph.schema.version:
        raise HTTPException(404)
    return _ontology(request, graph, choose(request, (*RDF, HTML)), "/ontology")


def _ontology(request: Request, graph: Graph, wanted: Format, path: str) -> Response:
    if wanted is HTML:
        return rendering.page(request, "ontology.html", headers=_links("/ontology"), schema=graph.schema)
    return Response(graph.ontology(wanted.name), headers=_links(path), media_type=wanted.content_type)


@router.get("/scheme/{code}", summary="A code by its IRI", response_model=None, responses=_DOCUMENTED)
def concept(code: str, request: Request, graph: Graph, _: Nothing) -> Response:
    """One concept of the schemes, or a scheme with its concepts; a suffix decides over the Accept header."""
    name, dot, suffix = code.rpartition(".")
    wanted = by_suffix(suffix, (*RDF, HTML)) if dot else choose(request, (*RDF, HTML))
    if wanted is None:
        raise HTTPException(404)
    name = name if dot else code
    iri = f"{graph.namespaces.kgs}{name}"
    if not graph.schema.declares(iri):
        raise CodeNotFoundError(name)
    links = _links(f"/scheme/{name}")
    text = graph.concept(name, (TURTLE if wanted is HTML else wanted).name)
    if wanted is not HTML:
        return Response(text, headers=links, media_type=wanted.content_type)
    names = (value for term in ("skos:prefLabel", "rdfs:label") for value in graph.schema.values(iri, term))
    label = graph.schema.concepts.get(iri) or next(names, name)
    return rendering.page(request, "concept.html", headers=links, label=label, iri=iri, text=text.decode("utf-8"))


class CodeNotFoundError(NotFoundError):
    """No code of the schemes has that name."""

    kind = "code"


@router.get("/.well-known/void", summary="What this dataset holds", response_model=None, responses=_DOCUMENTED)
async def void(request: Request, graph: Graph, _: Nothing) -> Response:
    """VoID: the dataset, its vocabularies, endpoint and dumps."""
    wanted = choose(request, RDF)
    held: dict[tuple[int, str, str], bytes] = getattr(request.app.state, "void", {})
    key = (graph.generation, wanted.name, f"{request.base_url}sparql")
    text = held.get(key)
    if text is None:
        text = await walking(request, _void, graph, *key[1:])
        kept = {at: one for at, one in held.items() if at[0] == key[0]} if len(held) < _KEPT else {}
        request.app.state.void = {**kept, key: text}
    return Response(text, headers={"X-KGraph-Generation": str(key[0])}, media_type=wanted.content_type)


def _void(graph: Graph, format: str, endpoint: str) -> bytes:
    return graph.void(format, endpoint=endpoint)


def _links(path: str) -> dict[str, str]:
    base = "/ontology" if path == "/ns" else path
    links = [f'<{base}{offer.suffixes[0]}>; rel="alternate"; type="{offer.media_type}"' for offer in (*RDF, HTML)]
    return {"Link": ", ".join(links)}
