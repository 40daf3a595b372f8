"""The process that starts the children that evaluate SPARQL, each in a few milliseconds.

It has imported what an answer needs, opens no store and evaluates nothing, so that it may fork at any time; a child
opens its snapshot after that. It ends with the service, and its children end with it.

Who has ended is seen and told here, and buried in a thread that does nothing else: where somebody has looked at the
child's /proc, burying waits in the kernel for the child's last steps, and those of a child that let all others go first
take seconds on a busy machine. Starting others must not wait for that.

Run as `python -m kgraph.sparql.nursery CONTROL LIFELINE [distant]`, it takes and sends datagrams of JSON on CONTROL:

    {"start": number, "path", "memory", "file_size"} and a socket → {"started": number, "pid"}; the child then says
                                                     {"ready": its thread's id} on that socket, and serves it
    {"kill": pid}
                                                  → {"ended": pid, "cause": "SIGKILL"}

`distant` is said where another server keeps the graph: its client is imported beforehand, too.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import selectors
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from queue import SimpleQueue
from typing import Any, NoReturn

from kgraph.sparql import frames, worker

STACK = 256 * 2**20
SMALL_STACK = 256 * 2**10
LONGEST = 8192
"""Most bytes of a datagram."""
_PR_SET_PDEATHSIG = 1


def main(control: socket.socket, lifeline: int, *, distant: bool = False) -> None:
    """Start and kill children as told; returns only where the other side of `control` is gone."""
    end_with(lifeline)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    woken, wakes = socket.socketpair()
    woken.setblocking(False)
    wakes.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    worker.warm(distant=distant)
    children: set[int] = set()
    dead: SimpleQueue[int] = SimpleQueue()
    threading.stack_size(SMALL_STACK)  # its room is part of each child's memory
    threading.Thread(target=_bury, args=(dead,), daemon=True).start()
    threading.stack_size(0)
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if woken in ready:
                with contextlib.suppress(BlockingIOError):
                    woken.recv(4096)
                _tell_ended(control, children, dead)
            if control in ready:
                data, descriptors, _, _ = socket.recv_fds(control, LONGEST, 1)
                _do(control, json.loads(data), descriptors, children)


def _do(control: socket.socket, told: Mapping[str, Any], descriptors: list[int], children: set[int]) -> None:
    if "kill" in told:
        if told["kill"] in children:  # not buried yet, so the number is still its own
            os.kill(told["kill"], signal.SIGKILL)
        return
    pid = os.fork()
    if pid == 0:
        _child(control, descriptors[0], told)
    os.close(descriptors[0])
    children.add(pid)
    control.send(json.dumps({"started": told["start"], "pid": pid}).encode())


def _tell_ended(control: socket.socket, children: set[int], dead: SimpleQueue[int]) -> None:
    """Tell who has ended, and have them buried. Their numbers stay their own until then."""
    for pid in list(children):
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is not None:
            children.discard(pid)
            cause = "it ended" if ended.si_code == os.CLD_EXITED else signal.Signals(ended.si_status).name
            control.send(json.dumps({"ended": pid, "cause": cause}).encode())
            dead.put(pid)


def _bury(dead: SimpleQueue[int]) -> NoReturn:
    while True:
        os.waitpid(dead.get(), 0)


def _child(control: socket.socket, descriptor: int, told: Mapping[str, Any]) -> NoReturn:
    """What the new process does: open the snapshot, answer until the other side is gone, end."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        _end_with_parent()
        resource.setrlimit(resource.RLIMIT_AS, (told["memory"], told["memory"]))
        connection = socket.socket(fileno=descriptor)
        store = worker.open_snapshot(told["path"])
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, told["file_size"]))
        threading.stack_size(STACK)
        thread = threading.Thread(target=_serve, args=(connection, store))
        thread.start()
        threading.stack_size(0)  # others need no such stack: it counts as memory
        thread.join()
    finally:
        os._exit(0)


def _serve(connection: socket.socket, store: Any) -> None:
    frames.send(connection, {"ready": threading.get_native_id()})
    worker.serve(connection, store)


def _end_with_parent() -> None:
    """End this process when the nursery does. Its first thread starts all, and ends when it does.

    Elsewhere than on Linux a child ends when it next looks at its socket.
    """
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def end_with(lifeline: int) -> None:
    """End this process, whatever it does, as soon as nobody holds the other end of a pipe.

    The pipe's end raises SIGIO, which ends a process that does not handle it. (A signal at the parent's death
    would come when the thread ends that started this process, and threads of a server come and go.)
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]), distant="distant" in sys.argv[3:])
