"""`serve`: an empty folder gets the seeds, one line says where it listens, a signal ends it cleanly."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kgraph.cli import serving
from kgraph.errors import StorageError

Run = Callable[..., Any]


@pytest.fixture
def started() -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    running: list[subprocess.Popen[str]] = []

    def start(*options: object) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "kgraph", "serve", "--port", "0", *map(str, options)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stderr is not None
        return process, process.stderr.readline()

    yield start
    for process in running:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_one_line_says_where_it_listens_and_a_signal_ends_it_cleanly(
    ending: signal.Signals, started: Callable[..., tuple[subprocess.Popen[str], str]], tmp_path: Path
) -> None:
    process, line = started("--data", tmp_path / "data", "--empty")
    found = re.fullmatch(r"kgraph answers at (http://127\.0\.0\.1:\d+) \(.*: 0 claims\); stop it with Ctrl-C\n", line)
    assert found
    assert httpx2.get(f"{found[1]}/readyz").status_code == 200
    assert httpx2.post(f"{found[1]}/sparql", data={"query": "ASK {}"}).json()["boolean"] is True
    process.send_signal(ending)
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(30) == 0
    assert not (tmp_path / "data" / "store" / "snapshots").exists()


def test_an_empty_folder_gets_the_shipped_seeds(
    started: Callable[..., tuple[subprocess.Popen[str], str]], tmp_path: Path
) -> None:
    _, line = started("--data", tmp_path / "data")
    address = re.search(r"http://\S+", line)
    assert address
    found = httpx2.get(f"{address[0]}/search", params={"q": "IATP"}).json()
    assert found["items"][0]["id"] == "id:inter-parliamentary-alliance-on-china"


def test_a_port_that_is_taken_is_said_so_and_the_folder_stays_as_it_was(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", port, "--data", tmp_path / "data")
    assert (done.status, done.err) == (1, f"kgraph: cannot listen on 127.0.0.1, port {port}: Address already in use\n")
    assert not (tmp_path / "data").exists()


def test_an_option_that_does_not_fit_is_named_in_one_line(run: Run, tmp_path: Path) -> None:
    done = run("serve", "--port", 99999, "--data", tmp_path / "data")
    assert (done.status, done.out) == (2, "")
    assert done.err == "kgraph: --port=99999: input should be less than or equal to 65535\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [("QUERY_TIMEOUT", "abc"), ("READERS", "0"), ("BASE_IRI", "nonsense"), ("BASE_IRI", "https://a.org/b")],
)
@pytest.mark.parametrize("command", ["serve", "log", "search"])
def test_a_variable_that_does_not_fit_is_named_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, name: str, value: str
) -> None:
    monkeypatch.setenv(f"KGRAPH_{name}", value)
    done = run(command, *(["x"] if command == "search" else []))
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"kgraph: KGRAPH_{name}={value}: ")
    assert done.err.count("\n") == 1


def test_a_host_that_is_none_is_said_so() -> None:
    with pytest.raises(StorageError, match="cannot listen on"):
        serving.listen("256.0.0.1", 0)


def test_an_installation_without_a_service_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "entry_points", lambda group: [])
    with pytest.raises(StorageError, match="no web service is installed"):
        serving.service()


def test_an_address_of_version_six_is_written_in_brackets() -> None:
    assert serving._bracketed("::1") == "[::1]"
    assert serving._bracketed("127.0.0.1") == "127.0.0.1"
