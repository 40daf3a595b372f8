"""Requests to a SPARQL server: each can be made again, has a deadline for all of it, and a bound on what comes back.

Everything asked here may be asked twice (queries; updates that set what is to be so), so what fails on the way is
tried again a few times, with growing waits. The deadline is of the whole request, its trials included: a server that
sends a byte now and then does not hold anyone longer. A redirect is no answer: it could lead to any address.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from kgraph.errors import LimitError, RemoteStoreError

WAITS: Final = (0.1, 0.4, 1.5)
"""Seconds before the second, third and fourth trial; a little more or less, so that several do not come at once."""
LONGEST: Final = 256_000_000
"""Bytes of an answer, unless less is allowed."""
_BUSY: Final = frozenset({429, 502, 503, 504})
_OPENED: Final = ("connection.connect_tcp.complete", "connection.start_tls.complete")
_CONNECTING: Final = 10.0


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered: status, media type without parameters, bytes."""

    status: int
    media_type: str
    body: bytes


class Requests:
    """Sends requests to one server. Methods may be called from several threads; each has a connection of its own.

    Without `tls` no certificates are loaded, which takes longer than many an answer.
    """

    def __init__(self, user: str | None, password: str | None, timeout: float, *, tls: bool = True) -> None:
        self.user, self.password = user, password
        self.timeout = timeout
        self._tls = tls
        self._auth = _Challenged(user, password or "") if user else None
        self._local = threading.local()
        self._lines: list[_Line] = []
        self._lock = threading.Lock()
        self._closed = False

    def send(
        self,
        method: str,
        url: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        params: Sequence[tuple[str, str]] = (),
        seconds: float | None = None,
        limit: int = LONGEST,
    ) -> Response:
        """The answer, whatever its status is, but for redirects.

        Raises RemoteStoreError: no answer, none in `seconds` (default: `timeout`), or a redirect; LimitError for an
        answer of more than `limit` bytes.
        """
        allowed = self.timeout if seconds is None else seconds
        until = time.monotonic() + allowed
        how = {"content": content or None, "headers": {"Accept-Encoding": "identity", **(headers or {})}}
        for wait in (*WAITS, None):
            try:
                response = self._line().send(method, url, until, limit, params=list(params) or None, **how)
                if response.status not in _BUSY or wait is None:
                    return _direct(response, url)
                failure = f"it answered {response.status}"
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
                failure = str(error) or type(error).__name__
                if time.monotonic() >= until:
                    raise RemoteStoreError(f"{url} did not answer in {allowed:g} s") from error
                if wait is None or not isinstance(error, httpx2.TransportError | OSError):
                    raise RemoteStoreError(f"{url} does not answer: {failure}") from error
            pause = wait * random.uniform(0.7, 1.3)  # noqa: S311  # no secret
            if time.monotonic() + pause >= until:
                raise RemoteStoreError(f"{url} did not answer in {allowed:g} s: {failure}")
            time.sleep(pause)
        raise AssertionError("the last trial returns or raises")

    def _line(self) -> _Line:
        """This thread's connection."""
        found: _Line | None = getattr(self._local, "line", None)
        if found is None:
            self._local.line = found = _Line(self._auth, tls=self._tls)
            with self._lock:
                self._lines.append(found)
        if self._closed:
            raise RemoteStoreError("the store is closed")
        return found

    def close(self) -> None:
        """Let go of the connections; closing twice does no harm."""
        with self._lock:
            self._closed = True
            lines, self._lines = self._lines, []
        for line in lines:
            line.close()


class _Line:
    """One connection, opened again when it was lost."""

    def __init__(self, auth: httpx2.Auth | None, *, tls: bool) -> None:
        limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1)
        # An address without TLS leads nowhere with it: redirects are not followed.
        self._client = httpx2.Client(follow_redirects=False, limits=limits, trust_env=False, auth=auth, verify=tls)
        self._socket: socket.socket | None = None

    def send(self, method: str, url: str, until: float, limit: int, **how: Any) -> Response:
        """One trial. Raises httpx2.HTTPError, LimitError."""
        left = max(until - time.monotonic(), 0.001)
        timeout = httpx2.Timeout(left, connect=min(left, _CONNECTING))
        request = self._client.build_request(method, url, timeout=timeout, extensions={"trace": self._watch}, **how)
        with self._cut_at(until):
            response = self._client.send(request, stream=True)
            try:
                body = b"".join(_bounded(response, limit))
            finally:
                response.close()
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Response(response.status_code, media_type, body)

    def _watch(self, event: str, info: Mapping[str, Any]) -> None:
        if event in _OPENED:
            self._socket = info["return_value"].get_extra_info("socket")

    @contextmanager
    def _cut_at(self, until: float) -> Iterator[None]:
        """Cut the connection at a time: the client's own timeouts are for each read, not for all of them."""
        timer = threading.Timer(max(until - time.monotonic(), 0.0), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        connected = self._socket
        if connected is not None:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._client.close()


class _Challenged(httpx2.Auth):
    """User and password in the way that the server asks for: digest (Virtuoso) or basic."""

    def __init__(self, user: str, password: str) -> None:
        self._digest = httpx2.DigestAuth(user, password)
        self._basic = httpx2.BasicAuth(user, password)
        self._chosen: httpx2.Auth | None = None

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        response = None
        if self._chosen is None:
            response = yield request
            if response.status_code != 401:
                return
            challenges = [each.lower() for each in response.headers.get_list("www-authenticate")]
            if any(each.startswith("digest") for each in challenges):
                self._chosen = self._digest
            elif any(each.startswith("basic") for each in challenges):
                self._chosen = self._basic
            else:
                return
        flow = self._chosen.auth_flow(request)
        asked = _asked(flow, None)
        if response is not None and self._chosen is self._digest:
            asked = _asked(flow, response)  # it was sent already, and this is what it was answered
        while asked is not None:
            asked = _asked(flow, (yield asked))


def _asked(
    flow: Generator[httpx2.Request, httpx2.Response, None], response: httpx2.Response | None
) -> httpx2.Request | None:
    """The next request of a flow; None at its end, and where the server's challenge cannot be met."""
    try:
        return next(flow) if response is None else flow.send(response)
    except (StopIteration, ValueError, KeyError, NotImplementedError, httpx2.ProtocolError):
        return None


def _bounded(response: httpx2.Response, limit: int) -> Iterator[bytes]:
    """The body as it comes. Raises LimitError; RemoteStoreError for one that is packed: its length is not known."""
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise RemoteStoreError(f"{response.request.url} packs its answer though it was asked not to")
    told = response.headers.get("content-length", "")
    length = int(told) if told.isdecimal() and len(told) < 20 else 0
    if length <= limit:
        for piece in response.iter_raw():
            length = length if told else length + len(piece)
            if length > limit:
                break
            yield piece
        else:
            return
    raise LimitError("bytes", f"{limit:,}", f"the server's answer is longer than {limit:,} bytes")


def _direct(response: Response, url: str) -> Response:
    if 300 <= response.status < 400:
        raise RemoteStoreError(f"{url} leads elsewhere ({response.status}), which is not followed", response.status)
    return response
