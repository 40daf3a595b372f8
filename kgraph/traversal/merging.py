"""A generation's columns and a change make the next generation's columns.

New nodes and claims are put in where the order has them, so what comes of it is the same, number for number, as
building everything at once. Nothing of the old generation is written to: those who read it keep it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kgraph.traversal.columns import Columns, Combo, KindOfNode, Records, RowSpans, Vocabulary
from kgraph.traversal.kernels.steptable import COMBO, PREDICATE, RELAY, SPEAKER, StepTable
from kgraph.traversal.strings import Int32, Int64, Strings, UInt8
from kgraph.traversal.things import Node

_SORTED_ANEW = 16
"""From one new claim to so many old ones on, everything is sorted anew."""

Triple = tuple[str, str, str]


class Rows(NamedTuple):
    """k claims as arrays: ends and agents are numbers of nodes, the rest are places in the vocabularies."""

    subject: Int32
    object: Int32
    records: Int32
    ids: UInt8
    time: Int32
    evidence: Int32

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Several as one."""
        subject, object_, records, ids, time, evidence = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return cls(subject, object_, records, ids, time, evidence)

    def taken(self, order: npt.NDArray[np.intp]) -> Rows:
        """Those at some places, in that order."""
        return Rows(*(array[order] for array in self))  # type: ignore[arg-type]


@dataclass
class Change:
    """What becomes other from one generation to the next.

    `nodes` are new or described anew; `gone` are IRIs of claims that go or come anew, `records_gone` those of other
    things; `rows` makes the new claims' arrays for the columns they will stand in, whose nodes and vocabularies are
    settled by then.
    """

    generation: int
    mark: str
    rows: Callable[[Columns], Iterable[Rows]]
    nodes: Mapping[str, Node] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    records_gone: frozenset[str] = frozenset()
    records: Records = field(default_factory=Records)
    plain_gone: frozenset[Triple] = frozenset()
    plain: frozenset[Triple] = frozenset()
    combos: Iterable[Combo] = ()
    predicates: Iterable[str] = ()
    sources: Iterable[str] = ()
    lists: Iterable[tuple[str, ...]] = ()
    times: Iterable[str] = ()
    passages: Iterable[tuple[str, ...]] = ()
    row_spans: tuple[RowSpans, ...] = ()
    odd_ids: Mapping[bytes, str] = field(default_factory=dict)


def merged(base: Columns, change: Change, space: str, default: Callable[[Combo], bool]) -> Columns:
    """The next generation. `space` is the namespace of data, `default` tells the combinations that the default lens
    sees."""
    settled = _with_nodes(_with_vocabularies(base, change), change)
    columns = _with_claims(settled, change, space)
    columns = _with_plain(columns, change)
    return replace(columns, degree=_degrees(columns, default), generation=change.generation, mark=change.mark)


# ------------------------------------------------------------------ vocabularies


def _with_vocabularies(base: Columns, change: Change) -> Columns:
    predicates, table, plain = base.predicates, base.table, base.plain
    unknown = {p for p in change.predicates if p not in predicates.number}
    if unknown:
        ordered = Vocabulary(tuple(sorted({*predicates.values, *unknown})))
        moved = np.array([ordered.number[p] for p in predicates.values], np.int32)
        if len(moved) and len(table.records):
            records = table.records.copy()
            records[:, PREDICATE] = moved[records[:, PREDICATE]]
            table = table._replace(records=records)
        if len(plain):
            plain = plain.copy()
            plain[:, 1] = moved[plain[:, 1]]
        predicates = ordered
    return replace(
        base,
        predicates=predicates,
        table=table,
        plain=plain,
        combos=base.combos.with_(change.combos),
        sources=base.sources.with_(change.sources),
        lists=base.lists.with_(change.lists),
        times=base.times.with_(change.times),
        passages=base.passages.with_(change.passages),
        kinds=base.kinds.with_(KindOfNode(n.kind, n.type, n.types) for n in change.nodes.values()),
        row_spans=(*base.row_spans, *change.row_spans),
        odd_ids={**base.odd_ids, **change.odd_ids} if change.odd_ids else base.odd_ids,
        records=base.records.changed(change.records_gone, change.nodes, change.records),
    )


# ------------------------------------------------------------------ nodes


