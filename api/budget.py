"""What a client may ask for within a minute: so many requests, and so many seconds of work on them.

A budget is a bucket that fills up all the time and is full after a minute. Of a client one number is kept: the moment
its bucket is full again (the generic cell rate algorithm, ITU-T I.371). A client that asks for nothing is forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil

from kgraph.errors import LimitError
from kgraph.settings import Settings

WINDOW = 60
"""Seconds in which an empty budget fills up."""
_MOST = 100_000
"""So many clients are told apart at once; beyond, who asked longest ago is forgotten."""
SHARE = 0.2
"""What a small question takes of the budget of requests."""


class BudgetSpentError(LimitError):
    """A client has asked for more than it may within a minute; `Retry-After` says when it may ask again."""

    title = "The budget is spent"

    def __init__(self, budget: Budget, wait: float) -> None:
        again = f"ask again in {ceil(wait)} s"
        super().__init__(budget.setting, f"{budget.quota:g} in {WINDOW} s", f"{budget.refusal}; {again}")
        self.wait = ceil(wait)
        self.policy = budget.name

    def fields(self) -> dict[str, object]:
        return {**super().fields(), "violated-policies": [self.policy]}


class Budget:
    """One budget of each client. Times are seconds of a clock that only goes forward."""

    def __init__(self, name: str, setting: str, quota: float, refusal: str) -> None:
        self.name = name
        self.setting = setting
        self.quota = quota
        self.refusal = refusal
        self._second = WINDOW / quota
        """How long it takes to make up for one that was spent."""
        self._full: OrderedDict[str, float] = OrderedDict()

    def filling(self, client: str, now: float) -> float:
        """Seconds until the client's budget is full again."""
        return max(0.0, self._full.get(client, now) - now)

    def wait(self, client: str, cost: float, now: float) -> float:
        """Seconds until the client can spend so much; not more than 0 where it can at once."""
        return self.filling(client, now) + cost * self._second - WINDOW

    def spend(self, client: str, cost: float, now: float) -> None:
        """Take from a budget, also what it does not hold: work is paid for when it is done."""
        self._full[client] = now + self.filling(client, now) + cost * self._second
        self._full.move_to_end(client)
        first = next(iter(self._full))
        if len(self._full) > _MOST or self._full[first] <= now:
            del self._full[first]

    def left(self, client: str, now: float) -> int:
        """What the client has left, in whole units."""
        return max(0, int((WINDOW - self.filling(client, now)) / self._second))


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budgets that the settings give every client."""

    budgets: tuple[Budget, ...]
    policy: bytes
    """The value of `RateLimit-Policy`."""

    @classmethod
    def of(cls, settings: Settings) -> Budgets:
        """Those that are set: 0 stands for none."""
        given = (
            ("requests", "client_requests", "you have sent more requests than a client may"),
            ("seconds", "client_seconds", "answering you took more time than a client may take"),
        )
        found = tuple(
            Budget(name, setting, getattr(settings, setting), refusal)
            for name, setting, refusal in given
            if getattr(settings, setting)
        )
        policy = ", ".join(f'"{one.name}";q={one.quota:g};w={WINDOW}' for one in found)
        return cls(found, policy.encode())

    def take(self, client: str, cost: float, now: float) -> None:
        """Let a request pass and count it, or raise BudgetSpentError."""
        for budget in self.budgets:
            needed = cost if budget.name == "requests" else 0.0
            if (wait := budget.wait(client, needed, now)) > 0:
                raise BudgetSpentError(budget, wait)
        self._spend("requests", client, cost, now)

    def took(self, client: str, seconds: float, now: float) -> None:
        """Count the time that a request has taken."""
        self._spend("seconds", client, seconds, now)

    def _spend(self, name: str, client: str, cost: float, now: float) -> None:
        for budget in self.budgets:
            if budget.name == name:
                budget.spend(client, cost, now)

    def left(self, client: str, now: float) -> bytes:
        """The value of `RateLimit`: what is left of each, and in how many seconds all of it is there again."""
        told = (f'"{one.name}";r={one.left(client, now)};t={ceil(one.filling(client, now))}' for one in self.budgets)
        return ", ".join(told).encode()
