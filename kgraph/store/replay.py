"""The quads of a generation from a journal too large to be replayed in memory: what was done to each is sorted."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from kgraph import formats, rdf
from kgraph.rdf import NamedNode, Quad
from kgraph.spool import Sorter
from kgraph.store import changes
from kgraph.store.journal import Journal

_CHUNK: Final = 10_000


def spooled(journal: Journal, until: int, folder: Path | None) -> Iterator[Quad]:
    """The quads that the commits up to a generation leave, as `Journal.replay` has them, by way of files in `folder`.

    Raises DamagedError naming the commit, at once; StorageFullError or StorageError.
    """
    done = Sorter[tuple[bytes, int, bool]](folder)
    dropped: dict[str, int] = {}
    for number, (change, quads) in enumerate(changes.of(journal, until=until)):
        if isinstance(change, NamedNode):
            dropped[change.value] = number
            continue
        rest = iter(quads)
        while chunk := list(itertools.islice(rest, _CHUNK)):
            for line in rdf.nquads(chunk).splitlines():
                done.add((line, number, change), len(line))
    return _left(done, dropped)


def _left(done: Sorter[tuple[bytes, int, bool]], dropped: dict[str, int]) -> Iterator[Quad]:
    for line, of_line in groupby(done, key=itemgetter(0)):
        *_, (_, number, added) = of_line  # the last that was done to it
        if added:
            (quad,) = rdf.parse(line, formats.NQUADS, file="payload")
            if dropped.get(getattr(quad.graph_name, "value", ""), -1) < number:
                yield quad
