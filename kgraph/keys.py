"""Keys that let a client write: made once, shown once, kept as hashes beside the data.

`keys.json` in the data folder holds id, name, scope, time and the SHA-256 of each key. A slow hash with a salt is for
secrets that people think up; a key is 256 random bits, which no table and no search reaches, so one fast hash is
enough. The file is replaced whole and read again whenever it changed: `kgraph key` works beside a running service. It
has a hash of its own, so that a key which is no longer known because of a flipped bit is not just refused.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, get_args

from kgraph.errors import DamagedError, KeyNotFoundError, ParameterError, StorageError, StorageFullError
from kgraph.model import Finding
from kgraph.store import files

Scope = Literal["read", "write", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
"""From the least to the most: each may do what those before it may."""

_FILE: Final = "keys.json"
_PREFIX: Final = "kgraph_"
_LONGEST: Final = 200
_MEND: Final = "nobody may write until the file is removed and keys are made anew"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: `hash` is the SHA-256 of its text, in hexadecimal; `created` ISO 8601 in UTC."""

    id: str
    name: str
    scope: Scope
    created: str
    hash: str

    def allows(self, scope: Scope) -> bool:
        """Whether it may do what needs that scope."""
        return SCOPES.index(self.scope) >= SCOPES.index(scope)


class Keys:
    """The keys of a data folder. Methods may be called from several threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._held: tuple[Key, ...] = ()

    def all(self) -> tuple[Key, ...]:
        """The keys there are, oldest first. Raises DamagedError for a file that does not read."""
        with self._lock:
            try:
                status = self._file.stat()
            except FileNotFoundError:
                self._seen, self._held = None, ()
                return ()
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if seen != self._seen:
                self._held, self._seen = self._read(), seen
            return self._held

    def find(self, text: str) -> Key | None:
        """The key with this text. The time it takes tells nothing of how much of a key was guessed."""
        hash_ = _hash(text)
        found = None
        for key in self.all():
            if hmac.compare_digest(key.hash, hash_):
                found = key
        return found

    def check(self) -> list[Finding]:
        """What a doctor says of them; nothing where there are none."""
        try:
            held = len(self.all())
        except DamagedError as error:
            return [Finding("keys", False, error.detail)]
        return [Finding("keys", True, f"as they were written: {held}")] if held else []

    def create(self, scope: Scope, name: str = "") -> tuple[Key, str]:
        """A new key, and its text, which is kept nowhere.

        Raises ParameterError for an unknown scope or a name that is too long, StorageError.
        """
        if scope not in SCOPES:
            raise ParameterError("scope", scope, f"known are {', '.join(SCOPES)}")
        if len(name) > _LONGEST:
            raise ParameterError("name", name[:_LONGEST], f"give at most {_LONGEST} characters")
        text = f"{_PREFIX}{secrets.token_urlsafe(32)}"
        made = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        with self._changing() as keys:
            taken = {key.id for key in keys}
            id = next(id for id in iter(lambda: secrets.token_hex(4), None) if id not in taken)
            key = Key(id, name, scope, made, _hash(text))
            self._write([*keys, key])
        return key, text

    def revoke(self, id: str) -> Key:
        """Take a key back; who holds it can do nothing with it from now on. Raises KeyNotFoundError, StorageError."""
        with self._changing() as keys:
            for key in keys:
                if key.id == id:
                    self._write([each for each in keys if each.id != id])
                    return key
        raise KeyNotFoundError(id, [(each.id, each.name or each.scope) for each in keys])

    @contextmanager
    def _changing(self) -> Iterator[tuple[Key, ...]]:
        """The keys as they are while nobody else changes them."""
        try:
            files.make_folder(self._file.parent)
            descriptor = os.open(self._file.with_name("keys.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield self.all()
            finally:
                os.close(descriptor)
        except OSError as error:
            kind = StorageFullError if files.is_full(error) else StorageError
            raise kind(f"the keys in {self._file} were not changed: {error.strerror or error}") from error

    def _write(self, keys: list[Key]) -> None:
        held = [asdict(key) for key in keys]
        files.replace(self._file, json.dumps({"keys": held, "hash": _hash_of(held)}, indent=1).encode(), 0o600)

    def _read(self) -> tuple[Key, ...]:
        try:
            content = json.loads(self._file.read_text("utf-8"))
            right = content["hash"] == _hash_of(content["keys"])
            keys = tuple(Key(**fields) for fields in content["keys"]) if right else ()
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DamagedError(f"the keys in {self._file} do not read ({error}): {_MEND}") from error
        if not right:
            raise DamagedError(f"the keys in {self._file} are not as they were written: {_MEND}")
        return keys


def _hash_of(keys: list[dict[str, str]]) -> str:
    return _hash(json.dumps(keys, sort_keys=True))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
