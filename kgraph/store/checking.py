"""Whether a store holds what its journal says: quad by quad, or, where they are millions, by the hash of each.

The hashes are 64 bits: that one wrong quad among a hundred million passes for a right one is less likely than one in a
thousand million times. Of what differs an example is looked up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from kgraph import rdf
from kgraph.errors import StorageError
from kgraph.model import Finding
from kgraph.rdf import NamedNode, Quad
from kgraph.store import changes
from kgraph.store.base import QuadStore
from kgraph.store.journal import Journal

MANY: Final = 2_000_000
"""Quads of a journal from which on hashes are compared: as objects they would take a gigabyte."""

Hashes = npt.NDArray[np.int64]
_NONE: Final = np.empty(0, np.int64)


def is_large(journal: Journal) -> bool:
    """Whether a journal's quads are too many to be held as objects."""
    return sum(commit.added for commit in journal.commits() if not journal.redaction(commit.seq)) > MANY


def compare(journal: Journal, store: QuadStore) -> Finding:
    """The store against the journal."""
    try:
        return _by_hash(journal, store) if is_large(journal) else _quad_by_quad(journal, store)
    except StorageError as error:
        return Finding("store", False, error.detail)


def _quad_by_quad(journal: Journal, store: QuadStore) -> Finding:
    expected, found = journal.replay(), set(store.quads())
    if found == expected:
        digest = hashlib.sha256(rdf.nquads(found)).hexdigest()
        return Finding("store", True, f"{len(found)} quads as the journal has them, SHA-256 {digest}")
    missing, extra = expected - found, found - expected
    return _differs(len(missing), len(extra), min(missing or extra, key=rdf.sort_key))


def _by_hash(journal: Journal, store: QuadStore) -> Finding:
    expected, found = _expected(journal), np.unique(_hashes(store.quads()))
    if np.array_equal(found, expected):
        return Finding("store", True, f"{len(found)} quads as the journal has them, by the hash of each")
    missing, extra = (np.setdiff1d(*pair, assume_unique=True) for pair in ((expected, found), (found, expected)))
    wanted = set((missing if len(missing) else extra).tolist())
    quads = chain.from_iterable(quads for _, quads in changes.of(journal)) if len(missing) else store.quads()
    return _differs(len(missing), len(extra), next(quad for quad in quads if hash(quad) in wanted))


def _differs(missing: int, extra: int, example: Quad) -> Finding:
    return Finding("store", False, f"{missing} quads missing, {extra} too many, such as {example}")


def _expected(journal: Journal) -> Hashes:
    """The hashes of what all commits together leave, ascending: the last commit that touched a quad decides on it."""
    with_graphs = any(commit.dropped for commit in journal.commits())
    hashes, added, graphs = [_NONE], [np.empty(0, np.bool_)], [_NONE]
    dropped: list[tuple[int, int]] = []
    count = 0
    for change, quads in changes.of(journal):
        if isinstance(change, NamedNode):
            dropped.append((count, hash(change)))
            continue
        each = list(quads) if with_graphs else quads
        hashes.append(_hashes(each))
        count += len(hashes[-1])
        added.append(np.full(len(hashes[-1]), change))
        if with_graphs:
            graphs.append(np.fromiter((hash(quad.graph_name) for quad in each), np.int64))
    whole, stays = np.concatenate(hashes), np.concatenate(added)
    for before, graph in dropped:
        stays[:before] &= np.concatenate(graphs)[:before] != graph
    order = np.argsort(whole, kind="stable")
    last = np.ones(count, np.bool_)
    last[:-1] = whole[order[1:]] != whole[order[:-1]]
    decided = order[last]
    kept: Hashes = whole[decided[stays[decided]]]
    return kept


def _hashes(quads: Iterable[Quad]) -> Hashes:
    return np.fromiter((hash(quad) for quad in quads), np.int64)
