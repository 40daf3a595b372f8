"""One client of the running service, and one of the same graph on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import kgraph
from kgraph.client import Client, embedded


@pytest.fixture
def here(graph: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client of the shipped graph, opened once for all tests."""
    monkeypatch.setattr(embedded, "_opened", lambda place: graph)
    monkeypatch.setattr(embedded.Embedded, "close", lambda self: None)
    return Client("graph.ttl")


@pytest.fixture
def there(service: str) -> Iterator[Client]:
    """A client of a service over the shipped graph."""
    with Client(service) as client:
        yield client


@pytest.fixture(params=["here", "there"])
def client(request: pytest.FixtureRequest) -> Client:
    """Each of the two."""
    made: Client = request.getfixturevalue(request.param)
    return made
