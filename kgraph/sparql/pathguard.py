"""The guard of queries, which also finds the `SERVICE kg:path { … }` blocks in them.

What stands in a block is read here (`pathblock.py`) and never reaches the engine: in its place goes a `VALUES` of what
the search found. To the guard it counts as an empty one. Every other `SERVICE` is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kgraph.errors import QueryRefusedError
from kgraph.namespaces import Namespaces
from kgraph.settings import Settings
from kgraph.sparql.guard import Frame, Guard, QueryForm, check_length, refused_service
from kgraph.sparql.lexer import Token
from kgraph.sparql.pathblock import BlockReader, PathBlock, fault
from kgraph.sparql.pathterms import SPACE

MOST_BLOCKS = 10
"""How many searches one query may hold."""
_SERVICE = "path"


def check(text: str, settings: Settings, namespaces: Namespaces) -> tuple[QueryForm, tuple[PathBlock, ...]]:
    """The form of a query that may be evaluated, and the path searches in it.

    Raises what `guard.check` does, and PathSearchError for a block that is not understood.
    """
    check_length(text, settings)
    spaces = {"path": SPACE, **namespaces.prefixes}
    guard = _PathGuard(text, spaces, service=f"{namespaces.kg}{_SERVICE}", spaces=spaces)
    return guard.run(), tuple(guard.blocks)


@dataclass(slots=True)
class _PathGuard(Guard):
    service: str = ""
    spaces: Mapping[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)  # what the query declares
    blocks: list[PathBlock] = field(default_factory=list)
    naming: str = ""
    start: int = -1  # of the block being read
    named: bool = False
    silent: bool = False
    tokens: list[Token] = field(default_factory=list)

    def take(self, token: Token) -> None:
        """Take one token: those of a block are put aside until it ends."""
        if self.start >= 0:
            self._inside(token)
        elif token.kind == "word" and token.text.upper() == "SERVICE":
            self._begin(token)
        else:
            if token.kind == "iri" and self.recent == ["PREFIX", "name"] and self.form is None:
                self.own[self.naming] = token.text[1:-1]
            elif token.kind == "name":
                self.naming = token.text.partition(":")[0]
            Guard.take(self, token)

    def _begin(self, token: Token) -> None:
        frame = self.frames[-1]
        if self.form is None or frame.kind != "{" or len(self.frames) == 1 or self.service_name:
            raise refused_service()
        self.glued, self.unary, self.values_next, frame.expressions = False, 0, False, False
        self._end_pattern(frame, 3)
        self.count()
        self.start, self.named, self.silent, self.tokens = token.offset, False, False, []

    def _inside(self, token: Token) -> None:
        if not self.named:
            if token.text.upper() == "SILENT" and not self.silent:
                self.silent = True
                return
            if token.kind not in ("iri", "name") or self._iri(token) != self.service:
                raise refused_service()
            if self.silent:
                raise fault(self.text, token.offset, "SILENT would hide what goes wrong in a path search: leave it out")
            self.named = True
        elif self.frames[-1].kind != _SERVICE:
            if token.text != "{":
                raise fault(self.text, token.offset, "the braces of SERVICE kg:path should begin here")
            self.frames.append(Frame(_SERVICE, token.offset))
        elif token.text == "}":
            self._end(token)
        elif token.kind == "open" and token.text != "[":
            raise fault(self.text, token.offset, f"{token.text} does not belong in a path search")
        else:
            self.tokens.append(token)

    def _end(self, token: Token) -> None:
        self.frames.pop()
        end = token.offset + 1
        if len(self.blocks) == MOST_BLOCKS:
            raise QueryRefusedError(f"the query has more than {MOST_BLOCKS} path searches", "paths")
        self.blocks.append(BlockReader(self.text, self.tokens, self.start, end, self._absolute).read())
        self.start = -1

    def _iri(self, token: Token) -> str:
        """The IRI of a token as far as it is one; empty for a prefix that nobody declared, and for what is escaped."""
        if "\\" in token.text:
            return ""
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        space = self.own.get(prefix, self.spaces.get(prefix))
        return "" if space is None or "\\" in space else space + local

    def _absolute(self, token: Token) -> str:
        iri = self._iri(token)
        if not Namespaces.is_iri(iri):
            prefix = token.text.partition(":")[0]
            undeclared = token.kind == "name" and prefix not in self.own and prefix not in self.spaces
            reason = f"the prefix {prefix}: is not declared" if undeclared else "write an absolute IRI, without escapes"
            raise fault(self.text, token.offset, reason)
        return iri
