"""The names a document declares: where each is, and the faults of names declared twice or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kgraph.errors import ClaimFileError
from kgraph.ingest.claimfile import ClaimFile, Document
from kgraph.ingest.claimmodel import ClaimEntry, Entity, Mention, Note, Quantity, Section, Source, Span, Time
from kgraph.ingest.yamlfile import Step
from kgraph.places import Place

S = TypeVar("S", bound=Section)


@dataclass(frozen=True, slots=True)
class Item(Generic[S]):
    """An entry of a claim file with its place."""

    value: S
    file: ClaimFile
    path: tuple[Step, ...]

    def place(self, *path: Step) -> Place:
        """Where the entry, or a field of it, stands."""
        return self.file.place(*self.path, *path)


@dataclass
class Symbols:
    """Everything the files of a document declare, by name, in the order of the files."""

    sources: list[Item[Source]] = field(default_factory=list)
    references: list[tuple[str, Place]] = field(default_factory=list)
    entities: dict[str, Item[Entity]] = field(default_factory=dict)
    spans: dict[str, Item[Span]] = field(default_factory=dict)
    quantities: dict[str, Item[Quantity]] = field(default_factory=dict)
    times: dict[str, Item[Time]] = field(default_factory=dict)
    mentions: list[Item[Mention]] = field(default_factory=list)
    notes: list[Item[Note]] = field(default_factory=list)
    claims: list[Item[ClaimEntry]] = field(default_factory=list)
    faults: list[ClaimFileError] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> Symbols:
        """Collect the names of a document; names declared twice become faults."""
        symbols = cls()
        for file in document.files:
            symbols._collect(file)
        symbols._check_source(document)
        symbols._check_keys()
        return symbols

    def _collect(self, file: ClaimFile) -> None:
        content = file.content
        if isinstance(content.source, Source):
            self.sources.append(Item(content.source, file, ("source",)))
        elif content.source is not None:
            self.references.append((content.source, file.place("source")))
        self._declare(self.entities, content.entities, file, "entities")
        self._declare(self.spans, content.spans, file, "spans")
        self._declare(self.quantities, content.quantities, file, "quantities")
        self._declare(self.times, content.times, file, "times")
        self.mentions += (Item(value, file, ("mentions", n)) for n, value in enumerate(content.mentions))
        self.notes += (Item(value, file, ("notes", n)) for n, value in enumerate(content.notes))
        self.claims += (Item(value, file, ("claims", n)) for n, value in enumerate(content.claims))

    def _declare(self, into: dict[str, Item[S]], new: dict[str, S], file: ClaimFile, section: str) -> None:
        for key, value in new.items():
            item = Item(value, file, (section, key))
            if key in into:
                self.faults.append(ClaimFileError(item.place(), f"is declared before, at {into[key].place()}"))
            else:
                into[key] = item

    def _check_source(self, document: Document) -> None:
        for item in self.sources[1:]:
            reason = f"a document has one source; the first is at {self.sources[0].place()}"
            self.faults.append(ClaimFileError(item.place(), reason))
        names = {item.value.id for item in self.sources[:1]} | {slug for slug, _ in self.references}
        if not names and (self.claims or self.mentions or self.spans):
            file = document.files[0]
            reason = "is missing: say which article this is read from, or name one that is loaded"
            self.faults.append(ClaimFileError(Place(file.name, 1, None, "source"), reason))
        for slug, place in self.references:
            if names != {slug}:
                others = ", ".join(sorted(names - {slug}))
                self.faults.append(ClaimFileError(place, f"names {slug!r}, but the document's source is {others}"))

    @property
    def source(self) -> str | None:
        """The slug of the document's source."""
        if self.sources:
            return self.sources[0].value.id
        return self.references[0][0] if self.references else None

    def keyed(self) -> Iterator[tuple[str, Item[ClaimEntry] | Item[Mention] | Item[Note]]]:
        """Claims, mentions and notes that have a key."""
        for items in (self.claims, self.mentions, self.notes):
            yield from ((item.value.key, item) for item in items if item.value.key is not None)

    def _check_keys(self) -> None:
        """Notes and coverage refer to all of these by bare name: one name, one thing."""
        seen: dict[str, Place] = {key: item.place() for key, item in self.entities.items()}
        if self.sources and self.sources[0].value.id in seen:
            reason = f"is also the name of an entity, at {seen[self.sources[0].value.id]}"
            self.faults.append(ClaimFileError(self.sources[0].place("id"), reason))
        for key, item in (*self.spans.items(), *self.keyed()):
            place = item.place() if item.path[0] == "spans" else item.place("key")
            if key in seen:
                self.faults.append(ClaimFileError(place, f"the key {key!r} is taken, at {seen[key]}"))
            else:
                seen[key] = place
