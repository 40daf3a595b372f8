"""A claim table becomes a change of the columns, column by column: no claim of it is made by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from kgraph.model import TimeSpan
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema
from kgraph.store.claimtable import ClaimTable
from kgraph.store.tableids import claims_named
from kgraph.traversal import dates
from kgraph.traversal.changes import Change, Rows
from kgraph.traversal.claimids import claim_id
from kgraph.traversal.columns import Columns, Combo, Links, Records, RowSpans
from kgraph.traversal.gathering import Gathering, RebuildError
from kgraph.traversal.kernels.steptable import (
    COMBO,
    CONFIDENCE,
    CONFIDENCE_UNIT,
    EARLIEST,
    LATEST,
    NOBODY,
    OPEN_FUTURE,
    OPEN_PAST,
    PREDICATE,
    RECORD,
    RELAY,
    SOURCE,
    SPEAKER,
    UNSTATED,
    several,
)
from kgraph.traversal.reading import Things
from kgraph.traversal.strings import Int32
from kgraph.traversal.things import Article, Layer, Node

_KINDS: tuple[Layer, ...] = ("relations", "codes", "documents")


def change(
    base: Columns,
    table: ClaimTable,
    namespaces: Namespaces,
    schema: Schema,
    *,
    generation: int,
    mark: str = "",
    without: frozenset[str] = frozenset(),
) -> Change:
    """The change that a loaded claim table makes; claims and nodes `without` are left out, since others tell them.
    Raises RebuildError where some of its other claims are there already: they are told in two ways."""
    return _Table(base, table, namespaces, schema, without).change(generation, mark)


def spans_of(tables: Iterable[ClaimTable]) -> tuple[RowSpans, ...]:
    """The rows of several tables, one after the other."""
    found: dict[str, RowSpans] = {}
    first = 0
    for table in tables:
        if table.sha256 not in found:
            found[table.sha256] = RowSpans(table.sha256, table.rows, first)
            first += table.rows
    return tuple(found.values())


class _Table:
    def __init__(
        self,
        base: Columns,
        table: ClaimTable,
        namespaces: Namespaces,
        schema: Schema,
        without: frozenset[str],
    ) -> None:
        self._base, self._table, self._ns, self._schema = base, table, namespaces, schema
        self._without = without
        self._gathering = Gathering(base, Things(), namespaces, schema)
        self._there = base.iris.find_all(table.terms)
        self._spans = next((s for s in base.row_spans if s.table == table.sha256), None) or RowSpans(
            table.sha256, table.rows, sum(spans.rows for spans in base.row_spans)
        )
        self._nodes: dict[str, Node] = {}

    def change(self, generation: int, mark: str) -> Change:
        table, terms = self._table, self._table.terms
        articles = self._declare()
        used = np.unique(np.concatenate((table.subject, table.object, table.article)))
        for place in used[self._there[used] < 0].tolist():
            self._add(terms[place])
        for node in list(self._nodes.values()):
            for type_iri in node.types:
                if self._base.iris.find(type_iri) < 0:
                    self._add(type_iri)
        kept = self._kept()
        combos, places = self._combos(kept)
        return Change(
            generation,
            mark,
            rows=lambda columns: [self._rows(columns, kept, combos, places)] if len(kept) else [],
            nodes=self._nodes,
            records=Records(times=self._times(), articles=articles, links=self._links()),
            combos=combos,
            predicates=[*self._gathering.always, *(terms[p] for p in np.unique(table.predicate).tolist())],
            sources=[terms[p] for p in np.unique(table.article).tolist()],
            lists=[*self._several(table.said_starts, table.said), *self._several(table.via_starts, table.via)],
            times=[time.iri for time in table.times],
            row_spans=() if self._spans in self._base.row_spans else (self._spans,),
        )

    # -------------------------------------------------------------- nodes

    def _declare(self) -> dict[str, Article]:
        """Nodes for what the table declares; answers those that are sources."""
        table, terms = self._table, self._table.terms
        flags: dict[int, list[str]] = defaultdict(list)
        for place, flag in zip(table.flagged.tolist(), table.flag.tolist(), strict=True):
            flags[place].append(terms[flag])
        sources = {f"{self._ns.kg}{name}" for name in ("Article", "Dataset")}
        articles = {table.iri: Article(table.iri, table.sha256, table.rows)}
        dataset = f"{self._ns.kg}Dataset"
        self._put(Node(table.iri, "document", table.label, dataset, (dataset,)))
        named = zip(table.entity.tolist(), table.entity_type.tolist(), table.entity_label, strict=True)
        for place, type_place, label in named:
            iri, type_iri = terms[place], terms[type_place]
            is_source = type_iri in sources
            if is_source:
                articles[iri] = Article(iri, "", 0)
            kind = "document" if is_source else self._gathering.kind(iri)
            self._put(Node(iri, kind, label, type_iri, (type_iri,), flags=tuple(sorted(flags.get(place, ())))))
        return articles

    def _put(self, node: Node) -> None:
        if node.iri not in self._without:
            self._nodes[node.iri] = node

    def _add(self, iri: str) -> None:
        if iri not in self._nodes and iri not in self._without:
            self._nodes[iri] = self._gathering.node(iri)

    # -------------------------------------------------------------- claims

    def _kept(self) -> Int32:
        """The claims that no later commit tells anew."""
        table = self._table
        every = np.arange(table.claims, dtype=np.int32)
        told = np.zeros(table.claims, np.bool_)
        told[claims_named(table.digests, {claim_id(iri, self._ns.id) for iri in self._without})] = True
        kept = every[~told]
        if self._base.has_any(table.digests[kept]):
            raise RebuildError(table.iri)
        return kept

    def _combos(self, kept: Int32) -> tuple[tuple[Combo, ...], Int32]:
        """The combinations of codes of the claims, and which each has."""
        table, codes = self._table, self._table.codes
        layer = self._layers()[kept]
        columns = [c[kept].astype(np.int64) + 1 for c in (table.modality, table.polarity, table.certainty, table.role)]
        size = len(codes) + 1
        key = layer.astype(np.int64)
        for column in columns:
            key = key * size + column
        different, places = np.unique(key, return_inverse=True)
        combos = []
        for number in different.tolist():
            parts = []
            for _ in columns:
                number, place = divmod(number, size)
                parts.append(codes[place - 1] if place else None)
            role, certainty, polarity, modality = parts
            kgs = self._ns.kgs
            stated = (f"{kgs}current", modality or "", polarity or "", f"{kgs}tabular", certainty, role)
            combos.append(Combo(_KINDS[number], *stated))
        return tuple(combos), places.astype(np.int32)

    def _layers(self) -> Int32:
        """Which of _KINDS each claim belongs to, by the kinds of its ends."""
        table, base = self._table, self._base
        of_term = np.zeros(len(table.terms), np.int32)
        for place in np.unique(np.concatenate((table.subject, table.object))).tolist():
            node = self._nodes.get(table.terms[place])
            there = self._there[place]
            kind = node.kind if node else base.kinds[base.kind.item(there)].kind if there >= 0 else "entity"
            of_term[place] = 2 if kind == "document" else 1 if kind in ("code", "class") else 0
        return np.maximum(of_term[table.subject], of_term[table.object])

    def _several(self, starts: Int32, terms: Int32) -> Iterable[tuple[str, ...]]:
        """Lists of more than one agent, and of one who is no node."""
        for place in np.flatnonzero(np.diff(starts) > 1).tolist():
            yield self._names(terms[starts[place] : starts[place + 1]])
        for place in np.unique(terms).tolist():
            if self._there[place] < 0 and self._table.terms[place] not in self._nodes:
                yield (self._table.terms[place],)

    def _names(self, places: Int32) -> tuple[str, ...]:
        return tuple(sorted(self._table.terms[place] for place in places.tolist()))

    def _rows(self, columns: Columns, kept: Int32, combos: tuple[Combo, ...], places: Int32) -> Rows:
        table = self._table
        node = columns.iris.find_all(table.terms)
        records = np.empty((len(kept), RECORD), np.int32)
        numbers = np.array([columns.combos.number[combo] for combo in combos], np.int32)
        records[:, COMBO] = numbers[places]
        records[:, PREDICATE] = self._numbered(columns.predicates.number)[table.predicate[kept]]
        records[:, SPEAKER] = self._agents(columns, node, table.said_starts, table.said)[kept]
        records[:, RELAY] = self._agents(columns, node, table.via_starts, table.via)[kept]
        records[:, SOURCE] = self._numbered(columns.sources.number)[table.article[kept]]
        bounds = np.array(
            [*(self._days(t.earliest, t.latest) for t in table.times), (OPEN_PAST, OPEN_FUTURE)], np.int64
        )
        records[:, EARLIEST], records[:, LATEST] = bounds[table.time[kept]].T  # no time is -1: the last
        confidence = np.where(np.isnan(table.confidence), UNSTATED, np.rint(table.confidence * CONFIDENCE_UNIT))
        records[:, CONFIDENCE] = confidence[kept]
        times = np.array([*(columns.times.number[t.iri] for t in table.times), NOBODY], np.int32)
        evidence = (-2 - (self._spans.first + table.row[kept] - 1)).astype(np.int32)
        ids = np.ascontiguousarray(table.digests[kept])
        return Rows(
            node[table.subject[kept]], node[table.object[kept]], records, ids, times[table.time[kept]], evidence
        )

    def _numbered(self, number: dict[str, int]) -> Int32:
        return np.array([number.get(term, -1) for term in self._table.terms], np.int32)

    def _agents(self, columns: Columns, node: Int32, starts: Int32, terms: Int32) -> Int32:
        counts = np.diff(starts)
        agents = np.full(len(counts), NOBODY, np.int32)
        one = np.flatnonzero(counts == 1)
        agents[one] = node[terms[starts[one]]]
        for place in (*np.flatnonzero(counts > 1).tolist(), *one[agents[one] < 0].tolist()):
            names = self._names(terms[starts[place] : starts[place + 1]])
            agents[place] = several(columns.lists.number[names])
        return agents

    # -------------------------------------------------------------- records

    @staticmethod
    def _days(earliest: str | None, latest: str | None) -> tuple[int, int]:
        return (
            OPEN_PAST if earliest is None else dates.number(earliest),
            OPEN_FUTURE if latest is None else dates.number(latest),
        )

    def _times(self) -> dict[str, TimeSpan]:
        compress, code = self._ns.compress, self._schema.code
        return {
            t.iri: TimeSpan(compress(t.iri), t.text, t.edtf, t.earliest, t.latest, code(t.basis))
            for t in self._table.times
            if t.iri not in self._without
        }

    def _links(self) -> dict[str, Links]:
        table = self._table
        conflicts: dict[str, set[str]] = defaultdict(set)
        for one, other in table.conflict.tolist():
            conflicts[table.claim_iri(one)].add(table.claim_iri(other))
            conflicts[table.claim_iri(other)].add(table.claim_iri(one))
        for place, iri in zip(table.outside.tolist(), table.outside_iri, strict=True):
            conflicts[table.claim_iri(place)].add(iri)
            conflicts[iri].add(table.claim_iri(place))
        held = self._base.records.links
        return {
            iri: Links(tuple(sorted({*known.conflicts_with, *others})), known.qualifies)
            for iri, others in conflicts.items()
            if iri not in self._without
            for known in (held.get(iri) or Links(),)
        }
