"""What may be asked: the query models of the routes, and the words for what they refuse."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from kgraph.errors import ParameterError
from kgraph.model import Direction, PathMode


def _one_or_many(value: object) -> Any:
    return [value] if isinstance(value, str) else value


Many = Annotated[list[str], BeforeValidator(_one_or_many)]
_NONE: Any = ()  # a list would be copied by pydantic for every question
Limit = Annotated[int, Field(ge=1, description="Items on a page; the service sets the upper bound.")]
Cursor = Annotated[str | None, Field(description="`next` of the page before; all other parameters unchanged.")]


class Question(BaseModel):
    """The parameters of a route. Unknown names are refused with what comes close; blank values count as not given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: ClassVar[frozenset[str]] = frozenset()
    """The parameters there are."""
    repeatable: ClassVar[frozenset[str]] = frozenset()
    """The parameters that may be given more than once."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.names = frozenset(cls.model_fields)
        cls.repeatable = frozenset(n for n, field in cls.model_fields.items() if field.annotation == list[str])

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: dict[str, object]) -> dict[str, object]:
        for name, value in data.items():
            if name not in cls.names:
                raise unknown_parameter(name, value, list(cls.model_fields))
        return {name: value for name, value in data.items() if value not in ("", [""])}

    @classmethod
    def read(cls, given: Mapping[str, object]) -> Self:
        """The question with these parameters, as texts. Raises ParameterError for the first that does not fit."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise refused(error) from error


