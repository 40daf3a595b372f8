"""Where a change puts new nodes and values: the columns of nodes, and the vocabularies that columns hold places of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kgraph.traversal.changes import Change
from kgraph.traversal.columns import Columns, KindOfNode, Vocabulary
from kgraph.traversal.kernels.steptable import PREDICATE, RELAY, SPEAKER, StepTable
from kgraph.traversal.strings import Int32, Int64, Strings

_COMPILED_FROM = 5_000


def settled(base: Columns, change: Change) -> Columns:
    """The columns with the nodes and vocabularies of a change, and none of its claims yet."""
    return _with_nodes(_with_vocabularies(base, change), change)


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
        degree=np.insert(base.degree, places, 0),
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
    _rename_agents(records, moved)
    size = len(moved) + len(added)
    return table._replace(
        indptr=_spread(table.indptr, moved, size),
        far=moved[table.far],
        back_indptr=_spread(table.back_indptr, moved, size),
        near=moved[table.near],
        records=records,
    )


def _rename_agents(records: Int32, moved: Int32) -> None:
    if len(records) >= _COMPILED_FROM:
        from kgraph.traversal.kernels import sorting  # only here: few are done before the kernels were loaded

        sorting.rename(records, moved)
        return
    for agent in (SPEAKER, RELAY):
        column = records[:, agent]
        named = column >= 0
        column[named] = moved[column[named]]


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
