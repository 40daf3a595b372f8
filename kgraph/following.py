"""Follows a graph that another process writes: looks for new commits, and publishes their generations."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Final

from kgraph.errors import KGraphError
from kgraph.generations import Generations
from kgraph.model import Following
from kgraph.store.followedfolder import FollowedFolder

EVERY: Final = 0.1
"""Seconds between two looks: one reading of a small file."""
PATIENCE: Final = 2.0
"""Seconds that a question with `min_generation` waits for it here."""
_SLOWEST: Final = 5.0


class Follower:
    """A thread that keeps generations up with a folder, until `close`."""

    def __init__(self, folder: FollowedFolder, generations: Generations) -> None:
        self._folder, self._generations = folder, generations
        self._ended = threading.Event()
        self._looked = time.monotonic()
        self._trouble = ""
        generations.patience = PATIENCE
        self._thread = threading.Thread(target=self._run, name="kgraph-follower", daemon=True)
        self._thread.start()

    @property
    def state(self) -> Following:
        """How far it is. Raises nothing."""
        acknowledged = self._folder.generation
        return Following(
            writer=self._folder.writer,
            acknowledged=acknowledged,
            lag=acknowledged - self._generations.current.generation,
            looked=round(time.monotonic() - self._looked, 1),
        )

    def _run(self) -> None:
        wait = EVERY
        while not self._ended.wait(wait):
            try:
                self._look()
                self._trouble, wait = "", EVERY
            except KGraphError as error:
                if self._trouble != error.detail:
                    self._folder.notices.append(f"following: {error.detail}")
                self._trouble, wait = error.detail, min(2 * wait, _SLOWEST)

    def _look(self) -> None:
        """Publish what is new. Raises StorageError."""
        self._folder.refresh()
        at = self._generations.current.generation
        new = list(self._folder.journal.commits(after=at))
        if any(commit.redacts for commit in new):  # what is held of earlier generations says what was erased
            self._generations.renew()
        elif new:
            self._generations.publish()
        self._looked = time.monotonic()

    def close(self) -> None:
        """End the thread; closing twice does no harm."""
        self._ended.set()
        if self._thread is not threading.current_thread():
            with contextlib.suppress(RuntimeError):
                self._thread.join(timeout=10)
