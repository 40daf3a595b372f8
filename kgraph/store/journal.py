"""The journal: every change ever made, in order; the truth from which store and indexes are derived.

On disk, in the folder `journal/`:

    log.jsonl                  one line of JSON a commit: the chain
    payloads/0000000012.nq.gz  what commit 12 changes: N-Quads, sorted, `zcat` reads it
    head                       the last commit acknowledged: `12 <its hash>`

A line of the log holds `seq`, `time` (UTC), `author`, `message`, `added` and `removed` (numbers of quads), `created`
and `dropped` (graphs), `digest` (SHA-256 of the payload before compression), `previous` (hash of the commit before)
and `hash` (SHA-256 of all of this, as JSON with sorted keys). The chain goes over digests, not over payloads: a
payload can be taken out later and the chain still verifies.

A payload has the comment `# removed N`, that many lines of N-Quads, the comment `# added N`, and those lines.

A commit is written in this order, each step synced to the disk: payload, line of the log, head. It counts from the
line of the log on, and it is acknowledged (`append` returns) after the head. So at opening a line that is past the
head and not whole was never acknowledged: it is cut off and a notice says so. Anything else that does not fit is
damage: DamagedError names the commit.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from kgraph import formats, rdf
from kgraph.errors import DamagedError, RdfSyntaxError
from kgraph.model import Finding
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta
from kgraph.store.medium import DiskMedium, Medium, MemoryMedium

ORIGIN = "0" * 64


@dataclass(frozen=True, slots=True)
class Commit:
    """One line of the log. `added` and `removed` count quads, `time` is ISO 8601 in UTC."""

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

    def computed_hash(self) -> str:
        """The hash this commit should carry."""
        content = {key: value for key, value in asdict(self).items() if key != "hash"}
        return hashlib.sha256(_json(content)).hexdigest()

    def line(self) -> bytes:
        """The commit as a line of the log."""
        return _json(asdict(self)) + b"\n"


class Journal:
    """Append-only commits. Use `open` or `memory`; one process at a time (the data folder's lock sees to that)."""

    def __init__(self, medium: Medium) -> None:
        self._medium = medium
        self._commits: list[Commit] = []
        self.notices: list[str] = []
        self._read()

    @classmethod
    def open(cls, folder: Path) -> Journal:
        """The journal in a folder, made where there is none. What was cut off is told in `notices`.

        Raises DamagedError naming the commit.
        """
        return cls(DiskMedium(folder))

    @classmethod
    def memory(cls) -> Journal:
        """An empty journal that ends with the process."""
        return cls(MemoryMedium())

    @property
    def generation(self) -> int:
        """Sequence of the last commit; 0 for none."""
        return len(self._commits)

    def mark(self, generation: int) -> str:
        """Hash of the commit of that generation; for 0 the empty string."""
        return self._commits[generation - 1].hash if generation else ""

    def append(self, delta: Delta, *, author: str, message: str, time: datetime | None = None) -> Commit:
        """Commit a change; when this returns it is on the disk.

        Raises StorageFullError or StorageError; nothing was committed then, and appending can be tried again.
        """
        payload = _encode(delta)
        commit = Commit(
            seq=self.generation + 1,
            time=(time or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            author=_text(author),
            message=_text(message),
            added=payload.added,
            removed=payload.removed,
            created=tuple(graph.value for graph in delta.created),
            dropped=tuple(graph.value for graph in delta.dropped),
            digest=hashlib.sha256(payload.content).hexdigest(),
            previous=self.mark(self.generation) or ORIGIN,
        )
        commit = replace(commit, hash=commit.computed_hash())
        packed = gzip.compress(payload.content, compresslevel=6, mtime=0)
        self._medium.append(commit.seq, packed, commit.line(), _head(commit))
        self._commits.append(commit)
        return commit

    def commits(self, after: int = 0) -> Iterator[Commit]:
        """The commits after a generation, in order."""
        yield from self._commits[after:]

    def delta(self, seq: int) -> Delta:
        """What a commit changed.

        Raises DamagedError where its payload is not what was committed, KeyError where there is no such commit.
        """
        if not 1 <= seq <= self.generation:
            raise KeyError(seq)
        commit = self._commits[seq - 1]
        content = self._payload(commit)
        try:
            added, removed = _decode(content)
        except (RdfSyntaxError, ValueError) as error:
            raise DamagedError(f"the payload of commit {seq} does not read: {error}") from error
        graphs = (tuple(NamedNode(iri) for iri in iris) for iris in (commit.created, commit.dropped))
        return Delta(added, removed, *graphs)

    def replay(self, until: int | None = None) -> set[Quad]:
        """The quads that all commits together leave, or those up to generation `until`.

        Raises DamagedError naming the commit.
        """
        state: set[Quad] = set()
        for commit in self._commits[:until]:
            delta = self.delta(commit.seq)
            if delta.dropped:
                state = {quad for quad in state if quad.graph_name not in delta.dropped}
            state.difference_update(delta.removed)
            state.update(delta.added)
        return state

    def verify(self) -> list[Finding]:
        """Every hash, read anew from the disk: the chain, and each payload against its digest."""
        try:
            self._medium.verify(b"".join(commit.line() for commit in self._commits))
            for commit, previous in zip(self._commits, (None, *self._commits), strict=False):
                _check(commit, previous)
        except DamagedError as error:
            return [Finding("journal chain", False, error.detail)]
        findings = [Finding("journal chain", True, f"{self.generation} commits, each hash follows from the one before")]
        bad: list[Finding] = []
        for commit in self._commits:
            try:
                self.delta(commit.seq)
            except DamagedError as error:
                bad.append(Finding("journal payload", False, error.detail))
        held = Finding("journal payload", True, f"{self.generation} payloads are what was committed")
        return findings + (bad or [held])

    def _payload(self, commit: Commit) -> bytes:
        try:
            content = gzip.decompress(self._medium.payload(commit.seq))
        except FileNotFoundError as error:
            raise DamagedError(f"the payload of commit {commit.seq} is missing") from error
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise DamagedError(f"the payload of commit {commit.seq} cannot be read: {error}") from error
        if hashlib.sha256(content).hexdigest() != commit.digest:
            raise DamagedError(f"the payload of commit {commit.seq} is not what was committed: its digest differs")
        return content

    def _read(self) -> None:
        """Read the log and decide on its tail."""
        acknowledged, mark = self._acknowledged()
        at = 0
        lines = list(self._medium.lines())
        for line in lines:
            seq = self.generation + 1
            try:
                commit = _commit(line, seq)
                _check(commit, self._commits[-1] if self._commits else None)
                if seq > acknowledged:
                    self._payload(commit)
            except DamagedError as error:
                if seq <= acknowledged or seq < len(lines):
                    raise
                self.notices.append(f"commit {seq} had not been acknowledged and was not whole: cut off ({error})")
                break
            self._commits.append(commit)
            at += len(line)
        if self.generation < acknowledged:
            raise DamagedError(f"commit {acknowledged} was acknowledged, but the log ends at {self.generation}")
        if acknowledged and self.mark(acknowledged) != mark:
            raise DamagedError(f"commit {acknowledged} is not the one that was acknowledged: its hash differs")
        head = _head(self._commits[-1]) if self._commits else b""
        self._medium.settle(self.generation, at, head if self.generation > acknowledged else None)

    def _acknowledged(self) -> tuple[int, str]:
        head = self._medium.head()
        if not head:
            return 0, ""
        try:
            seq, mark = head.decode("ascii").split()
            return int(seq), mark
        except ValueError as error:
            raise DamagedError("the journal's head does not read: which commit was the last is not known") from error


@dataclass(frozen=True, slots=True)
class _Payload:
    content: bytes
    added: int
    removed: int


def _encode(delta: Delta) -> _Payload:
    removed, added = rdf.nquads(delta.removed), rdf.nquads(delta.added)
    gone, new = removed.count(b"\n"), added.count(b"\n")
    return _Payload(b"# removed %d\n%b# added %d\n%b" % (gone, removed, new, added), new, gone)


def _decode(content: bytes) -> tuple[tuple[Quad, ...], tuple[Quad, ...]]:
    lines = content.splitlines(keepends=True)
    gone = int(lines[0].removeprefix(b"# removed "))
    parts = (b"".join(lines[gone + 2 :]), b"".join(lines[1 : gone + 1]))
    added, removed = (tuple(rdf.parse(part, formats.NQUADS, file="payload")) for part in parts)
    return added, removed


def _commit(line: bytes, seq: int) -> Commit:
    if not line.endswith(b"\n"):
        raise DamagedError(f"the line of commit {seq} breaks off")
    try:
        content = json.loads(line)
        commit = Commit(**{**content, "created": tuple(content["created"]), "dropped": tuple(content["dropped"])})
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedError(f"the line of commit {seq} does not read") from error
    if commit.seq != seq or commit.line() != line:
        raise DamagedError(f"the line of commit {seq} is not as it was written")
    return commit


def _check(commit: Commit, previous: Commit | None) -> None:
    if commit.previous != (previous.hash if previous else ORIGIN):
        raise DamagedError(f"commit {commit.seq} does not follow from the one before it: the chain is broken")
    if commit.hash != commit.computed_hash():
        raise DamagedError(f"commit {commit.seq} is not as it was written: its hash differs")


def _head(commit: Commit) -> bytes:
    return f"{commit.seq} {commit.hash}\n".encode("ascii")


def _text(text: str) -> str:
    """Without the half characters that a command line can hold and no file can."""
    return text.encode("utf-8", "replace").decode()


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
