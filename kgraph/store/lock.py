"""One process holds a data folder; the others are told which, and where to ask instead."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

from kgraph.errors import FolderBusyError
from kgraph.store import files


class FolderLock:
    """An advisory lock on `lock`, with `holder.json` beside it for people. It ends with the process, however that ends.

    A holder file that a dead process left behind is no obstacle: only the lock counts.
    """

    def __init__(self, folder: Path, holder: str) -> None:
        self._folder = folder
        self._holder = holder
        self._descriptor: int | None = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.announce(None)
        except BlockingIOError as error:
            os.close(self._descriptor)
            raise FolderBusyError(_who(folder)) from error
        except OSError:
            os.close(self._descriptor)
            raise

    def announce(self, address: str | None) -> None:
        """Say at which address the holder can be asked."""
        content = {"pid": os.getpid(), "command": self._holder, "address": address}
        files.replace(self._folder / "holder.json", f"{json.dumps(content)}\n".encode())

    def release(self) -> None:
        """Let others in; releasing twice does no harm."""
        if self._descriptor is not None:
            (self._folder / "holder.json").unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None


def _who(folder: Path) -> str:
    holder = _holder(folder)
    if holder is None:
        return f"the folder {folder} is held by another process: wait for it to end"
    pid, command, address = holder
    who = f"the folder {folder} is held by `{command}` (process {pid})"
    return f"{who} at {address}: ask it with --url {address}" if address else f"{who}: wait for it to end"


def writer(folder: Path) -> tuple[str, str | None]:
    """Who writes to a folder that is only followed here: in words without the folder's place, and at which address.

    What a process left that was killed may be told: nobody but the holder knows.
    """
    holder = _holder(folder)
    if holder is None:
        return "nobody writes to it now; whoever opens its folder without --follow does", None
    _, command, address = holder
    return f"`{command}`{f' at {address}' if address else ''} writes to it", address


def _holder(folder: Path) -> tuple[int, str, str | None] | None:
    try:
        holder = json.loads((folder / "holder.json").read_text("utf-8"))
        return holder["pid"], holder["command"], holder["address"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
