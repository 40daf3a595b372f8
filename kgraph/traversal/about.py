"""Which claims are about an entity, and in which order they are read: by numbers, so that only those shown are made."""

from __future__ import annotations

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
    evidence = columns.evidence[claims]
    keys = places.passages[np.maximum(evidence, NOBODY)]  # the last one is that of claims without a passage
    rows = evidence < NOBODY
    number = -2 - evidence[rows].astype(np.int64)
    table = np.searchsorted(places.first_row, number, "right") - 1
    keys[rows] = 0
    keys[rows, 0] = places.article_of_source[columns.table.records[claims[rows], SOURCE]]
    keys[rows, 3] = number - places.first_row[table] + 1
    keys[rows, 4] = places.name_of_table[table]
    return claims[np.lexsort((id_ranks(columns, claims), *keys.T[::-1]))]


def id_ranks(columns: Columns, claims: Int32) -> Int64:
    """Numbers in the order of the claims' ids; IRIs that do not say theirs come in the order of their hash."""
    ids = np.ascontiguousarray(columns.ids[claims])
    first, second = ids[:, :8].copy().view(">u8").ravel(), ids[:, 8:].copy().view(">u2").ravel()
    ranks = np.empty(len(claims), np.int64)
    ranks[np.lexsort((second, first))] = np.arange(len(claims))
    return ranks


class _Places(NamedTuple):
    """Where claims stand, as numbers that compare as `passages.place_of_spans` does: `passages` int64[passages + 1, 5],
    article, start, paragraph, row and name, the last one of what has no passage. For the rows of loaded tables: the
    article of each source, the number of the first row of each table and the name of its rows."""

    passages: Int64
    article_of_source: Int64
    first_row: Int64
    name_of_table: Int64

    @classmethod
    def of(cls, catalogue: Catalogue) -> _Places:
        columns, compress = catalogue.columns, catalogue.namespaces.compress
        keys = [passages.place_of_spans(catalogue, spans) for spans in (*columns.passages.values, ())]
        sources = [compress(iri) for iri in columns.sources.values]
        articles = {name: i for i, name in enumerate(sorted({*sources, *(key[0] for key in keys)}))}
        row = len("00000000")
        tables = [compress(spans.iri(catalogue.namespaces.id, 0))[:-row] for spans in columns.row_spans]

        def name(of: str) -> str:
            return of[:-row] if of[:-row] in tables else of  # the same row: it is told apart by its number

        names = {name_: i for i, name_ in enumerate(sorted({*tables, *(name(key[4]) for key in keys)}))}
        return cls(
            np.array([(articles[key[0]], *key[1:4], names[name(key[4])]) for key in keys], np.int64),
            np.array([articles[source] for source in sources], np.int64),
            np.array([spans.first for spans in columns.row_spans], np.int64),
            np.array([names[table] for table in tables], np.int64),
        )
