"""The content hashes of a table's claims: what `kgraph.ingest` would name them in a claim file, a million at once.

A claim is named by the SHA-256 of the JSON list [subject, predicate, object, source, [[table hash, row]], speakers,
time, polarity, modality], names as CURIEs, speakers sorted; the first 20 hexadecimal digits stand in its IRI.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kgraph.store.claimtable import ClaimTable

DIGITS: Final = 20
_SLICE: Final = 100_000
_PAIRS: Final = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), np.uint16)


def digests(table: ClaimTable) -> npt.NDArray[np.uint8]:
    """uint8[r, 10]: the hash of each claim."""
    names = pa.array([_json(table.namespaces.compress(iri)) for iri in table.terms], pa.string())
    times = pa.array([*(_json(table.namespaces.compress(time.iri)) for time in table.times), "null"], pa.string())
    codes = pa.array([_json(table.namespaces.compress(iri)) for iri in table.codes], pa.string())
    speakers = _speakers(table, names)
    before, after = f',[["{table.sha256}",', "]],["
    found = []
    for start in range(0, table.claims, _SLICE):
        part = slice(start, start + _SLICE)
        who = speakers[part]
        time = np.where(table.time[part] < 0, len(table.times), table.time[part])
        head = (names.take(column[part]) for column in (table.subject, table.predicate, table.object, table.article))
        parts: list[Any] = ["["]
        for name in head:
            parts += (name, ",")
        parts[-1] = before
        parts += (pc.cast(pa.array(table.row[part]), pa.string()), after, who, "],", times.take(pa.array(time)), ",")
        parts += (codes.take(table.polarity[part]), ",", codes.take(table.modality[part]), "]", "")
        texts = pc.cast(pc.binary_join_element_wise(*parts), pa.binary()).to_pylist()
        found.append(b"".join([hashlib.sha256(text).digest()[: DIGITS // 2] for text in texts]))
    return np.frombuffer(b"".join(found), np.uint8).reshape(-1, DIGITS // 2)


def _speakers(table: ClaimTable, names: pa.StringArray) -> pa.StringArray:
    """The speakers of each claim as the inside of a JSON list, sorted by CURIE."""
    counts = np.diff(table.said_starts)
    single = names.take(table.said[table.said_starts[:-1]])
    if (counts == 1).all():
        return single

    @lru_cache(maxsize=10_000)
    def listed(places: bytes) -> str:
        curies = (names[place].as_py() for place in np.frombuffer(places, np.int32).tolist())
        return ",".join(sorted(curies, key=json.loads))

    several = np.flatnonzero(counts != 1)
    texts = [listed(table.said[table.said_starts[i] : table.said_starts[i + 1]].tobytes()) for i in several]
    return pc.replace_with_mask(single, pa.array(counts != 1), pa.array(texts, pa.string()))


def claims_named(digests: npt.NDArray[np.uint8], wanted: Collection[bytes]) -> npt.NDArray[np.intp]:
    """Which of these hashes, uint8[r, 10], are among the wanted ones."""
    begins = np.array([int.from_bytes(digest[:8], "big") for digest in wanted], np.uint64)
    alike = np.flatnonzero(np.isin(np.ascontiguousarray(digests[:, :8]).view(">u8").ravel(), begins))
    return alike[[digests[place].tobytes() in wanted for place in alike.tolist()]] if len(alike) else alike


def hexadecimal(data: npt.NDArray[np.uint8]) -> pa.StringArray:
    """Rows of bytes, uint8[n, k], as texts of 2 k lower-case digits.

    >>> hexadecimal(np.array([[0, 171]], np.uint8)).to_pylist()
    ['00ab']
    """
    rows, width = data.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * (2 * width)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(_PAIRS[data].tobytes()))


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
