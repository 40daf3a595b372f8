"""Commands for the history of a folder: `diff` looks at it, `backup` and `restore` keep it, `redact` takes from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from kgraph import formats, rdf
from kgraph.cli.door import is_empty, no_graph, settings_for
from kgraph.cli.operating import Data, Json, existing, telling
from kgraph.cli.screen import Screen, clean, print_json
from kgraph.cli.words import count
from kgraph.errors import ClaimNotFoundError
from kgraph.graph import KnowledgeGraph
from kgraph.model import BackupReport, Difference, Holding, RedactionReport
from kgraph.rdf import NamedNode
from kgraph.store import backup as backups
from kgraph.store import layout

_SHOWN = 10


def backup(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.", show_default=False)],
    data: Data = None,
    json: Json = False,
) -> None:
    """Copy journal and texts, verified, also while a service holds the folder. No keys and no derived files."""
    settings = settings_for(data)
    if is_empty(settings.data):
        raise no_graph(settings.data)
    with telling() as progress:
        report = backups.write(settings.data, place, progress)
    _told(report, "Backed up", "to", json=json)


def restore(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="What `backup` made.", show_default=False)],
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a data folder, new or empty, of a backup: verify it, then build store and index."""
    settings = settings_for(data)
    with telling() as progress:
        report = backups.restore(place, settings.data, progress)
        progress("build store and index", 0, None)
        base = layout.recorded_base(settings.data) or settings.base_iri
        settings = settings.model_copy(update={"base_iri": base})
        with KnowledgeGraph.open(settings.data, settings=settings, holder="kgraph restore"):
            pass
    _told(report, "Restored", "in", json=json)


def redact(
    reason: Annotated[str, typer.Option(help="Why; it stays in the log.", show_default=False)],
    commits: Annotated[
        list[int] | None, typer.Argument(metavar="[SEQ…]", help="Commits, as `log` numbers them.", show_default=False)
    ] = None,
    claim: Annotated[
        str | None,
        typer.Option(help="All commits that say something of this claim, after a question.", show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    author: Annotated[str | None, typer.Option(help="Who did it.", show_default=False)] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Erase for good what commits say, at every generation, and leave who did it, when and why.

    A commit goes as a whole: with --claim the other claims of its commits are told first.
    """
    if bool(commits) == (claim is not None):
        raise typer.BadParameter("give commits or --claim, one of them")
    if not reason.strip():
        raise typer.BadParameter("--reason: say why: it stays in the log")
    with existing(data) as graph:
        if claim is not None:
            holding = graph.holding(claim)
            commits = [one.seq for one in holding]
            if not yes:
                _asked(graph, holding)
        with telling() as progress:
            progress("redact, and build store and index anew", 0, None)
            report = graph.redact(*(commits or ()), reason=reason, author=author)
    if json:
        print_json(report)
    else:
        _redaction(Screen(), report)


def _asked(graph: KnowledgeGraph, holding: Sequence[Holding]) -> None:
    """Tell what goes with a claim, on the standard error, and go on only when that is wanted."""

    def told(claims: Sequence[str]) -> None:
        for id_ in claims[:_SHOWN]:
            sentence = ""  # of one that stands no more
            with suppress(ClaimNotFoundError):
                sentence = graph.claim(id_).sentence
            typer.echo(clean(f"    {id_}  {sentence}".rstrip()), err=True)
        if len(claims) > _SHOWN:
            typer.echo(f"    and {len(claims) - _SHOWN:,} more", err=True)

    for one in holding:
        typer.echo(clean(f"commit {one.seq}, {one.time[:10]}, {one.author}: {one.message}"), err=True)
        if one.claims:
            typer.echo(f"  what it says of {count(len(one.claims), 'other claim')} goes too:", err=True)
            told(one.claims)
        if one.restored:
            typer.echo(f"  what it takes from {count(len(one.restored), 'other claim')} is there again:", err=True)
            told(one.restored)
    typer.confirm(f"Erase what {count(len(holding), 'commit')} said, for good?", abort=True, err=True)


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A generation or a date.", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="B", help="Another.", show_default=False)],
    limit: Annotated[int, typer.Option(min=0, help="Lines shown of each kind and graph.")] = _SHOWN,
    data: Data = None,
    json: Json = False,
) -> None:
    """What generation B has and A has not (+), and the other way round (-): claims, and quads by graph."""
    with existing(data) as graph:
        difference = graph.diff(before, after)
        compress = graph.namespaces.compress
    if json:
        print_json(difference)
    else:
        _difference(Screen(), difference, limit, compress)


def _difference(screen: Screen, difference: Difference, limit: int, compress: Callable[[str], str]) -> None:
    screen.line((f"From generation {difference.before} to {difference.after}:", "bold"))
    if not difference.graphs:
        screen.line("nothing differs")
    claims = (("+", "green", difference.claims_added), ("-", "red", difference.claims_removed))
    if any(several for _, _, several in claims):
        told = ", ".join(f"{sign}{len(several):,}" for sign, _, several in claims)
        screen.heading(f"claims {told}")
        for sign, style, several in claims:
            _lines(screen, sign, style, [claim.sentence for claim in several], limit)
    for change in difference.graphs:
        screen.heading(f"{change.graph or 'the default graph'} +{len(change.added):,}, -{len(change.removed):,}")
        for sign, style, lines in (("+", "green", change.added), ("-", "red", change.removed)):
            _lines(screen, sign, style, [_short(line, compress) for line in lines[:limit]], limit, len(lines))


def _lines(screen: Screen, sign: str, style: str, lines: list[str], limit: int, total: int | None = None) -> None:
    for line in lines[:limit]:
        screen.line((f"{sign} ", style), line)
    more = (len(lines) if total is None else total) - limit
    if more > 0:
        screen.line((f"{sign} {more:,} more: --limit shows them, --json has all", "dim"))


def _short(line: str, compress: Callable[[str], str]) -> str:
    """A line of N-Quads without its graph, its IRIs as CURIEs."""
    quad = next(rdf.parse(line.encode(), formats.NQUADS, file="diff"))
    terms = (compress(term.value) if isinstance(term, NamedNode) else str(term) for term in quad.triple)
    return " ".join(terms)


def _told(report: BackupReport, done: str, where: str, *, json: bool) -> None:
    if json:
        print_json(report)
        return
    screen = Screen()
    screen.line((f"{done} generation {report.generation} {where} {report.place}.", "bold"))
    screen.line(f"{count(report.files, 'file')} of {report.bytes:,} bytes, made {report.made}, every hash verified")


def _redaction(screen: Screen, report: RedactionReport) -> None:
    which = ", ".join(map(str, report.redacted))
    screen.line((f"Redacted {which}, by commit {report.seq}: {count(report.erased, 'quad')} erased.", "bold"))
    if report.restored:
        screen.line(f"there again, because the removing was redacted: {count(report.restored, 'quad')}")
    added, removed = report.mended
    if added or removed:
        told = f"{count(added, 'quad')} added, {removed:,} removed"
        screen.line(f"generation {report.generation} brings what is derived in order: {told}")
    for one in report.dangling[:_SHOWN]:
        screen.line((f"now lacking: {one}", "yellow"))
    if len(report.dangling) > _SHOWN:
        screen.line((f"and {len(report.dangling) - _SHOWN:,} more: `kgraph doctor` names them", "yellow"))
    screen.line(("Backups and exports made before still hold it.", "dim"))


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (diff, backup, restore, redact):
        app.command()(command)
