"""Fixtures for every test: the shipped graph, loaded once a worker and copied where a test writes."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kgraph
from kgraph import resources
from kgraph.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


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
