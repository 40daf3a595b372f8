"""The server process of `serve`: uvicorn on a socket that listens already, ended by Ctrl-C or SIGTERM."""

from __future__ import annotations

import signal
import socket
from typing import Any

import typer
import uvicorn


class _Server(uvicorn.Server):
    """Says that it is there once it is."""

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            typer.echo(self._greeting, err=True)


def run(app: Any, listener: socket.socket, greeting: str) -> None:
    """Serve until a signal ends it; requests under way are answered first, then this returns."""
    config = uvicorn.Config(
        app,
        http=app.state.protocol,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        _Server(config, greeting).run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn hands the signal on when it is done
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
