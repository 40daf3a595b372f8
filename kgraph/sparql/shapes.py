"""What texts of one shape came to lately. A shape is what is left of a text without words, names, numbers and spaces.

Questions of one kind, asked about one thing after another, have one shape, and so have most of a flood of texts that
are made new each time. What a shape tells decides who goes first and where a text begins, never whether it is answered.
"""

from __future__ import annotations

import string

QUICK, LONG, ENDLESS = 0.0, 1.0, 2.0
"""What became of a text: answered within its quantum, not within it, not within its deadline."""
REMEMBERED = 10_000
"""So many shapes, and so many texts that are not quick, are remembered."""
TRIVIAL = (
    b"ASK {}",
    b"ASK { ?s ?p ?o }",
    b"ASK { <urn:a> ?p ?o }",
    b"SELECT (1 AS ?x) {}",
    b"SELECT * { ?s ?p ?o } LIMIT 1",
    b"SELECT ?s { ?s ?p ?o } LIMIT 1",
    b"SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1",
    b"SELECT * { <urn:a> ?p ?o }",
    b"SELECT ?o { <urn:a> <urn:b> ?o }",
    b"SELECT ?p ?o { <urn:a> ?p ?o }",
)
"""Texts whose shapes are taken to be quick until it is seen otherwise: of what looks whether the service is there."""
_WEIGHT = 0.25
"""How much the last text of a shape counts."""
_DOUBT = 0.45
"""What the first is taken for that was not quick: it may have been hindered. The second tells."""
_TRUSTED, _DISTRUSTED, _HOPELESS = 0.2, 0.5, 1.5
_LOOKED_AT = 4_000
_LEFT_OUT = f"{string.ascii_letters}{string.digits}{string.whitespace}-._~/#%".encode() + bytes(range(128, 256))


def shape_of(text: bytes) -> int:
    """The shape of a text: brackets, signs of variables, quotes, operators.

    >>> shape_of(b"SELECT ?o { <urn:a> ?p ?o } LIMIT 10") == shape_of(b"SELECT ?x { <urn:b/7> ?y ?x } LIMIT 5")
    True
    >>> shape_of(b"SELECT * { ?a ?b ?c }") == shape_of(b"SELECT * { ?a ?b ?c . ?d ?e ?f }")
    False
    """
    return hash(text[:_LOOKED_AT].translate(None, _LEFT_OUT))


class Shapes:
    """How the last texts of each shape went: the mean of what became of them, the last counting most."""

    def __init__(self) -> None:
        self._means: dict[int, float] = {shape_of(text): QUICK for text in TRIVIAL}

    def learn(self, shape: int, became: float) -> None:
        """Count one more text of a shape."""
        mean = self._means.get(shape)
        if mean is None:
            self._means[shape] = min(became, _DOUBT)
            if len(self._means) > REMEMBERED:
                del self._means[next(iter(self._means))]
        elif mean != became:
            self._means[shape] = mean + (became - mean) * _WEIGHT

    def quick(self, shape: int) -> bool:
        """Nearly all were quick."""
        return self._means.get(shape, LONG) < _TRUSTED

    def long(self, shape: int) -> bool:
        """Most were not."""
        return self._means.get(shape, QUICK) >= _DISTRUSTED

    def endless(self, shape: int) -> bool:
        """Most had no end in time."""
        return self._means.get(shape, QUICK) >= _HOPELESS
