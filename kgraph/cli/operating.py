"""Commands for whoever keeps the folder: `load`, `validate`, `attach`, `log`, `doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from kgraph.cli import tables
from kgraph.cli.door import is_empty, no_graph, open_graph, settings_for
from kgraph.cli.screen import Screen, clean, print_json, styled, watched
from kgraph.cli.words import count
from kgraph.graph import KnowledgeGraph
from kgraph.model import LoadReport, Progress
from kgraph.settings import Settings
from kgraph.store.folder import DataFolder

if TYPE_CHECKING:
    from kgraph.ingest.table import TableOptions

Data = Annotated[Path | None, typer.Option(help="Data folder (default: KGRAPH_DATA, else data/).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
_FILES = "Claim files, seed folders, claim tables or RDF files."
Files = Annotated[list[Path], typer.Argument(help=_FILES, show_default=False)]
SomeFiles = Annotated[list[Path] | None, typer.Argument(help=_FILES, show_default=False)]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Instead of files: kgraph's graphs on a SPARQL server, e.g. sparql+http://127.0.0.1:7878/",
        show_default=False,
    ),
]
_TABLES = "Claim tables (CSV, Parquet, Arrow)"
Mapping = Annotated[
    Path | None,
    typer.Option(help="A file that says what the columns mean.", rich_help_panel=_TABLES, show_default=False),
]
Strict = Annotated[bool, typer.Option("--strict", help="Load no row where one is refused.", rich_help_panel=_TABLES)]
Refused = Annotated[
    Path | None,
    typer.Option(
        help="Where refused rows are written (default when loading: TABLE.refused.csv).",
        rich_help_panel=_TABLES,
        show_default=False,
    ),
]

_PLAIN = "Triples without claims (N-Triples, N-Quads, other RDF)"
Plain = Annotated[
    bool,
    typer.Option(
        "--plain", help="Load triples as they are; only include=unattributed walks them.", rich_help_panel=_PLAIN
    ),
]
Graph = Annotated[
    str | None,
    typer.Option(
        help="IRI of the graph they go to (default: one named by their file's hash).",
        rich_help_panel=_PLAIN,
        show_default=False,
    ),
]


def load(
    files: SomeFiles = None,
    data: Data = None,
    message: Annotated[str | None, typer.Option(help="What the log says of it.", show_default=False)] = None,
    author: Annotated[str | None, typer.Option(help="Who did it.", show_default=False)] = None,
    mapping: Mapping = None,
    strict: Strict = False,
    refused: Refused = None,
    plain: Plain = False,
    graph: Graph = None,
    server: From = None,
    json: Json = False,
) -> None:
    """Load claim files and RDF as one commit: all of it or, on any error, nothing. Each claim table is its own."""
    if graph is not None and not plain:
        raise typer.BadParameter("--graph is for triples without claims: give --plain too")
    if bool(files) == bool(server):
        raise typer.BadParameter("give files, or a server by --from")
    if server and (plain or mapping or refused or strict):
        raise typer.BadParameter(
            "--from is for kgraph's own graphs: --plain, --mapping, --refused, --strict go with files"
        )
    files = files or []
    tables = _tables(files, mapping, refused, strict=strict)
    with _folder(data) as opened, telling() as progress:
        if server:
            report = opened.load_from(server, message=message, author=author, progress=progress)
        elif plain:
            report = opened.load_plain(*files, graph=graph, message=message, author=author, progress=progress)
        else:
            report = opened.load(*files, message=message, author=author, progress=progress, **tables)
    _report(report, json=json)


def validate(
    files: Files,
    data: Data = None,
    mapping: Mapping = None,
    strict: Strict = False,
    refused: Refused = None,
    json: Json = False,
) -> None:
    """Do all that load does but the commit."""
    settings = settings_for(data)
    tables = _tables(files, mapping, refused, strict=strict)
    with open_empty(settings) if is_empty(settings.data) else open_graph(settings) as graph, telling() as progress:
        report = graph.validate(*files, progress=progress, **tables)
    _report(report, json=json)


def _tables(files: list[Path], mapping: Path | None, refused: Path | None, *, strict: bool) -> TableOptions:
    options: TableOptions = {"strict": strict}
    if mapping is not None:
        options["mapping"] = mapping
    if refused is not None:
        if len(files) > 1:
            raise typer.BadParameter("--refused is one file for one table: load one at a time")
        options["refused"] = refused
    return options


def attach(
    text: Annotated[Path, typer.Argument(help="The text a source was read from.", show_default=False)],
    source: Annotated[
        str | None, typer.Option(help="Whose text it must be; else its hash tells.", show_default=False)
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Bind a source's text on this machine, so that evidence shows its passage. It is never exported."""
    with existing(data) as graph:
        answer = asdict(graph.attach(text, source))
    if json:
        print_json(answer)
    else:
        tables.source(Screen(), answer)


