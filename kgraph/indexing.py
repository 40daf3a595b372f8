"""The index of a data folder: opened where it was left, brought up to the journal, kept for the next opening.

It is derived. A file that is damaged, of another journal, ontology or base IRI is thrown away and built anew; a commit
is followed by merging what it touched. Where that is not possible, or an older generation is asked for, everything is
read from the journal: claim tables as columns, all else quad by quad (`replaying.py`).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import NamedTuple, cast

import xxhash

from kgraph import replaying
from kgraph.errors import DamagedError, StorageError
from kgraph.model import Finding
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema
from kgraph.search import Name, Resolve, Search
from kgraph.store.commit import Commit
from kgraph.store.folder import DataFolder
from kgraph.traversal import stored
from kgraph.traversal.gathering import RebuildError
from kgraph.traversal.records import Catalogue

_KEPT_FROM = 1_000
"""A file that lags behind by more claims than this, and by a twentieth of all, is written before the closing."""
_SHARE = 20


class Indexed(NamedTuple):
    """One generation: claims to walk and names to search."""

    catalogue: Catalogue
    search: Search


class Indexing:
    """Makes the index of the generations of one data folder."""

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

    def opened(self) -> Indexed:
        """The last generation, from the file where it serves."""
        held = self._held()
        return self.advanced(held) if held else self._keep_large(self.built(self._folder.generation))

    def _held(self) -> Indexed | None:
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
        catalogue = Catalogue(columns, self._namespaces, self._schema)
        try:
            search = Search.from_arrays(found.more, columns.generation, _names(catalogue))
        except (ValueError, KeyError):  # of another version: nothing is wrong with it either
            return None
        self._kept = columns.generation, columns.claims
        return Indexed(catalogue, search)

    def advanced(self, held: Indexed) -> Indexed:
        """The last generation, from one before it."""
        commits = list(self._folder.journal.commits(after=held.catalogue.generation))
        if not commits:
            return held
        return self._keep_large(self._followed(held, commits) or self.built(self._folder.generation))

    def _followed(self, held: Indexed, commits: list[Commit]) -> Indexed | None:
        """What merging makes of commits; None where it cannot follow them."""
        catalogue, journal = held.catalogue, self._folder.journal
        unread = replaying.unread(self._namespaces)
        touched: set[str] = set()
        named: set[str] = set()
        if any(commit.redacts for commit in commits):
            return None
        for commit in commits:
            table = journal.table(commit.seq)
            if table is not None:
                try:
                    change = replaying.table_change(catalogue, table, commit)
                except RebuildError:
                    return None
                catalogue = catalogue.with_change(change)
                named.update(change.nodes)
                touched.update(table.outside_iri)
                continue
            delta = journal.delta(commit.seq)
            touched.update(replaying.subjects(delta, unread))
        with self._folder.describing(commits[-1].seq, unread, touched) as quads_of:
            updated = catalogue.updated(frozenset(touched), quads_of, commits[-1].seq, commits[-1].hash)
        if updated is None:
            return None
        names = {iri: updated.catalogue.name(iri) for iri in named | updated.named if iri in updated.catalogue.nodes}
        search = held.search.updated(
            (name for name in names.values() if name is not None),
            (iri for iri, name in names.items() if name is None),
            commits[-1].seq,
            _names(updated.catalogue),
        )
        return Indexed(updated.catalogue, search)

    def built(self, generation: int) -> Indexed:
        """Any generation, from the journal and the store."""
        catalogue = replaying.catalogue(self._folder, self._namespaces, self._schema, generation)
        return Indexed(catalogue, Search.build(catalogue.names(), generation, _names(catalogue)))

    def check(self, catalogue: Catalogue) -> list[Finding]:
        """The index in use, and its file, against one built anew."""
        findings = []
        try:
            anew = replaying.catalogue(self._folder, self._namespaces, self._schema, catalogue.generation)
            differences = catalogue.columns.differences(anew.columns)
            told = f"{catalogue.columns.claims} claims on {catalogue.columns.nodes} things, as the journal has them"
            wrong = f"it differs from what the journal has in {', '.join(differences)}"
            findings.append(Finding("index", not differences, wrong if differences else told))
        except StorageError as error:
            findings.append(Finding("index", False, f"cannot be compared: {error.detail}"))
        if self.file is not None and self.file.exists():
            try:
                held = stored.open(self.file)
                told = f"of generation {held.columns.generation}, its hash is right"
                findings.append(Finding("index file", True, told))
            except (DamagedError, OSError) as error:
                findings.append(Finding("index file", False, str(error)))
        return findings

    # -------------------------------------------------------------- keeping

    def _keep_large(self, indexed: Indexed) -> Indexed:
        claims = indexed.catalogue.columns.claims
        if abs(claims - self._kept[1]) > max(_KEPT_FROM, claims // _SHARE):
            self.keep(indexed)
        return indexed

    def keep(self, indexed: Indexed) -> None:
        """Write the file, unless it is of this generation already. Where that fails the old one stays, with a notice:
        it costs the next opening some time and nothing else."""
        catalogue = indexed.catalogue
        if self.file is None or not self._folder.writes or self._kept[0] == catalogue.generation:
            return
        try:
            stored.write(self.file, catalogue.columns, self._key, indexed.search.arrays())
        except OSError as error:
            self._folder.notices.append(f"the index was not kept: {error.strerror or error}")
            return
        self._kept = catalogue.generation, catalogue.columns.claims


def _names(catalogue: Catalogue) -> Resolve:
    """Gives the names of what search finds, all of which have some."""
    return lambda iri: cast("Name", catalogue.name(iri))
