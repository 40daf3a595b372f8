"""A service in a process of its own, with a key, and someone on loopback who hears every request it makes."""

from __future__ import annotations

import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

TIMEOUT = 2.0
"""Seconds a query may take here."""


@dataclass
class Listener:
    """Who connects to it is noted, and gets an empty answer."""

    port: int
    heard: list[bytes] = field(default_factory=list)


@dataclass
class Service:
    """A running service, and how to ask it."""

    process: subprocess.Popen[bytes]
    client: httpx2.Client
    key: str
    folder: Path

    def answers(self) -> bool:
        """Whether the process is the one that was started and says yes to `ASK {}` within a second."""
        began = time.monotonic()
        answer = self.client.get("/sparql", params={"query": "ASK {}"})
        return answer.json()["boolean"] is True and time.monotonic() - began < 1 and self.process.poll() is None


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            noted.heard.append(self.request.recv(1000))
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        noted = Listener(server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield noted
        server.shutdown()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("hostile") / "data"
    command = Path(sys.executable).with_name("kgraph")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "KGRAPH_QUERY_TIMEOUT": str(TIMEOUT), "KGRAPH_MAX_UPLOAD": "3000000"}
    process = subprocess.Popen(
        [str(command), "serve", "--data", str(folder), "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
    try:
        ends = time.monotonic() + 120
        while True:
            try:
                assert client.get("/livez").status_code == 200
                client.get("/sparql", params={"query": "ASK {}"}).raise_for_status()  # its first children are there
                break
            except httpx2.TransportError:
                assert process.poll() is None
                assert time.monotonic() < ends
                time.sleep(0.1)
        told = subprocess.run(
            [str(command), "key", "create", "--scope", "write", "--data", str(folder), "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
        yield Service(process, client, json.loads(told.stdout)["key"], folder)
    finally:
        client.close()
        process.terminate()
        process.wait(60)
