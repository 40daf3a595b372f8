"""Columns in a file that is mapped into memory: opened without reading or copying, checked as a whole.

    kgraph-index-1\\n      16 bytes, padded with blanks
    length, hash          of the header, 8 bytes each, little-endian (XXH3, 64 bits)
    header                JSON: generation, mark, base IRI, hash of all that follows (XXH3, 128 bits), and for each
                          array its type, shape and place
    arrays                each at a multiple of 64 bytes; the last one is JSON: vocabularies and records

Written beside its place and moved there when it is whole and on the disk, so a file is old or new, never half. It is
derived from the journal: whatever is wrong with it, it is thrown away and built anew.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
import xxhash

from kgraph.errors import DamagedError
from kgraph.model import Quantity, Span, TimeSpan
from kgraph.store import files
from kgraph.traversal.columns import Columns, Combo, Details, KindOfNode, Links, Records, RowSpans, Vocabulary
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.strings import Strings
from kgraph.traversal.things import Article, MentionRecord, NoteRecord

_MAGIC = b"kgraph-index-1\n ".ljust(16)
_ALIGNED = 64
_TYPES = {"|u1": np.uint8, "<i4": np.int32, "<i8": np.int64}
_ARRAYS = ("kind", "by_label", "degree", "ids", "time", "evidence", "by_id", "plain")
_PIECE = 1 << 24

Arrays = Mapping[str, np.ndarray[Any, Any]]


class Opened(NamedTuple):
    """What a file holds: columns, further arrays by name, and the base IRI its names were minted under."""

    columns: Columns
    more: Arrays
    base: str


def write(file: Path, columns: Columns, base: str, more: Arrays) -> None:
    """Keep columns, and further arrays (uint8, int32, int64) beside them. Raises OSError; the old file then stays."""
    arrays = {**_arrays(columns), **{f"more.{name}": array for name, array in more.items()}}
    arrays["small"] = np.frombuffer(orjson.dumps(_small(columns), default=tuple), np.uint8)
    places, at = {}, 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, array.shape, at)
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    whole = xxhash.xxh3_128()
    temporary = file.with_suffix(".new")
    files.make_folder(file.parent)
    with temporary.open("wb") as out:
        header_size = len(_header(columns, base, "0" * 32, places))
        out.write(bytes(len(_MAGIC) + 16 + header_size))
        for array in arrays.values():
            for piece in _pieces(array):
                whole.update(piece)
                out.write(piece)
        header = _header(columns, base, whole.hexdigest(), places)
        out.seek(0)
        out.write(_MAGIC + len(header).to_bytes(8, "little") + xxhash.xxh3_64_digest(header)[::-1] + header)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(file)
    files.sync_folder(file.parent)


def _pieces(array: np.ndarray[Any, Any]) -> Iterator[memoryview | bytes]:
    flat = memoryview(np.ascontiguousarray(array).reshape(-1).view(np.uint8))  # type: ignore[arg-type]
    for at in range(0, len(flat), _PIECE):
        yield flat[at : at + _PIECE]
    yield bytes(-len(flat) % _ALIGNED)


def _header(columns: Columns, base: str, whole: str, places: Mapping[str, object]) -> bytes:
    said = {"generation": columns.generation, "mark": columns.mark, "base": base, "hash": whole, "arrays": places}
    header = orjson.dumps(said)
    return header + b" " * (-(len(header) + len(_MAGIC) + 16) % _ALIGNED)


def open(file: Path) -> Opened:
    """The columns in a file, its hash verified; nothing is copied. Raises FileNotFoundError, OSError, or DamagedError
    for a file that is not as it was written."""
    with file.open("rb") as opened:
        if file.stat().st_size < _ALIGNED:
            raise DamagedError(f"the index {file} breaks off")
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY)
    try:
        return _read(memoryview(mapped))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise DamagedError(f"the index {file} is not as it was written: {error}") from error


def _read(view: memoryview) -> Opened:
    head = len(_MAGIC) + 16
    size = int.from_bytes(view[len(_MAGIC) : len(_MAGIC) + 8], "little")
    header = bytes(view[head : head + size])
    if view[: len(_MAGIC)] != _MAGIC or view[len(_MAGIC) + 8 : head] != xxhash.xxh3_64_digest(header)[::-1]:
        raise ValueError("its header differs")
    said = orjson.loads(header)
    body = view[head + size :]
    if xxhash.xxh3_128_hexdigest(body) != said["hash"]:
        raise ValueError("its hash differs")
    arrays = {}
    for name, (kind, shape, at) in said["arrays"].items():
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(body, _TYPES[kind], count, at).reshape(shape)
    small = orjson.loads(arrays.pop("small").tobytes())
    more = {name.removeprefix("more."): array for name, array in arrays.items() if name.startswith("more.")}
    return Opened(_columns(said["generation"], said["mark"], arrays, small), more, said["base"])


def _arrays(columns: Columns) -> dict[str, np.ndarray[Any, Any]]:
    arrays = {f"table.{name}": array for name, array in columns.table._asdict().items()}
    for name in ("iris", "labels"):
        texts: Strings = getattr(columns, name)
        arrays |= {f"{name}.offsets": texts.offsets, f"{name}.blob": texts.blob}
    return arrays | {name: getattr(columns, name) for name in _ARRAYS}


def _small(columns: Columns) -> dict[str, Any]:
    records = columns.records
    return {
        **{name: getattr(columns, name).values for name in ("predicates", "sources", "lists", "times", "passages")},
        "kinds": columns.kinds.values,
        "combos": columns.combos.values,
        "row_spans": [asdict(spans) for spans in columns.row_spans],
        "odd_ids": {id_.hex(): iri for id_, iri in columns.odd_ids.items()},
        "records": {name: getattr(records, name) for name in _RECORDS},
    }


def _columns(generation: int, mark: str, arrays: Arrays, small: dict[str, Any]) -> Columns:
    held = small["records"]
    records = {name: {iri: read(thing) for iri, thing in held[name].items()} for name, read in _RECORDS.items()}
    fields: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
    fields |= {name: Strings(arrays[f"{name}.offsets"], arrays[f"{name}.blob"]) for name in ("iris", "labels")}
    fields |= {name: Vocabulary(tuple(small[name])) for name in ("predicates", "sources", "times")}
    fields |= {name: Vocabulary(tuple(map(tuple, small[name]))) for name in ("lists", "passages")}
    return Columns(
        generation,
        mark,
        **fields,
        table=StepTable(*(arrays[f"table.{name}"] for name in StepTable._fields)),
        kinds=Vocabulary(tuple(KindOfNode(kind, type_, tuple(types)) for kind, type_, types in small["kinds"])),
        combos=Vocabulary(tuple(Combo(*codes) for codes in small["combos"])),
        row_spans=tuple(RowSpans(**spans) for spans in small["row_spans"]),
        odd_ids={bytes.fromhex(id_): iri for id_, iri in small["odd_ids"].items()},
        records=Records(**records),
    )


def _pairs(values: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in values)


_RECORDS: dict[str, Any] = {
    "spans": lambda d: Span(**d),
    "quantities": lambda d: Quantity(**d),
    "times": lambda d: TimeSpan(**d),
    "mentions": lambda d: MentionRecord(**{**d, "spans": tuple(d["spans"])}),
    "notes": lambda d: NoteRecord(**{**d, "about": tuple(d["about"])}),
    "articles": lambda d: Article(**{**d, "unknown": tuple(d["unknown"])}),
    "details": lambda d: Details(*(tuple(names) for names in d[:4]), _pairs(d[4])),  # type: ignore[call-arg]
    "links": lambda d: Links(*map(tuple, d)),
}
"""How the records of each sort are read back."""
