"""What a set of claims comes to: which contradict each other, and which relations they justify."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kgraph.rdf import NamedNode, Quad, Term
from kgraph.schema import Schema

Triple = tuple[NamedNode, NamedNode, NamedNode]
Match = Callable[[NamedNode | None, NamedNode | None, Term | None], Iterable[Quad]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A claim by what decides its effect."""

    claim: NamedNode
    triple: Triple
    polarity: str
    modality: str
    status: str


class Facts:
    """The claims about the subjects that a change touches, as they will stand after it.

    `match` answers patterns over the claims graph after the change.
    """

    def __init__(self, match: Match, schema: Schema) -> None:
        self._match = match
        self._schema = schema
        self._namespaces = schema.namespaces
        self._read: set[NamedNode] = set()
        self._by_triple: dict[Triple, list[Fact]] = defaultdict(list)

    def of(self, claim: NamedNode) -> Fact | None:
        """The fact of one claim; None where it is not whole (the shapes will say so)."""
        values: dict[str, NamedNode] = {}
        for quad in self._match(claim, None, None):
            if isinstance(quad.object, NamedNode):
                values[quad.predicate.value] = quad.object
        try:
            subject, predicate, object_, polarity, modality, status = (
                values[self._namespaces.expand(name)]
                for name in ("rdf:subject", "rdf:predicate", "rdf:object", "kg:polarity", "kg:modality", "kg:status")
            )
        except KeyError:
            return None
        return Fact(claim, (subject, predicate, object_), polarity.value, modality.value, status.value)

    def about(self, triple: Triple) -> Iterator[Fact]:
        """Every claim with this subject, predicate and object, by IRI."""
        subject = triple[0]
        if subject not in self._read:
            self._read.add(subject)
            node = NamedNode(self._namespaces.expand("rdf:subject"))
            claims = {quad.subject for quad in self._match(None, node, subject) if isinstance(quad.subject, NamedNode)}
            for fact in map(self.of, sorted(claims, key=str)):
                if fact is not None:
                    self._by_triple[fact.triple].append(fact)
        yield from self._by_triple.get(triple, ())

    def conflicts(self, facts: Iterable[Fact]) -> list[tuple[NamedNode, NamedNode]]:
        """Pairs of current claims, one of them among `facts`, of which one affirms what the other negates.

        A question or a condition contradicts nothing; a demand, a proposal or a debate only its like.
        """
        current = self._namespaces.expand("kgs:current")
        pairs: set[tuple[NamedNode, NamedNode]] = set()
        for fact in facts:
            if fact.status == current:
                for other in self.about(fact.triple):
                    opposed = other.status == current and other.polarity != fact.polarity
                    if opposed and self._schema.can_contradict(fact.modality, other.modality):
                        first, second = sorted((fact.claim, other.claim), key=str)
                        pairs.add((first, second))
        return sorted(pairs, key=str)

    def justified(self, triple: Triple) -> bool:
        """Whether a relation has a claim behind it that is affirmed, reported and current: the projection rule."""
        expand = self._namespaces.expand
        wanted = (expand("kgs:affirmed"), expand("kgs:reported"), expand("kgs:current"))
        return any((fact.polarity, fact.modality, fact.status) == wanted for fact in self.about(triple))
