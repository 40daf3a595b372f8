"""The two questions that are asked most, for one who cannot wait: a server's event loop.

Handing a question to a thread and back costs as much as most of these take to be answered, and on an event loop it is
spent for all who wait there. So they are tried first under bounds that keep the loop for a few milliseconds at most;
who is told None asks again in a thread, where the bounds are those of the question.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kgraph.model import Lens, Neighbourhood, Paths
from kgraph.question import LENS_NAMES, Bounds, Names, listed
from kgraph.traversal import Catalogue, Written
from kgraph.verbs import Verbs

MOST_MS = 3
MOST_EDGES = 20_000
MOST_AROUND = 1_000
MOST_SHOWN = 100
"""Bounds of a path search; of the steps at an entity, which are looked at and ranked; and of a page."""

_STANDING = Lens()


class AtOnce:
    """Answers of the current generation under the standing lens, as the verbs of the same name give them, or None.

    Their nodes and edges are JSON already (`orjson.Fragment`): they are there to be written.
    """

    def __init__(self, verbs: Verbs) -> None:
        self._verbs = _Written(verbs)

    def neighbourhood(self, entity: str, **asked: Any) -> Neighbourhood | None:
        """What stands next to an entity; None where it would take longer."""
        if asked.get("hops", 1) > 1 or not self._may((entity,), asked):
            return None
        if self._verbs.catalogue.degree(self._verbs.namespaces.expand(entity)) > MOST_AROUND:
            return None
        return self._verbs.neighbourhood(entity, **asked)

    def paths(
        self, source: Names, target: Names, *, max_edges: int = 1_000_000, max_ms: int = 2_000, **asked: Any
    ) -> Paths | None:
        """The shortest path, or the proof that there is none; None where it would take longer or more is asked for."""
        names = (*listed(source), *listed(target), *listed(asked.get("avoid")), *listed(asked.get("via")))
        if asked.get("mode", "shortest") != "shortest" or not self._may(names, asked):
            return None
        edges, ms = self._verbs.bounds.work(max_edges, max_ms)
        edges, ms = min(edges, MOST_EDGES), min(ms, MOST_MS)
        found = self._verbs.paths(source, target, max_edges=edges, max_ms=ms, **asked)
        return None if found.stopped_by else found

    def _may(self, names: Iterable[str], asked: dict[str, Any]) -> bool:
        """Whether nothing has to be made first: a lens, an older generation, a list of what comes close to a name."""
        catalogue = self._verbs.catalogue
        if not asked.keys().isdisjoint(_SLOW) or asked.get("limit", MOST_SHOWN) > MOST_SHOWN:
            return False
        if not catalogue.remembers(_STANDING):
            return False
        expand, nodes = self._verbs.namespaces.expand, catalogue.nodes
        return all(expand(name) in nodes for name in names)


_SLOW = frozenset((*LENS_NAMES, "cursor"))
"""A cursor is of a generation that may have to be built again."""


class _Written(Verbs):
    _telling = Written()

    def __init__(self, verbs: Verbs) -> None:
        self.namespaces, self.schema = verbs.namespaces, verbs.schema
        self._generations, self._signer, self._bounds = verbs._generations, verbs._signer, verbs._bounds

    @property
    def catalogue(self) -> Catalogue:
        """What is held of the current generation."""
        return self._generations.current.catalogue

    @property
    def bounds(self) -> Bounds:
        """The settings' bounds."""
        return self._bounds
