"""Steps as the verbs walk them: the stated relations, or with them all that follows from types, passages and plain
triples.

Most questions look at relations alone; that is the columns' own table. `whole` adds what `include` may ask for: from
the subject of a claim to its article and passages (layer `documents`), from a node to its types (`types`), and the
triples that no claim states (`unattributed`). It is made when it is first asked for. The rows of loaded claim tables,
which are no nodes of the columns, are nodes there, after all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kgraph.traversal import lookup
from kgraph.traversal.columns import Columns, Combo, KindOfNode
from kgraph.traversal.kernels.steptable import (
    COMBO,
    CONFIDENCE,
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
    StepTable,
    several,
)
from kgraph.traversal.strings import Int32, UInt8
from kgraph.traversal.things import LEAVES, Layer, Step

if TYPE_CHECKING:
    from kgraph.traversal.kernels.lensedsearcher import LensedWorkspaces
    from kgraph.traversal.records import Catalogue

CLAIMLESS: tuple[Layer, ...] = ("types", "unattributed")
"""The layers whose steps no claim states."""


@dataclass
class View:
    """Steps of a catalogue by number. `claim_of` int32[r] tells each record's claim, None where they are the same."""

    catalogue: Catalogue
    table: StepTable
    combos: tuple[Combo, ...]
    claim_of: Int32 | None = None
    _made: dict[int, Step] = field(default_factory=dict, repr=False)

    @property
    def columns(self) -> Columns:
        """The columns the steps belong to."""
        return self.catalogue.columns

    def __len__(self) -> int:
        return self.table.steps

    def __iter__(self) -> Iterator[Step]:
        return (self.step(number) for number in range(len(self)))

    def node(self, iri: str) -> int:
        """The number of a node; -1 where there is none."""
        found = self.catalogue.nodes.number(iri)
        if found < 0 and self.table.nodes > self.columns.nodes:
            row = self.columns.row_span(iri, self.catalogue.namespaces.id)
            return self.columns.nodes - 2 - row if row < NOBODY else found
        return found

    def iri(self, node: int) -> str:
        """The IRI of a node."""
        if node < self.columns.nodes:
            return self.catalogue.nodes.iri(node)
        spans, row = self.columns.row_of(self.columns.nodes - 2 - node)
        return spans.iri(self.catalogue.namespaces.id, row)

    @property
    def kind_of_rows(self) -> KindOfNode:
        """What sort of nodes the rows of tables are."""
        return KindOfNode("document", f"{self.catalogue.namespaces.kg}EvidenceSpan", ())

    @cached_property
    def workspaces(self) -> LensedWorkspaces:
        """What searches write on, for every lens."""
        from kgraph.traversal.kernels.lensedsearcher import LensedWorkspaces

        return LensedWorkspaces(self.table.nodes)

    @cached_property
    def label_rank(self) -> Int32:
        """Each node's place in the order of names, int32[nodes]; the rows of tables come last."""
        rows = np.arange(self.columns.nodes, self.table.nodes, dtype=np.int32)
        return np.concatenate((self.columns.label_rank, rows)) if len(rows) else self.columns.label_rank

    @cached_property
    def passable(self) -> UInt8:
        """Of each kind whether a walk may go on from it, uint8[kinds + 1]: numbers and periods connect nothing."""
        kinds = (*self.columns.kinds.values, self.kind_of_rows)
        return np.array([kind.kind not in LEAVES for kind in kinds], np.uint8)

    @cached_property
    def kinds(self) -> Int32:
        """Each node's kind, as a place in `columns.kinds`, int32[nodes]; the rows of tables have the one after
        those."""
        rows = np.full(self.table.nodes - self.columns.nodes, len(self.columns.kinds), np.int32)
        return np.concatenate((self.columns.kind, rows)) if len(rows) else self.columns.kind

    def kind_of(self, node: int) -> KindOfNode:
        """What decides whether a walk may pass a node."""
        return self.columns.kinds[self.columns.kind.item(node)] if node < self.columns.nodes else self.kind_of_rows

    def step(self, number: int) -> Step:
        """One step with its claims."""
        made = self._made.get(number)
        if made is None:
            made = self._step(number)
            if len(self._made) > lookup.REMEMBERED:
                self._made.clear()
            self._made[number] = made
        return made

    def _step(self, number: int) -> Step:
        table, columns = self.table, self.columns
        subject = int(np.searchsorted(table.indptr, number, "right")) - 1
        first, end = table.starts.item(number), table.starts.item(number + 1)
        layer = self.combos[table.records.item(first, COMBO)].layer
        claims = range(first, end) if self.claim_of is None else self.claim_of[first:end].tolist()
        return Step(
            number,
            self.iri(subject),
            columns.predicates[table.records.item(first, PREDICATE)],
            self.iri(table.far.item(number)),
            layer,
            () if layer in CLAIMLESS else tuple(self.catalogue.claim_record(c) for c in claims),
        )

    def outgoing(self, iri: str) -> tuple[Step, ...]:
        """The steps whose subject is `iri`."""
        return tuple(map(self.step, self.outgoing_numbers(self.node(iri)).tolist()))

    def incoming(self, iri: str) -> tuple[Step, ...]:
        """The steps whose object is `iri`."""
        return tuple(map(self.step, self.incoming_numbers(self.node(iri)).tolist()))

    def subjects_of(self, steps: Int32) -> Int32:
        """The subject of each of these steps, int32."""
        return (np.searchsorted(self.table.indptr, steps, "right") - 1).astype(np.int32)

    def predicates_of(self, steps: Int32) -> Int32:
        """Which relation each of these steps is, as a place in `columns.predicates`, int32."""
        predicates: Int32 = self.table.records[self.table.starts[steps], PREDICATE]
        return predicates

    def outgoing_numbers(self, node: int) -> Int32:
        """The steps that leave a node, int32; none for -1."""
        if node < 0:
            return np.zeros(0, np.int32)
        return np.arange(self.table.indptr[node], self.table.indptr[node + 1], dtype=np.int32)

    def incoming_numbers(self, node: int) -> Int32:
        """The steps that come to a node, int32; none for -1."""
        if node < 0:
            return np.zeros(0, np.int32)
        table = self.table
        records = table.back[table.back_indptr[node] : table.back_indptr[node + 1]]
        return table.step_of[np.where(records < 0, ~records, records)]


