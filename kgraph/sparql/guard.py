"""What a query may not be, decided by its tokens before any engine sees it.

The engine's process dies on deep nesting and long chains (5 KB are enough), and it sends a request for `SERVICE`.
So the front counts brackets, operators, keywords and triple patterns, in linear time, and refuses what is past the
bounds. Strings, IRIs, comments, variables and names never count as keywords.

The engine's parser asks for no blank between words: it takes `SERVICE:x {…}`, `SERVICESILENT<…>` and `truea` for
two. So that the guard never reads a text otherwise than the engine does, a word that is none of SPARQL's is no query,
and a name that begins like `SERVICE`, `FILTER` or `HAVING` is refused where it would be read as that word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

from kgraph.errors import FetchRefusedError, QueryRefusedError, QuerySyntaxError
from kgraph.settings import Settings
from kgraph.sparql.keywords import WORDS
from kgraph.sparql.lexer import Lexer, Token, syntax_error

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
FORMS: tuple[Form, ...] = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The guard's bounds; the service description says them."""

    tokens: int = 150_000
    depth: int = 100
    unary_run: int = 64
    operators: int = 1_000
    triple_patterns: int = 200
    values_rows: int = 10_000


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class QueryForm:
    """What the guard learned: the form, and whether the query names its own dataset (`FROM`)."""

    name: Form
    names_dataset: bool


def check(text: str, settings: Settings, prefixes: Collection[str] = ()) -> QueryForm:
    """The form of a query that may be evaluated. `prefixes` are those it need not declare.

    Raises QueryRefusedError, whose `rule` is one of `length`, `depth`, `unary`, `operators`, `patterns`, `values`,
    `service`, `update`; QuerySyntaxError for what cannot be a query, with its place.
    """
    check_length(text, settings)
    return Guard(text, prefixes).run()


def check_length(text: str, settings: Settings) -> None:
    """Raise QueryRefusedError for a text that is too long, QuerySyntaxError for half a character."""
    try:
        length = len(text.encode())
    except UnicodeEncodeError as error:
        raise syntax_error(text, error.start, "this is not a Unicode character") from error
    if length > settings.max_body:
        raise QueryRefusedError(f"the query has {length:,} bytes; at most {settings.max_body:,} are taken", "length")


# Kinds of frame: `{` group or template, `(` expression, `list` collection, `path`, `[` blank node,
# `<<` triple term, `values` the braces of VALUES, `row` one row in them.
_TRIPLES = ("{", "[")
_CLOSER = {"{": "}", "values": "}", "[": "]", "<<": ">>"}
_TERM_WORDS = ("A", "TRUE", "FALSE", "UNDEF")
_EXPRESSION_CLAUSES = ("SELECT", "GROUP", "ORDER", "HAVING")
_UNARY = ("!", "+", "-", "^", "^^")


@dataclass(slots=True)
class Frame:
    """An open bracket; `terms` of the pattern being read, of which `needed` make one."""

    kind: str
    offset: int = 0
    terms: int = 0
    needed: int = 3
    expressions: bool = False


