"""An answer that was cut carries the request that goes on, the same at every door."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

import kgraph
from kgraph import resources
from kgraph.errors import CursorError, GenerationGoneError
from kgraph.settings import Settings
from kgraph_api.app import create_app

LETTER = "rights-groups-olympics-letter"
PAGED: dict[str, tuple[dict[str, Any], str]] = {
    "search": ({"q": "china", "limit": 2}, "items"),
    "entity": ({"id": LETTER, "limit": 2}, "claims"),
    "neighbourhood": (
        {"entity": LETTER, "hops": 2, "limit": 2, "predicate": ["demands", "issued", "addressee"]},
        "edges",
    ),
    "paths": ({"source": ["ioc", "bitter-winter"], "target": LETTER, "mode": "all_simple", "limit": 2}, "paths"),
    "compare": ({"entity": LETTER, "hops": 2, "other": ["modality=any"], "limit": 3}, "changes"),
    "timeline": ({"entity": "olympics-letter", "limit": 2, "modality": "any", "said_by": ()}, "claims"),
}
HASH = "ab" * 32
FILE = f"""\
kgraph: 1
source: {{id: a-note, label: A note, sha256: "{HASH}", length: 40, unknown: [author]}}
entities:
  a-club: {{type: Organisation, label: A club}}
spans:
  s: {{paragraph: 1, sentence: 1, start: 0, end: 20, sha256: "{HASH}"}}
claims:
  - {{subject: a-club, predicate: partnerOf, object: ioc, at: s}}
