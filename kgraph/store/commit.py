"""One commit as the journal's log tells it: a line of JSON, chained to the line before by hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Final

from kgraph.errors import DamagedError
from kgraph.store import payload

ORIGIN: Final = "0" * 64
"""What the first commit follows."""
_OPTIONAL: Final = frozenset({"table", "redacts"})


@dataclass(frozen=True, slots=True)
class Commit:
    """One line of the log. `added` and `removed` count quads, `time` is ISO 8601 in UTC; `table` is the SHA-256 of
    the claim table that was loaded, if one was; `redacts` are the commits whose payloads are erased by this one."""

    seq: int
    time: str
    author: str
    message: str
    added: int
    removed: int
    created: tuple[str, ...]
    dropped: tuple[str, ...]
    digest: str
    previous: str
    hash: str = ""
    table: str = ""
    redacts: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of its payload."""
        return payload.TABLE if self.table else payload.QUADS

    @property
    def only_adds(self) -> bool:
        """Whether it takes nothing away and makes no empty graph."""
        return not (self.removed or self.created or self.dropped)

    def computed_hash(self) -> str:
        """The hash this commit should carry."""
        content = self._content()
        del content["hash"]
        return hashlib.sha256(_json(content)).hexdigest()

    def line(self) -> bytes:
        """The commit as a line of the log."""
        return _json(self._content()) + b"\n"

    def _content(self) -> dict[str, object]:
        """The fields of its line: `table` and `redacts` only where there are some."""
        return {key: value for key, value in asdict(self).items() if value or key not in _OPTIONAL}


def parsed(line: bytes, seq: int) -> Commit:
    """The commit of a line. Raises DamagedError unless it is the one of that sequence, as it was written."""
    if not line.endswith(b"\n"):
        raise DamagedError(f"the line of commit {seq} breaks off")
    try:
        content = json.loads(line)
        lists = {name: tuple(content[name]) for name in ("created", "dropped", "redacts") if name in content}
        commit = Commit(**{**content, **lists})
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedError(f"the line of commit {seq} does not read") from error
    if commit.seq != seq or commit.line() != line:
        raise DamagedError(f"the line of commit {seq} is not as it was written")
    return commit


def check(commit: Commit, previous: Commit | None) -> None:
    """Raise DamagedError unless a commit has its hash and follows from the one before."""
    if commit.previous != (previous.hash if previous else ORIGIN):
        raise DamagedError(f"commit {commit.seq} does not follow from the one before it: the chain is broken")
    if commit.hash != commit.computed_hash():
        raise DamagedError(f"commit {commit.seq} is not as it was written: its hash differs")
    if not all(isinstance(seq, int) and 0 < seq < commit.seq for seq in commit.redacts):
        raise DamagedError(f"commit {commit.seq} redacts what is no commit before it")


def head(commit: Commit, synced: tuple[int, str] | None = None) -> bytes:
    """How a commit is acknowledged: its sequence and hash, and those of the last one that is surely on the disk, where
    that is another."""
    kept = f" {synced[0]} {synced[1] or ORIGIN}" if synced is not None else ""
    return f"{commit.seq} {commit.hash}{kept}\n".encode("ascii")


def text(text: str) -> str:
    """Without the half characters that a command line can hold and no file can."""
    return text.encode("utf-8", "replace").decode()


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
