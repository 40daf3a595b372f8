"""What the columns of a table mean: the usual names, or a mapping file that says it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from kgraph.errors import ClaimFileError, InputError
from kgraph.ingest import claimfile, yamlfile
from kgraph.ingest.claimmodel import FORMAT_VERSION, Name, Section, Text
from kgraph.ingest.suggest import did_you_mean
from kgraph.places import Place

ENDS: Final = ("subject", "object")
AGENTS: Final = ("said_by", "via")
NAMES: Final = (*ENDS, *AGENTS, "source")
"""The fields whose cells name things."""
CODES: Final = ("modality", "polarity", "role", "certainty")
TYPES: Final = tuple(f"{name}_type" for name in NAMES)
FIELDS: Final = (*NAMES, "predicate", "date", *CODES, "confidence", "url", *TYPES)
"""Everything a row can say."""
REQUIRED: Final = ("subject", "predicate", "object")
_ALSO: Final = {"relay": "via", "relay_type": "via_type", "time": "date"}
"""Other names that columns go by."""
LIST: Final = "\x1f"
"""Between the items of a cell that is a list already, in Parquet and Arrow."""

FieldName = Annotated[str, AfterValidator(lambda name: _field(name))]


def _field(name: str) -> str:
    known = _ALSO.get(name, name)
    if known not in FIELDS:
        raise ValueError(f"{name!r} is nothing a row says{did_you_mean(name, FIELDS)}")
    return known


def _one_character(text: str) -> str:
    text = "\t" if text in ("tab", "\\t") else text
    if len(text) != 1:
        raise ValueError(f"{text!r} is not one character")
    return text


Character = Annotated[str, AfterValidator(_one_character)]


class TableMapping(Section):
    """A mapping file. What it does not say goes by the usual names."""

    kgraph: Annotated[
        Literal[1] | None, BeforeValidator(lambda v: FORMAT_VERSION if str(v) == str(FORMAT_VERSION) else v)
    ] = None
    label: Text | None = Field(default=None, description="Name of the table in the graph; else its file's name.")
    columns: dict[FieldName, Text] = Field(default_factory=dict, description="Which column says what.")
    defaults: dict[FieldName, Text] = Field(default_factory=dict, description="What a row says that says nothing else.")
    predicates: dict[Text, Name] = Field(default_factory=dict, description="Relations by the names in cells.")
    prefixes: dict[Name, Name] = Field(default_factory=dict, description="Prefixes of CURIEs in cells.")
    labels: Literal["slug", "known"] = Field(
        default="slug", description="Whether a label nothing has becomes a new thing with a slug, or is refused."
    )
    lists: Character | None = Field(default=None, description="What stands between several speakers of a cell.")
    delimiter: Character | None = Field(default=None, description="What stands between cells; found out if not given.")

    @model_validator(mode="after")
    def _no_default_for_a_row(self) -> TableMapping:
        for name in self.defaults:
            if name == "url":
                raise ValueError("a URL belongs to a row: there is no default for it")
        return self

    @cached_property
    def digest(self) -> str:
        """What tells two mappings apart; "" for one that says nothing."""
        said = self.model_dump(mode="json", exclude_defaults=True, exclude={"kgraph"})
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest() if said else ""

    def fields(self, header: Sequence[str], file: str) -> dict[str, int]:
        """Which field stands in which column of a table, by number from 0.

        Raises InputError where a column that is named is not there, two say the same, or a necessary one is missing.
        """
        found: dict[str, int] = {}
        for field, column in self.columns.items():
            if column not in header:
                raise InputError(f"{file}: there is no column {column!r}{did_you_mean(column, header)}")
            found[field] = header.index(column)
        taken = set(found.values())
        for number, column in enumerate(header):
            name = usual(column)
            if name is None or number in taken or name in self.columns:
                continue
            if name in found:
                raise InputError(f"{file}: the columns {header[found[name]]!r} and {column!r} say the same")
            found[name] = number
        for field in REQUIRED:
            if field not in found and field not in self.defaults:
                near = did_you_mean(field, header)
                raise InputError(f"{file}: no column is the {field}{near}: name one {field!r}, or map one to it")
        return found

    def unread(self, header: Sequence[str], found: Iterable[int]) -> tuple[str, ...]:
        """The columns of a table that say nothing here."""
        read = set(found)
        return tuple(column for number, column in enumerate(header) if number not in read and column.strip())


def usual(column: str) -> str | None:
    """The field a column's name stands for, None for none."""
    name = column.strip().lower().replace(" ", "_").replace("-", "_")
    name = _ALSO.get(name, name)
    return name if name in FIELDS else None


def read(path: Path | None) -> TableMapping:
    """The mapping of a file; without one, the usual names. Raises ClaimFileError with every fault, InputError."""
    if path is None:
        return TableMapping()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    root = yamlfile.load(data, str(path))
    if not isinstance(root.value, dict):
        raise ClaimFileError(Place(str(path), root.line), "a mapping file is a mapping of fields")
    try:
        return TableMapping.model_validate(root.value)
    except ValidationError as error:
        claimfile.raise_all(claimfile.faults(str(path), root, error, TableMapping))
        raise
