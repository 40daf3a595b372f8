"""The tokens of SPARQL 1.1 (and the triple terms of 1.2), in one pass and linear time.

Only what the guard needs: where strings, IRIs, comments, names and variables begin and end. `<` begins an IRI
or compares, which the grammar decides and not the characters: whoever reads the tokens says which by setting
`comparing` before asking for the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.errors import QuerySyntaxError

# Any character beyond ASCII counts as a letter of a name: the engine's own parser knows the exact ranges, and
# where it takes fewer the query does not parse.
_START = r"A-Za-z\u0080-\U0010FFFF"
_CHAR = rf"0-9_\-{_START}"
# A prefix is short: were it not, a text of `a.a.a.…` or `a-a-a-…` would be read to its end from every `a`.
_PREFIX = rf"[{_START}][{_CHAR}]{{0,99}}+(?:\.{{1,9}}+[{_CHAR}]{{1,99}}+){{0,9}}+"
_LOCAL = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"
_PARTS = {
    "skip": r"[\x20\t\r\n]++|\#[^\r\n]*+",
    "string": r'"""(?:"{0,2}(?:[^"\\]|\\.))*+"""|' + r"'''(?:'{0,2}(?:[^'\\]|\\.))*+'''|"
    r'"(?:[^"\\\r\n]|\\.)*+"|' + r"'(?:[^'\\\r\n]|\\.)*+'",
    "iri": _IRI,
    "variable": rf"[?$][0-9_{_START}]++",
    "name": rf"(?:_|{_PREFIX})?:(?:(?:[0-9_:{_START}]|{_LOCAL})(?:\.*+(?:[:{_CHAR}]|{_LOCAL}))*+)?",
    "language": r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--(?:ltr|rtl))?",
    "number": r"(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?",
    "word": rf"[{_START}_][0-9_{_START}]*+",
    "open": r"<<|[({\[]",
    "close": r">>|[)}\]]",
    "stop": r"[.;,]",
    "operator": r"\^\^|\|\||&&|!=|<=|>=|[=<>!+\-*/|^?~]",
}
_NAMES = ("variable", "name", "language", "number", "word")


def _pattern(kinds: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{_PARTS[kind]})" for kind in kinds), re.DOTALL)


_WITH_IRI = _pattern(("skip", "string", "iri", *_NAMES, "open", "close", "stop", "operator"))
# `<` before `<<`: an operand is compared with what follows
_COMPARING = _pattern(("skip", "string", *_NAMES, "close", "stop", "operator", "open"))


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its text as written, and its offset."""

    kind: str
    text: str
    offset: int


class Lexer:
    """Iterates over the tokens of a query, without blanks and comments.

    Raises QuerySyntaxError, with its place, for text that is no token.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.comparing = False

    def __iter__(self) -> Iterator[Token]:
        position, end = 0, len(self.text)
        while position < end:
            match = (_COMPARING if self.comparing else _WITH_IRI).match(self.text, position)
            if match is None or match.lastgroup is None:
                raise syntax_error(self.text, position, _no_token(self.text[position]))
            if match.lastgroup != "skip":
                yield Token(match.lastgroup, match.group(), position)
            position = match.end()


def _no_token(character: str) -> str:
    if character in "\"'":
        return "a string begins here and does not end"
    if character == "<":
        return "an IRI begins here and does not end"
    return f"{character!r} does not belong here"


def syntax_error(text: str, offset: int, reason: str) -> QuerySyntaxError:
    """The error for a fault at that offset, with line and column from 1 and the offending line."""
    return QuerySyntaxError(reason, *position(text, offset))


def position(text: str, offset: int) -> tuple[int, int, str]:
    """Line and column of an offset, from 1, and the line, of at most 200 characters."""
    line = text.count("\n", 0, offset) + 1
    start = text.rfind("\n", 0, offset) + 1
    stop = text.find("\n", offset)
    return line, offset - start + 1, text[start : stop if stop >= 0 else None][:200]
