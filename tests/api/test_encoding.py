"""The bytes of an answer are those of its dataclasses, whatever is in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from kgraph_api.encoding import encoded
from tests.api import conftest as made

VALUES = [made.NEAR, made.EDGE, made.EVIDENCE, made.SPAN, made.TABLE, made.WHEN, made.NUMBER, made.SOURCE, made.ENTITY]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_written_as_its_dataclass(value: Any) -> None:
    assert encoded(value) == orjson.dumps(value)


def test_text_is_written_as_it_is() -> None:
    odd = replace(made.IOC, label='"quoted", \\ <tag> \u2028 \x01 é 奥', iri="urn:a:é")
    assert encoded(odd) == orjson.dumps(odd)
    assert orjson.loads(encoded(odd))["label"] == odd.label


def test_what_is_no_answer_is_written_too() -> None:
    assert encoded({"status": "ready", "generation": 7, "of": [made.IOC]}) == (
        b'{"status":"ready","generation":7,"of":[' + orjson.dumps(made.IOC) + b"]}"
    )
    with pytest.raises(TypeError):
        encoded(object())


@pytest.mark.parametrize(
    "address",
    [
        "/paths?source=amnesty-international&target=antonio-guterres",
        "/paths?source=amnesty-international&target=antonio-guterres&mode=all_simple&max_hops=4",
        "/neighbourhood?entity=ioc",
        "/neighbourhood?entity=rights-groups-olympics-letter&hops=2&modality=any",
        "/connect?entity=ioc&entity=amnesty-international",
        "/timeline?entity=ioc",
        "/entity?id=ioc",
        "/search?q=iatp",
        "/sources",
    ],
)
def test_an_answer_over_http_is_the_bytes_of_the_librarys_value(
    seeded: Any, graph: Any, monkeypatch: Any, address: str
) -> None:
    given: list[bytes] = []

    def plain(value: Any) -> bytes:
        given.append(orjson.dumps(value))
        return encoded(value)

    monkeypatch.setattr("kgraph_api.rendering.encoded", plain)
    answer = seeded.get(address)
    assert answer.status_code == 200
    assert answer.content == given[0]
    assert orjson.loads(answer.content)["generation"] == graph.generation
