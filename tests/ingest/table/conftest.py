"""Claim tables written as CSV and read against a small graph."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from kgraph.ingest import table as tables
from kgraph.ingest.pipeline import State, ontology_delta
from kgraph.ingest.table.loading import PreparedTable
from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.schema import Schema
from kgraph.store.claimtable import ClaimTable
from kgraph.store.journal import Journal
from kgraph.store.oxigraph import OxigraphStore
from kgraph.store.tablequads import TableQuads

HEADER = ("subject", "predicate", "object")


@dataclass
class Desk:
    """A graph in memory with a journal, and a folder to write tables in."""

    folder: Path
    state: State
    journal: Journal

    def write(self, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, name: str = "t.csv") -> Path:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows])
        return self.text(text.getvalue(), name)

    def text(self, text: str | bytes, name: str = "t.csv") -> Path:
        file = self.folder / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def prepare(self, file: Path, **options: object) -> PreparedTable:
        if isinstance(options.get("mapping"), str):
            options["mapping"] = self.text(str(options["mapping"]), "mapping.yaml")
        return tables.prepare(file, self.state, self.journal, **options)  # type: ignore[arg-type]

    def load(self, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, **options: object) -> ClaimTable:
        """Prepare a table and take its quads into the graph."""
        prepared = self.prepare(self.write(rows, header), **options)
        assert prepared.table is not None
        self.journal.append_table(prepared.table, author="", message="")
        store = self.state.store
        assert isinstance(store, OxigraphStore)
        store.load(TableQuads(prepared.table).lines(), store.generation + 1)
        return prepared.table

    def refused(self, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, **options: object) -> list[str]:
        """What is refused of a table, without its name."""
        prepared = self.prepare(self.write(rows, header), **options)
        return [told.removeprefix(f"{self.folder}/") for told in prepared.report.refusals]

    def quads(self) -> list[Quad]:
        """The graph, without the ontology."""
        ontology = self.state.namespaces.graph("ontology")
        return [quad for quad in self.state.store.quads() if quad.graph_name.value != ontology]  # type: ignore[union-attr]


@pytest.fixture
def desk(tmp_path: Path, namespaces: Namespaces, schema: Schema) -> Desk:
    state = State(OxigraphStore.open(None), namespaces, schema)
    assert isinstance(state.store, OxigraphStore)
    state.store.apply(ontology_delta(state), 1)
    return Desk(tmp_path, state, Journal.memory())


@pytest.fixture
def claims() -> Callable[[ClaimTable], list[tuple[str, str, str]]]:
    """Each claim of a table as CURIEs."""

    def claims(table: ClaimTable) -> list[tuple[str, str, str]]:
        short = table.namespaces.compress
        ends = zip(table.subject.tolist(), table.predicate.tolist(), table.object.tolist(), strict=True)
        return [tuple(short(table.terms[place]) for place in claim) for claim in ends]  # type: ignore[misc]

    return claims
