"""The root of the tree of errors."""

from __future__ import annotations

from typing import ClassVar


class KGraphError(Exception):
    """Root of the tree. `detail` is one sentence for a person; `fields()` is the same for a program."""

    title: ClassVar[str] = "kgraph could not do this"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def fields(self) -> dict[str, object]:
        """What a program would want to know beside the sentence; JSON values only."""
        return {}
