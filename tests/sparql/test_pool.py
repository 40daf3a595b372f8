"""The pool under pressure: two lanes, queues, commits under way, a parent that dies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import LimitError, StorageError
from kgraph.settings import Settings
from kgraph.sparql import children
from kgraph.sparql.pool import Pool
from kgraph.sparql.service import COPY_BYTES, SparqlService
from kgraph.sparql.snapshots import Snapshotted
from kgraph.sparql.work import Reply
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

Make = Callable[..., SparqlService]
ENDLESS = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != 'x{}') }}"
ALL = "SELECT ?s { ?s kg:demands ?o }"
HEADER = json.dumps(
    {
        "format": "sparql-json",
        "union": True,
        "default_graphs": [],
        "named_graphs": [],
        "rows": 1000,
        "bytes": 1_000_000,
        "seconds": 60,
        "prefixes": {},
    }
).encode()
ORPHANED = """
import sys, threading, time
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.settings import Settings
from kgraph.sparql.service import SparqlService
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

store = OxigraphStore.open(None)
store.apply(Delta(tuple(Quad(NamedNode(f"urn:a:{n}"), NamedNode("urn:p:1"), Literal(str(n))) for n in range(300))), 1)
asked = SparqlService(store, Settings(query_timeout=60))
asked.query("ASK {}")
threading.Thread(target=asked.query, args=(sys.argv[1],), daemon=True).start()
while not asked._readers.pool._patient:
    time.sleep(0.01)
print(asked._readers.pool._patient[0].pid, flush=True)
time.sleep(60)
"""


SLOW_TO_BURY = """
import os, socket, sys, time
from kgraph.sparql import nursery

bury = os.waitpid

def slow(*arguments):
    time.sleep(20)
    return bury(*arguments)

