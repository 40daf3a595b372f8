"""The setting names a server's endpoints, never who asks, and never two servers."""

from __future__ import annotations

import pytest

from kgraph.errors import ParameterError
from kgraph.store.remote.address import Address


@pytest.mark.parametrize(
    ("text", "query", "update", "graphs"),
    [
        (
            "sparql+http://127.0.0.1:7878/",
            "http://127.0.0.1:7878/query",
            "http://127.0.0.1:7878/update",
            "http://127.0.0.1:7878/store",
        ),
        (
            "sparql+https://a.org/kg",
            "https://a.org/kg/query",
            "https://a.org/kg/update",
            "https://a.org/kg/store",
        ),
        (
            "sparql+http://a.org:8890/?query=sparql&update=sparql-auth",
            "http://a.org:8890/sparql",
            "http://a.org:8890/sparql-auth",
            None,
        ),
        (
            "sparql+http://a.org/x/?query=/q%3Fdb%3D1&update=u&graphs=data",
            "http://a.org/q?db=1",
            "http://a.org/x/u",
            "http://a.org/x/data",
        ),
    ],
)
def test_an_address_names_the_endpoints(text: str, query: str, update: str, graphs: str | None) -> None:
    assert Address.read(text) == Address(query, update, graphs)


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:7878/",
        "sparql+ftp://a.org/",
        "sparql+http:///query",
        "sparql+http://a.org:none/",
        "sparql+http://a.org/#part",
        "sparql+http://a.org/?endpoint=x",
        "sparql+http://a.org/?query=&update=u",
        "sparql+http://a.org/?query=http://b.org/&update=u",
        "sparql+http://a.org/?query=//b.org/q&update=u",
        "",
    ],
)
def test_an_address_that_would_fail_later_is_refused_at_once(text: str) -> None:
    with pytest.raises(ParameterError, match="KGRAPH_STORE"):
        Address.read(text)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ParameterError, match="KGRAPH_STORE_PASSWORD") as caught:
        Address.read("sparql+http://me:secret@a.org/")
    assert "secret" not in str(caught.value) + str(caught.value.fields())
