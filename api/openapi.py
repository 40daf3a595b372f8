"""The OpenAPI document: what FastAPI derives, with problems in place of its own errors, and examples of this graph."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from kgraph import KnowledgeGraph

from . import errors
from .responses import Problem, refusals

_ERRORS = """\
<details><summary>Every error</summary>

The `type` of a problem ends in the name of its error without the last word, in small letters: `EntityNotFoundError`
is `entity-not-found`.

| status | error | meaning |
|---|---|---|
"""
_ALWAYS = refusals(429, 500, 503)
"""What any operation may answer: the client has asked too much, or the service can fail, be stopping, or be busy."""
_KEY = {"type": "http", "scheme": "bearer", "description": "What `kgraph key create --scope write` showed once."}
_HEADERS = {
    "X-KGraph-Generation": {"description": "The generation answered from.", "schema": {"type": "integer"}},
    "ETag": {
        "description": "Send it back as If-None-Match to learn whether anything changed.",
        "schema": {"type": "string"},
    },
    "Link": {"description": "`rel=next`: the page that follows, of the same generation.", "schema": {"type": "string"}},
    "X-KGraph-Verdict": {
        "description": "What each SERVICE kg:path of a SPARQL query came to: found, none_within or stopped.",
        "schema": {"type": "string"},
    },
    "RateLimit": {"description": "What is left of the client's budgets.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "The budgets of a client, for a minute.", "schema": {"type": "string"}},
    "X-Request-ID": {"description": "The request's id, as given or as made up.", "schema": {"type": "string"}},
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document of a service. Over an open graph it has the example of a claim."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=f"{app.description}\n{_errors()}",
        license_info=app.license_info,
        routes=app.routes,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    found["components"]["securitySchemes"] = {"key": _KEY}
    claim = _a_claim(app.state.graph) if app.state.graph else None
    for path, operations in found["paths"].items():
        for operation in operations.values():
            if operation["responses"].get("422", {}).get("description") == "Validation Error":
                del operation["responses"]["422"]  # the framework's own; here that is a 400
            answers = {**{str(status): answer for status, answer in _ALWAYS.items()}, **operation["responses"]}
            operation["responses"] = dict(sorted(answers.items()))
            operation["responses"]["200"]["headers"] = _HEADERS
            for parameter in operation.get("parameters", []):
                _exemplify(path, parameter, claim)
    return found


def _errors() -> str:
    return (
        _ERRORS
        + "\n".join(f"| {status} | `{name}` | {text} |" for status, name, text in errors.catalogue())
        + "\n\n</details>\n"
    )


# Parts of an address have no field of a question that could carry their example.
_IN_PATH = {
    "/id/{slug}": "ioc",
    "/export.{suffix}": "ttl",
    "/ontology.{suffix}": "ttl",
    "/scheme/{code}": "reported",
    "/graphs/{name}": "notebook",
    "/reconcile/suggest/{kind}": "entity",
    "/reconcile/flyout/{kind}": "entity",
}


def _exemplify(path: str, parameter: dict[str, Any], claim: str | None) -> None:
    if parameter["in"] == "path":
        parameter["example"] = _IN_PATH[path]
    elif path == "/claim" and claim:
        parameter["example"] = claim
    elif parameter["schema"].get("examples"):
        parameter["example"] = parameter["schema"].pop("examples")[0]


def _a_claim(graph: KnowledgeGraph) -> str | None:
    """The id of a claim, so that the example of `/claim` exists: ids are hashes of their content."""
    for source in graph.sources(limit=1).items:
        for credit in source.credits:
            for claim in graph.entity(source.id, limit=1).claims or graph.entity(credit.agent.id, limit=1).claims:
                return claim.id
    return None
