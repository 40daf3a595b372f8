"""The end of a service: what is under way may end within a time of grace, what is new is refused."""

from __future__ import annotations

import asyncio
from typing import Any

from kgraph.errors import KGraphError

_TOLD = 3.0
"""Seconds in which those who are told must have been told."""


class StoppingError(KGraphError):
    """The service is being stopped; another one, or this one started again, answers."""

    title = "The service is stopping"

    def __init__(self) -> None:
        super().__init__("the service is being stopped, and this was not answered: ask again in a few seconds")


class NotReadyError(KGraphError):
    """Journal, store and index are not at the same generation, and nobody is writing."""

    title = "The service is not ready"


class Stopping:
    """The requests under way (those of the short way by their replies), and whether new ones are taken.

    Used on the service's event loop.
    """

    def __init__(self) -> None:
        self.begun = False
        self.running: set[asyncio.Future[Any]] = set()

    async def finish(self, grace: float) -> None:
        """Take nothing new, wait for what is under way, and after `grace` seconds tell those who still wait."""
        self.begun = True
        if self.running:
            await asyncio.wait(self.running, timeout=grace)
        late = set(self.running)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=_TOLD)
