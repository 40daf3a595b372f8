"""Which claims are about an entity, and in which order they are read: by numbers, so that only those shown are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from kgraph.traversal import passages
from kgraph.traversal.columns import Columns
from kgraph.traversal.kernels.steptable import NOBODY, SOURCE
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.records import Catalogue
from kgraph.traversal.strings import Int32, Int64


def claims_about(lens: LensFilter, iri: str) -> Int32:
    """The numbers of the claims seen through the lens that have a node as subject or object, whatever the other end
    is."""
    view = lens.catalogue.stated
    node = view.node(iri)
    come = view.incoming_numbers(node)
    come = come[view.table.far[come] != view.subjects_of(come)]  # a loop is among those that leave already
    own = view.outgoing_numbers(node)
    return lens.stated.claims(np.concatenate((own, come)))


def in_reading_order(catalogue: Catalogue, claims: Int32) -> Int32:
    """Claims by article, place in the text and IRI, as `passages.in_reading_order` has them."""
    if not len(claims):
        return claims
    columns = catalogue.columns
    places = catalogue.keep("reading places", lambda: _Places.of(catalogue))
    source = columns.table.records[claims, SOURCE]
    evidence = columns.evidence[claims]
    article, start, row, passage = places.article_of_row[source], *(np.zeros(len(claims), np.int64) for _ in range(3))
    read = evidence > NOBODY
    article[read], start[read] = places.article[evidence[read]], places.start[evidence[read]]
    passage[read] = places.rank[evidence[read]]
    article[evidence == NOBODY] = -1
    rows = evidence < NOBODY
    row[rows] = -evidence[rows].astype(np.int64)
    return claims[np.lexsort((id_ranks(columns, claims), row, passage, start, article))]


def id_ranks(columns: Columns, claims: Int32) -> Int64:
    """Numbers in the order of the claims' ids; IRIs that do not say theirs come in the order of their hash."""
    ids = np.ascontiguousarray(columns.ids[claims])
    first, second = ids[:, :8].copy().view(">u8").ravel(), ids[:, 8:].copy().view(">u2").ravel()
    ranks = np.empty(len(claims), np.int64)
    ranks[np.lexsort((second, first))] = np.arange(len(claims))
    return ranks


class _Places(NamedTuple):
    """Where the passages of claims stand, as numbers that compare as `passages.place_of` does: int64[passages] each,
    and the article of rows of tables by their claim's source, int64[sources]."""

    article: Int64
    start: Int64
    rank: Int64
    article_of_row: Int64

    @classmethod
    def of(cls, catalogue: Catalogue) -> _Places:
        columns = catalogue.columns
        keys = [passages.place_of_spans(catalogue, spans) for spans in columns.passages.values]
        compressed = [catalogue.namespaces.compress(iri) for iri in columns.sources.values]
        articles = {name: i for i, name in enumerate(sorted({*compressed, *(key[0] for key in keys)}))}
        order = sorted(range(len(keys)), key=keys.__getitem__)
        rank = np.empty(len(keys), np.int64)
        rank[order] = np.arange(1, len(keys) + 1)
        return cls(
            _numbers(articles[key[0]] for key in keys),
            _numbers(key[1] for key in keys),
            rank,
            _numbers(articles[name] for name in compressed),
        )


def _numbers(values: Iterable[int]) -> Int64:
    return np.fromiter(values, np.int64)
