"""Where something is wrong: a place in an input, and a row of a validation report."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an input something is wrong. Lines and columns count from 1; None where unknown."""

    file: str
    line: int | None = None
    column: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        text = self.file
        if self.line is not None:
            text += f":{self.line}"
            if self.column is not None:
                text += f":{self.column}"
        return f"{text}: {self.field}" if self.field else text

    def fields(self) -> dict[str, object]:
        """The place as JSON values."""
        return {"file": self.file, "line": self.line, "column": self.column, "field": self.field}


@dataclass(frozen=True, slots=True)
class Violation:
    """One row of a validation report. Terms are CURIEs or IRIs; `place` is set where a claim file is known."""

    focus_node: str
    path: str | None
    value: str | None
    message: str
    severity: str = "Violation"
    place: str | None = None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        path = f" {self.path}" if self.path else ""
        value = f" = {self.value}" if self.value is not None else ""
        return f"{where}{self.focus_node}{path}{value}: {self.message}"

    def fields(self) -> dict[str, object]:
        """The row as JSON values."""
        return asdict(self)
