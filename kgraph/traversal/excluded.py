"""Which filter kept the nearest path out of an answer that found none.

The question is asked again for its shortest path: first with every filter lifted, which bounds what there is to find,
then with each filter lifted alone. The filter without which the shortest path is found is named; of equals the first
in the order of `_FILTERS`. A search that was ended by its limit proves nothing, so nothing is named then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kgraph.model import Exclusion, PathQuestion
from kgraph.traversal.found import Found
from kgraph.traversal.lens import LensFilter, compile_lens
from kgraph.traversal.records import Catalogue
from kgraph.traversal.sight import ANY
from kgraph.traversal.walk import Budget

SHARE = 4
"""What is looked at and waited for is at most a quarter of each limit of the question, and no more than it left."""

Search = Callable[[LensFilter, PathQuestion, Budget, int | None], tuple[list[Found], str | None]]
"""`paths.search`."""

_UNSTATED = "unattributed"
_LENS: dict[str, Any] = {
    "said_by": (),
    "not_said_by": (),
    "source": (),
    "voice": (),
    "modality": (ANY,),
    "polarity": (ANY,),
    "valid_from": None,
    "valid_until": None,
    "published_until": None,
    "min_sources": 1,
    "min_confidence": 0.0,
}
_ROUTE: dict[str, Any] = {"predicate": (), "avoid": (), "avoid_type": (), "avoid_hubs": None, "via": ()}
_FILTERS = (*_LENS, *_ROUTE, "include")
"""Each filter as it stands where it keeps nothing out. `include` is lifted by walking relations without claims too:
codes, types and documents join nearly everything, and say nothing by it."""


def excluded_by(catalogue: Catalogue, question: PathQuestion, spent: Budget, search: Search) -> Exclusion | None:
    """The filter without which there is a path, and how long the shortest is then.

    `question` was answered with none, after an exhaustive search that took `spent`; what is spent here is added to it.
    None when no filter kept a path out, and when there was no time to find out.
    """
    filters = [name for name in _FILTERS if _bounds(question, name)]
    edges = min(question.max_edges - spent.edges, question.max_edges // SHARE)
    ms = min(int(question.max_ms - spent.ms), question.max_ms // SHARE)
    if not filters or edges < 1 or ms < 1:
        return None
    budget = Budget(edges, ms)
    asked = replace(question, mode="shortest", weight=None)

    def shortest(lifted: list[str], max_hops: int) -> int | None:
        """Raises _UnknownError."""
        bare = _without(replace(asked, max_hops=max_hops), lifted)
        found, stopped_by = search(compile_lens(catalogue, bare.lens), bare, budget, 1)
        if stopped_by:
            raise _UnknownError
        return found[0].length if found else None

    try:
        least = shortest(filters, question.max_hops)
        if least is None:
            return None
        nearest: tuple[str, int] | None = None
        for name in filters if len(filters) > 1 else ():
            length = shortest([name], nearest[1] - 1 if nearest else question.max_hops)
            nearest = nearest if length is None else (name, length)
            if length == least:
                break
    except _UnknownError:
        return None
    finally:
        spent.edges += budget.edges
    return _told(catalogue, question, *(nearest or ("lens" if len(filters) > 1 else filters[0], least)))


class _UnknownError(Exception):
    """A limit ended a search."""


def _set(question: PathQuestion, name: str) -> Any:
    return getattr(question.lens if name in _LENS or name == "include" else question, name)


def _bounds(question: PathQuestion, name: str) -> bool:
    """Whether a filter keeps anything out."""
    value = _set(question, name)
    if name == "include":
        return _UNSTATED not in value
    if isinstance(value, tuple):
        return bool(value) and ANY not in value
    return bool(value != (_LENS | _ROUTE)[name])


def _without(question: PathQuestion, lifted: list[str]) -> PathQuestion:
    lens = {name: _LENS[name] for name in lifted if name in _LENS}
    if "include" in lifted:
        lens["include"] = (*question.lens.include, _UNSTATED)
    route = {name: _ROUTE[name] for name in lifted if name in _ROUTE}
    return replace(question, lens=replace(question.lens, **lens), **route)


def _told(catalogue: Catalogue, question: PathQuestion, name: str, length: int) -> Exclusion:
    there_is = f"there is a path of {length} {'hop' if length == 1 else 'hops'}"
    if name == "lens":
        return Exclusion(name, None, length, f"Without any filter {there_is}; lifting one alone is not enough.")
    if name == "include":
        return Exclusion(name, (_UNSTATED,), length, f"With relations that no claim states {there_is}.")
    parameter = "article" if name == "source" else name
    value = _set(question, name)
    if not isinstance(value, tuple):
        return Exclusion(parameter, value, length, f"Without {parameter} ({value}) {there_is}.")
    shown = [_shown(catalogue, name, one) for one in value]
    labels = " or ".join(label for _, label in shown)
    return Exclusion(parameter, tuple(id for id, _ in shown), length, f"Without {parameter} ({labels}) {there_is}.")


def _shown(catalogue: Catalogue, name: str, value: str) -> tuple[str, str]:
    """One value of a filter as it is asked for, and as it is read."""
    compress, kgs = catalogue.namespaces.compress, catalogue.namespaces.kgs
    if name in ("voice", "modality", "polarity"):
        code = catalogue.namespaces.expand(value, "kgs").removeprefix(kgs)
        return code, code.replace("-", " ")
    if name == "predicate":
        iri = value.removeprefix("^")
        label = catalogue.predicate_label(iri, forward=iri == value)
        return ("" if iri == value else "^") + compress(iri), label
    return compress(value), catalogue.label(value)
