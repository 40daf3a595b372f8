"""Records as they are read become a change of the columns: nodes for all they speak of, rows for the claims.

A change tells of the subjects that were touched, each whole, as it stands after the commit. What it leaves alone is
looked up in the columns there are. What a few columns cannot follow (a claim that is gone, a thing that is now of
another kind, a node that nothing needs any more: `losses.py`) is told by `RebuildError`: then everything is built anew,
which gives the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kgraph.namespaces import Namespaces
from kgraph.schema import Schema
from kgraph.traversal import dates
from kgraph.traversal.changes import Change, Rows, Triple
from kgraph.traversal.claimids import ID_BYTES, claim_id, is_odd
from kgraph.traversal.columns import Columns, Combo, Links, Records
from kgraph.traversal.describing import Describing, QuadsOf
from kgraph.traversal.kernels.steptable import CONFIDENCE_UNIT, NOBODY, PREDICATE, RECORD, UNSTATED, several
from kgraph.traversal.losses import Losses
from kgraph.traversal.reading import Things, read
from kgraph.traversal.things import ClaimRecord, Kind, Layer


class RebuildError(Exception):
    """The change is not one that columns can follow. Never leaves the package."""


def change(
    base: Columns,
    things: Things,
    namespaces: Namespaces,
    schema: Schema,
    *,
    generation: int,
    mark: str = "",
    touched: frozenset[str] = frozenset(),
    quads_of: QuadsOf = lambda _: (),
) -> Change:
    """The change that these things make. `touched` subjects stood in `base` otherwise or not at all; of what else is
    spoken of, `quads_of` tells what is known, in every graph that is read. Raises RebuildError."""
    return Gathering(base, things, namespaces, schema, touched, quads_of).change(generation, mark)


class Gathering(Describing):
    """Makes one change."""

    def change(self, generation: int, mark: str) -> Change:
        """The change of everything that was read."""
        things, base = self._things, self._base
        for iri, description in things.described.items():
            if description.all(self._type):
                self._add(iri)
        for iri in self._touched:
            self._stands(iri)
        self._look_up({c.time for c in things.claims.values() if c.time})
        claims = sorted(things.claims.values(), key=lambda c: c.iri)
        for claim in claims:
            for iri in (claim.subject, claim.object, claim.article, *claim.spans):
                self._add(iri)
        for node in list(self._nodes.values()):
            for type_iri in node.types:
                self._add(type_iri)
        plain = frozenset(t for t in things.plain if not self._is_stated(t))
        for subject, _, object_ in plain:
            self._add(subject)
            self._add(object_)
        held = self._held_plain()
        self._keeps(held, plain)
        return Change(
            generation,
            mark,
            rows=lambda columns: [_rows(columns, claims, self)] if claims else [],
            nodes=self._nodes,
            gone=frozenset(iri for iri in self._touched if base.claims and base.claim_number(iri, self._ns.id) >= 0),
            records_gone=self._touched,
            records=self._records(claims),
            plain=plain,
            plain_gone=held - plain,
            combos=[self.combo(c) for c in claims],
            predicates=[*self.always, *(c.predicate for c in claims), *(p for _, p, _ in plain)],
            sources=sorted({c.article for c in claims}),
            lists=[names for c in claims for names in (c.said_by, c.via) if len(names) > 1 or self._is_nobody(names)],
            times=sorted({c.time for c in claims if c.time}),
            passages=[c.spans for c in claims if self._has_passages(c)],
            odd_ids={claim_id(c.iri, self._ns.id): c.iri for c in claims if is_odd(c.iri, self._ns.id)},
        )

    @property
    def always(self) -> tuple[str, ...]:
        """The terms of the steps that follow from claims and types."""
        return self._type, f"{self._ns.kg}assertedIn", f"{self._ns.kg}evidence"

    # -------------------------------------------------------------- nodes

    def _add(self, iri: str) -> None:
        if iri in self._nodes:
            return
        if self._base.row_span(iri, self._ns.id) < NOBODY or (
            iri not in self._touched and self._base.iris.find(iri) >= 0
        ):
            return
        if iri not in self._touched and iri not in self._things.described:
            found = read(self._quads_of(iri), self._ns, self._schema.relations)
            self._things.described.update(found.described)
            self._things.plain_facts.update(found.plain_facts)
        self._nodes[iri] = self.node(iri, self._things.described.get(iri))

    def _look_up(self, times: Iterable[str]) -> None:
        """Read the periods that claims have and that neither the change nor the columns know."""
        for iri in times:
            if iri not in self._things.times and iri not in self._base.records.times and iri not in self._touched:
                self._things.times.update(read(self._quads_of(iri), self._ns, self._schema.relations).times)

    def _stands(self, iri: str) -> None:
        """A touched thing that is in the columns: as what it was, or the columns cannot follow."""
        base = self._base
        claim = base.claim_number(iri, self._ns.id) if base.claims else NOBODY
        if claim >= 0:
            step = base.table.step_of.item(claim)
            record = self._things.claims.get(iri)
            if record is None or self._ends(step) != (record.subject, record.predicate, record.object):
                raise RebuildError(iri)
        time = base.records.times.get(iri)
        spoken_of = time is not None or iri in base.times.number
        if spoken_of and dates.bounds(time) != dates.bounds(self._things.times.get(iri)):
            raise RebuildError(iri)
        node = base.iris.find(iri)
        if node >= 0:
            if base.kinds[base.kind.item(node)].kind != self.kind(iri):
                raise RebuildError(iri)
            if iri not in self._nodes and iri not in self._things.described and not self._is_record(iri):
                raise RebuildError(iri)
            self._add(iri)

    def _keeps(self, held: frozenset[Triple], plain: frozenset[Triple]) -> None:
        """What the columns have must be spoken of after the change too, or they cannot follow."""
        if not self._touched or not self._base.nodes:
            return
        described = self._things.described
        types = {iri: found for iri in self._touched if (d := described.get(iri)) and (found := d.all(self._type))}
        losses = Losses(self._base, self._ns.id, self._touched, types, self._things.claims, held, plain)
        for lost in losses.found(self.always):
            raise RebuildError(lost)

    def _ends(self, step: int) -> tuple[str, str, str]:
        table, base = self._base.table, self._base
        predicate = base.predicates[table.records.item(table.starts.item(step), PREDICATE)]
        return base.iris[base.subject_of(step)], predicate, base.iris[table.far.item(step)]

    def _is_record(self, iri: str) -> bool:
        things = self._things
        return any(iri in them for them in (things.quantities, things.times, things.spans, things.articles))

    # -------------------------------------------------------------- claims

    def combo(self, claim: ClaimRecord) -> Combo:
        """The codes of a claim and its layer."""
        kinds = {self._kind_of_end(claim.subject), self._kind_of_end(claim.object)}
        layer: Layer = "documents" if "document" in kinds else "codes" if kinds & {"code", "class"} else "relations"
        codes = claim.status, claim.modality, claim.polarity, claim.voice, claim.certainty, claim.role
        return Combo(layer, *codes)

    def _kind_of_end(self, iri: str) -> Kind:
        node = self._nodes.get(iri)
        return node.kind if node else self.kind(iri)

    def _is_nobody(self, names: tuple[str, ...]) -> bool:
        """Whether the one named is no node, so that a list has to name it."""
        return len(names) == 1 and names[0] not in self._nodes and self._base.iris.find(names[0]) < 0

    def _has_passages(self, claim: ClaimRecord) -> bool:
        return bool(claim.spans) and self.evidence_row(claim) == NOBODY

    def evidence_row(self, claim: ClaimRecord) -> int:
        """The `evidence` of a claim whose one span is the row of a loaded table; NOBODY for others."""
        if len(claim.spans) != 1:
            return NOBODY
        return self._base.row_span(claim.spans[0], self._ns.id)

    def days(self, claim: ClaimRecord) -> tuple[int, int]:
        """The bounds of a claim's time as days."""
        iri = claim.time or claim.object
        when = self._things.times.get(iri) or (None if iri in self._touched else self._base.records.times.get(iri))
        return dates.bounds(when)

    def _records(self, claims: Iterable[ClaimRecord]) -> Records:
        things = self._things
        linked = (c for c in claims if c.conflicts_with or c.qualifies)
        return Records(
            spans={i: s for i, s in things.spans.items() if self._base.row_span(i, self._ns.id) == NOBODY},
            quantities=things.quantities,
            times=things.times,
            mentions=things.mentions,
            notes=things.notes,
            articles=things.articles,
            links={c.iri: Links(c.conflicts_with, c.qualifies) for c in linked},
        )

    # -------------------------------------------------------------- plain triples

    def _is_stated(self, triple: Triple) -> bool:
        subject, predicate, object_ = triple
        base = self._base
        number, node = base.predicates.number.get(predicate), base.iris.find(subject)
        if number is None or node < 0:
            return False
        table = base.table
        return any(
            base.iris[table.far.item(step)] == object_
            and table.records.item(table.starts.item(step), PREDICATE) == number
            for step in range(table.indptr.item(node), table.indptr.item(node + 1))
        )

    def _held_plain(self) -> frozenset[Triple]:
        """The plain triples of touched subjects, and those that a claim now states."""
        base = self._base
        if not len(base.plain):
            return frozenset()
        stated = {(c.subject, c.predicate, c.object) for c in self._things.claims.values()}
        subjects = {node for iri in (*self._touched, *(t[0] for t in stated)) if (node := base.iris.find(iri)) >= 0}
        rows = base.plain[np.isin(base.plain[:, 0], np.array(sorted(subjects), np.int32))].tolist()
        triples = ((base.iris[s], base.predicates[p], base.iris[o]) for s, p, o in rows)
        return frozenset(t for t in triples if t in stated or t[0] in self._touched)


