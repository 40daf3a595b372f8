"""`/reconcile`: the Reconciliation Service API 0.2, with which OpenRefine and others match tables with the graph."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from kgraph import KnowledgeGraph
from kgraph.errors import ParameterError
from kgraph.model.reconciliation import Candidates, Extension, Named, Proposal, Suggestions
from kgraph.reconciling import Reconciliation
from kgraph.settings import Settings

from .. import rendering
from ..dependencies import Graph, bounded, walking
from ..negotiation import HTML, JSON, UnsupportedMediaTypeError, choose
from ..reconciliation import (
    BATCH,
    IdQuestion,
    Kind,
    ProposalQuestion,
    ReconcileQuestion,
    SuggestQuestion,
    extension,
    matches,
    within,
)
from ..responses import documented, refusals
from ..route import QuestionRoute
from ..schemas import unknown_parameter

router = APIRouter(route_class=QuestionRoute, tags=["reconciliation"])

FORM = "application/x-www-form-urlencoded"
WIDTH, HEIGHT = 420, 260
"""Of the frame that previews stand in, in pixels."""
_SHOWN = 3


class Manifest(BaseModel):
    """What the service can do, as the specification writes it."""

    model_config = ConfigDict(extra="allow")

    versions: list[str]
    name: str
    identifierSpace: str  # noqa: N815 - the specification's names
    schemaSpace: str  # noqa: N815
    documentation: str
    serviceVersion: str  # noqa: N815
    defaultTypes: list[Named]  # noqa: N815
    view: dict[str, str]
    preview: dict[str, str | int]
    suggest: dict[str, dict[str, str]]
    extend: dict[str, Any]


class Flyout(BaseModel):
    """A thing in a few words of HTML."""

    id: str
    html: str


_FIELDS = {
    "queries": {"type": "string", "description": "A batch of rows, as JSON."},
    "extend": {"type": "string", "description": "Values to fetch, as JSON."},
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {"type": "object", "properties": _FIELDS, "additionalProperties": False},
                "examples": {
                    "rows": {
                        "value": {"queries": '{"q0": {"query": "Amnesty Internatonal"}, "q1": {"query": "IATP"}}'}
                    },
                    "values": {
                        "value": {"extend": '{"ids": ["ngos-open-letter"], "properties": [{"id": "kg:hasMember"}]}'}
                    },
                },
            }
        },
    }
}


@router.get(
    "/reconcile",
    summary="The manifest of the reconciliation service, or an answer",
    response_model=None,
    responses=documented(model=Manifest | Extension | dict[str, Candidates], errors=(400, 406)),
)
async def reconcile(request: Request, graph: Graph, question: Annotated[ReconcileQuestion, Query()]) -> Response:
    """Without parameters the manifest; `queries` matches rows with entities by name, alias and misprint, `extend` adds
    what is said of them. What is in a cell is what sources say, not what this service says.
    """
    choose(request, (JSON,))
    if question.queries is None and question.extend is None:
        return rendering.json(_manifest(request, graph))
    return await walking(request, _answer, request, graph, question)


@router.post(
    "/reconcile",
    summary="Rows to be matched, or values to be added",
    response_model=None,
    responses={
        **documented(model=Extension | dict[str, Candidates], errors=(400, 406)),
        **refusals(413, 415),
    },
    openapi_extra=_BODY,
)
async def reconcile_by_form(request: Request, graph: Graph) -> Response:
    """The same as a form. Batches may have 100 rows; a row that is wrong is named, and none is answered."""
    choose(request, (JSON,))
    for name, value in request.query_params.items():
        raise unknown_parameter(name, value, [])  # what is asked stands in the body
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise UnsupportedMediaTypeError(kind, [FORM])
    question = _form(await request.body())
    if question.queries is None and question.extend is None:
        raise ParameterError("queries", "", "is needed, or extend")
    return await walking(request, _answer, request, graph, question)


def _form(body: bytes) -> ReconcileQuestion:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10)
    except ValueError as error:  # UnicodeError is one
        raise ParameterError("body", body[:40].decode("ascii", "replace"), "is no form in UTF-8") from error
    given = dict(pairs)
    if len(given) < len(pairs):
        raise ParameterError(pairs[0][0], pairs[0][1][:40], "is given more than once")
    return ReconcileQuestion.read(given)


def _answer(request: Request, graph: KnowledgeGraph, question: ReconcileQuestion) -> Response:
    settings: Settings = request.app.state.settings
    asked = Reconciliation(graph)
    if question.extend is None:
        rows = matches(question.queries or "", settings.max_limit)
        return rendering.json({name: asked.candidates(match) for name, match in rows.items()})
    if question.queries is not None:
        raise ParameterError("extend", question.extend[:40], "stands beside queries; send one of them")
    return rendering.json(asked.extension(*extension(question.extend, settings.max_limit)))


@router.get(
    "/reconcile/suggest/{kind}",
    summary="Entities, types or properties by what was typed",
    response_model=None,
    responses=documented(model=Suggestions, errors=(400, 406)),
)
def suggest(request: Request, graph: Graph, kind: Kind, question: Annotated[SuggestQuestion, Query()]) -> Response:
    """Entities as `/search` finds them; classes and relations by words of their names."""
    choose(request, (JSON,))
    question = bounded(request, question)
    asked, part = Reconciliation(graph), {"skip": question.cursor, "limit": _limit(request, question.limit)}
    match _kind(kind):
        case Kind.TYPE:
            found = asked.types(question.prefix, **part)
        case Kind.PROPERTY:
            found = asked.properties(question.prefix, **part)
        case _:
            found = asked.entities(question.prefix, type=question.type or "", **part)
    return rendering.json(found)


@router.get(
    "/reconcile/flyout/{kind}",
    summary="An entity, type or property in a few words of HTML",
    response_model=None,
    responses=documented(model=Flyout, errors=(400, 404, 406)),
)
def flyout(request: Request, graph: Graph, kind: Kind, question: Annotated[IdQuestion, Query()]) -> Response:
    """What a client shows beside a suggestion."""
    choose(request, (JSON,))
    found = Reconciliation(graph).suggested(_kind(kind), question.id)
    html = request.app.state.templates.get_template("flyout.html").render(thing=found)
    return rendering.json({"id": question.id, "html": html})


@router.get(
    "/reconcile/properties",
    summary="Properties that things of a type may have",
    response_model=None,
    responses=documented(model=Proposal, errors=(400, 406)),
)
def properties(request: Request, graph: Graph, question: Annotated[ProposalQuestion, Query()]) -> Response:
    """Those that the ontology allows, in both directions, and names."""
    choose(request, (JSON,))
    question = bounded(request, question)
    return rendering.json(Reconciliation(graph).proposal(question.type or "", limit=_limit(request, question.limit)))


@router.get(
    "/reconcile/preview",
    summary="An entity on a small page",
    response_model=None,
    responses=documented("text/html", errors=(400, 404, 406)),
)
def preview(request: Request, graph: Graph, question: Annotated[IdQuestion, Query()]) -> Response:
    """Made to stand in a frame of another site, which no other page here may."""
    choose(request, (HTML,))
    found = graph.entity(question.id, limit=_SHOWN)
    return rendering.page(request, "preview.html", headers=rendering.FRAMED, entity=found)


def _limit(request: Request, limit: int) -> int:
    settings: Settings = request.app.state.settings
    return within(limit, settings.max_limit, "limit")


def _kind(kind: str) -> Kind:
    try:
        return Kind(kind)
    except ValueError as error:
        raise ParameterError("kind", kind, f"known are {', '.join(Kind)}") from error


def _manifest(request: Request, graph: KnowledgeGraph) -> dict[str, Any]:
    base = str(request.base_url).rstrip("/")
    suggestions = {
        kind.value: {
            "service_url": base,
            "service_path": f"/reconcile/suggest/{kind}",
            "flyout_service_url": base,
            "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
        }
        for kind in Kind
    }
    return {
        "versions": ["0.2"],
        "name": "kgraph: who is connected to whom, and who says so",
        "identifierSpace": graph.namespaces.id,
        "schemaSpace": graph.namespaces.kg,
        "documentation": f"{base}/docs",
        "serviceVersion": version("kgraph-claims"),
        "batchSize": BATCH,
        "defaultTypes": list(Reconciliation(graph).top_types()),
        "view": {"url": f"{base}/entity?id={{{{id}}}}"},
        "preview": {"url": f"{base}/reconcile/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": suggestions,
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/reconcile/properties"},
            "property_settings": _SETTINGS,
        },
    }


_SETTINGS = [
    {"name": "limit", "label": "Most values", "type": "number", "default": 100, "help_text": "Of one thing."},
    {
        "name": "modality",
        "label": "What is told",
        "type": "select",
        "default": "reported",
        "help_text": "Only what is reported, or what is alleged, demanded or predicted too.",
        "choices": [{"value": "reported", "name": "reported"}, {"value": "any", "name": "anything said"}],
    },
    {
        "name": "said_by",
        "label": "Said by",
        "type": "text",
        "default": "",
        "help_text": "Only what this speaker says (an id).",
    },
    {
        "name": "content",
        "label": "In the cells",
        "type": "select",
        "default": "values",
        "help_text": "The values, or the claims that state them.",
        "choices": [{"value": "values", "name": "values"}, {"value": "claims", "name": "claims"}],
    },
]
