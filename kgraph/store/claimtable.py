"""A loaded claim table as columns: what a commit keeps of it, instead of fifteen quads a claim.

Terms (IRIs) are listed once, sorted; the columns hold their places in that list. What the table says in RDF follows
from it alone (`tablequads`), so it carries the base IRI and the prefixes its names and hashes were made with.

Encoded it is a ZIP of Parquet files, which any tool reads: `table.json` (what holds for all of it), `claims.parquet`
(a row each claim), `terms`, `entities`, `times`, `conflicts` and `outside`.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from kgraph.namespaces import Namespaces

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
UInt8 = npt.NDArray[np.uint8]

FORMAT: Final = 1
NONE: Final = -1
"""In a column of places: no value."""
_INDEXES: Final = ("subject", "predicate", "object", "article", "time", "modality", "polarity", "role", "certainty")
_LEVEL: Final = 9
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, struct.error, NotImplementedError, RuntimeError, OSError, EOFError),
    *(pa.ArrowException, LookupError, TypeError, AttributeError, ArithmeticError),
)
"""What reading bytes that are no table ends with, beside ValueError."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class TableTime(NamedTuple):
    """A time that claims of the table have. Days are ISO 8601, None where a side is open; `basis` is an IRI."""

    iri: str
    earliest: str | None
    latest: str | None
    edtf: str
    text: str
    basis: str