def _with_nodes(base: Columns, change: Change) -> Columns:
    if not change.nodes:
        return base
    iris = sorted(change.nodes)
    found = base.iris.find_all(iris)
    known = {place: change.nodes[iri] for place, iri in zip(found.tolist(), iris, strict=True) if place >= 0}
    new = [change.nodes[iri] for place, iri in zip(found.tolist(), iris, strict=True) if place < 0]
    labels = base.labels.replaced({place: node.label for place, node in known.items()})
    kind = base.kind.copy() if known else base.kind
    for place, node in known.items():
        kind[place] = base.kinds.number[KindOfNode(node.kind, node.type, node.types)]
    renamed = [p for p, node in known.items() if base.labels[p] != node.label]
    columns = replace(base, labels=labels, kind=kind)
    if not new:
        return replace(columns, by_label=_by_label(columns, renamed)) if renamed else columns
    places = _places(base.iris, [node.iri for node in new])
    moved = np.arange(base.nodes, dtype=np.int32)
    moved += np.searchsorted(places, moved, side="right").astype(np.int32)
    added = (places + np.arange(len(new))).astype(np.int32)
    columns = replace(
        columns,
        iris=base.iris.inserted(places, [node.iri for node in new]),
        labels=labels.inserted(places, [node.label for node in new]),
        kind=np.insert(kind, places, [base.kinds.number[KindOfNode(n.kind, n.type, n.types)] for n in new]).astype(
            np.int32
        ),
        table=_renumbered(base.table, moved, added),
        plain=_plain_renumbered(base.plain, moved),
        by_label=moved[base.by_label],
    )
    return replace(columns, by_label=_by_label(columns, [*moved[renamed].tolist(), *added.tolist()]))


def _places(column: Strings, texts: Sequence[str]) -> Int64:
    if not len(column):
        return np.zeros(len(texts), np.int64)
    if 16 * len(texts) < len(column):
        return np.fromiter((column.place(text)[0] for text in texts), np.int64, len(texts))
    return np.searchsorted(np.array(list(column), object), np.array(texts, object)).astype(np.int64)


def _by_label(columns: Columns, changed: Sequence[int]) -> Int32:
    """The order of names when those of some nodes are new: they are put in where they belong."""

    def key(node: int) -> tuple[str, int]:
        return columns.labels[node].casefold(), node

    standing = columns.by_label
    standing = standing[~np.isin(standing, np.array(changed, np.int32))] if len(changed) else standing
    new = sorted(changed, key=key)
    if 16 * len(new) > len(standing):
        both = [*standing.tolist(), *new]
        return np.array(sorted(both, key=key), np.int32)
    places = []
    for node in new:
        wanted, low, high = key(node), 0, len(standing)
        while low < high:
            middle = (low + high) // 2
            if key(standing.item(middle)) < wanted:
                low = middle + 1
            else:
                high = middle
        places.append(low)
    return np.insert(standing, places, new).astype(np.int32)


def _renumbered(table: StepTable, moved: Int32, added: Int32) -> StepTable:
    """The table when nodes have other numbers; those that are new have no steps yet."""
    if not len(table.far):
        none = np.zeros(len(moved) + len(added) + 1, np.int64)
        return table._replace(indptr=none, back_indptr=none)
    records = table.records.copy()
    for agent in (SPEAKER, RELAY):
        column = records[:, agent]
        named = column >= 0
        column[named] = moved[column[named]]
    size = len(moved) + len(added)
    return table._replace(
        indptr=_spread(table.indptr, moved, size),
        far=moved[table.far],
        back_indptr=_spread(table.back_indptr, moved, size),
        near=moved[table.near],
        records=records,
    )


def _spread(indptr: Int64, moved: Int32, size: int) -> Int64:
    counts = np.zeros(size, np.int64)
    counts[moved] = np.diff(indptr)
    spread = np.zeros(size + 1, np.int64)
    np.cumsum(counts, out=spread[1:])
    return spread


def _plain_renumbered(plain: Int32, moved: Int32) -> Int32:
    if not len(plain):
        return plain
    plain = plain.copy()
    plain[:, 0], plain[:, 2] = moved[plain[:, 0]], moved[plain[:, 2]]
    return plain


# ------------------------------------------------------------------ claims


def _with_claims(columns: Columns, change: Change, space: str) -> Columns:
    numbers = (columns.claim_number(iri, space) for iri in sorted(change.gone))
    gone = np.array(sorted(n for n in numbers if n >= 0), np.int64)
    parts = list(change.rows(columns))
    new = Rows.joined(parts) if parts else None
    if not len(gone) and (new is None or not len(new.subject)):
        return columns
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
            standing, by_id = _put_in(standing, by_id, new.taken(_order(new)))
    table = StepTable.of(columns.nodes, standing.subject, standing.object, standing.records)
    return replace(columns, table=table, ids=standing.ids, time=standing.time, evidence=standing.evidence, by_id=by_id)


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


def _put_in(standing: Rows, by_id: Int32, new: Rows) -> tuple[Rows, Int32]:
    """A few sorted claims among many, and the order of ids with them."""
    keys = _keys(new)
    places = np.array([_place(standing, key) for key in keys], np.int64)
    both = zip(standing, new, strict=True)
    rows = Rows(*(np.insert(old, places, fresh, axis=0) for old, fresh in both))  # type: ignore[call-overload]
    moved = np.arange(len(standing.subject), dtype=np.int32)
    moved += np.searchsorted(places, moved, side="right").astype(np.int32)
    by_id = moved[by_id]
    added = places + np.arange(len(places))
    ordered = sorted(range(len(keys)), key=lambda i: keys[i][3])
    at = np.array([_place_of_id(rows.ids, by_id, keys[i][3]) for i in ordered], np.int64)
    return rows, np.insert(by_id, at, added[ordered]).astype(np.int32)


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
