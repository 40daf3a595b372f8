"""The nodes of a document other than its claims: the article, entities, spans, quantities, times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kgraph.ingest.claimmodel import ClaimEntry, Entity, Mention, Quantity, Source, Span, Time
from kgraph.ingest.dates import bounds
from kgraph.ingest.resolve import Resolver
from kgraph.ingest.statements import Pairs, Statements, content_id
from kgraph.ingest.suggest import did_you_mean
from kgraph.ingest.symbols import Item, Symbols
from kgraph.ingest.yamlfile import Step
from kgraph.namespaces import Namespaces
from kgraph.places import Place


@dataclass(frozen=True, slots=True)
class Located:
    """A span as a node, and what identifies a passage in the id of a claim."""

    iri: str
    locator: list[object]


class Nodes:
    """Writes the nodes of one document. Their ids are hashes over CURIEs, so they do not depend on the base IRI."""

    def __init__(self, symbols: Symbols, resolver: Resolver, namespaces: Namespaces) -> None:
        self.out = Statements(namespaces)
        self.places: dict[str, Place] = {}
        self.keys: dict[str, str] = {}
        self.source = resolver.source()
        self._symbols = symbols
        self._resolve = resolver
        self._namespaces = namespaces
        self._spans: dict[str, Located] = {}
        self._values: dict[tuple[str, str], str | None] = {}

    # -------------------------------------------------------------- nodes

    def node(self, kind: str, parts: list[object], place: Place) -> str:
        iri = self._namespaces.id + content_id(kind, parts)
        self.places.setdefault(iri, place)
        return iri

    def short(self, iri: str | None) -> str | None:
        return None if iri is None else self._namespaces.compress(iri)

    def article(self, item: Item[Source]) -> None:
        source, out = item.value, self.out
        iri = self._namespaces.expand(source.id)
        self.places[iri] = item.place()
        self.keys[source.id] = iri
        unknown = [self._resolve.code(u, "kg:unknown", item.place("unknown"), "unknown-") for u in source.unknown]
        published = self.time_at(source.published, item, "published") if source.published else None
        pairs: Pairs = [
            ("rdf:type", out.iri("kg:Article")),
            ("skos:prefLabel", out.text(source.label)),
            ("kg:textHash", out.plain(source.sha256)),
            ("kg:textLength", out.number(source.length)),
            *(("kg:unknown", out.iri(code)) for code in unknown if code),
            ("kg:published", out.iri(published) if published else None),
        ]
        out.add("entities", iri, pairs)

    def entity(self, slug: str, item: Item[Entity]) -> None:
        entity, out = item.value, self.out
        iri = self._namespaces.expand(slug)
        self.places[iri] = item.place()
        self.keys[slug] = iri
        type_iri = self._resolve.type(entity.type, item.place("type"))
        flags = [self._resolve.flag(flag, item.place("flags")) for flag in entity.flags]
        same = [self._namespaces.expand(name) for name in entity.same_as]
        for name in same:
            if not self._namespaces.is_iri(name) or name.startswith(self._namespaces.id):
                self._resolve.fault(item.place("same_as"), f"{name!r} is not an IRI of something elsewhere")
                return
        out.add(
            "entities",
            iri,
            [
                ("rdf:type", out.iri(type_iri) if type_iri else None),
                ("skos:prefLabel", out.text(entity.label)),
                *(("skos:altLabel", out.text(alias)) for alias in entity.aliases),
                *(("skos:hiddenLabel", out.text(misprint)) for misprint in entity.misprints),
                *((flag, out.truth(True)) for flag in flags if flag),
                *(("skos:exactMatch", out.iri(name)) for name in same),
            ],
        )

    def span(self, span: Span, place: Place) -> Located:
        out = self.out
        where: list[object] = [span.table, span.row] if span.table else [span.start, span.end]
        more: list[object] = [] if span.table else [span.paragraph, span.sentence, span.sha256, span.quoted]
        iri = self.node("span", [self.short(self.source), *where, *more], place)
        pairs: Pairs = [
            ("rdf:type", out.iri("kg:EvidenceSpan")),
            ("kg:article", out.iri(self.source) if self.source else None),
            ("kg:paragraph", out.number(span.paragraph)),
            ("kg:sentence", out.number(span.sentence)),
            ("kg:start", out.number(span.start)),
            ("kg:end", out.number(span.end)),
            ("kg:sliceHash", out.plain(span.sha256)),
            ("kg:quoted", out.truth(True) if span.quoted else None),
            ("kg:table", out.plain(span.table)),
            ("kg:row", out.number(span.row)),
        ]
        out.add("claims", iri, pairs)
        return Located(iri, where)

    def quantity(self, quantity: Quantity, item: Item[Quantity] | Item[ClaimEntry], path: tuple[Step, ...]) -> str:
        out, place = self.out, item.place(*path)
        code = self._resolve.code(quantity.approximation, "kg:approximation", item.place(*path, "approximation"))
        unit = self._resolve.code(quantity.unit, "kg:unit", item.place(*path, "unit"), "unit-")
        numbers = [out.number(n) for n in (quantity.value, quantity.min, quantity.max)]
        lexical = [n.value if n else None for n in numbers]
        parts: list[object] = [quantity.text, *lexical, self.short(code), quantity.strict, self.short(unit)]
        iri = self.node("qty", parts, place)
        pairs: Pairs = [
            ("rdf:type", out.iri("kg:Quantity")),
            *zip(("schema:value", "schema:minValue", "schema:maxValue"), numbers, strict=True),
            ("kg:approximation", out.iri(code) if code else None),
            ("kg:strictBound", out.truth(True) if quantity.strict else None),
            ("kg:unit", out.iri(unit) if unit else None),
            ("kg:surfaceForm", out.text(quantity.text)),
        ]
        out.add("claims", iri, pairs)
        return iri

    def time(
        self, time: Time, item: Item[Time] | Item[ClaimEntry] | Item[Source], path: tuple[Step, ...]
    ) -> str | None:
        out, place = self.out, item.place(*path)
        try:
            earliest, latest = bounds(time.edtf)
        except ValueError as error:
            self._resolve.fault(item.place(*path, "edtf"), str(error))
            return None
        earliest, latest = time.earliest or earliest, time.latest or latest
        if earliest and latest and earliest > latest:
            self._resolve.fault(place, f"earliest {earliest} is after latest {latest}")
        basis = self._resolve.code(time.basis, "kg:dateBasis", item.place(*path, "basis"))
        anchor = self._resolve.entity(time.anchor, item.place(*path, "anchor")) if time.anchor else None
        days = [day.isoformat() if day else None for day in (earliest, latest)]
        iri = self.node("time", [time.text, time.edtf, *days, self.short(basis), self.short(anchor)], place)
        pairs: Pairs = [
            ("rdf:type", out.iri("kg:TimeSpan")),
            ("kg:surfaceForm", out.text(time.text)),
            ("kg:edtf", out.edtf(time.edtf)),
            ("kg:earliest", out.day(earliest)),
            ("kg:latest", out.day(latest)),
            ("kg:dateBasis", out.iri(basis) if basis else None),
            ("kg:anchor", out.iri(anchor) if anchor else None),
        ]
        out.add("claims", iri, pairs)
        return iri

    # -------------------------------------------------------------- declared in a section, or in place

    def declared(self) -> None:
        """Write everything the sections declare, whether a claim refers to it or not."""
        for source in self._symbols.sources[:1]:
            self.article(source)
        for slug, entity in self._symbols.entities.items():
            self.entity(slug, entity)
        for key in self._symbols.spans:
            self.keys[key] = self._declared_span(key).iri
        for key in self._symbols.quantities:
            self._declared_quantity(key)
        for key in self._symbols.times:
            self._declared_time(key)

    def _declared_span(self, key: str) -> Located:
        if key not in self._spans:
            item = self._symbols.spans[key]
            self._spans[key] = self.span(item.value, item.place())
        return self._spans[key]

    def _declared_quantity(self, key: str) -> str | None:
        if ("quantities", key) not in self._values:
            item = self._symbols.quantities[key]
            self._values["quantities", key] = self.quantity(item.value, item, ())
        return self._values["quantities", key]

    def _declared_time(self, key: str) -> str | None:
        if ("times", key) not in self._values:
            item = self._symbols.times[key]
            self._values["times", key] = self.time(item.value, item, ())
        return self._values["times", key]

    def spans_at(self, at: tuple[str | Span, ...], item: Item[ClaimEntry] | Item[Mention]) -> list[Located]:
        """The spans a claim or mention stands on; one that is not declared is a fault."""
        found: list[Located] = []
        for index, span in enumerate(at):
            if isinstance(span, Span):
                found.append(self.span(span, item.place("at", index)))
            elif span in self._symbols.spans:
                found.append(self._declared_span(span))
            else:
                self._missing(span, self._symbols.spans, item.place("at", index), "span")
        return found

    def amount_at(self, amount: str | Quantity, item: Item[ClaimEntry]) -> str | None:
        """The quantity of a claim."""
        if isinstance(amount, Quantity):
            return self.quantity(amount, item, ("amount",))
        if amount in self._symbols.quantities:
            return self._declared_quantity(amount)
        self._missing(amount, self._symbols.quantities, item.place("amount"), "quantity")
        return None

    def time_at(self, time: str | Time, item: Item[ClaimEntry] | Item[Source], field: str) -> str | None:
        """The time of a claim (`time`, `period`) or article (`published`)."""
        if isinstance(time, Time):
            return self.time(time, item, (field,))
        if time in self._symbols.times:
            return self._declared_time(time)
        self._missing(time, self._symbols.times, item.place(field), "time")
        return None

    def _missing(self, key: str, keys: Iterable[str], place: Place, what: str) -> None:
        self._resolve.fault(place, f"no {what} has the key {key!r}{did_you_mean(key, keys)}")
