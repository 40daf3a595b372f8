"""The command line: the verbs that ask, the files taken away, the folder kept, the service.

Exit status: 0 done, 1 refused or failed, 2 wrong usage. What went wrong is said on stderr, a line a fault.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from kgraph.cli import agents, asking, changing, keeping, keys, operating, serving, taking
from kgraph.cli.screen import clean
from kgraph.errors import ClaimFileError, InvalidGraphError, KGraphError, ParameterError, QuerySyntaxError, RemoteError

app = typer.Typer(
    name="kgraph",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Who is connected to whom, and who says so: ask and keep a graph of attributed claims.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kgraph {version('kgraph-claims')}")
        raise typer.Exit


@app.callback()
def _kgraph(
    _: Annotated[
        bool, typer.Option("--version", help="Say the version and end.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


for _commands in (asking, taking, operating, keeping, changing, keys, serving, agents):
    _commands.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process with its exit status."""
    try:
        app(None if arguments is None else list(arguments), prog_name="kgraph")
    except KGraphError as error:
        for line in faults(error):
            typer.echo(f"kgraph: {clean(line)}", err=True)
        sys.exit(2 if _is_usage(error) else 1)


def faults(error: KGraphError) -> Iterator[str]:
    """What went wrong, a line a fault, each with its place where it has one."""
    match error:
        case InvalidGraphError():
            yield from (str(violation) for violation in error.violations)
        case ClaimFileError():
            yield error.detail
            yield from (other.detail for other in error.others)
        case QuerySyntaxError() if error.text is not None and error.column is not None:
            yield error.detail
            yield f"    {error.text}"
            yield f"    {' ' * (error.column - 1)}^"
        case RemoteError():
            yield from _remote(error)
        case _:
            yield error.detail


def _remote(error: RemoteError) -> Iterator[str]:
    yield error.detail
    text, column = error.problem.get("text"), error.problem.get("column")
    if isinstance(text, str) and isinstance(column, int):
        yield f"    {text}"
        yield f"    {' ' * (column - 1)}^"


def _is_usage(error: KGraphError) -> bool:
    return isinstance(error, ParameterError) or (isinstance(error, RemoteError) and "parameter" in error.problem)
