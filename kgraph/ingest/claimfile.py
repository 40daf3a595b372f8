"""Claim files: YAML written by people, read into one `Document`, every fault with file, line and field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kgraph.errors import ClaimFileError, EmptyInputError
from kgraph.ingest import yamlfile
from kgraph.ingest.claimmodel import INLINE, NAMED, ClaimFileModel
from kgraph.ingest.suggest import did_you_mean
from kgraph.ingest.yamlfile import Node, Step
from kgraph.places import Place

MAX_BYTES = 32_000_000
"""Longest claim file, in bytes: fifty thousand claims. What is longer is a table and belongs in one."""

SUFFIXES = (".yaml", ".yml")

Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """One file: its name as the user gave it, its content, and the lines behind it."""

    name: str
    content: ClaimFileModel
    root: Node

    def place(self, *path: Step) -> Place:
        """Where the value at `path` (such as `"claims", 3, "voice"`) stands."""
        return Place(self.name, self.root.find(path).line, None, field_name(path))


@dataclass(frozen=True, slots=True)
class Document:
    """The files that belong together: one source, and names that hold across them."""

    name: str
    files: tuple[ClaimFile, ...]


def read(paths: Sequence[Path]) -> Document:
    """Read claim files, and the claim files of folders, as one document.

    Raises ClaimFileError with every fault of every file, in order; EmptyInputError when nothing is in them.
    """
    files = [(str(path), path.read_bytes()) for path in _files(paths)]
    return parse(files, name=", ".join(map(str, paths)))


def parse(files: Sequence[tuple[str, bytes]], *, name: str) -> Document:
    """The same from names and bytes."""
    wrong: list[ClaimFileError] = []
    read_files: list[ClaimFile] = []
    for file, data in files:
        try:
            read_files.extend(_parse_one(file, data))
        except ClaimFileError as error:
            wrong += [error, *error.others]
    if not wrong and not read_files:
        raise EmptyInputError(f"{name}: no claim file with anything in it")
    if not wrong and not any(file.content.kgraph for file in read_files):
        wrong = [ClaimFileError(read_files[0].place("kgraph"), "is missing: a claim file begins with 'kgraph: 1'")]
    raise_all(wrong)
    return Document(name, tuple(read_files))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
        else:
            yield path


def folder_files(folder: Path) -> tuple[Path, ...]:
    """The claim files of a folder, by name."""
    return tuple(_files([folder]))


def _parse_one(file: str, data: bytes) -> Iterator[ClaimFile]:
    if len(data) > MAX_BYTES:
        raise ClaimFileError(Place(file), f"the file has {len(data):,} bytes; a claim file has at most {MAX_BYTES:,}")
    root = yamlfile.load(data, file)
    if root.value is None:
        return
    if not isinstance(root.value, dict):
        raise ClaimFileError(Place(file, root.line), "a claim file is a mapping that begins with 'kgraph: 1'")
    try:
        yield ClaimFile(file, ClaimFileModel.model_validate(root.value), root)
    except ValidationError as error:
        raise_all(faults(file, root, error, ClaimFileModel))


def faults(file: str, root: Node, error: ValidationError, model: type[BaseModel]) -> list[ClaimFileError]:
    """What a model finds wrong with a file, by line, in words for people."""
    found = [_fault(file, root, detail, model) for detail in error.errors(include_url=False)]
    return sorted(found, key=lambda fault: fault.place.line or 0)


def raise_all(faults: Sequence[ClaimFileError]) -> None:
    """Raise the first fault with the others behind it; nothing when there is none."""
    if faults:
        first, *rest = faults
        raise ClaimFileError(first.place, first.reason, rest)


def field_name(path: Iterable[Step]) -> str | None:
    """The way to a field as people write it.

    >>> field_name(("claims", 3, "voice"))
    'claims[3].voice'
    """
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name or None


# ------------------------------------------------------------------ pydantic's errors in words for people

_REASONS = {
    "missing": "is missing",
    "int_parsing": "{input!r} is not a whole number",
    "int_type": "is not a whole number",
    "decimal_parsing": "{input!r} is not a number",
    "decimal_type": "is not a number",
    "finite_number": "{input!r} is not a number",
    "bool_parsing": "{input!r} is neither true nor false",
    "bool_type": "is neither true nor false",
    "string_type": "is not a text",
    "tuple_type": "is not a list",
    "dict_type": "is not a mapping of keys",
    "model_type": "is not a mapping of fields",
    "literal_error": "{input!r} is not a version this kgraph reads; it reads version 1",
    "too_short": "is an empty list",
    "greater_than": "{input} is not above {gt}",
    "greater_than_equal": "{input} is below {ge}",
    "less_than_equal": "{input} is above {le}",
}


def _fault(file: str, root: Node, detail: ErrorDetails, model: type[BaseModel]) -> ClaimFileError:
    path = tuple(step for step in detail["loc"] if step not in (INLINE, NAMED, "[key]"))
    place = Place(file, root.find(path).line, None, field_name(path))
    return ClaimFileError(place, _reason(detail, path, model))


def _reason(detail: ErrorDetails, path: Steps, model: type[BaseModel]) -> str:
    kind = detail["type"]
    if kind == "value_error":
        return detail["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return f"unknown field{did_you_mean(str(path[-1]), _fields_at(path[:-1], model))}"
    template = _REASONS.get(kind)
    if template is None or (kind == "literal_error" and path[-1] != "kgraph"):
        return detail["msg"][:1].lower() + detail["msg"][1:]
    given = detail["input"]
    shown = given if not isinstance(given, str) or len(given) <= 60 else given[:57] + "…"
    return template.format(**{**detail.get("ctx", {}), "input": shown})


def _fields_at(path: Steps, model: type[BaseModel]) -> list[str]:
    """The fields the model at `path` has, for a suggestion."""
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = next(_models_in(model.model_fields[step].annotation), model)
    return list(model.model_fields)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a claim file, as published in `ontology/claimfile.schema.json`."""
    schema = ClaimFileModel.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/kgraph/claimfile.schema.json",
        **schema,
        "title": "kgraph claim file, version 1",
    }
