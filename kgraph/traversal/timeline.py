"""Dated claims about an entity, in order of their time."""

from __future__ import annotations

from kgraph.model import Lens, Page, Timeline
from kgraph.traversal import explain
from kgraph.traversal.entity import claims_about
from kgraph.traversal.lens import compile_lens, words
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord

_LAST = "9999-12-31"


def timeline(catalogue: Catalogue, entity: str, lens: Lens | None = None, page: Page | None = None) -> Timeline:
    """The dated claims with the entity as subject or object, by earliest day, then latest, then IRI.

    A time open to the past comes first, one without any bound last. Raises EntityNotFoundError.
    """
    page, lens = page or Page(), lens or Lens()
    named = explain.entity_ref(catalogue, entity)
    seen = compile_lens(catalogue, lens)
    dated = [c for c in claims_about(seen, entity) if catalogue.when(c)]
    dated.sort(key=lambda c: _order(catalogue, c))
    shown = dated[page.skip : page.skip + page.limit]
    return Timeline(
        entity=named,
        claims=tuple(explain.whole(catalogue, c) for c in shown),
        truncated=page.skip + len(shown) < len(dated),
        next=page.next(len(shown), len(dated)),
        generation=catalogue.generation,
        lens=words(catalogue, lens),
    )


def _order(catalogue: Catalogue, claim: ClaimRecord) -> tuple[bool, str, str, str]:
    when = catalogue.when(claim)
    earliest, latest = (when.earliest, when.latest) if when else (None, None)
    return (earliest is None and latest is None, earliest or "", latest or _LAST, claim.iri)
