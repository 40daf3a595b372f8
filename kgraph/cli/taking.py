"""`sparql` and `export`: what is taken away as bytes."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from kgraph import formats
from kgraph.cli import rows
from kgraph.cli.door import open_door
from kgraph.cli.options import DATA, LENS, URL, Option, flag, with_signature
from kgraph.cli.screen import Screen, print_json, working, write
from kgraph.errors import InputError, StorageError


def sparql(
    query: Annotated[str, typer.Argument(help="The query, @FILE, or - for the standard input.", show_default=False)],
    format: Annotated[str | None, typer.Option(help="json, xml, csv, tsv; turtle, ntriples, jsonld …")] = None,
    data: Annotated[Path | None, typer.Option(help=DATA.help, rich_help_panel=DATA.panel)] = None,
    url: Annotated[str | None, typer.Option(help=URL.help, rich_help_panel=URL.panel)] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Ask in SPARQL. Known prefixes (kg, kgs, id, skos, …) need no declaration; SERVICE kg:path searches for paths."""
    wanted = "json,jsonld" if json and format is None else format
    with open_door(data, url) as door:
        answer = door.sparql(_query(query), wanted)
    if wanted is None and answer.media_type.startswith(formats.SPARQL_JSON.media_type):
        rows.show(Screen(), answer.body)
    elif json and sys.stdout.isatty():
        print_json(orjson.loads(answer.body))
    else:
        write(answer.body if answer.body.endswith(b"\n") else answer.body + b"\n")


def _query(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    if not text.startswith("@"):
        return text
    file = Path(text[1:])
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: the query cannot be read: {_why(error)}") from error


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is not UTF-8"


_EXPORT = (
    Option("format", str, "turtle (default), trig, ntriples, nquads, jsonld, rdfxml, graphml, gexf or csv."),
    Option("output", Path, "A file instead of the standard output; its suffix tells the format.", also=("-o",)),
    Option("entity", str, "Only the neighbourhood of this entity."),
    Option("hops", int, "How far that goes (default 1)."),
)


def _export(
    *, format: str | None, output: Path | None, rdf12: bool, data: Path | None, url: str | None, **given: Any
) -> None:
    by_name = formats.by_suffix(output.name, formats.EXPORT) if output is not None and format is None else None
    chosen = by_name.name if by_name else formats.named(format or "turtle", formats.EXPORT).name
    options = {name: value for name, value in given.items() if value not in (None, [], ())}
    if rdf12:
        options["rdf12"] = True
    with open_door(data, url) as door, working(f"writing {chosen}"):
        chunks = door.export(chosen, options)
        if output is None:
            for chunk in chunks:
                write(chunk)
        else:
            _save(chunks, output)


def _save(chunks: Iterator[bytes], file: Path) -> None:
    """Write a file that is there whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as aside:
            try:
                for chunk in chunks:
                    aside.write(chunk)
                os.chmod(aside.name, 0o666 & ~_umask())  # noqa: PTH101
                Path(aside.name).replace(file)
            except BaseException:
                Path(aside.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise StorageError(f"{file} cannot be written: {_why(error)}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def register(app: typer.Typer) -> None:
    """Add both to the command line."""
    app.command()(sparql)
    help = "Write the graph, or the part of it that a lens or an entity selects, as a file."
    parameters = [option.parameter() for option in (*_EXPORT, DATA, URL, *LENS)]
    parameters.append(flag("rdf12", "RDF 1.2: each claim also reifies its triple term."))
    app.command("export")(with_signature(_export, "export", help, parameters))
