"""Children that can be killed, a few at a time, each on a snapshot of one generation.

The engine can neither be timed out nor trusted to survive: whatever a query does, it does it to a child, and a child
that overruns is killed. Two lanes keep short queries apart from long ones. Every text begins in the quick one, whose
children have a few requests before them at any time. What is not answered within `QUANTUM` goes on in the patient lane,
whose processes let all others go first and answer one request each; where that is full, its child is killed and it
waits for a place there, to begin again. A text that went that way is remembered and starts there the next time. So a
runaway query costs the quick lane a quantum, once. What stood behind it is asked again. Where they come as a flood of
ever new texts, their shapes tell who goes first (`queues.py`), and a child at least is kept for quick ones.

All of it happens on one event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from kgraph.errors import KGraphError, LimitError, StorageError
from kgraph.model import SparqlLoad
from kgraph.settings import Settings
from kgraph.sparql import frames
from kgraph.sparql.children import Child, Nursery
from kgraph.sparql.queues import Queues
from kgraph.sparql.shapes import ENDLESS, LONG, QUICK
from kgraph.sparql.snapshots import Snapshots, Snapshotted
from kgraph.sparql.work import Reply, Work

log = logging.getLogger(__name__)
QUANTUM, LEAST = 0.05, 0.01
"""Seconds of the quick lane, and the fewest, where many wait: a short query is then soon reached."""
DISTANT_QUANTUM, DISTANT_LEAST = 0.25, 0.05
"""The same where another server evaluates: children wait for it, and a request that is ended was sent in vain."""
PATIENCE = 0.25
"""What was answered in so many seconds while others went first is quick."""
AHEAD = 4
"""So many requests a quick child is given at a time: it then never waits for the service between two."""
TICK = 0.01
"""Seconds between two looks at what overruns."""


class Pool:
    """Evaluates requests in `settings.readers` quick children and as many patient ones.

    `distant`: those only ask another server, which keeps the graph.
    """

    def __init__(
        self, store: Snapshotted, settings: Settings, *, distant: bool = False, owns_loop: bool = False
    ) -> None:
        self.settings = settings
        self.loop = asyncio.get_running_loop()
        self.owns_loop = owns_loop  # it runs for this pool alone
        self.killed: Counter[str] = Counter()
        """Children killed, by reason: `deadline`, `lane` (to begin again in the patient one), `died`, `left`."""
        self.queues = Queues(settings.readers)
        self.nursery = Nursery(settings.query_memory, distant=distant)
        self.snapshots = Snapshots(store)
        self._store = store
        self._distant = distant  # then a child's time is not its processor's
        self._quanta = (DISTANT_QUANTUM, DISTANT_LEAST) if distant else (QUANTUM, LEAST)
        self._quick: list[Child] = []
        self._retiring: list[Child] = []  # quick ones of earlier generations that have not answered yet
        self._patient: list[Child] = []
        self._changing: list[Child] = []
        self._starting = {"quick": 0, "patient": 0, "changing": 0}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.TimerHandle | None = None
        self._refreshing = False
        self._cold = True  # no child has this generation open yet
        self._closed = False

    async def ask(
        self, header: bytes, body: bytes, seconds: float | None = None, file_size: int | None = None
    ) -> Reply:
        """Evaluate a request (`worker.py`; `header` is its JSON) under one deadline for waiting and evaluation.

        With `file_size` it has a child for itself that may write files of so many bytes. What a new snapshot or child
        needs to get ready is not counted. Raises LimitError when the deadline passed, when there was no place until
        then, or when the child died; StorageError where there is no child.
        """
        return await self.begin(header, body, seconds, file_size)

    def begin(
        self, header: bytes, body: bytes, seconds: float | None = None, file_size: int | None = None
    ) -> asyncio.Future[Reply]:
        """The same at once, on the event loop: the reply comes, or one of these errors is raised by the future."""
        if self._closed:
            raise StorageError("the graph is closed")
        longest = self.settings.query_timeout
        work = Work(
            frames.packed(header, body),
            body,
            self.loop.create_future(),
            self.loop.time(),
            longest if seconds is None else min(seconds, longest),
            file_size,
        )
        self.queues.add(work)
        self._dispatch()
        if self._ticking is None:
            self._ticking = self.loop.call_later(TICK, self._tick)
        return work.reply

    # -------------------------------------------------------------- who does what

    def _dispatch(self) -> None:
        """Give requests to children as far as there are places."""
        queues = self.queues
        if self._closed or not queues:
            return
        current = self.snapshots.current
        if current is None or current[0] != self._store.generation:
            if not self._refreshing:
                self._refreshing = True
                self._spawn(self._refresh())
            return
        self._retire(current[0])
        if self._quick:
            self._hand_out()
        if (queues.known or queues.unknown) and len(self._quick) + self._starting["quick"] < self.settings.readers:
            self._start("quick", None, self._add_quick)
        if queues.patience or queues.last:
            while work := queues.next_patient(self._room("patient", self._patient), self.loop.time()):
                self._start_for(work, "patient", self._patient)
        while queues.changes and self._room("changing", self._changing):
            self._start_for(queues.changes.popleft(), "changing", self._changing)

    def _room(self, lane: str, children: list[Child]) -> int:
        return self.settings.readers - len(children) - self._starting[lane]

    def _start_for(self, work: Work, lane: str, children: list[Child]) -> None:
        if not work.reply.done():
            self._start(lane, work, partial(self._give, work, children))

    def _hand_out(self) -> None:
        known = self.queues.known
        children = self._try_unknown() if self.queues.unknown else self._quick
        while known and children:
            child = min(children, key=_load)
            if _load(child) >= AHEAD:
                break
            work = known.popleft()
            if not work.reply.done():
                child.ask(work)

    def _try_unknown(self) -> list[Child]:
        """Give texts of unknown shapes to idle children, one to each, and leave one child; return what may be given
        others. Where others keep all busy, one child is let run empty."""
        left = [child for child in self._quick if not child.trying]
        while len(left) > 1:
            child = min(left, key=_load)
            if child.works:
                if len(left) == len(self._quick):
                    left.remove(child)
                break
            work = self.queues.next_unknown()
            if work is None:
                break
            if not work.reply.done():
                child.trying, child.computed_before = True, child.computed()
                child.ask(work)
                left.remove(child)
        return left

    def _add_quick(self, child: Child) -> None:
        self._quick.append(child)
        self._cold = False
        self._dispatch()

    def _give(self, work: Work, children: list[Child], child: Child) -> None:
        """Let a new child answer this one request."""
        if work.reply.done():
            self.nursery.kill(child)
            self._dispatch()
            return
        children.append(child)
        if children is self._patient:
            child.be_patient()
            self.queues.press(self.loop.time())
        child.ask(work)

    def _start(self, lane: str, work: Work | None, use: Callable[[Child], None]) -> None:
        self._starting[lane] += 1
        self._spawn(self._started(lane, work, use))

    async def _started(self, lane: str, work: Work | None, use: Callable[[Child], None]) -> None:
        """Start a child, for one request or for many. A commit may take its snapshot away before it is open, and then
        the next one is tried. One that does not open twice is made anew, once."""
        began = self.loop.time()
        failed: Counter[Path] = Counter()
        file_size = work.file_size or 0 if work else 0
        try:
            while True:
                generation, path = await self.snapshots.latest()
                try:
                    child = await self.nursery.start(path, generation, file_size)
                    break
                except StorageError:
                    failed[path] += 1
                    if self._closed or sum(times > 1 for times in failed.values()) > 1:
                        raise
                    if failed[path] > 1:
                        self.snapshots.distrust(path)
        except KGraphError as error:
            if work is not None:
                work.fail(error)
            self._fail_all(error)
            return
        finally:
            self._starting[lane] -= 1
        child.on_reply, child.on_gone = self._replied, self._gone
        if work is not None:
            work.until += self.loop.time() - began
        elif self._cold:  # those who wait had nobody else to wait for
            self._forgive((*self.queues.known, *self.queues.unknown), self.loop.time() - began)
        if self._closed:
            self.nursery.kill(child)
        else:
            use(child)

    async def _refresh(self) -> None:
        """Take a snapshot of the store's generation."""
        began = self.loop.time()
        try:
            await self.snapshots.latest()
        except KGraphError as error:
            self._fail_all(error)
            return
        finally:
            self._refreshing = False
        self._cold = True
        self._forgive((work for queue in self.queues.all() for work in queue), self.loop.time() - began)
        self._dispatch()

    def _retire(self, generation: int) -> None:
        """Children of earlier generations are given nothing more, and end when they have answered."""
        for child in [one for one in self._quick if one.generation != generation]:
            self._quick.remove(child)
            if child.works:
                self._retiring.append(child)
            else:
                child.let_go()

    def _spawn(self, doing: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(doing)
        self._tasks.add(task)  # the loop alone would not keep it
        task.add_done_callback(self._tasks.discard)

    # -------------------------------------------------------------- what children do

    def _replied(self, child: Child, work: Work, message: frames.Message, took: float) -> None:
        if not work.reply.done():
            header, body = message
            generation = header.get("generation", child.generation)
            work.reply.set_result(Reply(header["status"], header.get("message", ""), body, generation))
        if work.file_size is None:
            self._learn(child, work, took)
        if child in self._patient or child in self._changing:
            self._forget(child)  # what stood behind its request is still before it, and is asked elsewhere
            self.nursery.kill(child)
        elif child in self._retiring and not child.works:
            self._retiring.remove(child)
            child.let_go()
        self._dispatch()

    def _learn(self, child: Child, work: Work, took: float) -> None:
        child.trying = False
        if child not in self._patient:
            self.queues.shapes.learn(work.shape, QUICK)
            return
        quick = took < PATIENCE  # all others went first
        self.queues.shapes.learn(work.shape, QUICK if quick else LONG)
        self.queues.remember(work, long=not quick)

    def _gone(self, child: Child) -> None:
        self._forget(child)
        if child.works:
            self.killed["died"] += 1
            head, *behind = child.works
            if head.file_size is None:
                self.queues.shapes.learn(head.shape, LONG)
            self.queues.known.extendleft(reversed(behind))
            self._spawn(self._tell_cause(child, head))
        self._dispatch()

    async def _tell_cause(self, child: Child, work: Work) -> None:
        memory = f"{self.settings.query_memory:,} bytes"
        cause = await self.nursery.cause_of(child)
        log.warning("child %d died: %s", child.pid, cause)
        detail = f"the process that evaluated the query died ({cause}): it is too deep, or needs more than {memory}"
        work.fail(LimitError("query_memory", memory, detail))

    def _forget(self, child: Child) -> None:
        for lane in (self._quick, self._retiring, self._patient, self._changing):
            if child in lane:
                lane.remove(child)

    # -------------------------------------------------------------- what takes too long

    def _tick(self) -> None:
        now = self.loop.time()
        known = _quantum(len(self.queues.known), self.settings.readers, *self._quanta)
        quanta = known, _quantum(len(self.queues.unknown), 1, *self._quanta)
        for child in [*self._quick, *self._retiring]:
            quantum = quanta[child.trying]
            if child.works and now - child.began >= quantum:
                child.look()  # this loop may have been away itself, and the reply is there
                late = child.works and now - child.began >= quantum
                if late and (self._distant or not _hindered(child, now, quantum)):
                    self._overran_quantum(child, now)
        for child in [*self._patient, *self._changing]:
            child.look()
            if not child.works:
                continue
            work = child.works[0]
            if work.reply.done():
                self._kill(child, "left")
            elif now >= work.until:
                self._kill(child, "deadline")
                if work.file_size is None:
                    self._learn_end(child, work, now)
                work.fail(_too_late(work, child.began - work.asked))
        for queue in self._counted():
            for work in [one for one in queue if now >= one.until or one.reply.done()]:
                queue.remove(work)
                detail = f"all {self.settings.readers} readers stayed busy for {round(work.allowed, 2):g} s; try again"
                work.fail(LimitError("readers", str(self.settings.readers), detail))
        self._dispatch()
        busy = self.queues or self.busy or any(self._starting.values())
        self._ticking = self.loop.call_later(TICK, self._tick) if busy and not self._closed else None

    def _learn_end(self, child: Child, work: Work, now: float) -> None:
        """A text whose time has passed. One that had little of it may have an end."""
        self.queues.shapes.learn(work.shape, ENDLESS if now - child.began >= work.allowed / 2 else LONG)

    def _counted(self) -> tuple[deque[Work], ...]:
        """The queues whose time passes: not while those in them wait for a snapshot, or for the first child."""
        if self._refreshing:
            return ()
        queues = self.queues
        first = self._cold and self._starting["quick"]
        return (queues.patience, queues.last, queues.changes) if first else queues.all()

    def _overran_quantum(self, child: Child, now: float) -> None:
        head, *behind = child.works
        child.works.clear()
        queues = self.queues
        queues.known.extendleft(reversed(behind))
        queues.shapes.learn(head.shape, LONG)
        queues.remember(head, long=True)
        queues.press(now)
        if head.reply.done():
            self._kill(child, "left")
        elif now >= head.until:
            self._kill(child, "deadline")
            head.fail(_too_late(head, child.began - head.asked))
        elif queues.has_room(self._room("patient", self._patient), last=queues.shapes.endless(head.shape)):
            self._forget(child)
            child.works.append(head)
            child.be_patient()
            self._patient.append(child)
        else:
            self._kill(child, "lane")
            queues.be_patient(head)

    def _kill(self, child: Child, reason: str) -> None:
        self.killed[reason] += 1
        log.info("child %d killed: %s", child.pid, reason)
        self._forget(child)
        self.nursery.kill(child)

    def _forgive(self, works: Iterable[Work], seconds: float) -> None:
        """What the service itself needed is not counted."""
        for work in works:
            work.until += seconds

    def _fail_all(self, error: Exception) -> None:
        for queue in self.queues.all():
            for work in queue:
                work.fail(error)
            queue.clear()

    # -------------------------------------------------------------- the end

    @property
    def busy(self) -> int:
        """How many children evaluate something."""
        return sum(bool(child.works) for child in self._children())

    @property
    def load(self) -> SparqlLoad:
        """What it is at."""
        known, unknown, patience, last, changes = map(len, self.queues.all())
        waiting = {"quick": known + unknown, "patient": patience + last, "changing": changes}
        return SparqlLoad(self.nursery.alive, self.busy, waiting, dict(self.killed))

    def _children(self) -> list[Child]:
        return [*self._quick, *self._retiring, *self._patient, *self._changing]

    async def close(self) -> None:
        """Kill every child and remove the snapshots; closing twice does no harm."""
        self.end()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def end(self) -> None:
        """The same, also after the end of the event loop."""
        self._closed = True
        children = self._children()
        with contextlib.suppress(RuntimeError):  # nobody waits on a loop that is closed
            self._fail_all(StorageError("the graph is closed"))
            for child in children:
                for work in child.works:
                    work.fail(StorageError("the graph is closed"))
                child.let_go()
        for lane in (self._quick, self._retiring, self._patient, self._changing):
            lane.clear()
        self.nursery.close()
        shutil.rmtree(self.snapshots.home, ignore_errors=True)


def _load(child: Child) -> int:
    return len(child.works) + AHEAD * child.trying


def _hindered(child: Child, now: float, quantum: float) -> bool:
    """Whether a child with a text of an unknown shape was kept from computing by others for most of its quantum."""
    held_up = child.trying and now - child.began < PATIENCE
    return held_up and child.computed() - child.computed_before < quantum / 2


def _quantum(waiting: int, readers: int, most: float, least: float) -> float:
    """Seconds for one text, where so many wait for so many children."""
    ahead = AHEAD * readers
    return max(most * ahead / max(ahead, waiting), least)


def _too_late(work: Work, waited: float) -> LimitError:
    queued = f", of which it waited {waited:.1f} s for a reader" if waited >= 0.1 else ""
    allowed = f"{round(work.allowed, 2):g} s"
    return LimitError("query_timeout", allowed, f"the query took longer than {allowed}{queued}")
