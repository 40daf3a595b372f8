"""What the Reconciliation Service API 0.2 sends: JSON in a form field, read strictly."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError
from pydantic.types import StringConstraints

from kgraph.errors import ParameterError
from kgraph.model.reconciliation import Match, PropertyValues, TypeMatching, Wanted

from .schemas import Limit, Question, reason, written

MOST_QUERIES = 100
"""Rows of one batch; a client sends the next batch when it has the answer."""
BATCH = 25
"""Rows that clients are advised to send at once."""
MOST_PROPERTIES = 200
"""Values by which the rows of one batch may be told apart: each is looked for, and looked up at each candidate."""
MOST_VALUES = 1_000
"""Things times properties of one extension."""
_Text = Annotated[str, StringConstraints(strict=True, max_length=1_000)]
_Id = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=2_000)]


class Kind(StrEnum):
    """What can be suggested."""

    ENTITY = "entity"
    TYPE = "type"
    PROPERTY = "property"


class ReconcileQuestion(Question):
    """`GET /reconcile`: neither for the manifest, or one of them."""

    queries: str | None = Field(
        default=None,
        description="A batch of rows: an object of queries by a name of the client's own, as JSON.",
        examples=['{"q0": {"query": "IATP", "type": "kg:Coalition", "limit": 3}}'],
    )
    extend: str | None = Field(default=None, description="Values to fetch: `ids` and `properties`, as JSON.")


class SuggestQuestion(Question):
    """`GET /reconcile/suggest/…`."""

    prefix: str = Field(default="", description="What was typed.", examples=["amn"])
    type: str | None = Field(default=None, description="Only entities of this class.")
    type_strict: str | None = Field(default=None, description="Sent by some clients; nothing depends on it.")
    cursor: int = Field(default=0, ge=0, le=10_000, description="How many suggestions to pass over.")
    limit: Limit = 10


class IdQuestion(Question):
    """`GET /reconcile/flyout/…` and `/reconcile/preview`."""

    id: str = Field(description="An id as candidates and suggestions have it.", examples=["ioc"])


class ProposalQuestion(Question):
    """`GET /reconcile/properties`."""

    type: str | None = Field(default=None, description="A class; any without.", examples=["kg:Coalition"])
    limit: Limit = 20


Sent = TypeVar("Sent", bound=BaseModel)


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Reconciled(BaseModel):
    """A value that is a thing: other members, such as its name, are not needed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: _Id


_Value = StrictBool | StrictInt | StrictFloat | _Text | _Reconciled


class _Property(_Sent):
    pid: _Id
    v: _Value | Annotated[list[_Value], Field(max_length=100)]


class _Query(_Sent):
    query: _Text = ""
    type: _Id | Annotated[list[_Id], Field(max_length=5)] | None = None
    limit: int = Field(default=5, ge=1)
    properties: list[_Property] = Field(default=[], max_length=20)
    type_strict: TypeMatching = "any"


class _Settings(_Sent):
    limit: int = Field(default=100, ge=1)
    modality: StrictStr = "reported"
    said_by: StrictStr = ""
    content: StrictStr = Field(default="values", pattern="^(values|claims)$")


class _Wanted(_Sent):
    id: _Id
    settings: _Settings = _Settings()


class _Extend(_Sent):
    ids: list[_Id]
    properties: list[_Wanted]


def matches(text: str, most: int) -> dict[str, Match]:
    """The rows of a batch by their names. `most` is the largest limit. Raises ParameterError that names the row."""
    sent = _loaded("queries", text)
    if len(sent) > MOST_QUERIES:
        raise ParameterError("queries", str(len(sent)), f"give at most {MOST_QUERIES} at once")
    rows = {name: _match(name, _read(_Query, "queries", name, query), most) for name, query in sent.items()}
    values = sum(max(len(one.values), 1) for match in rows.values() for one in match.properties)
    if values > MOST_PROPERTIES:
        raise ParameterError("queries", str(values), f"give at most {MOST_PROPERTIES} values of properties at once")
    return rows


def extension(text: str, most: int) -> tuple[list[str], list[Wanted]]:
    """The ids and properties of an extension. `most` is the largest limit. Raises ParameterError."""
    sent = _read(_Extend, "extend", None, _loaded("extend", text))
    if len(sent.ids) * max(len(sent.properties), 1) > MOST_VALUES:
        raise ParameterError("extend", str(len(sent.ids)), f"give at most {MOST_VALUES} ids times properties at once")
    wanted = [Wanted(one.id, **one.settings.model_dump()) for one in sent.properties]
    for one in wanted:
        within(one.limit, most, f"{one.pid}.limit")
    return sent.ids, wanted


def _match(name: str, sent: _Query, most: int) -> Match:
    if not sent.query.strip() and not sent.properties:
        raise ParameterError("queries", name, "a query needs query or properties")
    types = (sent.type,) if isinstance(sent.type, str) else tuple(sent.type or ())
    properties = tuple(PropertyValues(one.pid, tuple(_values(one.v))) for one in sent.properties)
    return Match(sent.query, types, sent.type_strict, properties, within(sent.limit, most, f"{name}.limit"))


def _values(value: Any) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [one.id if isinstance(one, _Reconciled) else written(one) for one in several]


def within(limit: int, most: int, name: str) -> int:
    """The limit. Raises ParameterError where it is above the largest."""
    if limit > most:
        raise ParameterError(name, str(limit), f"give at most {most}")
    return limit


def _loaded(name: str, text: str) -> dict[str, Any]:
    try:
        sent = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ParameterError(name, text[:40], f"is not JSON: {error.msg}") from error
    if not isinstance(sent, dict):
        raise ParameterError(name, written(sent)[:40], "is not a JSON object")
    return sent


def _read(model: type[Sent], parameter: str, name: str | None, sent: object) -> Sent:
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in ((name,) if name is not None else ()) + first["loc"] if part != "")
        wrong = "there is no such member" if first["type"] == "extra_forbidden" else reason(first)
        raise ParameterError(parameter, place, f"{place}: {wrong}") from error
