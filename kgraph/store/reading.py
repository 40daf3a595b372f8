"""What a data folder's generations say: read from the store where it holds the one asked for, else from the journal.

A store that is far is asked about some things, never for all it has: the journal is nearer.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from pathlib import Path

from kgraph.rdf import DefaultGraph, NamedNode, Quad
from kgraph.store import checking, replay
from kgraph.store.base import KeptStore
from kgraph.store.journal import Journal
from kgraph.store.lately import Lately, then


class Reading:
    """The reading side of `DataFolder`."""

    path: Path | None
    journal: Journal
    store: KeptStore
    _lately: Lately
    _writing: threading.RLock

    @property
    def generation(self) -> int:
        """Sequence of the last commit; 0 for a new folder."""
        return self.journal.generation

    @property
    def spool(self) -> Path | None:
        """Where what is too large for memory may be written on its way; None for a folder in memory."""
        return self.path

    @property
    def is_large(self) -> bool:
        """Whether its quads are too many to be held as objects."""
        return checking.is_large(self.journal)

    @contextmanager
    def reading(self, generation: int | None = None) -> Iterator[tuple[int, Iterable[Quad]]]:
        """A generation (None: the last) and its quads, to be read inside the block: nothing is written meanwhile.

        They come from the store where it holds that generation or did lately, else by replay of the journal.
        """
        with self._writing:
            wanted = self.generation if generation is None else generation
            held = self._held_at(wanted)
            if held is not None and (self.store.is_near or self.is_large):
                with closing(self.store.quads()) as quads:
                    yield wanted, then(quads, held)
                return
        yield wanted, self.journal.replay(wanted)

    @contextmanager
    def frozen(self, generation: int) -> Iterator[Iterable[Quad]]:
        """The quads of a generation, to be read once inside the block, while others write: the engine keeps what a
        reader began with."""
        with ExitStack() as reading:
            with self._writing:
                held = self._held_at(generation) if self.store.is_near else None
                if held is not None:
                    rest = reading.enter_context(closing(self.store.quads()))
                    first = next(rest, None)  # from here on it reads a snapshot
            if held is not None:
                yield then(() if first is None else chain((first,), rest), held)
            elif self.is_large:
                yield replay.spooled(self.journal, generation, self.spool)
            else:
                yield self.journal.replay(generation)

    def _holds(self, generation: int) -> bool:
        """Whether the store has the quads of a generation, and no others."""
        held = (self.store.generation, self.store.mark)
        return self.store.exact and held == (generation, self.journal.mark(generation))

    def _held_at(self, generation: int) -> dict[Quad, bool] | None:
        """Of each quad touched since a generation whether it was held then, so that the store tells of it; None where
        only the journal does."""
        now = self.store.generation
        return self._lately.since(generation, now) if generation <= now and self._holds(now) else None

    @contextmanager
    def describing(
        self, generation: int | None = None, unread: Container[str] = (), subjects: Collection[str] = ()
    ) -> Iterator[Callable[[str], Iterable[Quad]]]:
        """What a generation (None: the last) says of a subject in every graph but those `unread`, to be asked inside
        the block: nothing is written meanwhile. `subjects` are those that will be asked about, where they are known."""
        groups: dict[str, list[Quad]] = defaultdict(list)
        with self._writing:
            wanted = self.generation if generation is None else generation
            held = self._held_at(wanted)
            if held is not None:
                described = self._describer(unread, subjects)
                for quad in held:
                    if _graph(quad) not in unread:
                        groups[getattr(quad.subject, "value", "")].append(quad)
                yield lambda iri: then(described(iri), held, groups.get(iri, ()))
                return
        for quad in self.journal.replay(wanted):
            if _graph(quad) not in unread:
                groups[getattr(quad.subject, "value", "")].append(quad)
        yield lambda iri: groups.get(iri, ())

    def _describer(self, unread: Container[str], subjects: Collection[str]) -> Callable[[str], Iterable[Quad]]:
        """What the store says of a subject, in every graph but some."""
        store = self.store
        store.expect(subjects)
        if not store.is_near:  # one question for all graphs
            return lambda iri: (quad for quad in store.quads(NamedNode(iri)) if _graph(quad) not in unread)
        read = [DefaultGraph(), *(graph for graph in store.graphs() if graph.value not in unread)]
        return lambda iri: chain.from_iterable(store.quads(NamedNode(iri), None, None, g) for g in read)

    def about(self, generation: int, about: str) -> tuple[Quad, ...]:
        """The quads of a generation with one thing as subject or object."""
        with self._writing:
            held = self._held_at(generation)
            if held is not None:
                return tuple(then(self._stored_about(about), held, [q for q in held if _is_about(q, about)]))
        return tuple(quad for quad in self.journal.replay(generation) if _is_about(quad, about))

    def _stored_about(self, about: str) -> tuple[Quad, ...]:
        """What the store has of one thing, each quad once."""
        store, node = self.store, NamedNode(about)
        return tuple(dict.fromkeys(chain(store.quads(node), store.quads(None, None, node))))


def _is_about(quad: Quad, iri: str) -> bool:
    return iri in (getattr(quad.subject, "value", ""), getattr(quad.object, "value", ""))


def _graph(quad: Quad) -> str:
    return str(getattr(quad.graph_name, "value", ""))
