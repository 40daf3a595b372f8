"""`update`: a SPARQL update of a data folder, or of a service."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from kgraph.cli.operating import Data, Json, existing
from kgraph.cli.screen import Screen, print_json
from kgraph.cli.words import count
from kgraph.errors import InputError


def update(
    file: Annotated[str, typer.Argument(help="A file with the update, or - for the standard input.")],
    data: Data = None,
    message: Annotated[str | None, typer.Option(help="What the log says of it.", show_default=False)] = None,
    author: Annotated[str | None, typer.Option(help="Who did it.", show_default=False)] = None,
    url: Annotated[
        str | None,
        typer.Option(help="A running service instead of a folder; KGRAPH_KEY is the key to it.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Run a SPARQL update as one commit: all of its operations or none. kgraph's own graphs are not changed."""
    text = _text(file)
    if url is not None:
        report = _at_service(url, text, data=data, message=message, author=author)
    else:
        with existing(data) as graph:
            report = asdict(graph.update(text, author=author, message=message))
    if json:
        print_json(report)
        return
    screen = Screen()
    if report["committed"]:
        screen.line((f"Committed generation {report['generation']}.", "bold"))
    else:
        screen.line((f"Nothing new: the graph stays at generation {report['generation']}.", "bold"))
    screen.line(f"{count(report['added'], 'quad')} added, {report['removed']:,} removed")
    for told, graphs in (("new graph", report["created"]), ("graph gone", report["dropped"])):
        for name in graphs:
            screen.line(f"{told}: {name}")


def _at_service(url: str, text: str, **folders: object) -> dict[str, Any]:
    """The report of a service. A key is taken from nowhere but the environment: other users see a command's options."""
    from kgraph.client import http  # a folder needs no client

    for name, value in folders.items():
        if value is not None:
            why = "the key says who did it" if name == "author" else "it is for a folder"
            raise typer.BadParameter(f"give --{name} or --url, not both: {why}")
    with http.HttpGraph(url, key=os.environ.get("KGRAPH_KEY") or None) as service:
        return service.update(text)


def _text(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror or error) if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(f"{file}: the update cannot be read: {why}") from error


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(update)
