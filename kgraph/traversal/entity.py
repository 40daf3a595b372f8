"""Everything the graph holds about one entity."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kgraph.model import (
    Direction,
    Entity,
    Fact,
    Labels,
    Lens,
    NeighbourCount,
    Page,
    QuantityClaim,
    TimeClaim,
)
from kgraph.traversal import explain, passages
from kgraph.traversal.about import claims_about, in_reading_order
from kgraph.traversal.lens import LensFilter, compile_lens, words
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord, Node


def entity(catalogue: Catalogue, iri: str, lens: Lens | None = None, page: Page | None = None) -> Entity:
    """An entity under a lens; `page` cuts its claims, which stand in reading order, and the times that they state.

    Names, types, facts, mentions and notes are whole and not of the lens's matter. Raises EntityNotFoundError.
    """
    page, lens = page or Page(), lens or Lens()
    named = explain.entity_ref(catalogue, iri)
    node = catalogue.nodes[iri]
    seen = compile_lens(catalogue, lens)
    claims = in_reading_order(catalogue, claims_about(seen, iri))
    shown = tuple(map(catalogue.claim_record, claims[page.skip : page.skip + page.limit].tolist()))
    mentions = catalogue.mentions_of(iri)
    return Entity(
        id=named.id,
        iri=iri,
        label=named.label,
        type=named.type,
        type_label=named.type_label,
        labels=Labels(node.label, node.alt_labels, node.hidden_labels),
        types=explain.refs(catalogue, node.types),
        facts=tuple(_facts(catalogue, node)),
        quantities=tuple(_quantities(seen, iri)),
        times=tuple(_times(catalogue, shown)),
        counts=tuple(_counts(seen, iri)),
        claims=tuple(explain.whole(catalogue, c) for c in shown),
        mentions=tuple(explain.mention(catalogue, m) for m in mentions),
        notes=explain.notes(catalogue, iri),
        truncated=page.skip + len(shown) < len(claims),
        next=page.next(len(shown), len(claims)),
        generation=catalogue.generation,
        lens=words(catalogue, lens),
    )


def _facts(catalogue: Catalogue, node: Node) -> Iterator[Fact]:
    compress = catalogue.namespaces.compress
    same = f"{catalogue.namespaces.prefixes['skos']}exactMatch"
    for flag in node.flags:
        if told := catalogue.schema.flags[flag]:  # one about the label alone is nothing to tell
            yield Fact(compress(flag), catalogue.predicate_label(flag), "true", told)
    for other in node.same_as:
        yield Fact(compress(same), catalogue.predicate_label(same), other)
    for predicate, value in node.facts:
        yield Fact(compress(predicate), catalogue.predicate_label(predicate), value)


def _quantities(lens: LensFilter, iri: str) -> Iterator[QuantityClaim]:
    catalogue, stated = lens.catalogue, lens.catalogue.stated
    steps = stated.outgoing_numbers(stated.node(iri))
    is_quantity = np.array([kind.kind == "quantity" for kind in catalogue.columns.kinds.values] or [False])
    for number in steps[is_quantity[catalogue.columns.kind[stated.table.far[steps]]]].tolist():
        step = stated.step(number)
        if claims := lens.claims(step):
            evidence = tuple(explain.claim_ref(catalogue, c) for c in passages.in_reading_order(catalogue, claims))
            predicate = catalogue.namespaces.compress(step.predicate)
            label = catalogue.predicate_label(step.predicate)
            yield QuantityClaim(predicate, label, catalogue.quantities[step.object], evidence)


def _times(catalogue: Catalogue, claims: tuple[ClaimRecord, ...]) -> Iterator[TimeClaim]:
    compress = catalogue.namespaces.compress
    for claim in claims:
        when = catalogue.when(claim)
        if when is not None:
            label = catalogue.predicate_label(claim.predicate)
            yield TimeClaim(compress(claim.predicate), label, when, compress(claim.iri))


def _counts(lens: LensFilter, iri: str) -> Iterator[NeighbourCount]:
    catalogue, view = lens.catalogue, lens.view
    node = view.node(iri)
    found: dict[tuple[str, bool], int] = {}
    for steps, forward in ((view.outgoing_numbers(node), True), (view.incoming_numbers(node), False)):
        allowed = steps[lens.sight.allows(steps)]
        numbers, counts = np.unique(view.predicates_of(allowed), return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            found[catalogue.columns.predicates[number], forward] = count
    for (predicate, forward), count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        direction: Direction = "forward" if forward else "backward"
        label = catalogue.predicate_label(predicate, forward)
        yield NeighbourCount(catalogue.namespaces.compress(predicate), label, direction, count)
