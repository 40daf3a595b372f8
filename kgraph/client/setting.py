"""What every answer of a client shares: names, labels that were fetched, and where it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from kgraph.client.asking import Asking
from kgraph.namespaces import Namespaces


class Setting:
    """What an answer needs to be shown: names, labels (fetched in one request, then kept) and the service."""

    def __init__(
        self,
        namespaces: Callable[[], Namespaces],
        fetch: Callable[[Sequence[str]], Mapping[str, str]],
        service: str | None,
        asking: Asking,
    ) -> None:
        self._namespaces, self._fetch, self.service, self.asking = namespaces, fetch, service, asking
        self._labels: dict[str, str] = {}

    @cached_property
    def namespaces(self) -> Namespaces:
        """The prefixes, with the base of the graph that was asked."""
        return self._namespaces()

    def labels(self, iris: Sequence[str]) -> dict[str, str]:
        """The labels of IRIs; what has none is its own short name."""
        missing = [iri for iri in dict.fromkeys(iris) if iri not in self._labels]
        if missing:
            found = self._fetch(missing)
            self._labels |= {iri: found.get(iri, self.namespaces.compress(iri)) for iri in missing}
        return {iri: self._labels[iri] for iri in iris}
