"""A request under way: what is sent to a child, and who waits for the reply."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from kgraph.sparql.shapes import shape_of


@dataclass(frozen=True, slots=True)
class Reply:
    """What a child answered: `status` as in `worker.py`, its message, and the body when the status is ok."""

    status: str
    message: str
    body: bytes
    generation: int


class Work:
    """A request. Times are of the event loop."""

    __slots__ = ("allowed", "asked", "file_size", "key", "message", "reply", "shape", "until", "variables")

    def __init__(
        self,
        message: bytes,
        body: bytes,
        reply: asyncio.Future[Reply],
        now: float,
        allowed: float,
        file_size: int | None,
    ) -> None:
        self.message = message
        self.key = hash(body)
        """Tells a text that was asked before."""
        self.shape = shape_of(body)
        self.variables = 0
        """Signs of variables in it; counted where it tells who goes first."""
        self.reply = reply
        self.asked = now
        self.allowed = allowed
        """Seconds for waiting and evaluation."""
        self.until = now + allowed
        self.file_size = file_size
        """Bytes of the longest file its child may write; None where it needs no child of its own."""

    def fail(self, error: Exception) -> None:
        """Tell who waits, if someone does."""
        if not self.reply.done():
            self.reply.set_exception(error)
