"""Which commits hold a claim: what a redaction of it has to erase, and what else goes with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kgraph.rdf import NamedNode, Quad
from kgraph.store import changes
from kgraph.store.commit import Commit
from kgraph.store.journal import Journal

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Held(NamedTuple):
    """A commit that adds or removes something of a claim, and the IRIs of the other claims of which it does so."""

    commit: Commit
    added: tuple[str, ...]
    removed: tuple[str, ...]


def held(journal: Journal, claim: str, class_: str, is_claim: Callable[[str], bool]) -> Iterator[Held]:
    """The commits that say something of a claim, in order; those that are redacted say nothing. `class_` is the IRI of
    the class of claims, `is_claim` tells which subjects are some now. Raises DamagedError."""
    for commit in journal.commits():
        table = journal.table(commit.seq)
        if table is not None:
            iris = (table.claim_iri(place) for place in range(table.claims))
            added, removed = set(iris), set[str]()
        else:
            added, removed = _claims(journal, commit.seq, claim, class_, is_claim)
        if claim in added or claim in removed:
            yield Held(commit, tuple(sorted(added - {claim})), tuple(sorted(removed - added - {claim})))


def _claims(
    journal: Journal, seq: int, claim: str, class_: str, is_claim: Callable[[str], bool]
) -> tuple[set[str], set[str]]:
    """The claims of which a commit of quads adds something, and those of which it removes something."""
    of_claim: tuple[set[str], set[str]] = set(), set()
    for change, quads in changes.of(journal, after=seq - 1, until=seq):
        if isinstance(change, NamedNode):
            continue
        mine = of_claim[0 if change else 1]
        for quad in quads:
            subject = getattr(quad.subject, "value", "")
            if subject == claim or _is_typed(quad, class_) or (subject not in mine and is_claim(subject)):
                mine.add(subject)
    return of_claim


def _is_typed(quad: Quad, class_: str) -> bool:
    return quad.predicate.value == _TYPE and getattr(quad.object, "value", "") == class_