os.waitpid = slow
nursery.main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
"""


def within(store: Snapshotted, doing: Callable[[Pool], Awaitable[None]], **settings: Any) -> Pool:
    """Do something with a pool on an event loop of its own."""

    async def run() -> Pool:
        pool = Pool(store, Settings(**settings))
        try:
            await doing(pool)
        finally:
            pool.end()
        return pool

    return asyncio.run(run())


def asked(pool: Pool, text: str, **kwargs: Any) -> asyncio.Task[Reply]:
    return asyncio.get_running_loop().create_task(pool.ask(HEADER, text.encode(), **kwargs))


def test_first_queries_at_once_are_all_answered_and_so_are_later_ones(disk: OxigraphStore, service: Make) -> None:
    together, rows = threading.Barrier(6), list[int]()
    service_asked = service(disk)

    def ask() -> None:
        together.wait()
        rows.append(service_asked.query(ALL).body.count(b'"uri"'))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [300] * 6
    assert service_asked.query(ALL).body.count(b'"uri"') == 300


def test_a_service_that_was_closed_unasked_answers_nothing(memory: OxigraphStore, service: Make) -> None:
    closed = service(memory)
    closed.close()
    with pytest.raises(StorageError, match="closed"):
        closed.query("ASK {}")


def test_who_asks_on_another_event_loop_is_answered_by_the_same_pool(memory: OxigraphStore, service: Make) -> None:
    shared = service(memory)
    shared.query("ASK {}")
    pool = shared._readers.pool
    assert json.loads(asyncio.run(shared.answer("ASK {}")).body)["boolean"] is True
    assert shared._readers.pool is pool


def test_a_pool_whose_event_loop_has_ended_is_replaced(memory: OxigraphStore, service: Make) -> None:
    shared = service(memory)
    for _ in range(2):
        assert json.loads(asyncio.run(shared.answer("ASK {}")).body)["boolean"] is True


class Restless:
    """A store that takes another commit while each snapshot of it is made."""

    folder: Path | None = None
    restless = False

    def __init__(self, store: OxigraphStore) -> None:
        self.store, self.generation = store, 1

    def snapshot(self, folder: Path) -> int:
        raise NotImplementedError

    def dump(self) -> bytes:
        time.sleep(0.05)
        self.generation += self.restless
        return self.store.dump()


@pytest.mark.parametrize("file_size", [None, 1000], ids=["read", "change"])
def test_commits_without_a_pause_do_not_stop_the_clock_of_who_waits(
    memory: OxigraphStore, file_size: int | None
) -> None:
    async def doing(pool: Pool) -> None:
        await pool.ask(HEADER, b"ASK {}")
        store.restless = True
        store.generation += 1
        asked = pool.ask(HEADER, b"ASK {}", seconds=0.5, file_size=file_size)
        with pytest.raises(LimitError):
            await asyncio.wait_for(asked, 15)

    store = Restless(memory)
    within(store, doing)


@pytest.mark.hostile
def test_queries_without_an_end_do_not_keep_short_ones_waiting(memory: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        await pool.ask(HEADER, b"ASK {}")
        endless = [asked(pool, ENDLESS.format(n), seconds=2) for n in range(6)]
        await asyncio.sleep(0.5)
        for _ in range(20):
            begun = time.monotonic()
            assert (await pool.ask(HEADER, b"ASK {}")).status == "ok"
            assert time.monotonic() - begun < 1
        ended = await asyncio.gather(*endless, return_exceptions=True)
        assert all(isinstance(one, LimitError) for one in ended)
        assert min(one.limit for one in ended if isinstance(one, LimitError)) == "query_timeout"

    assert within(memory, doing, readers=2).killed["deadline"] > 0


def test_what_overruns_the_quick_lane_while_the_patient_one_is_full_loses_its_child(memory: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        first = asked(pool, ENDLESS.format(""), seconds=5)
        while not pool._patient:
            await asyncio.sleep(0.01)
        with pytest.raises(LimitError, match="readers stayed busy"):
            await pool.ask(HEADER, b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", seconds=2)
        assert not first.done()
        first.cancel()

    assert within(memory, doing, readers=1).killed["lane"] == 1


def test_a_text_that_was_not_quick_goes_to_the_patient_lane_at_once(memory: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        for _ in range(2):
            with pytest.raises(LimitError):
                await pool.ask(HEADER, ENDLESS.format("").encode(), seconds=0.3)
        quick = [child.pid for child in pool._quick]
        again = asked(pool, ENDLESS.format(""), seconds=1)
        while not pool._patient:
            await asyncio.sleep(0.01)
        assert [child.pid for child in pool._quick] == quick
        assert len(pool._patient) == 1
        with pytest.raises(LimitError, match="took longer"):
            await again

    within(memory, doing, readers=1)


def test_waiting_for_a_place_and_running_have_one_deadline(memory: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        await pool.ask(HEADER, b"ASK {}")
        begun = time.monotonic()
        endless = [asked(pool, ENDLESS.format(n), seconds=1) for n in range(4)]
        ended = await asyncio.gather(*endless, return_exceptions=True)
        assert {one.limit for one in ended if isinstance(one, LimitError)} == {"query_timeout", "readers"}
        assert time.monotonic() - begun < 2.5

    within(memory, doing, readers=1)


def test_what_stood_behind_a_query_that_overran_is_answered_elsewhere(memory: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        await pool.ask(HEADER, b"ASK {}")
        endless = asked(pool, ENDLESS.format(""), seconds=1)
        behind = [asked(pool, f"ASK {{ ?s ?p {n} }}") for n in range(3)]
        replies = await asyncio.gather(*behind)
        assert [reply.status for reply in replies] == ["ok"] * 3
        assert not endless.done()
        with pytest.raises(LimitError):
            await endless

    within(memory, doing, readers=1)


def test_a_client_that_leaves_frees_its_child(memory: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        endless = asked(pool, ENDLESS.format(""))
        while not pool.busy:
            await asyncio.sleep(0.01)
        endless.cancel()
        while pool.busy:
            await asyncio.sleep(0.01)

    assert within(memory, doing, readers=1).killed["left"] == 1


def test_a_commit_between_two_queries_is_seen_by_the_second(disk: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        first = await pool.ask(HEADER, b"ASK { ?s ?p ?o }")
        disk.apply(Delta((), tuple(disk.quads())), 2)
        second = await pool.ask(HEADER, b"ASK { ?s ?p ?o }")
        assert (first.generation, second.generation) == (1, 2)
        assert b"true" in first.body
        assert b"false" in second.body

    within(disk, doing)


def test_a_commit_that_takes_the_snapshot_away_from_a_new_child_does_not_end_the_query(disk: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        start, started = pool.nursery.start, list[int]()

        async def overtaken(path: Path, generation: int, file_size: int = 0) -> Any:
            if not started:
                disk.apply(Delta((), tuple(disk.quads())), 2)
                await pool.snapshots.latest()
            started.append(generation)
            return await start(path, generation, file_size)

        pool.nursery.start = overtaken  # type: ignore[method-assign]
        assert (await pool.ask(HEADER, b"ASK {}")).generation == 2
        assert started == [1, 2]

    within(disk, doing, readers=1)


def test_a_child_that_was_overtaken_by_a_commit_while_it_got_ready_answers_nothing(disk: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        late = asyncio.Event()
        start, started = pool.nursery.start, list[int]()

        async def slow(path: Path, generation: int, file_size: int = 0) -> Any:
            child = await start(path, generation, file_size)
            started.append(generation)
            if len(started) == 2:
                await late.wait()
            return child

        pool.nursery.start = slow  # type: ignore[method-assign]
        begun = [asked(pool, ALL) for _ in range(12)]
        await asyncio.gather(*begun)
        while len(started) < 2:
            begun = [asked(pool, ALL) for _ in range(12)]
            await asyncio.gather(*begun)
        disk.apply(Delta((), tuple(disk.quads())), 2)
        assert (await pool.ask(HEADER, ALL.encode())).generation == 2
        late.set()
        replies = await asyncio.gather(*[asked(pool, ALL) for _ in range(12)])
        assert {reply.generation for reply in replies} == {2}

    within(disk, doing, readers=2)


def test_a_child_that_is_slow_to_come_keeps_nobody_past_the_deadline(memory: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        await pool.ask(HEADER, b"ASK {}")
        start, coming = pool.nursery.start, asyncio.Event()

        async def slow(path: Path, generation: int, file_size: int = 0) -> Any:
            await coming.wait()
            return await start(path, generation, file_size)

        pool.nursery.start = slow  # type: ignore[method-assign]
        began = time.monotonic()
        with pytest.raises(LimitError, match=r"took longer than 0\.5 s, of which it waited \d\.\d s for a reader"):
            await asyncio.wait_for(pool.ask(HEADER, b"", seconds=0.5, file_size=COPY_BYTES), 5)
        assert 0.7 < time.monotonic() - began < 1.5
        coming.set()
        while pool.lanes.starting or pool.nursery.alive > 1:  # who came for nothing is killed
            await asyncio.sleep(0.01)
        assert not pool._changing

    within(memory, doing, readers=1)


def test_what_the_first_child_needs_is_not_counted(memory: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        start = pool.nursery.start

        async def slow(path: Path, generation: int, file_size: int = 0) -> Any:
            await asyncio.sleep(1.2)
            return await start(path, generation, file_size)

        pool.nursery.start = slow  # type: ignore[method-assign]
        assert b"true" in (await pool.ask(HEADER, b"ASK {}", seconds=0.5)).body

    within(memory, doing, readers=1)


def test_a_child_that_is_slow_to_go_keeps_no_other_from_coming(
    memory: OxigraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel may take seconds to bury a process that let all others go first."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW_TO_BURY)
    monkeypatch.setattr(children, "NURSERY", [str(script)])

    async def doing(pool: Pool) -> None:
        for n in range(3):
            with pytest.raises(LimitError, match=r"took longer than 0\.3 s"):
                await pool.ask(HEADER, ENDLESS.format(n).encode(), seconds=0.3)
        began = time.monotonic()
        assert b"true" in (await pool.ask(HEADER, b"ASK { ?s ?p ?o }", seconds=20)).body
        assert time.monotonic() - began < 5

    began = time.monotonic()
    within(memory, doing, readers=1)
    assert time.monotonic() - began < 15


def test_a_child_may_write_no_file_but_while_it_works_out_a_change(memory: OxigraphStore) -> None:
    def longest(pid: int) -> list[str]:
        limits = Path(f"/proc/{pid}/limits").read_text()
        [line] = [line for line in limits.splitlines() if line.startswith("Max file size")]
        return line.split()[3:5]

    async def doing(pool: Pool) -> None:
        await pool.ask(HEADER, b"ASK {}")
        assert longest(pool.nursery.pids[0]) == ["0", "0"]
        change = asked(pool, ENDLESS.format(""), file_size=COPY_BYTES, seconds=1)
        while not pool._changing:
            await asyncio.sleep(0.01)
        assert longest(pool._changing[0].pid) == ["0", str(COPY_BYTES)]
        with pytest.raises(LimitError, match="took longer than 1 s"):
            await change

    within(memory, doing, readers=1)


def test_a_request_longer_than_the_sockets_buffer_arrives_whole(memory: OxigraphStore) -> None:
    async def doing(pool: Pool) -> None:
        text = f"SELECT (STRLEN('{'a' * 3_000_000}') AS ?n) {{}}"
        assert b"3000000" in (await pool.ask(HEADER, text.encode())).body

    within(memory, doing)


def test_a_busy_child_ends_with_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", ORPHANED, ENDLESS.format("")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the child lives on")
