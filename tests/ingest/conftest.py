"""A small invented document, and the graph it is loaded into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph.ingest import claimfile
from kgraph.ingest import compile as compiler
from kgraph.ingest.compile import Compiled
from kgraph.ingest.pipeline import Prepared, State, ontology_delta, prepare
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema
from kgraph.store.oxigraph import OxigraphStore

HASH = "ab" * 32

EXAMPLE = f"""\
kgraph: 1
source:
  id: herald-7
  label: Herald, article 7
  sha256: {HASH}
  length: 500
  unknown: [author, date]
entities:
  harbour-league: {{type: Coalition, label: Harbour League, aliases: [The League], misprints: [Habour League]}}
  lake-trust: {{type: Ngo, label: Lake Trust, same_as: http://example.org/lake-trust}}
  town-council: {{type: PublicBody, label: Mill Valley Town Council}}
  clean-quay: {{type: Demand, label: Clean the quay}}
spans:
  p1s1: {{paragraph: 1, sentence: 1, start: 0, end: 80, sha256: {HASH}}}
  p2s1: {{paragraph: 2, sentence: 1, start: 90, end: 140, sha256: {HASH}, quoted: true}}
quantities:
  some-60: {{text: some 60, value: 60, approximation: about, unit: members}}
times:
  may: {{text: in May, edtf: 2011-05, basis: year-inferred}}
mentions:
  - {{key: m-league, text: the League, of: harbour-league, at: p1s1}}
notes:
  - {{about: m-league, kind: name-variant, basis: unverified, text: A shorter name.}}
claims:
  - {{key: member, subject: harbour-league, predicate: hasMember, object: lake-trust, at: p1s1}}
  - {{key: size, subject: harbour-league, predicate: memberCount, amount: some-60, at: p1s1, confidence: 0.90}}
  - {{key: demand, subject: harbour-league, predicate: demands, object: clean-quay, at: [p1s1, p2s1], time: may}}
  - key: addressee
    subject: clean-quay
    predicate: addressee
    object: town-council
    at: p2s1
    said_by: lake-trust
    via: harbour-league
    voice: direct-quote
    qualifies: demand
  - {{key: action, subject: clean-quay, predicate: requests, object: kgs:act, at: p1s1}}
"""

Write = Callable[..., Path]


@pytest.fixture(scope="session")
def namespaces() -> Namespaces:
    return Namespaces.load()


@pytest.fixture(scope="session")
def schema(namespaces: Namespaces) -> Schema:
    return Schema.load(namespaces)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a claim file: the example with pieces replaced, or another text."""

    def write(*changes: tuple[str, str], text: str = EXAMPLE, name: str = "claims.yaml") -> Path:
        for old, new in changes:
            assert old in text, f"the example has no {old!r}"
            text = text.replace(old, new)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture
def compiled(write: Write, namespaces: Namespaces, schema: Schema) -> Callable[..., Compiled]:
    """Compiles the example with pieces replaced; only `id:known` and `id:claim-known` are in the graph."""

    def compiled(*changes: tuple[str, str]) -> Compiled:
        document = claimfile.read([write(*changes)])
        return compiler.compile(
            document, namespaces, schema, lambda iri: iri in {f"{namespaces.id}known", f"{namespaces.id}claim-known"}
        )

    return compiled


@pytest.fixture
def state(namespaces: Namespaces, schema: Schema) -> State:
    """An empty graph: nothing but the ontology."""
    store = OxigraphStore.open(None)
    state = State(store, namespaces, schema)
    store.apply(ontology_delta(state), 1)
    return state


@pytest.fixture
def load(state: State) -> Callable[..., Prepared]:
    """Prepares inputs against `state` and applies the change."""

    def load(*inputs: object) -> Prepared:
        prepared = prepare(inputs, state)  # type: ignore[arg-type]
        assert isinstance(state.store, OxigraphStore)
        state.store.apply(prepared.delta, 2)
        return prepared

    return load
