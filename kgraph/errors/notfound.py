"""Nothing has that name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from kgraph.errors.base import KGraphError


class NotFoundError(KGraphError):
    """Nothing has that name. `suggestions` are (id, label) pairs of what comes close."""

    title = "Not found"
    kind: ClassVar[str] = "thing"

    def __init__(self, wanted: str, suggestions: Sequence[tuple[str, str]] = ()) -> None:
        close = ", ".join(f"{label} ({id_})" for id_, label in suggestions)
        super().__init__(f"no {self.kind} is called {wanted!r}" + (f"; close to it: {close}" if close else ""))
        self.wanted = wanted
        self.suggestions = tuple(suggestions)

    def fields(self) -> dict[str, object]:
        return {"wanted": self.wanted, "suggestions": [{"id": i, "label": label} for i, label in self.suggestions]}


class EntityNotFoundError(NotFoundError):
    """No entity has that id, CURIE or IRI."""

    kind = "entity"


class ClaimNotFoundError(NotFoundError):
    """No claim has that id."""

    kind = "claim"


class SourceNotFoundError(NotFoundError):
    """No source has that id."""

    kind = "source"


class GraphNotFoundError(NotFoundError):
    """No named graph has that IRI."""

    kind = "graph"


class KeyNotFoundError(NotFoundError):
    """No key has that id."""

    kind = "key"