@dataclass(slots=True)
class Guard:
    """Reads one text; `run` gives what was learned of it."""

    text: str
    prefixes: Collection[str]
    form: Form | None = None
    names_dataset: bool = False
    operators: int = 0
    patterns: int = 0
    rows: int = 0
    unary: int = 0
    values_next: bool = False
    service_name: bool = False
    glued: bool = False
    declared: set[str] = field(default_factory=set)
    frames: list[Frame] = field(default_factory=lambda: [Frame("{")])
    recent: list[str] = field(default_factory=lambda: ["", ""])  # the last two: words in capitals, else kinds

    def run(self) -> QueryForm:
        """The form of a query. Raises as `check` does."""
        self.read()
        if self.form is None:
            raise QuerySyntaxError("there is no query: expected SELECT, ASK, CONSTRUCT or DESCRIBE")
        return QueryForm(self.form, self.names_dataset)

    def read(self) -> None:
        """Take every token, and refuse what is past the bounds."""
        lexer = Lexer(self.text)
        for count, token in enumerate(lexer):
            if count >= BOUNDS.tokens:
                raise QueryRefusedError(f"the query has more than {BOUNDS.tokens:,} words and signs", "length")
            self.take(token)
            name = token.text.upper() if token.kind == "word" else token.kind
            self.recent = [self.recent[1], name]
            operand = token.kind in ("variable", "string", "iri", "name", "language", "number") or (
                token.text == ")" or name in _TERM_WORDS
            )
            lexer.comparing = operand and self.frames[-1].kind == "("
        if len(self.frames) > 1:
            raise syntax_error(self.text, self.frames[-1].offset, "this bracket is never closed")

    def take(self, token: Token) -> None:
        """Take one token."""
        if self.service_name and token.text == "{":
            raise refused_service()
        if self.glued and token.text == "(":
            raise syntax_error(
                self.text, token.offset, "a blank is missing between this name's first word and the rest"
            )
        self.service_name = self.glued = False
        self.unary = self.unary + 1 if token.text in _UNARY and token.kind == "operator" else 0
        if self.unary > BOUNDS.unary_run:
            raise QueryRefusedError(f"more than {BOUNDS.unary_run} unary operators in a row", "unary")
        match token.kind:
            case "word":
                self._word(token)
            case "name":
                self._name(token)
            case "open":
                self._open(token)
            case "close":
                self._close(token)
            case "stop":
                self._stop(token)
            case "operator":
                self._operator(token.text)
            case "language":
                pass
            case _:
                self._term()

    def _word(self, token: Token) -> None:
        word = token.text.upper()
        if "SERVICE" in word:
            raise refused_service()
        if word not in WORDS and self.form is not None:
            raise syntax_error(self.text, token.offset, f"{token.text[:40]!r} is no word of SPARQL")
        frame = self.frames[-1]
        if frame.kind in ("values", "row") or word in _TERM_WORDS:
            self._term()
            return
        if self.form is None:
            self._before_form(token, word)
        self._end_pattern(frame, 3)
        self.count()
        if frame.kind == "{":
            if word in _EXPRESSION_CLAUSES:
                frame.expressions = True
            elif word in ("WHERE", "FROM", "VALUES"):
                frame.expressions = False
        self.values_next = word == "VALUES"
        self.names_dataset |= word == "FROM"

    def _before_form(self, token: Token, word: str) -> None:
        if word in ("PREFIX", "BASE", "VERSION"):
            return
        if word in UPDATES:
            raise QueryRefusedError("updates are not taken here: only SELECT, ASK, CONSTRUCT and DESCRIBE", "update")
        self.form = next((form for form in FORMS if form == word), None)
        if self.form is None:
            reason = f"expected SELECT, ASK, CONSTRUCT or DESCRIBE, not {token.text[:40]!r}"
            raise syntax_error(self.text, token.offset, reason)

    def _name(self, token: Token) -> None:
        prefix, _, _local = token.text.partition(":")
        if self.recent[1] == "PREFIX" and self.form is None:
            self.declared.add(prefix)
            return
        self.glued = prefix.upper().startswith(("FILTER", "HAVING"))
        if "SERVICE" in prefix.upper() and self.recent[1] not in ("GRAPH", "FROM", "NAMED", "DESCRIBE"):
            self.service_name = True
        if prefix != "_" and prefix not in self.declared and prefix not in self.prefixes:
            reason = f"the prefix {prefix}: is not declared"
            raise syntax_error(self.text, token.offset, reason)
        self._term()

    def _open(self, token: Token) -> None:
        frame = self.frames[-1]
        kind = token.text
        if kind == "(":
            kind = self._parenthesis(frame)
        elif kind == "{":
            self._end_pattern(frame, 3)
            kind = "values" if self.values_next else "{"
            frame.expressions = self.values_next = False
        if len(self.frames) > BOUNDS.depth:
            raise QueryRefusedError(f"brackets are nested deeper than {BOUNDS.depth}", "depth")
        self.frames.append(Frame(kind, token.offset, needed=2 if kind == "[" else 3))

    def _parenthesis(self, frame: Frame) -> str:
        if frame.kind in ("(", "path", "<<", "row"):
            return frame.kind if frame.kind != "<<" else "path"
        if frame.kind == "values":
            self._row()
            return "row"
        before, last = self.recent
        if self.values_next:
            return "path"
        if frame.kind == "{" and (frame.expressions or (last.isupper() and last not in _TERM_WORDS)):
            return "("
        if frame.kind == "{" and before in ("FILTER", "HAVING") and last in ("name", "iri"):
            return "("
        return "path" if frame.kind in _TRIPLES and frame.needed - frame.terms == 2 else "list"

    def _close(self, token: Token) -> None:
        frame = self.frames[-1]
        if len(self.frames) == 1 or _CLOSER.get(frame.kind, ")") != token.text:
            raise syntax_error(self.text, token.offset, f"{token.text!r} closes nothing that is open")
        self._check_whole(frame, token)
        self._end_pattern(frame, 3)
        self.frames.pop()
        if frame.kind in ("[", "list", "path", "<<") and not self.values_next:
            self._term()

    def _stop(self, token: Token) -> None:
        if token.text == ".":
            self._check_whole(self.frames[-1], token)
        self._end_pattern(self.frames[-1], {".": 3, ";": 2, ",": 1}[token.text])

    def _check_whole(self, frame: Frame, token: Token) -> None:
        """Say where an object is missing: the engine only says that something is wrong nearby."""
        short = frame.kind == "{" and frame.terms == 2 and frame.needed == 3
        if short and self.recent[1] != "operator":
            raise syntax_error(self.text, token.offset, "a triple pattern ends here without its object")

    def _operator(self, text: str) -> None:
        self.count()
        frame = self.frames[-1]
        if text in "/|" and frame.kind in _TRIPLES:
            frame.terms = max(frame.terms - 1, 0)

    def _term(self) -> None:
        frame = self.frames[-1]
        if frame.kind == "list":
            self.pattern()
        elif frame.kind == "values":
            self._row()
        elif frame.kind in _TRIPLES and not frame.expressions:
            frame.terms += 1

    def _end_pattern(self, frame: Frame, needed: int) -> None:
        if frame.kind in _TRIPLES:
            if frame.terms >= frame.needed:
                self.pattern()
            frame.terms, frame.needed = 0, 2 if frame.kind == "[" and needed == 3 else needed

    def count(self) -> None:
        """One operator or keyword more."""
        self.operators += 1
        if self.operators > BOUNDS.operators:
            raise QueryRefusedError(f"more than {BOUNDS.operators:,} operators and keywords", "operators")

    def pattern(self) -> None:
        """One triple pattern more."""
        self.patterns += 1
        if self.patterns > BOUNDS.triple_patterns:
            raise QueryRefusedError(f"more than {BOUNDS.triple_patterns} triple patterns", "patterns")

    def _row(self) -> None:
        self.rows += 1
        if self.rows > BOUNDS.values_rows:
            raise QueryRefusedError(f"more than {BOUNDS.values_rows:,} rows of VALUES", "values")


def refused_service() -> FetchRefusedError:
    """Why `SERVICE` is not taken."""
    return FetchRefusedError("SERVICE is not answered here: no query makes this service ask another", "service")


def described() -> Iterable[tuple[str, int]]:
    """The bounds by name, for people and the service description."""
    return (
        ("words and signs", BOUNDS.tokens),
        ("bracket depth", BOUNDS.depth),
        ("unary operators in a row", BOUNDS.unary_run),
        ("operators and keywords", BOUNDS.operators),
        ("triple patterns", BOUNDS.triple_patterns),
        ("rows of VALUES", BOUNDS.values_rows),
    )
