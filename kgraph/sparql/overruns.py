"""What takes too long: a text its quantum of the quick lane, a request its deadline, somebody the wait for a place."""

from __future__ import annotations

from kgraph.errors import LimitError
from kgraph.settings import Settings
from kgraph.sparql.children import Child
from kgraph.sparql.lanes import Lanes
from kgraph.sparql.queues import Queues
from kgraph.sparql.shapes import ENDLESS, LONG
from kgraph.sparql.work import Work

QUANTUM, LEAST = 0.05, 0.01
"""Seconds of the quick lane, and the fewest, where many wait: a short query is then soon reached."""
DISTANT_QUANTUM, DISTANT_LEAST = 0.25, 0.05
"""The same where another server evaluates: children wait for it, and a request that is ended was sent in vain."""
PATIENCE = 0.25
"""What was answered in so many seconds while others went first is quick."""
AHEAD = 4
"""So many requests a quick child is given at a time: it then never waits for the service between two."""


class Overruns:
    """Looks for what takes too long, and ends it or lets it go on in the patient lane."""

    def __init__(self, lanes: Lanes, queues: Queues, settings: Settings, *, distant: bool) -> None:
        self._lanes = lanes
        self._queues = queues
        self._readers = settings.readers
        self._distant = distant  # then a child's time is not its processor's
        self._quanta = (DISTANT_QUANTUM, DISTANT_LEAST) if distant else (QUANTUM, LEAST)

    def look(self, now: float) -> None:
        """Look once, at a time of the event loop."""
        self._look_at_quanta(now)
        self._look_at_deadlines(now)
        for work in self._lanes.coming:
            if now >= self._lanes.until(work):  # its child is killed when it comes
                work.fail(_too_late(work, now - work.asked))
        for queue in self._queues.all():
            for work in [one for one in queue if now >= self._lanes.until(one) or one.reply.done()]:
                queue.remove(work)
                detail = f"all {self._readers} readers stayed busy for {round(work.allowed, 2):g} s; try again"
                work.fail(LimitError("readers", str(self._readers), detail))

    def _look_at_quanta(self, now: float) -> None:
        known = _quantum(len(self._queues.known), self._readers, *self._quanta)
        quanta = known, _quantum(len(self._queues.unknown), 1, *self._quanta)
        for child in [*self._lanes.quick, *self._lanes.retiring]:
            quantum = quanta[child.trying]
            if child.works and now - child.began >= quantum:
                child.look()  # this loop may have been away itself, and the reply is there
                late = child.works and now - child.began >= quantum
                if late and (self._distant or not _hindered(child, now, quantum)):
                    self._overran_quantum(child, now)

    def _look_at_deadlines(self, now: float) -> None:
        lanes = self._lanes
        for child in [*lanes.patient, *lanes.changing]:
            child.look()
            if not child.works:
                continue
            work = child.works[0]
            if work.reply.done():
                lanes.kill(child, "left")
            elif now >= work.until:
                lanes.kill(child, "deadline")
                if work.file_size is None:
                    self._learn_end(child, work, now)
                work.fail(_too_late(work, child.began - work.asked))

    def _learn_end(self, child: Child, work: Work, now: float) -> None:
        """A text whose time has passed. One that had little of it may have an end."""
        self._queues.shapes.learn(work.shape, ENDLESS if now - child.began >= work.allowed / 2 else LONG)

    def _overran_quantum(self, child: Child, now: float) -> None:
        head, *behind = child.works
        child.works.clear()
        lanes, queues = self._lanes, self._queues
        queues.known.extendleft(reversed(behind))
        queues.shapes.learn(head.shape, LONG)
        queues.remember(head, long=True)
        queues.press(now)
        if head.reply.done():
            lanes.kill(child, "left")
        elif now >= head.until:
            lanes.kill(child, "deadline")
            head.fail(_too_late(head, child.began - head.asked))
        elif queues.has_room(lanes.room(lanes.patient), last=queues.shapes.endless(head.shape)):
            lanes.forget(child)
            child.works.append(head)
            child.be_patient()
            lanes.patient.append(child)
        else:
            lanes.kill(child, "lane")
            queues.be_patient(head)


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
