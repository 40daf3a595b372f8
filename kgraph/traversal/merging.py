"""A generation's columns and a change make the next generation's columns.

New nodes and claims are put in where the order has them, so what comes of it is the same, number for number, as
building everything at once. Nothing of the old generation is written to: those who read it keep it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from kgraph.traversal.changes import Change, Rows, Triple
from kgraph.traversal.columns import Columns, Combo
from kgraph.traversal.kernels.steptable import COMBO, PREDICATE, StepTable
from kgraph.traversal.settling import settled
from kgraph.traversal.strings import Int32, UInt8

_SORTED_ANEW = 16
"""From one new claim to so many old ones on, everything is sorted anew."""
_FEW = 1_000
"""Up to so many new claims are looked at one by one."""


def merged(base: Columns, change: Change, space: str, default: Callable[[Combo], bool]) -> Columns:
    """The next generation. `space` is the namespace of data, `default` tells the combinations that the default lens
    sees."""
    columns, added = _with_claims(settled(base, change), change, space)
    columns = _with_plain(columns, change)
    degree = _degrees(columns, default) if added is None else _degrees_with(columns, added, default)
    return replace(columns, degree=degree, generation=change.generation, mark=change.mark)


# ------------------------------------------------------------------ claims


def _with_claims(columns: Columns, change: Change, space: str) -> tuple[Columns, Int32 | None]:
    """The columns with the change's claims, and which of them are new where these are few and all that changed."""
    numbers = (columns.claim_number(iri, space) for iri in sorted(change.gone))
    gone = np.array(sorted(n for n in numbers if n >= 0), np.int64)
    parts = list(change.rows(columns))
    new = Rows.joined(parts) if parts else None
    if not len(gone) and (new is None or not len(new.subject)):
        return columns, np.zeros(0, np.int32)
    added = None
    standing = _standing(columns)
    by_id = columns.by_id
    if len(gone):
        kept = np.ones(columns.claims, np.bool_)
        kept[gone] = False
        moved = np.cumsum(kept, dtype=np.int32) - np.int32(1)
        by_id = moved[by_id[kept[by_id]]]
        standing = standing.taken(np.flatnonzero(kept))
    if new is not None and len(new.subject):
        if _SORTED_ANEW * len(new.subject) > len(standing.subject):
            standing, by_id = _sorted_anew(Rows.joined((standing, new)))
        else:
            standing, by_id, put = _put_in(standing, by_id, new.taken(_order(new)))
            added = None if len(gone) or len(put) > _FEW else put
    table = StepTable.of(columns.nodes, standing.subject, standing.object, standing.records)
    ids, time, evidence = standing.ids, standing.time, standing.evidence
    return replace(columns, table=table, ids=ids, time=time, evidence=evidence, by_id=by_id), added


def _standing(columns: Columns) -> Rows:
    table = columns.table
    subject = np.repeat(np.arange(columns.nodes, dtype=np.int32), np.diff(table.indptr))
    return Rows(
        subject[table.step_of], table.far[table.step_of], table.records, columns.ids, columns.time, columns.evidence
    )


def _halves(ids: UInt8) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint16]]:
    whole = np.ascontiguousarray(ids)
    first = np.ascontiguousarray(whole[:, :8]).view(">u8").ravel().astype(np.uint64)
    return first, np.ascontiguousarray(whole[:, 8:]).view(">u2").ravel().astype(np.uint16)


def _order(rows: Rows) -> npt.NDArray[np.intp]:
    first, second = _halves(rows.ids)
    return np.lexsort((second, first, rows.object, rows.records[:, PREDICATE], rows.subject))


def _sorted_anew(rows: Rows) -> tuple[Rows, Int32]:
    rows = rows.taken(_order(rows))
    first, second = _halves(rows.ids)
    return rows, np.lexsort((second, first)).astype(np.int32)


