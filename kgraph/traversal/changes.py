"""What becomes other from one generation's columns to the next: new nodes, new claims, what goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kgraph.traversal.columns import Columns, Combo, Records, RowSpans
from kgraph.traversal.strings import Int32, UInt8
from kgraph.traversal.things import Node

Triple = tuple[str, str, str]


class Rows(NamedTuple):
    """k claims as arrays: ends and agents are numbers of nodes, the rest are places in the vocabularies."""

    subject: Int32
    object: Int32
    records: Int32
    ids: UInt8
    time: Int32
    evidence: Int32

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Several as one."""
        subject, object_, records, ids, time, evidence = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return cls(subject, object_, records, ids, time, evidence)

    def taken(self, order: npt.NDArray[np.intp]) -> Rows:
        """Those at some places, in that order."""
        return Rows(*(array[order] for array in self))  # type: ignore[arg-type]


@dataclass
class Change:
    """What becomes other from one generation to the next.

    `nodes` are new or described anew; `gone` are IRIs of claims that go or come anew, `records_gone` those of other
    things; `rows` makes the new claims' arrays for the columns they will stand in, whose nodes and vocabularies are
    settled by then.
    """

    generation: int
    mark: str
    rows: Callable[[Columns], Iterable[Rows]]
    nodes: Mapping[str, Node] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    records_gone: frozenset[str] = frozenset()
    records: Records = field(default_factory=Records)
    plain_gone: frozenset[Triple] = frozenset()
    plain: frozenset[Triple] = frozenset()
    combos: Iterable[Combo] = ()
    predicates: Iterable[str] = ()
    sources: Iterable[str] = ()
    lists: Iterable[tuple[str, ...]] = ()
    times: Iterable[str] = ()
    passages: Iterable[tuple[str, ...]] = ()
    row_spans: tuple[RowSpans, ...] = ()
    odd_ids: Mapping[bytes, str] = field(default_factory=dict)
