"""The rows that are kept, as the columns of a `ClaimTable`: terms sorted, lists in order, contradictions found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from kgraph.ingest.claimfacts import Triple
from kgraph.ingest.state import State
from kgraph.ingest.table import contradictions
from kgraph.ingest.table.cells import NONE, Cells, Int32
from kgraph.ingest.table.mapping import TableMapping
from kgraph.ingest.table.rows import Lists, Rows
from kgraph.rdf import NamedNode
from kgraph.store.claimtable import ClaimTable

Numbers = npt.NDArray[np.int64]
T = TypeVar("T")
Said = defaultdict[Triple, list[tuple[int, str]]]


def assemble(
    rows: Rows,
    kept: Numbers,
    types: Sequence[str | None],
    flags: Iterable[tuple[int, str]],
    cells: Cells,
    mapping: TableMapping,
    state: State,
) -> ClaimTable:
    """The claims of these rows. `types`: the class of each new thing; `flags`: things and their editorial flags.

    Raises LimitError for more contradictions than can be kept.
    """
    said, said_starts = _filled(rows.said, kept, rows.article)
    via, via_row = rows.via.of(kept)
    ends = np.stack((rows.subject[kept], rows.relation[kept], rows.object[kept])).astype(np.int64)
    used = np.unique(np.concatenate((ends[0], ends[2], rows.article[kept], said, via))).astype(np.int64)
    new = [thing for thing in used.tolist() if types[thing] is not None]
    flags = [(thing, flag) for thing, flag in flags if thing in set(new)]
    relations = [relation.iri for relation in rows.relations]
    terms = sorted(
        {
            *(rows.things.iris[thing] for thing in used.tolist()),
            *(relations[number] for number in np.unique(ends[1]).tolist()),
            *(kind for thing in new if (kind := types[thing]) is not None),
            *(flag for _, flag in flags),
        }
    )
    place = {iri: number for number, iri in enumerate(terms)}
    of_thing = np.full(len(rows.things.iris), NONE, np.int32)
    of_thing[used] = [place[rows.things.iris[thing]] for thing in used.tolist()]
    of_relation = np.array([place.get(iri, NONE) for iri in relations], np.int32)
    new.sort(key=lambda thing: int(of_thing[thing]))
    codes, columns = _codes(rows, kept)
    times, time = _used(rows.times, rows.time[kept])
    urls, url = _used(rows.urls, rows.url[kept])
    negated = rows.is_code("polarity", state.namespaces.expand("kgs:negated"))[kept]
    outside = _outside(rows, kept, negated, state)
    said_of, via_of = _sorted(of_thing[said], said_starts), _sorted(of_thing[via], _starts(via_row, kept))
    return ClaimTable(
        sha256=cells.file.sha256,
        label=_label(mapping.label or cells.file.path.name),
        rows=cells.rows,
        mapping=mapping.digest,
        base=state.namespaces.base,
        prefixes=state.namespaces.prefixes,
        terms=tuple(terms),
        entity=of_thing[new],
        entity_type=np.array([place[str(types[thing])] for thing in new], np.int32),
        entity_label=tuple(str(rows.things.labels[thing]) for thing in new),
        flagged=np.array([of_thing[thing] for thing, _ in flags], np.int32),
        flag=np.array([place[flag] for _, flag in flags], np.int32),
        times=times,
        codes=codes,
        urls=urls,
        row=kept + 1,
        subject=of_thing[ends[0]],
        predicate=of_relation[ends[1]],
        object=of_thing[ends[2]],
        article=of_thing[rows.article[kept]],
        time=time,
        **columns,
        confidence=rows.confidence[kept],
        url=url,
        said_starts=said_starts,
        said=said_of,
        via_starts=_starts(via_row, kept),
        via=via_of,
        conflict=contradictions.within(ends, negated, columns["modality"], codes, state.schema),
        outside=np.array([number for number, _ in outside], np.int32),
        outside_iri=tuple(iri for _, iri in outside),
    )


def _label(name: str) -> str:
    """A name as a label: on one line, without the half characters a file's name can have."""
    return " ".join(name.encode("utf-8", "replace").decode().split()) or "table"


def _filled(said: Lists, kept: Numbers, article: Int32) -> tuple[Int32, Int32]:
    """Who says each claim, and where each list begins: the source itself where nobody is named."""
    counts = said.lengths(kept)
    silent = kept[counts == 0]
    things, row = said.of(kept)
    things, row = np.concatenate((things, article[silent])), np.concatenate((row, silent))
    order = np.argsort(row, kind="stable")
    return things[order], _starts(row[order], kept)


def _starts(row: Numbers, kept: Numbers) -> Int32:
    """Where the list of each kept row begins, one more for the end."""
    return np.append(np.searchsorted(row, kept), len(row)).astype(np.int32)


def _sorted(terms: Int32, starts: Int32) -> Int32:
    """Each list in ascending order."""
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return terms[np.lexsort((terms, owner))]


def _used(values: Sequence[T], column: Int32) -> tuple[tuple[T, ...], Int32]:
    """The values that a column has, and the column with places among those."""
    used = np.unique(column[column != NONE])
    places = np.full(len(values) + 1, NONE, np.int32)
    places[used] = np.arange(len(used))
    return tuple(values[number] for number in used.tolist()), places[column]


def _codes(rows: Rows, kept: Numbers) -> tuple[tuple[str, ...], dict[str, Int32]]:
    """The codes of all fields in one list, and the columns with places in it."""
    found = {field: _used(known, column[kept]) for field, (known, column) in rows.codes.items()}
    codes = sorted({code for known, _ in found.values() for code in known})
    place = {code: number for number, code in enumerate(codes)}
    columns = {
        field: np.array([*(place[code] for code in known), NONE], np.int32)[column]
        for field, (known, column) in found.items()
    }
    return tuple(codes), columns


def _outside(rows: Rows, kept: Numbers, negated: npt.NDArray[np.bool_], state: State) -> list[tuple[int, str]]:
    """The claims that contradict one of the graph: asked only of those whose ends the graph had before."""
    known = np.array([label is None for label in rows.things.labels], np.bool_)
    asked = np.flatnonzero(known[rows.subject[kept]] & known[rows.object[kept]])
    if not len(asked):
        return []
    relations = [NamedNode(relation.iri) for relation in rows.relations]
    modalities, modality = rows.codes["modality"]
    sides: tuple[Said, Said] = (defaultdict(list), defaultdict(list))
    for number, row in zip(asked.tolist(), kept[asked].tolist(), strict=True):
        subject, object_ = (NamedNode(rows.things.iris[column[row]]) for column in (rows.subject, rows.object))
        relation = subject, relations[rows.relation[row]], object_
        sides[int(negated[number])][relation].append((number, modalities[modality[row]]))
    return contradictions.with_graph(*sides, state)
