"""A backup: what a data folder cannot make again, in a folder of its own, whole and verified or not there at all.

    manifest.json   when it was made, of which generation, and size and SHA-256 of each file
    journal/        log, head and payloads up to that generation
    texts/          attached texts
    base, format    as in the data folder

Store and index are derived: a restored folder builds them from the journal. Secrets stay where they are: cursors signed
by the folder end with it, and who may write is decided where a backup is restored, so no key travels with the data and
no key that was revoked comes back.

The journal only grows, and its head is written last: what the head names is whole. So a backup needs no lock and can be
made while a service holds the folder; what is committed meanwhile is not in it. Files are written beside the place,
put on the disk, verified by the journal's own hashes, and moved into the place together.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kgraph.errors import DamagedError, StorageError, StorageFullError
from kgraph.model import BackupReport, Progress
from kgraph.store import commit as commits
from kgraph.store import files
from kgraph.store.commit import Commit
from kgraph.store.journal import Journal

FORMAT: Final = 1
_ATTEMPTS: Final = 3
_KEPT = re.compile(r"base|format|journal/(?:log\.jsonl|head|payloads/\d{10}\.[a-z.]+)|texts/[^/\0]+\.txt")


class _ChangedError(StorageError):
    """Something was taken out of the journal while it was read."""


def write(data: Path, place: Path, progress: Progress | None = None) -> BackupReport:
    """Make a backup of a data folder, open or not, in a new or empty folder.

    Raises StorageError where something is there already or the folder holds no graph, DamagedError where a hash of
    the journal is wrong, StorageFullError; nothing is left at the place then.
    """
    if not (data / "journal").is_dir():
        raise StorageError(f"{data} holds no graph to back up")
    for attempt in range(_ATTEMPTS):
        try:
            with _beside(place, "no backup was made", 0o700) as partial:
                generation, mark = _copy(data, partial, progress or _silent)
                _verified(partial, progress or _silent)
                return _described(partial, place, generation, mark)
        except _ChangedError:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError


def restore(place: Path, data: Path, progress: Progress | None = None) -> BackupReport:
    """Make a data folder of a backup, in a new or empty folder; store and index are built at its first opening.

    Raises StorageError where something is there already or the place holds no backup, DamagedError where a file is not
    as it was backed up, StorageFullError; nothing is left in the folder then.
    """
    manifest = _manifest(place)
    with _beside(data, "nothing was restored", 0o755) as partial:
        for number, (name, said) in enumerate(manifest["files"].items()):
            if progress:
                progress("copy", number, len(manifest["files"]))
            digest, size = _copied(place / name, partial / name)
            if (digest, size) != (said["sha256"], said["size"]):
                raise DamagedError(f"the backup {place} is damaged: {name} is not as it was written")
        _verified(partial, progress or _silent)
        return _report(manifest, data)


# ------------------------------------------------------------------ copying


def _copy(data: Path, partial: Path, progress: Progress) -> tuple[int, str]:
    """Copy what a backup is made of, up to the generation that the head names; answers it and its hash."""
    head = _head(data)
    kept = _log(data, *head)
    redacted = {seq for commit in kept for seq in commit.redacts}
    (partial / "journal" / "payloads").mkdir(parents=True)
    files.replace(partial / "journal" / "log.jsonl", b"".join(commit.line() for commit in kept))
    if kept:
        files.replace(partial / "journal" / "head", commits.head(kept[-1]))
    for commit in kept:
        progress("copy", commit.seq, len(kept))
        name = f"journal/payloads/{commit.seq:010}.{commit.kind}"
        if commit.seq in redacted:
            continue
        try:
            _copied(data / name, partial / name)
        except FileNotFoundError as error:
            if _head(data) != head:
                raise _ChangedError(f"the payload of commit {commit.seq} was taken out meanwhile: try again") from error
            raise DamagedError(f"the payload of commit {commit.seq} is missing; no backup was made") from error
    for name in ("base", "format"):
        with contextlib.suppress(FileNotFoundError):
            _copied(data / name, partial / name)
    texts = sorted((data / "texts").glob("*.txt")) if (data / "texts").is_dir() else []
    for text in texts:
        with contextlib.suppress(FileNotFoundError):
            _copied(text, partial / "texts" / text.name)
    return head


def _head(data: Path) -> tuple[int, str]:
    try:
        seq, mark = (data / "journal" / "head").read_text("ascii").split()[:2]
        return int(seq), mark
    except FileNotFoundError:
        return 0, ""
    except ValueError as error:
        raise DamagedError("the journal's head does not read; no backup was made") from error


def _log(data: Path, generation: int, mark: str) -> list[Commit]:
    """The commits up to the acknowledged one, each as it was written."""
    kept: list[Commit] = []
    with (data / "journal" / "log.jsonl").open("rb") as log:
        for line in log:
            if len(kept) == generation:
                break
            commit = commits.parsed(line, len(kept) + 1)
            commits.check(commit, kept[-1] if kept else None)
            kept.append(commit)
    if len(kept) < generation or (kept and kept[-1].hash != mark):
        raise DamagedError(f"the journal's log does not hold commit {generation} as it was acknowledged")
    return kept


def _verified(partial: Path, progress: Progress) -> None:
    """Hold every hash of a copied journal against what was copied."""
    progress("verify", 0, None)
    for finding in Journal.open(partial / "journal").verify():
        if not finding.ok:
            raise DamagedError(finding.detail)


def _copied(source: Path, target: Path) -> tuple[str, int]:
    """Copy a file onto the disk; answers SHA-256 and size of what was read."""
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open("rb") as read, target.open("wb") as write:
        os.fchmod(write.fileno(), 0o600 if target.parent.name == "texts" else 0o644)
        while piece := read.read(1 << 20):
            digest.update(piece)
            size += len(piece)
            write.write(piece)
        write.flush()
        os.fsync(write.fileno())
    return digest.hexdigest(), size


# ------------------------------------------------------------------ the manifest


def _described(partial: Path, place: Path, generation: int, mark: str) -> BackupReport:
    """Write the manifest of a copy, of its files as they are read back."""
    listed = {}
    for file in sorted(file for file in partial.rglob("*") if file.is_file()):
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        listed[file.relative_to(partial).as_posix()] = {"size": file.stat().st_size, "sha256": digest}
    manifest = {
        "format": FORMAT,
        "made": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "generation": generation,
        "hash": mark,
        "files": listed,
    }
    files.replace(partial / "manifest.json", f"{json.dumps(manifest, indent=1, ensure_ascii=False)}\n".encode())
    return _report(manifest, place)


def _report(manifest: dict[str, Any], place: Path) -> BackupReport:
    size = sum(file["size"] for file in manifest["files"].values())
    return BackupReport(str(place), manifest["generation"], manifest["made"], len(manifest["files"]), size)


def _manifest(place: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((place / "manifest.json").read_bytes())
        if manifest["format"] > FORMAT:
            raise StorageError(f"the backup {place} is of format {manifest['format']}: use a newer kgraph")
        listed = {str(name): (int(said["size"]), str(said["sha256"])) for name, said in manifest["files"].items()}
        _, _ = int(manifest["generation"]), str(manifest["made"])
    except OSError as error:
        raise StorageError(f"{place} holds no backup: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedError(f"the backup {place} is damaged: its manifest does not read") from error
    foreign = [name for name in listed if not _KEPT.fullmatch(name)]
    if foreign:
        raise DamagedError(f"the backup {place} is damaged: its manifest lists {foreign[0]!r}, which is of no backup")
    found: dict[str, Any] = manifest
    return found


# ------------------------------------------------------------------ places


@contextmanager
def _beside(place: Path, unless: str, mode: int) -> Iterator[Path]:
    """A folder that takes the place when the block ends well, and is gone otherwise.

    Raises StorageError where the place is taken, and for what the disk refuses, inside the block too.
    """
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise StorageError(f"{unless}: {place} is there already; give a new or empty folder")
    place = place.absolute()
    try:
        files.make_folder(place.parent)
        partial = Path(tempfile.mkdtemp(prefix=f".{place.name}.partial-", dir=place.parent))
        try:
            yield partial
            partial.chmod(mode)
            for folder in (*(entry for entry in partial.rglob("*") if entry.is_dir()), partial):
                files.sync_folder(folder)
            partial.rename(place)
            files.sync_folder(place.parent)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    except OSError as error:
        kind = StorageFullError if files.is_full(error) else StorageError
        raise kind(f"{unless}: {error.strerror or error}") from error


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress nobody asked for."""
