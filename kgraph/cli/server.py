"""The server process of `serve`: uvicorn on a socket that listens already, ended by Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from types import FrameType
from typing import Any

import typer
import uvicorn

from kgraph.cli.logs import configuration


class _Server(uvicorn.Server):
    """Says that it is there once it is, and stops listening only when what was under way has ended."""

    def __init__(self, config: uvicorn.Config, greeting: str, grace: float) -> None:
        super().__init__(config)
        self._greeting = greeting
        self._grace = grace
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        if self.started:
            typer.echo(self._greeting, err=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal lets requests end within the time of grace, the second does not wait for them."""
        if self._loop is None or self._ending is not None:
            super().handle_exit(sig, frame)
        else:
            self._loop.call_soon_threadsafe(self._begin_to_end, sig, frame)

    def _begin_to_end(self, sig: int, frame: FrameType | None) -> None:
        if self._ending is None:
            self._ending = asyncio.get_running_loop().create_task(self._end(sig, frame))

    async def _end(self, sig: int, frame: FrameType | None) -> None:
        try:
            await self.config.app.state.stopping.finish(self._grace)  # type: ignore[union-attr]
        finally:
            super().handle_exit(sig, frame)


def run(app: Any, listener: socket.socket, greeting: str, grace: float, log: str) -> None:
    """Serve until a signal ends it; requests under way have `grace` seconds to be answered, then this returns."""
    config = uvicorn.Config(
        app,
        http=app.state.protocol,
        log_config=configuration(log, for_a_person=sys.stderr.isatty()),
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,  # for what is being sent: whatever was asked has its answer by now
    )
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        _Server(config, greeting, grace).run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn hands the signal on when it is done
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
