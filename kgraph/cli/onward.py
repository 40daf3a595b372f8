"""The command line that goes on where an answer was cut."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kgraph.cli.screen import Screen
from kgraph.cli.words import Json

_OTHERS = {"source": "also_from", "target": "also_to"}
"""Options that take what one argument cannot hold."""


def show(screen: Screen, verb: str, named: Sequence[str], answer: Json, door: Mapping[str, object]) -> None:
    """Say how to go on, where there is more: the next page, or the same search with a larger limit.

    `named` are the verb's arguments by name, `door` the options that say which graph was asked.
    """
    stopped_by = answer.get("stopped_by")
    if again := answer.get("again"):
        words = shlex.join(("kgraph", verb, *_words(named, {**again, **door})))
        screen.whole(f"{'to look further' if stopped_by else 'there is more'}: {words}")
    elif stopped_by:
        screen.line((f"{stopped_by} is already the largest that is allowed here", "dim"))


def _words(named: Sequence[str], again: Mapping[str, Any]) -> Iterator[str]:
    options: list[str] = []
    for name, value in again.items():
        several = [str(one) for one in (value if isinstance(value, list) else [value])]
        if name in _OTHERS and name in named:
            yield several[0]
            options += _flags(_OTHERS[name], several[1:])
        elif name in named:
            yield from several
        else:
            options += _flags(name, several)
    yield from options


def _flags(name: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (f"--{name.replace('_', '-')}", value)]
