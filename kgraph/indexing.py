"""The claim index of a data folder: opened where it was left, brought up to the journal, kept for the next opening.

It is derived. A file that is damaged, of another journal, ontology or base IRI is thrown away and built anew; a commit
is followed by merging what it touched. Where that is not possible, or an older generation is asked for, everything is
read from the journal: claim tables as columns, all else quad by quad.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import xxhash

from kgraph.errors import DamagedError, StorageError
from kgraph.model import Finding
from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.schema import Schema
from kgraph.store.base import Delta
from kgraph.store.claimtable import ClaimTable
from kgraph.store.commit import Commit
from kgraph.store.folder import DataFolder
from kgraph.store.tablequads import TableQuads
from kgraph.traversal import gathering, stored, tablerows
from kgraph.traversal.columns import Columns
from kgraph.traversal.merging import merged
from kgraph.traversal.reading import read
from kgraph.traversal.records import Catalogue, default_of

_KEPT_FROM = 1_000
"""A file that lags behind by more claims than this, and by a twentieth of all, is written anew before the closing."""
_SHARE = 20


class Indexing:
    """Makes catalogues of the generations of one data folder."""

    def __init__(self, folder: DataFolder, namespaces: Namespaces, schema: Schema) -> None:
        self._folder, self._namespaces, self._schema = folder, namespaces, schema
        self._kept = (0, 0)  # generation and claims of the file

    @property
    def file(self) -> Path | None:
        """Where the index of the last generation is kept; None for a graph in memory."""
        return self._folder.path / "index" / "claims" if self._folder.path else None

    @cached_property
    def _key(self) -> str:
        """What an index depends on beside the journal: names are minted under the base, types follow the ontology."""
        ontology = xxhash.xxh3_64()
        for quad in self._schema.quads:
            ontology.update(str(quad))
        return f"{self._namespaces.base} {ontology.hexdigest()}"

    def opened(self) -> Catalogue:
        """The catalogue of the last generation, from the file where it serves."""
        held = self._held()
        return self.advanced(held) if held else self._keep_large(self._built_of_last())

    def _held(self) -> Catalogue | None:
        if self.file is None:
            return None
        try:
            found = stored.open(self.file)
        except FileNotFoundError:
            return None
        except (DamagedError, OSError) as error:
            self._folder.notices.append(f"the index is built anew: {error}")
            return None
        columns, journal = found.columns, self._folder.journal
        if found.base != self._key:
            return None  # another ontology or base: nothing is wrong with the folder
        if columns.generation > journal.generation or columns.mark != journal.mark(columns.generation):
            self._folder.notices.append("the index did not belong to this journal: built anew")
            return None
        self._kept = columns.generation, columns.claims
        return Catalogue(columns, self._namespaces, self._schema)

    def advanced(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue of the last generation, from one before it."""
        commits = list(self._folder.journal.commits(after=catalogue.generation))
        if not commits:
            return catalogue
        followed = self._followed(catalogue.columns, commits)
        return self._keep_large(followed or self._built_of_last())

    def _followed(self, columns: Columns, commits: list[Commit]) -> Catalogue | None:
        """What merging makes of commits; None where it cannot follow them."""
        touched: set[str] = set()
        for commit in commits:
            table = self._folder.journal.table(commit.seq)
            if table is not None:
                columns = self._with_table(columns, table, commit)
                touched.update(table.outside_iri)
                continue
            delta = self._folder.journal.delta(commit.seq)
            if delta.dropped:
                return None
            touched.update(_subjects(delta, self._unread))
        catalogue = Catalogue(columns, self._namespaces, self._schema)
        last = commits[-1]
        with self._folder.describing(unread=self._unread) as quads_of:
            return catalogue.updated(frozenset(touched), quads_of, last.seq, last.hash)

    def _with_table(
        self, columns: Columns, table: ClaimTable, commit: Commit, without: frozenset[str] = frozenset()
    ) -> Columns:
        change = tablerows.change(
            columns,
            table,
            self._namespaces,
            self._schema,
            generation=commit.seq,
            mark=commit.hash,
            without=without,
            again=any(c.table == commit.table for c in self._folder.journal.commits() if c.seq < commit.seq),
        )
        return merged(columns, change, self._namespaces.id, default_of(self._namespaces))

    @property
    def _unread(self) -> frozenset[str]:
        """The graphs whose quads are not of the index: direct triples follow from claims, terms are the schema's."""
        return frozenset(self._namespaces.graph(name) for name in ("ontology", "reported"))

    # -------------------------------------------------------------- building anew

    def _built_of_last(self) -> Catalogue:
        journal = self._folder.journal
        if any(commit.table for commit in journal.commits()):
            return self.built(journal.generation)
        with self._folder.reading() as (generation, quads):
            return self._of_quads(quads, generation)

    def built(self, generation: int) -> Catalogue:
        """The catalogue of any generation, from the journal."""
        journal = self._folder.journal
        commits = [commit for commit in journal.commits() if commit.seq <= generation]
        tables = [(commit, table) for commit in commits if (table := journal.table(commit.seq))]
        if not tables:
            return self._of_quads(journal.replay(generation), generation)
        said = _Said(tables, self._unread)
        for commit in commits:
            if not commit.table:
                said.follow(journal.delta(commit.seq), commit.seq)
        columns = replace(Columns.empty(), row_spans=tablerows.spans_of([table for _, table in tables]))
        quads = gathering.change(
            columns,
            read(said.quads(), self._namespaces, self._schema.relations),
            self._namespaces,
            self._schema,
            generation=generation,
            quads_of=said.of_tables,
        )
        columns = merged(columns, quads, self._namespaces.id, default_of(self._namespaces))
        without = frozenset(said.subjects)
        for commit, table in tables:
            columns = self._with_table(columns, table, commit, without)
        whole = replace(columns, generation=generation, mark=journal.mark(generation))
        return Catalogue(whole, self._namespaces, self._schema)

    def _of_quads(self, quads: Iterable[Quad], generation: int) -> Catalogue:
        mark = self._folder.journal.mark(generation)
        return Catalogue.build(quads, self._namespaces, self._schema, generation, mark)

    def check(self, catalogue: Catalogue) -> list[Finding]:
        """The index in use, and its file, against one built anew."""
        findings = []
        try:
            differences = catalogue.columns.differences(self._built_of_last().columns)
            told = f"{catalogue.columns.claims} claims on {catalogue.columns.nodes} things, as the journal has them"
            findings.append(
                Finding("index", not differences, f"differs in {', '.join(differences)}" if differences else told)
            )
        except StorageError as error:
            findings.append(Finding("index", False, f"cannot be compared: {error.detail}"))
        if self.file is not None and self.file.exists():
            try:
                held = stored.open(self.file)
                findings.append(
                    Finding("index file", True, f"of generation {held.columns.generation}, its hash is right")
                )
            except (DamagedError, OSError) as error:
                findings.append(Finding("index file", False, str(error)))
        return findings

    # -------------------------------------------------------------- keeping

    def _keep_large(self, catalogue: Catalogue) -> Catalogue:
        claims = catalogue.columns.claims
        behind = abs(claims - self._kept[1])
        if behind > max(_KEPT_FROM, claims // _SHARE):
            self.keep(catalogue)
        return catalogue

    def keep(self, catalogue: Catalogue) -> None:
        """Write the file, unless it is of this generation already. Where that fails the old one stays, with a notice:
        it costs the next opening some time and nothing else."""
        if self.file is None or self._kept[0] == catalogue.generation:
            return
        try:
            stored.write(self.file, catalogue.columns, self._key, {})
        except OSError as error:
            self._folder.notices.append(f"the index was not kept: {error.strerror or error}")
            return
        self._kept = catalogue.generation, catalogue.columns.claims


def _subjects(delta: Delta, unread: frozenset[str]) -> set[str]:
    """What a commit touches, but for what it says in the graphs that are not read."""
    return {
        quad.subject.value
        for quad in (*delta.added, *delta.removed)
        if hasattr(quad.subject, "value") and getattr(quad.graph_name, "value", "") not in unread
    }


class _Said:
    """What the commits of quads say, subject by subject; of a claim table only the subjects that they touch."""

    def __init__(self, tables: list[tuple[Commit, ClaimTable]], unread: frozenset[str]) -> None:
        self.subjects: dict[str, set[Quad]] = {}
        self._tables, self._unread = tables, unread

    def follow(self, delta: Delta, seq: int) -> None:
        """Take a commit. Raises KeyError for none."""
        for name in delta.dropped:
            for quads in self.subjects.values():
                quads -= {quad for quad in quads if quad.graph_name == name}
        for iri in _subjects(delta, self._unread):
            if iri not in self.subjects:
                self.subjects[iri] = set(self.of_tables(iri, seq))
        for changed, take in ((delta.removed, set.discard), (delta.added, set.add)):
            for quad in changed:
                if (said := self.subjects.get(getattr(quad.subject, "value", ""))) is not None:
                    take(said, quad)

    def of_tables(self, iri: str, before: int | None = None) -> Iterator[Quad]:
        """What the claim tables (those before a commit) say of a subject."""
        for commit, table in self._tables:
            if before is None or commit.seq < before:
                yield from TableQuads(table).of_subject(iri)

    def quads(self) -> Iterator[Quad]:
        """All of it."""
        for quads in self.subjects.values():
            yield from quads
