"""Linked data: every IRI the graph mints answers, with redirects (303), suffixes and links to the other forms."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgraph.errors import NotFoundError, SourceNotFoundError
from kgraph.formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format

from .. import rendering
from ..dependencies import Graph, aside
from ..negotiation import HTML, by_suffix, choose
from ..schemas import EntityQuestion, NoQuestion, documented
from . import entities

router = APIRouter(tags=["linked data"])

RDF = (TURTLE, JSONLD, NTRIPLES, RDFXML)
_DOCUMENTED = documented(*(f.media_type for f in (*RDF, HTML)))
Nothing = Annotated[NoQuestion, Query()]


@router.get(
    "/id/{slug}",
    summary="A thing by its IRI",
    response_model=None,
    responses={303: {"description": "See the document about the thing."}, **_DOCUMENTED},
)
def thing(slug: str, request: Request, graph: Graph, _: Nothing) -> Response:
    """303 to the document about the thing; with a suffix (`.json`, `.ttl`, `.jsonld`, `.html`) the document itself."""
    name, dot, suffix = slug.rpartition(".")
    if dot:
        wanted = by_suffix(suffix, entities.OFFERS)
        if wanted is None:
            raise HTTPException(404)
        return entities.represent(request, graph, EntityQuestion(id=f"id:{name}"), wanted)
    id = f"id:{slug}"
    place = f"{request.scope.get('root_path', '')}/{_document(graph, id)}?{urlencode({'id': id})}"
    return RedirectResponse(place, 303, {"Link": entities.alternates(id, graph.namespaces.expand(id))})


def _document(graph: Graph, id: str) -> str:
    """The route that has the document about a thing. Raises EntityNotFoundError when there is no such thing."""
    if id.startswith("id:claim-"):
        graph.claim(id)
        return "claim"
    try:
        graph.source(id)
    except SourceNotFoundError:
        graph.entity(id, limit=1)
        return "entity"
    return "source"


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


def _ontology(request: Request, graph: Graph, wanted: Format, path: str) -> Response:
    if wanted is HTML:
        return rendering.page(request, "ontology.html", headers=_links("/ontology"), schema=graph.schema)
    return Response(graph.ontology(wanted.name), headers=_links(path), media_type=wanted.content_type)


@router.get("/scheme/{code}", summary="A code by its IRI", response_model=None, responses=_DOCUMENTED)
async def concept(code: str, request: Request, graph: Graph, _: Nothing) -> Response:
    """One concept of the schemes; a suffix decides over the Accept header."""
    name, dot, suffix = code.rpartition(".")
    wanted = by_suffix(suffix, (*RDF, HTML)) if dot else choose(request, (*RDF, HTML))
    if wanted is None:
        raise HTTPException(404)
    name = name if dot else code
    iri = f"{graph.namespaces.kgs}{name}"
    if iri not in graph.schema.concepts:
        raise CodeNotFoundError(name)
    links = _links(f"/scheme/{name}")
    text = await aside(request, _concept, graph, iri, TURTLE if wanted is HTML else wanted)
    if wanted is not HTML:
        return Response(text, headers=links, media_type=wanted.content_type)
    label = graph.schema.concepts[iri]
    return rendering.page(request, "concept.html", headers=links, label=label, iri=iri, text=text.decode("utf-8"))


def _concept(graph: Graph, iri: str, wanted: Format) -> bytes:
    """What the ontology says of a code. The IRI is one the ontology has, so it may stand in a query."""
    ontology = graph.namespaces.graph("ontology")
    return graph.sparql(f"DESCRIBE <{iri}>", format=wanted.name, default_graph_uri=[ontology]).body


class CodeNotFoundError(NotFoundError):
    """No code of the schemes has that name."""

    kind = "code"


@router.get("/.well-known/void", summary="What this dataset holds", response_model=None, responses=_DOCUMENTED)
def void(request: Request, graph: Graph, _: Nothing) -> Response:
    """VoID: the dataset, its vocabularies, endpoint and dumps."""
    wanted = choose(request, RDF)
    return Response(graph.void(wanted.name, endpoint=f"{request.base_url}sparql"), media_type=wanted.content_type)


def _links(path: str) -> dict[str, str]:
    base = "/ontology" if path == "/ns" else path
    links = [f'<{base}{offer.suffixes[0]}>; rel="alternate"; type="{offer.media_type}"' for offer in (*RDF, HTML)]
    return {"Link": ", ".join(links)}
