"""The verb that compares: one entity seen through two lenses, or at two times. No algorithm is inside.

A side is what is told of its lens beside the lens of both, each part a text `name=value`, at every door the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, NamedTuple, Unpack, cast, get_args, get_type_hints

from kgraph import becoming, traversal
from kgraph.again import goes_on
from kgraph.errors import LimitError, ParameterError
from kgraph.generations import View
from kgraph.model import (
    Became,
    ComparedSide,
    Comparison,
    Counts,
    EntityRef,
    Lens,
    Neighbourhood,
    NeighbourhoodQuestion,
    NeighbourRef,
    Page,
    Verdict,
)
from kgraph.question import LensOptions, Names, check_lens_names, listed
from kgraph.verbs import Verbs

MOST = 5_000
"""So many relations of a side are compared; of more, what is missing could not be told from what was not looked at."""
_JOINED = 6
_KINDS = get_type_hints(LensOptions)


class _Asked(NamedTuple):
    """What both sides are asked."""

    ends: tuple[str, ...]
    hops: int
    predicate: tuple[str, ...]
    max_edges: int
    max_ms: int


class _Side(NamedTuple):
    view: View
    lens: Lens
    seen: Neighbourhood


class Comparing(Verbs):
    """Two sides of the same question."""

    @goes_on
    def compare(
        self,
        entity: str,
        *,
        one: Names = (),
        other: Names = (),
        target: str | None = None,
        hops: int | None = None,
        predicate: Names = (),
        max_edges: int = 1_000_000,
        max_ms: int = 2_000,
        limit: int = 100,
        cursor: str | None = None,
        **lens: Unpack[LensOptions],
    ) -> Comparison:
        """What stands near an entity from two sides: which relations `other` sees no more, sees anew, sees still.

        `one` and `other` hold what their lens has beside the lens of both: texts such as `modality=any`,
        `not_said_by=bitter-winter`, `valid_until=2004` or `at=3`. With `target` it is what connects the two (as
        `connect`, within 6 hops) instead of what stands within `hops` (1).

        Raises ParameterError where both sides are one, EntityNotFoundError where neither has the entity, and LimitError
        where a side is too large to be compared whole.
        """
        sides, several = sorted(listed(one)), sorted(listed(other))
        asked: list[object] = ["compare", entity, target, sides, several, hops, listed(predicate)]
        now, page = self._page(asked, limit, cursor, lens)
        if target and listed(predicate):
            raise ParameterError("predicate", ", ".join(listed(predicate)), "is for what stands near, without target")
        ends = tuple(self.namespaces.expand(name) for name in (entity, *([target] if target else [])))
        far = self._bounds.hops("hops", hops if hops is not None else _JOINED if target else 1, 1 if target else 0)
        question = _Asked(ends, far, listed(predicate), *self._bounds.work(max_edges, max_ms))
        before = self._side(now, question, lens, _told("one", listed(one)))
        after = self._side(now, question, lens, _told("other", listed(other)))
        if (before.view.generation, before.lens) == (after.view.generation, after.lens):
            what = "give one or other something of its own, such as modality=any, not_said_by=… or at=…"
            raise ParameterError("other", ", ".join(listed(other)), f"both sides look through the same lens; {what}")
        named = tuple(self._named(end, before, after) for end in ends)
        return _compared(named, far, before, after, page, now.generation)

    def _side(self, now: View, asked: _Asked, lens: LensOptions, own: dict[str, Any]) -> _Side:
        view = self._generations.at(own["at"]) if "at" in own else now
        names, held = self._resolver(view), view.catalogue
        through = names.lens(cast("LensOptions", {**lens, **own}))
        seen: Neighbourhood
        if not all(end in held.nodes for end in asked.ends):  # it came later, or is gone: nothing stands near it here
            verdict: Verdict = "none_within" if len(asked.ends) > 1 else "found"
            words = traversal.words(held, through)
            seen = Neighbourhood(None, asked.hops, (), (), Counts({}, {}), False, None, view.generation, words, verdict)
        elif len(asked.ends) > 1:
            bounds = {"max_hops": asked.hops, "max_edges": asked.max_edges, "max_ms": asked.max_ms}
            seen = traversal.connect(held, asked.ends, **bounds, lens=through)
        else:
            question = NeighbourhoodQuestion(
                entity=asked.ends[0],
                hops=asked.hops,
                predicate=tuple(names.predicate(p) for p in asked.predicate),
                max_edges=asked.max_edges,
                max_ms=asked.max_ms,
                lens=through,
            )
            seen = traversal.neighbourhood(held, question, page=Page(limit=MOST))
        if seen.stopped_by or seen.truncated:
            limit = seen.stopped_by or "relations"
            value = {"max_edges": f"{asked.max_edges:,}", "max_ms": f"{asked.max_ms:,}"}.get(limit, f"{MOST:,}")
            how = "half of it cannot be compared: ask for fewer hops, or name relations (predicate)"
            raise LimitError(limit, value, f"what one side sees is more than {limit} = {value} allows, and {how}")
        return _Side(view, through, seen)

    def _named(self, iri: str, one: _Side, other: _Side) -> EntityRef:
        """What was named, as the side names it that has it, `other` first. Raises EntityNotFoundError."""
        for side in (other, one):
            if iri in side.view.catalogue.nodes:
                return traversal.ref(side.view.catalogue, iri)
        self._resolver(other.view).entity(iri)  # raises, with what comes close
        raise AssertionError(iri)


def _told(side: str, parts: tuple[str, ...]) -> dict[str, Any]:
    """What a side says of its lens, as keywords. Raises ParameterError for what is no part of the lens."""
    told: dict[str, Any] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        name, value = name.strip().replace("-", "_"), value.strip()
        if not part.strip():
            continue
        if not equals or not value or name == "min_generation":
            raise ParameterError(side, part, "give parts of the lens, such as modality=any or at=3")
        check_lens_names({name: value})
        kind = _KINDS[name]
        if kind == Names:
            told.setdefault(name, []).append(value)
        else:
            told[name] = _number(side, part, value, kind) if kind in (int, float) else value
    return told


def _number(side: str, part: str, value: str, kind: type[int | float]) -> int | float:
    try:
        return kind(value)
    except ValueError as error:
        raise ParameterError(side, part, "give a number") from error


def _compared(
    named: tuple[EntityRef, ...], hops: int, one: _Side, other: _Side, page: Page, generation: int
) -> Comparison:
    found = becoming.changes(one.seen, other.seen)
    shown = found[page.skip : page.skip + page.limit]
    counted = Counter(change.became for change in found)
    ends = {end for change in shown for end in (change.edge.source, change.edge.target)}
    nodes: dict[str, NeighbourRef] = {}
    for node in (*other.seen.nodes, *one.seen.nodes):
        if node.id in ends:
            near = nodes.setdefault(node.id, node)
            nodes[node.id] = replace(near, distance=min(near.distance, node.distance))
    return Comparison(
        entity=named[0],
        target=named[1] if len(named) > 1 else None,
        hops=hops,
        one=_told_of(one),
        other=_told_of(other),
        counts={became: counted[became] for became in get_args(Became)},
        sentence=becoming.sentence(found),
        nodes=tuple(sorted(nodes.values(), key=lambda node: (node.distance, node.label.casefold(), node.iri))),
        changes=shown,
        truncated=page.skip + len(shown) < len(found),
        next=page.next(len(shown), len(found)),
        generation=generation,
    )


def _told_of(side: _Side) -> ComparedSide:
    ends = {end for edge in side.seen.edges for end in (edge.source, edge.target)}
    seen = side.seen
    return ComparedSide(seen.lens, side.view.generation, len(seen.edges), len(ends), seen.verdict)
