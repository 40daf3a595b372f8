"""What a claim file may hold: one model per section. `claimfile` reads files into these, `compile` makes RDF of them.

Every model is frozen and refuses unknown fields; a field with nothing behind it counts as not given.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Hashable
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

FORMAT_VERSION = 1
INLINE, NAMED = "<inline>", "<key>"
"""Tags pydantic puts into the path of an error for the two ways to give a span, quantity or time."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_IRI_BREAKERS = re.compile(r"[\x00-\x20<>\"{}|\\^`]")

T = TypeVar("T")


def _slug(text: str) -> str:
    if not _SLUG.match(text):
        raise ValueError(f"{text!r} is not a key: lower case letters a-z, digits and hyphens, such as 'human-rights'")
    return text


def _name(text: str) -> str:
    if not text or _IRI_BREAKERS.search(text):
        raise ValueError(f"{text!r} is not a name: a key such as 'ioc', a CURIE such as 'kgs:affirmed', or an IRI")
    return text


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    if any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) < 0xE000 for c in text if c not in "\n\t"):
        raise ValueError("holds a control character")
    return text


def _sha256(text: str) -> str:
    if not _HEX.match(text):
        raise ValueError("is not a SHA-256: 64 digits 0-9 a-f")
    return text


def _date(value: Any) -> Any:
    if isinstance(value, str) and not _DATE.match(value):
        raise ValueError(f"{value!r} is not a date such as 2020-10-02")
    return value


def _version(value: Any) -> Any:
    return FORMAT_VERSION if str(value) == str(FORMAT_VERSION) else value


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, (str, dict, BaseModel)) else value


def _distinct(values: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise ValueError(
                f"{value!r} stands in the list twice" if isinstance(value, str) else "one item stands twice"
            )
    return values


def _way(value: Any) -> str:
    return INLINE if isinstance(value, (dict, BaseModel)) else NAMED


def _same(value: Any) -> Any:
    return value


Slug = Annotated[str, AfterValidator(_slug), Field(json_schema_extra={"pattern": "^[a-z0-9][a-z0-9-]*$"})]
Name = Annotated[str, AfterValidator(_name)]
Text = Annotated[str, BeforeValidator(_same, json_schema_input_type=str | int | float), AfterValidator(_text)]
Sha256 = Annotated[str, AfterValidator(_sha256), Field(json_schema_extra={"pattern": "^[0-9a-f]{64}$"})]
Day = Annotated[datetime.date, BeforeValidator(_date)]
Number = Annotated[Decimal, Field(max_digits=30, decimal_places=12)]
Confidence = Annotated[Decimal, Field(ge=0, le=1, max_digits=7, decimal_places=6)]
Slugs = Annotated[
    tuple[Slug, ...], BeforeValidator(_listed, json_schema_input_type=Slug | list[Slug]), AfterValidator(_distinct)
]
Names = Annotated[
    tuple[Name, ...], BeforeValidator(_listed, json_schema_input_type=Name | list[Name]), AfterValidator(_distinct)
]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(_listed, json_schema_input_type=Text | list[Text]), AfterValidator(_distinct)
]


