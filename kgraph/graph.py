"""The facade: one method per verb, the same verbs at every door. No algorithm is inside.

open the folder → resolve names → ask one generation → answer frozen values
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from kgraph import differing
from kgraph.atonce import AtOnce
from kgraph.changing import Changing
from kgraph.comparing import Comparing
from kgraph.cursor import CursorSigner
from kgraph.errors import StorageError
from kgraph.exporting import Exporting
from kgraph.following import Follower
from kgraph.generations import Generations
from kgraph.keys import Keys
from kgraph.model import (
    BackupReport,
    Difference,
    Durations,
    Finding,
    Following,
    Progress,
    Standing,
)
from kgraph.namespaces import Namespaces
from kgraph.querying import Querying
from kgraph.question import Bounds
from kgraph.schema import Schema
from kgraph.settings import Settings
from kgraph.sparql.evaluation import OWN, PACKAGED, Evaluation
from kgraph.sparql.service import SparqlService
from kgraph.store import backup
from kgraph.store.base import Delta, KeptStore
from kgraph.store.folder import DataFolder
from kgraph.store.followedfolder import FollowedFolder
from kgraph.store.journal import Commit
from kgraph.walks import Walks


class KnowledgeGraph(Changing, Querying, Comparing, Exporting):
    """A graph of attributed claims in one data folder.

    Names are IRIs, CURIEs (`id:ioc`) or bare slugs (`ioc`). Every reading verb takes the lens as keywords
    (`LensOptions`). Methods may be called from several threads; writing is one at a time.
    """

    def __init__(self, folder: DataFolder, settings: Settings, *, bare: bool = False) -> None:
        self.settings = settings
        self.namespaces = Namespaces.load(settings.base_iri)
        self.schema = Schema.load(self.namespaces)
        self._folder = folder
        self._writing = threading.Lock()
        self._updating = threading.Lock()
        self._signer = CursorSigner(folder.secret)
        self._bounds = Bounds(settings)
        self._follower: Follower | None = None
        if folder.generation == 0 and bare:
            folder.commit(Delta(), author="kgraph", message="an empty graph")
        elif folder.generation == 0:
            self._commit_ontology()
        self._generations = Generations(folder, self.namespaces, self.schema)
        self.at_once = AtOnce(self)
        self._evaluate_sparql()
        if folder.writes and folder.journal.ends_in_redaction:  # and perhaps in nothing more because it was killed
            self._mend()

    @classmethod
    def open(
        cls,
        folder: Path | str,
        settings: Settings | None = None,
        holder: str = "kgraph",
        address: str | None = None,
        *,
        bare: bool = False,
    ) -> Self:
        """Open a data folder, made when it is not there.

        `holder` is the command, and `address` the URL, a second process is told of. One who has an address serves
        the folder, and brings its ontology up to the packaged one. A `bare` folder is made without: the ontology comes
        with the first claims. Raises FolderBusyError, DamagedError, and StorageError where the folder's base IRI is not
        the one that is set.
        """
        settings = settings or Settings(data=Path(folder))
        sync = settings.durability == "full"
        opened = DataFolder.open(Path(folder), holder, address, settings.base_iri, _far(settings), sync=sync)
        try:
            graph = cls(opened, settings, bare=bare)
            if address is not None and graph.has_own_graphs:
                graph.bring_ontology()
            return graph  # noqa: TRY300
        except BaseException:
            opened.close()
            raise

    @classmethod
    def follow(cls, folder: Path | str, settings: Settings | None = None) -> Self:
        """Read the graph in a folder that another process writes, and follow its commits. Its quads are on the server
        that `KGRAPH_STORE` names. Writing verbs raise ReadOnlyError, which names the writer.

        Raises StorageError where there is no graph yet or no such server is named, DamagedError, RemoteStoreError.
        """
        settings = settings or Settings(data=Path(folder))
        store = _far(settings, reading=True)
        if store is None:
            raise StorageError("a folder is followed on the server that keeps its quads, and KGRAPH_STORE names none")
        opened = FollowedFolder.follow(folder, settings.base_iri, store)
        try:
            graph = cls(opened, settings)
            graph._follower = Follower(opened, graph._generations)
            return graph  # noqa: TRY300
        except BaseException:
            opened.close()
            raise

    @property
    def following(self) -> Following | None:
        """How far this graph is behind the one that it follows; None where it follows none."""
        return self._follower.state if self._follower else None

    @classmethod
    def read(cls, *paths: Path | str, settings: Settings | None = None) -> Self:
        """A graph in memory, of claim files or RDF files."""
        graph = cls(DataFolder.memory(), settings or Settings())
        graph.load(*paths)
        return graph

    # ------------------------------------------------------------------ operating

    @property
    def standing(self) -> Standing:
        """Which generation each part is at."""
        writing = self._follower is not None or self._writing.locked()  # the one that is followed may be, at any time
        held = self._folder.store.generation, self.generation, self._folder.journal.generation
        return Standing(held[2], held[0], held[1], self._sparql.snapshot, writing or self._writing.locked())

    @property
    def sync_times(self) -> Durations:
        """How long it took to bring each commit since the opening to the disk."""
        return self._folder.journal.written.told()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was loaded: there is no more than the ontology."""
        packaged = [self.namespaces.graph(name) for name in PACKAGED]
        return all(graph.value in packaged for graph in self._folder.store.graphs())

    @property
    def has_own_graphs(self) -> bool:
        """Whether any graph of kgraph's own is there; none is in a folder made bare into which no claim was loaded."""
        own = {self.namespaces.graph(name) for name in OWN}
        return any(graph.value in own for graph in self._folder.store.graphs())

    @property
    def notices(self) -> tuple[str, ...]:
        """What had to be repaired when the folder was opened, and since."""
        return tuple(self._folder.notices)

    def log(self) -> Iterator[Commit]:
        """The commits, oldest first."""
        return self._folder.journal.commits()

    def diff(self, before: int | str, after: int | str) -> Difference:
        """What two generations (numbers or dates) differ in: quads, and claims with who makes them.

        Raises GenerationGoneError, ParameterError, and LimitError where too much lies between them.
        """
        old, new = self._generations.at(before), self._generations.at(after)
        return differing.differ(self._folder.journal, old, new, self.namespaces)

    def redaction(self, seq: int) -> Commit | None:
        """The commit that redacted another: who, when and why; None where none did."""
        return self._folder.journal.redaction(seq)

    def backup(self, place: Path | str, progress: Progress | None = None) -> BackupReport:
        """Make a backup in a new or empty folder, verified. What is committed meanwhile is not in it.

        Raises StorageError for a graph in memory or a place that is taken, DamagedError, StorageFullError.
        """
        if self._folder.path is None:
            raise StorageError("a graph in memory has no folder to back up: export it")
        return backup.write(self._folder.path, Path(place), progress)

    def _forget_redacted(self) -> None:
        """Let go of whatever was made before a redaction: held generations, children and their snapshots."""
        self._sparql.close()
        self._evaluate_sparql()
        self._generations.renew()

    def _evaluate_sparql(self) -> None:
        folder, settings, names = self._folder, self.settings, self.namespaces
        self._sparql = SparqlService(folder.store, settings, names, Walks(self))
        self._evaluation = Evaluation(self._sparql, folder.store, settings, names, folder.scratch)

    def doctor(self) -> tuple[Finding, ...]:
        """Verify the journal's hashes, the store against it, every direct triple against its claim, and the keys."""
        keys = Keys(self._folder.path).check() if self._folder.path else []
        held = [*self._folder.doctor(), *self._generations.check(), *keys]
        try:
            broken = self._broken()
        except StorageError as error:
            return (*held, Finding("invariants", False, error.detail))
        holds = Finding("invariants", True, "every direct triple has its claim, every claim what it speaks of")
        return (*held, *(Finding("invariants", False, str(v)) for v in broken), *([] if broken else [holds]))

    def close(self) -> None:
        """Give the folder back."""
        if self._follower is not None:
            self._follower.close()
        self._sparql.close()
        self._generations.close()
        self._folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _far(settings: Settings, *, reading: bool = False) -> KeptStore | None:
    """The store on another server, where the settings name one. Raises ParameterError."""
    if settings.store is None:
        return None
    from kgraph.store.remote import opening  # a client of HTTP, wanted only here

    return opening.named(settings, reading=reading)
