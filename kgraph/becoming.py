"""What becomes of relations from one way of looking to another: which vanish, which appear, which stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kgraph.model import Change, ClaimRef, Edge, Neighbourhood


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
