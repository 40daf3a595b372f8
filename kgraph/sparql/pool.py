"""Who gets which request: children that can be killed answer, a few at a time.

The engine can neither be timed out nor trusted to survive: whatever a query does, it does it to a child, and a child
that overruns is killed (`overruns.py`). Two lanes keep short queries apart from long ones (`lanes.py`). Every text
begins in the quick one, whose children have a few requests before them at any time. What is not answered within
`QUANTUM` goes on in the patient lane, whose processes let all others go first and answer one request each; where that
is full, its child is killed and it waits for a place there, to begin again. A text that went that way is remembered and
starts there the next time. So a runaway query costs the quick lane a quantum, once. What stood behind it is asked
again. Where they come as a flood of ever new texts, their shapes tell who goes first (`queues.py`), and a child at
least is kept for quick ones.

All of it happens on one event loop.
"""

from __future__ import annotations

import asyncio
from functools import partial

from kgraph.errors import StorageError
from kgraph.model import SparqlLoad
from kgraph.settings import Settings
from kgraph.sparql import frames
from kgraph.sparql.children import Child
from kgraph.sparql.lanes import Lane, Lanes
from kgraph.sparql.overruns import AHEAD, PATIENCE, Overruns
from kgraph.sparql.queues import Queues
from kgraph.sparql.shapes import LONG, QUICK
from kgraph.sparql.snapshots import Snapshotted
from kgraph.sparql.work import Reply, Work

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
        self.queues = Queues(settings.readers)
        self.lanes = Lanes(store, settings, self.queues, distant=distant)
        self.lanes.on_reply, self.lanes.on_gone, self.lanes.on_change = self._replied, self._gone, self._dispatch
        self.killed = self.lanes.killed
        """Children killed, by reason: `deadline`, `lane` (to begin again in the patient one), `died`, `left`."""
        self.nursery = self.lanes.nursery
        self.snapshots = self.lanes.snapshots
        self._overruns = Overruns(self.lanes, self.queues, settings, distant=distant)
        self._quick = self.lanes.quick
        self._patient = self.lanes.patient
        self._changing = self.lanes.changing
        self._ticking: asyncio.TimerHandle | None = None

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
        if self.lanes.closed:
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
        queues, lanes = self.queues, self.lanes
        if lanes.closed or not queues or not lanes.are_current():
            return
        if self._quick:
            self._hand_out()
        if (queues.known or queues.unknown) and lanes.room(self._quick) > 0:
            lanes.start(self._quick, self._add_quick)
        if queues.patience or queues.last:
            while work := queues.next_patient(lanes.room(self._patient), self.loop.time()):
                self._start_for(work, self._patient)
        while queues.changes and lanes.room(self._changing):
            self._start_for(queues.changes.popleft(), self._changing)

    def _start_for(self, work: Work, lane: Lane) -> None:
        if not work.reply.done():
            self.lanes.start(lane, partial(self._give, work, lane), work)

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
        self._dispatch()

    def _give(self, work: Work, lane: Lane, child: Child) -> None:
        """Let a new child answer this one request."""
        if work.reply.done():
            self.nursery.kill(child)
            self._dispatch()
            return
        lane.append(child)
        if lane is self._patient:
            child.be_patient()
            self.queues.press(self.loop.time())
        child.ask(work)

    # -------------------------------------------------------------- what children do

    def _replied(self, child: Child, work: Work, message: frames.Message, took: float) -> None:
        if not work.reply.done():
            header, body = message
            generation = header.get("generation", child.generation)
            work.reply.set_result(Reply(header["status"], header.get("message", ""), body, generation))
        if work.file_size is None:
            self._learn(child, work, took)
        if child not in self._quick:
            self.lanes.settle(child)
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
        self.lanes.forget(child)
        if child.works:
            head, *behind = child.works
            if head.file_size is None:
                self.queues.shapes.learn(head.shape, LONG)
            self.queues.known.extendleft(reversed(behind))
            self.lanes.fail_died(child, head)
        self._dispatch()

    def _tick(self) -> None:
        self._overruns.look(self.loop.time())
        self._dispatch()
        lanes = self.lanes
        busy = self.queues or lanes.busy or lanes.starting
        self._ticking = self.loop.call_later(TICK, self._tick) if busy and not lanes.closed else None

    # -------------------------------------------------------------- how it stands, and its end

    @property
    def busy(self) -> int:
        """How many children evaluate something."""
        return self.lanes.busy

    @property
    def load(self) -> SparqlLoad:
        """What it is at."""
        known, unknown, patience, last, changes = map(len, self.queues.all())
        waiting = {"quick": known + unknown, "patient": patience + last, "changing": changes}
        return SparqlLoad(self.nursery.alive, self.busy, waiting, dict(self.killed))

    async def close(self) -> None:
        """Kill every child and remove the snapshots; closing twice does no harm."""
        await self.lanes.close()

    def end(self) -> None:
        """The same, also after the end of the event loop."""
        self.lanes.end()


def _load(child: Child) -> int:
    return len(child.works) + AHEAD * child.trying
