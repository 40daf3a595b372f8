"""Notes which requests are under way, and refuses new ones once the service is stopping (`stopping.py`)."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import errors
from .route import BEGUN
from .stopping import Stopping, StoppingError

_STILL = {"/livez", "/metrics"}
"""What is answered to the end."""


class Draining:
    """Nothing that was begun is cut off before the time of grace has passed; then it ends in a problem that says so."""

    def __init__(self, app: ASGIApp, stopping: Stopping) -> None:
        self.app = app
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        stopping = self._stopping
        # A plain query that was under way before (`shortway.py`) comes here with its answer, to be told by the routes.
        if (
            stopping.begun
            and BEGUN not in scope
            and scope["path"].removeprefix(scope.get("root_path", "")) not in _STILL
        ):
            await errors.refusal(Request(scope), StoppingError())(scope, receive, send)
            return
        task = asyncio.current_task()
        assert task is not None
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        stopping.running.add(task)
        try:
            await self.app(scope, receive, noted)
        except asyncio.CancelledError:
            if begun or not stopping.begun:
                raise
            task.uncancel()
            await errors.refusal(Request(scope), StoppingError())(scope, receive, send)
        finally:
            stopping.running.discard(task)