def _put_in(standing: Rows, by_id: Int32, new: Rows) -> tuple[Rows, Int32, Int32]:
    """A few sorted claims among many, the order of ids with them, and where they are then."""
    keys = _keys(new)
    places = np.array([_place(standing, key) for key in keys], np.int64)
    both = zip(standing, new, strict=True)
    rows = Rows(*(np.insert(old, places, fresh, axis=0) for old, fresh in both))  # type: ignore[call-overload]
    moved = np.arange(len(standing.subject), dtype=np.int32)
    moved += np.searchsorted(places, moved, side="right").astype(np.int32)
    by_id = moved[by_id]
    added = (places + np.arange(len(places))).astype(np.int32)
    ordered = sorted(range(len(keys)), key=lambda i: keys[i][3])
    at = np.array([_place_of_id(rows.ids, by_id, keys[i][3]) for i in ordered], np.int64)
    return rows, np.insert(by_id, at, added[ordered]).astype(np.int32), added


def _keys(rows: Rows) -> list[tuple[int, int, int, bytes]]:
    columns = rows.subject.tolist(), rows.records[:, PREDICATE].tolist(), rows.object.tolist()
    return [(*key, id_.tobytes()) for *key, id_ in zip(*columns, rows.ids, strict=True)]


def _place(rows: Rows, key: tuple[int, int, int, bytes]) -> int:
    low = int(np.searchsorted(rows.subject, key[0], "left"))
    high = int(np.searchsorted(rows.subject, key[0], "right"))
    while low < high:
        middle = (low + high) // 2
        found = (
            key[0],
            rows.records.item(middle, PREDICATE),
            rows.object.item(middle),
            rows.ids[middle].tobytes(),
        )
        if found < key:
            low = middle + 1
        else:
            high = middle
    return low


def _place_of_id(ids: UInt8, by_id: Int32, id_: bytes) -> int:
    low, high = 0, len(by_id)
    while low < high:
        middle = (low + high) // 2
        if ids[by_id.item(middle)].tobytes() < id_:
            low = middle + 1
        else:
            high = middle
    return low


def _degrees_with(columns: Columns, added: Int32, default: Callable[[Combo], bool]) -> Int32:
    """The degrees when these claims are new: those of the columns, and the steps that none but new claims make seen."""
    table, degree, new = columns.table, columns.degree.copy(), set(added.tolist())
    for step in np.unique(table.step_of[added]).tolist():
        records = range(table.starts.item(step), table.starts.item(step + 1))
        seen = [record in new for record in records if default(columns.combos[table.records.item(record, COMBO)])]
        if seen and all(seen):
            for node in (columns.subject_of(step), table.far.item(step)):
                degree[node] += 1
    return degree


def _degrees(columns: Columns, default: Callable[[Combo], bool]) -> Int32:
    """How many steps each node has under the default lens, a loop counted twice."""
    table = columns.table
    if not table.steps:
        return np.zeros(columns.nodes, np.int32)
    seen = np.array([default(combo) for combo in columns.combos.values], np.uint8)[table.records[:, COMBO]]
    steps = np.flatnonzero(np.bitwise_or.reduceat(seen, table.starts[:-1]))
    subject = np.repeat(np.arange(columns.nodes, dtype=np.int32), np.diff(table.indptr))
    both = np.bincount(subject[steps], minlength=columns.nodes) + np.bincount(table.far[steps], minlength=columns.nodes)
    return both.astype(np.int32)


# ------------------------------------------------------------------ plain triples


def _with_plain(columns: Columns, change: Change) -> Columns:
    if not change.plain and not change.plain_gone:
        return columns

    def numbers(triples: Iterable[Triple]) -> set[tuple[int, int, int]]:
        listed = list(triples)
        ends = [columns.iris.find_all([t[i] for t in listed]).tolist() for i in (0, 2)]
        of = columns.predicates.number
        return {(s, of[t[1]], o) for t, s, o in zip(listed, *ends, strict=True) if s >= 0 and o >= 0 and t[1] in of}

    standing = set(map(tuple, columns.plain.tolist())) - numbers(change.plain_gone)
    both = sorted(standing | numbers(change.plain))
    return replace(columns, plain=np.array(both, np.int32).reshape(len(both), 3))
