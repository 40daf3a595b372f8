"""`kgraph update`: a SPARQL update of a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


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
