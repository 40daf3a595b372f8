"""Every row of a table as numbers: which relation, which things, codes, times. What means nothing refuses its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from kgraph.ingest.state import State
from kgraph.ingest.suggest import did_you_mean
from kgraph.ingest.table import values
from kgraph.ingest.table.cells import NONE, Cells, Column, Int32
from kgraph.ingest.table.mapping import AGENTS, CODES, LIST, NAMES, REQUIRED, TableMapping
from kgraph.ingest.table.refusals import Refusals
from kgraph.ingest.table.things import Resolver, Things
from kgraph.schema import Relation
from kgraph.store.claimtable import Float64, TableTime, dataset_iri

T = TypeVar("T")
_DEFAULTS: Final = {"modality": "kgs:reported", "polarity": "kgs:affirmed"}


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of things for each row: `things[starts[code]:starts[code + 1]]` for the row's code, none for NONE."""

    codes: Int32
    starts: Int32
    things: Int32

    def lengths(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """How many things rows have."""
        codes = self.codes[rows]
        counts = np.append(np.diff(self.starts), 0)
        return counts[codes].astype(np.int64)

    def of(self, rows: npt.NDArray[np.int64]) -> tuple[Int32, npt.NDArray[np.int64]]:
        """The things of rows one after the other, and the row of each."""
        counts = self.lengths(rows)
        begin = np.append(self.starts, 0)[self.codes[rows]]
        place = np.repeat(begin - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        return self.things[place], np.repeat(rows, counts)


@dataclass(frozen=True)
class Rows:
    """All rows; each array has one place for each, NONE (NaN) where a row says nothing or what it says is refused."""

    things: Things
    relations: tuple[Relation, ...]
    relation: Int32
    subject: Int32
    object: Int32
    article: Int32
    said: Lists
    via: Lists
    times: tuple[TableTime, ...]
    time: Int32
    codes: Mapping[str, tuple[Sequence[str], Int32]]
    kinds: Mapping[str, tuple[Sequence[str], Int32]]
    """The classes the table states of what each field names."""
    confidence: Float64
    urls: tuple[str, ...]
    url: Int32

    def is_code(self, field: str, iri: str) -> npt.NDArray[np.bool_]:
        """bool[rows]: whether a field holds a code."""
        known, column = self.codes[field]
        found: npt.NDArray[np.bool_] = column == (known.index(iri) if iri in known else NONE - 1)
        return found


def read(cells: Cells, mapping: TableMapping, state: State, refusals: Refusals) -> Rows:
    """Read every cell once."""
    return _Reader(cells, mapping, state, refusals).rows()


class _Reader:
    def __init__(self, cells: Cells, mapping: TableMapping, state: State, refusals: Refusals) -> None:
        self._cells = cells
        self._mapping = mapping
        self._state = state
        self._ns = state.namespaces
        self._refusals = refusals
        self._values = values.Values(state.namespaces, state.schema, mapping)
        self._resolver = Resolver(state, mapping)
        self._nothing = Column(np.full(cells.rows, NONE, np.int32), ())

    def rows(self) -> Rows:
        whole = self._refusals.kept(self._cells.rows)
        for field in REQUIRED:
            self._refusals.rows(np.flatnonzero(whole & (self._column(field).codes == NONE)), field, "is missing")
        relations, relation = self._numbered("predicate", self._values.relation)
        as_code = self._takes_only_codes(relations, relation)
        named = self._named(as_code)
        times, time = self._numbered("date", self._values.time)
        confidences, confidence = self._numbered("confidence", values.confidence)
        urls, url = self._numbered("url", values.url)
        subject = self._one("subject", named, np.ones(self._cells.rows, np.bool_))
        object_ = self._one("object", named, ~as_code)
        self._codes_as_objects(relations, relation, object_, as_code)
        article = self._one("source", named, np.ones(self._cells.rows, np.bool_))
        this = self._resolver.add(dataset_iri(self._ns, self._cells.file.sha256), [f"{self._ns.kg}Dataset"])
        article[self._column("source").codes == NONE] = this
        said, via = (self._lists(field, named) for field in AGENTS)
        rows = Rows(
            self._resolver.things,
            relations,
            relation,
            subject,
            object_,
            article,
            said,
            via,
            times,
            time,
            {field: self._codes(field) for field in CODES},
            {field: self._numbered(f"{field}_type", self._values.kind) for field in NAMES},
            np.append(np.array(confidences, np.float64), np.nan)[confidence],
            urls,
            url,
        )
        self._check_objects(rows, as_code)
        return rows

    def _column(self, field: str) -> Column:
        return self._cells.columns.get(field, self._nothing)

    def _numbered(self, field: str, of: Callable[[str], T]) -> tuple[tuple[T, ...], Int32]:
        """The different meanings of a column, and for each row which it has."""
        column = self._column(field)
        meanings, wrong = values.read(column, of)
        self._refusals.values(column.codes, field, wrong)
        different = dict.fromkeys(each for each in meanings if each is not None)
        number = {each: place for place, each in enumerate(different)}
        places = [NONE if each is None else number[each] for each in meanings]
        return tuple(different), np.array([*places, NONE], np.int32)[column.codes]

    def _codes(self, field: str) -> tuple[Sequence[str], Int32]:
        known, codes = self._numbered(field, self._values.code(field))
        if field in _DEFAULTS:
            default = self._ns.expand(_DEFAULTS[field])
            known = known if default in known else (*known, default)
            codes[codes == NONE] = known.index(default)
        return known, codes

    # -------------------------------------------------------------- names of things

    def _named(self, as_code: npt.NDArray[np.bool_]) -> dict[str, int | str]:
        """Every name in the table with the number of its thing or what is wrong with it."""
        objects = self._column("object")
        things = np.unique(objects.codes[~as_code & (objects.codes != NONE)])
        names = [*self._column("subject").values, *(objects.values[code] for code in things.tolist())]
        for field in AGENTS:
            names += (name for cell in self._column(field).values for name in self._split(cell))
        return self._resolver.resolve([*names, *self._column("source").values])

    def _split(self, cell: str) -> list[str]:
        """The names in a cell of several."""
        parts = cell.split(LIST)
        if self._mapping.lists is not None:
            parts = [part for each in parts for part in each.split(self._mapping.lists)]
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def _one(self, field: str, named: Mapping[str, int | str], rows: npt.NDArray[np.bool_]) -> Int32:
        """The thing of each row in a column of single names."""
        column = self._column(field)
        codes = np.where(rows, column.codes, NONE)
        found = [named.get(name, NONE) for name in column.values]
        self._refusals.values(codes, field, {n: each for n, each in enumerate(found) if isinstance(each, str)})
        return np.array([*(NONE if isinstance(each, str) else each for each in found), NONE], np.int32)[codes]

    def _lists(self, field: str, named: Mapping[str, int | str]) -> Lists:
        """The things of each row in a column of several names."""
        column = self._column(field)
        starts, things, wrong = [0], list[int](), dict[int, str]()
        for code, cell in enumerate(column.values):
            found = [named[name] for name in self._split(cell)]
            wrong.update((code, each) for each in found if isinstance(each, str))
            things += dict.fromkeys(each for each in found if not isinstance(each, str))
            starts.append(len(things))
        self._refusals.values(column.codes, field, wrong)
        return Lists(column.codes, np.array(starts, np.int32), np.array(things, np.int32))

    # -------------------------------------------------------------- codes as objects

    def _takes_only_codes(self, relations: Sequence[Relation], relation: Int32) -> npt.NDArray[np.bool_]:
        only = [each.kinds == {"code"} for each in relations]
        return np.array([*only, False], np.bool_)[relation]

    def _codes_as_objects(
        self, relations: Sequence[Relation], relation: Int32, object_: Int32, as_code: npt.NDArray[np.bool_]
    ) -> None:
        """Fill in the objects of relations that take nothing but codes: bare names and labels will do there."""
        column = self._column("object")
        rows = np.flatnonzero(as_code & (column.codes != NONE))
        for which, code, these in _groups(relation, column.codes, rows):
            try:
                iri = self._values.object_code(relations[which], column.values[code])
            except ValueError as error:
                self._refusals.rows(these, "object", str(error))
            else:
                object_[these] = self._resolver.add(iri, self._state.schema.values(iri, "rdf:type"))

    def _check_objects(self, rows: Rows, as_code: npt.NDArray[np.bool_]) -> None:
        """Refuse what a relation cannot take, as claim files have it."""
        for which, relation in enumerate(rows.relations):
            if relation.kinds and not relation.kinds & {"entity", "code"}:
                takes = " or ".join(sorted(relation.kinds))
                reason = f"{relation.curie} takes a {takes}, for which a table has no column: write a claim file"
                self._refusals.rows(np.flatnonzero(rows.relation == which), "predicate", reason)
        concepts = self._state.schema.concepts
        is_code = np.array([*(iri in concepts for iri in rows.things.iris), False], np.bool_)
        written = np.flatnonzero(is_code[rows.object] & ~as_code & (rows.relation != NONE))
        for which, thing, these in _groups(rows.relation, rows.object, written):
            relation, name = rows.relations[which], self._ns.compress(rows.things.iris[thing])
            allowed = self._state.schema.codes_for(relation.iri)
            if relation.kinds and "code" not in relation.kinds:
                self._refusals.rows(these, "object", f"{relation.curie} takes an entity, and {name} is a code")
            elif rows.things.iris[thing] not in allowed:
                near = did_you_mean(name.removeprefix("kgs:"), map(self._state.schema.code, allowed))
                self._refusals.rows(these, "object", f"{relation.curie} takes no {name}{near}")


def _groups(one: Int32, other: Int32, rows: npt.NDArray[np.int64]) -> list[tuple[int, int, npt.NDArray[np.int64]]]:
    """Rows by the pair of values they have in two columns."""
    if not len(rows):
        return []
    rows = rows[np.lexsort((rows, other[rows], one[rows]))]
    new = (np.diff(one[rows]) != 0) | (np.diff(other[rows]) != 0)
    parts = np.split(rows, np.flatnonzero(new) + 1)
    return [(int(one[part[0]]), int(other[part[0]]), part) for part in parts]