def _rows(columns: Columns, claims: list[ClaimRecord], gathered: Gathering) -> Rows:
    find = columns.iris.find

    def agent(names: tuple[str, ...]) -> int:
        if not names:
            return NOBODY
        return several(columns.lists.number[names]) if names in columns.lists.number else find(names[0])

    subject, object_ = (
        columns.iris.find_all([c.subject for c in claims]),
        columns.iris.find_all([c.object for c in claims]),
    )
    records = np.empty((len(claims), RECORD), np.int32)
    time, evidence = np.empty(len(claims), np.int32), np.empty(len(claims), np.int32)
    ids = bytearray()
    for i, claim in enumerate(claims):
        confidence = UNSTATED if claim.confidence is None else round(claim.confidence * CONFIDENCE_UNIT)
        records[i] = (
            columns.combos.number[gathered.combo(claim)],
            columns.predicates.number[claim.predicate],
            agent(claim.said_by),
            agent(claim.via),
            columns.sources.number[claim.article],
            *gathered.days(claim),
            confidence,
        )
        time[i] = columns.times.number[claim.time] if claim.time else NOBODY
        evidence[i] = columns.passages.number.get(claim.spans, NOBODY) if claim.spans else NOBODY
        if evidence[i] == NOBODY:
            evidence[i] = gathered.evidence_row(claim)
        ids += claim_id(claim.iri, gathered.namespaces.id)
    return Rows(subject, object_, records, np.frombuffer(ids, np.uint8).reshape(-1, ID_BYTES), time, evidence)
