"""Claims as records, made of their columns one by one; those made last stay."""

from __future__ import annotations

from kgraph.traversal import lookup
from kgraph.traversal.columns import Columns, Links
from kgraph.traversal.kernels.steptable import (
    COMBO,
    CONFIDENCE,
    CONFIDENCE_UNIT,
    NOBODY,
    PREDICATE,
    RELAY,
    SOURCE,
    SPEAKER,
    several,
)
from kgraph.traversal.lookup import NodesByIri, SpansByIri
from kgraph.traversal.things import ClaimRecord


class Decoding:
    """Gives the claim of a number in the columns."""

    def __init__(self, columns: Columns, space: str, nodes: NodesByIri, spans: SpansByIri) -> None:
        self._columns, self._space, self._nodes, self._spans = columns, space, nodes, spans
        self._made: dict[int, ClaimRecord] = {}

    def __call__(self, number: int) -> ClaimRecord:
        """The claim of a number."""
        claim = self._made.get(number)
        if claim is None:
            claim = self._decoded(number)
            if len(self._made) > lookup.REMEMBERED:
                self._made.clear()
            self._made[number] = claim
        return claim

    def _decoded(self, number: int) -> ClaimRecord:
        columns, table = self._columns, self._columns.table
        record = table.records[number].tolist()
        step = table.step_of.item(number)
        combo = columns.combos[record[COMBO]]
        iri = columns.claim_iri(number, self._space)
        time, evidence = columns.time.item(number), columns.evidence.item(number)
        links = columns.records.links.get(iri) or Links()
        article = columns.sources[record[SOURCE]]
        if evidence < NOBODY:
            spans: tuple[str, ...] = (self._spans.of_row(evidence, article),)
        else:
            spans = columns.passages[evidence] if evidence >= 0 else ()
        return ClaimRecord(
            iri=iri,
            subject=self._nodes.iri(columns.subject_of(step)),
            predicate=columns.predicates[record[PREDICATE]],
            object=self._nodes.iri(table.far.item(step)),
            article=article,
            said_by=self.agents(record[SPEAKER]),
            via=self.agents(record[RELAY]),
            spans=spans,
            voice=combo.voice,
            polarity=combo.polarity,
            modality=combo.modality,
            status=combo.status,
            certainty=combo.certainty,
            confidence=None if record[CONFIDENCE] < 0 else record[CONFIDENCE] / CONFIDENCE_UNIT,
            role=combo.role,
            time=columns.times[time] if time >= 0 else None,
            conflicts_with=links.conflicts_with,
            qualifies=links.qualifies,
        )

    def agents(self, agent: int) -> tuple[str, ...]:
        """Those that a record names by its SPEAKER or RELAY."""
        if agent == NOBODY:
            return ()
        return (self._nodes.iri(agent),) if agent >= 0 else self._columns.lists[several(agent)]
