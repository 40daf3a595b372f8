"""A generation's catalogue made anew: of the store's quads, or of the journal, claim tables as columns.

In a journal with claim tables only the commits of quads are followed quad by quad, subject by subject. What they say of
something that a table told of takes its place; the rest of the tables is never taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.schema import Schema
from kgraph.store.base import Delta
from kgraph.store.claimtable import ClaimTable
from kgraph.store.commit import Commit
from kgraph.store.folder import DataFolder
from kgraph.store.journal import Journal
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


def table_change(
    catalogue: Catalogue, table: ClaimTable, commit: Commit, journal: Journal, without: frozenset[str] = NOTHING
) -> Change:
    """What a commit of a claim table changes in a catalogue."""
    return tablerows.change(
        catalogue.columns,
        table,
        catalogue.namespaces,
        catalogue.schema,
        generation=commit.seq,
        mark=commit.hash,
        without=without,
        again=any(before.table == commit.table for before in journal.commits() if before.seq < commit.seq),
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
    said = _Said(tables, unread(namespaces))
    for commit in commits:
        if not commit.table:
            said.follow(journal.delta(commit.seq), commit.seq)
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
        made = made.with_change(table_change(made, table, commit, journal, frozenset(said.subjects)))
    return Catalogue(replace(made.columns, generation=generation, mark=mark), namespaces, schema)


class _Said:
    """What the commits of quads say, subject by subject; of a claim table only the subjects that they touch."""

    def __init__(self, tables: list[tuple[Commit, ClaimTable]], but: frozenset[str]) -> None:
        self.subjects: dict[str, set[Quad]] = {}
        self._tables, self._but = tables, but

    def follow(self, delta: Delta, seq: int) -> None:
        """Take a commit."""
        for name in delta.dropped:
            for quads in self.subjects.values():
                quads -= {quad for quad in quads if quad.graph_name == name}
        for iri in subjects(delta, self._but):
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
