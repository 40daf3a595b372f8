"""A small graph told in a few lines: `story.entity(...)`, `story.claim(...)`, then `story.catalogue()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from kgraph.namespaces import Namespaces
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.schema import Schema
from kgraph.traversal import Catalogue
from kgraph.traversal.columns import Columns

XSD = "http://www.w3.org/2001/XMLSchema#"


def listed(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


@dataclass
class Story:
    """Builds the quads of a graph; every method takes bare names and gives the IRI of what it made."""

    namespaces: Namespaces
    schema: Schema
    quads: list[Quad] = field(default_factory=list)
    count: int = 0

    def iri(self, name: str, prefix: str = "id") -> str:
        return self.namespaces.expand(name, prefix)

    def add(self, subject: str, predicate: str, value: object, graph: str = "entities") -> None:
        """One quad; `value` is an IRI in a one-element list, or a literal's value."""
        term: NamedNode | Literal
        if isinstance(value, list):
            term = NamedNode(value[0])
        elif isinstance(value, bool | int | float):
            term = Literal(value)
        else:
            term = Literal(str(value), language="en")
        graph_iri = self.namespaces.graph(graph)
        self.quads.append(Quad(NamedNode(subject), NamedNode(self.iri(predicate, "kg")), term, NamedNode(graph_iri)))

    def entity(
        self,
        name: str,
        type: str = "Organisation",
        label: str | None = None,
        *,
        aliases: str | tuple[str, ...] = (),
        misprints: str | tuple[str, ...] = (),
        flags: str | tuple[str, ...] = (),
        same_as: str | tuple[str, ...] = (),
    ) -> str:
        iri = self.iri(name)
        self.add(iri, "rdf:type", [self.iri(type, "kg")])
        self.add(iri, "skos:prefLabel", label or name.replace("-", " ").title())
        for alias in listed(aliases):
            self.add(iri, "skos:altLabel", alias)
        for misprint in listed(misprints):
            self.add(iri, "skos:hiddenLabel", misprint)
        for flag in listed(flags):
            self.add(iri, flag, True)
        for other in listed(same_as):
            self.add(iri, "skos:exactMatch", [other])
        return iri

    def article(
        self, name: str, *, length: int = 1000, unknown: str | tuple[str, ...] = (), published: str = ""
    ) -> str:
        iri = self.entity(name, "Article")
        self.add(iri, "textHash", "ab" * 32)
        self.add(iri, "textLength", length)
        for code in listed(unknown):
            self.add(iri, "unknown", [self.iri(code, "kgs")])
        if published:
            self.add(iri, "published", [self.time(f"published-{name}", published, published, published)])
        return iri

    def quantity(self, name: str, text: str, approximation: str = "exact", unit: str = "", **bounds: float) -> str:
        iri = self.iri(f"qty-{name}")
        self.add(iri, "rdf:type", [self.iri("Quantity", "kg")], "claims")
        self.add(iri, "surfaceForm", text, "claims")
        self.add(iri, "approximation", [self.iri(approximation, "kgs")], "claims")
        for bound, number in bounds.items():
            self.add(iri, f"schema:{bound}", number, "claims")
        if unit:
            self.add(iri, "unit", [self.iri(unit, "kgs")], "claims")
        return iri

    def time(self, name: str, text: str, earliest: str = "", latest: str = "") -> str:
        iri = self.iri(f"time-{name}")
        self.add(iri, "rdf:type", [self.iri("TimeSpan", "kg")], "claims")
        self.add(iri, "surfaceForm", text, "claims")
        self.add(iri, "edtf", text, "claims")
        self.add(iri, "dateBasis", [self.iri("stated", "kgs")], "claims")
        for bound, day in (("earliest", earliest), ("latest", latest)):
            if day:
                self.add(iri, bound, day, "claims")
        return iri

    def span(self, article: str, paragraph: int, start: int | None = None, end: int | None = None) -> str:
        start = paragraph * 10 if start is None else start
        iri = self.iri(f"span-{article}-{paragraph}-{start}")
        values = {"paragraph": paragraph, "sentence": 1, "start": start, "end": end or start + 5, "sliceHash": "cd"}
        self.add(iri, "rdf:type", [self.iri("EvidenceSpan", "kg")], "claims")
        self.add(iri, "article", [self.iri(article)], "claims")
        for name, value in values.items():
            self.add(iri, name, value, "claims")
        return iri

    def row(self, table: str, row: int) -> str:
        iri = self.iri(f"span-{table}-row-{row}")
        self.add(iri, "rdf:type", [self.iri("EvidenceSpan", "kg")], "claims")
        self.add(iri, "article", [self.iri(table)], "claims")
        self.add(iri, "table", "ef" * 32, "claims")
        self.add(iri, "row", row, "claims")
        return iri

    def claim(
        self,
        subject: str,
        predicate: str,
        object: str,
        *,
        article: str = "a1",
        said_by: str | tuple[str, ...] = (),
        via: str | tuple[str, ...] = (),
        paragraph: int = 1,
        spans: tuple[str, ...] = (),
        voice: str = "article-voice",
        modality: str = "reported",
        polarity: str = "affirmed",
        status: str = "current",
        time: str = "",
        confidence: float | None = None,
        role: str = "",
        certainty: str = "",
        conflicts_with: str | tuple[str, ...] = (),
        qualifies: str | tuple[str, ...] = (),
    ) -> str:
        self.count += 1
        iri = self.iri(f"claim-{self.count:04}")
        links = {
            "rdf:type": (self.iri("Claim", "kg"),),
            "rdf:subject": (self.iri(subject),),
            "rdf:predicate": (self.iri(predicate, "kg"),),
            "rdf:object": (self.iri(object),),
            "assertedIn": (self.iri(article),),
            "attributedTo": tuple(self.iri(s) for s in listed(said_by or article)),
            "reportedVia": tuple(self.iri(v) for v in listed(via)),
            "evidence": spans or (self.span(article, paragraph),),
            "voice": (self.iri(voice, "kgs"),),
            "modality": (self.iri(modality, "kgs"),),
            "polarity": (self.iri(polarity, "kgs"),),
            "status": (self.iri(status, "kgs"),),
            "time": (self.iri(time),) if time else (),
            "role": (self.iri(role, "kgs"),) if role else (),
            "sourceCertainty": (self.iri(certainty, "kgs"),) if certainty else (),
            "conflictsWith": listed(conflicts_with),
            "qualifies": listed(qualifies),
        }
        for name, iris in links.items():
            for other in iris:
                self.add(iri, name, [other], "claims")
        if confidence is not None:
            self.add(iri, "extractionConfidence", confidence, "claims")
        return iri

    def mention(self, form: str, of: str, *spans: str, evaluative: bool = False) -> str:
        self.count += 1
        iri = self.iri(f"mention-{self.count:04}")
        self.add(iri, "rdf:type", [self.iri("Mention", "kg")], "notes")
        self.add(iri, "surfaceForm", form, "notes")
        self.add(iri, "refersTo", [self.iri(of)], "notes")
        if evaluative:
            self.add(iri, "evaluative", True, "notes")
        for span in spans:
            self.add(iri, "evidence", [span], "notes")
        return iri

    def note(self, about: str, kind: str, text: str) -> str:
        self.count += 1
        iri = self.iri(f"note-{self.count:04}")
        self.add(iri, "rdf:type", [self.iri("EditorialNote", "kg")], "notes")
        self.add(iri, "oa:hasTarget", [self.iri(about)], "notes")
        self.add(iri, "noteKind", [self.iri(kind, "kgs")], "notes")
        self.add(iri, "basis", [self.iri("unverified", "kgs")], "notes")
        self.add(iri, "rdfs:comment", text, "notes")
        return iri

    def catalogue(self, generation: int = 1) -> Catalogue:
        return Catalogue.build(self.quads, self.namespaces, self.schema, generation)


