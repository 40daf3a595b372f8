"""SPARQL answers as a table."""

from __future__ import annotations

from typing import Any

import orjson
from rich.text import Text

from kgraph.cli.screen import Screen, styled
from kgraph.cli.words import count
from kgraph.namespaces import Namespaces


def show(screen: Screen, body: bytes) -> None:
    """The JSON results of a SELECT or ASK; IRIs as CURIEs where a prefix fits."""
    answer = orjson.loads(body)
    if "boolean" in answer:
        screen.line(("yes" if answer["boolean"] else "no", "bold"))
        return
    names = answer["head"]["vars"]
    compress = Namespaces.load().compress
    rows = answer["results"]["bindings"]
    if rows and names:
        screen.table(
            [tuple(_term(row.get(n), compress) for n in names) for row in rows], (1,) * len(names), tuple(names)
        )
    screen.line((count(len(rows), "row"), "dim"))


def _term(term: dict[str, Any] | None, compress: Any) -> Text:
    if term is None:
        return Text("")
    value = term["value"]
    if term["type"] == "uri":
        return styled((compress(value), "cyan"))
    if term["type"] == "triple":
        return styled(
            "<<( ",
            *(part for k in ("subject", "predicate", "object") for part in (_term(value[k], compress).plain, " ")),
            ")>>",
        )
    return styled(f"_:{value}" if term["type"] == "bnode" else value)
