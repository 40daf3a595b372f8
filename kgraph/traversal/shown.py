"""The steps that are shown, with all that is told of them: their ends, the relation in words, and the claims that the
lens sees, in the order in which they are read. A batch at a time, from the columns; nothing else of the graph is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from kgraph.model import Span, TimeSpan
from kgraph.traversal.kernels.steptable import COMBO, NOBODY, PREDICATE, RELAY, SOURCE, SPEAKER
from kgraph.traversal.known import Codes, Known, Named, Relation
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.passages import NOWHERE, in_text, spans
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord


class Row(NamedTuple):
    """The row of a claim table where a claim stands: the CURIE of its span, the table's hash, the row from 1."""

    id: str
    table: str
    number: int


class Statement(NamedTuple):
    """A claim as evidence. It stands in `spans`, or in `row`, or nowhere that is known."""

    iri: str
    id: str
    said_by: tuple[Named, ...]
    via: tuple[Named, ...]
    article: Named
    codes: Codes
    spans: tuple[Span, ...]
    row: Row | None
    when: TimeSpan | None

    @property
    def where(self) -> Span:
        """The first passage, or the row."""
        if self.row is None:
            return self.spans[0] if self.spans else NOWHERE
        id_, table, number = self.row
        return Span(id_, self.article.ref.id, None, None, None, None, None, table, number)


class Shown(NamedTuple):
    """A step. `forward`: whether the walk went from its subject to its object. `is_claim`: whether each of its claims,
    of which there is one, is a claim of this relation; that something stands in an article is none."""

    subject: Named
    relation: Relation
    verb: str
    object: Named
    forward: bool
    statements: Sequence[Statement]
    is_claim: bool


def shown(lens: LensFilter, steps: Sequence[int], forward: Sequence[bool]) -> list[Shown]:
    """Steps of the lens's view by number, in their order; `forward` for each."""
    view, catalogue = lens.view, lens.catalogue
    table, columns, known = view.table, catalogue.columns, Known.of(catalogue)
    numbers = np.asarray(steps, np.int32)
    subjects, objects = view.subjects_of(numbers).tolist(), table.far[numbers].tolist()
    begins, ends = table.starts[numbers].tolist(), table.starts[numbers + 1].tolist()
    sees, combos, claim_of = lens.sight.combos_seen, view.combos, view.claim_of
    seen: set[int] = set()
    if sees is None:
        records, _, kept = lens.sight.seen(numbers)
        seen = set(records[kept].tolist())
    reader = _Reader(catalogue, known)
    found = []
    for subject, object_, begin, end, way in zip(subjects, objects, begins, ends, forward, strict=True):
        rows = table.records[begin:end].tolist()
        predicate = rows[0][PREDICATE]
        statements, is_claim = [], claim_of is None or claim_of.item(begin) >= 0
        for record, row in enumerate(rows, begin):
            claim = record if claim_of is None else claim_of.item(record)
            if claim < 0:
                continue
            if claim_of is not None:
                is_claim &= columns.table.records.item(claim, PREDICATE) == predicate
            if record in seen if sees is None else sees[row[COMBO]]:
                _, _, modality, polarity, voice, *_ = combos[row[COMBO]]
                statements.append(reader.statement(claim, row, known.codes(catalogue, voice, modality, polarity)))
        if len(statements) > 1:
            statements.sort(key=_as_read)
        near, far, relation = reader.node(subject), reader.node(object_), known.relation(catalogue, predicate)
        verb = known.verb(catalogue, relation.iri, near, far)
        found.append(Shown(near, relation, verb, far, way, statements, is_claim))
    return found


def nodes_of(lens: LensFilter, numbers: Iterable[int]) -> list[Named]:
    """Nodes of the lens's view."""
    reader = _Reader(lens.catalogue, Known.of(lens.catalogue))
    return [reader.node(number) for number in numbers]


def statement(catalogue: Catalogue, claim: ClaimRecord) -> Statement:
    """A claim record as evidence."""
    known = Known.of(catalogue)
    named = known.named
    return Statement(
        iri=claim.iri,
        id=catalogue.namespaces.compress(claim.iri),
        said_by=tuple([named(catalogue, speaker) for speaker in claim.said_by]),
        via=tuple([named(catalogue, relay) for relay in claim.via]),
        article=named(catalogue, claim.article),
        codes=known.codes(catalogue, claim.voice, claim.modality, claim.polarity),
        spans=spans(catalogue, claim.spans),
        row=None,
        when=catalogue.when(claim),
    )


def _as_read(one: Statement) -> tuple[tuple[str, int, int, int, str], str]:
    """The order in which claims are read: by article, place in the text and IRI."""
    return in_text(one.where), one.iri


class _Reader:
    """Makes statements of the numbers of claims."""

    def __init__(self, catalogue: Catalogue, known: Known) -> None:
        self._catalogue, self._columns, self._known = catalogue, catalogue.columns, known
        self._space = catalogue.namespaces.id

    def node(self, number: int) -> Named:
        """A node of a view: after those of the columns come the rows of tables."""
        if number < self._columns.nodes:
            return self._known.node(self._catalogue, number)
        return self._known.named(self._catalogue, self._catalogue.whole.iri(number))

    def statement(self, claim: int, row: Sequence[int], codes: Codes) -> Statement:
        """A claim by its number; `row` is a record of it."""
        columns, catalogue, known = self._columns, self._catalogue, self._known
        id_ = columns.ids[claim].tobytes()
        odd = columns.odd_ids.get(id_) if columns.odd_ids else None
        name = f"claim-{id_.hex()}"
        evidence, time = columns.evidence.item(claim), columns.time.item(claim)
        when = columns.records.times.get(columns.times[time]) if time >= 0 else self._object(claim).period
        return Statement(
            odd or f"{self._space}{name}",
            catalogue.namespaces.compress(odd) if odd else f"{known.own}{name}",
            self._agents(row[SPEAKER]),
            self._agents(row[RELAY]),
            known.source(catalogue, row[SOURCE]),
            codes,
            spans(catalogue, columns.passages[evidence]) if evidence >= 0 else (),
            self._row(evidence) if evidence < NOBODY else None,
            when,
        )

    def _agents(self, agent: int) -> tuple[Named, ...]:
        if agent == NOBODY:
            return ()
        if agent >= 0:
            return (self._known.node(self._catalogue, agent),)
        return tuple([self._known.named(self._catalogue, iri) for iri in self._catalogue.agents(agent)])

    def _row(self, evidence: int) -> Row:
        table, number = self._columns.row_of(evidence)
        return Row(f"{self._known.own}span-{table.table[:12]}{number:08x}", table.table, number)

    def _object(self, claim: int) -> Named:
        table = self._columns.table
        return self.node(table.far.item(table.step_of.item(claim)))
