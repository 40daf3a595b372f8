"""`/entity`: everything the graph holds about one thing, as JSON, RDF or a page."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kgraph.formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from kgraph.model import Entity

from .. import rendering
from ..dependencies import Graph, bounded
from ..negotiation import HTML, JSON, choose
from ..schemas import EntityQuestion, documented
from .export import stream

router = APIRouter(tags=["questions"])

RDF_OFFERS = (TURTLE, JSONLD, NTRIPLES, RDFXML)
OFFERS = (JSON, *RDF_OFFERS, HTML)


@router.get(
    "/entity",
    summary="One entity with its facts, claims, mentions and notes",
    response_model=None,
    responses=documented(*(f.media_type for f in (*RDF_OFFERS, HTML)), model=Entity),
)
def entity(request: Request, graph: Graph, question: Annotated[EntityQuestion, Query()]) -> Response:
    """Everything about one entity; its claims are paged. RDF holds the entity and its neighbours at one hop."""
    return represent(request, graph, bounded(request, question), choose(request, OFFERS))


def represent(request: Request, graph: Graph, question: EntityQuestion, wanted: Format) -> Response:
    """An entity in one format. Raises EntityNotFoundError before anything is sent."""
    found = graph.entity(question.id, limit=question.limit, cursor=question.cursor, **question.lens())
    headers = {"Link": alternates(found.id, found.iri)}
    if wanted is HTML:
        return rendering.page(request, "entity.html", headers=headers, answer=found)
    if wanted is JSON:
        return rendering.json(found, headers)
    return stream(graph.export(wanted.name, entity=found.iri, hops=1, **question.lens()), wanted, headers)


def alternates(id: str, iri: str) -> str:
    """The Link header of an entity: its other representations, and the thing itself."""
    if id.startswith("id:"):
        slug = quote(id.removeprefix("id:"))
        links = [
            f'</id/{slug}{offer.suffixes[0]}>; rel="alternate"; type="{offer.media_type}"'
            for offer in (JSON, TURTLE, JSONLD, HTML)
        ]
    else:
        links = [f'</entity?{urlencode({"id": iri})}>; rel="alternate"; type="{offer.media_type}"' for offer in OFFERS]
    return ", ".join([*links, f'<{quote(iri, safe=_IRI)}>; rel="describes"'])


# What an IRI may hold and a header may carry; anything else is percent-encoded.
_IRI = ":/?#[]@!$&'()*+,;=%-._~"
