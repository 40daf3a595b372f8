"""The pool of a graph, wherever it is asked from: on the service's event loop, or from any thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import weakref
from asyncio import AbstractEventLoop
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from kgraph.errors import StorageError
from kgraph.settings import Settings
from kgraph.sparql.pool import Pool
from kgraph.sparql.snapshots import Snapshotted
from kgraph.sparql.work import Reply

_ENDING = 5.0
Answer = TypeVar("Answer")


class Readers:
    """One pool, on the event loop that asked first; where none is running, on one in a thread of its own.

    A second pool would take the snapshots of the first away: who asks on another loop has it done there.
    """

    def __init__(self, store: Snapshotted, settings: Settings, *, distant: bool = False) -> None:
        self._store = store
        self._settings = settings
        self._distant = distant
        self._lock = threading.Lock()
        self._closed = False
        self._held: list[Pool] = []
        # Whoever forgets to close a graph leaves no process, no thread and no file behind.
        self._finish = weakref.finalize(self, _end, self._held)

    @property
    def pool(self) -> Pool | None:
        """The pool, once anything was asked."""
        return self._held[0] if self._held else None

    async def bind(self) -> None:
        """Evaluate on the running event loop from now on, where nothing was asked yet."""
        with self._lock:
            if self._usable() is None:
                self._keep(Pool(self._store, self._settings, distant=self._distant))

    async def answer(self, header: bytes, body: bytes, seconds: float | None = None) -> Reply:
        """As `Pool.ask`, which see."""
        loop = asyncio.get_running_loop()
        pool = self.pool
        if pool is None or pool.loop is not loop:
            with self._lock:
                pool = self._usable() or self._keep(Pool(self._store, self._settings, distant=self._distant))
        asked = pool.ask(header, body, seconds)
        return await (asked if pool.loop is loop else asyncio.wrap_future(_there(pool, asked)))

    def begin(self, header: bytes, body: bytes) -> asyncio.Future[Reply] | None:
        """The same without waiting, for who is on the pool's own event loop; None for anybody else."""
        pool = self.pool
        if pool is None or self._closed or pool.loop is not _running():
            return None
        return pool.begin(header, body)

    def ask(self, header: bytes, body: bytes, seconds: float | None = None, file_size: int | None = None) -> Reply:
        """The same, waiting. Not for the pool's own event loop, which could not go on meanwhile."""
        with self._lock:
            pool = self._usable() or self._keep(_in_a_thread(self._store, self._settings, distant=self._distant))
        return _there(pool, pool.ask(header, body, seconds, file_size)).result()

    def _usable(self) -> Pool | None:
        if self._closed:
            raise StorageError("the graph is closed")
        if self._held and self._held[0].loop.is_closed():
            self._held.pop().end()
        return self.pool

    def _keep(self, pool: Pool) -> Pool:
        self._held.append(pool)
        return pool

    def close(self) -> None:
        """End the children; nothing is answered afterwards. Closing twice does no harm."""
        with self._lock:
            self._closed = True
        self._finish()


def _there(pool: Pool, asked: Coroutine[Any, Any, Answer]) -> Future[Answer]:
    return asyncio.run_coroutine_threadsafe(asked, pool.loop)


def _in_a_thread(store: Snapshotted, settings: Settings, *, distant: bool) -> Pool:
    """A pool on an event loop of its own. The thread holds the loop and nothing else."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=_run, args=(loop,), name="kgraph-sparql", daemon=True).start()

    async def made() -> Pool:
        return Pool(store, settings, distant=distant, owns_loop=True)

    try:
        return asyncio.run_coroutine_threadsafe(made(), loop).result()
    except BaseException:
        loop.call_soon_threadsafe(loop.stop)
        raise


def _run(loop: AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


def _end(held: list[Pool]) -> None:
    """End the pools, on their own loops where these run."""
    for pool in held:
        if not pool.loop.is_running() or pool.loop is _running():
            pool.end()
        else:
            with contextlib.suppress(TimeoutError, RuntimeError):  # the loop ends at the same time
                _there(pool, pool.close()).result(_ENDING)
            if pool.owns_loop:
                pool.loop.call_soon_threadsafe(pool.loop.stop)
    held.clear()


def _running() -> AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
