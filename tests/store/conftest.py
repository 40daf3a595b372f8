"""Quads, changes and claim tables for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kgraph.namespaces import Namespaces
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store.base import Delta
from kgraph.store.claimtable import ClaimTable, TableTime

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


NAMESPACES = Namespaces.load()


def claim_table(rows: int = 3, seed: int = 1, **changes: object) -> ClaimTable:
    """A table of so many claims, with lists, gaps and a contradiction in it."""
    random = np.random.default_rng(seed)
    ns = NAMESPACES
    terms = sorted(
        [
            *(f"{ns.id}thing-{n}" for n in range(5)),
            f"{ns.kg}Agent",
            f"{ns.kg}opposes",
            f"{ns.kg}Topic",
            f"{ns.id}source",
        ]
    )
    things = np.array([n for n, iri in enumerate(terms) if "/thing-" in iri], np.int32)
    counts = random.integers(1, 3, rows), random.integers(0, 2, rows)
    said_starts, via_starts = (np.append(0, np.cumsum(count)).astype(np.int32) for count in counts)
    fields: dict[str, object] = {
        "sha256": "ab" * 32,
        "label": 'a "table".csv',
        "rows": rows + 2,
        "mapping": "",
        "base": ns.base,
        "prefixes": ns.prefixes,
        "terms": tuple(terms),
        "entity": things,
        "entity_type": np.full(len(things), terms.index(f"{ns.kg}Agent"), np.int32),
        "entity_label": tuple(f'Thing\\ "{n}" é' for n in range(len(things))),
        "flagged": things[:0],
        "flag": things[:0],
        "times": (
            TableTime(f"{ns.id}time-{1:020x}", "2020-05-01", "2020-05-31", "2020-05", "2020-05", f"{ns.kgs}stated"),
            TableTime(f"{ns.id}time-{2:020x}", None, "2010-12-31", "../2010", "../2010", f"{ns.kgs}stated"),
        ),
        "codes": tuple(f"{ns.kgs}{code}" for code in ("affirmed", "alleged", "negated", "reported")),
        "urls": ("https://example.org/a",),
        "row": np.arange(rows, dtype=np.int64) * 2 + 1,
        "subject": random.choice(things, rows).astype(np.int32),
        "predicate": np.full(rows, terms.index(f"{ns.kg}opposes"), np.int32),
        "object": random.choice(things, rows).astype(np.int32),
        "article": np.full(rows, terms.index(f"{ns.id}source"), np.int32),
        "time": random.integers(-1, 2, rows).astype(np.int32),
        "modality": random.choice(np.array([1, 3], np.int32), rows),
        "polarity": random.choice(np.array([0, 2], np.int32), rows),
        "role": np.full(rows, -1, np.int32),
        "certainty": np.full(rows, -1, np.int32),
        "confidence": random.choice(np.array([np.nan, 0.25, 1.0, 0.000001]), rows),
        "url": random.integers(-1, 1, rows).astype(np.int32),
        "said_starts": said_starts,
        "said": np.concatenate([np.sort(random.choice(things, n, replace=False)) for n in counts[0]]).astype(np.int32),
        "via_starts": via_starts,
        "via": random.choice(things, via_starts[-1]).astype(np.int32),
        "conflict": np.array([[0, rows - 1]] if rows > 1 else np.empty((0, 2)), np.int32),
        "outside": np.zeros(1, np.int32),
        "outside_iri": (f"{ns.id}claim-{9:020x}",),
    }
    return ClaimTable(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture(name="claim_table")
def _claim_table() -> Callable[..., ClaimTable]:
    return claim_table
