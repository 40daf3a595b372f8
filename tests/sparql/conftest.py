"""A small store in memory and on disk, and services over them that are closed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kgraph.namespaces import Namespaces
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.settings import Settings
from kgraph.sparql.service import SparqlService
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

NAMES = Namespaces.load()
CLAIMS = NamedNode(NAMES.graph("claims"))
PREDICATE = NamedNode(f"{NAMES.kg}demands")
LABEL = NamedNode(f"{NAMES.prefixes['skos']}prefLabel")
TYPE = NamedNode(f"{NAMES.prefixes['rdf']}type")


def item(name: str) -> NamedNode:
    return NamedNode(f"{NAMES.id}{name}")


def some_quads() -> tuple[Quad, ...]:
    """Three hundred relations in one named graph, one of them labelled and typed."""
    quads = [Quad(item(f"s{n:03}"), PREDICATE, item(f"o{n:03}"), CLAIMS) for n in range(300)]
    quads.append(Quad(item("s000"), LABEL, Literal('a "quoted", label', language="en"), CLAIMS))
    quads.append(Quad(item("s000"), TYPE, NamedNode(f"{NAMES.kg}Demand"), CLAIMS))
    return tuple(quads)


@pytest.fixture
def memory() -> OxigraphStore:
    store = OxigraphStore.open(None)
    store.apply(Delta(some_quads()), 1)
    return store


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[OxigraphStore]:
    store = OxigraphStore.open(tmp_path / "store")
    store.apply(Delta(some_quads()), 1)
    yield store
    store.close()


@pytest.fixture
def service() -> Iterator[Callable[..., SparqlService]]:
    """Make a service over a store, with settings."""
    made: list[SparqlService] = []

    def make(store: OxigraphStore, **settings: Any) -> SparqlService:
        made.append(SparqlService(store, Settings(**settings)))
        return made[-1]

    yield make
    for one in made:
        one.close()
