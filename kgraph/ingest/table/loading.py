"""One claim table into one commit: read, checked, and kept whole, or told why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

from kgraph.errors import ClaimFileError, InputError
from kgraph.ingest.pipeline import silent
from kgraph.ingest.state import State
from kgraph.ingest.table import cells, compiling
from kgraph.ingest.table.mapping import TableMapping
from kgraph.ingest.table.mapping import read as read_mapping
from kgraph.ingest.table.reading import TableFile
from kgraph.ingest.table.refusals import Refusals
from kgraph.model import LoadReport, Progress
from kgraph.places import Place
from kgraph.store.claimtable import ClaimTable
from kgraph.store.journal import Journal
from kgraph.store.tablequads import TableQuads

_SHOWN = 20
"""Contradictions that a report names."""


class TableOptions(TypedDict, total=False):
    """How tables are taken."""

    mapping: Path | None
    """A file that says what the columns mean."""
    strict: bool
    """Whether one row that is refused refuses the table."""
    refused: Path | None
    """Where the refused rows are written. `load` writes them beside the table where it is not given."""


@dataclass(frozen=True, slots=True)
class PreparedTable:
    """A table ready to be committed (None: the graph has it), and what there is to tell about it."""

    table: ClaimTable | None
    report: LoadReport


def prepare(
    path: Path,
    state: State,
    journal: Journal,
    progress: Progress | None = None,
    *,
    mapping: Path | None = None,
    strict: bool = False,
    refused: Path | None = None,
) -> PreparedTable:
    """Read and check a table. Rows that are refused are written to the file `refused`, if one is given.

    Raises InputError where the table cannot be read or the graph has it already, read with another mapping, and
    ClaimFileError with the first faults where no row is left, or with `strict` where any is refused.
    """
    progress = progress or silent
    means = read_mapping(mapping)
    file = TableFile.open(path, means)
    held = _held(journal, file, means)
    if held is not None:
        return PreparedTable(None, _report(held, path, journal.generation, unchanged=TableQuads(held).count()))
    refusals = Refusals()
    content = cells.read(file, means, refusals, progress)
    table = compiling.compile(content, means, state, refusals, progress)
    count, told = len(refusals), refusals.told(file, content.lines, content.titles)
    written = refused if count else None
    if written is not None:
        refusals.write(file, written, content.titles, means.lists or ";")
    if table is None or (strict and count):
        which = "every row is refused" if table is None else f"{count:,} of {content.rows:,} rows are refused"
        where = f"; all of them are in {written}" if written else ""
        raise ClaimFileError(Place(str(path)), f"{which}, and nothing was loaded{where}", told)
    report = replace(
        _report(table, path, journal.generation, added=TableQuads(table).count()),
        refused=count,
        refusals=tuple(map(str, told)),
        refused_files=(str(written),) if written else (),
        warnings=tuple(f"{path}: the column {name!r} says nothing here: it is not read" for name in content.unread),
    )
    return PreparedTable(table, report)


def _held(journal: Journal, file: TableFile, means: TableMapping) -> ClaimTable | None:
    """The table as the graph has it already."""
    for commit in journal.commits():
        held = journal.table(commit.seq) if commit.table == file.sha256 else None
        if held is not None:
            if held.mapping != means.digest:
                raise InputError(
                    f"{file.path}: the graph has this table, since commit {commit.seq}, read with another mapping"
                )
            return held
    return None


def _report(table: ClaimTable, path: Path, generation: int, *, added: int = 0, unchanged: int = 0) -> LoadReport:
    namespaces = table.namespaces
    pairs = [(table.claim_iri(one), table.claim_iri(other)) for one, other in table.conflict[:_SHOWN].tolist()]
    pairs += [
        (table.claim_iri(one), other)
        for one, other in zip(table.outside[:_SHOWN].tolist(), table.outside_iri[:_SHOWN], strict=True)
    ]
    return LoadReport(
        committed=False,
        generation=generation,
        entities=len(table.entity),
        claims=table.claims,
        added=added,
        removed=0,
        unchanged=unchanged,
        conflicts=tuple((namespaces.compress(one), namespaces.compress(other)) for one, other in pairs),
        files=(str(path),),
        rows=table.rows,
    )
