"""Everything the graph holds about one entity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

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
from kgraph.traversal.lens import LensFilter, compile_lens, words
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord, Node, Step


def entity(catalogue: Catalogue, iri: str, lens: Lens | None = None, page: Page | None = None) -> Entity:
    """An entity under a lens; `page` cuts its claims, which stand in reading order.

    Names, types, facts, mentions and notes are whole and not of the lens's matter. Raises EntityNotFoundError.
    """
    page, lens = page or Page(), lens or Lens()
    named = explain.entity_ref(catalogue, iri)
    node = catalogue.nodes[iri]
    seen = compile_lens(catalogue, lens)
    claims = passages.in_reading_order(catalogue, claims_about(seen, iri))
    shown = claims[page.skip : page.skip + page.limit]
    mentions = [m for m in catalogue.mentions.values() if m.refers_to == iri]
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
        times=tuple(_times(catalogue, claims)),
        counts=tuple(_counts(seen, iri)),
        claims=tuple(explain.whole(catalogue, c) for c in shown),
        mentions=tuple(explain.mention(catalogue, m) for m in mentions),
        notes=explain.notes(catalogue, iri),
        truncated=page.skip + len(shown) < len(claims),
        next=page.next(len(shown), len(claims)),
        generation=catalogue.generation,
        lens=words(catalogue, lens),
    )


def relations(lens: LensFilter, iri: str) -> Iterator[tuple[Step, bool]]:
    """The stated relations of a node and whether it is their subject; those between it and a document or code too."""
    catalogue = lens.catalogue
    for forward, steps in ((True, catalogue.outgoing(iri)), (False, catalogue.incoming(iri))):
        for step in steps:
            if any(c.predicate == step.predicate for c in step.claims) and (forward or step.subject != iri):
                yield step, forward


def claims_about(lens: LensFilter, iri: str) -> list[ClaimRecord]:
    """The claims seen through the lens that have a node as subject or object, whatever the other end is."""
    return [claim for step, _ in relations(lens, iri) for claim in lens.claims(step)]


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
    catalogue = lens.catalogue
    for step in catalogue.outgoing(iri):
        quantity = catalogue.quantities.get(step.object)
        if quantity is not None and (claims := lens.claims(step)):
            evidence = tuple(explain.claim_ref(catalogue, c) for c in passages.in_reading_order(catalogue, claims))
            predicate = catalogue.namespaces.compress(step.predicate)
            yield QuantityClaim(predicate, catalogue.predicate_label(step.predicate), quantity, evidence)


def _times(catalogue: Catalogue, claims: tuple[ClaimRecord, ...]) -> Iterator[TimeClaim]:
    compress = catalogue.namespaces.compress
    for claim in claims:
        when = catalogue.when(claim)
        if when is not None:
            label = catalogue.predicate_label(claim.predicate)
            yield TimeClaim(compress(claim.predicate), label, when, compress(claim.iri))


def _counts(lens: LensFilter, iri: str) -> Iterator[NeighbourCount]:
    catalogue = lens.catalogue
    found: Counter[tuple[str, bool]] = Counter()
    found.update((s.predicate, True) for s in catalogue.outgoing(iri) if lens.allows(s))
    found.update((s.predicate, False) for s in catalogue.incoming(iri) if lens.allows(s))
    for (predicate, forward), count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        direction: Direction = "forward" if forward else "backward"
        label = catalogue.predicate_label(predicate, forward)
        yield NeighbourCount(catalogue.namespaces.compress(predicate), label, direction, count)
