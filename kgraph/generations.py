"""The generations of a graph that can be asked: the current one, the last few, and any older one by replay."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from kgraph.errors import GenerationGoneError, ParameterError
from kgraph.indexing import Indexed, Indexing
from kgraph.model import Finding
from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.schema import Schema
from kgraph.search import Search
from kgraph.store.folder import DataFolder
from kgraph.traversal.records import Catalogue

WAITING = 4
"""So many questions at once may wait for a generation; the next ones are told at once that it is not here."""
HELD = 4
"""How many generations stay in memory: the last ones, and so many again of older ones that were asked for."""
_DIGITS = 18
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class View:
    """One generation, whole: claims to walk and names to search. Immutable, so readers keep the one they began with."""

    generation: int
    catalogue: Catalogue
    search: Search


class Generations:
    """Builds, holds and finds generations of the graph in one data folder."""

    def __init__(self, folder: DataFolder, namespaces: Namespaces, schema: Schema) -> None:
        self._folder = folder
        self._namespaces = namespaces
        self._indexing = Indexing(folder, namespaces, schema)
        self.patience = 0.0
        """Seconds that a question waits for a generation which another process writes; 0 where this one does."""
        self._lock = threading.Lock()
        self._news = threading.Condition()
        self._waiting = threading.BoundedSemaphore(WAITING)
        self._held: OrderedDict[int, View] = OrderedDict()
        self._asked: OrderedDict[int, View] = OrderedDict()
        self._rebuilding = threading.Lock()
        self._current = self.publish()

    @property
    def spool(self) -> Path | None:
        """Where what is too large for memory may be written on its way; None for a graph in memory."""
        return self._folder.spool

    @property
    def current(self) -> View:
        """The latest published generation."""
        return self._current

    def publish(self) -> View:
        """Build the generation the folder is at, and make it the current one (again, when a text was attached)."""
        if self._held:
            indexed = self._indexing.advanced(Indexed(self._current.catalogue, self._current.search))
        else:
            indexed = self._indexing.opened()
        view = self._view(indexed)
        with self._lock:
            _keep(self._held, view)
            self._current = view
        with self._news:
            self._news.notify_all()
        return view

    def renew(self) -> View:
        """Publish anew, and let go of every other generation: they say what was redacted since."""
        with self._rebuilding:  # nothing that is being built is of the time before
            view = self.publish()
            with self._lock:
                self._held = OrderedDict({view.generation: view})
                self._asked.clear()
        return view

    def check(self) -> list[Finding]:
        """What `doctor` finds of the index."""
        return [*self._indexing.check(self._current.catalogue), *self._check_texts()]

    def _check_texts(self) -> Iterator[Finding]:
        current = self._current.catalogue
        held = (
            [iri for iri in current.articles if self._folder.texts.get(iri) is not None] if self._folder.texts else []
        )
        wrong = [iri for iri in held if iri not in current.texts]
        for iri in wrong:
            why = "is not the one its source was read from, and is not shown: attach it again"
            yield Finding("texts", False, f"the text kept for {self._namespaces.compress(iri)} {why}")
        if held and not wrong:
            yield Finding("texts", True, f"{len(held)} kept here, each the one its source was read from")

    def close(self) -> None:
        """Keep the index for the next opening."""
        self._indexing.keep(Indexed(self._current.catalogue, self._current.search))

    def at(self, when: int | str | None = None, min_generation: int | None = None) -> View:
        """The view of a generation, or of the last commit made by a date (ISO 8601); the current one by default.

        Raises GenerationGoneError for one that is not written yet, ParameterError for what is neither.
        """
        if min_generation is not None and min_generation > self._current.generation:
            self._wait_for(min_generation)
        current = self._current
        if min_generation is not None and min_generation > current.generation:
            raise GenerationGoneError(min_generation, current.generation)
        if when is None:
            return current
        wanted = self._number(when)
        if not 0 < wanted <= current.generation:
            raise GenerationGoneError(when, current.generation)
        return self._remembered(wanted) or self._rebuilt(wanted)

    def _remembered(self, generation: int) -> View | None:
        with self._lock:
            for held in (self._held, self._asked):
                if generation in held:
                    held.move_to_end(generation)
                    return held[generation]
        return None

    def _rebuilt(self, generation: int) -> View:
        """An older generation, from the journal: one at a time, and once for all who wait for it."""
        with self._rebuilding:
            view = self._remembered(generation)
            if view is None:
                view = self._view(self._indexing.built(generation))
                with self._lock:
                    _keep(self._asked, view)
            return view

    def _wait_for(self, generation: int) -> None:
        """Wait for a generation that is on its way from another process, if that can be: never on an event loop."""
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop()
            return
        if self.patience and self._waiting.acquire(blocking=False):
            try:
                with self._news:
                    self._news.wait_for(lambda: self._current.generation >= generation, self.patience)
            finally:
                self._waiting.release()

    def described(self, generation: int, iris: Iterable[str]) -> dict[str, tuple[Quad, ...]]:
        """All that is said of some things in a generation, in every graph."""
        iris = tuple(iris)
        with self._folder.describing(generation, subjects=iris) as quads_of:
            return {iri: tuple(quads_of(iri)) for iri in iris}

    def quads(self, generation: int) -> contextlib.AbstractContextManager[Iterable[Quad]]:
        """Every quad of a generation, to be read once and at leisure: what is committed meanwhile is not among them."""
        return self._folder.frozen(generation)

    def about(self, generation: int, about: str) -> tuple[Quad, ...]:
        """The quads of a generation with one thing as subject or object."""
        return self._folder.about(generation, about)

    def _number(self, when: int | str) -> int:
        if isinstance(when, int):
            return when
        if when.isdecimal() and len(when) <= _DIGITS:
            return int(when)
        try:
            made_by = _until(when)
        except ValueError as error:
            shown = when if len(when) <= _SHOWN else f"{when[:_SHOWN]}…"
            raise ParameterError("at", shown, "give a generation (a number) or a date such as 2026-11-23") from error
        last = 0
        for commit in self._folder.journal.commits():
            if made_by(datetime.fromisoformat(commit.time)):
                last = commit.seq
        return last

    def _view(self, indexed: Indexed) -> View:
        catalogue, search = indexed
        articles = catalogue.articles if self._folder.texts else ()
        kept = {iri: text for iri in articles if (text := self._folder.texts.get(iri)) is not None}
        texts = {
            iri: text.decode("utf-8", "replace")
            for iri, text in kept.items()
            if hashlib.sha256(text).hexdigest() == catalogue.articles[iri].hash  # a changed text shows wrong passages
        }
        if texts != catalogue.texts:
            catalogue = catalogue.with_texts(texts)
        return View(catalogue.generation, catalogue, search)


def _keep(held: OrderedDict[int, View], view: View) -> None:
    """Hold a view, and let go of those that were not asked for the longest."""
    held[view.generation] = view
    held.move_to_end(view.generation)
    while len(held) > HELD:
        held.popitem(last=False)


def _until(when: str) -> Callable[[datetime], bool]:
    """Whether a time is not after a date (until its end, UTC) or a time (UTC unless it has an offset).

    A time without a fraction lasts its whole second, as the log shows it. Raises ValueError.
    """
    with contextlib.suppress(ValueError):
        day = date.fromisoformat(when)
        return lambda time: time.astimezone(UTC).date() <= day
    moment = datetime.fromisoformat(when)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    whole = not moment.microsecond
    return lambda time: (time.replace(microsecond=0) if whole else time) <= moment
