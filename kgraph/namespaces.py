"""CURIE ⇄ IRI, and the names of kgraph's own graphs. The prefixes are data: `ontology/prefixes.json`."""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass, field
from functools import cached_property

import curies

from kgraph import resources

DEFAULT_BASE = "https://w3id.org/kgraph/"
_PLAIN = re.compile(r"[\w.-]+")

# RFC 3987, without the white space of other scripts that it lets pass.
_LETTERS = (
    "\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane)}-{chr(plane + 0xFFFD)}" for plane in range(0x10000, 0xE0000, 0x10000))
    + "\U000e1000-\U000efffd"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_SIGN = rf"\w.~!$&'()*+,;={_LETTERS}-"
_ESCAPE = "%[0-9A-Fa-f]{2}"
_SEGMENTS = rf"(?:[{_SIGN}:@/]|{_ESCAPE})*"
_HOST = rf"(?:\[(?P<literal>[^\]/?#]*)\]|(?:[{_SIGN}]|{_ESCAPE})*)"
_IRI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:(?:[{_SIGN}:]|{_ESCAPE})*@)?{_HOST}(?::[0-9]*)?(?=[/?#]|\Z){_SEGMENTS}|(?!//){_SEGMENTS})"
    rf"(?:\?(?:[{_SIGN}:@/?{_PRIVATE}]|{_ESCAPE})*)?(?:#(?:[{_SIGN}:@/?]|{_ESCAPE})*)?\Z",
    re.ASCII,
)
_FUTURE = re.compile(r"v[0-9A-Fa-f]+\.[\w.~!$&'()*+,;=:-]+\Z", re.ASCII)


@dataclass(frozen=True)
class Namespaces:
    """The prefixes in force. `base` is where data IRIs are minted; the ontology's own IRIs never move."""

    base: str = DEFAULT_BASE
    prefixes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, base: str = DEFAULT_BASE) -> Namespaces:
        """Read `ontology/prefixes.json`; `id:` follows `base`.

        >>> Namespaces.load().expand("kg:demands")
        'https://w3id.org/kgraph/ns#demands'
        """
        prefixes: dict[str, str] = json.loads((resources.ontology() / "prefixes.json").read_text("utf-8"))
        return cls(base, {**prefixes, "id": f"{base}id/"})

    @cached_property
    def _converter(self) -> curies.Converter:
        return curies.Converter.from_prefix_map(self.prefixes)

    @cached_property
    def _short(self) -> dict[str, str]:
        """Namespaces that end where a plain name begins, with their prefixes; none where another might go further."""
        if not all(namespace.endswith(("/", "#")) for namespace in self.prefixes.values()):
            return {}
        return {
            namespace: prefix for prefix, namespace in self.prefixes.items() if prefix.isascii() and prefix.isalpha()
        }

    @property
    def kg(self) -> str:
        """Namespace of classes and relations."""
        return self.prefixes["kg"]

    @property
    def kgs(self) -> str:
        """Namespace of codes."""
        return self.prefixes["kgs"]

    @property
    def id(self) -> str:
        """Namespace of data."""
        return self.prefixes["id"]

    @property
    def blank(self) -> str:
        """What the IRIs begin with that stand for blank nodes of loaded documents."""
        return f"{self.id}bn-"

    def graph(self, name: str) -> str:
        """IRI of one of kgraph's own graphs: entities, claims, reported, notes, ontology, imported."""
        return f"{self.base}graph/{name}"

    def compress(self, iri: str) -> str:
        """The CURIE of an IRI, or the IRI itself where no prefix fits or the rest would not be a plain name.

        >>> Namespaces.load().compress("https://w3id.org/kgraph/id/ioc")
        'id:ioc'
        """
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._short.get(iri[:cut])
        if prefix is not None:  # as most names are, of which answers are full: four times as fast as the converter
            return f"{prefix}:{iri[cut:]}" if _PLAIN.fullmatch(iri, cut) else iri
        curie = self._converter.compress(iri)
        if curie is None or not re.fullmatch(r"[A-Za-z]+:[\w.-]+", curie):
            return iri
        return curie

    def expand(self, name: str, default: str = "id") -> str:
        """The IRI of an IRI (angle brackets allowed), a CURIE, or a bare name in the namespace `default`.

        >>> Namespaces.load().expand("ioc")
        'https://w3id.org/kgraph/id/ioc'
        """
        name = name.strip()
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        if ":" not in name:
            return f"{self.prefixes[default]}{name}"
        prefix, _, rest = name.partition(":")
        if prefix in self.prefixes and not rest.startswith("//"):
            return f"{self.prefixes[prefix]}{rest}"
        return name

    @staticmethod
    def is_iri(text: str) -> bool:
        """Whether a text is an absolute IRI, as RFC 3987 writes them."""
        found = _IRI.match(text)
        return found is not None and (found["literal"] is None or _is_address(found["literal"]))


def _is_address(literal: str) -> bool:
    """Whether what stands in the brackets of a host is an address of version 6, or of one to come."""
    try:
        ipaddress.IPv6Address(literal)
    except ValueError:
        return _FUTURE.match(literal) is not None
    return "%" not in literal
