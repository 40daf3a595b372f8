"""How to go on where an answer was cut: the keyword arguments of the same verb that ask for what follows.

A page that is not the last gives the next one: its cursor, and the generation the cursor is of. A search that a limit
stopped gives the same page of the same question at the same generation with that limit doubled, as far as the settings
allow; where it is at the most already, there is nothing to give. Arguments that are as by default are left out, and a
list of one name is that name, so that the same question is told the same at every door.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from kgraph.model import Comparison, Entity, Neighbourhood, Paths, SearchResult, Sources, Timeline
from kgraph.question import Bounds

FACTOR = 2
"""How much further a search may look when it is asked again."""

Answer = TypeVar("Answer", Comparison, Entity, Neighbourhood, Paths, SearchResult, Sources, Timeline)
Options = ParamSpec("Options")


class Asked(Protocol):
    """What the verbs are methods of."""

    _bounds: Bounds


Graph = TypeVar("Graph", bound=Asked)


def goes_on(verb: Callable[Concatenate[Graph, Options], Answer]) -> Callable[Concatenate[Graph, Options], Answer]:
    """The verb, its answers with `again` where they were cut."""
    parameters = inspect.signature(verb).parameters
    defaults = {name: parameter.default for name, parameter in parameters.items()}

    @wraps(verb)
    def asked(self: Graph, /, *args: Options.args, **options: Options.kwargs) -> Answer:
        answer = verb(self, *args, **options)
        limit: str | None = getattr(answer, "stopped_by", None)
        if answer.next is None and limit is None:
            return answer
        given: dict[str, Any] = dict(zip(list(parameters)[1:], args, strict=False)) | options
        changed: dict[str, object]
        if limit is None:
            changed = {"cursor": answer.next}
            if "lens" in parameters:
                changed["at"] = given.get("at") or answer.generation
        else:
            value, most = given.get(limit, defaults[limit]), getattr(self._bounds.settings, limit)
            if value >= most:
                return answer
            changed = {limit: min(FACTOR * value, most), "at": answer.generation}
            if given.get("cursor"):
                changed["cursor"] = given["cursor"]
        return replace(answer, again=_told(given, defaults) | changed)

    return asked


def _told(given: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, object]:
    """The arguments as JSON values, without what need not be said."""
    told: dict[str, object] = {}
    for name, value in given.items():
        several = list(value) if isinstance(value, list | tuple) else None
        written = value if several is None else several[0] if len(several) == 1 else several
        if written not in (None, [], defaults.get(name)) and name not in ("cursor", "at", "min_generation"):
            told[name] = written
    return told
