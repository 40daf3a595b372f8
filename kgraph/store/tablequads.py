"""What a claim table says in RDF: the quads a claim file with the same claims would give, made column by column.

A million claims are fifteen million quads, so no quad is made by itself: whole slices of rows are joined to lines of
N-Quads at once. What is not of a row (entities, times, the table's own node, direct triples, conflicts) comes once.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kgraph import formats, rdf
from kgraph.rdf import Literal, Quad
from kgraph.store.claimtable import NONE, ClaimTable, Int32
from kgraph.store.tableids import claims_named, hexadecimal

SLICE: Final = 20_000
"""Claims that are expanded at once: sixty megabytes of N-Quads."""
_ROW_DIGITS: Final = 8

Places = npt.NDArray[np.intp]
Column = Any
"""A pyarrow array of texts, or one text that stands in every row."""


class TableQuads:
    """The quads of a table, as lines of N-Quads, in no particular order, each of them once."""

    def __init__(self, table: ClaimTable) -> None:
        self._table = table
        self._ns = table.namespaces
        self._claims = f" <{self._ns.graph('claims')}> .\n"
        self._entities = f" <{self._ns.graph('entities')}> .\n"

    def lines(self) -> Iterator[bytes]:
        """All of them, in pieces of whole lines."""
        yield self._declarations()
        yield from self._reported()
        for start in range(0, self._table.claims, SLICE):
            yield from self._of_claims(np.arange(start, min(start + SLICE, self._table.claims)))
        yield from self._conflicts()

    def quads(self) -> Iterator[Quad]:
        """The same as quads, for tables small enough to be looked at one by one."""
        for piece in self.lines():
            yield from rdf.parse(piece, formats.NQUADS, file=self._table.label)

    def of_claim(self, place: int) -> tuple[Quad, ...]:
        """What is said of one claim and of its evidence, but for its conflicts; without the relation it justifies."""
        pieces = b"".join(self._of_claims(np.array([place])))
        return tuple(rdf.parse(pieces, formats.NQUADS, file=self._table.label))

    def of_subjects(self, iris: Iterable[str]) -> tuple[Quad, ...]:
        """What is said of some things: claims with their conflicts, rows, times, entities, the table; without
        relations."""
        named = set(iris)
        wanted = {f"<{iri}>".encode() for iri in named}
        lines = [line for node in wanted for line in self._declared.get(node, ())]
        places = self._places(named)
        pieces = [p for at in range(0, len(places), SLICE) for p in self._of_claims(places[at : at + SLICE])]
        if len(places) or not named.isdisjoint(self._table.outside_iri):
            pieces += self._conflicts()
        lines += (line for piece in pieces for line in piece.splitlines(keepends=True) if _subject(line) in wanted)
        return tuple(rdf.parse(b"".join(lines), formats.NQUADS, file=self._table.label))

    def _places(self, iris: Iterable[str]) -> Places:
        """The claims that some of these IRIs name, or whose rows they name."""
        table, digests, rows = self._table, set[bytes](), list[int]()
        for iri in iris:
            digest, row = iri.removeprefix(f"{self._ns.id}claim-"), iri.removeprefix(table.span_stem)
            with contextlib.suppress(ValueError):
                if digest != iri:
                    digests.add(bytes.fromhex(digest))
                elif row != iri and len(row) == _ROW_DIGITS:
                    rows.append(int(row, 16))
        found = np.isin(table.row, np.array(rows, np.int64)) if rows else np.zeros(table.claims, np.bool_)
        found[claims_named(table.digests, digests)] = True
        return np.flatnonzero(found)

    @cached_property
    def _declared(self) -> dict[bytes, list[bytes]]:
        """The lines of what is not of a row, by their subject."""
        found: dict[bytes, list[bytes]] = defaultdict(list)
        for line in self._declarations().splitlines(keepends=True):
            found[_subject(line)].append(line)
        return found

    def count(self) -> int:
        """How many there are, without making them."""
        table = self._table
        claims = 14 * table.claims + len(table.said) + len(table.via)
        claims += sum(int(np.count_nonzero(c != NONE)) for c in (table.time, table.role, table.certainty, table.url))
        claims += int(np.count_nonzero(~np.isnan(table.confidence)))
        times = sum(4 + (time.earliest is not None) + (time.latest is not None) for time in table.times)
        conflicts = 2 * (len(table.conflict) + len(table.outside))
        return 4 + 2 * len(table.entity) + len(table.flag) + times + len(self._justified) + claims + conflicts

    # -------------------------------------------------------------- claims and their evidence

    def _of_claims(self, places: Places) -> Iterator[bytes]:
        table = self._table
        claim = self._claim_nodes(places)
        span = pc.binary_join_element_wise(
            f"<{table.span_stem}", hexadecimal(table.row[places].astype(">u4").view(np.uint8).reshape(-1, 4)), ">", ""
        )
        article = self._nodes.take(table.article[places])
        row = pc.binary_join_element_wise(
            '"', pc.cast(pa.array(table.row[places]), pa.string()), self._typed('"', "xsd:integer"), ""
        )
        first = table.said[table.said_starts[places]]
        yield self._joined(
            (claim, "rdf:type", self._node("kg:Claim")),
            (claim, "rdf:subject", self._nodes.take(table.subject[places])),
            (claim, "rdf:predicate", self._nodes.take(table.predicate[places])),
            (claim, "rdf:object", self._nodes.take(table.object[places])),
            (claim, "kg:assertedIn", article),
            (claim, "kg:attributedTo", self._nodes.take(first)),
            (claim, "kg:evidence", span),
            (claim, "kg:voice", self._node("kgs:tabular")),
            (claim, "kg:polarity", self._codes.take(table.polarity[places])),
            (claim, "kg:modality", self._codes.take(table.modality[places])),
            (claim, "kg:status", self._node("kgs:current")),
            (span, "rdf:type", self._node("kg:EvidenceSpan")),
            (span, "kg:article", article),
            (span, "kg:table", f'"{table.sha256}"'),
            (span, "kg:row", row),
        )
        yield from self._some(claim, "kg:time", table.time[places], self._times)
        yield from self._some(claim, "kg:role", table.role[places], self._codes)
        yield from self._some(claim, "kg:sourceCertainty", table.certainty[places], self._codes)
        yield from self._some(span, "schema:url", table.url[places], self._urls)
        stated, values = self._confidences
        yield from self._some(claim, "kg:extractionConfidence", stated[places], values)
        yield from self._several(claim, places, "kg:attributedTo", table.said_starts, table.said, skip=1)
        yield from self._several(claim, places, "kg:reportedVia", table.via_starts, table.via)

    def _claim_nodes(self, places: Places | Int32) -> Column:
        digests = hexadecimal(self._table.digests[places])
        return pc.binary_join_element_wise(f"<{self._ns.id}claim-", digests, ">", "")

    def _some(self, subject: Column, predicate: str, places: Int32, values: Column) -> Iterator[bytes]:
        """The lines of a property that not every claim has."""
        rows = np.flatnonzero(places != NONE)
        if len(rows):
            yield self._joined((subject.take(rows), predicate, values.take(places[rows])))

    def _several(
        self, claim: Column, places: Places, predicate: str, starts: Int32, terms: Int32, skip: int = 0
    ) -> Iterator[bytes]:
        """The lines of a property with a list of values, but for the first few of each list."""
        begin, count = starts[places] + skip, starts[places + 1] - starts[places] - skip
        if count.any():
            rows = np.repeat(np.arange(len(places)), count)
            nth = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
            yield self._joined((claim.take(rows), predicate, self._nodes.take(terms[begin[rows] + nth])))

    def _joined(self, *triples: tuple[Column, str, Column], graph: str | None = None) -> bytes:
        """Lines with these subjects, predicates (CURIEs) and objects, row by row; the rows' lines follow each other."""
        end = self._claims if graph is None else graph
        parts: list[Column] = [""]
        for subject, predicate, value in triples:
            for part in (subject, f" {self._node(predicate)} ", value, end):
                if isinstance(part, str) and isinstance(parts[-1], str):
                    parts[-1] += part
                else:
                    parts.append(part)
        return _bytes(pc.binary_join_element_wise(*parts, ""))

    # -------------------------------------------------------------- what is said once

    def _declarations(self) -> bytes:
        table, node = self._table, self._node
        this = f"<{table.iri}>"
        pairs = [
            (this, "rdf:type", node("kg:Dataset")),
            (this, "skos:prefLabel", _english(table.label)),
            (this, "kg:textHash", f'"{table.sha256}"'),
            (this, "kg:textLength", self._typed(f'"{table.rows}"', "xsd:integer")),
        ]
        for place, type_place, label in zip(table.entity, table.entity_type, table.entity_label, strict=True):
            entity = f"<{table.terms[place]}>"
            pairs.append((entity, "rdf:type", f"<{table.terms[type_place]}>"))
            pairs.append((entity, "skos:prefLabel", _english(label)))
        for place, flag in zip(table.flagged, table.flag, strict=True):
            pairs.append((f"<{table.terms[place]}>", table.terms[flag], self._typed('"true"', "xsd:boolean")))
        described = "".join(f"{s} {node(p)} {o}{self._entities}" for s, p, o in pairs)
        return (described + "".join(self._time_lines())).encode()

    def _time_lines(self) -> Iterator[str]:
        for time in self._table.times:
            days = [(p, d) for p, d in (("kg:earliest", time.earliest), ("kg:latest", time.latest)) if d is not None]
            pairs = [
                ("rdf:type", self._node("kg:TimeSpan")),
                ("kg:surfaceForm", _english(time.text)),
                ("kg:edtf", self._typed(str(Literal(time.edtf)), "edtf:EDTF")),
                *((predicate, self._typed(f'"{day}"', "xsd:date")) for predicate, day in days),
                ("kg:dateBasis", f"<{time.basis}>"),
            ]
            yield from (f"<{time.iri}> {self._node(p)} {value}{self._claims}" for p, value in pairs)

    @cached_property
    def _justified(self) -> Places:
        """One claim for each relation that stands: affirmed and reported (a table's claims are all current)."""
        table = self._table
        codes = {code: place for place, code in enumerate(table.codes)}
        affirmed, reported = (codes.get(self._ns.expand(c), NONE - 1) for c in ("kgs:affirmed", "kgs:reported"))
        claims = np.flatnonzero((table.polarity == affirmed) & (table.modality == reported))
        ends = np.stack([column[claims] for column in (table.subject, table.predicate, table.object)])
        order = np.lexsort(ends[::-1])
        ends = ends[:, order]
        first = np.ones(len(order), np.bool_)
        first[1:] = (ends[:, 1:] != ends[:, :-1]).any(axis=0)
        return claims[order[first]]

    def _reported(self) -> Iterator[bytes]:
        """The relations that stand, each once."""
        table, graph = self._table, f" <{self._ns.graph('reported')}> .\n"
        for start in range(0, len(self._justified), SLICE):
            rows = self._justified[start : start + SLICE]
            ends = (self._nodes.take(column[rows]) for column in (table.subject, table.predicate, table.object))
            yield _bytes(pc.binary_join_element_wise(pc.binary_join_element_wise(*ends, " "), graph, ""))

    def _conflicts(self) -> Iterator[bytes]:
        """Both directions of each contradiction, in the table and with claims there were before."""
        table = self._table
        for start in range(0, len(table.conflict), SLICE):
            pairs = table.conflict[start : start + SLICE]
            one, other = self._claim_nodes(pairs[:, 0]), self._claim_nodes(pairs[:, 1])
            yield self._joined((one, "kg:conflictsWith", other), (other, "kg:conflictsWith", one))
        if len(table.outside):
            ours, theirs = self._claim_nodes(table.outside), _iris(table.outside_iri)
            yield self._joined((ours, "kg:conflictsWith", theirs), (theirs, "kg:conflictsWith", ours))

    # -------------------------------------------------------------- terms

    @cached_property
    def _nodes(self) -> pa.StringArray:
        return _iris(self._table.terms)

    @cached_property
    def _codes(self) -> pa.StringArray:
        return _iris(self._table.codes)

    @cached_property
    def _times(self) -> pa.StringArray:
        return _iris(time.iri for time in self._table.times)

    @cached_property
    def _urls(self) -> pa.StringArray:
        return pa.array([self._typed(str(Literal(url)), "xsd:anyURI") for url in self._table.urls], pa.string())

    @cached_property
    def _confidences(self) -> tuple[Int32, pa.StringArray]:
        """For each claim the place of its confidence among the different ones, and those as literals."""
        values, places = np.unique(self._table.confidence, return_inverse=True)
        stated = np.where(np.isnan(values), NONE, np.arange(len(values)))
        lexical = (format(Decimal(repr(float(value))).normalize(), "f") for value in values)
        literals = pa.array([self._typed(f'"{text}"', "xsd:decimal") for text in lexical], pa.string())
        return stated[places].astype(np.int32), literals

    def _node(self, curie: str) -> str:
        return f"<{self._ns.expand(curie)}>"

    def _typed(self, quoted: str, datatype: str) -> str:
        return f"{quoted}^^{self._node(datatype)}"


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]


def _iris(iris: Iterable[str]) -> pa.StringArray:
    return pa.array([f"<{iri}>" for iri in iris], pa.string())


def _english(text: str) -> str:
    return str(Literal(text, language="en"))


def _bytes(lines: pa.StringArray) -> bytes:
    """The texts of a column one after the other: they lie so in its memory."""
    _, offsets, data = lines.buffers()
    size = np.frombuffer(offsets, np.int32)[len(lines)]
    content: bytes = data.slice(0, size).to_pybytes()
    return content
