"""A generation's catalogue made anew: of the store's quads, or of the journal, claim tables as columns.

In a journal with claim tables only the commits of quads are followed quad by quad, subject by subject. What they say of
something that a table told of takes its place; the rest of the tables is never taken apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.schema import Schema
from kgraph.store.base import Delta
from kgraph.store.claimtable import ClaimTable
from kgraph.store.commit import Commit
from kgraph.store.folder import DataFolder
from kgraph.store.tablequads import TableQuads
from kgraph.traversal import gathering, tablerows
from kgraph.traversal.changes import Change
from kgraph.traversal.columns import Columns
from kgraph.traversal.reading import read
from kgraph.traversal.records import Catalogue

NOTHING: frozenset[str] = frozenset()


def unread(namespaces: Namespaces) -> frozenset[str]:
    """The graphs whose quads are not of the index: direct triples follow from claims, terms are the schema's."""
    return frozenset(namespaces.graph(name) for name in ("ontology", "reported"))


def subjects(delta: Delta, but: frozenset[str]) -> set[str]:
    """What a commit touches, but for what it says in some graphs."""
    return {
        quad.subject.value
        for quad in (*delta.added, *delta.removed)
        if hasattr(quad.subject, "value") and getattr(quad.graph_name, "value", "") not in but
    }


def table_change(catalogue: Catalogue, table: ClaimTable, commit: Commit, without: frozenset[str] = NOTHING) -> Change:
    """What a commit of a claim table changes in a catalogue. Raises RebuildError."""
    return tablerows.change(
        catalogue.columns,
        table,
        catalogue.namespaces,
        catalogue.schema,
        generation=commit.seq,
        mark=commit.hash,
        without=without,
    )


def catalogue(folder: DataFolder, namespaces: Namespaces, schema: Schema, generation: int) -> Catalogue:
    """The catalogue of a generation. Raises StorageError."""
    journal = folder.journal
    commits = [commit for commit in journal.commits() if commit.seq <= generation]
    mark = journal.mark(generation)
    tables = [(commit, table) for commit in commits if (table := journal.table(commit.seq))]
    if not tables:
        with folder.reading(generation) as (_, quads):
            return Catalogue.build(quads, namespaces, schema, generation, mark)
    said, of_commit = _Said(unread(namespaces)), {commit.seq: table for commit, table in tables}
    for commit in commits:
        if commit.seq in of_commit:
            said.follow_table(of_commit[commit.seq])
        else:
            said.follow(journal.delta(commit.seq))
    rows = tablerows.spans_of([table for _, table in tables])
    made = Catalogue(replace(Columns.empty(), row_spans=rows), namespaces, schema)
    told = gathering.change(
        made.columns,
        read(said.quads(), namespaces, schema.relations),
        namespaces,
        schema,
        generation=generation,
        quads_of=said.of_tables,
    )
    made = made.with_change(told)
    for commit, table in tables:
        made = made.with_change(table_change(made, table, commit, frozenset(said.subjects)))
    return Catalogue(replace(made.columns, generation=generation, mark=mark), namespaces, schema)


class _Said:
    """What the commits of quads say, subject by subject; of a claim table only the subjects that they touch."""

    def __init__(self, but: frozenset[str]) -> None:
        self.subjects: dict[str, set[Quad]] = {}
        self._tables: list[TableQuads] = []
        self._but = but

    def follow(self, delta: Delta) -> None:
        """Take a commit of quads."""
        for name in delta.dropped:
            for quads in self.subjects.values():
                quads -= {quad for quad in quads if quad.graph_name == name}
        new = subjects(delta, self._but) - self.subjects.keys()
        self.subjects.update((iri, set()) for iri in new)
        for table in self._tables:
            self._take(table.of_subjects(new))
        for quad in delta.removed:
            self.subjects.get(getattr(quad.subject, "value", ""), set()).discard(quad)
        self._take(delta.added)

    def follow_table(self, table: ClaimTable) -> None:
        """Take a commit of a claim table."""
        self._tables.append(TableQuads(table))
        self._take(self._tables[-1].of_subjects(self.subjects))

    def _take(self, quads: Iterable[Quad]) -> None:
        for quad in quads:
            if (said := self.subjects.get(getattr(quad.subject, "value", ""))) is not None:
                said.add(quad)

    def of_tables(self, iri: str) -> Iterator[Quad]:
        """What the claim tables say of a subject."""
        for table in self._tables:
            yield from table.of_subjects((iri,))

    def quads(self) -> Iterator[Quad]:
        """All of it."""
        for quads in self.subjects.values():
            yield from quads
