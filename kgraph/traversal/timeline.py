"""Dated claims about an entity, in order of their time."""

from __future__ import annotations

import numpy as np

from kgraph.model import Lens, Page, Timeline
from kgraph.traversal import explain
from kgraph.traversal.about import claims_about, id_ranks
from kgraph.traversal.kernels.steptable import EARLIEST, LATEST, NOBODY, OPEN_FUTURE, OPEN_PAST
from kgraph.traversal.lens import compile_lens, words
from kgraph.traversal.records import Catalogue
from kgraph.traversal.strings import Int32


def timeline(catalogue: Catalogue, entity: str, lens: Lens | None = None, page: Page | None = None) -> Timeline:
    """The dated claims with the entity as subject or object, by earliest day, then latest, then IRI.

    A time open to the past comes first, one without any bound last. Raises EntityNotFoundError.
    """
    page, lens = page or Page(), lens or Lens()
    named = explain.entity_ref(catalogue, entity)
    seen = compile_lens(catalogue, lens)
    dated = _dated(catalogue, claims_about(seen, entity))
    shown = dated[page.skip : page.skip + page.limit].tolist()
    return Timeline(
        entity=named,
        claims=tuple(explain.whole(catalogue, catalogue.claim_record(c)) for c in shown),
        truncated=page.skip + len(shown) < len(dated),
        next=page.next(len(shown), len(dated)),
        generation=catalogue.generation,
        lens=words(catalogue, lens),
    )


def _dated(catalogue: Catalogue, claims: Int32) -> Int32:
    """The claims that have a time, in its order."""
    columns, table = catalogue.columns, catalogue.columns.table
    is_time = np.array([kind.kind == "time" for kind in columns.kinds.values] or [False])
    own = columns.time[claims] > NOBODY
    claims = claims[own | (~own & is_time[columns.kind[table.far[table.step_of[claims]]]])]
    earliest, latest = table.records[claims, EARLIEST], table.records[claims, LATEST]
    unbounded = (earliest == OPEN_PAST) & (latest == OPEN_FUTURE)
    return claims[np.lexsort((id_ranks(columns, claims), latest, earliest, unbounded))]
