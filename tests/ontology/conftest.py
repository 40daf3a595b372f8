"""The files of the ontology as graphs."""

from __future__ import annotations

import re

import pytest
from rdflib import Graph

from kgraph import resources


@pytest.fixture(scope="session")
def core() -> Graph:
    """`ontology/kgraph.ttl`."""
    return Graph().parse(resources.ontology() / "kgraph.ttl")


@pytest.fixture(scope="session")
def schemes() -> Graph:
    """`ontology/schemes/*.ttl`, together."""
    graph = Graph()
    for path in (resources.ontology() / "schemes").glob("*.ttl"):
        graph.parse(path)
    return graph


@pytest.fixture(scope="session")
def judgement() -> re.Pattern[str]:
    """Words that pass a judgement and so stand in no label."""
    return re.compile(
        r"\b(regimes?|dictator\w*|tyran\w*|atrocit\w*|brutal\w*|scandal\w*|alarming\w*|evil|vicious\w*|heinous\w*|"
        r"shameful\w*|notorious\w*|so-called|terrible|horrific|cruel\w*)\b",
        re.IGNORECASE,
    )
