"""`serve`: the web service over a data folder, found by its entry point so that the library never imports the web."""

from __future__ import annotations

import gc
import os
import socket
from importlib.metadata import entry_points
from typing import Annotated, Any

import typer

from kgraph import resources
from kgraph.cli.door import settings_with
from kgraph.cli.operating import Data, telling
from kgraph.cli.screen import clean
from kgraph.cli.words import count
from kgraph.errors import StorageError
from kgraph.graph import KnowledgeGraph
from kgraph.settings import Settings

GROUP = "kgraph.service"


def serve(
    data: Data = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on (default 127.0.0.1).", show_default=False)
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on (default 8000; 0 takes a free one).", show_default=False)
    ] = None,
    empty: Annotated[
        bool,
        typer.Option("--empty", help="Load nothing into a new folder: neither the shipped seeds nor the ontology."),
    ] = False,
    follow: Annotated[
        bool,
        typer.Option("--follow", help="Only read a folder that another process writes; its quads are at KGRAPH_STORE."),
    ] = False,
) -> None:
    """Serve a folder over HTTP. An empty folder gets the shipped seeds first."""
    from kgraph.cli.server import run  # uvicorn is only wanted here

    settings = settings_with(data=data, host=host, port=port)
    with listen(settings.host, settings.port) as listener:
        address = f"http://{_bracketed(settings.host)}:{listener.getsockname()[1]}"
        with opened(settings, address, follow=follow, bare=empty) as graph:
            if not follow and not empty and graph.is_empty:
                seed(graph)
            for notice in graph.notices:
                typer.echo(f"kgraph: {clean(notice)}", err=True)
            with telling() as progress:
                graph.warm(progress)
            # What was opened stays: the collector, which would stop every search for as long as it looks through it, is
            # told.
            gc.collect()
            gc.freeze()
            claims = count(sum(source.claims for source in graph.sources(limit=settings.max_limit).items), "claim")
            app = service()(settings, graph=graph)
            run(
                app,
                listener,
                f"kgraph answers at {address} ({settings.data}: {claims}); stop it with Ctrl-C",
                settings.stop_grace,
                settings.log,
            )


def opened(settings: Settings, address: str, *, follow: bool, bare: bool) -> KnowledgeGraph:
    """The graph in the folder, to be served there."""
    if follow:
        return KnowledgeGraph.follow(settings.data, settings=settings)
    return KnowledgeGraph.open(settings.data, settings=settings, holder="kgraph serve", address=address, bare=bare)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises StorageError where the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise StorageError(f"cannot listen on {host}, port {port}: {why}") from error


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def seed(graph: KnowledgeGraph) -> None:
    """Load the shipped seeds."""
    with telling() as progress:
        graph.load(*resources.seeds(), message="shipped seeds", progress=progress)


def service() -> Any:
    """The factory of the web service. Raises StorageError where none is installed."""
    found = next(iter(entry_points(group=GROUP)), None)
    if found is None:
        raise StorageError(f"no web service is installed (entry point group {GROUP})")
    return found.load()


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(serve)
