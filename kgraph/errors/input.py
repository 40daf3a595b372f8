"""What was handed in cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence

from kgraph.errors.base import KGraphError
from kgraph.places import Place, Violation


class InputError(KGraphError):
    """What was handed in cannot be taken; nothing was changed."""

    title = "The input cannot be taken"


class PlacedInputError(InputError):
    """An input error that knows its place."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason

    def fields(self) -> dict[str, object]:
        return {"place": self.place.fields(), "reason": self.reason}


class ClaimFileError(PlacedInputError):
    """A claim file is wrong. `others` holds the remaining faults of the same files, in order."""

    title = "The claim file is not valid"

    def __init__(self, place: Place, reason: str, others: Sequence[ClaimFileError] = ()) -> None:
        super().__init__(place, reason)
        self.others = tuple(others)

    def fields(self) -> dict[str, object]:
        return {**super().fields(), "others": [{"place": e.place.fields(), "reason": e.reason} for e in self.others]}


class RdfSyntaxError(PlacedInputError):
    """An RDF document does not parse."""

    title = "The RDF does not parse"


class UnknownFormatError(InputError):
    """No known format: the suffix says nothing and the content is not text kgraph knows."""

    title = "The format is not known"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"{name}: not a format kgraph reads; known are {', '.join(known)}")
        self.name = name
        self.known = tuple(known)

    def fields(self) -> dict[str, object]:
        return {"name": self.name, "known": list(self.known)}


class EmptyInputError(InputError):
    """The input holds nothing to load."""

    title = "The input is empty"


class InvalidGraphError(InputError):
    """The graph breaks a shape; `violations` is the report."""

    title = "The graph does not conform to the shapes"

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        more = f" (and {len(self.violations) - 1} more)" if len(self.violations) > 1 else ""
        super().__init__(f"{self.violations[0]}{more}")

    def fields(self) -> dict[str, object]:
        return {"violations": [v.fields() for v in self.violations]}


class TextMismatchError(InputError):
    """The text handed to `attach` is not the one the source was read from."""

    title = "The text is not the source's text"
