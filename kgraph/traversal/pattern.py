"""A pattern of relations as an automaton, e.g. `^hasMember demands addressee?`.

    pattern  = choice
    choice   = sequence ("|" sequence)*
    sequence = item (("/" | blank) item)*
    item     = (["^"] name | "(" choice ")" | "^(" choice ")") ["?" | "*" | "+" | "{m}" | "{m,}" | "{m,n}" | "{,n}"]

A name is a relation: bare, a CURIE or an IRI in angle brackets. As in SPARQL a bare name is walked from subject to
object, `^` turns it round (of a group: reversed as a whole); a relation without direction is walked both ways.
Thompson's construction, then subsets, so that one walk has one run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kgraph.errors import ParameterError
from kgraph.traversal.records import Catalogue

Letter = tuple[str, bool]
"""A relation's IRI and whether it is walked from subject to object."""

_TOKEN = re.compile(
    r"\s*(?:(?P<name><[^<>\s]*>|[^\W\d][\w.-]*(?::[\w.-]+)?)|(?P<count>\{[^}]*\})|(?P<sign>[\^|/()?*+]))"
)
_COUNT = re.compile(r"\{\s*(\d*)\s*(,?)\s*(\d*)\s*\}")
_LONGEST = 1_000
_SHOWN = 80
_LARGEST = 2_000
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Automaton:
    """A deterministic automaton over letters; state 0 is the start."""

    moves: tuple[dict[Letter, int], ...]
    accepting: frozenset[int]

    def step(self, state: int, letter: Letter) -> int | None:
        """The state after a letter; None where the pattern does not allow it."""
        return self.moves[state].get(letter)


@dataclass(frozen=True, slots=True)
class _Node:
    """A piece of the syntax tree: a letter's name, or a kind with its parts; `repeats` stand in one another in it."""

    kind: str
    parts: tuple[_Node, ...] = ()
    letter: Letter = ("", True)
    low: int = 0
    high: int | None = None
    repeats: int = 0


def _node(kind: str, parts: Sequence[_Node], low: int = 0, high: int | None = None) -> _Node:
    repeats = max(part.repeats for part in parts) + (kind == "repeat")
    return _Node(kind, tuple(parts), low=low, high=high, repeats=repeats)


def compile_pattern(catalogue: Catalogue, text: str) -> Automaton:
    """The automaton of a pattern. Raises ParameterError that names the position (from 1) of a mistake."""
    return _Builder(catalogue, text).build(_Parser(catalogue, text).parse())


class _Parser:
    def __init__(self, catalogue: Catalogue, text: str) -> None:
        self._catalogue, self._text = catalogue, text
        if len(text) > _LONGEST:
            raise self._error(_LONGEST, f"a pattern has at most {_LONGEST:,} characters")
        self._tokens = list(self._split())
        self._at = 0
        self._depth = 0

    def _split(self) -> Iterable[tuple[str, str, int]]:
        position = 0
        end = len(self._text.rstrip())
        while position < end:
            match = _TOKEN.match(self._text, position)
            if match is None or match.lastgroup is None:
                position += len(self._text[position:]) - len(self._text[position:].lstrip())
                raise self._error(position, f"unexpected {self._text[position]!r}")
            yield match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)
            position = match.end()

    def _error(self, position: int, reason: str) -> ParameterError:
        shown = self._text if len(self._text) <= _LONGEST else f"{self._text[:_SHOWN]}…"
        return ParameterError("pattern", shown, f"position {position + 1}: {reason}")

    def parse(self) -> _Node:
        node = self._choice()
        if self._at < len(self._tokens):
            _, text, position = self._tokens[self._at]
            raise self._error(position, f"unexpected {text!r}")
        return node

    def _next_is(self, *signs: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][0] == "sign" and self._sign() in signs

    def _sign(self) -> str:
        return self._tokens[self._at][1]

    def _choice(self) -> _Node:
        parts = [self._sequence()]
        while self._next_is("|"):
            self._at += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else _node("choice", parts)

    def _sequence(self) -> _Node:
        parts = [self._item()]
        while self._at < len(self._tokens) and not self._next_is("|", ")"):
            if self._next_is("/"):
                self._at += 1
            parts.append(self._item())
        return parts[0] if len(parts) == 1 else _node("sequence", parts)

    def _item(self) -> _Node:
        inverse = self._next_is("^")
        if inverse:
            self._at += 1
        if self._at == len(self._tokens):
            raise self._error(len(self._text), "a relation or a group is missing here")
        kind, text, position = self._tokens[self._at]
        if kind == "name":
            self._at += 1
            node = _Node("letter", letter=(self._relation(text, position), True))
        elif text == "(":
            node = self._group(position)
        else:
            raise self._error(position, f"a relation or a group is missing before {text!r}")
        return self._repeated(_inverted(node) if inverse else node)

    def _group(self, opened: int) -> _Node:
        self._at += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(opened, f"brackets are more than {_DEEPEST} deep")
        node = self._choice()
        if not self._next_is(")"):
            raise self._error(opened, "this bracket is not closed")
        self._at += 1
        self._depth -= 1
        return node

    def _relation(self, text: str, position: int) -> str:
        iri = self._catalogue.namespaces.expand(text, "kg")
        if iri not in self._catalogue.predicates:
            raise self._error(position, f"no relation is called {text!r}")
        return iri

    def _repeated(self, node: _Node) -> _Node:
        signs: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
        while self._at < len(self._tokens):
            kind, text, position = self._tokens[self._at]
            if kind == "count":
                low, high = self._count(text, position)
            elif kind == "sign" and text in signs:
                low, high = signs[text]
            else:
                break
            self._at += 1
            node = _node("repeat", (node,), low, high)
            if node.repeats > _DEEPEST:
                raise self._error(position, f"repetitions are more than {_DEEPEST} deep")
        return node

    def _count(self, text: str, position: int) -> tuple[int, int | None]:
        match = _COUNT.fullmatch(text)
        if match is None or not (match[1] or match[3]):
            raise self._error(position, f"{text} is no repetition; write {{2}}, {{1,3}}, {{2,}} or {{,3}}")
        if max(len(match[1]), len(match[3])) > len(str(_LARGEST)):
            raise self._error(position, f"{text} repeats more than {_LARGEST} times")
        low = int(match[1] or 0)
        high = int(match[3]) if match[3] else None if match[2] else low
        if high is not None and high < low:
            raise self._error(position, f"{text} ends before it begins")
        if max(low, high or 0) > _LARGEST:
            raise self._error(position, f"{text} repeats more than {_LARGEST} times")
        return low, high


