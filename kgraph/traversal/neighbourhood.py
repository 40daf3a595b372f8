"""What stands near a node: everything within so many hops, counted whole, shown in ranked pages.

What is counted and ordered are numbers (`around.py`); only the edges of the page are made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np

from kgraph.errors import ParameterError
from kgraph.model import Counts, Neighbourhood, NeighbourhoodQuestion, Page
from kgraph.traversal import explain
from kgraph.traversal.around import Around, around
from kgraph.traversal.known import Known, Named
from kgraph.traversal.lens import LensFilter, compile_lens, words
from kgraph.traversal.records import Catalogue
from kgraph.traversal.shown import Shown, nodes_of, shown
from kgraph.traversal.strings import Int32, Int64
from kgraph.traversal.telling import VALUES, Telling
from kgraph.traversal.walk import Budget


def neighbourhood(
    catalogue: Catalogue, question: NeighbourhoodQuestion, page: Page | None = None, telling: Telling = VALUES
) -> Neighbourhood:
    """Answer a neighbourhood question; `telling` makes the nodes and edges that are shown.

    `order`: `rank` takes turns over the relations of each distance, best first (`rank.py`); `label` follows the
    names of the far ends; `distance` the distance, then the relation. The nodes of a page are the ends of its edges
    and the centre. A limit that ends the walk is named, and what was met until then is shown. Raises
    EntityNotFoundError, and ParameterError for a negative number of hops.
    """
    page = page or Page()
    explain.entity_ref(catalogue, question.entity)
    if question.hops < 0:
        raise ParameterError("hops", question.hops, "give 0 or more")
    lens = compile_lens(catalogue, question.lens)
    met, ordered, counted = _ranked(lens, question, page.skip + page.limit)
    order = ordered[page.skip : page.skip + page.limit]
    edges = shown(lens, met.steps[order].tolist(), met.forward[order].astype(np.bool_).tolist())
    return Neighbourhood(
        centre=telling.ref(Known.of(catalogue).named(catalogue, question.entity)),
        hops=question.hops,
        nodes=tuple([telling.neighbour(node, distance) for distance, node in _nodes(lens, met, order)]),
        edges=tuple([telling.edge(edge) for edge in edges]),
        counts=counted,
        truncated=page.skip + len(edges) < len(met.steps),
        next=page.next(len(edges), len(met.steps)),
        generation=catalogue.generation,
        lens=words(catalogue, question.lens),
        verdict="stopped" if met.stopped_by else "found",
        stopped_by=met.stopped_by,
    )


_MANY = 1_000
"""Of so many steps and more the order is remembered, for that many places: whoever sees the first page of a hub turns
to the next, and others ask for the same hub."""
_HUBS = 64


class _Ranked(NamedTuple):
    """What was met, the first of its steps in order, and the counts of all."""

    met: Around
    order: Int64
    counts: Counts


def _ranked(lens: LensFilter, question: NeighbourhoodQuestion, most: int) -> _Ranked:
    """What a question meets; at least the first `most` steps in order, or all."""
    remembered = lens.hubs
    found: _Ranked | None = remembered.get(question)
    if found is not None and (len(found.order) >= most or len(found.order) == len(found.met.steps)):
        return found
    met = found.met if found else around(lens, question, Budget(question.max_edges, question.max_ms))
    many = len(met.steps) >= _MANY and not met.stopped_by
    order = _ordered(lens, met, question.order, max(most, _MANY) if many else most)
    found = _Ranked(met, order, found.counts if found else _counted(lens, met))
    if many:
        if len(remembered) >= _HUBS:
            remembered.clear()
        remembered[question] = found
    return found


def _nodes(lens: LensFilter, met: Around, order: Int64) -> list[tuple[int, Named]]:
    """The centre and the ends of some steps with their distances, nearer ones first, then by name."""
    steps, centre = met.steps[order], met.nodes.item(0)
    ends = dict.fromkeys((centre, *lens.view.subjects_of(steps).tolist(), *lens.view.table.far[steps].tolist()))
    named = zip(_distances(met, ends), nodes_of(lens, ends), strict=True)
    return sorted(named, key=lambda one: (one[0], one[1].ref.label.casefold(), one[1].ref.iri))


def _distances(met: Around, nodes: Collection[int]) -> list[int]:
    """The distances of some of the nodes that were met."""
    if 16 * len(nodes) > len(met.nodes):
        distances = dict(zip(met.nodes.tolist(), met.distances.tolist(), strict=True))
        return [distances[node] for node in nodes]
    return [met.distances.item(int(np.flatnonzero(met.nodes == node)[0])) for node in nodes]


def _ordered(lens: LensFilter, met: Around, order: str, most: int) -> Int64:
    """The first so many of the steps that were met, as places in them, in an order."""
    predicates = lens.view.predicates_of(met.steps)
    names = lens.view.label_rank[met.far]
    if order == "rank":
        return _taking_turns(lens, met, predicates, names, most)
    if order == "label":
        return np.lexsort((met.steps, names))[:most]
    if order == "distance":
        return np.lexsort((met.steps, names, predicates, met.taken_at))[:most]
    raise ParameterError("order", order, "known are rank, label, distance")


def _taking_turns(lens: LensFilter, met: Around, predicates: Int32, names: Int32, most: int) -> Int64:
    """Distance by distance, one of each relation (and way) in turn, so that no relation crowds out the others; of each
    relation the best first. Of a relation with many only the first so many are sorted."""
    if not len(met.steps):
        return np.zeros(0, np.int64)
    key = lens.standing(met.steps, met.far, names)
    turns = 2 * len(lens.view.columns.predicates)
    group = met.taken_at.astype(np.int64) * turns + predicates * 2 + (1 - met.forward)
    rows = np.lexsort((key, group)) if len(group) <= _FEW else _best_of_each(key, group, most)
    group = group[rows]
    begins = np.concatenate((_FIRST, np.flatnonzero(group[1:] != group[:-1]) + 1))
    turn = np.arange(len(rows))
    turn -= np.repeat(begins, np.diff(begins, append=len(rows)))
    return rows[np.lexsort((group % turns, turn, group // turns))][:most]


_FEW = 2_000
_FIRST = np.zeros(1, np.int64)


def _best_of_each(key: Int64, group: Int64, most: int) -> Int64:
    """The first so many of each group by a key, group after group."""
    order = np.argsort(group, kind="stable")
    rows = []
    for members in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        best = members
        if len(members) > most:
            best = members[np.argpartition(key[members], most)[:most]]
            best.sort()
        rows.append(best[np.argsort(key[best], kind="stable")])
    return np.concatenate(rows)


def _counted(lens: LensFilter, met: Around) -> Counts:
    """How many of the steps are of each relation, and how many nodes but the centre of each type; by CURIE, most
    first."""
    catalogue, kinds = lens.catalogue, (*lens.view.columns.kinds.values, lens.view.kind_of_rows)
    known = Known.of(catalogue)
    by_predicate, by_type = Counter[str](), Counter[str]()
    for number, count in enumerate(np.bincount(lens.view.predicates_of(met.steps)).tolist()):
        if count:
            by_predicate[known.relation(catalogue, number).id] += count
    for number, count in enumerate(np.bincount(lens.view.kinds[met.nodes[1:]]).tolist()):
        if count:
            by_type[known.type_id(catalogue, kinds[number])] += count
    return Counts(_most_first(by_predicate), _most_first(by_type))


def counts(edges: Iterable[Shown], nodes: Iterable[Named]) -> Counts:
    """How many edges of each relation, and how many nodes of each type; by CURIE, most first."""
    return Counts(
        _most_first(Counter(edge.relation.id for edge in edges)), _most_first(Counter(node.ref.type for node in nodes))
    )


def _most_first(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
