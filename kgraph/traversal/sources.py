"""The articles and claim tables of the graph: their hashes, what is unknown of them, and whom they credit."""

from __future__ import annotations

from collections import Counter

import numpy as np

from kgraph.errors import SourceNotFoundError
from kgraph.model import Credit, Page, Source, Sources
from kgraph.traversal import explain
from kgraph.traversal.kernels.steptable import NOBODY, RELAY, SOURCE, SPEAKER
from kgraph.traversal.records import Catalogue
from kgraph.traversal.strings import Int32, Int64


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
    claims = _claims_in(catalogue, iri)
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
        spans=_spans_in(catalogue).get(named.id, 0)
        + int(np.count_nonzero(catalogue.columns.evidence[claims] < NOBODY)),
        credits=_credits(catalogue, claims),
        attached=iri in catalogue.texts,
        published=catalogue.times.get(article.published) if article.published else None,
    )


def _claims_in(catalogue: Catalogue, iri: str) -> Int32:
    """The numbers of an article's claims."""
    number = catalogue.columns.sources.number.get(iri)
    if number is None:
        return np.zeros(0, np.int32)
    order, starts = catalogue.keep("claims by source", lambda: _by_source(catalogue))
    return order[starts[number] : starts[number + 1]]


def _by_source(catalogue: Catalogue) -> tuple[Int32, Int64]:
    source = catalogue.columns.table.records[:, SOURCE]
    starts = np.zeros(len(catalogue.columns.sources) + 1, np.int64)
    np.cumsum(np.bincount(source, minlength=len(starts) - 1), out=starts[1:])
    return np.argsort(source, kind="stable").astype(np.int32), starts


def _spans_in(catalogue: Catalogue) -> Counter[str]:
    """How many passages each article has, by CURIE; rows of loaded tables are not among them."""
    return catalogue.keep("spans by source", lambda: Counter(span.article for span in catalogue.spans.values()))


def _credits(catalogue: Catalogue, claims: Int32) -> tuple[Credit, ...]:
    """Speakers, then relays; the most claims first."""
    credits = []
    for column, role in ((SPEAKER, "said_by"), (RELAY, "via")):
        counted = Counter[str]()
        agents, counts = np.unique(catalogue.columns.table.records[claims, column], return_counts=True)
        for agent, count in zip(agents.tolist(), counts.tolist(), strict=True):
            counted.update(dict.fromkeys(catalogue.agents(agent), count))
        credits += [Credit(explain.ref(catalogue, iri), role, n) for iri, n in counted.items()]  # type: ignore[arg-type]
    return tuple(sorted(credits, key=lambda c: (c.role == "via", -c.claims, c.agent.iri)))