class Section(BaseModel):
    """Base of all models here."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_blank(cls, data: Any) -> Any:
        return {k: v for k, v in data.items() if v is not None} if isinstance(data, dict) else data


class Source(Section):
    """The article the document reads: which text exactly, and what is not known of it."""

    id: Slug = Field(description="Name of the source in the graph.")
    label: Text = Field(description="Neutral name; the title where it is known.")
    sha256: Sha256 = Field(description="SHA-256 of the bytes of its text.")
    length: int = Field(gt=0, description="Length of the text in Unicode code points.")
    unknown: Slugs = Field(default=(), description="What is not known of it: title, author, publisher, date.")
    published: Slug | None = Field(default=None, description="Key of a time: when it was published.")


class Entity(Section):
    """Somebody or something a claim speaks of."""

    type: Name = Field(description="Class, most specific, without prefix: Coalition, Person, Demand …")
    label: Text = Field(description="Neutral English name, the body's own official one where it has one.")
    aliases: Texts = Field(default=(), description="Other names it goes by.")
    misprints: Texts = Field(default=(), description="Printed forms that are slips; search finds them.")
    flags: Slugs = Field(default=(), description="What the source leaves unsaid, such as members-unstated.")
    same_as: Names = Field(default=(), description="IRIs of the same thing elsewhere.")


class Span(Section):
    """A passage: paragraph and sentence from 1, code points from 0 with `end` excluded; or a row of a table."""

    paragraph: int | None = Field(default=None, ge=1)
    sentence: int | None = Field(default=None, ge=1)
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=1)
    sha256: Sha256 | None = Field(default=None, description="SHA-256 of the slice of the text.")
    quoted: bool = Field(default=False, description="Whether it stands inside quotation marks of the text.")
    table: Sha256 | None = Field(default=None, description="SHA-256 of the table, for a row of a table.")
    row: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> Span:
        passage = (self.paragraph, self.sentence, self.start, self.end, self.sha256)
        if self.table is not None or self.row is not None:
            if None in (self.table, self.row) or any(part is not None for part in passage):
                raise ValueError("a span in a table has table and row, and nothing else")
            return self
        names = ("paragraph", "sentence", "start", "end", "sha256")
        missing = [name for name, part in zip(names, passage, strict=True) if part is None and name != "sentence"]
        if missing:
            raise ValueError(f"a span has no {', no '.join(missing)}")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError(f"start {self.start} is not before end {self.end}")
        return self


class Quantity(Section):
    """A number as stated: `value` with how it is meant, and bounds only where the text has them."""

    text: Text = Field(description="The number as printed.")
    value: Number | None = None
    min: Number | None = None
    max: Number | None = None
    approximation: Name = Field(default="exact", description="exact, about, just-under or more-than.")
    strict: bool = Field(default=False, description="Whether the bound itself is excluded.")
    unit: Name | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Quantity:
        if self.value is None and self.min is None and self.max is None:
            raise ValueError("give value, min or max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        return self


class Time(Section):
    """A time as stated and as EDTF; `earliest` and `latest` follow from the EDTF unless given."""

    text: Text = Field(description="The time as printed.")
    edtf: Text = Field(description="Extended Date/Time Format, such as 2020-09, 2018~/2020~ or 2020-10-02/..")
    earliest: Day | None = None
    latest: Day | None = None
    basis: Name = Field(description="stated, year-inferred or relative.")
    anchor: Name | None = Field(default=None, description="What a relative time counts from.")


Spans = Annotated[
    tuple[Annotated[Annotated[Slug, Tag(NAMED)] | Annotated[Span, Tag(INLINE)], Discriminator(_way)], ...],
    BeforeValidator(_listed, json_schema_input_type=Slug | Span | list[Slug | Span]),
    AfterValidator(_distinct),
    Field(min_length=1),
]
Amount = Annotated[Annotated[Slug, Tag(NAMED)] | Annotated[Quantity, Tag(INLINE)], Discriminator(_way)]
Period = Annotated[Annotated[Slug, Tag(NAMED)] | Annotated[Time, Tag(INLINE)], Discriminator(_way)]


class Mention(Section):
    """A printed form and what the curator takes it to mean."""

    text: Text = Field(description="The form as printed, under eight words.")
    of: Name = Field(description="The entity meant.")
    at: Spans
    evaluative: bool = Field(default=False, description="Whether the form judges what it names.")
    key: Slug | None = None


class Note(Section):
    """An editorial note, in the project's own words; it never changes what it is about."""

    about: Names = Field(min_length=1, description="Keys of mentions, claims, entities or spans.")
    kind: Name = Field(description="name-variant, factual-discrepancy, inference, scope …")
    basis: Name = Field(description="unverified, the-text-itself, or the IRI of a cited source.")
    text: Text
    key: Slug | None = None


class Defaults(Section):
    """What holds for the claims of this file that say nothing else."""

    voice: Name | None = None
    said_by: Names = ()
    via: Names = ()
    polarity: Name = "affirmed"
    modality: Name = "reported"
    status: Name = "current"
    certainty: Name | None = None
    confidence: Confidence | None = None


class ClaimEntry(Section):
    """One claim: who says what about whom, and where it stands."""

    key: Slug | None = Field(default=None, description="Unique in the document; notes and coverage refer to it.")
    subject: Name
    predicate: Name = Field(description="A relation of the ontology, without prefix.")
    object: Name | None = Field(default=None, description="An entity, or a code such as kgs:withdraw-hosting.")
    amount: Amount | None = Field(default=None, description="A quantity, by key or in place.")
    period: Period | None = Field(default=None, description="A time as the object, by key or in place.")
    at: Spans = Field(description="Where it stands: spans, by key or in place.")
    said_by: Names = Field(default=(), description="Whom the source credits; the source itself when nobody.")
    via: Names = Field(default=(), description="Through whom it came to the source.")
    voice: Name | None = Field(default=None, description="article-voice, paraphrase, direct-quote, part-quote …")
    polarity: Name | None = None
    modality: Name | None = None
    status: Name | None = None
    time: Period | None = Field(default=None, description="When it held or happened, by key or in place.")
    certainty: Name | None = Field(default=None, description="How sure the source itself is, as a code.")
    confidence: Confidence | None = Field(default=None, description="How sure the reading is; never how true.")
    role: Name | None = None
    conflicts_with: Names = ()
    qualifies: Names = ()

    @model_validator(mode="after")
    def _one_object(self) -> ClaimEntry:
        given = [n for n in ("object", "amount", "period") if getattr(self, n) is not None]
        if len(given) != 1:
            raise ValueError(f"give one of object, amount and period, not {' and '.join(given) or 'none'}")
        return self


class ClaimFileModel(Section):
    """A claim file. A folder of them is one document; any file may hold any section."""

    kgraph: Annotated[Literal[1] | None, BeforeValidator(_version)] = Field(
        default=None, description="Version of this format; one file of a folder says it for all."
    )
    source: Annotated[Annotated[Slug, Tag(NAMED)] | Annotated[Source, Tag(INLINE)], Discriminator(_way)] | None = None
    entities: dict[Slug, Entity] = Field(default_factory=dict)
    spans: dict[Slug, Span] = Field(default_factory=dict)
    quantities: dict[Slug, Quantity] = Field(default_factory=dict)
    times: dict[Slug, Time] = Field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    notes: tuple[Note, ...] = ()
    defaults: Defaults = Field(default_factory=Defaults)
    claims: tuple[ClaimEntry, ...] = ()
