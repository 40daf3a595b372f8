"""Options as data, and typer commands made of them: the lens is written down once and stands on every verb."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `type` is that of one value; `many` may be given again. Not given, it is not passed on."""

    name: str
    type: Any
    help: str
    many: bool = False
    panel: str | None = None
    also: tuple[str, ...] = ()

    def parameter(self) -> inspect.Parameter:
        """As a keyword parameter that typer reads."""
        flags = (f"--{self.name.replace('_', '-')}", *self.also)
        kind = list[self.type] if self.many else self.type  # type: ignore[name-defined]
        described = typer.Option(*flags, help=self.help, rich_help_panel=self.panel, show_default=False)
        return inspect.Parameter(
            self.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, described]
        )


_LENS = "Lens: which claims are looked through"


def _lens(name: str, type: Any, help: str, *, many: bool = False, also: tuple[str, ...] = ()) -> Option:
    return Option(name, type, help, many, _LENS, also)


LENS = (
    _lens("said_by", str, "Only what these speakers say.", many=True),
    _lens("not_said_by", str, "Nothing that these speakers say.", many=True),
    _lens("article", str, "Only what these articles hold.", many=True, also=("--source",)),
    _lens("voice", str, "Voices such as direct-quote; any.", many=True),
    _lens("modality", str, "Default reported; any lifts it.", many=True),
    _lens("polarity", str, "Default affirmed; any lifts it.", many=True),
    _lens("valid_from", str, "Not what was over before this day."),
    _lens("valid_until", str, "Not what began after this day."),
    _lens("published_until", str, "Only articles published until this day."),
    _lens("min_sources", int, "Only relations that so many articles state."),
    _lens("min_confidence", float, "Only readings at least so sure, 0 to 1."),
    _lens("include", str, "Also walk documents, codes, types or unattributed.", many=True),
    _lens("at", str, "The graph at a generation or a date."),
    _lens("min_generation", int, "Refuse an answer from before this generation."),
)
PAGE = (
    Option("limit", int, "Items on a page."),
    Option("cursor", str, "The next page: what the page before gave as next."),
)

_WHICH = "Which graph"
DATA = Option("data", Path, "Data folder (default: KGRAPH_DATA, else data/).", panel=_WHICH)
URL = Option("url", str, "A running service instead of a folder.", panel=_WHICH)


def flag(name: str, help: str) -> inspect.Parameter:
    """An option without a value."""
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=False,
        annotation=Annotated[bool, typer.Option(f"--{name}", help=help)],
    )


def argument(name: str, help: str, *, type: Any = str, required: bool = True) -> inspect.Parameter:
    """A positional argument."""
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if required else None,
        annotation=Annotated[type, typer.Argument(help=help, show_default=False)],
    )


def with_signature(
    run: Callable[..., None], name: str, help: str, parameters: list[inspect.Parameter]
) -> Callable[..., None]:
    """A function that typer reads as a command with these parameters; `run` gets them by name."""

    def command(**given: Any) -> None:
        run(**given)

    command.__name__ = name
    command.__doc__ = help
    command.__annotations__ = {}
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return command
