"""A flipped bit or a missing end in any file of a folder: told, made anew or refused, and never a wrong answer."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

import kgraph
from kgraph.errors import LimitError, StorageError
from kgraph.keys import Keys
from kgraph.settings import Settings

pytestmark = pytest.mark.slow

TIMES = max(1, int(os.environ.get("KGRAPH_KILLS", "3")) // 3)
TEXT = "A text that was attached."
FILES = {
    "the journal's log": "journal/log.jsonl",
    "the journal's head": "journal/head",
    "a payload": "journal/payloads/*.nq.gz",
    "a claim table": "journal/payloads/*.table",
    "the store's data": "store/oxigraph/*.sst",
    "the store's write-ahead log": "store/oxigraph/*.log",
    "the store's manifest": "store/oxigraph/MANIFEST-*",
    "the store's current": "store/oxigraph/CURRENT",
    "the store's options": "store/oxigraph/OPTIONS-*",
    "the store's sidecar": "store/generation.json",
    "the index": "index/claims",
    "a text": "texts/*.txt",
    "the base": "base",
    "the format": "format",
    "the secret": "secret",
    "the keys": "keys.json",
}
EVERY_BIT_COUNTS = {"the journal's log", "a claim table", "the index", "a text", "the keys"}
"""Files of which no bit can change unseen. (A payload's date, an option's comment and a secret say nothing.)"""


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed folder with claims, a table and a text."""
    place = tmp_path_factory.mktemp("sound")
    folder = place / "data"
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    (place / "note.yaml").write_text(
        f"kgraph: 1\nsource: {{id: note, label: Note, sha256: {digest}, length: {len(TEXT)}, unknown: [author]}}\n"
    )
    (place / "text").write_text(TEXT)
    rows = "".join(f"Club {n},partnerOf,Club {n + 1}\n" for n in range(300))
    (place / "table.csv").write_text(f"subject,predicate,object\n{rows}")
    with opened(folder) as graph:
        graph.load(place / "note.yaml")
        graph.load(place / "table.csv")
        graph.attach(place / "text")
    Keys(folder).create("write")
    return folder


def opened(folder: Path) -> kgraph.KnowledgeGraph:
    return kgraph.open(folder, settings=Settings(data=folder))


Ask = Callable[[kgraph.KnowledgeGraph], object]
ASKED: dict[str, Ask] = {
    "index": lambda graph: [graph.neighbourhood(n, limit=1000).edges for n in ("club-1", "club-77")],
    "search": lambda graph: [hit.id for hit in graph.search("Club 77").items],
    "store": lambda graph: b"".join(graph.export("nquads")),
    "sparql": lambda graph: sorted(graph.sparql("SELECT * { ?s kg:partnerOf ?o }", format="csv").body.splitlines()),
    "journal": lambda graph: b"".join(graph.export("nquads", at=2)),
    "text": lambda graph: graph.source("note").attached,
}
"""What a folder can be asked, by what it is asked of."""


@pytest.fixture(scope="session")
def truth(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("truth") / "data"
    shutil.copytree(sound, folder)
    with opened(folder) as graph:
        return {name: ask(graph) for name, ask in ASKED.items()}


def flip(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


@pytest.mark.parametrize("change", [flip, cut])
@pytest.mark.parametrize("kind", FILES)
def test_damage_never_makes_a_wrong_answer(
    kind: str, change: Callable[..., bytes], sound: Path, truth: dict[str, object], tmp_path: Path
) -> None:
    chance = random.Random(f"{kind} {change.__name__} {os.environ.get('PYTEST_RANDOMLY_SEED', random.random())}")
    for number in range(TIMES):
        folder = tmp_path / f"data-{number}"
        shutil.copytree(sound, folder)
        files = [file for file in sorted(folder.glob(FILES[kind])) if file.stat().st_size]
        if not files:
            pytest.skip(f"there is no {kind} with anything in it")
        file = chance.choice(files)
        before = file.read_bytes()
        file.write_bytes(change(before, chance))
        refused, told = looked_at(folder, truth)
        assert told or not refused, refused
        if kind in EVERY_BIT_COUNTS:
            assert told, (file.name, "nobody told that it is damaged")
        if told != ["refused at opening"]:
            with opened(folder) as graph:  # what was made anew stays so
                assert ASKED["index"](graph) == truth["index"]
        shutil.rmtree(folder)


def looked_at(folder: Path, truth: dict[str, object]) -> tuple[list[str], list[str]]:
    """Which answers were refused, and what was told. Fails where one is not the truth."""
    try:
        graph = opened(folder)
    except StorageError:
        return list(ASKED), ["refused at opening"]
    refused = []
    with graph:
        findings = graph.doctor()
        told = [f"{f.check}: {f.detail}" for f in findings if not f.ok or f.check.startswith("repaired")]
        for name, ask in ASKED.items():
            try:
                found = ask(graph)
            except StorageError as error:
                refused.append(f"{name}: {error}")
                continue
            if name == "text" and found is False:
                assert any(line.startswith("texts: ") for line in told)
                continue
            assert found == truth[name], name
    return refused, told


@pytest.mark.parametrize("change", [flip, cut])
def test_a_snapshot_that_is_damaged_while_the_graph_is_open_never_makes_a_wrong_answer(
    change: Callable[..., bytes], sound: Path, tmp_path: Path
) -> None:
    chance = random.Random(f"{change.__name__} {os.environ.get('PYTEST_RANDOMLY_SEED', random.random())}")
    folder = tmp_path / "data"
    shutil.copytree(sound, folder)
    counted = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"
    with opened(folder) as graph:
        for number, kind in enumerate(("*.sst", "MANIFEST-*", "CURRENT", "OPTIONS-*") * TIMES):
            (tmp_path / "one.nt").write_text(f'<urn:s> <urn:p> "{number}" .\n')
            graph.load_plain(tmp_path / "one.nt", graph="urn:g")
            assert graph.sparql(counted, format="csv").body.split()[1] == b"%d" % (number + 1)
            ends = time.monotonic() + 10
            while len(snapshots := list((folder / "store" / "snapshots").iterdir())) > 1:  # the one before goes soon
                assert time.monotonic() < ends, snapshots
                time.sleep(0.01)
            (snapshot,) = snapshots
            file = chance.choice(sorted(snapshot.glob(kind)))
            content = file.read_bytes()
            file.unlink()  # the store's own file is the same one
            file.write_bytes(change(content, chance))
            while graph.sparql_load.children:  # those to come open what is there now
                for nursery in psutil.Process().children():
                    for child in nursery.children():
                        with contextlib.suppress(psutil.NoSuchProcess):
                            child.kill()
                time.sleep(0.01)
            try:
                again = graph.sparql(counted, format="csv").body.split()[1]
            except (StorageError, LimitError):
                continue
            assert again == b"%d" % (number + 1), file.name
        assert all(finding.ok for finding in graph.doctor())
