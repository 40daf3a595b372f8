"""A running kgraph service as a graph: the reading verbs and updates over HTTP, answered as the service's own JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2

from kgraph import formats
from kgraph.errors import ParameterError, RemoteError

Answer = dict[str, Any]
_ACCEPTED = (*formats.RESULTS, *formats.RDF)
_LONGEST_PAUSE = 30
"""Seconds a service may ask to wait for, so that it is asked again without a word."""


@dataclass(frozen=True, slots=True)
class Document:
    """A body with its media type."""

    media_type: str
    body: bytes


class HttpGraph:
    """The verbs of a service at `url`. Options are those of `KnowledgeGraph`; answers are dicts, not frozen values.
    `key` is one of the service, which writing needs.

    Every method raises RemoteError: with the service's own words for a refusal, or for no answer in `timeout` seconds.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.url = address(url)
        self._retries = retries
        self._http = httpx2.Client(**connection(self.url, key, timeout), transport=transport)

    def search(self, q: str, **options: object) -> Answer:
        """Entities by name."""
        return self._json("/search", {"q": q, **options})

    def entity(self, id: str, **options: object) -> Answer:
        """Everything held about one entity."""
        return self._json("/entity", {"id": id, **options})

    def neighbourhood(self, entity: str, **options: object) -> Answer:
        """What stands near an entity."""
        return self._json("/neighbourhood", {"entity": entity, **options})

    def paths(self, source: str | Sequence[str], target: str | Sequence[str], **options: object) -> Answer:
        """How two entities, or any of several, are connected."""
        return self._json("/paths", {"source": source, "target": target, **options})

    def connect(self, entities: Sequence[str], **options: object) -> Answer:
        """The small subgraph that connects entities."""
        return self._json("/connect", {"entity": entities, **options})

    def compare(self, entity: str, **options: object) -> Answer:
        """What stands near an entity, from two sides."""
        return self._json("/compare", {"entity": entity, **options})

    def timeline(self, entity: str, **options: object) -> Answer:
        """Dated claims in order."""
        return self._json("/timeline", {"entity": entity, **options})

    def claim(self, id: str) -> Answer:
        """One claim whole."""
        return self._json("/claim", {"id": id})

    def sources(self, **options: object) -> Answer:
        """The sources."""
        return self._json("/sources", options)

    def source(self, id: str) -> Answer:
        """One source."""
        return self._json("/source", {"id": id})

    def sparql(
        self,
        query: str,
        *,
        format: str | None = None,
        default_graph_uri: Sequence[str] = (),
        named_graph_uri: Sequence[str] = (),
    ) -> Document:
        """The answer of a SPARQL query. `format` as for `KnowledgeGraph.sparql`."""
        dataset = {"default-graph-uri": list(default_graph_uri), "named-graph-uri": list(named_graph_uri)}
        form = {"query": query, **{name: uris for name, uris in dataset.items() if uris}}
        response = self._answered("POST", "/sparql", data=form, headers={"Accept": accept(format)})
        return Document(response.headers.get("content-type", ""), response.content)

    def update(self, text: str) -> Answer:
        """A SPARQL update as one commit, its author the key's name."""
        headers = {"Accept": "application/json", "Content-Type": "application/sparql-update; charset=utf-8"}
        return read_json(self.url, "/update", self._answered("POST", "/update", content=text.encode(), headers=headers))

    def export(self, format: str = "turtle", **options: object) -> Iterator[bytes]:
        """The graph as a file, in pieces."""
        chosen = formats.named(format, formats.EXPORT)
        request = self._http.build_request("GET", "/export", params=parameters({"format": chosen.name, **options}))
        try:
            response = self._http.send(request, stream=True)
            try:
                if response.is_error:
                    response.read()
                    raise refusal(response)
                yield from response.iter_bytes()
            finally:
                response.close()
        except httpx2.HTTPError as error:
            raise self._silence(error) from error

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _json(self, path: str, asked: Mapping[str, object]) -> Answer:
        headers = {"Accept": "application/json"}
        return read_json(self.url, path, self._answered("GET", path, params=parameters(asked), headers=headers))

    def description(self) -> bytes:
        """What the SPARQL service can do and its limits, as N-Triples."""
        return self._answered("GET", "/sparql", headers={"Accept": formats.NTRIPLES.media_type}).content

    def _answered(self, method: str, path: str, **how: Any) -> httpx2.Response:
        for attempt in range(self._retries + 1):
            response: httpx2.Response | httpx2.HTTPError
            try:
                response = self._http.request(method, path, **how)
            except httpx2.HTTPError as error:
                response = error
            wait = pause(response, attempt)
            if wait is None or attempt == self._retries:
                break
            time.sleep(wait)
        return taken(self.url, response)

    def _silence(self, error: httpx2.HTTPError) -> RemoteError:
        return silence(self.url, error)