@dataclass(frozen=True, eq=False)
class ClaimTable:
    """The claims of one table; r of them, of `rows` rows of the file. All of them have voice tabular, status current.

    Places below are those in `terms`, but for `time` (in `times`), `modality`, `polarity`, `role`, `certainty` (in
    `codes`) and `url` (in `urls`). NONE where there is no value.
    """

    sha256: str
    """Of the file, 64 hexadecimal digits."""
    label: str
    """The name of the file."""
    rows: int
    """Data rows of the file, those that were refused too."""
    mapping: str
    """SHA-256 of what the columns were taken to mean, "" for the usual names."""
    base: str
    prefixes: Mapping[str, str]
    terms: tuple[str, ...]
    """All IRIs, sorted."""
    entity: Int32
    """int32[e]: entities it declares, places in ascending order."""
    entity_type: Int32
    """int32[e]: the class of each."""
    entity_label: tuple[str, ...]
    """The English name of each."""
    flagged: Int32
    """int32[f]: declared entities with an editorial flag, and which (`flag`)."""
    flag: Int32
    times: tuple[TableTime, ...]
    codes: tuple[str, ...]
    urls: tuple[str, ...]
    row: Int64
    """int64[r]: the row of each claim, 1 for the first data row; ascending, no two the same."""
    subject: Int32
    predicate: Int32
    object: Int32
    article: Int32
    """The article or dataset that states it: the table's own node where no other is named."""
    time: Int32
    modality: Int32
    polarity: Int32
    role: Int32
    certainty: Int32
    confidence: Float64
    """float64[r], NaN for none; at most six decimal places."""
    url: Int32
    said_starts: Int32
    """int32[r + 1]: who says claim i are `said[said_starts[i]:said_starts[i + 1]]`, at least one, ascending."""
    said: Int32
    via_starts: Int32
    via: Int32
    """Through whom it came to the source, as `said`; there may be none."""
    conflict: Int32
    """int32[k, 2]: claims of the table that contradict each other, places of claims, the smaller first."""
    outside: Int32
    """int32[o]: claims of the table that contradict a claim the graph had before, and that claim's IRI."""
    outside_iri: tuple[str, ...]

    @property
    def claims(self) -> int:
        """How many claims there are."""
        return len(self.row)

    @cached_property
    def namespaces(self) -> Namespaces:
        """The prefixes its names were made with."""
        return Namespaces(self.base, dict(self.prefixes))

    @property
    def iri(self) -> str:
        """The node of the table itself, a kg:Dataset."""
        return dataset_iri(self.namespaces, self.sha256)

    def span_iri(self, place: int) -> str:
        """The evidence of a claim: the node of its row."""
        return f"{self.span_stem}{int(self.row[place]):08x}"

    @property
    def span_stem(self) -> str:
        """What the IRIs of all rows begin with; the row follows as eight hexadecimal digits."""
        return f"{self.namespaces.id}span-{self.sha256[:12]}"

    @cached_property
    def digests(self) -> UInt8:
        """uint8[r, 10]: the content hash in each claim's IRI. Takes a second or two a million claims, once."""
        from kgraph.store import tableids  # which knows of tables, so not above

        return tableids.digests(self)

    def claim_iri(self, place: int) -> str:
        """The IRI of a claim, the one the same claim would have in a claim file."""
        return f"{self.namespaces.id}claim-{self.digests[place].tobytes().hex()}"

    # -------------------------------------------------------------- bytes

    def encode(self) -> bytes:
        """The table as bytes; the same table, the same bytes."""
        about = {
            "format": FORMAT,
            "sha256": self.sha256,
            "label": self.label,
            "rows": self.rows,
            "mapping": self.mapping,
            "base": self.base,
            "prefixes": dict(self.prefixes),
            "codes": list(self.codes),
        }
        claims: dict[str, Any] = {"row": self.row}
        claims.update((name, _optional(getattr(self, name))) for name in _INDEXES)
        claims["confidence"] = pa.array(self.confidence, from_pandas=True)
        claims["url"] = _optional(self.url)
        claims["said"] = pa.ListArray.from_arrays(self.said_starts, self.said)
        claims["via"] = pa.ListArray.from_arrays(self.via_starts, self.via)
        flags = {"entity": self.flagged, "flag": self.flag}
        entities = {"entity": self.entity, "type": self.entity_type, "label": list(self.entity_label)}
        parts = {
            "claims": claims,
            "terms": {"iri": pa.array(self.terms, pa.string())},
            "entities": {**entities, "label": pa.array(self.entity_label, pa.string())},
            "flags": flags,
            "times": {
                name: pa.array([time[at] for time in self.times], pa.string())
                for at, name in enumerate(TableTime._fields)
            },
            "urls": {"url": pa.array(self.urls, pa.string())},
            "conflicts": {"one": self.conflict[:, 0], "other": self.conflict[:, 1]},
            "outside": {"claim": self.outside, "iri": pa.array(self.outside_iri, pa.string())},
        }
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
            text = json.dumps(about, ensure_ascii=False, sort_keys=True, indent=1)
            archive.writestr(zipfile.ZipInfo("table.json", _EPOCH), f"{text}\n".encode())
            for name, columns in parts.items():
                archive.writestr(zipfile.ZipInfo(f"{name}.parquet", _EPOCH), _parquet(pa.table(columns)))
        return whole.getvalue()

    @classmethod
    def decode(cls, content: bytes) -> ClaimTable:
        """The table in bytes that `encode` made. Raises ValueError where they are not such bytes, or newer ones."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                about = json.loads(archive.read("table.json"))
                if about["format"] != FORMAT:
                    raise ValueError(f"a claim table of format {about['format']}: use a newer kgraph")
                parts = {
                    name.removesuffix(".parquet"): pq.read_table(pa.BufferReader(archive.read(name)))
                    for name in archive.namelist()
                    if name.endswith(".parquet")
                }
            table = cls._of(about, parts)
        except _UNREADABLE as error:
            raise ValueError(f"this is no claim table: {error}") from error
        table._check()
        return table

    @classmethod
    def _of(cls, about: Mapping[str, Any], parts: Mapping[str, pa.Table]) -> ClaimTable:
        claims = parts["claims"]
        said, via = (claims[name].combine_chunks() for name in ("said", "via"))
        return cls(
            sha256=about["sha256"],
            label=about["label"],
            rows=about["rows"],
            mapping=about["mapping"],
            base=about["base"],
            prefixes=about["prefixes"],
            terms=_texts(parts["terms"], "iri"),
            entity=_ints(parts["entities"], "entity"),
            entity_type=_ints(parts["entities"], "type"),
            entity_label=_texts(parts["entities"], "label"),
            flagged=_ints(parts["flags"], "entity"),
            flag=_ints(parts["flags"], "flag"),
            times=tuple(TableTime(**time) for time in parts["times"].to_pylist()),
            codes=tuple(about["codes"]),
            urls=_texts(parts["urls"], "url"),
            row=claims["row"].to_numpy().astype(np.int64, copy=False),
            confidence=claims["confidence"].to_numpy().astype(np.float64, copy=False),
            said_starts=np.asarray(said.offsets, dtype=np.int32),
            said=np.asarray(said.values, dtype=np.int32),
            via_starts=np.asarray(via.offsets, dtype=np.int32),
            via=np.asarray(via.values, dtype=np.int32),
            conflict=np.column_stack([_ints(parts["conflicts"], name) for name in ("one", "other")]),
            outside=_ints(parts["outside"], "claim"),
            outside_iri=_texts(parts["outside"], "iri"),
            **{name: _ints(claims, name) for name in (*_INDEXES, "url")},
        )

    def _check(self) -> None:
        """Every place is one there is: what is damaged is told here, not by a wrong answer."""
        known, codes = len(self.terms), len(self.codes)
        bounds = {
            **dict.fromkeys(("subject", "predicate", "object", "article", "said", "via"), (0, known)),
            **dict.fromkeys(("entity", "entity_type", "flagged", "flag"), (0, known)),
            **dict.fromkeys(("modality", "polarity"), (0, codes)),
            **dict.fromkeys(("role", "certainty"), (NONE, codes)),
            "time": (NONE, len(self.times)),
            "url": (NONE, len(self.urls)),
            "conflict": (0, self.claims),
            "outside": (0, self.claims),
        }
        for name, (low, high) in bounds.items():
            column = getattr(self, name)
            if column.size and not (low <= column.min() and column.max() < high):
                raise ValueError(f"a place in column {name} is of nothing")


def dataset_iri(namespaces: Namespaces, sha256: str) -> str:
    """The node of a table with this hash."""
    return f"{namespaces.id}table-{sha256[:20]}"


def _optional(places: Int32) -> pa.Array:
    return pa.array(places, mask=places == NONE)


def _ints(table: pa.Table, name: str) -> Int32:
    filled: Int32 = table[name].combine_chunks().fill_null(NONE).to_numpy(zero_copy_only=False).astype(np.int32)
    return filled


def _texts(table: pa.Table, name: str) -> tuple[str, ...]:
    return tuple(table[name].to_pylist())


def _parquet(table: pa.Table) -> bytes:
    """In one row group, so that each value of a column is written once."""
    sink = io.BytesIO()
    pq.write_table(
        table,
        sink,
        row_group_size=max(table.num_rows, 1),
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=False,
        column_encoding={name: "DELTA_BINARY_PACKED" for name in ("row",) if name in table.column_names} or None,
        write_statistics=False,
        store_schema=False,
    )
    return sink.getvalue()
