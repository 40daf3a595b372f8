"""`kgraph mcp`: the graph for language models, over the Model Context Protocol."""

from __future__ import annotations

import contextlib
import os
import socket
from ipaddress import ip_address
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer
from starlette.types import ASGIApp

from kgraph.cli.door import open_door, settings_for
from kgraph.errors import KGraphError
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema

_KEY = "KGRAPH_MCP_KEY"


def mcp(
    data: Annotated[Path | None, typer.Option(help="Data folder (default: KGRAPH_DATA, else data/).")] = None,
    url: Annotated[str | None, typer.Option(help="A running service instead of a folder.")] = None,
    http: Annotated[bool, typer.Option("--http", help="Streamable HTTP at /mcp, instead of stdio.")] = False,
    host: Annotated[str, typer.Option(help="Address for --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port for --http.")] = 8001,
) -> None:
    """Offer the graph to language models (Model Context Protocol), for reading; needs the extra `mcp`.

    With --http, KGRAPH_MCP_KEY in the environment is a key that each request has to carry, as Authorization: Bearer
    KEY. On another address than this machine's own one is needed.
    """
    offered = _server_module()
    key = _key_for(host) if http else None
    names = Namespaces.load(settings_for(data).base_iri)
    with open_door(data, url) as door:
        made = offered.server(door, names, Schema.load(names))
        if not http:
            made.run("stdio")
            return
        from kgraph.cli.serving import listen

        with listen(host, port) as listener:
            _serve(offered.http(made, host, key), listener, f"http://{host}:{listener.getsockname()[1]}/mcp")


def _server_module() -> ModuleType:
    """The only part that needs the extra. Raises KGraphError that names it where it is not installed."""
    try:
        from kgraph.agents import server
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise KGraphError("`kgraph mcp` needs the extra mcp: pip install 'kgraph-claims[mcp]'") from error
    return server


def _key_for(host: str) -> str | None:
    """The key of the environment. Raises KGraphError where there is none and others than this machine can ask."""
    from kgraph.agents.keyed import SHORTEST

    key = os.environ.get(_KEY) or None
    if key is None and not _is_loopback(host):
        raise KGraphError(f"--host {host} can be reached from outside: put a key that requests must carry into {_KEY}")
    if key is not None and len(key) < SHORTEST:
        raise KGraphError(f"{_KEY} is too short: a key has at least {SHORTEST} characters")
    return key


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name, and who knows of what
        return False


def _serve(app: ASGIApp, listener: socket.socket, address: str) -> None:
    import uvicorn

    typer.echo(f"kgraph answers language models at {address}; stop it with Ctrl-C", err=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn hands the signal on when it is done
        uvicorn.Server(config).run(sockets=[listener])


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(mcp)
