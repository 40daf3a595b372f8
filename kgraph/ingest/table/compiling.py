"""A table of cells becomes a `ClaimTable`: checked column by column, each fault refusing its rows and no others."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from kgraph.errors import InputError
from kgraph.ingest.state import State
from kgraph.ingest.table import rows as reading
from kgraph.ingest.table import values
from kgraph.ingest.table.assembly import assemble
from kgraph.ingest.table.cells import NONE, Cells, Int32
from kgraph.ingest.table.kinds import Classes, Kinds, Use
from kgraph.ingest.table.mapping import ENDS, TableMapping
from kgraph.ingest.table.refusals import Refusals
from kgraph.ingest.table.rows import Rows
from kgraph.ingest.table.standing import Said, Standing
from kgraph.model import Progress
from kgraph.store.claimtable import ClaimTable

Numbers = npt.NDArray[np.int64]

_SPEAKERS: Final = ("Agent", "Document", "Statement")
_SOURCES: Final = ("Document",)
"""What a source is that the graph has no article for: known by name, without a text."""


def compile(
    cells: Cells, mapping: TableMapping, state: State, refusals: Refusals, progress: Progress
) -> ClaimTable | None:
    """The claims of a table, against a graph; None where no row is left. What does not fit is in `refusals`.

    Raises LimitError for more contradictions than can be kept.
    """
    return _Compiler(cells, mapping, state, refusals, progress).compile()


class _Compiler:
    def __init__(
        self, cells: Cells, mapping: TableMapping, state: State, refusals: Refusals, progress: Progress
    ) -> None:
        self._cells = cells
        self._mapping = mapping
        self._state = state
        self._kg = state.namespaces.kg
        self._refusals = refusals
        self._progress = progress
        self._classes = Classes(state.schema)
        self._values = values.Values(state.namespaces, state.schema, mapping)

    def compile(self) -> ClaimTable | None:
        total = self._cells.rows
        self._progress("check", 0, total)
        rows = reading.read(self._cells, self._mapping, self._state, self._refusals)
        if not len(self._kept()):
            return None
        kinds = Kinds(self._classes, rows.things)
        kinds.judge(self._uses(rows, self._kept()), self._refusals.rows)
        standing = Standing(self._state.schema, rows.things, kinds.types)
        self._refuse_things(rows, standing.verdicts())
        while self._refuse_things(rows, standing.refused(self._said(rows, self._kept()))):
            pass  # a row that is refused may have been the one that said what another thing needs
        kept = self._kept()
        if not len(kept):
            return None
        flags = list(standing.flags(self._said(rows, kept)))
        return assemble(rows, kept, kinds.types, flags, self._cells, self._mapping, self._state)

    def _kept(self) -> Numbers:
        return np.flatnonzero(self._refusals.kept(self._cells.rows))

    def _said(self, rows: Rows, kept: Numbers) -> Said:
        reported = rows.is_code("modality", self._state.namespaces.expand("kgs:reported"))[kept]
        relations = [relation.iri for relation in rows.relations]
        return Said(relations, rows.subject[kept], rows.relation[kept], rows.object[kept], reported)

    def _refuse_things(self, rows: Rows, reasons: dict[int, str]) -> bool:
        """Refuse every row that names one of these things; answers whether any was left to refuse."""
        kept = self._kept()
        told = {thing: f"{rows.things.labels[thing]!r} {reason}" for thing, reason in reasons.items()}
        for field, thing, row in _named(rows, kept):
            column = np.full(self._cells.rows, NONE, np.int32)
            column[row] = thing
            self._refusals.values(column, field, told)
        return len(self._kept()) < len(kept)

    # -------------------------------------------------------------- what the uses of a thing tell of it

    def _uses(self, rows: Rows, kept: Numbers) -> list[Use]:
        """What the table says of classes, then domains and ranges, then what is likely where nothing else tells."""
        new = np.array([rows.things.is_new(number) for number in range(len(rows.things.iris))], np.bool_)
        stated, joined, likely = list[Use](), list[Use](), list[Use]()
        for field, thing, row in _named(rows, kept):
            kinds, which = rows.kinds[field]
            told = np.flatnonzero(new[thing] & (which[row] != NONE))
            if len(told):
                allowed = np.array([self._classes.below((iri,)) for iri in kinds])
                stated.append(Use(f"{field}_type", thing[told], row[told], which[row[told]], allowed, stated=True))
            if (default := self._default_kind(field)) is not None:
                likely.append(self._likely(field, thing, row, (default,)))
        for field, thing, row in _named(rows, kept):
            if field in ENDS:
                joined.append(self._joined(field, thing, row, rows))
            else:
                names = _SOURCES if field == "source" else _SPEAKERS
                likely.append(self._likely(field, thing, row, tuple(f"{self._kg}{name}" for name in names)))
        return [*stated, *joined, *likely]

    def _joined(self, field: str, thing: Int32, row: Numbers, rows: Rows) -> Use:
        sides = [relation.domain if field == "subject" else relation.range for relation in rows.relations]
        bound = np.flatnonzero(np.array([bool(side) for side in sides])[rows.relation[row]])
        allowed = np.array([self._classes.below(side) for side in sides])
        return Use(field, thing[bound], row[bound], rows.relation[row[bound]], allowed)

    def _likely(self, field: str, thing: Int32, row: Numbers, classes: tuple[str, ...]) -> Use:
        allowed = self._classes.below(classes)[np.newaxis]
        return Use(field, thing, row, np.zeros(len(thing), np.int32), allowed, strict=False)

    def _default_kind(self, field: str) -> str | None:
        default = self._mapping.defaults.get(f"{field}_type")
        try:
            return None if default is None else self._values.kind(default)
        except ValueError as error:
            raise InputError(f"the default of {field}_type: {error}") from error


def _named(rows: Rows, kept: Numbers) -> list[tuple[str, Int32, Numbers]]:
    """Every thing that the rows name, by field: the things and the row of each."""
    singles = (("subject", rows.subject), ("object", rows.object), ("source", rows.article))
    lists = (("said_by", rows.said), ("via", rows.via))
    return [
        *((field, column[kept], kept) for field, column in singles),
        *((field, *column.of(kept)) for field, column in lists),
    ]
