"""A server on loopback that answers whatever a test wants, well-formed or not."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

Answer = Callable[[socket.socket, bytes], None]


@dataclass
class Loopback:
    """What a test is told of its server: where it is, and which requests came."""

    url: str = ""
    requests: list[bytes] = field(default_factory=list)


def _read(connection: socket.socket) -> bytes:
    """One request, head and body."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def answering() -> Iterator[Callable[..., Loopback]]:
    """Start a server: its answers to the first, the second … request, the last one to all that follow."""
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(*answers: Answer | bytes) -> Loopback:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        told = Loopback(f"http://127.0.0.1:{listener.getsockname()[1]}")

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, contextlib.suppress(OSError):
                        while request := _read(connection):
                            answer = answers[min(len(told.requests), len(answers) - 1)]
                            told.requests.append(request)
                            if isinstance(answer, bytes):
                                connection.sendall(answer)
                            else:
                                answer(connection, request)
                                break

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        threads.append(thread)
        return told

    yield start
    for listener in listeners:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    for thread in threads:
        thread.join(timeout=10)


@pytest.fixture
def said() -> Callable[..., bytes]:
    """An HTTP answer as bytes."""

    def make(body: bytes = b"", status: str = "200 OK", type: str | None = JSON, **headers: str) -> bytes:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
        lines += [] if type is None else [f"Content-Type: {type}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    return make


JSON = "application/sparql-results+json"
