"""What an update may not be, and the operations it consists of, decided by its tokens before any engine sees it.

Between the operations' braces the grammar is small, and read here strictly: what is not exactly an operation of SPARQL
1.1 Update is refused, so that nothing but what stands in `Operation` reaches the engine. Inside the braces the guard of
queries reads on, under the same bounds; data and templates are no patterns, and their triples are not counted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from kgraph.errors import FetchRefusedError, QuerySyntaxError
from kgraph.settings import Settings
from kgraph.sparql.guard import Guard, check_length, refused_service
from kgraph.sparql.lexer import Token, syntax_error

Kind = Literal["insert data", "delete data", "delete where", "modify", "clear", "drop", "create", "add", "move", "copy"]
_BLOCKS = ("data", "delete", "insert", "where")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. Texts are as written: `prologue` on one line, blocks with their braces, graphs as an IRI, a
    prefixed name, or a word (DEFAULT, NAMED, ALL). `start` and `end` are offsets, without the prologue."""

    kind: Kind
    start: int
    end: int
    prologue: str
    blocks: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    with_: str = ""
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    source: str = ""
    target: str = ""
    variables: tuple[str, ...] = ()
    mints: bool = False

    @property
    def names_dataset(self) -> bool:
        """Whether it says itself which graphs it looks at."""
        return bool(self.with_ or self.using or self.using_named)

    def fields(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def check(text: str, settings: Settings, prefixes: Collection[str] = ()) -> tuple[Operation, ...]:
    """The operations of an update that may be evaluated; none of an empty one. `prefixes` need no declaration.

    Raises QueryRefusedError, whose `rule` is one of those of queries, or `load`; QuerySyntaxError with its place.
    """
    check_length(text, settings)
    guard = _UpdateGuard(text, prefixes)
    guard.read()
    guard.finish(len(text))
    if guard.loads:  # said at last: what does not parse is told as that
        raise FetchRefusedError("LOAD is not done here: send the triples themselves", "load")
    return tuple(guard.operations)


@dataclass(slots=True)
class _UpdateGuard(Guard):
    operations: list[Operation] = field(default_factory=list)
    outside: list[Token] = field(default_factory=list)  # of the operation being read; a block is its opening brace
    blocks: list[tuple[int, int]] = field(default_factory=list)
    prologue: list[Token] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)  # blank nodes of the data of operations before
    own_labels: set[str] = field(default_factory=set)
    variables: dict[str, None] = field(default_factory=dict)
    mints: bool = False
    loads: bool = False

    def take(self, token: Token) -> None:
        """Take one token: what stands between braces as the guard of queries does."""
        if len(self.frames) > 1:
            self._inside(token)
        elif token.text == ";" and token.kind == "stop":
            if not self.outside:
                raise self._unexpected(token)
            self.finish(token.offset)
        elif token.kind == "open" and token.text == "{":
            self.form = "SELECT"  # as a group of a query
            self.outside.append(token)
            self.blocks.append((token.offset, -1))
            Guard.take(self, token)
        else:
            self._outside(token)

    def _outside(self, token: Token) -> None:
        if token.kind not in ("word", "iri", "name"):
            raise syntax_error(self.text, token.offset, f"{token.text[:40]!r} does not belong between operations")
        word = token.text.upper()
        if token.kind == "word":
            if "SERVICE" in word:
                raise refused_service()
            self.count()
        if not self.outside or self.outside[0].text.upper() in ("PREFIX", "BASE"):
            self._before_operation(token)
        else:
            self.outside.append(token)

    def _before_operation(self, token: Token) -> None:
        self.outside.append(token)
        match [each.kind for each in self.outside]:
            case ["word", "name", "iri"] if self.outside[0].text.upper() == "PREFIX":
                prefix, _, rest = self.outside[1].text.partition(":")
                if rest:
                    raise syntax_error(self.text, self.outside[1].offset, "a prefix ends with its colon")
                self.declared.add(prefix)
                self._declare()
            case ["word", "iri"] if self.outside[0].text.upper() == "BASE":
                self._declare()
            case ["word", "name"] if self.outside[0].text.upper() == "PREFIX":
                pass
            case ["word"]:
                pass
            case _:
                raise self._unexpected(token)

    def _declare(self) -> None:
        self.prologue += self.outside
        self.outside.clear()

    def _inside(self, token: Token) -> None:
        depth = len(self.frames)
        if self._block() != "where":
            if token.kind == "variable":
                self.variables.setdefault(token.text[1:])
            if token.text.startswith("_:") or token.text in ("[", "(", "<<", "~"):
                self.mints |= self._block() != "delete"
            if token.text.startswith("_:") and self._block() == "data":
                self.own_labels.add(token.text)
        Guard.take(self, token)
        if depth > 1 and len(self.frames) == 1:
            self.blocks[-1] = (self.blocks[-1][0], token.offset + 1)

    def _block(self) -> str:
        """Which block is being read, by the words before it."""
        words = [token.text.upper() for token in self.outside]
        return words[-2].lower() if len(words) > 1 and words[-2].lower() in _BLOCKS else "where"

    def count(self) -> None:
        """Operators of data (`^^` of a literal) are no expressions."""
        if len(self.frames) == 1 or self._block() == "where":
            Guard.count(self)

    def pattern(self) -> None:
        """Triples of data and templates are no patterns."""
        if self._block() == "where":
            Guard.pattern(self)

    def finish(self, end: int) -> None:
        """The operation that ends at an offset. Raises QuerySyntaxError for what is none."""
        if not self.outside:
            return
        if self.labels & self.own_labels:
            shared = min(self.labels & self.own_labels)
            raise QuerySyntaxError(f"the blank node {shared} stands in the data of two operations")
        if operation := self._operation(end):
            self.operations.append(operation)
        self.labels |= self.own_labels
        self.outside, self.blocks, self.variables, self.mints = [], [], {}, False
        self.own_labels = set()

    def _operation(self, end: int) -> Operation | None:
        """What was read; None for what does nothing."""
        first = self.outside[0]
        prologue = "".join(f"{token.text} " for token in self.prologue)
        read = _Reader(self.text, self.outside, [self.text[start:stop] for start, stop in self.blocks], end)
        found = read.operation()
        for name in read.names:
            self._check_prefix(name)
        if found["kind"] == "load":
            self.loads |= not found["silent"]
            return None
        return Operation(
            start=first.offset, end=end, prologue=prologue, variables=tuple(self.variables), mints=self.mints, **found
        )

    def _check_prefix(self, token: Token) -> None:
        prefix, _, _ = token.text.partition(":")
        if prefix == "_" or (prefix not in self.declared and prefix not in self.prefixes):
            raise syntax_error(self.text, token.offset, f"the prefix {prefix}: is not declared")

    def _unexpected(self, token: Token) -> QuerySyntaxError:
        return syntax_error(self.text, token.offset, f"{token.text[:40]!r} begins no operation of an update")


