"""From inputs to one change: read, compile, compare with the graph, derive, validate. Nothing is written here.

All inputs of a call make one delta; an error in any of them leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kgraph import rdf
from kgraph.errors import InvalidGraphError
from kgraph.ingest import claimfile, readers
from kgraph.ingest import compile as compiler
from kgraph.ingest.after import After
from kgraph.ingest.claimfacts import Fact, Facts, Triple
from kgraph.ingest.claimfile import Document
from kgraph.ingest.packaged import ontology_delta
from kgraph.ingest.readers import Input
from kgraph.ingest.renewal import renewal
from kgraph.ingest.routing import route
from kgraph.ingest.state import State
from kgraph.ingest.surroundings import focus, surroundings
from kgraph.ingest.symbols import Symbols
from kgraph.ingest.validation import Judge
from kgraph.model import Progress, Rewrite
from kgraph.places import Place, Violation
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta

__all__ = ["Prepared", "State", "ontology_delta", "prepare", "silent"]


def silent(stage: str, done: int, total: int | None) -> None:
    """Progress nobody asked for."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A change ready to be committed, and what there is to tell about it. `entities` and `claims` count what the
    inputs describe, `unchanged` the quads of theirs that the graph had; `conflicts` are pairs of CURIEs."""

    delta: Delta
    entities: int
    claims: int
    unchanged: int
    conflicts: tuple[tuple[str, str], ...]
    rewrites: tuple[Rewrite, ...]
    skolemised: int
    files: tuple[str, ...]
    warnings: tuple[Violation, ...] = ()


@dataclass
class _Batch:
    """What the inputs come to, in graphs, before it is compared with the graph."""

    quads: dict[Quad, None] = field(default_factory=dict)
    relations: list[Quad] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    rewrites: Counter[tuple[str, str]] = field(default_factory=Counter)
    skolemised: int = 0


def prepare(inputs: Iterable[Path | Input], state: State, progress: Progress | None = None) -> Prepared:
    """Prepare one change from files, folders of claim files, and inputs read elsewhere.

    Raises ClaimFileError, RdfSyntaxError, UnknownFormatError, EmptyInputError or InvalidGraphError with the report.
    """
    return _Preparation(state, progress or silent).run(list(inputs))


class _Preparation:
    def __init__(self, state: State, progress: Progress) -> None:
        self._state = state
        self._ns = state.namespaces
        self._progress = progress
        self._claims_graph = NamedNode(state.namespaces.graph("claims"))
        self._reported = NamedNode(state.namespaces.graph("reported"))

    def run(self, inputs: list[Path | Input]) -> Prepared:
        batch = self._batch(self._read(inputs))
        self._progress("compare", 0, len(batch.quads))
        self._state.store.expect(quad.subject.value for quad in batch.quads if isinstance(quad.subject, NamedNode))
        after = After(self._state.store)
        self._supersede(batch, after)
        unchanged = after.add(batch.quads)
        facts = Facts(lambda s, p, o: after.quads(s, p, o, self._claims_graph), self._state.schema)
        touched = self._touched(batch, facts)
        conflicts = self._link(batch, facts.conflicts(touched), after)
        self._project({fact.triple for fact in touched}, facts, after)
        unfounded = [self._unfounded(q) for q in batch.relations if not facts.justified(_triple(q))]
        delta = after.delta()
        warnings = self._judge(delta, after, [*batch.violations, *dict.fromkeys(unfounded)], batch.places)
        typed = self._typed(batch.quads)
        return Prepared(
            delta=delta,
            entities=sum(self._is_entity(types) for types in typed.values()),
            claims=sum(f"{self._ns.kg}Claim" in types for types in typed.values()),
            unchanged=unchanged,
            conflicts=tuple((self._ns.compress(a.value), self._ns.compress(b.value)) for a, b in conflicts),
            rewrites=tuple(Rewrite(*pair, count) for pair, count in batch.rewrites.most_common()),
            skolemised=batch.skolemised,
            files=tuple(name for each in self._inputs for name, _ in each.files),
            warnings=warnings,
        )

    # -------------------------------------------------------------- reading

    def _read(self, inputs: list[Path | Input]) -> list[Input]:
        self._inputs: list[Input] = []
        for number, each in enumerate(inputs):
            self._progress("read", number, len(inputs))
            self._inputs.append(readers.read(each) if isinstance(each, Path) else each)
        return self._inputs

    def _batch(self, inputs: Sequence[Input]) -> _Batch:
        batch = _Batch()
        documents: list[Document] = []
        declared: set[str] = set()
        parsed: list[list[Quad]] = []
        for number, each in enumerate(inputs):
            self._progress("parse", number, len(inputs))
            if each.format is None:
                document = claimfile.parse(each.files, name=each.name)
                documents.append(document)
                declared.update(self._declared(document))
            else:
                parsed.append(self._parse(each, batch))
                declared.update(q.subject.value for q in parsed[-1] if isinstance(q.subject, NamedNode))
        for number, document in enumerate(documents):
            self._progress("compile", number, len(documents))
            self._compile(document, declared, batch)
        for quads in parsed:
            routed = route(quads, self._ns, self._state.schema, self._state.types)
            batch.quads.update(dict.fromkeys(routed.quads))
            batch.relations += routed.relations
            batch.violations += routed.violations
        return batch

    def _declared(self, document: Document) -> Iterator[str]:
        symbols = Symbols.of(document)
        yield from (self._ns.expand(slug) for slug in symbols.entities)
        yield from (self._ns.expand(source.value.id) for source in symbols.sources)

    def _parse(self, each: Input, batch: _Batch) -> list[Quad]:
        assert each.format is not None
        quads, skolemised = rdf.skolemise(rdf.parse(each.data, each.format, file=each.name), self._ns.blank)
        canonical, rewrites = rdf.canonical(quads)
        batch.skolemised += skolemised
        batch.rewrites.update({(r.before, r.after): r.count for r in rewrites})
        return canonical

    def _compile(self, document: Document, declared: set[str], batch: _Batch) -> None:
        def known(iri: str) -> bool:
            return iri in declared or self._state.knows(iri)

        compiled = compiler.compile(document, self._ns, self._state.schema, known)
        batch.quads.update(dict.fromkeys(compiled.quads))
        batch.places.update(compiled.places)
        batch.whole.update((*compiled.claims, *compiled.mentions))

    # -------------------------------------------------------------- comparing and deriving

    def _supersede(self, batch: _Batch, after: After) -> None:
        """A claim file describes its claims and mentions whole, but for conflicts; RDF renews the status of claims."""
        status = NamedNode(self._ns.expand("kg:status"))
        kept = NamedNode(self._ns.expand("kg:conflictsWith"))
        for record in batch.whole:
            for graph in ("claims", "notes"):
                held = self._state.store.quads(NamedNode(record), None, None, NamedNode(self._ns.graph(graph)))
                after.remove(quad for quad in held if quad.predicate != kept and quad not in batch.quads)
        for quad in tuple(batch.quads):
            if quad.predicate == status and isinstance(quad.subject, NamedNode):
                held = self._state.store.quads(quad.subject, status, None, self._claims_graph)
                after.remove(old for old in held if old not in batch.quads)
        renewed = renewal(batch.quads, batch.places, self._state)
        batch.quads.update(dict.fromkeys(renewed.kept))
        after.remove(quad for quad in renewed.replaced if quad not in batch.quads)

    def _touched(self, batch: _Batch, facts: Facts) -> list[Fact]:
        claims = {q.subject for q in batch.quads if q.graph_name == self._claims_graph}
        found = (facts.of(claim) for claim in sorted(claims, key=str) if isinstance(claim, NamedNode))
        return [fact for fact in found if fact is not None]

    def _link(
        self, batch: _Batch, found: list[tuple[NamedNode, NamedNode]], after: After
    ) -> list[tuple[NamedNode, NamedNode]]:
        """State each conflict on both claims: those found, and those the inputs state themselves."""
        predicate = NamedNode(self._ns.expand("kg:conflictsWith"))
        pairs = set(found)
        for quad in batch.quads:
            if (
                quad.predicate == predicate
                and isinstance(quad.subject, NamedNode)
                and isinstance(quad.object, NamedNode)
            ):
                first, second = sorted((quad.subject, quad.object), key=str)
                pairs.add((first, second))
        for first, second in pairs:
            both = [(first, second), (second, first)]
            new = [Quad(one, predicate, other, self._claims_graph) for one, other in both]
            after.add(quad for quad in new if quad not in batch.quads)
        return sorted(pairs, key=str)

    def _project(self, triples: Iterable[Triple], facts: Facts, after: After) -> None:
        """Give each justified relation its direct triple, and take it from those no claim justifies any more."""
        for triple in triples:
            quad = Quad(*triple, self._reported)
            if facts.justified(triple):
                after.add([quad])
            elif after.in_base(quad):
                after.remove([quad])

    # -------------------------------------------------------------- judging and counting

    def _unfounded(self, quad: Quad) -> Violation:
        subject, predicate, object_ = (
            self._ns.compress(term.value) if isinstance(term, NamedNode) else str(term) for term in quad.triple
        )
        message = "a relation needs a claim: no affirmed, reported, current claim states this one"
        return Violation(subject, predicate, object_, message)

    def _judge(
        self, delta: Delta, after: After, violations: list[Violation], places: Mapping[str, Place]
    ) -> tuple[Violation, ...]:
        if delta:
            self._progress("validate", 0, None)
            nodes = focus(delta, after, self._ns)
            judge = Judge(self._ns, self._state.schema, places)
            violations = [*violations, *judge.validate(surroundings(nodes, after, self._ns), nodes)]
        fatal = [violation for violation in violations if violation.severity == "Violation"]
        if fatal:
            raise InvalidGraphError(fatal)
        return tuple(violations)

    def _typed(self, quads: Iterable[Quad]) -> dict[str, set[str]]:
        type_ = NamedNode(self._ns.expand("rdf:type"))
        typed: dict[str, set[str]] = {}
        for quad in quads:
            if quad.predicate == type_ and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                typed.setdefault(quad.subject.value, set()).add(quad.object.value)
        return typed

    def _is_entity(self, types: set[str]) -> bool:
        return any(self._state.schema.is_a(type_iri, f"{self._ns.kg}Entity") for type_iri in types)


def _triple(quad: Quad) -> Triple:
    subject, predicate, object_ = quad.triple
    return subject, predicate, object_
