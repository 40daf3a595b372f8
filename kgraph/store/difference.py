"""What lies between two generations: the quads that one has and the other has not.

Commits tell what they change, not what that came to: a quad may be added twice, or removed and added again. So the
journal is gone through once, and only quads are followed that some commit between the two touches.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kgraph.errors import LimitError
from kgraph.rdf import NamedNode, Quad
from kgraph.store import changes
from kgraph.store.journal import Journal

MOST: Final = 2_000_000
"""Quads between two generations that are held: a gigabyte."""


def difference(journal: Journal, before: int, after: int) -> tuple[set[Quad], set[Quad]]:
    """The quads to add and to remove to come from generation `before` to `after`, either of which may be the older.

    Raises LimitError where commits between them touch more than MOST quads, DamagedError.
    """
    if before > after:
        added, removed = difference(journal, after, before)
        return removed, added
    between = [commit for commit in journal.commits(after=before) if commit.seq <= after]
    if sum(commit.added + commit.removed for commit in between if not journal.redaction(commit.seq)) > MOST:
        raise LimitError("diff", f"{MOST:,} quads", f"more than {MOST:,} quads lie between {before} and {after}")
    touched: set[Quad] = set()
    dropped: set[NamedNode] = set()
    for change, quads in changes.of(journal, after=before, until=after):
        if isinstance(change, NamedNode):
            dropped.add(change)
        else:
            touched.update(quads)
    old: set[Quad] = set()
    _replay(old, changes.of(journal, until=before), touched, dropped)
    new = set(old)
    _replay(new, changes.of(journal, after=before, until=after), touched, dropped)
    return new - old, old - new


def _replay(state: set[Quad], changed: Iterable[changes.Change], touched: set[Quad], dropped: set[NamedNode]) -> None:
    """Follow the quads that matter through some changes."""
    for change, quads in changed:
        if isinstance(change, NamedNode):
            state.difference_update([quad for quad in state if quad.graph_name == change])
            continue
        mine = (quad for quad in quads if quad in touched or quad.graph_name in dropped)
        if change:
            state.update(mine)
        else:
            state.difference_update(mine)
