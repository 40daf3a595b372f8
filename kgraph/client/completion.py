"""What may stand at the end of a query that is being written: prefixes, classes, relations, codes, entities, variables.

All comes from the graph itself: its vocabulary is asked for once, entities by its own search as letters are typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kgraph.client.client import Client
from kgraph.client.names import VOCABULARY

_LAST = re.compile(r"(?:(?P<variable>[?$]\w*)|(?P<prefix>[A-Za-z][\w.-]*)?(?P<colon>:)?(?P<local>[\w.-]*))\Z")
_MOST = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may stand there, what kind of thing it is, and what it is called."""

    text: str
    kind: str
    label: str = ""


class Completer:
    """Completes queries about one graph.

    >>> found = Completer(Client("graph.ttl"))
    >>> [one.text for one in found.complete("SELECT * { ?x kg:hasMem")[1]]
    ['kg:hasMember']
    >>> [one.text for one in found.complete("SELECT * { id:amnesty")[1]]
    ['id:amnesty-international']
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    @cached_property
    def _vocabulary(self) -> tuple[Candidate, ...]:
        compress = self._client.namespaces.compress
        rows = self._client.sparql(VOCABULARY)
        return tuple(Candidate(compress(str(row["term"])), str(row["kind"])) for row in rows)

    def complete(self, before: str) -> tuple[str, list[Candidate]]:
        """The word that ends the text before the cursor, and what it may become."""
        match = _LAST.search(before)
        if match is None or not match.group():
            return "", []
        word = match.group()
        if match["variable"]:
            names = dict.fromkeys(re.findall(r"[?$]\w+", before[: match.start()]))
            return word, [Candidate(name, "variable") for name in names if name.startswith(word)]
        if not match["colon"]:
            return word, [Candidate(f"{p}:", "prefix") for p in self._client.prefixes if p.startswith(word)]
        return word, list(self._named(word, match["prefix"] or "", match["local"]))[:_MOST]

    def _named(self, word: str, prefix: str, local: str) -> Iterator[Candidate]:
        lowered = word.lower()
        yield from (one for one in self._vocabulary if one.text.lower().startswith(lowered))
        if prefix != "id" or not local:
            return
        for hit in self._client.search(local.replace("-", " "), limit=_MOST)["items"]:
            if hit["id"].startswith(word) or local.lower() in hit["label"].lower():
                yield Candidate(hit["id"], "entity", hit["label"])
