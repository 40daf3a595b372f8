"""What loading and checking report."""

from __future__ import annotations

from asyncio import Future
from dataclasses import dataclass
from typing import Any, Protocol

from kgraph.model.answers import Verdict
from kgraph.model.claims import Claim


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A literal made canonical on the way in."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What `load` (or `validate`, with `committed` false) did.

    `generation` is the one the graph is at afterwards; a load that changes nothing makes no commit. Of claim tables it
    tells how many rows were read and how many refused, the first of these (`refusals`), and the files with all of them.
    """

    committed: bool
    generation: int
    entities: int
    claims: int
    added: int
    removed: int
    unchanged: int
    conflicts: tuple[tuple[str, str], ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    skolemised: int = 0
    files: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    rows: int = 0
    refused: int = 0
    refusals: tuple[str, ...] = ()
    refused_files: tuple[str, ...] = ()

    def __add__(self, later: LoadReport) -> LoadReport:
        """What two loads did, one after the other."""
        return LoadReport(
            committed=self.committed or later.committed,
            generation=later.generation,
            **{
                name: getattr(self, name) + getattr(later, name)
                for name in self.__dataclass_fields__
                if name not in ("committed", "generation")
            },
        )


@dataclass(frozen=True, slots=True)
class Holding:
    """A commit that says something of a claim: its number, `time` (ISO 8601, UTC), author and message, and the ids of
    the other `claims` of which it adds something, and of those of which it only removes something (`restored`: they are
    there again, or as they were, where it is redacted)."""

    seq: int
    time: str
    author: str
    message: str
    claims: tuple[str, ...]
    restored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RedactionReport:
    """What `redact` did: the commits `redacted` by commit `seq`, how many quads they had added (`erased`) and how many
    they had removed (`restored`: those are there again unless another commit removes them), what was `mended` after it
    (quads added and removed so that direct triples follow from the claims that are left), and what claims that are left
    now lack (`dangling`)."""

    seq: int
    redacted: tuple[int, ...]
    generation: int
    erased: int
    restored: int
    mended: tuple[int, int]
    dangling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A backup that was made, or restored: its `place`, the `generation` it holds, when it was `made` (ISO 8601, UTC),
    and its `files` with their `bytes`."""

    place: str
    generation: int
    made: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class GraphChange:
    """What two generations differ in within one graph: `graph` is its CURIE or IRI, "" for the default graph; quads are
    lines of N-Quads, sorted."""

    graph: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What generation `after` has and `before` has not (`added`), and the other way round (`removed`): quads by graph,
    and claims whole, as the generation that has them tells them."""

    before: int
    after: int
    graphs: tuple[GraphChange, ...]
    claims_added: tuple[Claim, ...]
    claims_removed: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update, or a graph that was put, added to or deleted, changed.

    `generation` is the one the graph is at afterwards; what changes nothing makes no commit. `added` and `removed`
    count quads, `created` and `dropped` are the IRIs of named graphs that came and went.
    """

    committed: bool
    generation: int
    added: int
    removed: int
    created: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`: what was checked, whether it holds, and what was seen."""

    check: str
    ok: bool
    detail: str


class Progress(Protocol):
    """Told how far the work is: a stage, how much of it is done, and of how much where that is known."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much a graph holds, whatever a claim's status or modality."""

    entities: int
    claims: int


@dataclass(frozen=True, slots=True)
class SparqlAnswer:
    """An answer as it goes out. `form` is SELECT, ASK, CONSTRUCT, DESCRIBE or GRAPH; `media_type` with its charset.

    A whole graph has the `tag` of what it holds; `verdicts` are of the path searches in the query (`SERVICE kg:path`),
    in their order.
    """

    form: str
    media_type: str
    body: bytes
    generation: int
    verdicts: tuple[Verdict, ...] = ()
    tag: str = ""


class SparqlBegun(Protocol):
    """A query that is being evaluated. When `reply` is done, `answer` gives the answer, or raises as `sparql` does."""

    @property
    def reply(self) -> Future[Any]: ...
    def answer(self) -> SparqlAnswer: ...


@dataclass(frozen=True, slots=True)
class SparqlLoad:
    """What the processes that evaluate SPARQL are at: `children` that are there and those `busy`; requests `waiting`,
    by lane; children `killed` since the start, by reason."""

    children: int
    busy: int
    waiting: dict[str, int]
    killed: dict[str, int]


@dataclass(frozen=True, slots=True)
class Following:
    """How far a graph is that follows another one: the `writer`'s address, if it has one; the generation that is
    `acknowledged` there; the commits of it that are not answered here yet (`lag`); seconds since it was `looked`."""

    writer: str | None
    acknowledged: int
    lag: int
    looked: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Which generation each part of a graph is at: the `journal`, the `store`, the `index` that the verbs read, and the
    `snapshot` that SPARQL reads (None before the first query). They may differ while somebody is `writing`."""

    journal: int
    store: int
    index: int
    snapshot: int | None
    writing: bool

    @property
    def agrees(self) -> bool:
        """Whether store and index are where the journal is, or on their way."""
        return self.writing or self.journal == self.store == self.index


@dataclass(frozen=True, slots=True)
class Durations:
    """How long something took: how often at most each of the `bounds` (seconds), how often at all, and in sum."""

    bounds: tuple[float, ...]
    within: tuple[int, ...]
    count: int
    seconds: float
