"""Quads and changes for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store.base import Delta

GRAPH = NamedNode("http://example.org/graph")


def quad(number: int, graph: NamedNode = GRAPH) -> Quad:
    """A quad of its own for each number."""
    return Quad(
        NamedNode(f"http://example.org/{number}"), NamedNode("http://example.org/p"), Literal(f"n {number}"), graph
    )


@pytest.fixture
def adds() -> Callable[..., Delta]:
    """A change that adds numbered quads, and removes those of `removing`."""

    def make(*numbers: int, removing: tuple[int, ...] = ()) -> Delta:
        return Delta(tuple(map(quad, numbers)), tuple(map(quad, removing)))

    return make
