"""Graphs too large for this machine's RDF store to be loaded for a benchmark: the journal, and the claim index of it.

The verbs answer from the claim index alone, so all that is left out here is SPARQL and export: the ontology and one
claim table are committed to a journal as `kgraph load` does, and the index is built of it, kept, and opened, by the
code that does so in a data folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kept import made_once
from ranked import RankedGraph
from tabled import table_of

from kgraph.cursor import CursorSigner
from kgraph.generations import Generations
from kgraph.indexing import Indexing
from kgraph.ingest.packaged import ontology_delta
from kgraph.ingest.state import State
from kgraph.namespaces import Namespaces
from kgraph.question import Bounds
from kgraph.rdf import Quad
from kgraph.schema import Schema
from kgraph.settings import Settings
from kgraph.store.journal import Journal
from kgraph.store.oxigraph import OxigraphStore
from kgraph.store.texts import Texts
from kgraph.verbs import Verbs


class JournalFolder:
    """A data folder that has no store: what the index asks of one."""

    secret = bytes(32)

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal = Journal.open(path / "journal")
        self.notices: list[str] = []
        self.texts = Texts(None)

    @property
    def generation(self) -> int:
        """Sequence of the last commit."""
        return self.journal.generation

    @contextmanager
    def reading(self, generation: int | None = None) -> Iterator[tuple[int, Iterable[Quad]]]:
        """By replay."""
        wanted = self.generation if generation is None else generation
        yield wanted, self.journal.replay(wanted)

    @contextmanager
    def describing(self, unread: object) -> Iterator[Callable[[str], Iterable[Quad]]]:
        """Nothing is committed after the table."""
        del unread
        yield lambda _: ()


class Asked(Verbs):
    """The verbs over such a folder."""

    def __init__(self, folder: JournalFolder) -> None:
        self.settings = Settings(data=folder.path)
        self.namespaces = Namespaces.load()
        self.schema = Schema.load(self.namespaces)
        self._signer = CursorSigner(folder.secret)
        self._bounds = Bounds(self.settings)
        self._generations = Generations(folder, self.namespaces, self.schema)  # type: ignore[arg-type]


def indexing(folder: JournalFolder) -> Indexing:
    """What builds, keeps and opens its claim index."""
    namespaces = Namespaces.load()
    return Indexing(folder, namespaces, Schema.load(namespaces))  # type: ignore[arg-type]


def journal_of(place: Path, drawn: Callable[[], RankedGraph]) -> Path:
    """A folder with the journal of a graph as one claim table, made once."""

    def make(part: Path) -> None:
        namespaces = Namespaces.load()
        state = State(OxigraphStore.open(None), namespaces, Schema.load(namespaces))
        journal = Journal.open(part / "journal")
        journal.append(ontology_delta(state), author="benchmark", message="ontology")
        journal.append_table(table_of(drawn()), author="benchmark", message="a claim table")

    return made_once(place, make)