def stated(catalogue: Catalogue) -> View:
    """The relations that claims state, codes and documents among their ends."""
    return View(catalogue, catalogue.columns.table, catalogue.columns.combos.values)


def whole(catalogue: Catalogue) -> View:
    """Every step of every layer."""
    return _Whole(catalogue).view()


class _Whole:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, self._columns = catalogue, catalogue.columns
        table = self._columns.table
        nodes = np.arange(self._columns.nodes, dtype=np.int32)
        self._subject_of_claim = np.repeat(nodes, np.diff(table.indptr))[table.step_of]
        self._combos = self._columns.combos
        self._parts: list[tuple[Int32, Int32, Int32, Int32]] = []  # subject, object, records, claims

    def view(self) -> View:
        columns, table = self._columns, self._columns.table
        claims = np.arange(columns.claims, dtype=np.int32)
        self._parts.append((self._subject_of_claim, table.far[table.step_of], table.records, claims))
        self._documents(claims)
        self._types()
        self._plain()
        subject, object_, records, claim = (np.concatenate(arrays) for arrays in zip(*self._parts, strict=True))
        order = np.lexsort((claim, object_, records[:, PREDICATE], subject))
        rows = sum(spans.rows for spans in columns.row_spans)
        arranged = StepTable.of(columns.nodes + rows, subject[order], object_[order], records[order])
        return View(self._catalogue, arranged, self._combos.values, claim[order])

    def _documents(self, claims: Int32) -> None:
        columns, ns = self._columns, self._catalogue.namespaces
        there = columns.iris.find_all(list(columns.sources.values))
        article = there[columns.table.records[:, SOURCE]] if columns.claims else claims
        self._state(claims, article, f"{ns.kg}assertedIn")
        rows = np.flatnonzero(columns.evidence < NOBODY).astype(np.int32)
        self._state(rows, columns.nodes - 2 - columns.evidence[rows], f"{ns.kg}evidence")
        several = [columns.iris.find_all(spans) for spans in columns.passages.values]
        read = np.flatnonzero(columns.evidence > NOBODY).astype(np.int32)
        if len(read):
            spans = [several[place] for place in columns.evidence[read].tolist()]
            self._state(np.repeat(read, [len(s) for s in spans]), np.concatenate(spans), f"{ns.kg}evidence")

    def _state(self, claims: Int32, documents: Int32, predicate: str) -> None:
        """That the subjects of claims stand in documents; not where the subject is the document itself."""
        number = self._columns.predicates.number.get(predicate)
        subject = self._subject_of_claim[claims]
        apart = np.flatnonzero((subject != documents) & (documents >= 0))
        if number is None or not len(apart):
            return
        records = self._columns.table.records[claims[apart]]
        mapped = tuple(combo._replace(layer="documents") for combo in self._columns.combos.values)
        self._combos = self._combos.with_(mapped)
        places = np.array([self._combos.number[combo] for combo in mapped], np.int32)
        records[:, COMBO] = places[records[:, COMBO]]
        records[:, PREDICATE] = number
        self._parts.append((subject[apart], documents[apart].astype(np.int32), records, claims[apart]))

    def _types(self) -> None:
        columns = self._columns
        number = columns.predicates.number.get(f"{self._catalogue.namespaces.prefixes['rdf']}type")
        if number is None:
            return
        found = [columns.iris.find_all(kind.types) for kind in columns.kinds.values]
        counts = np.array([len(types) for types in found], np.int64)
        typed = np.repeat(np.arange(columns.nodes, dtype=np.int32), counts[columns.kind])
        if not len(typed):
            return
        starts = np.zeros(len(counts), np.int64)
        np.cumsum(counts[:-1], out=starts[1:])
        first = np.cumsum(counts[columns.kind]) - counts[columns.kind]
        place = np.arange(len(typed)) - np.repeat(first, counts[columns.kind]) + starts[columns.kind[typed]]
        types = np.concatenate(found)[place]
        self._claimless("types", typed, np.full(len(typed), number, np.int32), types)

    def _plain(self) -> None:
        plain = self._columns.plain
        if len(plain):
            self._claimless("unattributed", *(np.ascontiguousarray(plain[:, i]) for i in range(3)))

    def _claimless(self, layer: Layer, subject: Int32, predicate: Int32, object_: Int32) -> None:
        combo = Combo(layer, "", "", "", "", None, None)
        self._combos = self._combos.with_([combo])
        records = np.empty((len(subject), RECORD), np.int32)
        records[:, COMBO], records[:, PREDICATE] = self._combos.number[combo], predicate
        # Whatever a lens asks of claims, these pass: by a list of agents and a source that only they have (`sight.py`).
        records[:, SPEAKER], records[:, RELAY] = several(len(self._columns.lists)), NOBODY
        records[:, SOURCE] = len(self._columns.sources)
        records[:, EARLIEST], records[:, LATEST], records[:, CONFIDENCE] = OPEN_PAST, OPEN_FUTURE, UNSTATED
        self._parts.append((subject, object_, records, np.full(len(subject), NOBODY, np.int32)))
