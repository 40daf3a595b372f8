"""The articles and claim tables of the graph: their hashes, what is unknown of them, and whom they credit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kgraph.errors import SourceNotFoundError
from kgraph.model import Credit, Page, Source, Sources
from kgraph.traversal import explain
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord


def sources(catalogue: Catalogue, page: Page | None = None) -> Sources:
    """All sources by IRI."""
    page = page or Page()
    iris = sorted(catalogue.articles)
    shown = iris[page.skip : page.skip + page.limit]
    return Sources(
        items=tuple(source(catalogue, iri) for iri in shown),
        truncated=page.skip + len(shown) < len(iris),
        next=page.next(len(shown), len(iris)),
        generation=catalogue.generation,
    )


def source(catalogue: Catalogue, iri: str) -> Source:
    """One source; its counts are over all its claims, whatever their modality. Raises SourceNotFoundError."""
    if iri not in catalogue.articles:
        raise SourceNotFoundError(catalogue.namespaces.compress(iri))
    article, named = catalogue.articles[iri], explain.ref(catalogue, iri)
    claims = [c for c in catalogue.claims.values() if c.article == iri]
    return Source(
        id=named.id,
        iri=iri,
        label=named.label,
        type=named.type,
        type_label=named.type_label,
        hash=article.hash,
        length=article.length,
        unknown=tuple(catalogue.schema.code(u).removeprefix("unknown-") for u in article.unknown),
        claims=len(claims),
        spans=sum(1 for s in catalogue.spans.values() if s.article == named.id),
        credits=_credits(catalogue, claims),
        attached=iri in catalogue.texts,
        published=catalogue.times.get(article.published) if article.published else None,
    )


def _credits(catalogue: Catalogue, claims: Iterable[ClaimRecord]) -> tuple[Credit, ...]:
    """Speakers, then relays; the most claims first."""
    said, via = Counter[str](), Counter[str]()
    for claim in claims:
        said.update(claim.said_by)
        via.update(claim.via)
    credits = [Credit(explain.ref(catalogue, iri), "said_by", n) for iri, n in said.items()]
    credits += [Credit(explain.ref(catalogue, iri), "via", n) for iri, n in via.items()]
    return tuple(sorted(credits, key=lambda c: (c.role == "via", -c.claims, c.agent.iri)))