def address(url: str) -> str:
    """The address of a service without the stroke at its end. Raises ParameterError where it is none."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ParameterError("url", url, "give an address such as http://127.0.0.1:8000")
    return url.rstrip("/")


def connection(url: str, key: str | None, timeout: float) -> dict[str, Any]:
    """How a service is connected to. The key is never sent elsewhere: redirects are not followed."""
    if key is not None and not (key.isascii() and key.isprintable() and key.strip() == key != ""):
        raise ParameterError("key", "…", "give a key as `kgraph key create` shows it")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    limits = httpx2.Timeout(timeout, connect=min(timeout, 10.0))
    return {"base_url": url, "timeout": limits, "follow_redirects": False, "headers": headers}


def pause(response: httpx2.Response | httpx2.HTTPError, attempt: int) -> float | None:
    """Seconds after which to ask once more; None where that would not help. All that is asked here only reads."""
    backoff: float = 0.25 * 2**attempt
    if isinstance(response, httpx2.HTTPError):
        return backoff if isinstance(response, httpx2.TransportError) and not _too_late(response) else None
    if response.status_code in (502, 504):
        return backoff
    wait = response.headers.get("retry-after", "")
    if response.status_code in (429, 503) and wait.isdecimal() and int(wait) <= _LONGEST_PAUSE:
        return max(float(wait), backoff)
    return None


def _too_late(error: httpx2.HTTPError) -> bool:
    """Whether the time was spent already, so that asking again would double it."""
    return isinstance(error, httpx2.TimeoutException) and not isinstance(error, httpx2.ConnectTimeout)


def taken(url: str, response: httpx2.Response | httpx2.HTTPError) -> httpx2.Response:
    """The response, where it is one that answers. Raises RemoteError."""
    if isinstance(response, httpx2.HTTPError):
        raise silence(url, response) from response
    if not response.is_success:
        raise refusal(response)
    return response


def silence(url: str, error: httpx2.HTTPError) -> RemoteError:
    """What is said where no answer came."""
    return RemoteError(f"{url} does not answer: {str(error) or type(error).__name__}")


def read_json(url: str, path: str, response: httpx2.Response) -> Answer:
    """The JSON object of an answer. Raises RemoteError where it is none."""
    try:
        answer = response.json()
    except ValueError as error:
        raise RemoteError(f"{url} does not speak as kgraph does: no JSON at {path}") from error
    if not isinstance(answer, dict):
        raise RemoteError(f"{url} does not speak as kgraph does: no JSON object at {path}")
    return answer


def parameters(options: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Name and value of each parameter; a sequence is repeated, None is left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in options.items():
        if value is None:
            continue
        several = value if isinstance(value, list | tuple) else (value,)
        pairs += [(name, str(one).lower() if isinstance(one, bool) else str(one)) for one in several]
    return tuple(pairs)


def accept(format: str | None) -> str:
    """The Accept header for a wanted format of a SPARQL answer, whose form the service finds out.

    >>> accept("csv")
    'text/csv'

    Raises ParameterError when there is no such format.
    """
    if not format:
        return f"{formats.SPARQL_JSON.media_type}, {formats.TURTLE.media_type};q=0.9"
    types: dict[str, None] = {}
    for one in format.lower().split(","):
        wanted = one.strip()
        for spelled in (wanted, f"sparql-{wanted}"):
            for known in _ACCEPTED:
                if spelled in (known.name, known.media_type) or f".{spelled.lstrip('.')}" in known.suffixes:
                    types.setdefault(known.media_type)
    if not types:
        raise ParameterError("format", format, f"known are {', '.join(f.name for f in _ACCEPTED)}")
    return ", ".join(types)


def refusal(response: httpx2.Response) -> RemoteError:
    """The error that a service answered with, in its own words."""
    try:
        problem = json.loads(response.content)
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or "detail" not in problem:
        return RemoteError(f"{response.request.url.host} answered {response.status_code}", response.status_code)
    return RemoteError(str(problem["detail"]), response.status_code, problem)
