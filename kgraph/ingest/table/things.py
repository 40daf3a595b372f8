"""From the cells that name things to IRIs: what the graph has is used, what it lacks is minted.

A cell is an IRI (`<…>`, `https://…`, a CURIE), the preferred label of a thing in the graph, letter by letter, the slug
of one, or the label of something new. A new thing gets the slug of its label. Where two labels have one slug ("Ærø",
"Aero"), or something else in the graph has it, they are not taken for the same: the first label of the table has the
slug, and each other one the slug and eight digits of its own hash.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from kgraph.ingest.state import State
from kgraph.ingest.table.mapping import TableMapping
from kgraph.namespaces import Namespaces
from kgraph.rdf import Literal, NamedNode

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_RECORD: Final = re.compile(r"(claim|span|qty|time|mention|note|bn|table)-[0-9a-f]{20}\Z")
_SCHEME: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|urn:)\S+\Z")
_LONGEST: Final = 80
_SPELT: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
)


@dataclass
class Things:
    """What the names of a table name, by number: IRI, the label of what is new, the classes of what is not."""

    iris: list[str] = field(default_factory=list)
    labels: list[str | None] = field(default_factory=list)
    types: list[frozenset[str]] = field(default_factory=list)

    def is_new(self, number: int) -> bool:
        """Whether the table has to declare it."""
        return self.labels[number] is not None


class Resolver:
    """Takes the names of a table, all at once, so that the graph is asked once."""

    def __init__(self, state: State, mapping: TableMapping) -> None:
        self.things = Things()
        self._state = state
        self._ns = state.namespaces
        self._prefixes = {**state.namespaces.prefixes, **mapping.prefixes}
        self._only_known = mapping.labels == "known"
        self._numbers: dict[str, int] = {}

    def resolve(self, names: Iterable[str]) -> dict[str, int | str]:
        """For each name the number of its thing, or what is wrong with it."""
        found: dict[str, int | str] = {}
        iris: dict[str, str] = {}
        labels: dict[str, str] = {}
        for name in dict.fromkeys(names):
            text = " ".join(unicodedata.normalize("NFC", name).split())
            try:
                iri = self._iri(text)
                if iri is None:
                    labels[name] = _checked(text)
                else:
                    iris[name] = iri
            except ValueError as error:
                found[name] = str(error)
        slugs = {label: slug(label) for label in labels.values()}
        by_label, types = self._known(
            set(labels.values()), {*iris.values(), *(self._ns.id + s for s in slugs.values())}
        )
        for name, iri in iris.items():
            found[name] = self._given(iri, types)
        taken = set(iris.values())
        named = {label: self._named(label, slugged, by_label, types, taken) for label, slugged in slugs.items()}
        found.update((name, named[label]) for name, label in labels.items())
        return found

    def add(self, iri: str, types: Iterable[str]) -> int:
        """The number of a thing known by other means: a code, the table itself."""
        return self._number(iri, None, frozenset(types))

    # -------------------------------------------------------------- IRIs

    def _iri(self, text: str) -> str | None:
        """The IRI that a cell is, None where it is a label. Raises ValueError where it can be neither."""
        prefix, colon, rest = text.partition(":")
        if text.startswith("<") and text.endswith(">"):
            iri = text[1:-1]
        elif colon and " " not in text and prefix in self._prefixes and not rest.startswith("//"):
            iri = self._prefixes[prefix] + rest
        elif _SCHEME.match(text):
            iri = text
        else:
            return None
        if not _is_iri(iri):
            raise ValueError(f"{text!r} is not an IRI")
        if iri.startswith(self._ns.graph("")):
            raise ValueError(f"{text!r} is one of kgraph's own graphs")
        if iri.startswith(self._ns.kg) or (iri.startswith(self._ns.kgs) and iri not in self._state.schema.concepts):
            raise ValueError(f"{text!r} is a term of the ontology, or none, and no thing")
        if iri.startswith(self._ns.id):
            name = iri.removeprefix(self._ns.id)
            if not _SLUG.match(name) or _RECORD.match(name):
                raise ValueError(
                    f"{text!r} is no name of a thing: lower-case letters a-z, digits and hyphens after id:"
                )
        return iri

    def _given(self, iri: str, types: dict[str, set[str]]) -> int | str:
        if iri in self._state.schema.concepts:
            return self._number(iri, None, frozenset(self._state.schema.values(iri, "rdf:type")))
        known = types.get(iri) or self._state.types(NamedNode(iri))
        if not known and self._state.knows(iri):
            return f"the graph says something of {self._ns.compress(iri)}, but not what it is: describe it first"
        if not known and self._only_known:
            return f"nothing in the graph has the name {self._ns.compress(iri)}"
        return self._number(iri, None if known else _local_name(iri), frozenset(known))

    # -------------------------------------------------------------- labels

    def _named(
        self, label: str, slugged: str, by_label: dict[str, list[str]], types: dict[str, set[str]], taken: set[str]
    ) -> int | str:
        same = by_label.get(label, ())
        if len(same) > 1:
            names = ", ".join(self._ns.compress(iri) for iri in sorted(same)[:3])
            return f"{len(same)} things are called {label!r}: give the IRI ({names})"
        if same:
            return self._number(same[0], None, frozenset(types.get(same[0]) or self._state.types(NamedNode(same[0]))))
        iri = self._ns.id + slugged
        if label == slugged and iri in types:
            return self._number(iri, None, frozenset(types[iri]))
        if self._only_known:
            return f"nothing in the graph is called {label!r}"
        if iri in taken or iri in types or _RECORD.match(slugged) or self._state.knows(iri):
            iri = f"{iri}-{_hash(label)}"
            if iri in taken or self._state.knows(iri):
                return f"there is no free name for {label!r}: give its IRI"
        taken.add(iri)
        return self._number(iri, label, frozenset())

    def _number(self, iri: str, label: str | None, types: frozenset[str]) -> int:
        if iri not in self._numbers:
            self._numbers[iri] = len(self._numbers)
            self.things.iris.append(iri)
            self.things.labels.append(label)
            self.things.types.append(types)
        return self._numbers[iri]

    def _known(self, labels: set[str], iris: set[str]) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
        """What the graph has of these: the IRIs by label, the classes by IRI."""
        graph = NamedNode(self._ns.graph("entities"))
        label, type_ = (NamedNode(self._ns.expand(name)) for name in ("skos:prefLabel", "rdf:type"))
        by_label: dict[str, list[str]] = defaultdict(list)
        for quad in self._state.store.quads(None, label, None, graph):
            text = quad.object
            if isinstance(text, Literal) and text.value in labels and text.language == "en":
                by_label[text.value].append(quad.subject.value)  # type: ignore[union-attr]
        wanted = iris.union(*by_label.values())
        types: dict[str, set[str]] = defaultdict(set)
        for quad in self._state.store.quads(None, type_, None, graph):
            iri = quad.subject.value  # type: ignore[union-attr]
            if iri in wanted and isinstance(quad.object, NamedNode):
                types[iri].add(quad.object.value)
        return by_label, types


def slug(label: str) -> str:
    """A label in lower-case letters a-z, digits and hyphens; a hash where that leaves nothing.

    >>> slug("Harbour & Lake Trust"), slug("Ærø"), slug("東京")
    ('harbour-lake-trust', 'aero', 'thing-130016b2')
    """
    folded = unicodedata.normalize("NFKD", label.lower().translate(_SPELT)).encode("ascii", "ignore").decode()
    text = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if len(text) > _LONGEST:
        return f"{text[:_LONGEST].rpartition('-')[0] or text[:_LONGEST]}-{_hash(label)}"
    return text or f"thing-{_hash(label)}"


def _is_iri(text: str) -> bool:
    """Whether the store takes it: it refuses the whole table otherwise, and then it is too late."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return Namespaces.is_iri(text)


def _hash(label: str) -> str:
    return hashlib.sha256(label.encode()).hexdigest()[:8]


def _checked(label: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in label if not character.isalnum()):
        raise ValueError(f"{label!r} holds a control character")
    return label


def _local_name(iri: str) -> str:
    """The last part of an IRI, which has to do for a label: the table knows no other."""
    return unquote(re.split(r"[/#:]", iri.rstrip("/#:"))[-1]) or iri
