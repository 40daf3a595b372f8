"""What the commits of a journal do, one thing after the other, however large they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgraph import formats, rdf
from kgraph.rdf import NamedNode, Quad
from kgraph.store.journal import Journal

Change = tuple[bool | NamedNode, Iterable[Quad]]
"""A graph that is dropped, and no quads; or quads that are removed (False) or added (True)."""


def of(journal: Journal, after: int = 0, until: int | None = None) -> Iterator[Change]:
    """The changes of the commits after a generation until another (None: the last), in order.

    Raises DamagedError naming the commit.
    """
    for commit in journal.commits(after=after):
        if until is not None and commit.seq > until:
            return
        if commit.only_adds:
            yield True, _parsed(journal.lines(commit.seq))
            continue
        delta = journal.delta(commit.seq)
        yield from ((graph, ()) for graph in delta.dropped)
        yield False, delta.removed
        yield True, delta.added


def _parsed(lines: Iterable[bytes]) -> Iterator[Quad]:
    for piece in lines:
        yield from rdf.parse(piece, formats.NQUADS, file="payload")
