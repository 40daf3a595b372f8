"""The terminal: plain text that cannot command it, tables without frames, JSON as bytes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import orjson
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control and direction marks: a label may not move the cursor, colour the screen or turn the line around."""


def clean(text: object) -> str:
    """A text of the graph as it may stand on a terminal."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", str(text))


def styled(*parts: tuple[str, str] | str) -> Text:
    """A line of cleaned texts, each plain or with its style."""
    return Text.assemble(*((clean(p[0]), p[1]) if isinstance(p, tuple) else clean(p) for p in parts))


class Screen:
    """Where tables go. Width and colours are the terminal's; 80 columns and none where there is none."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, markup=False, emoji=False)

    def line(self, *parts: tuple[str, str] | str, indent: int = 0) -> None:
        """One line, wrapped where it is too long."""
        self._console.print(Padding(styled(*parts), (0, 0, 0, indent)) if indent else styled(*parts))

    def whole(self, text: str) -> None:
        """A line that is never wrapped, so that it can be copied."""
        self._console.print(styled((text, "dim")), soft_wrap=True)

    def blank(self) -> None:
        """An empty line."""
        self._console.print()

    def heading(self, text: str) -> None:
        """A heading with space above."""
        self.blank()
        self.line((text, "bold"))

    def table(
        self, rows: Iterable[tuple[Text | str, ...]], ratios: tuple[int, ...], head: tuple[str, ...] = ()
    ) -> None:
        """Rows in columns whose widths have these ratios; a ratio of 0 is as wide as its longest cell."""
        table = Table(box=None, pad_edge=False, show_header=bool(head), header_style="dim", expand=any(ratios))
        for at, ratio in enumerate(ratios):
            name = head[at] if head else ""
            table.add_column(name, ratio=ratio or None, no_wrap=not ratio, overflow="fold")
        for row in rows:
            table.add_row(*(cell if isinstance(cell, Text) else clean(cell) for cell in row))
        self._console.print(table)


def print_json(answer: object) -> None:
    """JSON on the standard output, indented for a person at a terminal."""
    option = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if sys.stdout.isatty() else 0)
    write(orjson.dumps(answer, option=option))


def write(data: bytes) -> None:
    """Bytes on the standard output, after what was printed before."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def watched() -> Console | None:
    """The terminal of stderr; None where there is none, even if the environment (as Jupyter's) wants colours."""
    console = Console(stderr=True, highlight=False, markup=False)
    return console if console.is_terminal and sys.stderr.isatty() else None


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say on stderr that something takes its time, when someone watches a terminal."""
    console = watched()
    if console is None:
        yield
        return
    with console.status(clean(what)):
        yield
