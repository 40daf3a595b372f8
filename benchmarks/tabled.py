"""A synthetic graph as a claim table, made of arrays.

Each edge has a claim for every article that states it, said by one of fifty, one in ten relayed by another, with a
month and a confidence; the evidence of each is a row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ranked import ARTICLES, RankedGraph

from kgraph.namespaces import Namespaces
from kgraph.store.claimtable import ClaimTable, TableTime

Int32 = npt.NDArray[np.int32]

MONTHS = [f"{year}-{month:02}" for year in range(2000, 2020) for month in range(1, 13)]
SPEAKERS = 50


@dataclass(frozen=True)
class Told:
    """What is told of each of r claims, int32[r] each: the edge it states, its article, who says it, through whom (-1
    for nobody), the month; and the confidence, float64[r]."""

    edge: Int32
    article: Int32
    speaker: Int32
    relay: Int32
    month: Int32
    confidence: npt.NDArray[np.float64]

    @classmethod
    def of(cls, drawn: RankedGraph) -> Told:
        """For every edge as many claims as articles state it, no two in one article."""
        random = np.random.default_rng(29)
        edge = np.repeat(np.arange(len(drawn.sources), dtype=np.int32), drawn.sources)
        starts = np.cumsum(drawn.sources, dtype=np.int64) - drawn.sources
        turn = np.arange(len(edge)) - starts[edge]
        first = random.integers(0, ARTICLES, len(drawn.sources))

        def below(most: int) -> Int32:
            return random.integers(0, most, len(edge)).astype(np.int32)

        return cls(
            edge,
            ((first[edge] + turn) % ARTICLES).astype(np.int32),
            below(SPEAKERS),
            np.where(below(10) == 0, below(SPEAKERS), -1).astype(np.int32),
            below(len(MONTHS)),
            below(101) / 100,
        )


def table_of(drawn: RankedGraph) -> ClaimTable:
    """The graph as a claim table."""
    namespaces, told = Namespaces.load(), Told.of(drawn)
    articles = [f"{drawn.ids}article-{number}" for number in range(ARTICLES)]
    nodes = [drawn.iri(node) for node in range(drawn.graph.nodes)]
    article_type = f"{namespaces.kg}Article"
    terms = sorted({*articles, *nodes, *drawn.relations, *drawn.types, article_type})
    place = {term: number for number, term in enumerate(terms)}

    def places(names: list[str]) -> Int32:
        return np.array([place[name] for name in names], np.int32)

    node, article, relation = places(nodes), places(articles), places(drawn.relations)
    entities = np.concatenate((article, node))  # `article-…` sorts before `n…`
    types = np.concatenate((places([article_type] * ARTICLES), places(drawn.types)[drawn.type]))
    size, none = len(told.edge), np.full(len(told.edge), -1, np.int32)
    relayed = told.relay >= 0
    codes = (f"{namespaces.kgs}affirmed", f"{namespaces.kgs}reported")
    return ClaimTable(
        sha256=hashlib.sha256(f"{drawn.graph.nodes} {size}".encode()).hexdigest(),
        label="synthetic.csv",
        rows=size,
        mapping="",
        base=namespaces.base,
        prefixes=namespaces.prefixes,
        terms=tuple(terms),
        entity=entities,
        entity_type=types,
        entity_label=(*(f"Article {number}" for number in range(ARTICLES)), *drawn.label),
        flagged=none[:0],
        flag=none[:0],
        times=tuple(
            TableTime(f"{drawn.ids}time-{month}", f"{month}-01", f"{month}-28", month, month, f"{namespaces.kgs}stated")
            for month in MONTHS
        ),
        codes=codes,
        urls=(),
        row=np.arange(1, size + 1, dtype=np.int64),
        subject=node[drawn.graph.source[told.edge]],
        predicate=relation[drawn.graph.predicate[told.edge]],
        object=node[drawn.graph.target[told.edge]],
        article=article[told.article],
        time=told.month,
        modality=np.full(size, 1, np.int32),
        polarity=np.zeros(size, np.int32),
        role=none,
        certainty=none,
        confidence=told.confidence,
        url=none,
        said_starts=np.arange(size + 1, dtype=np.int32),
        said=node[told.speaker],
        via_starts=np.concatenate(([0], np.cumsum(relayed))).astype(np.int32),
        via=node[told.relay[relayed]],
        conflict=np.zeros((0, 2), np.int32),
        outside=none[:0],
        outside_iri=(),
    )
