"""The verbs that write: everything of a call in one commit, published when it is in the journal. No algorithm is
inside."""

from __future__ import annotations

import functools
import operator
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from kgraph.errors import ClaimNotFoundError, ParameterError
from kgraph.model import Holding, LoadReport, Progress, RedactionReport, Source
from kgraph.places import Violation
from kgraph.settings import Settings
from kgraph.store.base import Delta
from kgraph.store.folder import DataFolder
from kgraph.verbs import Verbs

if TYPE_CHECKING:
    from kgraph.ingest.pipeline import Prepared
    from kgraph.ingest.state import State
    from kgraph.ingest.table import TableOptions
    from kgraph.store.claimtable import ClaimTable


class Writing(Verbs):
    """What can be done to a graph besides asking. One writes at a time."""

    settings: Settings
    _folder: DataFolder
    _writing: threading.Lock

    def load(
        self,
        *paths: Path | str,
        message: str | None = None,
        author: str | None = None,
        progress: Progress | None = None,
        **tables: Unpack[TableOptions],
    ) -> LoadReport:
        """Load claim files, seed folders or RDF files as one commit: all of it or, on any error, nothing.

        Loading the same input again changes nothing and makes no commit. An ontology in the folder that is not the
        packaged one is renewed by the same commit. Claim tables come after it, a commit each. Raises InputError and
        StorageError; where the error says that the commit is safe in the journal, it counts.
        """
        from kgraph.ingest import pipeline, table

        with self._writing:
            self._folder.catch_up()
            claim_tables, others = table.sorted_out(paths)
            what = message or f"load {', '.join(map(str, others))}"
            report = None
            if others or not claim_tables:
                prepared = pipeline.prepare(others, self._state(), progress=progress)
                ontology = pipeline.ontology_delta(self._state())
                committed = self._commit(_together(ontology, prepared.delta), author or "kgraph", what)
                report = _report(prepared, self._folder.generation, committed=committed)
            for path in claim_tables:
                self._commit_ontology()
                options: TableOptions = {"refused": path.with_suffix(".refused.csv"), **tables}
                found = table.prepare(path, self._state(), self._folder.journal, progress, **options)
                if found.table is not None:
                    self._commit_table(found.table, author or "kgraph", message or f"load {path}")
                done = replace(found.report, generation=self._folder.generation, committed=found.table is not None)
                report = done if report is None else report + done
            assert report is not None
            return report

    def validate(
        self, *paths: Path | str, progress: Progress | None = None, **tables: Unpack[TableOptions]
    ) -> LoadReport:
        """All that `load` does but the commit. Each claim table is held against the graph as it is."""
        from kgraph.ingest import pipeline, table

        with self._writing:
            self._folder.catch_up()
            claim_tables, others = table.sorted_out(paths)
            reports = []
            if others or not claim_tables:
                prepared = pipeline.prepare(others, self._state(), progress=progress)
                reports.append(_report(prepared, self.generation, committed=False))
            for path in claim_tables:
                found = table.prepare(path, self._state(), self._folder.journal, progress, **tables)
                reports.append(found.report)
            return functools.reduce(operator.add, reports)

    def load_from(
        self,
        address: str,
        *,
        message: str | None = None,
        author: str | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Load what a SPARQL server holds of kgraph's own graphs, read page by page, as `load` would an RDF file.

        `address` is such as `KGRAPH_STORE` takes. So a graph that only a server has comes into the journal, and is
        indexed. Raises ParameterError, RemoteStoreError, and as `load` does.
        """
        from kgraph.sparql.evaluation import OWN
        from kgraph.store.remote import extraction

        graphs = [self.namespaces.graph(name) for name in OWN if name != "ontology"]
        with self._folder.scratch() as scratch:
            file = scratch / "extracted.nq"
            extraction.extract(address, graphs, self.settings, file, progress)
            return self.load(file, message=message or f"load from {address}", author=author, progress=progress)

    def load_plain(
        self,
        *paths: Path | str,
        graph: str | None = None,
        message: str | None = None,
        author: str | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Load triples without claims, each file as a commit of its own: nothing is checked but the syntax.

        They go to the graph of that IRI, or to one named by their file's hash, and are walked only under
        `include=unattributed`. N-Triples and N-Quads may be of any length. Raises InputError for terms of kgraph's own,
        ParameterError for a graph that is, and StorageError as `load` does.
        """
        from kgraph.ingest import plain

        with self._writing:
            self._folder.catch_up()
            reports = []
            for path in map(Path, paths):
                with self._folder.scratch() as scratch:
                    report = plain.write(path, scratch / "lines.nq", graph, self._state(), progress)
                    if report.added:
                        what = message or f"load {path} without claims"
                        self._commit_lines(scratch / "lines.nq", report.added, author or "kgraph", what)
                done = replace(report, committed=bool(report.added), generation=self._folder.generation)
                reports.append(done)
            return functools.reduce(operator.add, reports)

    def bring_ontology(self) -> None:
        """Commit the packaged ontology where the folder has another one. Reading never does."""
        with self._writing:
            self._folder.catch_up()
            self._commit_ontology()

    def holding(self, claim: str) -> tuple[Holding, ...]:
        """The commits that say something of a claim, whether it stands still or not: `redact` erases it with all that
        these say. Reads the whole journal. Raises ClaimNotFoundError where none does, DamagedError."""
        from kgraph.store.holding import held

        iri, compress = self.namespaces.expand(claim), self.namespaces.compress
        claims = self._generations.current.catalogue.claims
        found = held(self._folder.journal, iri, f"{self.namespaces.kg}Claim", claims.__contains__)
        told = tuple(
            Holding(
                one.commit.seq,
                one.commit.time,
                one.commit.author,
                one.commit.message,
                tuple(map(compress, one.added)),
                tuple(map(compress, one.removed)),
            )
            for one in found
        )
        if not told:
            raise ClaimNotFoundError(claim, ())
        return told

    def redact(self, *commits: int, reason: str, author: str | None = None) -> RedactionReport:
        """Erase what some commits say from the journal and everything made of it, and leave who did it, when and why.

        From now on they are commits that changed nothing, at every generation: what they added is gone unless another
        commit adds it too, what they removed is there again unless another one removes it. A commit of its own then
        brings what is derived back in order. It cannot be undone. Messages and authors of commits stay, and so do
        backups made before. Raises ParameterError for a commit that cannot be redacted, and StorageError; where that
        says that the redaction counts, the next opening finishes it.
        """
        if not reason.strip():
            raise ParameterError("reason", reason, "say why: it stays in the log")
        with self._writing:
            self._folder.catch_up()
            before = self._folder.generation
            told = [commit for commit in self._folder.journal.commits() if commit.seq in commits]
            try:
                commit = self._folder.redact(commits, author or "kgraph", reason)
            finally:
                if self._folder.generation != before:
                    self._forget_redacted()
            mended = self._mend()
            return RedactionReport(
                seq=commit.seq,
                redacted=commit.redacts,
                generation=self._folder.generation,
                erased=sum(one.added for one in told),
                restored=sum(one.removed for one in told),
                mended=(len(mended.added), len(mended.removed)),
                dangling=tuple(map(str, self._broken())),
            )

    def attach(self, text: Path | str, source: str | None = None) -> Source:
        """Bind a source's text on this machine, so that evidence shows its passage. It is never exported.

        The text's hash finds its source; with `source` it must be that one's. Raises TextMismatchError.
        """
        from kgraph.ingest import attaching

        names = self._resolver(self._generations.current)
        wanted = names.source(source) if source else None
        with self._writing:
            self._folder.catch_up()
            iri = attaching.attach(self._folder, self._generations.current.catalogue.articles, Path(text), wanted)
            self._generations.publish()
        return self.source(iri)

    # ------------------------------------------------------------------ inside

    def _forget_redacted(self) -> None:
        """Let go of whatever was made before a redaction."""
        raise NotImplementedError

    def _mend(self) -> Delta:
        """Commit what brings the graph in order after a redaction, if anything does; answers it."""
        from kgraph.ingest import mending

        last = self._folder.journal.generation
        change = mending.delta(self._state())
        self._commit(change, "kgraph", f"what is derived, after the redaction by commit {last}")
        return change

    def _broken(self) -> list[Violation]:
        """The invariants that the graph breaks. Raises StorageError."""
        from kgraph.ingest.validation import Judge

        judge = Judge(self.namespaces, self.schema, {})
        with self._folder.reading() as (_, quads):
            many = self._folder.is_large and not isinstance(quads, set)
            return judge.broken_in(self._folder.store) if many else judge.broken_invariants(quads)

    def _state(self) -> State:
        from kgraph.ingest.state import State

        return State(self._folder.store, self.namespaces, self.schema)

    def _commit_ontology(self) -> None:
        from kgraph.ingest.packaged import ontology_delta

        self._commit(ontology_delta(self._state()), "kgraph", f"ontology {self.schema.version}")

    def _commit_table(self, table: ClaimTable, author: str, message: str) -> None:
        """Commit the claims of a table, and publish them: also where they count though the store could not follow."""
        with self._publishing():
            self._folder.commit_table(table, author=author, message=message)

    def _commit_lines(self, lines: Path, count: int, author: str, message: str) -> None:
        """The same for a file of N-Quads."""
        with self._publishing():
            self._folder.commit_lines(lines, count, author=author, message=message)

    @contextmanager
    def _publishing(self) -> Iterator[None]:
        before = self._folder.generation
        try:
            yield
        finally:
            if self._folder.generation != before:
                self._generations.publish()

    def _commit(self, delta: Delta, author: str, message: str) -> bool:
        """Commit what there is to commit, and publish it: also where it counts though the store could not follow."""
        if not delta:
            return False
        before = self._folder.generation
        try:
            self._folder.commit(delta, author=author, message=message)
        finally:
            if before and self._folder.generation != before:
                self._generations.publish()
        return True


def _together(one: Delta, other: Delta) -> Delta:
    """Two changes of the same graph as one."""
    return Delta(
        tuple(dict.fromkeys((*one.added, *other.added))),
        tuple(dict.fromkeys((*one.removed, *other.removed))),
        (*one.created, *other.created),
        (*one.dropped, *other.dropped),
    )


def _report(prepared: Prepared, generation: int, *, committed: bool) -> LoadReport:
    return LoadReport(
        committed=committed,
        generation=generation,
        entities=prepared.entities,
        claims=prepared.claims,
        added=len(prepared.delta.added),
        removed=len(prepared.delta.removed),
        unchanged=prepared.unchanged,
        conflicts=prepared.conflicts,
        rewrites=prepared.rewrites,
        skolemised=prepared.skolemised,
        files=prepared.files,
        warnings=tuple(str(w) for w in prepared.warnings),
    )
