"""Changes in the forms the engine takes them in: one SPARQL update for a small one, a file to read for a large one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kgraph import rdf
from kgraph.rdf import DefaultGraph, Quad, Triple
from kgraph.store.base import Delta, GraphName


class Feed:
    """Pieces of bytes as a file to read from; as few of them in memory as can be."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none at the end."""
        while not self._rest and (piece := next(self._pieces, None)) is not None:
            self._rest = memoryview(piece)
        end = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:end], self._rest[end:]
        return bytes(part)


def update(delta: Delta) -> str:
    """The change as one SPARQL update, which the engine runs as one transaction: nobody sees half of it."""
    parts = [f"DROP SILENT GRAPH {graph}" for graph in delta.dropped]
    parts += [f"DELETE DATA {{ {_data(delta.removed)} }}"] if delta.removed else []
    parts += [f"CREATE SILENT GRAPH {graph}" for graph in delta.created]
    parts += [f"INSERT DATA {{ {_data(delta.added)} }}"] if delta.added else []
    return " ;\n".join(parts)


def _data(quads: tuple[Quad, ...]) -> str:
    graphs: dict[GraphName, list[Triple]] = defaultdict(list)
    for quad in quads:
        graphs[quad.graph_name].append(quad.triple)
    blocks = []
    for name, triples in graphs.items():
        block = rdf.nquads(Quad(*triple) for triple in triples).decode()
        blocks.append(block if isinstance(name, DefaultGraph) else f"GRAPH {name} {{ {block} }}\n")
    return "".join(blocks)
