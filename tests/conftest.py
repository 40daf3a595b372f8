"""Fixtures for every test: the shipped graph, loaded once a worker and copied where a test writes."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil
import pytest
from playwright.sync_api import Browser, sync_playwright

import kgraph
from kgraph import resources
from kgraph.keys import Keys
from kgraph.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test an id of its own: of several with one id pytest-xdist does some. (schemathesis gives the tests of
    all routes the same.)"""
    for item in items:
        if route := getattr(item, "operation_label", None):
            item._id = item.id.with_params(route)
    twice = [nodeid for nodeid, count in Counter(item.nodeid for item in items).items() if count > 1]
    assert not twice, f"tests of the same id: {twice[:3]}"


@pytest.fixture(scope="session")
def seeded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped seeds, to be copied, not opened."""
    folder = tmp_path_factory.mktemp("seeded") / "data"
    with kgraph.open(folder, settings=Settings(data=folder)) as graph:
        graph.load(*resources.seeds())
    return folder


@pytest.fixture(scope="session")
def graph(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[kgraph.KnowledgeGraph]:
    """The shipped graph, for reading only."""
    folder = tmp_path_factory.mktemp("reading") / "data"
    shutil.copytree(seeded_folder, folder)
    with kgraph.open(folder, settings=Settings(data=folder)) as opened:
        yield opened


@pytest.fixture
def writable_folder(seeded_folder: Path, tmp_path: Path) -> Path:
    """A copy of the shipped data folder of the test's own."""
    folder = tmp_path / "data"
    shutil.copytree(seeded_folder, folder)
    return folder


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def unused_port() -> Callable[[], int]:
    """Gives ports nobody listens on."""
    return free_port


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of this process, for those that a test starts."""
    return dict(os.environ)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """Start `kgraph serve` on a folder and return its address; each server is ended by its own process id."""
    running: list[subprocess.Popen[bytes]] = []

    def start(folder: Path, *options: str, kgraph_command: Path | None = None, cwd: Path | None = None) -> str:
        command = [str(kgraph_command)] if kgraph_command else [sys.executable, "-m", "kgraph"]
        port = free_port()
        process = subprocess.Popen(
            [*command, "serve", "--data", str(folder), "--host", "127.0.0.1", "--port", str(port), *options],
            cwd=cwd,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        running.append(process)
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                    return url
            except OSError:
                time.sleep(0.1)
        process.terminate()
        raise AssertionError(f"kgraph serve did not come up: {process.communicate(timeout=20)[1].decode()}")

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)
        if process.stderr:
            process.stderr.close()


@pytest.fixture(scope="session")
def service(seeded_folder: Path, serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a running service over the shipped graph."""
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(seeded_folder, folder)
    return serve(folder)


# ------------------------------------------------------------------ a service that is watched, and may be killed


@dataclass(frozen=True)
class Front:
    """A service in a process of its own, a key that may write there, and what it and its children take."""

    process: subprocess.Popen[bytes]
    url: str
    key: str

    def client(self, timeout: float = 60) -> httpx2.Client:
        """A client that carries the key."""
        return httpx2.Client(base_url=self.url, timeout=timeout, headers={"Authorization": f"Bearer {self.key}"})

    def processes(self) -> list[psutil.Process]:
        """The service and all its children, those of today."""
        front = psutil.Process(self.process.pid)
        return [front, *front.children(recursive=True)]

    def sum(self, of: Callable[[psutil.Process], float]) -> float:
        """Something of each process, added up; one that ends meanwhile counts nothing."""
        total = 0.0
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                total += of(process)
        return total

    def memory(self) -> float:
        """Bytes of memory: what processes share is counted once."""
        return self.sum(lambda process: process.memory_full_info().pss)

    def computed(self) -> float:
        """Seconds of processor time."""
        return self.sum(lambda process: sum(process.cpu_times()[:2]))

    def open_files(self) -> int:
        """File descriptors."""
        return int(self.sum(lambda process: process.num_fds()))

    def kill(self) -> None:
        """kill -9, of this process alone."""
        self.process.kill()
        self.process.wait(timeout=20)


@pytest.fixture
def start_front() -> Iterator[Callable[..., Front]]:
    """Start `kgraph serve` on a folder, with settings from `KGRAPH_…`; what is running at the end is ended."""
    running: list[Front] = []

    def start(folder: Path, *options: str, **settings: str) -> Front:
        port = free_port()
        with folder.with_name("service.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "kgraph", "serve", "--data", str(folder), "--port", str(port), *options],
                env={**os.environ, **settings},
                stdout=log,
                stderr=log,
            )
        _, key = Keys(folder).create("write")
        front = Front(process, f"http://127.0.0.1:{port}", key)
        running.append(front)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{front.url}/readyz", timeout=5):
                    return front
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the service did not come up")

    yield start
    for front in running:
        front.process.terminate()
        front.process.wait(timeout=30)


# ------------------------------------------------------------------ servers that keep quads


@dataclass(frozen=True)
class SparqlServer:
    """A server of this session's own: its address as `KGRAPH_STORE` takes it, and who may write there."""

    store: str
    user: str | None = None
    password: str | None = None


class Servers:
    """Starts servers on loopback, in folders of their own, and ends each by its process id."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, command: list[str], folder: Path, probe: str) -> subprocess.Popen[bytes]:
        """Start a server and wait until it answers at an address."""
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        self._running.append(process)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(probe, timeout=2):
                    return process
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"{command[0]} did not come up: {(folder / 'output').read_text('utf-8', 'replace')}")

    def end(self) -> None:
        for process in self._running:
            process.kill()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    started = Servers()
    yield started
    started.end()


@pytest.fixture(scope="session")
def start_oxigraph(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], SparqlServer]:
    """Start Oxigraph's own server, an empty one."""

    def start() -> SparqlServer:
        folder, port = tmp_path_factory.mktemp("oxigraph"), free_port()
        binary = Path(sys.executable).with_name("oxigraph")
        command = [str(binary), "serve", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}"]
        servers.start(command, folder, f"http://127.0.0.1:{port}/query?query=ASK%7B%7D")
        return SparqlServer(f"sparql+http://127.0.0.1:{port}/")

    return start


@pytest.fixture(scope="session")
def oxigraph_server(start_oxigraph: Callable[[], SparqlServer]) -> SparqlServer:
    """Oxigraph's own server, one a session: what uses it begins by clearing its store."""
    return start_oxigraph()


@pytest.fixture(scope="session")
def virtuoso_server(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> SparqlServer:
    """Virtuoso 7, one a session: what uses it begins by clearing its store."""
    binary = shutil.which("virtuoso-t")
    if binary is None:
        pytest.skip("virtuoso-t is not here (`make virtuoso` installs it)")
    folder, port, sql = tmp_path_factory.mktemp("virtuoso"), free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(port=port, sql=sql), "utf-8")
    probe = f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D"
    servers.start([binary, "+foreground", "+configfile", "virtuoso.ini"], folder, probe)
    return SparqlServer(f"sparql+http://127.0.0.1:{port}/?query=sparql&update=sparql-auth", "dba", "dba")


VIRTUOSO = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 20
NumberOfBuffers = 20000
MaxDirtyBuffers = 10000
CheckpointInterval = 0
DirsAllowed = .

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 10

[SPARQL]
ResultSetMaxRows = 10000
MaxQueryExecutionTime = 60
"""


QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, asking nobody by itself. Where CI runs it must be there."""
    chromium = shutil.which("chromium")
    if chromium is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed: `make browser` installs it")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium or "chromium", args=QUIET)
        yield launched
        launched.close()
