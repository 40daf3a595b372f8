"""How several nodes hang together: a small subgraph that connects them.

The smallest one is a Steiner tree, which is hard to find; this is the shortest-path heuristic (Takahashi and
Matsuyama 1980): begin with one node, again and again attach the nearest of the others by the best shortest path to
anything already in the tree. It has at most twice the edges of the smallest. Ties fall by rank and IRI, so the answer
is the same on every run. Nodes that cannot be attached within the bounds stand apart and say so, with the filter that
kept the nearest connection out, where one did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kgraph.errors import ParameterError
from kgraph.model import Lens, Neighbourhood, PathQuestion
from kgraph.traversal import explain
from kgraph.traversal.excluded import excluded_by
from kgraph.traversal.found import Found
from kgraph.traversal.known import Known
from kgraph.traversal.lens import compile_lens, words
from kgraph.traversal.neighbourhood import counts
from kgraph.traversal.paths import search
from kgraph.traversal.records import Catalogue
from kgraph.traversal.shown import shown
from kgraph.traversal.telling import VALUES
from kgraph.traversal.walk import Budget


def connect(
    catalogue: Catalogue,
    entities: Sequence[str],
    *,
    max_hops: int = 6,
    max_edges: int = 1_000_000,
    max_ms: int = 2_000,
    lens: Lens | None = None,
) -> Neighbourhood:
    """The connecting subgraph of at least two entities, as a neighbourhood without centre.

    `max_hops` bounds each attachment; `distance` is that to the nearest of the entities within the subgraph. When a
    limit ends the search, the verdict and what was not attached say which.

    Raises EntityNotFoundError, and ParameterError for fewer than two entities.
    """
    lens = lens or Lens()
    terminals = sorted(set(entities))
    for iri in terminals:
        explain.entity_ref(catalogue, iri)
    if len(terminals) < 2:
        raise ParameterError("entity", len(terminals), "give at least two different entities")
    seen = compile_lens(catalogue, lens)
    budget = Budget(max_edges, max_ms)
    found: list[Found] = []
    ended: str | None = None
    apart: dict[str, list[str]] = {}
    alone: dict[str, PathQuestion] = {}
    tree, waiting = {terminals[0]}, set(terminals[1:])
    while waiting:
        question = PathQuestion(
            *(tuple(sorted(tree)), tuple(sorted(waiting))),
            max_hops=max_hops,
            max_edges=max_edges,
            max_ms=max_ms,
            lens=lens,
        )
        nearest, stopped_by = search(seen, question, budget, 1)
        if nearest:
            found.append(nearest[0])
            tree.update(nearest[0].nodes)
        elif stopped_by:
            ended = stopped_by
            for iri in waiting:
                apart.setdefault(iri, []).append(f"the search for a connection was ended by {stopped_by}")
            break
        else:
            # Nothing of the rest can be reached from here: what is left may still hang together.
            for iri in waiting - alone.keys():
                apart[iri] = [f"not connected with {catalogue.label(terminals[0])} within {max_hops} hops"]
                alone[iri] = replace(question, target=(iri,))
            tree = {min(waiting)}
        waiting -= tree
    for iri, asked in sorted(alone.items()):  # only now: the search itself comes first
        if kept_out := excluded_by(catalogue, asked, budget, search):
            apart[iri].append(kept_out.sentence)
    distances = _distances(terminals, found)
    steps = {number: forward for path in found for number, forward in zip(path.step_numbers, path.forward, strict=True)}
    known, edges = Known.of(catalogue), shown(seen, list(steps), list(steps.values()))
    return Neighbourhood(
        centre=None,
        hops=max_hops,
        nodes=tuple(
            VALUES.neighbour(known.named(catalogue, iri), distances[iri], apart.get(iri, ()))
            for iri in sorted(distances, key=lambda i: (distances[i], catalogue.label(i).casefold(), i))
        ),
        edges=tuple(map(VALUES.edge, edges)),
        counts=counts(edges, [known.named(catalogue, iri) for iri in distances]),
        truncated=False,
        next=None,
        generation=catalogue.generation,
        lens=words(catalogue, lens),
        verdict="stopped" if ended else "none_within" if apart else "found",
        stopped_by=ended,
    )


def _distances(terminals: Sequence[str], found: Sequence[Found]) -> dict[str, int]:
    """Hops from the nearest terminal inside the subgraph."""
    neighbours: dict[str, set[str]] = {iri: set() for iri in terminals}
    for path in found:
        for one, other in pairwise(path.nodes):
            neighbours.setdefault(one, set()).add(other)
            neighbours.setdefault(other, set()).add(one)
    distances = dict.fromkeys(terminals, 0)
    queue = list(terminals)
    for iri in queue:
        for near in sorted(neighbours[iri]):
            if near not in distances:
                distances[near] = distances[iri] + 1
                queue.append(near)
    return distances
