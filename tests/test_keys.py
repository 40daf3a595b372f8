"""Keys: shown once, kept as hashes, seen by whoever has them open."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import kgraph
from kgraph.errors import DamagedError, KeyNotFoundError, ParameterError
from kgraph.keys import SCOPES, Keys
from kgraph.settings import Settings


def test_a_key_is_found_by_its_text_and_its_text_is_kept_nowhere(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    key, text = keys.create("write", "notebook")
    assert keys.find(text) == key
    assert keys.find(f"{text}x") is None
    assert keys.find("") is None
    assert len(text) > 43
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert text.encode() not in kept
    assert key.hash.encode() in kept


def test_the_file_is_the_owners_alone(tmp_path: Path) -> None:
    Keys(tmp_path).create("admin")
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_whoever_has_the_keys_open_sees_a_change_at_once(tmp_path: Path) -> None:
    running, beside = Keys(tmp_path), Keys(tmp_path)
    assert running.all() == ()
    key, text = beside.create("write")
    assert running.find(text) == key
    beside.revoke(key.id)
    assert running.find(text) is None


def test_a_larger_scope_allows_what_the_smaller_ones_do(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    allowed = {scope: [wanted for wanted in SCOPES if keys.create(scope)[0].allows(wanted)] for scope in SCOPES}
    assert allowed == {"read": ["read"], "write": ["read", "write"], "admin": ["read", "write", "admin"]}


def test_keys_made_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Keys(tmp_path).create("write")[1], range(16)))
    assert all(Keys(tmp_path).find(text) for text in made)
    assert len({key.id for key in Keys(tmp_path).all()}) == 16


def test_what_is_no_scope_no_key_or_no_file_of_keys_is_said(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    with pytest.raises(ParameterError, match="read, write, admin"):
        keys.create("owner")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="200 characters"):
        keys.create("read", "x" * 201)
    key, _ = keys.create("read", "mine")
    with pytest.raises(KeyNotFoundError, match=key.id):
        keys.revoke("nothing")
    for content in ('[{"id": 1}]', '{"keys": [], "hash": ""}', ""):
        (tmp_path / "keys.json").write_text(content)
        with pytest.raises(DamagedError, match=r"keys\.json"):
            keys.all()


def test_a_folder_may_have_keys_before_it_has_a_graph(tmp_path: Path) -> None:
    _, text = Keys(tmp_path / "data").create("write")
    with kgraph.open(tmp_path / "data", settings=Settings(data=tmp_path / "data")) as graph:
        assert graph.generation == 1
    assert Keys(tmp_path / "data").find(text)


def test_the_file_says_when_each_was_made_and_what_for(tmp_path: Path) -> None:
    key, _ = Keys(tmp_path).create("read", "the archive's notebook")
    (held,) = json.loads((tmp_path / "keys.json").read_text())["keys"]
    assert held["name"] == "the archive's notebook"
    assert held["created"] == key.created
    assert held["created"].endswith("Z")