"""


def as_json(answer: Any) -> Any:
    return json.loads(orjson.dumps(answer))


@pytest.mark.parametrize("verb", PAGED)
def test_asking_again_turns_the_pages_to_the_last(graph: kgraph.KnowledgeGraph, verb: str) -> None:
    asked, items = PAGED[verb]
    ask = getattr(graph, verb)
    whole = getattr(ask(**{**asked, "limit": 1000}), items)
    answer = ask(**asked)
    found = list(getattr(answer, items))
    while answer.again:
        answer = ask(**answer.again)
        found += getattr(answer, items)
    assert tuple(found) == whole
    assert answer.next is None


@pytest.mark.parametrize("verb", PAGED)
def test_every_door_tells_the_same_request_and_takes_it(graph: kgraph.KnowledgeGraph, verb: str) -> None:
    asked, items = PAGED[verb]
    client = TestClient(create_app(graph.settings, graph))
    first = client.get(f"/{verb}", params=asked)
    again = first.json()["again"]
    assert again == as_json(getattr(graph, verb)(**asked).again)
    expected = as_json(getattr(getattr(graph, verb)(**again), items))
    assert client.get(f"/{verb}", params=again).json()[items] == expected
    assert client.get(first.links["next"]["url"]).json()[items] == expected


def test_what_is_as_by_default_is_not_told_and_one_name_is_a_name(graph: kgraph.KnowledgeGraph) -> None:
    again = graph.neighbourhood("ioc", hops=1, direction="both", predicate=[], said_by=["article-01"], limit=1).again
    assert again is not None
    assert again.keys() == {"entity", "said_by", "limit", "cursor", "at"}
    assert again["said_by"] == "article-01"


def test_an_answer_that_is_whole_has_no_request_to_go_on(graph: kgraph.KnowledgeGraph) -> None:
    assert graph.neighbourhood("ioc").again is None
    assert graph.paths("amnesty-international", "antonio-guterres").again is None
    assert graph.paths("amnesty-international", "antonio-guterres", max_hops=1).again is None


def test_a_stopped_search_is_asked_again_at_its_generation_with_twice_the_limit(
    writable_folder: Path, tmp_path: Path
) -> None:
    with kgraph.open(writable_folder) as graph:
        whole = graph.paths("amnesty-international", "antonio-guterres")
        answer = graph.paths("amnesty-international", "antonio-guterres", max_edges=1)
        (tmp_path / "note.yaml").write_text(FILE)
        graph.load(tmp_path / "note.yaml")
        limits = []
        while answer.again:
            limits.append(answer.again["max_edges"])
            answer = graph.paths(**answer.again)
        assert limits == [2**n for n in range(1, len(limits) + 1)]
        assert (answer.verdict, answer.paths) == ("found", whole.paths)
        assert answer.generation == whole.generation < graph.generation


def test_a_page_whose_search_was_stopped_is_asked_again_as_that_page(graph: kgraph.KnowledgeGraph) -> None:
    asked = {"source": "amnesty-international", "target": "antonio-guterres", "mode": "all_simple", "max_hops": 4}
    whole = graph.paths(**asked).paths
    first = graph.paths(**asked, limit=2)
    answer = graph.paths(**asked, limit=2, cursor=first.next, max_edges=1)
    assert answer.verdict == "stopped"
    while answer.again and answer.verdict == "stopped":
        answer = graph.paths(**answer.again)
    assert answer.paths == whole[2:4]


def test_a_limit_that_is_the_largest_already_cannot_be_raised(graph: kgraph.KnowledgeGraph) -> None:
    settings = Settings(data=graph.settings.data, max_edges=3, max_ms=1_000)
    client = TestClient(create_app(settings, kgraph.read(*resources.seeds(), settings=settings)))
    asked = {"entity": ["amnesty-international", "slobodan-milosevic"], "max_edges": 2}
    first = client.get("/connect", params=asked)
    assert first.json()["again"] == {"entities": asked["entity"], "max_edges": 3, "max_ms": 1_000, "at": 2}
    assert "link" not in first.headers
    second = client.get("/connect", params=first.json()["again"]).json()
    assert (second["verdict"], second["stopped_by"], second["again"]) == ("stopped", "max_edges", None)


def test_a_page_names_its_generation_and_stays_in_it(writable_folder: Path, tmp_path: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        first = graph.neighbourhood("ioc", limit=1)
        (tmp_path / "note.yaml").write_text(FILE)
        graph.load(tmp_path / "note.yaml")
        assert first.again is not None
        assert first.again["at"] == first.generation
        second = graph.neighbourhood(**first.again)
        assert second.generation == first.generation < graph.generation
        with pytest.raises(CursorError, match=f"is of generation {first.generation}, not {graph.generation}"):
            graph.neighbourhood(**{**first.again, "at": graph.generation})


def test_the_next_page_of_a_date_keeps_the_date(graph: kgraph.KnowledgeGraph) -> None:
    first = graph.neighbourhood("ioc", limit=1, at="2999-01-01")
    assert first.again is not None
    assert first.again["at"] == "2999-01-01"
    assert graph.neighbourhood(**first.again).edges != first.edges


def test_a_cursor_does_not_mind_how_the_question_is_written(graph: kgraph.KnowledgeGraph) -> None:
    first = graph.neighbourhood("ioc", limit=1, modality=["any"], at=str(graph.generation), min_generation=1)
    second = graph.neighbourhood("ioc", limit=1, modality="any", cursor=first.next)
    assert second.edges
    assert second.edges != first.edges


def test_a_page_of_a_generation_that_is_gone_says_so(writable_folder: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shutil.copytree(writable_folder, backup)
    (tmp_path / "note.yaml").write_text(FILE)
    with kgraph.open(writable_folder) as graph:
        graph.load(tmp_path / "note.yaml")
        again = graph.neighbourhood("ioc", limit=1).again
        gone = graph.generation
    assert again is not None
    with kgraph.open(backup) as restored:
        with pytest.raises(GenerationGoneError, match=f"generation {gone} is not held"):
            restored.neighbourhood(**again)
        answer = TestClient(create_app(restored.settings, restored)).get("/neighbourhood", params=again)
        assert answer.status_code == 410
        assert (answer.json()["wanted"], answer.json()["current"]) == (gone, gone - 1)
