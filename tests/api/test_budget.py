"""What a client may ask for within a minute, and who a client is."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any

import pytest
from starlette.testclient import TestClient

from kgraph.keys import Keys
from kgraph.settings import Settings
from kgraph_api.app import create_app
from kgraph_api.budget import WINDOW, Budget, Budgets, BudgetSpentError
from kgraph_api.client import Clients

QUERY = "/sparql?query=ASK%7B%7D"
FAR = ("198.51.100.7", 4000)


def client(fake: Any, settings: Settings, peer: tuple[str, int] = FAR, **other: Any) -> TestClient:
    app = create_app(settings.model_copy(update=other), fake)
    return TestClient(app, client=peer)


def test_a_client_that_asks_too_much_is_told_when_to_ask_again(fake: Any, settings: Settings) -> None:
    far = client(fake, settings, client_requests=3)
    answers = [far.get(QUERY) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"].partition(",")[0] for answer in answers] == [
        '"requests";r=2;t=20', '"requests";r=1;t=40', '"requests";r=0;t=60', '"requests";r=0;t=60',
    ]  # fmt: skip
    refused = answers[3]
    assert refused.headers["ratelimit-policy"] == '"requests";q=3;w=60, "seconds";q=60;w=60'
    assert 0 < int(refused.headers["retry-after"]) <= 20
    assert refused.headers["content-type"] == "application/problem+json"
    body = refused.json()
    assert body["type"].endswith("/problem/budget-spent")
    assert (body["limit"], body["violated-policies"]) == ("client_requests", ["requests"])
    for free in ("/livez", "/readyz", "/metrics", "/static/kgraph.css", "/docs"):
        assert far.get(free).status_code == 200


def test_small_questions_cost_a_fifth(fake: Any, settings: Settings) -> None:
    far = client(fake, settings, client_requests=1)
    assert [far.get("/entity?id=ioc").status_code for _ in range(6)] == [200] * 5 + [429]


def test_time_is_paid_for_when_it_was_taken(fake: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("kgraph_api.budgeting.time.monotonic", lambda: clock[0])
    inner = fake.sparql

    def slow(*args: Any, **kwargs: Any) -> Any:
        clock[0] += 70
        return inner(*args, **kwargs)

    fake.sparql = slow
    far = client(fake, settings, client_seconds=60.0)
    assert far.get(QUERY).status_code == 200
    refused = far.get(QUERY)
    assert (refused.status_code, refused.json()["limit"]) == (429, "client_seconds")
    clock[0] += int(refused.headers["retry-after"])
    assert far.get(QUERY).status_code == 200


def test_programs_on_this_machine_are_free_unless_they_are_not(fake: Any, settings: Settings) -> None:
    for peer in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        near = client(fake, settings, (peer, 4000), client_requests=1)
        assert [near.get(QUERY).status_code for _ in range(3)] == [200] * 3
        assert "ratelimit" not in near.get(QUERY).headers
        counted = client(fake, settings, (peer, 4000), client_requests=1, client_loopback=True)
        assert [counted.get(QUERY).status_code for _ in range(2)] == [200, 429]


def test_without_budgets_nothing_is_counted(fake: Any, settings: Settings) -> None:
    far = client(fake, settings, client_requests=0, client_seconds=0)
    assert "ratelimit-policy" not in far.get(QUERY).headers
    assert "of work a minute" not in far.get("/openapi.json").json()["info"]["description"]


def test_a_key_has_a_budget_of_its_own_and_what_is_no_key_has_not(fake: Any, settings: Settings) -> None:
    text = Keys(settings.data).create("read")[1]
    far = client(fake, settings, client_requests=1)
    assert [far.get(QUERY).status_code for _ in range(2)] == [200, 429]
    assert far.get(QUERY, headers={"Authorization": "Bearer nonsense"}).status_code == 429
    assert far.get(QUERY, headers={"Authorization": f"Bearer {text}"}).status_code == 200


def test_a_body_of_a_client_without_budget_is_not_read(fake: Any, settings: Settings) -> None:
    far = client(fake, settings, client_requests=1)
    far.get(QUERY)

    # A packed body is refused by whoever would read it.
    assert far.post("/sparql", content=b"x", headers={"Content-Encoding": "gzip"}).status_code == 429


def test_the_budgets_are_told_where_a_client_looks(seeded: Any) -> None:
    assert "600 requests and 60 seconds of work a minute" in seeded.get("/openapi.json").json()["info"]["description"]
    described = seeded.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "A client may send 600 queries a minute." in described
    exposed = seeded.get("/livez").headers["access-control-expose-headers"]
    assert "RateLimit, RateLimit-Policy, Retry-After" in exposed


def test_a_bucket_fills_up_evenly_and_is_never_more_than_full() -> None:
    budget = Budget("requests", "client_requests", 60, "")
    for _ in range(60):
        assert budget.wait("a", 1, 0.0) <= 0
        budget.spend("a", 1, 0.0)
    assert budget.wait("a", 1, 0.0) == pytest.approx(1)
    assert (budget.left("a", 0.0), budget.left("a", 30.0), budget.left("a", 1e6)) == (0, 30, 60)
    assert budget.left("b", 0.0) == 60


def test_who_asks_no_more_is_forgotten() -> None:
    budget = Budget("requests", "client_requests", 60, "")
    for number in range(1000):
        budget.spend(f"client {number}", 1, float(number))
    assert len(budget._full) < 10


def test_both_budgets_are_checked_before_either_is_spent() -> None:
    budgets = Budgets.of(Settings(client_requests=10, client_seconds=1))
    budgets.took("a", 2.0, 0.0)
    before = budgets.budgets[0].left("a", 0.0)
    with pytest.raises(BudgetSpentError, match="more time than a client may take; ask again in 60 s"):
        budgets.take("a", 1.0, 0.0)
    assert budgets.budgets[0].left("a", 0.0) == before
    budgets.take("a", 1.0, float(WINDOW))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),  # nobody trusts it
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # what the client made up stands first
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", ", ".join(["203.0.113.9"] * 10_000), "203.0.113.9"),
    ],
)
def test_a_client_is_named_by_trusted_hops_alone(peer: str, forwarded: str | None, address: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"type": "http", "client": (peer, 1), "headers": headers}
    assert Clients(["10.0.0.0/8"]).address(scope) == ip_address(address)


def test_what_did_not_come_over_a_network_has_no_address() -> None:
    assert Clients().address({"type": "http", "client": None, "headers": []}) is None
    assert Clients().address({"type": "http", "client": ("testclient", 1), "headers": []}) is None


def test_the_addresses_of_one_site_are_one_client(fake: Any, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"client_requests": 1}), fake)
    statuses = [
        TestClient(app, client=(peer, 1)).get(QUERY).status_code
        for peer in ("2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1")
    ]
    assert statuses == [200, 429, 200]


def test_proxies_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("give addresses or networks such as 10.0.0.0/8")):
        Settings(trusted_proxies="10.0.0.0/8, proxy.example")
    assert Settings(trusted_proxies=" 10.0.0.0/8, ::1").proxies == ("10.0.0.0/8", "::1")
