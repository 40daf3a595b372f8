"""Children of the service, seen from the service: started, asked, killed. All of it happens on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import math
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kgraph.errors import StorageError
from kgraph.sparql import frames
from kgraph.sparql.nursery import LONGEST
from kgraph.sparql.work import Work

STARTING = 30.0
"""Seconds a child may take to open its snapshot."""
NURSERY = ["-m", "kgraph.sparql.nursery"]
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
"""Each thread of the engine would reserve 128 MB of a child's address space, and its limit end some at opening."""
_ENDING = 1.0
_PATIENT = 19  # the nice value of a process that others go before


class Child:
    """A process that evaluates requests of one generation, one after the other."""

    def __init__(self, connection: socket.socket, generation: int, loop: asyncio.AbstractEventLoop) -> None:
        self.generation = generation
        self.pid = 0
        self.cause = ""
        self.ended = asyncio.Event()
        self.works: deque[Work] = deque()
        """What it was asked and has not answered; the first is being evaluated."""
        self.began = 0.0
        """When it began with the first (time of the event loop)."""
        self.trying = False
        """Whether it evaluates a text of a shape that nobody knows."""
        self.computed_before = 0.0
        """Seconds of processor time that it had used when it began with that."""
        self.born: asyncio.Future[Mapping[str, Any]] = loop.create_future()
        self.on_reply: Callable[[Child, Work, frames.Message, float], None]
        self.on_gone: Callable[[Child], None]
        self._thread = 0
        self._connection = connection
        self._reader = frames.Reader()
        self._loop = loop
        self._unsent = b""
        loop.add_reader(connection.fileno(), self.look)

    def ask(self, work: Work) -> None:
        """Send a request."""
        if not self.works:
            self.began = self._loop.time()
        self.works.append(work)
        if self._unsent:
            self._unsent += work.message
            return
        try:
            sent = self._connection.send(work.message)
        except BlockingIOError:
            sent = 0
        except OSError:
            return  # it has ended, and the reading side tells
        if sent < len(work.message):
            self._unsent = work.message[sent:]
            self._loop.add_writer(self._connection.fileno(), self._writable)

    def _writable(self) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            self._unsent = self._unsent[self._connection.send(self._unsent) :]
            if self._unsent:
                return
        self._loop.remove_writer(self._connection.fileno())

    def look(self) -> None:
        """Take what it has answered by now."""
        if self._connection.fileno() < 0:
            return
        try:
            data = self._connection.recv(frames.CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.let_go()
            if self.born.done():
                self.on_gone(self)
            else:
                self.born.set_exception(StorageError("it ended"))
            return
        for message in self._reader.take(data):
            if not self.born.done():
                self._thread = int(message[0]["ready"])
                self.born.set_result(message[0])
            elif self.works:
                work, now = self.works.popleft(), self._loop.time()
                began, self.began = self.began, now
                self.on_reply(self, work, message, now - began)

    def computed(self) -> float:
        """Seconds of processor time it has used; all there is where that is not told."""
        try:  # Linux makes the number of a process's clock from the process's
            return time.clock_gettime((~self.pid << 3) | 2) if self.pid and sys.platform == "linux" else math.inf
        except OSError:
            return math.inf

    def be_patient(self) -> None:
        """Let all other processes go first from now on."""
        with contextlib.suppress(OSError):  # it has ended
            if sys.platform == "linux":  # a process of this class is interrupted as soon as any other can run
                os.sched_setscheduler(self._thread, os.SCHED_IDLE, os.sched_param(0))
            else:
                os.setpriority(os.PRIO_PROCESS, self._thread, _PATIENT)

    def let_go(self) -> None:
        """Close the connection, at which an idle child ends."""
        number = self._connection.fileno()
        if number >= 0:
            self._loop.remove_reader(number)
            self._loop.remove_writer(number)
            self._connection.close()


class Nursery:
    """The process that starts children (`nursery.py`); started with the first, again where it has ended."""

    def __init__(self, memory: int, *, distant: bool = False) -> None:
        self._memory = memory
        self._distant = distant
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lifeline = -1
        self._loop = asyncio.get_running_loop()
        self._numbers = itertools.count()
        self._unborn: dict[int, Child] = {}
        self._children: dict[int, Child] = {}
        self.has_started = False
        """Whether it has started a child and is there, so that one more comes soon."""

    async def start(self, path: Path, generation: int, file_size: int = 0) -> Child:
        """A child that has opened the snapshot at `path` and may write files of `file_size` bytes.

        Raises StorageError where none comes up.
        """
        if self._process is None or self._process.poll() is not None:
            self._open()
        assert self._control is not None
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        child, number = Child(ours, generation, self._loop), next(self._numbers)
        self._unborn[number] = child
        told = {"start": number, "path": str(path), "memory": self._memory, "file_size": file_size}
        try:
            with theirs:
                socket.send_fds(self._control, [json.dumps(told).encode()], [theirs.fileno()])
            async with asyncio.timeout(STARTING):
                await child.born
        except (StorageError, TimeoutError, OSError) as error:
            self._unborn.pop(number, None)
            self.kill(child)
            cause = await self.cause_of(child)
            raise StorageError(f"no process to evaluate queries could be started ({cause})") from error
        except BaseException:
            self.kill(child)
            raise
        self.has_started = True
        return child

    def _open(self) -> None:
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        watched, self._lifeline = os.pipe()  # the nursery ends when nobody holds the other end any more
        arguments = [sys.executable, "-P", *NURSERY, str(theirs.fileno()), str(watched), *["distant"] * self._distant]
        try:
            self._process = subprocess.Popen(  # noqa: S603
                arguments,
                pass_fds=[theirs.fileno(), watched],
                env={**os.environ, **_ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            ours.close()
            os.close(self._lifeline)
            self._lifeline = -1
            raise StorageError(f"no process to evaluate queries could be started ({error.strerror})") from error
        finally:
            theirs.close()
            os.close(watched)
        ours.setblocking(False)
        self._control = ours
        self._loop.add_reader(ours.fileno(), self._hear, ours)

    def _hear(self, control: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                told = json.loads(control.recv(LONGEST))
                if "started" in told:
                    child = self._unborn.pop(told["started"], None)
                    if child is not None:
                        child.pid = told["pid"]
                        self._children[child.pid] = child
                elif (child := self._children.pop(told["ended"], None)) is not None:
                    child.cause = child.cause or told["cause"]
                    child.ended.set()

    def kill(self, child: Child) -> None:
        """Kill a child; it ends soon."""
        child.let_go()
        if child.pid and not child.ended.is_set() and self._control is not None:
            with contextlib.suppress(OSError):
                self._control.send(json.dumps({"kill": child.pid}).encode())

    async def cause_of(self, child: Child) -> str:
        """What a child that is gone has died of."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDING):
                await child.ended.wait()
        return child.cause or "it ended"

    @property
    def alive(self) -> int:
        """How many children there are."""
        return len(self._children)

    @property
    def pids(self) -> list[int]:
        """Their process ids, oldest first."""
        return list(self._children)

    def close(self) -> None:
        """End the nursery and with it every child; closing twice does no harm. On the event loop, or after its end."""
        if self._control is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self._loop.remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self._children.clear()
        self._unborn.clear()
        self.has_started = False
