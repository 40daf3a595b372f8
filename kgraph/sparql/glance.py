"""Short plain queries let through at a glance, as most are.

Reading every token of a query takes the guard longer than the engine needs for many an answer. A text that cannot break
any of the guard's bounds, because it has not the signs for it, and that holds neither `SERVICE` nor `FROM`, nor an
escape that might spell one, need not be read. What this lets through, the guard would let through; what it does not,
the guard decides. Whether it parses, the engine says.
"""

from __future__ import annotations

import re
from typing import cast

from kgraph.sparql.guard import Form, QueryForm

LONGEST = 1_000
SIGNS = 190
OPEN = 60
_IRI = r"<[^<>\"{}|^`\\\s]*+>"
_START = re.compile(
    rf"\s*+(?:(?:PREFIX\s++[A-Za-z0-9_-]*+:\s*+|BASE\s++){_IRI}\s*+)*+(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:.-])",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"SERVICE|FROM|\\|#\s|[^\x00-\x7f]|[A-Za-z]{60}", re.IGNORECASE)
# What begins a token, or parts two. With the inside of IRIs taken out a text has fewer tokens than twice these.
_INSIDE = re.compile(r"<[^<>\"{}|^`\\\s()!]*+>")
_SIGN = re.compile(r"[^A-Za-z0-9_:/-]\s*+")
_UNARY = re.compile(r"[!+^-](?:\s*[!+^-]){16}")


def form(text: str) -> QueryForm | None:
    """The form of a query that needs no guard; None where the guard has to read it."""
    if len(text) > LONGEST or _REFUSED.search(text):
        return None
    start = _START.match(text)
    if start is None or _UNARY.search(text):
        return None
    plain = _INSIDE.sub("<", text)
    if len(_SIGN.findall(plain)) + plain.count("/") + plain.count("-") > SIGNS:
        return None
    if sum(map(plain.count, "([{<")) > OPEN:
        return None
    return QueryForm(cast("Form", start[1].upper()), names_dataset=False)
