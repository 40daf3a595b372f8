"""Nodes, claims and passages by IRI, made of columns when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from kgraph.model import Span
from kgraph.namespaces import Namespaces
from kgraph.traversal.columns import Columns, Details
from kgraph.traversal.kernels.steptable import NOBODY, SOURCE
from kgraph.traversal.things import ClaimRecord, Node

T = TypeVar("T")

REMEMBERED = 50_000
_NOTHING = Details()


class _Made(Mapping[str, T], Generic[T]):
    """A mapping whose values are made on demand; those made last stay."""

    def __init__(self) -> None:
        self._made: dict[str, T] = {}

    def _make(self, iri: str) -> T:
        """Raises KeyError."""
        raise NotImplementedError

    def __getitem__(self, iri: str) -> T:
        made = self._made.get(iri)
        if made is None:
            made = self._keep(iri, self._make(iri))
        return made

    def _keep(self, iri: str, made: T) -> T:
        if len(self._made) > REMEMBERED:
            self._made.clear()
        self._made[iri] = made
        return made

    def __contains__(self, iri: object) -> bool:
        return iri in self._made or (isinstance(iri, str) and self._has(iri))

    def _has(self, iri: str) -> bool:
        raise NotImplementedError


class NodesByIri(_Made[Node]):
    """The nodes of columns, and the rows of loaded tables as passages."""

    def __init__(self, columns: Columns, namespaces: Namespaces) -> None:
        super().__init__()
        self._columns, self._space = columns, namespaces.id
        self._type_of_rows = f"{namespaces.kg}EvidenceSpan"
        self._numbers: dict[str, int] = {}

    def number(self, iri: str) -> int:
        """The number of a node in the columns; -1 where it is none of theirs."""
        number = self._numbers.get(iri)
        if number is None:
            number = self._columns.iris.find(iri)
            self._learn(iri, number)
        return number

    def iri(self, number: int) -> str:
        """The IRI of a node of the columns; its number is at hand from then on."""
        iri = self._columns.iris[number]
        self._learn(iri, number)
        return iri

    def _learn(self, iri: str, number: int) -> None:
        if len(self._numbers) > REMEMBERED:
            self._numbers.clear()
        self._numbers[iri] = number

    def _has(self, iri: str) -> bool:
        return self.number(iri) >= 0 or self._columns.row_span(iri, self._space) < NOBODY

    def _make(self, iri: str) -> Node:
        columns = self._columns
        number = self.number(iri)
        if number < 0:
            row = columns.row_span(iri, self._space)
            if row == NOBODY:
                raise KeyError(iri)
            return Node(iri, "document", f"row {columns.row_of(row)[1]}", self._type_of_rows)
        kind = columns.kinds[columns.kind.item(number)]
        details = columns.records.details.get(iri, _NOTHING)
        return Node(iri, kind.kind, columns.labels[number], kind.type, kind.types, *details)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.iris)

    def __len__(self) -> int:
        return self._columns.nodes


class ClaimsByIri(_Made[ClaimRecord]):
    """The claims of columns; `record` makes the one of a number."""

    def __init__(self, columns: Columns, space: str, record: Callable[[int], ClaimRecord]) -> None:
        super().__init__()
        self._columns, self._space, self._record = columns, space, record

    def number(self, iri: str) -> int:
        """The number of a claim in the columns; -1 where there is none."""
        return self._columns.claim_number(iri, self._space)

    def _has(self, iri: str) -> bool:
        return self.number(iri) >= 0

    def _make(self, iri: str) -> ClaimRecord:
        number = self._columns.claim_number(iri, self._space)
        if number < 0:
            raise KeyError(iri)
        return self._record(number)

    def __iter__(self) -> Iterator[str]:
        """By their ids, which is the order of their IRIs where those say the ids."""
        return (self._columns.claim_iri(number, self._space) for number in self._columns.by_id.tolist())

    def __len__(self) -> int:
        return self._columns.claims


class SpansByIri(_Made[Span]):
    """The passages that have records, and the rows of loaded tables. Only the former are iterated over."""

    def __init__(self, columns: Columns, namespaces: Namespaces) -> None:
        super().__init__()
        self._columns, self._ns = columns, namespaces

    def _has(self, iri: str) -> bool:
        return iri in self._columns.records.spans or self._columns.row_span(iri, self._ns.id) < NOBODY

    def _make(self, iri: str) -> Span:
        found = self._columns.records.spans.get(iri)
        if found is not None:
            return found
        evidence = self._columns.row_span(iri, self._ns.id)
        if evidence == NOBODY:
            raise KeyError(iri)
        return self._row(iri, evidence, self._article(evidence))

    def _article(self, evidence: int) -> str:
        """The article of the claim that a row of a table became; the empty text where it became none."""
        columns, order = self._columns, self._by_evidence
        place = int(np.searchsorted(columns.evidence, evidence, sorter=order))
        if place == len(order) or columns.evidence.item(order.item(place)) != evidence:
            return ""
        return columns.sources[columns.table.records.item(order.item(place), SOURCE)]

    @cached_property
    def _by_evidence(self) -> npt.NDArray[np.intp]:
        return np.argsort(self._columns.evidence)

    def of_row(self, evidence: int, article: str) -> str:
        """The IRI of a row of a table, whose claim is in this article; what is needed of it stays at hand."""
        spans, row = self._columns.row_of(evidence)
        iri = spans.iri(self._ns.id, row)
        if iri not in self._made:
            self._keep(iri, self._row(iri, evidence, article))
        return iri

    def _row(self, iri: str, evidence: int, article: str) -> Span:
        spans, row = self._columns.row_of(evidence)
        compress = self._ns.compress
        return Span(compress(iri), compress(article), None, None, None, None, None, spans.table, row)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.records.spans)

    def __len__(self) -> int:
        return len(self._columns.records.spans)