def unknown_parameter(name: str, value: object, known: list[str]) -> ParameterError:
    """The refusal of a parameter nobody reads here: a mistyped filter must not widen an answer silently."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    meant = f"did you mean {close[0]}? " if close else ""
    return ParameterError(
        name, written(value), f"there is no such parameter here; {meant}known are {', '.join(known) or 'none'}"
    )


class LensQuestion(Question):
    """The lens: which claims a question looks through. What is not given keeps the default of the library."""

    said_by: Many = Field(default=_NONE, description="Only claims these speakers make.")
    not_said_by: Many = Field(default=_NONE, description="No claims of these speakers.")
    article: Many = Field(default=_NONE, description="Only claims asserted in these sources.")
    voice: Many = Field(default=_NONE, description="Codes such as `direct-quote`; `any` lifts the bound.")
    modality: Many = Field(default=_NONE, description="Codes; default `reported`; `any` lifts the bound.")
    polarity: Many = Field(default=_NONE, description="Codes; default `affirmed`; `any` lifts the bound.")
    valid_from: str | None = Field(default=None, description="ISO date: not what ended before.")
    valid_until: str | None = Field(default=None, description="ISO date: not what began after.")
    published_until: str | None = Field(default=None, description="ISO date: not from sources published after.")
    min_sources: int = Field(default=1, ge=1, description="Fewest distinct articles for a relation.")
    min_confidence: float = Field(default=0.0, ge=0, le=1, description="Lowest extraction confidence.")
    include: Many = Field(default=_NONE, description="Walk these too: `documents`, `codes`, `types`, `unattributed`.")
    at: Annotated[str, Field(max_length=40)] | int | None = Field(
        default=None, description="A generation or a date: the graph as it was."
    )
    min_generation: int | None = Field(
        default=None, ge=0, description="Read one's own write: at least this generation."
    )

    def lens(self) -> dict[str, Any]:
        """The lens keywords that were given."""
        return {name: getattr(self, name) for name in self.model_fields_set if name in LensQuestion.names}


class SourcedQuestion(LensQuestion):
    """A lens where `source` is another name of `article`."""

    source: Many = Field(default=_NONE, description="The same as `article`.")

    def lens(self) -> dict[str, Any]:
        given = super().lens()
        articles = [*self.article, *self.source]
        return {**given, "article": articles} if articles else given


class SearchQuestion(Question):
    """`GET /search`."""

    q: str | None = Field(default=None, description="A name, or its beginning; typos are forgiven.", examples=["IATP"])
    type: str | None = Field(default=None, description="Only entities of this class.")
    limit: Limit = 20
    cursor: Cursor = None


class EntityQuestion(SourcedQuestion):
    """`GET /entity`."""

    id: str = Field(description="IRI, CURIE or bare slug.", examples=["ioc"])
    limit: Limit = 100
    cursor: Cursor = None


class NeighbourhoodQuestion(SourcedQuestion):
    """`GET /neighbourhood`."""

    entity: str = Field(description="IRI, CURIE or bare slug.", examples=["ioc"])
    hops: int = Field(default=1, ge=0, examples=[2])
    direction: Direction = "both"
    predicate: Many = Field(default=_NONE, description="Only these relations; `^hasMember` walks one backwards.")
    type: Many = Field(default=_NONE, description="Only neighbours of these classes.")
    max_edges: int = Field(default=1_000_000, ge=1, description="Most edges the walk may look at.")
    max_ms: int = Field(default=2_000, ge=1, description="Longest time the walk may take, in milliseconds.")
    limit: Limit = 100
    order: Literal["rank", "label", "distance"] = "rank"
    cursor: Cursor = None

    def keywords(self) -> dict[str, Any]:
        """Everything given but the entity, as the facade names it, whose defaults are the same."""
        own = self.model_fields_set - LensQuestion.names - {"entity", "source"}
        return {**{name: getattr(self, name) for name in own}, **self.lens()}


class PathsQuestion(LensQuestion):
    """`GET` and `POST /paths`. `source` is the path's start; the lens's sources are `article`."""

    source: Many = Field(min_length=1, description="Where a path begins.", examples=[["amnesty-international"]])
    target: Many = Field(min_length=1, description="Where a path ends.", examples=[["antonio-guterres"]])
    mode: PathMode = "shortest"
    k: int = Field(default=5, ge=1)
    min_hops: int = Field(default=1, ge=0)
    max_hops: int = Field(default=6, ge=0)
    direction: Direction = "both"
    predicate: Many = Field(default=_NONE, description="Only these relations; `^hasMember` walks one backwards.")
    pattern: str | None = Field(default=None, description="A property path the whole path must match.")
    weight: str | None = Field(
        default=None, description="What makes a step long: `sources` (few), `confidence` (low) or `hubs`."
    )
    avoid: Many = Field(default=_NONE, description="Not through these entities.")
    avoid_type: Many = Field(default=_NONE, description="Not through entities of these classes.")
    via: Many = Field(default=_NONE, description="Through all of these.")
    avoid_hubs: int | None = Field(default=None, ge=1, description="Not through entities with more edges than this.")
    max_edges: int = Field(default=1_000_000, ge=1, description="Most edges the search may scan.")
    max_ms: int = Field(default=2_000, ge=1, description="Longest time the search may take, in milliseconds.")
    limit: Limit = 100
    cursor: Cursor = None

    def keywords(self) -> dict[str, Any]:
        """Everything given but the two ends, as the facade names it, whose defaults are the same."""
        return {name: getattr(self, name) for name in self.model_fields_set if name not in ("source", "target")}


class ConnectQuestion(SourcedQuestion):
    """`GET /connect`."""

    entity: Many = Field(
        min_length=2, description="Two or more entities.", examples=[["amnesty-international", "antonio-guterres"]]
    )
    entities: Many = Field(default=[], description="The same as `entity`.")
    max_hops: int = Field(default=6, ge=1)
    max_edges: int = Field(default=1_000_000, ge=1)
    max_ms: int = Field(default=2_000, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _by_either_name(cls, data: dict[str, Any]) -> dict[str, Any]:
        several = [name for field in ("entity", "entities") for name in _one_or_many(data.get(field, []))]
        return {**data, "entity": several} if several else data


class CompareQuestion(SourcedQuestion):
    """`GET /compare`."""

    entity: str | None = Field(default=None, description="IRI, CURIE or bare slug.", examples=["ioc"])
    one: Many = Field(default=_NONE, description="What one side's lens has of its own, as `name=value`.")
    other: Many = Field(
        default=_NONE, description="The same of the other side.", examples=[["not_said_by=bitter-winter"]]
    )
    target: str | None = Field(default=None, description="Compare what connects the entity with this one.")
    hops: int | None = Field(default=None, ge=0, description="How far; 1 by default, 6 with a target.")
    predicate: Many = Field(default=_NONE, description="Only these relations; `^hasMember` walks one backwards.")
    max_edges: int = Field(default=1_000_000, ge=1, description="Most edges a walk may look at.")
    max_ms: int = Field(default=2_000, ge=1, description="Longest time a walk may take, in milliseconds.")
    limit: Limit = 100
    cursor: Cursor = None

    def keywords(self) -> dict[str, Any]:
        """Everything given but the entity, as the facade names it, whose defaults are the same."""
        own = self.model_fields_set - LensQuestion.names - {"entity", "source"}
        return {**{name: getattr(self, name) for name in own}, **self.lens()}


class TimelineQuestion(SourcedQuestion):
    """`GET /timeline`."""

    entity: str = Field(description="IRI, CURIE or bare slug.", examples=["ioc"])
    limit: Limit = 100
    cursor: Cursor = None


class ClaimQuestion(Question):
    """`GET /claim`."""

    id: str = Field(description="IRI, CURIE or bare name of a claim.")


class SourcesQuestion(Question):
    """`GET /sources`."""

    limit: Limit = 100
    cursor: Cursor = None


class SourceQuestion(Question):
    """`GET /source`."""

    id: str = Field(description="IRI, CURIE or bare slug.", examples=["article-01"])


class NarrowQuestion(SourcedQuestion):
    """`GET /export.ttl` and its siblings."""

    entity: str | None = Field(default=None, description="Only the neighbourhood of this entity.", examples=["ioc"])
    hops: int = Field(default=1, ge=0, description="How far that neighbourhood reaches.")
    rdf12: bool = Field(default=False, description="Annotate the direct triples with RDF 1.2 reifiers.")


class ExportQuestion(NarrowQuestion):
    """`GET /export`."""

    format: str | None = Field(default=None, description="Name, suffix or media type.", examples=["turtle"])


class NoQuestion(Question):
    """A route without parameters."""


def reason(fault: Mapping[str, Any]) -> str:
    """What would do in place of a value that does not fit, from the first fault of a validation."""
    kind, context = str(fault["type"]), fault.get("ctx", {})
    fixed = {
        "missing": "is needed",
        "too_short": f"give at least {context.get('min_length')}",
        "string_too_long": f"give at most {context.get('max_length')} characters",
        "greater_than_equal": f"give at least {context.get('ge')}",
        "less_than_equal": f"give at most {context.get('le')}",
        "literal_error": f"known are {str(context.get('expected', '')).replace(chr(39), '')}",
    }
    kinds = {"int": "a whole number", "float": "a number", "finite": "a number", "bool": "true or false"}
    wanted = kinds.get(kind.partition("_")[0], "a text" if kind.startswith("string") else "a text or a list of texts")
    return fixed.get(kind, f"give {wanted}")


def refused(error: ValidationError) -> ParameterError:
    """The first fault of a validation, told of its parameter."""
    first = error.errors()[0]
    value = "" if first["type"] == "missing" else written(first.get("input", ""))
    return ParameterError(str(first["loc"][0]), value, reason(first))


def written(value: object) -> str:
    """A value as its sender wrote it, if it is short enough to be told; else what it is."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return str(value)
