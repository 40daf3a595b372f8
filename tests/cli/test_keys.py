"""`kgraph key`: make, list, revoke."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import kgraph
from kgraph.keys import Keys


def test_a_key_is_shown_once_alone_on_the_standard_output(run: Callable[..., Any], tmp_path: Path) -> None:
    done = run("key", "create", "--scope", "write", "--name", "notebook", "--data", tmp_path)
    assert done.status == 0
    text = done.out.strip()
    assert Keys(tmp_path).find(text)
    listed = run("key", "list", "--data", tmp_path)
    assert "notebook" in listed.out
    assert text not in listed.out + listed.err


def test_a_key_that_was_taken_back_is_none(run: Callable[..., Any], tmp_path: Path) -> None:
    made = run("key", "create", "--scope", "read", "--data", tmp_path, "--json").json
    assert made["scope"] == "read"
    assert [key["id"] for key in run("key", "list", "--data", tmp_path, "--json").json] == [made["id"]]
    assert run("key", "revoke", made["id"], "--data", tmp_path).status == 0
    assert run("key", "list", "--data", tmp_path, "--json").json == []
    assert run("key", "revoke", made["id"], "--data", tmp_path).status == 1


def test_a_scope_there_is_not_is_wrong_usage(run: Callable[..., Any], tmp_path: Path) -> None:
    done = run("key", "create", "--scope", "owner", "--data", tmp_path)
    assert done.status == 2
    assert "read, write, admin" in done.err


def test_keys_are_made_while_another_process_holds_the_folder(run: Callable[..., Any], tmp_path: Path) -> None:
    with kgraph.open(tmp_path / "data"):
        assert run("key", "create", "--scope", "write", "--data", tmp_path / "data").status == 0