class _Reader:
    """Reads the tokens of one operation, blocks as their opening braces, by the grammar of SPARQL 1.1 Update."""

    def __init__(self, text: str, tokens: Sequence[Token], blocks: list[str], end: int) -> None:
        self._text, self._tokens, self._blocks, self._end = text, list(tokens), blocks, end
        self._at = 0
        self.names: list[Token] = []

    def operation(self) -> dict[str, Any]:
        """The fields of an `Operation`. Raises QuerySyntaxError."""
        found = self._read()
        if self._at < len(self._tokens):
            raise self._expected("the end of the operation or ;")
        return found

    def _read(self) -> dict[str, Any]:
        if self._word("CLEAR", "DROP"):
            return {"kind": self._last(), "silent": self._silent(), "target": self._any_graph()}
        if self._word("CREATE"):
            silent = self._silent()
            self._need("GRAPH")
            return {"kind": "create", "silent": silent, "target": self._iri()}
        if self._word("LOAD"):
            return self._load()
        if self._word("ADD", "MOVE", "COPY"):
            found = {"kind": self._last(), "silent": self._silent(), "source": self._one_graph()}
            self._need("TO")
            return {**found, "target": self._one_graph()}
        with_ = self._iri() if self._word("WITH") else ""
        if not with_ and self._word("INSERT") and self._word("DATA"):
            return {"kind": "insert data", "blocks": {"data": self._block()}}
        self._at = 2 if with_ else 0
        if not with_ and self._word("DELETE"):
            if self._word("DATA"):
                return {"kind": "delete data", "blocks": {"data": self._block()}}
            if self._word("WHERE"):
                return {"kind": "delete where", "blocks": {"where": self._block()}}
            self._at = 0
        return {"kind": "modify", "with_": with_, **self._modify()}

    def _load(self) -> dict[str, Any]:
        """Nothing is ever fetched; SILENT asks for success all the same, and nothing done."""
        silent = self._silent()
        self._iri()
        if self._word("INTO"):
            self._need("GRAPH")
            self._iri()
        return {"kind": "load", "silent": silent}

    def _modify(self) -> dict[str, Any]:
        blocks = {}
        if self._word("DELETE"):
            blocks["delete"] = self._block()
        if self._word("INSERT"):
            blocks["insert"] = self._block()
        if not blocks:
            raise self._expected("an operation: INSERT, DELETE, CLEAR, DROP, CREATE, ADD, MOVE, COPY or LOAD")
        using: dict[bool, list[str]] = {False: [], True: []}
        while self._word("USING"):
            named = self._word("NAMED")
            using[named].append(self._iri())
        self._need("WHERE")
        blocks["where"] = self._block()
        return {"blocks": blocks, "using": tuple(using[False]), "using_named": tuple(using[True])}

    def _any_graph(self) -> str:
        if self._word("DEFAULT", "NAMED", "ALL"):
            return self._last().upper()
        self._need("GRAPH")
        return self._iri()

    def _one_graph(self) -> str:
        if self._word("DEFAULT"):
            return "DEFAULT"
        self._word("GRAPH")
        return self._iri()

    def _silent(self) -> bool:
        return self._word("SILENT")

    def _iri(self) -> str:
        token = self._next()
        if token is None or token.kind not in ("iri", "name"):
            raise self._expected("an IRI")
        if token.kind == "name":
            self.names.append(token)
        self._at += 1
        return token.text

    def _block(self) -> str:
        token = self._next()
        if token is None or token.kind != "open":
            raise self._expected("{")
        self._at += 1
        return self._blocks.pop(0)

    def _word(self, *words: str) -> bool:
        token = self._next()
        found = token is not None and token.kind == "word" and token.text.upper() in words
        self._at += found
        return found

    def _need(self, word: str) -> None:
        if not self._word(word):
            raise self._expected(word)

    def _last(self) -> str:
        return self._tokens[self._at - 1].text.lower()

    def _next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _expected(self, what: str) -> QuerySyntaxError:
        token = self._next()
        return syntax_error(self._text, self._end if token is None else token.offset, f"expected {what} here")
