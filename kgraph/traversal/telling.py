"""What is shown, handed out as values of `kgraph.model`; or as another `Telling` has it (`written.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from kgraph.model import ClaimRef, Edge, EntityRef, NeighbourRef
from kgraph.traversal.known import Named
from kgraph.traversal.shown import Shown, Statement


class Telling(Protocol):
    """Makes what stands in an answer where a model's value would."""

    def ref(self, named: Named) -> Any:
        """For an `EntityRef`."""

    def neighbour(self, named: Named, distance: int, notes: Iterable[str] = ()) -> Any:
        """For a `NeighbourRef`; with notes beside those that are told of the node anyhow."""

    def edge(self, shown: Shown) -> Any:
        """For an `Edge`."""


class _Values:
    def ref(self, named: Named) -> EntityRef:
        return named.ref

    def neighbour(self, named: Named, distance: int, notes: Iterable[str] = ()) -> NeighbourRef:
        ref = named.ref
        return NeighbourRef(
            id=ref.id,
            iri=ref.iri,
            label=ref.label,
            type=ref.type,
            type_label=ref.type_label,
            distance=distance,
            notes=(*named.told, *notes),
            quantity=named.quantity,
            period=named.period,
        )

    def edge(self, shown: Shown) -> Edge:
        return Edge(
            source=shown.subject.ref.id,
            predicate=shown.relation.id,
            predicate_label=shown.verb,
            target=shown.object.ref.id,
            forward=shown.forward,
            claims=tuple([evidence(statement) for statement in shown.statements]),
        )


VALUES: Telling = _Values()


def evidence(statement: Statement) -> ClaimRef:
    """A claim as evidence."""
    return ClaimRef(
        id=statement.id,
        said_by=tuple([named.ref for named in statement.said_by]),
        via=tuple([named.ref for named in statement.via]),
        article=statement.article.ref,
        voice=statement.codes.voice,
        modality=statement.codes.modality,
        polarity=statement.codes.polarity,
        where=statement.where,
        when=statement.when,
    )
