"""YAML with line numbers, read without trusting it: safe events only, no duplicate keys, bounded size and depth.

Scalars stay the text that was written (`2020-09` is no date, `no` is no boolean); the models of the claim
file give them their types. Only a plain `null`, `~` or nothing at all is None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from kgraph.errors import ClaimFileError
from kgraph.places import Place

MAX_DEPTH = 32
"""Deepest nesting: a claim file needs five levels; what is deeper only costs stack."""

MAX_NODES = 1_000_000
"""Most values of one file, aliases counted as often as they are used: ten thousand claims with room to spare."""

Plain = None | str | list["Plain"] | dict[str, "Plain"]
Step = str | int

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True)
class Node:
    """A value with the line it begins on; `parts` are the nodes of its items, `size` how many values it holds."""

    value: Plain
    line: int
    size: int = 1
    parts: dict[Step, Node] = field(default_factory=dict)

    def find(self, path: tuple[Step, ...]) -> Node:
        """The node at `path`, or the deepest one on the way to it."""
        node = self
        for step in path:
            if step not in node.parts:
                break
            node = node.parts[step]
        return node


class _FaultError(Exception):
    def __init__(self, line: int, reason: str, column: int | None = None) -> None:
        super().__init__(reason)
        self.line, self.column, self.reason = line, column, reason


def load(data: bytes, file: str) -> Node:
    """Read one YAML document; a document with nothing in it has the value None.

    Raises ClaimFileError with the line for anything that is not one YAML document within the bounds.
    """
    try:
        return _Reader(data.decode("utf-8-sig")).document()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ClaimFileError(Place(file, line), "the file is not UTF-8 text") from error
    except _FaultError as fault:
        raise ClaimFileError(Place(file, fault.line, fault.column), fault.reason) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        reason = error.problem or error.context or "the YAML does not parse"
        if "token" in reason and "\t" in _line(data, mark.line if mark else 0):
            reason += " (the line holds a tab: indent with spaces)"
        if "nesting depth" in reason:  # the parser's own bound, far beyond ours
            raise ClaimFileError(place, f"nested more than {MAX_DEPTH} deep") from error
        raise ClaimFileError(place, f"not YAML: {reason}") from error
    except yaml.YAMLError as error:
        raise ClaimFileError(Place(file), f"not YAML: {' '.join(str(error).split())}") from error


def _line(data: bytes, index: int) -> str:
    lines = data.decode("utf-8", "replace").split("\n")
    return lines[index] if index < len(lines) else ""


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Reader:
    """Builds nodes from the parser's events."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_LOADER))
        self._anchors: dict[str, Node | None] = {}
        self._count = 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise _FaultError(_line_of(event), "a second document begins here: one document a file")
                root = self._node(next(self._events), 1)
        return root or Node(None, 1)

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = _line_of(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, line)
        if depth > MAX_DEPTH:
            raise _FaultError(line, f"nested more than {MAX_DEPTH} deep")
        assert isinstance(event, yaml.NodeEvent)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _FaultError(line, f"the tag {tag} is not used in claim files")
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        node = Node(None, line)
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0]
            node.value = None if plain and event.value in _NULLS else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            self._sequence(node, depth)
        else:
            self._mapping(node, depth)
        self._grow(line, 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: yaml.AliasEvent, line: int) -> Node:
        if event.anchor not in self._anchors:
            raise _FaultError(line, f"the alias *{event.anchor} has no anchor before it")
        node = self._anchors[event.anchor]
        if node is None:
            raise _FaultError(line, f"the alias *{event.anchor} stands inside its own anchor")
        self._grow(line, node.size)
        return node

    def _sequence(self, node: Node, depth: int) -> None:
        items: list[Plain] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            part = self._node(event, depth + 1)
            node.parts[len(items)] = part
            node.size += part.size
            items.append(part.value)
        node.value = items

    def _mapping(self, node: Node, depth: int) -> None:
        fields: dict[str, Plain] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = _line_of(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _FaultError(line, "a key is a plain word")
            key = event.value
            if key in fields:
                raise _FaultError(line, f"the key {key!r} stands here for the second time")
            part = self._node(next(self._events), depth + 1)
            node.parts[key] = Node(part.value, line, part.size, part.parts)
            node.size += part.size
            fields[key] = part.value
        node.value = fields

    def _grow(self, line: int, size: int) -> None:
        self._count += size
        if self._count > MAX_NODES:
            raise _FaultError(line, f"more than {MAX_NODES:,} values (aliases counted each time they are used)")
