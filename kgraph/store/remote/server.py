"""The SPARQL 1.1 protocol as its client: query, update, and the graph store where there is one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from kgraph.errors import RemoteStoreError, StorageFullError
from kgraph.store.remote import results
from kgraph.store.remote.address import Address
from kgraph.store.remote.http import LONGEST, Requests, Response
from kgraph.store.remote.results import Row

JSON: Final = "application/sparql-results+json"
NTRIPLES: Final = "application/n-triples"
NQUADS: Final = "application/n-quads"
_FORM: Final = "application/x-www-form-urlencoded"
_OTHER_NAMES: Final = {JSON: ("application/json",), NTRIPLES: ("text/plain",)}
_TOLD: Final = 300
_FULL: Final = re.compile(r"no space left|disk (is )?full|quota exceeded", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query is asked of: those that make its default graph, and those that GRAPH may name."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Server:
    """What is asked of a server, and its answers; all raise RemoteStoreError."""

    def __init__(self, address: Address, requests: Requests) -> None:
        self.address = address
        self._requests = requests

    @classmethod
    def at(cls, address: Address, user: str | None, password: str | None, timeout: float) -> Server:
        """The server there; requests take at most `timeout` seconds. Nothing is asked yet."""
        tls = address.query.startswith("https:")
        return cls(address, Requests(user, password, timeout, tls=tls))

    @property
    def access(self) -> dict[str, str | float | None]:
        """What another process needs to ask queries of it (`for_queries`), in JSON values."""
        requests = self._requests
        told = {"user": requests.user, "password": requests.password, "timeout": requests.timeout}
        return {"query": self.address.query, **told}

    @classmethod
    def for_queries(cls, access: Mapping[str, Any]) -> Server:
        """The server that `access` names, to be asked queries only."""
        address = Address(query=access["query"], update=access["query"], graphs=None)
        return cls.at(address, access["user"], access["password"], access["timeout"])

    def select(self, sparql: str, dataset: Dataset | None = None) -> list[Row]:
        """The solutions of a query."""
        return results.rows(self.query(sparql, JSON, dataset))

    def query(
        self,
        sparql: str,
        media_type: str,
        dataset: Dataset | None = None,
        *,
        seconds: float | None = None,
        limit: int = LONGEST,
    ) -> bytes:
        """The answer to a query in that media type. Raises LimitError too."""
        form = [("query", sparql)]
        if dataset is not None:
            form += [("default-graph-uri", iri) for iri in dataset.default]
            form += [("named-graph-uri", iri) for iri in dataset.named]
        response = self._requests.send(
            "POST",
            self.address.query,
            content=urlencode(form).encode("ascii"),
            headers={"Content-Type": _FORM, "Accept": media_type},
            seconds=seconds,
            limit=limit,
        )
        _check(response, self.address.query)
        if response.media_type not in (media_type, *_OTHER_NAMES.get(media_type, ())):
            raise RemoteStoreError(
                f"{self.address.query} answered {response.media_type[:100] or 'without a media type'} to a query for "
                f"{media_type}",
                response.status,
            )
        return response.body

    def update(self, operations: Sequence[str]) -> None:
        """Run updates, all in one request. Raises StorageFullError too."""
        response = self._requests.send(
            "POST",
            self.address.update,
            content=urlencode([("update", " ;\n".join(operations))]).encode("ascii"),
            headers={"Content-Type": _FORM, "Accept": "*/*"},
        )
        _check(response, self.address.update)

    def post(self, nquads: bytes) -> bool:
        """Add quads through the graph store; False where it takes no whole datasets."""
        if self.address.graphs is None:
            return False
        response = self._requests.send(
            "POST", self.address.graphs, content=nquads, headers={"Content-Type": NQUADS, "Accept": "*/*"}
        )
        if response.status in (400, 404, 405, 415, 501):
            return False
        _check(response, self.address.graphs)
        return True

    def close(self) -> None:
        """Let go of the connections; closing twice does no harm."""
        self._requests.close()


def _check(response: Response, url: str) -> None:
    if 200 <= response.status < 300:
        return
    words = said(response.body)
    if response.status == 507 or _FULL.search(words):
        raise StorageFullError(f"{url}: no room left there ({words})")
    raise RemoteStoreError(f"{url} answered {response.status}: {words}", response.status)


def said(body: bytes) -> str:
    """The beginning of a message, on one line, without control characters."""
    text = body[: 4 * _TOLD].decode("utf-8", "replace")
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return words[:_TOLD] or "nothing"
