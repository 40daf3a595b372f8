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

    __slots__ = ("allowed", "asked", "file_size", "forgiven", "key", "message", "reply", "shape", "until", "variables")

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
        self.forgiven = 0.0
        """Seconds by which that is later, because the service was not ready."""
        self.file_size = file_size
        """Bytes of the longest file its child may write; None where it needs no child of its own."""

    def forgivable(self, most: float) -> float:
        """So many seconds more need not be counted, where no more than `most` may be."""
        return max(0.0, most - self.forgiven)

    def forgive(self, seconds: float, most: float) -> None:
        """Do not count seconds, as far as may be."""
        more = min(seconds, self.forgivable(most))
        self.until += more
        self.forgiven += more

    def fail(self, error: Exception) -> None:
        """Tell who waits, if someone does."""
        if not self.reply.done():
            self.reply.set_exception(error)
