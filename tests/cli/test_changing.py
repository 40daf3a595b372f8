"""`kgraph update`: a SPARQL update of a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kgraph.client.http import HttpGraph


def test_an_update_of_a_file_is_one_commit(run: Callable[..., Any], writable_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "change.ru"
    file.write_text("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } } ; CREATE GRAPH <urn:h>")
    done = run("update", file, "--data", writable_folder, "--author", "me", "--message", "a note", "--json")
    assert (done.json["added"], done.json["created"]) == (1, ["urn:g", "urn:h"])
    last = run("log", "--data", writable_folder, "--json").json[-1]
    assert (last["seq"], last["author"], last["message"]) == (done.json["generation"], "me", "a note")
    again = run("update", file.with_name("change.ru"), "--data", writable_folder)
    assert again.status == 1
    assert "urn:h" in again.err


def test_an_update_of_the_standard_input(
    run: Callable[..., Any], writable_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "in").write_bytes(b"INSERT DATA { <urn:a> <urn:b> 1 }")
    with (tmp_path / "in").open() as given:
        monkeypatch.setattr("sys.stdin", given)
        done = run("update", "-", "--data", writable_folder)
    assert done.status == 0
    assert "1 quad added, 0 removed" in done.out


def test_what_is_no_update_is_shown_with_its_place(
    run: Callable[..., Any], writable_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "change.ru"
    file.write_text("INSERT DATA {\n <urn:a> <urn:b> }")
    done = run("update", file, "--data", writable_folder)
    assert done.status == 1
    assert "line 2, column 18" in done.err
    assert run("update", tmp_path / "none.ru", "--data", writable_folder).status == 1


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> list[httpx2.Request]:
    """What a service is sent; it takes one key."""
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        if request.headers.get("authorization") != "Bearer kg-secret":
            return httpx2.Response(401, json={"detail": "this needs a key"})
        report = {"committed": True, "generation": 7, "added": 2, "removed": 1, "created": ["urn:g"], "dropped": []}
        return httpx2.Response(200, json=report)

    init = HttpGraph.__init__
    transport = httpx2.MockTransport(answer)
    monkeypatch.setattr(HttpGraph, "__init__", lambda self, url, **how: init(self, url, transport=transport, **how))
    return sent


def test_a_service_is_updated_with_the_key_of_the_environment(
    run: Callable[..., Any], service: list[httpx2.Request], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "change.ru"
    file.write_text("INSERT DATA { <urn:a> <urn:b> 'é' }")
    refused = run("update", file, "--url", "http://127.0.0.1:8000")
    assert (refused.status, "this needs a key" in refused.err) == (1, True)
    monkeypatch.setenv("KGRAPH_KEY", "kg-secret")
    done = run("update", file, "--url", "http://127.0.0.1:8000")
    assert (done.status, done.err) == (0, "")
    assert "Committed generation 7." in done.out
    assert "new graph: urn:g" in done.out
    assert run("update", file, "--url", "http://127.0.0.1:8000", "--json").json["added"] == 2
    last = service[-1]
    assert (last.method, last.url.path, last.content.decode()) == ("POST", "/update", file.read_text())
    assert last.headers["content-type"].startswith("application/sparql-update")


@pytest.mark.parametrize("option", ["--data", "--author", "--message"])
def test_what_is_for_a_folder_is_not_sent_to_a_service(run: Callable[..., Any], tmp_path: Path, option: str) -> None:
    (tmp_path / "change.ru").write_text("CLEAR DEFAULT")
    done = run("update", tmp_path / "change.ru", "--url", "http://127.0.0.1:1", option, "x")
    assert (done.status, f"give {option} or --url" in " ".join(done.err.split())) == (2, True)


@pytest.mark.parametrize("key", ["two words\n", "schlüssel"])
def test_what_can_be_no_key_is_not_shown(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    (tmp_path / "change.ru").write_text("CLEAR DEFAULT")
    monkeypatch.setenv("KGRAPH_KEY", key)
    done = run("update", tmp_path / "change.ru", "--url", "http://127.0.0.1:1")
    assert done.status == 2
    assert key.strip() not in done.err
