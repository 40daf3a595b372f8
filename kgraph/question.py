"""From what was typed to a checked question: names become IRIs, codes and dates are checked, bounds are kept."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, TypedDict, cast, get_args

from kgraph.errors import (
    ClaimNotFoundError,
    CursorError,
    EntityNotFoundError,
    NotFoundError,
    ParameterError,
    SourceNotFoundError,
)
from kgraph.generations import View
from kgraph.model import Lens, Page
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema
from kgraph.settings import Settings

Names = str | Sequence[str]
Include = Literal["documents", "codes", "types", "unattributed"]
ANY = "any"
_COMPARED = 5_000
"""Among how many names those that come close are looked for."""
_DIGITS = 18


class PathLensOptions(TypedDict, total=False):
    """The lens as keywords on path questions, where `source` is the start of the path. `any` lifts a default."""

    said_by: Names
    not_said_by: Names
    article: Names
    voice: Names
    modality: Names
    polarity: Names
    valid_from: str
    valid_until: str
    published_until: str
    min_sources: int
    min_confidence: float
    include: Names
    at: int | str
    min_generation: int


class LensOptions(PathLensOptions, total=False):
    """The lens as keywords, the same on every other verb. `source` and `article` are one bound."""

    source: Names


_STANDING = Lens()
LENS_NAMES = tuple(LensOptions.__annotations__)


def listed(names: Names | None) -> tuple[str, ...]:
    """One name, several, or none, as a tuple."""
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)


def check_lens_names(options: Mapping[str, object]) -> None:
    """Raises ParameterError for a keyword that is no part of the lens, with what was probably meant."""
    for name in options:
        if name not in LENS_NAMES:
            close = get_close_matches(name, LENS_NAMES, 1)
            raise ParameterError(
                name, options[name], f"no such parameter; did you mean {close[0]}?" if close else "no such parameter"
            )


def looked_through(lens: PathLensOptions) -> dict[str, object]:
    """The lens as a part of the question that a cursor belongs to: the same however it is written, and without the
    generation, which the cursor names itself. (A date stays: which generation it means may change.)"""
    told = {name: listed(value) if isinstance(value, str | list | tuple) else value for name, value in lens.items()}
    ours = {"min_generation", *(() if _generation(lens) is None else ("at",))}
    return {name: value for name, value in told.items() if name not in ours and value not in ((), None)}


def same_generation(lens: PathLensOptions, generation: int) -> None:
    """Raises CursorError where the lens asks by number for another generation than the one a cursor names."""
    wanted = _generation(lens)
    if wanted not in (None, generation):
        raise CursorError(f"the cursor is of generation {generation}, not {wanted}: leave `at` out, or as it was")


def _generation(lens: PathLensOptions) -> int | None:
    """The generation that `at` names by its number; None for a date, and for none."""
    at = lens.get("at")
    if isinstance(at, str):
        return int(at) if at.isdecimal() and len(at) <= _DIGITS else None
    return at


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves names against one generation of the graph."""

    view: View
    namespaces: Namespaces
    schema: Schema

    def entity(self, name: str) -> str:
        """IRI of an entity. Raises EntityNotFoundError with what comes close."""
        iri = self.namespaces.expand(name)
        if iri in self.view.catalogue.nodes:
            return iri
        raise EntityNotFoundError(name, self._close(name))

    def entities(self, names: Names | None) -> tuple[str, ...]:
        """IRIs of entities."""
        return tuple(self.entity(n) for n in listed(names))

    def claim(self, name: str) -> str:
        """IRI of a claim."""
        return self._existing(name, self.view.catalogue.claims, ClaimNotFoundError)

    def source(self, name: str) -> str:
        """IRI of an article or claim table."""
        return self._existing(name, self.view.catalogue.articles, SourceNotFoundError)

    def predicate(self, name: str) -> str:
        """IRI of a relation, with a leading `^` where it is to be walked backward."""
        bare = name.strip().removeprefix("^")
        iri = self.namespaces.expand(bare, "kg")
        if iri not in self.view.catalogue.predicates:
            known = {r.curie.partition(":")[2] for r in self.schema.relations.values()}
            raise ParameterError("predicate", name, _unknown("relation", bare.removeprefix("kg:"), known))
        return f"^{iri}" if name.strip().startswith("^") else iri

    def class_(self, name: str, parameter: str = "type") -> str:
        """IRI of a class."""
        iri = self.namespaces.expand(name, "kg")
        if iri not in self.schema.classes:
            known = {self.namespaces.compress(c).partition(":")[2] for c in self.schema.classes}
            raise ParameterError(parameter, name, _unknown("class", name.removeprefix("kg:"), known))
        return iri

    def lens(self, options: PathLensOptions) -> Lens:
        """The checked lens of a question."""
        if not options:
            return _STANDING
        check_lens_names(options)
        articles = (*listed(cast("LensOptions", options).get("source")), *listed(options.get("article")))
        given: dict[str, Any] = {
            "said_by": self.entities(options.get("said_by")),
            "not_said_by": self.entities(options.get("not_said_by")),
            "source": tuple(map(self.source, articles)),
            "valid_from": day("valid_from", options.get("valid_from"), last=False),
            "valid_until": day("valid_until", options.get("valid_until"), last=True),
            "published_until": day("published_until", options.get("published_until"), last=True),
            "min_sources": within("min_sources", options.get("min_sources", 1), 1, 1_000),
            "min_confidence": _confidence(options.get("min_confidence", 0.0)),
            "include": _choices("include", options.get("include"), get_args(Include)),
        }
        for name in ("voice", "modality", "polarity"):
            codes = self._codes(name, listed(options.get(name)))  # type: ignore[arg-type]
            if codes:
                given[name] = codes
        return Lens(**given)

    def _codes(self, parameter: str, codes: tuple[str, ...]) -> tuple[str, ...]:
        found = []
        for code in codes:
            bare = self.namespaces.expand(code, "kgs").removeprefix(self.namespaces.kgs)
            known = {self.schema.code(c) for c in self.schema.codes_for(self.namespaces.expand(parameter, "kg"))}
            if bare != ANY and bare not in known:
                raise ParameterError(parameter, code, f"known are {', '.join(sorted(known))}, and {ANY}")
            found.append(bare)
        return tuple(found)

    def _existing(self, name: str, among: Mapping[str, object], error: type[NotFoundError]) -> str:
        iri = self.namespaces.expand(name)
        if iri in among:
            return iri
        close = get_close_matches(iri, list(among), 3, 0.8) if len(among) <= _COMPARED else []
        raise error(name, [(self.namespaces.compress(c), self.namespaces.compress(c)) for c in close])

    def _close(self, name: str) -> list[tuple[str, str]]:
        words = self.namespaces.expand(name).removeprefix(self.namespaces.id).replace("-", " ")
        try:
            return [(hit.id, hit.label) for hit in self.view.search.search(words, page=Page(limit=3)).items]
        except ParameterError:  # there is neither letter nor digit in it
            return []


