"""Many hostile clients at once: others are answered, memory stays in its bounds, and soon all is quiet again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.hostile]

READERS, MEMORY = 2, 1_000_000_000
SETTINGS = {"KGRAPH_QUERY_TIMEOUT": "2", "KGRAPH_READERS": str(READERS), "KGRAPH_QUERY_MEMORY": str(MEMORY)}


def test_fifty_hostile_clients_keep_nobody_waiting_and_leave_nothing(
    soak: Any, start_front: Callable[..., Any], seeded_folder: Path, tmp_path: Path, told: Callable[[str], None]
) -> None:
    many, seconds, bound = (50, 20.0, 0.2) if soak.full else (20, 3.0, 1.0)
    shutil.copytree(seeded_folder, tmp_path / "data")
    front = start_front(tmp_path / "data", **SETTINGS)
    with front.client() as client:
        assert client.get("/sparql?query=ASK%7B%7D").json()["boolean"]
        soak.rest(front, client, 30)
        before = front.memory()
        children = front.processes()
        crowd, watch = soak.crowd(front), soak.watch(front, tmp_path / "data")
        for _ in range(many):
            crowd.add(soak.hostile, (200, 400, 401, 403, 413, 503), key=False)
        probed: dict[str, list[float]] = {"sparql": [], "neighbourhood": []}
        unanswered: list[str] = []
        ends, peak = time.monotonic() + seconds, 0.0
        while (began := time.monotonic()) < ends:
            text = f"SELECT ?o {{ <https://w3id.org/kgraph/id/ioc> ?p ?o FILTER(?o != {began}) }} LIMIT 10"
            answer = client.get("/sparql", params={"query": text})
            if answer.status_code != 200:
                unanswered.append(answer.json()["detail"])
            middle = time.monotonic()
            assert client.get("/neighbourhood?entity=ioc&hops=2").json()["nodes"]
            probed["sparql"].append(middle - began)
            probed["neighbourhood"].append(time.monotonic() - middle)
            if len(probed["sparql"]) % 5 == 0:
                peak = max(peak, watch.look()["all MB"])
            time.sleep(0.05)
        crowd.end()
        quiet = soak.rest(front, client, 5)
        after = front.memory()
    p95 = {name: float(np.percentile(took, 95)) for name, took in probed.items()}
    told(
        f"\n{many} hostile clients for {seconds:g} s, a deadline of 2 s\n\n{crowd.table()}\n\n"
        + "".join(
            f"- probes, {name}: {len(took)}, p50 {1000 * float(np.median(took)):.0f} ms, "
            f"p95 {1000 * p95[name]:.0f} ms, longest {1000 * max(took):.0f} ms\n"
            for name, took in probed.items()
        )
        + f"- probes not answered: {unanswered or 'none'}\n"
        + f"- memory of the service and its children: {before / 1e6:,.0f} MB before, {peak:,.0f} MB at most, "
        f"{after / 1e6:,.0f} MB after\n- idle {quiet:.1f} s after the last answer"
    )
    assert crowd.unexpected == []
    assert unanswered == []
    assert {"hostile query", "hostile update"} <= set(crowd.took)
    assert max(p95.values()) < bound
    assert peak * 1e6 < before + 3 * READERS * MEMORY, "so many children of so much memory may be there"
    assert after < 1.25 * before + 50e6
    assert len(front.processes()) <= len(children) + READERS
    assert front.process.poll() is None
