"""The children there are, lane by lane: how they come, on a snapshot of one generation each, and how they go.

One is started where somebody is to be answered. It goes when its snapshot is old and it has answered, when it has
answered the one request that it was made for, when it is killed, or by itself: when it dies. What the service itself
needs to get ready for the first time is not counted against those who wait: a snapshot, a child, the process that
starts children. Of what it needs later (a child more, a snapshot after a commit) no more than `FORGIVEN` is not.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

from kgraph.errors import KGraphError, LimitError, StorageError
from kgraph.settings import Settings
from kgraph.sparql import frames
from kgraph.sparql.children import Child, Nursery
from kgraph.sparql.queues import Queues
from kgraph.sparql.snapshots import Snapshots, Snapshotted
from kgraph.sparql.work import Work

log = logging.getLogger(__name__)


FORGIVEN = 0.3
"""So many seconds at most are not counted against a request, however many children and snapshots it waits for."""


class Lane(list[Child]):
    """Children of one kind."""

    starting = 0
    """So many more are on their way."""


class Lanes:
    """`settings.readers` quick children, as many patient ones, and as many that work out changes.

    What they answer, that they are gone and that there may be more to do is told to whoever set `on_reply`, `on_gone`
    and `on_change`.
    """

    on_reply: Callable[[Child, Work, frames.Message, float], None]
    on_gone: Callable[[Child], None]
    on_change: Callable[[], None]

    def __init__(self, store: Snapshotted, settings: Settings, queues: Queues, *, distant: bool) -> None:
        self.quick = Lane()
        self.retiring = Lane()
        """Quick ones of earlier generations that have not answered yet."""
        self.patient = Lane()
        self.changing = Lane()
        self.coming: list[Work] = []
        """Requests whose child is being started, where their time passes."""
        self.killed: Counter[str] = Counter()
        self.closed = False
        self.nursery = Nursery(settings.query_memory, distant=distant)
        self.snapshots = Snapshots(store)
        self._store = store
        self._settings = settings
        self._queues = queues
        self._all = (self.quick, self.retiring, self.patient, self.changing)
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._refreshing = False
        self._cold = True  # no child has this generation open yet

    def __iter__(self) -> Iterator[Child]:
        return (child for lane in self._all for child in lane)

    @property
    def busy(self) -> int:
        """How many children evaluate something."""
        return sum(bool(child.works) for child in self)

    @property
    def starting(self) -> bool:
        """Whether any child is on its way."""
        return any(lane.starting for lane in self._all)

    def room(self, lane: Lane) -> int:
        """So many more children a lane may have."""
        return self._settings.readers - len(lane) - lane.starting

    # -------------------------------------------------------------- how they come

    def are_current(self) -> bool:
        """Whether there is a snapshot of the store's generation, which is made otherwise. Children of earlier ones are
        given nothing more, and end when they have answered."""
        current = self.snapshots.current
        if current is None or current[0] != self._store.generation:
            if not self._refreshing:
                self._refreshing = True
                self._spawn(self._refresh())
            return False
        for child in [one for one in self.quick if one.generation != current[0]]:
            self.quick.remove(child)
            if child.works:
                self.retiring.append(child)
            else:
                child.let_go()
        return True

    async def _refresh(self) -> None:
        """Take a snapshot of the store's generation."""
        began, most = self._loop.time(), self._most_forgiven
        try:
            await self.snapshots.latest()
        except KGraphError as error:
            self._queues.fail(error)
            return
        finally:
            self._refreshing = False
        self._cold = True
        for queue in self._queues.all():
            for work in queue:
                work.forgive(self._loop.time() - began, most)
        self.on_change()

    def start(self, lane: Lane, use: Callable[[Child], None], work: Work | None = None) -> None:
        """Let a child come for a lane: for one request, or for many. `use` takes it there."""
        lane.starting += 1
        self._spawn(self._started(lane, use, work))

    async def _started(self, lane: Lane, use: Callable[[Child], None], work: Work | None) -> None:
        """Start a child. A commit may take its snapshot away before it is open, and then the next one is tried. One
        that does not open twice is made anew, once."""
        began, most = self._loop.time(), self._most_forgiven
        failed: Counter[Path] = Counter()
        file_size = work.file_size or 0 if work else 0
        if work is not None:
            self.coming.append(work)
        try:
            while True:
                generation, path = await self.snapshots.latest()
                try:
                    child = await self.nursery.start(path, generation, file_size)
                    break
                except StorageError:
                    failed[path] += 1
                    if self.closed or sum(times > 1 for times in failed.values()) > 1:
                        raise
                    if failed[path] > 1:
                        self.snapshots.distrust(path)
        except KGraphError as error:
            if work is not None:
                work.fail(error)
            self._queues.fail(error)
            return
        finally:
            lane.starting -= 1
            if work is not None:
                self.coming.remove(work)
        child.on_reply, child.on_gone = self.on_reply, self.on_gone
        took = self._loop.time() - began
        if work is not None:
            work.forgive(took, most)
        elif self._cold:  # those who wait had nobody else to wait for
            for one in (*self._queues.known, *self._queues.unknown):
                one.forgive(took, most)
            self._cold = False
        if self.closed:
            self.nursery.kill(child)
        else:
            use(child)

    @property
    def _most_forgiven(self) -> float:
        """Seconds of getting ready that are not counted against a request: without end where it is the first time."""
        return FORGIVEN if self.nursery.has_started else math.inf

    def until(self, work: Work) -> float:
        """When the time of somebody who waits has passed: later where that is for what is forgiven."""
        readying = self._refreshing or (self._cold and self.quick.starting) or work in self.coming
        return work.until + (work.forgivable(self._most_forgiven) if readying else 0)

    def _spawn(self, doing: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(doing)
        self._tasks.add(task)  # the loop alone would not keep it
        task.add_done_callback(self._tasks.discard)

    # -------------------------------------------------------------- how they go

    def settle(self, child: Child) -> None:
        """A child that is not quick any more has answered: let it go where nothing is left for it."""
        if child in self.patient or child in self.changing:
            self.forget(child)  # what stood behind its request is still before it, and is asked elsewhere
            self.nursery.kill(child)
        elif child in self.retiring and not child.works:
            self.retiring.remove(child)
            child.let_go()

    def forget(self, child: Child) -> None:
        """It is in no lane any more."""
        for lane in self._all:
            if child in lane:
                lane.remove(child)

    def kill(self, child: Child, reason: str) -> None:
        """End it now; the reason is counted."""
        self.killed[reason] += 1
        log.info("child %d killed: %s", child.pid, reason)
        self.forget(child)
        self.nursery.kill(child)

    def fail_died(self, child: Child, work: Work) -> None:
        """A child died of a request: count it, and tell who asked."""
        self.killed["died"] += 1
        self._spawn(self._tell_cause(child, work))

    async def _tell_cause(self, child: Child, work: Work) -> None:
        memory = f"{self._settings.query_memory:,} bytes"
        cause = await self.nursery.cause_of(child)
        log.warning("child %d died: %s", child.pid, cause)
        detail = f"the process that evaluated the query died ({cause}): it is too deep, or needs more than {memory}"
        work.fail(LimitError("query_memory", memory, detail))

    async def close(self) -> None:
        """Kill every child and remove the snapshots; closing twice does no harm."""
        self.end()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def end(self) -> None:
        """The same, also after the end of the event loop."""
        self.closed = True
        closed = StorageError("the graph is closed")
        with contextlib.suppress(RuntimeError):  # nobody waits on a loop that is closed
            self._queues.fail(closed)
            for child in self:
                for work in child.works:
                    work.fail(closed)
                child.let_go()
        for lane in self._all:
            lane.clear()
        self.nursery.close()
        shutil.rmtree(self.snapshots.home, ignore_errors=True)
