"""`/metrics` is what Prometheus reads, and says what who watches a service has to know; `/readyz` says what agrees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from prometheus_client.parser import text_string_to_metric_families


def families(client: Any) -> dict[str, Any]:
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def test_every_metric_has_its_type_and_its_meaning(client: Any) -> None:
    client.get("/entity?id=ioc")
    client.request('PUT"x', "/entity")
    found = families(client)
    kinds = {name: family.type for name, family in found.items()}
    assert kinds == {
        "kgraph_generation": "gauge",
        "kgraph_generation_lag": "gauge",
        "kgraph_requests": "counter",
        "kgraph_request_seconds": "counter",
        "kgraph_sparql_children": "gauge",
        "kgraph_sparql_busy": "gauge",
        "kgraph_sparql_waiting": "gauge",
        "kgraph_sparql_killed": "counter",
        "kgraph_commit_sync_seconds": "histogram",
    }
    assert all(family.documentation and family.samples for family in found.values())


def test_what_lags_and_how_long_commits_took_is_told(client: Any) -> None:
    found = families(client)
    assert {s.labels["part"]: s.value for s in found["kgraph_generation_lag"].samples} == {
        "store": 0, "index": 0, "snapshot": 1,
    }  # fmt: skip
    samples = {
        (s.name.rpartition("_")[2], s.labels.get("le")): s.value for s in found["kgraph_commit_sync_seconds"].samples
    }
    assert samples == {
        ("bucket", "0.01"): 1, ("bucket", "0.1"): 2, ("bucket", "+Inf"): 3, ("sum", None): 1.5, ("count", None): 3,
    }  # fmt: skip


def test_a_graph_tells_of_its_commits_and_of_its_parts(store: Any) -> None:
    before = families(store)["kgraph_commit_sync_seconds"].samples[-1].value
    store.post("/update", data={"update": "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }"})
    found = families(store)
    assert found["kgraph_commit_sync_seconds"].samples[-1].value == before + 1
    ready = store.get("/readyz").json()
    assert ready["generation"] == ready["journal"] == ready["store"] == found["kgraph_generation"].samples[0].value


def test_parts_that_do_not_agree_are_not_ready_unless_somebody_writes(client: Any, fake: Any) -> None:
    fake.standing = replace(fake.standing, store=6)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "not-ready")
    assert "the store at 6" in answer.json()["detail"]
    assert client.get("/livez").status_code == 200
    fake.standing = replace(fake.standing, writing=True)
    assert client.get("/readyz").status_code == 200
