"""One thing and its forms: JSON and a page where it has one, RDF always, and links that name only what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from kgraph.formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from kgraph.model import Claim, Entity, Source

from .. import rendering, schemaorg
from ..dependencies import Graph
from ..negotiation import HTML, JSON
from .export import sent_whole

RDF = (TURTLE, JSONLD, NTRIPLES, RDFXML)
PAGED = (JSON, *RDF, HTML)
PLAIN = (*RDF, JSON)
"""What a thing without a page is offered as; its JSON is JSON-LD."""

NOTHING: Mapping[str, Any] = {}


def shown(request: Request, value: Entity | Claim | Source, template: str, wanted: Format) -> Response:
    """A claim, source or entity as JSON or as a page."""
    links = [alternates(request, value.id, value.iri, PAGED), *rendering.next_page(request, value)]
    headers = {**rendering.told(value), "Link": ", ".join(links)}
    if wanted is HTML:
        service = rendering.service(request)
        canonical = f"{service}{rendering.page_of(value.id, value.type if isinstance(value, Source) else '')}"
        linked = schemaorg.described(value, request.app.state.graph.schema, canonical, service)
        return rendering.page(request, template, headers=headers, answer=value, canonical=canonical, linked=linked)
    return rendering.json(value, headers)


def described(
    request: Request,
    graph: Graph,
    iri: str,
    wanted: Format,
    offers: Sequence[Format],
    lens: Mapping[str, Any] = NOTHING,
) -> Response:
    """Anything in RDF. Raises EntityNotFoundError before anything is sent."""
    headers = {
        "Link": alternates(request, graph.namespaces.compress(iri), iri, offers),
        "X-KGraph-Generation": str(graph.generation_at(lens.get("at"), lens.get("min_generation"))),
    }
    chunks = graph.describe(iri, (JSONLD if wanted is JSON else wanted).name, **lens)
    return sent_whole(request, graph, chunks, wanted, headers)


def alternates(request: Request, id: str, iri: str, offers: Sequence[Format]) -> str:
    """The Link header of a thing: its representations, and the thing itself."""
    root = request.scope.get("root_path", "")
    if id.startswith("id:"):
        slug = quote(id.removeprefix("id:"))
        links = [f'<{root}/id/{slug}{o.suffixes[0]}>; rel="alternate"; type="{o.media_type}"' for o in offers]
    else:
        place = f"{root}/entity?{urlencode({'id': iri})}"
        links = [f'<{place}>; rel="alternate"; type="{o.media_type}"' for o in offers]
    return ", ".join([*links, f'<{quote(iri, safe=_IRI)}>; rel="describes"'])


# What an IRI may hold and a header may carry; anything else is percent-encoded.
_IRI = ":/?#[]@!$&'()*+,;=%-._~"