def _inverted(node: _Node) -> _Node:
    if node.kind == "letter":
        return _Node("letter", letter=(node.letter[0], not node.letter[1]))
    parts = [_inverted(p) for p in node.parts]
    return _node(node.kind, parts[::-1] if node.kind == "sequence" else parts, node.low, node.high)


class _Builder:
    """Thompson's construction, then the subsets that can be reached."""

    def __init__(self, catalogue: Catalogue, text: str) -> None:
        self._catalogue, self._text = catalogue, text
        self._empty: list[list[int]] = []
        self._moves: list[list[tuple[Letter, int]]] = []
        self._make: dict[str, Callable[[_Node, int], int]] = {
            "letter": self._letter,
            "sequence": self._sequence,
            "choice": self._choice,
            "repeat": self._repeat,
        }

    def _too_large(self) -> ParameterError:
        return ParameterError("pattern", self._text, f"it unfolds to more than {_LARGEST} states: repeat less")

    def _state(self) -> int:
        if len(self._moves) >= _LARGEST:
            raise self._too_large()
        self._empty.append([])
        self._moves.append([])
        return len(self._moves) - 1

    def _letter(self, node: _Node, start: int) -> int:
        end = self._state()
        predicate, forward = node.letter
        self._moves[start].append(((predicate, forward), end))
        if not self._catalogue.is_directed(predicate):
            self._moves[start].append(((predicate, not forward), end))
        return end

    def _sequence(self, node: _Node, start: int) -> int:
        for part in node.parts:
            start = self._make[part.kind](part, start)
        return start

    def _choice(self, node: _Node, start: int) -> int:
        end = self._state()
        for part in node.parts:
            begin = self._state()
            self._empty[start].append(begin)
            self._empty[self._make[part.kind](part, begin)].append(end)
        return end

    def _repeat(self, node: _Node, start: int) -> int:
        (part,) = node.parts
        for _ in range(node.low):
            start = self._make[part.kind](part, start)
        if node.high is None:
            hub, end = self._state(), self._state()
            self._empty[start].append(hub)
            self._empty[self._make[part.kind](part, hub)].append(hub)
            self._empty[hub].append(end)
            return end
        end = self._state()
        for _ in range(node.high - node.low):
            self._empty[start].append(end)
            start = self._make[part.kind](part, start)
        self._empty[start].append(end)
        return end

    def _closure(self, states: Iterable[int]) -> frozenset[int]:
        found, todo = set(states), list(states)
        while todo:
            for state in self._empty[todo.pop()]:
                if state not in found:
                    found.add(state)
                    todo.append(state)
        return frozenset(found)

    def build(self, tree: _Node) -> Automaton:
        start = self._state()
        end = self._make[tree.kind](tree, start)
        subsets = {self._closure([start]): 0}
        queue, moves = list(subsets), list[dict[Letter, int]]()
        for subset in queue:
            reached: dict[Letter, set[int]] = {}
            for state in subset:
                for letter, to in self._moves[state]:
                    reached.setdefault(letter, set()).add(to)
            moves.append({})
            for letter in sorted(reached):
                closed = self._closure(reached[letter])
                if closed not in subsets:
                    if len(subsets) >= _LARGEST:
                        raise self._too_large()
                    subsets[closed] = len(subsets)
                    queue.append(closed)
                moves[-1][letter] = subsets[closed]
        return Automaton(tuple(moves), frozenset(i for s, i in subsets.items() if end in s))
