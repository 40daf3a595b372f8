"""What stands near a node: everything within so many hops, counted whole, shown in ranked pages.

A node of a type that was not asked for is not entered, so what is shown hangs together. Numbers and periods are
shown and not passed through. A relation belongs to the neighbourhood when a walk of at most `hops` steps takes it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from kgraph.errors import ParameterError
from kgraph.model import Counts, Neighbourhood, NeighbourhoodQuestion, NeighbourRef, Page
from kgraph.traversal import explain
from kgraph.traversal.lens import LensFilter, compile_lens, words
from kgraph.traversal.rank import Ranking
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import Step
from kgraph.traversal.walk import Ways


@dataclass(frozen=True, slots=True)
class Reached:
    """A step of the neighbourhood: from which distance it is taken, which way, and where it leads."""

    step: Step
    forward: bool
    distance: int
    far: str


def neighbourhood(catalogue: Catalogue, question: NeighbourhoodQuestion, page: Page | None = None) -> Neighbourhood:
    """Answer a neighbourhood question.

    `order`: `rank` takes turns over the relations of each distance, best first (`rank.py`); `label` follows the
    names of the far ends; `distance` the distance, then the relation. The nodes of a page are the ends of its edges
    and the centre. Raises EntityNotFoundError, and ParameterError for a negative number of hops.
    """
    page = page or Page()
    centre = explain.entity_ref(catalogue, question.entity)
    if question.hops < 0:
        raise ParameterError("hops", question.hops, "give 0 or more")
    lens = compile_lens(catalogue, question.lens)
    distances, reached = walk(lens, question)
    ordered = _ordered(lens, reached, question.order)
    shown = ordered[page.skip : page.skip + page.limit]
    nodes = dict.fromkeys(chain((question.entity,), *((r.step.subject, r.step.object) for r in shown)))
    return Neighbourhood(
        centre=centre,
        hops=question.hops,
        nodes=tuple(
            neighbour(catalogue, iri, distances[iri])
            for iri in sorted(nodes, key=lambda i: (distances[i], catalogue.label(i).casefold(), i))
        ),
        edges=tuple(explain.edge(catalogue, r.step, r.forward, lens.claims(r.step)) for r in shown),
        counts=counts(catalogue, (r.step for r in reached), (i for i in distances if i != question.entity)),
        truncated=page.skip + len(shown) < len(ordered),
        next=page.next(len(shown), len(ordered)),
        generation=catalogue.generation,
        lens=words(catalogue, question.lens),
    )


def walk(lens: LensFilter, question: NeighbourhoodQuestion) -> tuple[dict[str, int], list[Reached]]:
    """Breadth first: the distance of every node reached, and every step taken, each once, from its nearer end."""
    catalogue = lens.catalogue
    ways = Ways(catalogue, question.direction, question.predicate)
    distances, reached, taken = {question.entity: 0}, list[Reached](), set[int]()
    frontier = [question.entity]
    for distance in range(question.hops):
        entered: list[str] = []
        for iri in frontier:
            if distance and catalogue.nodes[iri].is_leaf:
                continue
            for step, forward in _steps(lens, ways, iri):
                far = step.object if forward else step.subject
                if step.index in taken or not _wanted(catalogue, question, far):
                    continue
                taken.add(step.index)
                reached.append(Reached(step, forward, distance, far))
                if far not in distances:
                    distances[far] = distance + 1
                    entered.append(far)
        frontier = entered
    return distances, reached


def _steps(lens: LensFilter, ways: Ways, iri: str) -> Iterator[tuple[Step, bool]]:
    for step in lens.view.outgoing(iri):
        if ways.allow(step.predicate, True) and lens.allows(step):
            yield step, True
    for step in lens.view.incoming(iri):
        if ways.allow(step.predicate, False) and lens.allows(step):
            yield step, False


def _wanted(catalogue: Catalogue, question: NeighbourhoodQuestion, iri: str) -> bool:
    return not question.type or iri == question.entity or catalogue.has_type(iri, question.type)


def _ordered(lens: LensFilter, reached: Sequence[Reached], order: str) -> list[Reached]:
    catalogue = lens.catalogue
    if order == "rank":
        return list(_taking_turns(Ranking(lens), reached))
    if order == "label":
        return sorted(reached, key=lambda r: (catalogue.label(r.far).casefold(), r.far, r.step.index))
    if order == "distance":
        return sorted(
            reached, key=lambda r: (r.distance, r.step.predicate, catalogue.label(r.far).casefold(), r.step.index)
        )
    raise ParameterError("order", order, "known are rank, label, distance")


def _taking_turns(ranking: Ranking, reached: Iterable[Reached]) -> Iterator[Reached]:
    """Distance by distance, one of each relation (and way) in turn, so that no relation crowds out the others."""
    groups: dict[int, dict[tuple[str, bool], list[Reached]]] = defaultdict(lambda: defaultdict(list))
    for one in reached:
        groups[one.distance][one.step.predicate, not one.forward].append(one)
    for _, by_relation in sorted(groups.items()):
        columns = [
            sorted(column, key=lambda r: ranking.of_edge(r.step, r.far)) for _, column in sorted(by_relation.items())
        ]
        for row in zip_longest(*columns):
            yield from (one for one in row if one is not None)


def counts(catalogue: Catalogue, steps: Iterable[Step], nodes: Iterable[str]) -> Counts:
    """How many steps of each relation, and how many nodes of each type; by CURIE, most first."""
    compress = catalogue.namespaces.compress
    by_predicate = Counter(compress(step.predicate) for step in steps)
    by_type = Counter(compress(catalogue.nodes[iri].type) for iri in nodes)
    return Counts(_most_first(by_predicate), _most_first(by_type))


def _most_first(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def neighbour(catalogue: Catalogue, iri: str, distance: int, notes: Iterable[str] = ()) -> NeighbourRef:
    """A node of a neighbourhood: with what the source leaves unsaid, its number or its period."""
    named = explain.ref(catalogue, iri)
    return NeighbourRef(
        id=named.id,
        iri=iri,
        label=named.label,
        type=named.type,
        type_label=named.type_label,
        distance=distance,
        notes=(*catalogue.told(iri), *notes),
        quantity=catalogue.quantities.get(iri),
        period=catalogue.times.get(iri),
    )
