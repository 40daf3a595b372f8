"""Opaque signed cursors: where a list goes on, for which question, at which generation."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass

from kgraph.errors import CursorError

_TAG = 16


@dataclass(frozen=True, slots=True)
class Position:
    """The place a page begins: the generation it belongs to and how many items stood before it."""

    generation: int
    skip: int


@dataclass(frozen=True, slots=True)
class CursorSigner:
    """Issues and reads cursors. `key` stays on this machine; a cursor of another key or question is refused."""

    key: bytes

    def issue(self, question: object, position: Position) -> str:
        """The cursor for `question` (any JSON-able value, the same for each of its pages)."""
        body = json.dumps([position.generation, position.skip, _digest(question)]).encode()
        return base64.urlsafe_b64encode(self._tag(body) + body).decode().rstrip("=")

    def read(self, question: object, cursor: str | None) -> Position | None:
        """The position a cursor stands for; None for no cursor.

        Raises CursorError for one that was not issued here or that belongs to another question.
        """
        if not cursor:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise CursorError("the cursor is not one this graph issues") from error
        tag, body = raw[:_TAG], raw[_TAG:]
        if not hmac.compare_digest(tag, self._tag(body)):
            raise CursorError("the cursor was not issued by this graph")
        generation, skip, digest = json.loads(body)
        if digest != _digest(question):
            raise CursorError("the cursor belongs to another question: keep every parameter but the cursor the same")
        return Position(generation, skip)

    def _tag(self, body: bytes) -> bytes:
        return hmac.new(self.key, body, hashlib.sha256).digest()[:_TAG]


def _digest(question: object) -> str:
    return hashlib.sha256(json.dumps(question, sort_keys=True, default=str).encode()).hexdigest()[:16]