@pytest.fixture(scope="session")
def namespaces() -> Namespaces:
    return Namespaces.load()


@pytest.fixture(scope="session")
def schema(namespaces: Namespaces) -> Schema:
    return Schema.load(namespaces)


@pytest.fixture(scope="session")
def new_story(namespaces: Namespaces, schema: Schema) -> Callable[[], Story]:
    """Makes an empty story with one article, `a1`."""

    def make() -> Story:
        story = Story(namespaces, schema)
        story.article("a1")
        return story

    return make


@pytest.fixture
def story(new_story: Callable[[], Story]) -> Story:
    return new_story()


@pytest.fixture
def letter(story: Story) -> Story:
    """Two coalitions, their letters and demands: the shape of the shipped article, made up."""
    story.article("a2", published="2020-10-05")
    story.entity("ada", "Person", "Ada Lovelace")
    story.entity("ngo", "Ngo", "Rights Watch", aliases="RW")
    story.entity("coalition", "Coalition", "Coalition of rights groups", flags="membersUnstated")
    story.entity("demand", "Demand", "Withdraw the games")
    story.entity("letter", "Letter", "Letter to the committee")
    story.entity("committee", "InternationalBody", "Games Committee", misprints="Game Commitee")
    story.entity("site", "MediaOutlet", "Winter Site")
    story.quantity("160", "160", value=160)
    story.time("september", "September", "2020-09-01", "2020-09-30")
    story.claim("coalition", "hasMember", "ngo", paragraph=3)
    story.claim("coalition", "hasMember", "ngo", article="a2", paragraph=9)
    story.claim("coalition", "demands", "demand", paragraph=4, time="time-september", voice="direct-quote")
    story.claim("demand", "addressee", "committee", paragraph=4)
    story.claim("coalition", "memberCount", "qty-160", paragraph=3)
    story.claim("coalition", "issued", "letter", paragraph=5)
    story.claim("letter", "addressedTo", "committee", paragraph=5, said_by="ada", via="site", voice="paraphrase")
    story.claim("demand", "requests", "kgs:withdraw-hosting", paragraph=4)
    return story


@pytest.fixture(scope="session")
def told() -> Callable[[Columns], dict[str, Any]]:
    """Spells columns out, vocabularies too: their numbers depend on when a value came."""
    return _told


def _told(columns: Columns) -> dict[str, Any]:
    """Everything in columns, vocabularies spelled out: their numbers depend on when a value came."""
    table = columns.table
    records = table.records
    return {
        "nodes": list(columns.iris),
        "labels": list(columns.labels),
        "kinds": [columns.kinds[k] for k in columns.kind.tolist()],
        "by_label": columns.by_label.tolist(),
        "degree": columns.degree.tolist(),
        "ids": columns.ids.tolist(),
        "by_id": columns.by_id.tolist(),
        "rows": [
            array.tolist()
            for array in (
                table.indptr,
                table.far,
                table.starts,
                table.back_indptr,
                table.near,
                table.back,
                table.step_of,
            )
        ],
        "combos": [columns.combos[c] for c in records[:, 0].tolist()],
        "records": np.delete(records, (0, 4), axis=1).tolist(),
        "sources": [columns.sources[c] for c in records[:, 4].tolist()],
        "times": [columns.times[c] if c >= 0 else None for c in columns.time.tolist()],
        "evidence": [columns.passages[c] if c >= 0 else c for c in columns.evidence.tolist()],
        "plain": columns.plain.tolist(),
        "predicates": columns.predicates.values,
        "odd": columns.odd_ids,
        "small": columns.records,
    }
