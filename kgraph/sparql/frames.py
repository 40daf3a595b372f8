"""Messages between the service and the processes that evaluate for it: a JSON header and a body of bytes.

A frame is two lengths (32 bits each, big-endian), the header and the body. Several may be under way at once; they are
answered in the order in which they were sent.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

LENGTHS = struct.Struct(">II")
CHUNK = 1 << 16
"""So many bytes are received at once. Room for more is mapped anew each time, which costs 15 µs."""

Message = tuple[Mapping[str, Any], bytes]


def frame(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """A message as it goes over the socket."""
    return packed(written(header), body)


def written(header: Mapping[str, Any]) -> bytes:
    """A header as JSON."""
    return json.dumps(header).encode()


def packed(header: bytes, body: bytes) -> bytes:
    """The same for a header that is JSON already."""
    return b"".join((LENGTHS.pack(len(header), len(body)), header, body))


def send(connection: socket.socket, header: Mapping[str, Any], body: bytes = b"") -> None:
    """Send a message whole, waiting until it is taken."""
    connection.sendall(frame(header, body))


def messages(connection: socket.socket) -> Iterator[Message]:
    """The messages that arrive, waiting for each, until the other side is gone."""
    reader = Reader()
    while data := connection.recv(CHUNK):
        yield from reader.take(data)


class Reader:
    """Puts messages together from the pieces in which they arrive."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._missing = 0

    def take(self, data: bytes) -> list[Message]:
        """The messages that are whole with this piece."""
        self._held += data
        self._missing -= len(data)
        if self._missing > 0:  # of a long one: nothing to look at yet
            return []
        held, found, begins = self._held, [], 0
        while len(held) - begins >= LENGTHS.size:
            head, body = LENGTHS.unpack_from(held, begins)
            middle = begins + LENGTHS.size + head
            end = middle + body
            if end > len(held):
                self._missing = end - len(held)
                break
            found.append((_read(bytes(held[begins + LENGTHS.size : middle])), bytes(held[middle:end])))
            begins = end
        if begins == len(held):
            self._held = bytearray()
        else:
            del held[:begins]
        return found


@lru_cache(maxsize=256)
def _read(header: bytes) -> Mapping[str, Any]:
    """A header's JSON. Most are like one before."""
    found: dict[str, Any] = json.loads(header)
    return MappingProxyType(found)
