"""Who waits for a child, and who goes first.

Where all is calm, first come, first served. For some seconds after a text overran its quantum it is otherwise: texts of
a shape that was quick lately go first (`known`), those of a shape nobody knows come after them and have a child to
themselves (`unknown`), those of a shape that was not quick begin in the patient lane. There, texts of a shape that had
no end in time go last, and so does what has waited for half of its time: it would take a place from one who can use it.
"""

from __future__ import annotations

from collections import OrderedDict, deque

from kgraph.sparql.shapes import REMEMBERED, Shapes
from kgraph.sparql.work import Work

CALM = 10.0
"""Seconds without anything that overruns, after which all is calm."""


class Queues:
    """The requests that no child has yet."""

    def __init__(self, readers: int) -> None:
        self.shapes = Shapes()
        self.known: deque[Work] = deque()
        """For the quick lane; all that is for it, where there is but one child or all is calm."""
        self.unknown: deque[Work] = deque()
        """For the quick lane, of shapes that nobody knows."""
        self.patience: deque[Work] = deque()
        """For the patient lane."""
        self.last: deque[Work] = deque()
        """For the patient lane, if nobody else is; the newest has most of its time left, and goes first."""
        self.changes: deque[Work] = deque()
        """Updates: each has a child of its own, waits behind no long query, and lets nobody go first."""
        self._readers = readers
        self._long: OrderedDict[int, None] = OrderedDict()
        self._calm_at = 0.0
        self._fewest = False

    def __bool__(self) -> bool:
        return bool(self.known or self.unknown or self.patience or self.last or self.changes)

    def add(self, work: Work) -> None:
        """Let a request wait."""
        if work.file_size is not None:
            self.changes.append(work)
        elif work.key in self._long:
            self.be_patient(work)
        elif work.asked >= self._calm_at:
            self.known.append(work)
        else:
            self._sort(work)

    def _sort(self, work: Work) -> None:
        if self.shapes.long(work.shape):
            self.be_patient(work)
        elif self._readers == 1 or self.shapes.quick(work.shape):
            self.known.append(work)
        else:
            work.variables = work.message.count(b"?") + work.message.count(b"$")
            self.unknown.append(work)

    def be_patient(self, work: Work) -> None:
        """Let it wait for the patient lane."""
        (self.last if self.shapes.endless(work.shape) else self.patience).append(work)

    def press(self, now: float) -> None:
        """Something overruns: be calm no more, for a while."""
        calm, self._calm_at = now >= self._calm_at, now + CALM
        if calm:
            waiting = list(self.known)
            self.known.clear()
            for work in waiting:
                self._sort(work)

    def next_unknown(self) -> Work | None:
        """Who is next of those whose shape nobody knows: in turn the one with the fewest variables and the oldest. What
        has few is mostly quick, and no other is overtaken for ever. Some shapes may be known by now."""
        unknown = self.unknown
        while unknown:
            self._fewest = not self._fewest
            if self._fewest:
                work = min(unknown, key=_variables)
                unknown.remove(work)
            else:
                work = unknown.popleft()
            if not (self.shapes.quick(work.shape) or self.shapes.long(work.shape)):
                return work
            self._sort(work)
        return None

    def remember(self, work: Work, *, long: bool) -> None:
        """Whether this very text is to begin in the patient lane the next time."""
        if not long:
            self._long.pop(work.key, None)
            return
        self._long[work.key] = None
        if len(self._long) > REMEMBERED:
            self._long.popitem(last=False)

    def next_patient(self, room: int, now: float) -> Work | None:
        """Who is to have one of so many places of the patient lane. The last one is kept from who goes last."""
        while self.patience and self.has_room(room, last=False):
            work = self.patience.popleft()
            if not self.patience or work.until - now >= work.allowed / 2:
                return work
            self.last.appendleft(work)
        return self.last.pop() if self.last and self.has_room(room, last=True) else None

    def has_room(self, room: int, *, last: bool) -> bool:
        """Whether so many free places of the patient lane are enough."""
        return room > (last and self._readers > 1)

    def all(self) -> tuple[deque[Work], ...]:
        """Every queue."""
        return self.known, self.unknown, self.patience, self.last, self.changes

    def fail(self, error: Exception) -> None:
        """Tell all who wait, and let nobody wait any more."""
        for queue in self.all():
            for work in queue:
                work.fail(error)
            queue.clear()


def _variables(work: Work) -> int:
    return work.variables
