"""Who may write: a key in the header, of the right scope, and no page of another site."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.keys import Keys

UPDATE = {"data": {"update": "INSERT DATA { <urn:a> <urn:b> 1 }"}}
WRITES = [
    ("POST", "/update"),
    ("PUT", "/graphs?default"),
    ("POST", "/graphs?graph=urn:g"),
    ("POST", "/graphs"),
    ("DELETE", "/graphs?graph=urn:g"),
    ("PUT", "/graphs/g"),
    ("POST", "/graphs/g"),
    ("DELETE", "/graphs/g"),
]


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_without_any_key_writing_is_off_and_the_answer_says_how_to_turn_it_on(
    client: Any, fake: Any, method: str, address: str
) -> None:
    answer = client.request(method, address, headers={"Authorization": "Bearer anything"})
    assert answer.status_code == 403
    assert "kgraph key create --scope write" in answer.json()["detail"]
    assert not fake.asked


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_a_missing_or_wrong_key_is_challenged(writer: Any, fake: Any, method: str, address: str) -> None:
    right = writer.headers.pop("Authorization")
    for wrong in ({}, {"Authorization": f"{right}x"}, {"Authorization": right.replace("Bearer", "Basic")}):
        answer = writer.request(method, address, headers=wrong)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert right.removeprefix("Bearer ") not in answer.text
    assert not fake.asked


def test_two_keys_at_once_are_none(writer: Any) -> None:
    right = writer.headers.pop("Authorization")
    answer = writer.post("/update", headers=[("Authorization", right), ("Authorization", right)], **UPDATE)
    assert answer.status_code == 401


def test_a_key_that_only_reads_does_not_write(client: Any, settings: Any, fake: Any) -> None:
    _, text = Keys(settings.data).create("read")
    answer = client.post("/update", headers={"Authorization": f"Bearer {text}"}, **UPDATE)
    assert answer.status_code == 403
    assert "scope read" in answer.json()["detail"]
    assert not fake.asked


def test_a_key_may_be_made_and_taken_back_while_the_service_runs(client: Any, settings: Any) -> None:
    keys = Keys(settings.data)
    key, text = keys.create("admin")
    headers = {"Authorization": f"bearer {text}"}
    assert client.post("/update", headers=headers, **UPDATE).status_code == 200
    other, _ = keys.create("write")
    keys.revoke(key.id)
    assert client.post("/update", headers=headers, **UPDATE).status_code == 401
    keys.revoke(other.id)
    assert client.post("/update", headers=headers, **UPDATE).status_code == 403


def test_a_key_in_the_address_is_none(writer: Any) -> None:
    text = writer.headers.pop("Authorization").removeprefix("Bearer ")
    for name in ("key", "access_token", "authorization"):
        assert writer.post("/update", params={name: text}, **UPDATE).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_site_does_not_write_even_with_a_key(writer: Any, fake: Any, headers: dict[str, str]) -> None:
    answer = writer.post("/update", headers=headers, **UPDATE)
    assert answer.status_code == 403
    assert "another site" in answer.json()["detail"]
    assert not fake.asked


def test_a_page_of_this_service_and_a_program_write(writer: Any) -> None:
    for headers in ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, {}):
        assert writer.post("/update", headers=headers, **UPDATE).status_code == 200


def test_reading_asks_for_no_key_and_a_wrong_one_does_no_harm(writer: Any) -> None:
    for headers in ({}, {"Authorization": "Bearer nothing", "Origin": "https://elsewhere.example"}):
        assert writer.get("/graphs?default", headers=headers).status_code == 200
        assert writer.get("/sparql", params={"query": "ASK {}"}, headers=headers).status_code == 200


def test_the_journal_names_the_key_and_not_its_text(writer: Any, fake: Any) -> None:
    writer.post("/update", **UPDATE)
    author = fake.last("update")[1]["author"]
    assert author.endswith("(test)")
    assert writer.headers["Authorization"].removeprefix("Bearer ") not in author


def test_who_may_not_write_cannot_send_a_long_body(client: Any, settings: Any) -> None:
    Keys(settings.data).create("write")
    read = 0

    def body() -> Any:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b"x" * 100_000

    assert client.put("/graphs?default", content=body()).status_code == 401
