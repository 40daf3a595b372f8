"""What nothing speaks of any more after a change: nodes, relations and sources that columns made anew would not have.

A node is one because it has a type, is the type of something, an end of a claim or of a plain triple, or where a claim
stands. Columns that follow a commit only ever get more of them, so what loses its last reason must be found here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

import numpy as np

from kgraph.traversal.changes import Triple
from kgraph.traversal.columns import Columns
from kgraph.traversal.kernels.steptable import PREDICATE, SOURCE
from kgraph.traversal.strings import Int32
from kgraph.traversal.things import ClaimRecord


class Losses:
    """Looks for what a change takes from the columns of before.

    `touched` are the subjects that it tells anew, `types` the types that these have now, `claims` those of them that
    are claims; what of `held`, the plain triples there were, is not in `plain` goes. No claim is gone or has other
    ends: such changes are not followed at all.
    """

    def __init__(
        self,
        base: Columns,
        space: str,
        touched: Iterable[str],
        types: Mapping[str, Collection[str]],
        claims: Mapping[str, ClaimRecord],
        held: Collection[Triple],
        plain: Collection[Triple],
    ) -> None:
        self._base, self._types, self._claims, self._plain = base, types, claims, plain
        self._gone = [triple for triple in held if triple not in plain]
        places = ((iri, base.iris.find(iri)) for iri in touched)
        self._touched = {iri: place for iri, place in places if place >= 0}
        self._retold = [
            (number, claim)
            for iri, claim in claims.items()
            if base.claims and (number := base.claim_number(iri, space)) >= 0
        ]

    def found(self, always: Collection[str]) -> Iterator[str]:
        """The IRIs of what is lost; relations that are in `always` never are."""
        doubtful = dict.fromkeys((*self._touched, *self._types_lost(), *self._places_lost()))
        doubtful.update(dict.fromkeys(end for subject, _, object_ in self._gone for end in (subject, object_)))
        yield from (iri for iri in doubtful if self._base.iris.find(iri) >= 0 and not self._is_node(iri))
        yield from (p for p in {p for _, p, _ in self._gone} if p not in always and not self._relates(p))
        yield from (source for source in self._sources_left() if not self._is_source(source))

    # -------------------------------------------------------------- what may be lost

    def _types_lost(self) -> Iterator[str]:
        for iri, place in self._touched.items():
            yield from {*self._base.kinds[self._base.kind.item(place)].types}.difference(self._types.get(iri, ()))

    def _places_lost(self) -> Iterator[str]:
        """The articles and passages in which a claim stood and no longer stands."""
        yield from self._sources_left()
        for number, claim in self._retold:
            evidence = self._base.evidence.item(number)
            yield from {*self._base.passages[evidence]}.difference(claim.spans) if evidence >= 0 else ()

    def _sources_left(self) -> Iterator[str]:
        for number, claim in self._retold:
            source = self._base.sources[self._base.table.records.item(number, SOURCE)]
            if source != claim.article:
                yield source

    # -------------------------------------------------------------- what keeps it

    def _is_node(self, iri: str) -> bool:
        base, place = self._base, self._base.iris.find(iri)
        typed = self._types.get(iri) if iri in self._touched else base.kinds[base.kind.item(place)].types
        ends = (base.table.indptr, base.table.back_indptr)
        return (
            bool(typed)
            or any(pointers.item(place) < pointers.item(place + 1) for pointers in ends)
            or iri in self._spoken_of
            or place in self._plain_left[:, ::2]
            or self._is_type(iri)
            or self._is_source(iri)
            or self._is_passage(iri)
        )

    @cached_property
    def _spoken_of(self) -> frozenset[str]:
        """What the things of the change need."""
        claims = (iri for c in self._claims.values() for iri in (c.subject, c.object, c.article, *c.spans))
        types = (type_iri for types in self._types.values() for type_iri in types)
        return frozenset((*claims, *types, *(end for triple in self._plain for end in triple[::2])))

    @cached_property
    def _plain_left(self) -> Int32:
        """The plain triples that go on standing as they were."""
        base, number = self._base, self._base.predicates.number
        gone = {(base.iris.find(s), number[p], base.iris.find(o)) for s, p, o in self._gone}
        left = [row for row in base.plain.tolist() if tuple(row) not in gone] if gone else base.plain
        return np.array(left, np.int32).reshape(-1, 3)

    def _is_type(self, iri: str) -> bool:
        base = self._base
        having = np.flatnonzero([iri in kind.types for kind in base.kinds.values])
        touched = np.array(list(self._touched.values()), np.int64)
        return bool(np.isin(base.kind, having).sum() > np.isin(base.kind[touched], having).sum())

    @cached_property
    def _others(self) -> Int32:
        """The claims that the change does not tell anew."""
        others = np.ones(self._base.claims, np.bool_)
        others[[number for number, _ in self._retold]] = False
        return np.flatnonzero(others).astype(np.int32)

    def _is_source(self, iri: str) -> bool:
        number = self._base.sources.number.get(iri)
        if number is None:
            return False
        stands = bool((self._base.table.records[self._others, SOURCE] == number).any())
        return stands or any(claim.article == iri for claim in self._claims.values())

    def _is_passage(self, iri: str) -> bool:
        having = np.flatnonzero([iri in spans for spans in self._base.passages.values])
        return bool(np.isin(self._base.evidence[self._others], having).any())

    def _relates(self, predicate: str) -> bool:
        number = self._base.predicates.number[predicate]
        return (
            any(predicate == p for _, p, _ in self._plain)
            or any(predicate == claim.predicate for claim in self._claims.values())
            or number in self._plain_left[:, 1]
            or bool((self._base.table.records[:, PREDICATE] == number).any())
        )
