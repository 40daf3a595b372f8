"""The verb `paths` as SPARQL queries ask it: at the generation they are evaluated on, told in IRIs."""

from __future__ import annotations

from typing import Any

from kgraph.model import Paths
from kgraph.sparql.pathrows import Identifiers
from kgraph.verbs import Verbs


class Walks(Verbs):
    """A graph's path questions, for `SERVICE kg:path` (a `PathSource`)."""

    _telling = Identifiers()

    def __init__(self, verbs: Verbs) -> None:
        self.namespaces, self.schema = verbs.namespaces, verbs.schema
        self._generations, self._signer, self._bounds = verbs._generations, verbs._signer, verbs._bounds

    def walk(self, generation: int, source: tuple[str, ...], target: tuple[str, ...], **asked: Any) -> Paths:
        """As `paths` at a generation, whose nodes are IRIs and whose edges are hops."""
        return self.paths(source, target, at=generation, **asked)
