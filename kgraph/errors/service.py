"""A limit, the folder behind the graph, or another service: nothing is wrong with what was asked."""

from __future__ import annotations

from kgraph.errors.base import KGraphError


class LimitError(KGraphError):
    """A limit ended the work. `limit` names the setting, `value` its value with the unit."""

    title = "A limit ended the work"

    def __init__(self, limit: str, value: str, detail: str | None = None) -> None:
        super().__init__(detail or f"the work was ended by {limit} = {value}")
        self.limit = limit
        self.value = value

    def fields(self) -> dict[str, object]:
        return {"limit": self.limit, "value": self.value}


class StorageError(KGraphError):
    """The folder behind the graph cannot be used as asked."""

    title = "The data folder cannot be used"


class FolderBusyError(StorageError):
    """Another process holds the folder."""

    title = "The data folder is in use"


class DamagedError(StorageError):
    """Journal, store or index are damaged or do not fit together."""

    title = "The data folder is damaged"


class StorageFullError(StorageError):
    """No room left on the disk; the words say whether a commit counts already."""

    title = "The disk is full"


class RemoteError(KGraphError):
    """A kgraph service answered with an error, or not at all. `status` is None when there was no answer."""

    title = "The service did not answer as asked"

    def __init__(self, detail: str, status: int | None = None, problem: dict[str, object] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.problem = problem or {}

    def fields(self) -> dict[str, object]:
        return {"status": self.status, "problem": self.problem}


class RemoteStoreError(RemoteError, StorageError):
    """The server that keeps the graph answered with an error, with what is no answer, too late, or not at all."""

    title = "The remote store did not answer as asked"