def log(data: Data = None, json: Json = False) -> None:
    """The commits, oldest first."""
    with existing(data) as graph:
        commits = [{**asdict(commit), "redacted": graph.redaction(commit.seq)} for commit in graph.log()]
    if json:
        print_json(commits)
        return
    rows = (
        (str(c["seq"]), c["time"][:19], c["author"], f"+{c['added']:,} −{c['removed']:,}", _message(c)) for c in commits
    )
    Screen().table(rows, (0, 0, 0, 0, 1), ("", "time (UTC)", "author", "quads", "message"))


def _message(commit: dict[str, Any]) -> Text:
    """What a commit says of itself; of one that was redacted, by whom, when and why."""
    if commit["redacted"] is not None:
        by = commit["redacted"]
        return styled(commit["message"], (f" redacted by {by.author}, {by.time[:10]} ({by.seq}): {by.message}", "red"))
    if commit["redacts"]:
        return styled((f"redacts {', '.join(map(str, commit['redacts']))}: ", "red"), commit["message"])
    return styled(commit["message"])


def doctor(data: Data = None, json: Json = False) -> None:
    """Check the journal's hashes, the store against it, and every direct triple against its claim."""
    with existing(data) as graph:
        findings = graph.doctor()
    if json:
        print_json(findings)
    else:
        rows = (
            (styled(("ok" if f.ok else "BAD", "green" if f.ok else "bold red")), f.check, f.detail) for f in findings
        )
        Screen().table(rows, (0, 2, 3))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (load, validate, attach, log, doctor):
        app.command()(command)


def _folder(data: Path | None) -> KnowledgeGraph:
    settings = settings_for(data)
    return KnowledgeGraph.open(settings.data, settings=settings, holder="kgraph")


def existing(data: Path | None) -> KnowledgeGraph:
    """The graph in a folder that holds one, open for writing. Raises StorageError where it holds none."""
    if is_empty(settings_for(data).data):
        raise no_graph(settings_for(data).data)
    return _folder(data)


def open_empty(settings: Settings) -> KnowledgeGraph:
    """A graph in memory with nothing in it."""
    return KnowledgeGraph(DataFolder.memory(), settings)


@contextmanager
def telling() -> Iterator[Progress]:
    """Tell on stderr what is being done, when someone watches a terminal."""
    console = watched()
    if console is None:
        yield _silent
        return
    with console.status("starting") as status:

        def tell(stage: str, done: int, total: int | None) -> None:
            status.update(clean(f"{stage} {done:,} of {total:,}" if total else stage))

        yield tell


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress nobody watches."""


def _report(report: LoadReport, *, json: bool) -> None:
    if json:
        print_json(report)
        return
    screen = Screen()
    what = f"{count(report.entities, 'entity', 'entities')} and {count(report.claims, 'claim')}"
    if report.committed:
        screen.line((f"Committed generation {report.generation}: {what}.", "bold"))
    elif report.added or report.removed:
        screen.line((f"Valid: {what}. Nothing was changed.", "bold"))
    else:
        screen.line((f"Nothing new: the graph stays at generation {report.generation}.", "bold"))
    screen.line(f"{count(report.added, 'quad')} added, {report.removed:,} removed, {report.unchanged:,} there before")
    if report.rows:
        screen.line(f"{count(report.rows, 'row')} read, {report.refused:,} refused")
    for refusal in report.refusals:
        screen.line((f"refused: {refusal}", "dim"))
    for file in report.refused_files:
        screen.line(f"all that were refused, with the reasons: {file}")
    for warning in report.warnings:
        screen.line((warning, "dim"))
    if report.skolemised:
        screen.line(f"{count(report.skolemised, 'blank node')} got an IRI")
    for rewrite in report.rewrites:
        screen.line((f"made canonical: {rewrite.before} → {rewrite.after} ({count(rewrite.count, 'time')})", "dim"))
    for one, other in report.conflicts:
        screen.line(f"conflict, both kept: {one} and {other}")
