"""A server's answers are bounded in time and bytes, asked for again where that helps, and never led elsewhere."""

from __future__ import annotations

import base64
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from kgraph.errors import LimitError, RemoteStoreError
from kgraph.store.remote import http
from kgraph.store.remote.http import Requests

pytestmark = pytest.mark.hostile


@pytest.fixture
def requests() -> Iterator[Callable[..., Requests]]:
    made: list[Requests] = []

    def make(user: str | None = None, password: str | None = None, timeout: float = 5.0) -> Requests:
        made.append(Requests(user, password, timeout))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WAITS", (0.01, 0.02, 0.03))


class TestRequests:
    def test_an_answer_comes_with_its_status_and_media_type(self, answering, requests, said) -> None:
        server = answering(said(b"{}", type="Application/JSON; charset=utf-8"))
        response = requests().send("GET", server.url)
        assert (response.status, response.media_type, response.body) == (200, "application/json", b"{}")

    @pytest.mark.usefixtures("hurried")
    @pytest.mark.parametrize("status", ["429 Slow", "502 Bad", "503 Busy", "504 Late"])
    def test_a_server_that_is_busy_is_asked_again(self, answering, requests, said, status: str) -> None:
        server = answering(said(status=status), said(status=status), said(b"there"))
        assert requests().send("POST", server.url, content=b"x").body == b"there"
        assert len(server.requests) == 3

    @pytest.mark.usefixtures("hurried")
    def test_a_connection_that_breaks_is_made_again(self, answering, requests, said) -> None:
        def breaks(connection: socket.socket, _: bytes) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

        server = answering(breaks, said(b"whole"))
        assert requests().send("GET", server.url).body == b"whole"

    @pytest.mark.usefixtures("hurried")
    def test_a_server_that_stays_busy_is_given_up(self, answering, requests, said) -> None:
        server = answering(said(b"no", status="503 Busy"))
        assert requests().send("GET", server.url).status == 503
        assert len(server.requests) == 4

    @pytest.mark.parametrize("status", ["400 Bad", "401 Who", "404 None", "500 Broken"])
    def test_a_refusal_is_not_asked_again(self, answering, requests, said, status: str) -> None:
        server = answering(said(b"no", status=status))
        assert requests().send("GET", server.url).status == int(status[:3])
        assert len(server.requests) == 1

    @pytest.mark.usefixtures("hurried")
    def test_where_nobody_listens_is_an_error(self, requests) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        with pytest.raises(RemoteStoreError, match="does not answer") as caught:
            requests().send("GET", f"http://127.0.0.1:{port}/")
        assert caught.value.status is None

    @pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 Temporary", "308 Permanent"])
    def test_a_redirect_is_not_followed(self, answering, requests, said, status: str) -> None:
        elsewhere = answering(said(b"secret"))
        server = answering(said(status=status, Location=f"{elsewhere.url}/"))
        with pytest.raises(RemoteStoreError, match="leads elsewhere"):
            requests().send("GET", server.url)
        assert elsewhere.requests == []

    def test_an_answer_that_says_it_is_too_long_is_not_read(self, answering, requests) -> None:
        server = answering(lambda c, _: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"))
        with pytest.raises(LimitError):
            requests().send("GET", server.url, limit=1000)

    def test_an_answer_without_end_is_ended_at_its_bound(self, answering, requests) -> None:
        def endless(connection: socket.socket, _: bytes) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _number in itertools.count():
                connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")

        with pytest.raises(LimitError, match="longer than 100,000 bytes"):
            requests().send("GET", answering(endless).url, limit=100_000)

    def test_a_packed_answer_is_not_unpacked(self, answering, requests, said) -> None:
        server = answering(said(b"\x1f\x8b" + b"0" * 50, Content_Encoding="gzip"))
        with pytest.raises(RemoteStoreError, match="packs"):
            requests().send("GET", server.url)

    @pytest.mark.parametrize(
        "begins", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"]
    )
    def test_an_answer_that_comes_a_byte_at_a_time_is_ended_at_the_deadline(
        self, answering, requests, begins: bytes
    ) -> None:
        """In the head as in the body: the deadline is of the whole request."""
        ended = threading.Event()

        def drips(connection: socket.socket, _: bytes) -> None:
            connection.sendall(begins)
            while not ended.wait(0.05):
                connection.sendall(b"x" if begins else b"")

        began = time.monotonic()
        try:
            with pytest.raises(RemoteStoreError, match=r"did not answer in 0\.5 s"):
                requests().send("GET", answering(drips).url, seconds=0.5)
        finally:
            ended.set()
        assert time.monotonic() - began < 1.0

    @pytest.mark.usefixtures("hurried")
    @pytest.mark.parametrize(
        "answer",
        [
            b"nothing of HTTP\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 200_000 + b"\r\n\r\n",
        ],
        ids=["no HTTP", "negative length", "two lengths", "bad chunk", "endless header"],
    )
    def test_what_is_no_http_is_an_error(self, answering, requests, answer: bytes) -> None:
        def send(connection: socket.socket, _: bytes) -> None:
            connection.sendall(answer)

        with pytest.raises(RemoteStoreError):
            requests(timeout=2).send("GET", answering(send).url)

    def test_after_an_error_the_next_request_is_answered(self, answering, requests, said) -> None:
        client = requests()
        server = answering(lambda c, _: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"), said(b"well"))
        with pytest.raises(LimitError):
            client.send("GET", server.url, limit=10)
        assert client.send("GET", server.url).body == b"well"

    def test_once_closed_nothing_is_sent(self, answering, requests, said) -> None:
        server, client = answering(said(b"x")), requests()
        client.close()
        client.close()
        with pytest.raises(RemoteStoreError, match="closed"):
            client.send("GET", server.url)
        assert server.requests == []


class TestWhoAsks:
    def test_a_password_is_sent_only_when_it_is_asked_for(self, answering, requests, said) -> None:
        server = answering(said(b"open"))
        requests("me", "secret").send("GET", server.url)
        assert b"authorization" not in server.requests[0].lower()

    def test_basic_is_answered_as_basic_and_from_then_on_at_once(self, answering, requests, said) -> None:
        server = answering(said(status="401 Who", WWW_Authenticate='Basic realm="r"'), said(b"in"))
        client = requests("me", "secret")
        assert client.send("POST", server.url, content=b"update=x").body == b"in"
        assert client.send("GET", server.url).body == b"in"
        assert len(server.requests) == 3
        assert b"Basic " + base64.b64encode(b"me:secret") in server.requests[1]
        assert server.requests[1].endswith(b"update=x")

    def test_digest_is_answered_as_digest_without_the_password(self, answering, requests, said) -> None:
        challenge = 'Digest realm="SPARQL", qop="auth", nonce="abc", algorithm=MD5'
        server = answering(said(status="401 Who", WWW_Authenticate=challenge), said(b"in"))
        assert requests("dba", "secret").send("POST", server.url, content=b"update=x").body == b"in"
        assert b"Authorization: Digest" in server.requests[1]
        assert b"secret" not in server.requests[1]

    @pytest.mark.parametrize("challenge", ["Digest", "Digest nonsense", "Negotiate", ""])
    def test_a_challenge_that_cannot_be_met_is_a_refusal(self, answering, requests, said, challenge: str) -> None:
        server = answering(said(b"no", status="401 Who", WWW_Authenticate=challenge))
        try:
            status = requests("me", "secret").send("GET", server.url).status
        except RemoteStoreError:
            status = 401
        assert status == 401
        assert all(b"secret" not in request for request in server.requests)
