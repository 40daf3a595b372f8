"""Where a remote store is: the setting `KGRAPH_STORE` read into three addresses of one server.

    sparql+http://127.0.0.1:7878/                                    query, update, store: as `oxigraph serve` has them
    sparql+http://127.0.0.1:8890/?query=sparql&update=sparql-auth    as Virtuoso has them
    sparql+https://example.org/graphs/?query=q&update=u&graphs=data  any other: addresses relative to the first part

`graphs` is the Graph Store Protocol's address, only wanted to load much at once. Where `query` or `update` is named,
there is none unless it is named too. User and password never stand here (`KGRAPH_STORE_USER`,
`KGRAPH_STORE_PASSWORD`): an address is logged and shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from kgraph.errors import ParameterError

_NAME: Final = "KGRAPH_STORE"
_SCHEMES: Final = ("sparql+http", "sparql+https")
_ROLES: Final = ("query", "update", "graphs")
_USUAL: Final = {"query": "query", "update": "update", "graphs": "store"}


@dataclass(frozen=True, slots=True)
class Address:
    """The endpoints of a server, absolute; `graphs` is None where it has no graph store, or it is not to be used."""

    query: str
    update: str
    graphs: str | None

    def __str__(self) -> str:
        return self.query

    @classmethod
    def read(cls, text: str) -> Address:
        """The address that the setting names.

        >>> Address.read("sparql+http://127.0.0.1:8890/?query=sparql&update=sparql-auth").update
        'http://127.0.0.1:8890/sparql-auth'

        Raises ParameterError.
        """
        try:
            parts = urlsplit(text)
            host, _ = parts.hostname, parts.port  # a port that is none raises here
        except ValueError as error:
            raise ParameterError(_NAME, _shown(text), f"is no address: {error}") from error
        if parts.username is not None or parts.password is not None:
            reason = "user and password go into KGRAPH_STORE_USER and KGRAPH_STORE_PASSWORD, not into the address"
            raise ParameterError(_NAME, _shown(text), reason)
        if parts.scheme not in _SCHEMES or not host or parts.fragment:
            raise ParameterError(_NAME, _shown(text), "give an address such as sparql+http://127.0.0.1:7878/")
        named = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := sorted(named.keys() - set(_ROLES)):
            raise ParameterError(_NAME, _shown(text), f"{unknown[0]}= is not one of {', '.join(_ROLES)}")
        path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
        base = f"{parts.scheme.removeprefix('sparql+')}://{parts.netloc}{path}"
        chosen = {**(_USUAL if not named else {"query": "query", "update": "update"}), **named}
        found = {role: urljoin(base, relative) for role, relative in chosen.items() if relative}
        for role in ("query", "update"):
            if role not in found:
                raise ParameterError(_NAME, _shown(text), f"{role}= is empty")
        for address in found.values():
            if _origin(address) != _origin(base):
                raise ParameterError(_NAME, _shown(text), f"{address} is another server's")
        return cls(found["query"], found["update"], found.get("graphs"))


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _shown(text: str) -> str:
    """The address without what should not have been in it."""
    before, at, after = text.rpartition("@")
    return f"{before.partition('://')[0]}://…@{after}" if at else text
