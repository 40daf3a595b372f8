"""The claim index of one generation as columns: what the verbs ask, in arrays that may lie in a mapped file.

    nodes    by IRI, so that comparing node numbers compares IRIs: `iris`, `labels`, `kind` (a place in `kinds`),
             `by_label` (nodes in the order of their names), `degree` (relations under the default lens)
    claims   in the order of (subject, predicate, object, id): `table` (kernels/steptable.py) with a record for each,
             `ids` (ten bytes, from its IRI), `time` (a place in `times`), `evidence` (see below), `by_id` (claims by
             their ids)
    plain    subject, predicate, object of triples that no claim states
    the rest small things in dictionaries (`Records`), and what columns hold the places of (`Vocabulary`)

`evidence` of a claim: a place in `passages` (tuples of span IRIs) from 0 on; NOBODY for none; else row `-2 - evidence`
of all loaded claim tables together, counted from 0, whose spans have no records: a row says it all (`RowSpans`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from kgraph.model import Quantity, Span, TimeSpan
from kgraph.traversal.claimids import ID_BYTES, claim_id
from kgraph.traversal.kernels.steptable import COMBO, NOBODY, RELAY, SOURCE, SPEAKER, StepTable, several
from kgraph.traversal.strings import Int32, Strings, UInt8
from kgraph.traversal.things import Article, Kind, Layer, MentionRecord, Node, NoteRecord

V = TypeVar("V")


class KindOfNode(NamedTuple):
    """What decides whether a walk may pass a node: its kind, most specific type, and all types."""

    kind: Kind
    type: str
    types: tuple[str, ...]


class Combo(NamedTuple):
    """The codes of a claim (IRIs) and its layer. Claims have few combinations of these."""

    layer: Layer
    status: str
    modality: str
    polarity: str
    voice: str
    certainty: str | None
    role: str | None


class Details(NamedTuple):
    """What a node has beside IRI, label and types; most nodes have nothing."""

    alt_labels: tuple[str, ...] = ()
    hidden_labels: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


class Links(NamedTuple):
    """How a claim refers to others; most claims do not."""

    conflicts_with: tuple[str, ...] = ()
    qualifies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary(Generic[V]):
    """Values by number, each once; grows at its end, so that numbers last."""

    values: tuple[V, ...] = ()

    @cached_property
    def number(self) -> dict[V, int]:
        """The number of each value."""
        return {value: i for i, value in enumerate(self.values)}

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, number: int) -> V:
        return self.values[number]

    def with_(self, values: Iterable[V]) -> Vocabulary[V]:
        """The vocabulary that has these values too."""
        new = tuple(dict.fromkeys(value for value in values if value not in self.number))
        return Vocabulary((*self.values, *new)) if new else self


@dataclass(frozen=True)
class Records:
    """The things that stand beside nodes and claims, by IRI."""

    spans: dict[str, Span] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    times: dict[str, TimeSpan] = field(default_factory=dict)
    mentions: dict[str, MentionRecord] = field(default_factory=dict)
    notes: dict[str, NoteRecord] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    details: dict[str, Details] = field(default_factory=dict)
    links: dict[str, Links] = field(default_factory=dict)

    def changed(self, gone: Iterable[str], nodes: Mapping[str, Node], new: Records) -> Records:
        """With some things gone, some new or other, and some nodes described anew; what did not change is shared."""
        found = {
            iri: details
            for iri, n in nodes.items()
            if (details := Details(n.alt_labels, n.hidden_labels, n.same_as, n.flags, n.facts)) != _NOTHING
        }
        merged: dict[str, Any] = {"details": _changed(self.details, nodes.keys(), found)}
        for name in (f.name for f in fields(self) if f.name != "details"):
            merged[name] = _changed(getattr(self, name), gone, getattr(new, name))
        return Records(**merged)


_NOTHING = Details()


def _changed(mine: dict[str, V], gone: Iterable[str], new: Mapping[str, V]) -> dict[str, V]:
    going = {iri for iri in gone if iri in mine}
    if not going and not new:
        return mine
    return dict(sorted({**{iri: thing for iri, thing in mine.items() if iri not in going}, **new}.items()))


@dataclass(frozen=True, slots=True)
class RowSpans:
    """The rows of one claim table: the hash of the table, how many rows, and which number the first one has."""

    table: str
    rows: int
    first: int

    def iri(self, space: str, row: int) -> str:
        """The IRI of the span of a row (from 1)."""
        return f"{space}span-{self.table[:12]}{row:08x}"


@dataclass(frozen=True)
class Columns:
    """One generation's claims and what they speak of. Immutable."""

    generation: int
    mark: str
    iris: Strings
    labels: Strings
    kind: Int32
    by_label: Int32
    degree: Int32
    table: StepTable
    ids: UInt8
    time: Int32
    evidence: Int32
    by_id: Int32
    plain: Int32
    kinds: Vocabulary[KindOfNode] = field(default_factory=Vocabulary)
    combos: Vocabulary[Combo] = field(default_factory=Vocabulary)
    predicates: Vocabulary[str] = field(default_factory=Vocabulary)
    sources: Vocabulary[str] = field(default_factory=Vocabulary)
    lists: Vocabulary[tuple[str, ...]] = field(default_factory=Vocabulary)
    times: Vocabulary[str] = field(default_factory=Vocabulary)
    passages: Vocabulary[tuple[str, ...]] = field(default_factory=Vocabulary)
    row_spans: tuple[RowSpans, ...] = ()
    odd_ids: dict[bytes, str] = field(default_factory=dict)
    records: Records = field(default_factory=Records)

    @classmethod
    def empty(cls) -> Columns:
        """No nodes and no claims, generation 0."""
        none = np.zeros(0, np.int32)
        table = StepTable.of(0, none, none, np.zeros((0, 8), np.int32))
        no_ids = np.zeros((0, ID_BYTES), np.uint8)
        texts = Strings.of(())
        return cls(0, "", texts, texts, none, none, none, table, no_ids, none, none, none, np.zeros((0, 3), np.int32))

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.iris)

    @property
    def claims(self) -> int:
        """How many claims there are."""
        return len(self.ids)

    @cached_property
    def entities(self) -> int:
        """How many nodes are entities: no sources, codes, classes, numbers or periods."""
        kinds = [number for number, of_node in enumerate(self.kinds.values) if of_node.kind == "entity"]
        return int(np.isin(self.kind, kinds).sum())

    @cached_property
    def label_rank(self) -> Int32:
        """Each node's place in the order of names, int32[n]."""
        rank = np.empty(self.nodes, np.int32)
        rank[self.by_label] = np.arange(self.nodes, dtype=np.int32)
        return rank

    def differences(self, other: Columns) -> tuple[str, ...]:
        """The columns in which two of one generation differ; none when they were made of the same claims, however that
        came about. Vocabularies may be numbered otherwise."""
        found = []
        mine, theirs = self._comparable(), other._comparable()
        for name, array in mine.items():
            if not np.array_equal(array, theirs[name]):
                found.append(name)
        found += [f.name for f in fields(Records) if getattr(self.records, f.name) != getattr(other.records, f.name)]
        return tuple(found)

    def _agents(self, names: tuple[str, ...]) -> int | str:
        """A list of agents as it compares: one who is a node by now is that node."""
        node = self.iris.find(names[0]) if len(names) == 1 else NOBODY
        return node if node >= 0 else str(names)

    def _comparable(self) -> dict[str, np.ndarray[Any, Any]]:
        table = self.table._asdict()
        records = table.pop("records")
        combos = np.array([*map(str, self.combos.values), ""], object)
        sources = np.array([*self.sources.values, ""], object)
        passages = np.array([*map(str, self.passages.values), ""], object)
        arrays = {
            **table,
            "iris": self.iris.blob,
            "labels": self.labels.blob,
            "kinds": np.array([*map(str, self.kinds.values), ""], object)[self.kind],
            "by_label": self.by_label,
            "degree": self.degree,
            "ids": self.ids,
            "by_id": self.by_id,
            "plain": self.plain,
            "records": np.delete(records, (COMBO, SOURCE, SPEAKER, RELAY), axis=1),
            "combos": combos[records[:, COMBO]],
            "sources": sources[records[:, SOURCE]],
            "times": np.array([*self.times.values, ""], object)[self.time],
            "evidence": np.where(self.evidence < NOBODY, "", passages[np.maximum(self.evidence, NOBODY)]),
        }
        for name, column in (("speakers", SPEAKER), ("relays", RELAY)):
            lists = np.array([*map(self._agents, self.lists.values), ""], object)
            agents = records[:, column]
            arrays[name] = np.where(agents < NOBODY, lists[np.where(agents < NOBODY, several(0) - agents, -1)], agents)
        return arrays

    def subject_of(self, step: int) -> int:
        """The node that is the subject of a step."""
        return int(np.searchsorted(self.table.indptr, step, "right")) - 1

    def claim_iri(self, claim: int, space: str) -> str:
        """The IRI of a claim; `space` is the namespace of data."""
        id_ = self.ids[claim].tobytes()
        return self.odd_ids.get(id_) or f"{space}claim-{id_.hex()}"

    def claim_number(self, iri: str, space: str) -> int:
        """The number of a claim; -1 where there is none of this IRI."""
        id_ = claim_id(iri, space)
        place = self.place_of_id(id_)
        if place < self.claims and self.ids[self.by_id[place]].tobytes() == id_:
            found = int(self.by_id[place])
            return found if self.claim_iri(found, space) == iri else -1
        return -1

    def place_of_id(self, id_: bytes) -> int:
        """Where an id stands, or would stand, in `by_id`."""
        low, high = 0, self.claims
        while low < high:
            middle = (low + high) // 2
            if self.ids[self.by_id.item(middle)].tobytes() < id_:
                low = middle + 1
            else:
                high = middle
        return low

    def has_any(self, ids: UInt8) -> bool:
        """Whether some of these ids, uint8[k, 10], are those of claims."""
        mine, theirs = (np.ascontiguousarray(these[:, :8]).view(">u8").ravel() for these in (self.ids, ids))
        alike = ids[np.isin(theirs, mine)]
        places = ((id_.tobytes(), self.place_of_id(id_.tobytes())) for id_ in alike)
        return any(at < self.claims and self.ids[self.by_id.item(at)].tobytes() == id_ for id_, at in places)

    def row_of(self, evidence: int) -> tuple[RowSpans, int]:
        """The table and row (from 1) of an `evidence` below NOBODY."""
        number = -2 - evidence
        for spans in reversed(self.row_spans):
            if spans.first <= number:
                return spans, number - spans.first + 1
        raise KeyError(evidence)

    def row_span(self, iri: str, space: str) -> int:
        """The `evidence` that the span of a table's row has; NOBODY for anything else."""
        name = iri.removeprefix(f"{space}span-")
        if len(name) == 12 + 8 and name != iri:
            for spans in self.row_spans:
                if spans.table.startswith(name[:12]):
                    row = _hex(name[12:])
                    return -2 - (spans.first + row - 1) if 1 <= row <= spans.rows else NOBODY
        return NOBODY


def _hex(text: str) -> int:
    """The number that eight digits say; 0 for anything else, such as digits written otherwise."""
    try:
        number = int(text, 16)
    except ValueError:
        return 0
    return number if f"{number:08x}" == text else 0
