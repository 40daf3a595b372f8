"""The remote store that the settings name. What is imported here is a client of HTTP: only where there is one."""

from __future__ import annotations

from kgraph.settings import Settings
from kgraph.store.remote.address import Address
from kgraph.store.remote.server import Server
from kgraph.store.remote.store import RemoteStore


def named(settings: Settings, *, reading: bool = False) -> RemoteStore | None:
    """The store at `KGRAPH_STORE`, not asked anything yet; None where none is set. Raises ParameterError."""
    if settings.store is None:
        return None
    address = Address.read(settings.store)
    password = settings.store_password.get_secret_value() if settings.store_password else None
    return RemoteStore(Server.at(address, settings.store_user, password, settings.store_timeout), reading=reading)