@dataclass(frozen=True, slots=True)
class Bounds:
    """The settings' bounds on what may be asked for."""

    settings: Settings

    def limit(self, value: int) -> int:
        """A page's length."""
        return within("limit", value, 1, self.settings.max_limit)

    def paths(self, k: int) -> int:
        """How many paths are asked for."""
        return within("k", k, 1, self.settings.max_limit)

    def hops(self, name: str, value: int, low: int = 1) -> int:
        """A number of hops."""
        return within(name, value, low, self.settings.max_hops)

    def work(self, max_edges: int, max_ms: int) -> tuple[int, int]:
        """What a search may cost."""
        return (
            within("max_edges", max_edges, 1, self.settings.max_edges),
            within("max_ms", max_ms, 1, self.settings.max_ms),
        )


def within(name: str, value: int, low: int, high: int) -> int:
    """The value, when it is a whole number within its bounds; else ParameterError names them."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ParameterError(name, value, f"give a whole number from {low} to {high}")
    return value


def choice(name: str, value: str, known: Sequence[str]) -> Any:
    """The value, when it is one of the known ones; else ParameterError names them."""
    if value not in known:
        raise ParameterError(name, value, f"known are {', '.join(known)}")
    return value


def day(name: str, text: str | None, *, last: bool) -> str | None:
    """The first or last day of a year, month or day.

    >>> day("valid_until", "2004-11", last=True)
    '2004-11-30'
    """
    if text is None:
        return None
    parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    if parts is not None:
        year = int(parts[1])
        month = int(parts[2] or (12 if last else 1))
        if year > 0 and 1 <= month <= 12:
            length = calendar.monthrange(year, month)[1]
            number = int(parts[3] or (length if last else 1))
            if 1 <= number <= length:
                return f"{year:04}-{month:02}-{number:02}"
    raise ParameterError(name, text, "give a year, a month or a day, such as 2004, 2004-11 or 2004-11-30")


def _choices(name: str, values: Names | None, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(choice(name, v, known) for v in listed(values))


def _confidence(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ParameterError("min_confidence", value, "give a number from 0 to 1")
    return float(value)


def _unknown(kind: str, name: str, known: set[str]) -> str:
    close = get_close_matches(name, sorted(known), 3, 0.5)
    return f"no such {kind}" + (f"; close to it: {', '.join(close)}" if close else "")
