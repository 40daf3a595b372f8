"""Two generations side by side: the quads and the claims that one has and the other has not; and two ways of looking at
the same thing: the relations that one sees and the other does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kgraph import traversal
from kgraph.generations import View
from kgraph.model import Change, Claim, ClaimRef, Difference, Edge, GraphChange, Neighbourhood
from kgraph.namespaces import Namespaces
from kgraph.rdf import DefaultGraph, NamedNode, Quad
from kgraph.store.difference import difference
from kgraph.store.journal import Journal


def compare(journal: Journal, old: View, new: View, namespaces: Namespaces) -> Difference:
    """What `new` has and `old` has not, and the other way round. Raises LimitError, DamagedError."""
    added, removed = difference(journal, old.generation, new.generation)
    return Difference(
        before=old.generation,
        after=new.generation,
        graphs=tuple(_by_graph(added, removed, namespaces)),
        claims_added=tuple(_claims(added, new, namespaces)),
        claims_removed=tuple(_claims(removed, old, namespaces)),
    )


def _by_graph(added: Iterable[Quad], removed: Iterable[Quad], namespaces: Namespaces) -> Iterator[GraphChange]:
    lines: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for at, quads in enumerate((added, removed)):
        for quad in quads:
            name = quad.graph_name
            shown = "" if isinstance(name, DefaultGraph) else namespaces.compress(name.value)
            lines[shown][at].append(f"{quad} .")
    for graph in sorted(lines):
        yield GraphChange(graph, *(tuple(sorted(several)) for several in lines[graph]))


def _claims(quads: Iterable[Quad], view: View, namespaces: Namespaces) -> Iterator[Claim]:
    """The claims that came, or went, with some quads, by IRI."""
    type_, claim = (NamedNode(namespaces.expand(name)) for name in ("rdf:type", "kg:Claim"))
    found = (quad.subject.value for quad in quads if (quad.predicate, quad.object) == (type_, claim))  # type: ignore[union-attr]
    for iri in sorted(found):
        if iri in view.catalogue.claims:
            yield traversal.claim(view.catalogue, iri)


def changes(one: Neighbourhood, other: Neighbourhood) -> tuple[Change, ...]:
    """What becomes of each relation from one to the other: what vanishes, what appears, what stays, each in the order
    of its side; of what stays first what stands on other claims. Both are to be whole."""
    before, after = _by_ends(one), _by_ends(other)
    vanishes = [Change("vanishes", edge, gone=edge.claims) for key, edge in before.items() if key not in after]
    appears = [Change("appears", edge, new=edge.claims) for key, edge in after.items() if key not in before]
    stays = [
        Change("stays", edge, _without(before[key].claims, edge.claims), _without(edge.claims, before[key].claims))
        for key, edge in after.items()
        if key in before
    ]
    return (*vanishes, *appears, *sorted(stays, key=lambda change: not (change.gone or change.new)))


def _by_ends(seen: Neighbourhood) -> Mapping[tuple[str, str, str], Edge]:
    return {(edge.source, edge.predicate, edge.target): edge for edge in seen.edges}


def _without(claims: Iterable[ClaimRef], others: Iterable[ClaimRef]) -> tuple[ClaimRef, ...]:
    known = {claim.id for claim in others}
    return tuple(claim for claim in claims if claim.id not in known)


def sentence(found: Iterable[Change]) -> str:
    """How many vanish, appear and stay, and how many of these stand on other claims: `2 relations vanish, none appears,
    5 stay, 1 of them on other claims.`"""
    found = tuple(found)
    vanish, appear, stay = (sum(c.became == became for c in found) for became in ("vanishes", "appears", "stays"))
    shaken = sum(c.became == "stays" and bool(c.gone or c.new) for c in found)
    if not found:
        return "Neither side sees a relation."
    first = (
        f"{vanish:,} {'relation vanishes' if vanish == 1 else 'relations vanish'}" if vanish else "no relation vanishes"
    )
    second = f"{appear:,} {'appears' if appear == 1 else 'appear'}" if appear else "none appears"
    third = f"{stay:,} {'stays' if stay == 1 else 'stay'}" if stay else "none stays"
    other = f", {shaken:,} of them on other claims" if shaken else ""
    text = f"{first}, {second}, {third}{other}."
    return text[0].upper() + text[1:]
