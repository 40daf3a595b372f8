"""What the OpenAPI document says of answers: problems, the state of the service, media types, the need of a key.

Other answers are the frozen values of `kgraph.model`; nothing here validates them again on their way out.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

PROBLEM = "application/problem+json"


class Problem(BaseModel):
    """An error (RFC 9457). Further members depend on the error: `parameter`, `suggestions`, `line`, `limit`, …"""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="IRI that names the kind of error.")
    title: str
    status: int
    detail: str
    instance: str
    request_id: str


class FollowingState(BaseModel):
    """How far a service is that follows another one, which writes."""

    writer: str | None = Field(description="Address of the one that writes, if it has one.")
    acknowledged: int = Field(description="Generation that the writer has acknowledged.")
    lag: int = Field(description="So many commits of these are not answered from here yet.")
    looked: float = Field(description="Seconds since the journal was last looked at and followed.")


class Ready(BaseModel):
    """Whether the service can answer, and from which generation; of one that follows another, how far it is."""

    status: str
    generation: int = Field(description="What the verbs answer from.")
    journal: int = Field(description="The last commit.")
    store: int = Field(description="The last commit that the store has.")
    following: FollowingState | None = None


_REASONS = {
    400: "A parameter, cursor or query cannot be taken; `parameter` or `reason` says which and why.",
    401: "A key is needed; the header `WWW-Authenticate` says of which kind.",
    403: "Writing is off, the key allows less, a page of another site asks, the graph is kgraph's own, or it would be "
    "fetched from elsewhere.",
    404: "Nothing has that name; `suggestions` are what comes close.",
    406: "Nothing that the Accept header allows; `offered` are the media types there are.",
    410: "That generation is not held any more, or not yet.",
    409: "A graph is not there, or is there already.",
    412: "The graph is another one by now than If-Match or If-None-Match wants.",
    413: "The body is longer than the service takes.",
    415: "The body has a media type that is not taken here.",
    422: "The query calls a function that is not known here.",
    429: "The client has spent its budget; `Retry-After` says when to ask again.",
    500: "The data of the service cannot be used; its log has the reason under the request's id.",
    502: "The server that keeps the quads does not answer as it should, where another one does (`KGRAPH_STORE`).",
    503: "A limit ended the work, or the service is not ready; `limit` and `value` say which.",
    507: "There is no room left on the disk of the service; what was there before is read on.",
}


KEYED: dict[str, Any] = {"security": [{"key": []}]}
"""What the document says of an operation that needs a key."""


_TERM = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode", "triple"]},
        "xml:lang": {"type": "string"},
        "datatype": {"type": "string"},
    },
}
_JSON: dict[str, dict[str, Any]] = {
    "application/ld+json": {"type": ["object", "array"]},
    "application/sparql-results+json": {
        "type": "object",
        "required": ["head"],
        "properties": {
            "head": {"type": "object", "properties": {"vars": {"type": "array", "items": {"type": "string"}}}},
            "results": {
                "type": "object",
                "required": ["bindings"],
                "properties": {
                    "bindings": {"type": "array", "items": {"type": "object", "additionalProperties": _TERM}}
                },
            },
            "boolean": {"type": "boolean"},
        },
        "oneOf": [{"required": ["results"]}, {"required": ["boolean"]}],
    },
}


def described(*media_types: str) -> dict[str, Any]:
    """The `content` of a body in these media types: a text, but where it is JSON."""
    return {name: {"schema": _JSON.get(name, {"type": "string"})} for name in media_types}


def documented(
    *media_types: str, model: Any = None, errors: tuple[int, ...] = (400, 404, 406, 410)
) -> dict[int | str, Any]:
    """The `responses` of a route: 200 in these media types (the model is that of application/json), and problems."""
    content = described(*media_types)
    good: dict[str, Any] = {"description": "The answer.", "content": content}
    if model is not None:
        good["model"] = model
    return {200: good, 304: {"description": "Not changed since the ETag given."}, **refusals(*errors)}


def refusals(*statuses: int) -> dict[int | str, Any]:
    """The problems a route may answer with."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = {PROBLEM: schema, **described("text/html")}  # a page for browsers
    return {code: {"description": _REASONS[code], "content": content} for code in statuses}
