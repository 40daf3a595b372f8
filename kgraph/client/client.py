"""One way in: a service at its address, or a graph on this machine, with the same questions and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, Self, Unpack

from kgraph.client import names
from kgraph.client.answer import Answer
from kgraph.client.asking import WANTED, Asked, Asking
from kgraph.client.binding import Iri, bind
from kgraph.client.embedded import Embedded
from kgraph.client.faults import told
from kgraph.client.http import Document, HttpGraph
from kgraph.client.options import (
    CompareOptions,
    ConnectOptions,
    EntityOptions,
    ExportOptions,
    NeighbourhoodOptions,
    PathOptions,
)
from kgraph.client.queried import Rows
from kgraph.client.rows import Json
from kgraph.client.setting import Setting
from kgraph.namespaces import Namespaces
from kgraph.question import Names


class Door(Asked, Protocol):
    """A graph that can be asked for all that a client offers."""

    def export(self, format: str, options: Mapping[str, Any]) -> Iterator[bytes]:
        """The graph as a file, in pieces."""

    def description(self) -> bytes:
        """The service description, as N-Triples."""

    def close(self) -> None:
        """Let go."""


class Service(Door):
    """A service as a door."""

    def __init__(self, graph: HttpGraph) -> None:
        self._graph = graph

    def ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Json:
        answer: Json = getattr(self._graph, verb)(*names, **options)
        return answer

    def sparql(self, query: str, format: str) -> Document:
        return self._graph.sparql(query, format=format)

    def export(self, format: str, options: Mapping[str, Any]) -> Iterator[bytes]:
        return self._graph.export(format, **options)

    def description(self) -> bytes:
        return self._graph.description()

    def close(self) -> None:
        self._graph.close()


def is_address(where: str | Path) -> bool:
    """Whether that names a service, and not a file or folder."""
    return isinstance(where, str) and "://" in where


def setting_of(door: Door, service: str | None) -> tuple[Setting, _Knowledge]:
    """What answers of a graph need to be shown, and what the graph says of itself."""
    knowledge = _Knowledge(door)

    def labels(iris: Sequence[str]) -> Mapping[str, str]:
        return names.labels(door.sparql(names.labels_query(iris), WANTED).body)

    asking = Asking(door, lambda: knowledge.namespaces)
    return Setting(lambda: knowledge.namespaces, labels, service, asking), knowledge


class _Knowledge:
    """What a graph says of itself, asked once and when it is needed."""

    def __init__(self, door: Door) -> None:
        self._door = door

    @cached_property
    def _described(self) -> tuple[Namespaces, str]:
        with told():
            return names.described(self._door.description())

    @property
    def namespaces(self) -> Namespaces:
        """The prefixes, with the base of the graph."""
        return self._described[0]

    @property
    def limits(self) -> str:
        """The limits of a query, in sentences."""
        return self._described[1]


class Client:
    """A graph: `Client("http://127.0.0.1:8000")` asks a service, `Client("graph.ttl")` or `Client("data/")` reads it
    here, offline. Names are slugs, CURIEs (`id:ioc`) or IRIs; options are those of the routes, lens included.

    `key` is sent as `Authorization: Bearer`. A service is waited for `timeout` seconds and asked `retries` times more
    where it cannot be reached or says when to come again. May be used with `with`.

    >>> from kgraph.client import Client
    >>> client = Client("graph.ttl")
    >>> client.paths("amnesty-international", "antonio-guterres").notes[0]
    'Found 1 within 6 hops.'

    Every method raises errors of `kgraph.errors`, the same for a service as for a file: RemoteError is left for a
    service that does not answer.
    """

    def __init__(self, where: str | Path, key: str | None = None, *, timeout: float = 60.0, retries: int = 2) -> None:
        self.where = str(where)
        self._door: Door
        if is_address(where):
            service = HttpGraph(str(where), key, timeout=timeout, retries=retries)
            self._door, address = Service(service), service.url
        else:
            self._door, address = Embedded(Path(where)), None
        self._setting, self._knowledge = setting_of(self._door, address)

    def search(self, q: str, *, type: str | None = None, limit: int = 20, cursor: str | None = None) -> Answer:
        """Entities by label, alias or misprint, best first; typos, accents and case are forgiven.

        >>> Client("graph.ttl").search("IATP")["items"][0]["id"]
        'id:inter-parliamentary-alliance-on-china'
        """
        return self._ask("search", (q,), {"type": type, "limit": limit, "cursor": cursor})

    def entity(self, id: str, **options: Unpack[EntityOptions]) -> Answer:
        """Everything held about one entity; its rows are the claims. Raises EntityNotFoundError.

        >>> Client("graph.ttl").entity("ioc")["label"]
        'International Olympic Committee'
        """
        return self._ask("entity", (id,), options)

    def neighbourhood(self, entity: str, **options: Unpack[NeighbourhoodOptions]) -> Answer:
        """What stands within `hops` of an entity, an edge a row, each with the claims that state it.

        >>> Client("graph.ttl").neighbourhood("ioc", hops=1, limit=5).df["target_label"].dtype.name
        'str'
        """
        return self._ask("neighbourhood", (entity,), options)

    def paths(self, source: Names, target: Names, **options: Unpack[PathOptions]) -> Answer:
        """How two entities, or any of several, are connected: `found`, `none_within` (proven) or `stopped`.

        >>> Client("graph.ttl").paths("amnesty-international", "antonio-guterres")["verdict"]
        'found'
        """
        return self._ask("paths", (source, target), options)

    def connect(self, entities: Sequence[str], **options: Unpack[ConnectOptions]) -> Answer:
        """The small subgraph that connects two or more entities.

        >>> Client("graph.ttl").connect(["amnesty-international", "antonio-guterres"])["verdict"]
        'found'
        """
        return self._ask("connect", (list(entities),), options)

    def compare(self, entity: str, **options: Unpack[CompareOptions]) -> Answer:
        """What stands near an entity (or connects it with `target`) from two sides: a row for each relation that
        `other` sees no more, anew, or still. `one` and `other` are what each lens has of its own.

        >>> Client("graph.ttl").compare("chinese-communist-party", other="modality=any")["counts"]["vanishes"]
        0
        """
        return self._ask("compare", (entity,), options)

    def timeline(self, entity: str, **options: Unpack[EntityOptions]) -> Answer:
        """The dated claims about an entity in order; `earliest` and `latest` of `df` are dates.

        >>> Client("graph.ttl").timeline("import-blockade").df["earliest"].dtype.name
        'datetime64[s]'
        """
        return self._ask("timeline", (entity,), options)

    def claim(self, id: str) -> Answer:
        """One claim whole: who says it, through whom, where. Raises ClaimNotFoundError.

        >>> client = Client("graph.ttl")
        >>> near = client.neighbourhood("ngos-open-letter", predicate="addresses")
        >>> client.claim(near.df["claim"][0]).notes[0]
        'More than 300 organisations address António Guterres (P16).'
        """
        return self._ask("claim", (id,), {})

    def sources(self, *, limit: int = 100, cursor: str | None = None) -> Answer:
        """The articles and claim tables, with counts, hashes, and whom they credit.

        >>> Client("graph.ttl").sources()["items"][0]["id"]
        'id:article-01'
        """
        return self._ask("sources", (), {"limit": limit, "cursor": cursor})

    def sparql(self, query: str, /, **bindings: object) -> Rows:
        """The answer of a SPARQL query, whose variables of those names are bound to values as typed terms.

        A text is a literal, an IRI is `client.iri("id:ioc")` or an entity of an answer; numbers, truths and dates are
        typed. The usual prefixes need no declaration. Raises QuerySyntaxError, with the line and a caret as its note,
        ParameterError, LimitError.

        >>> client = Client("graph.ttl")
        >>> client.sparql("SELECT ?label { ?who skos:prefLabel ?label }", who=client.iri("ioc")).df["label"][0]
        'International Olympic Committee'
        """
        with told():
            answer = self._door.sparql(bind(query, bindings), WANTED)
        return Rows(self._setting, answer.body, answer.media_type)

    def export(self, format: str = "turtle", **options: Unpack[ExportOptions]) -> Iterator[bytes]:
        """The graph, or a part of it, as a file in pieces: turtle, trig, jsonld, graphml, gexf, csv and others.

        >>> b"".join(Client("graph.ttl").export("turtle", entity="ioc"))[:7]
        b'@prefix'
        """
        with told():
            yield from self._door.export(format, options)

    def iri(self, name: str) -> Iri:
        """The IRI of a slug, CURIE or IRI, to be bound in a query.

        >>> Client("graph.ttl").iri("kg:demands")
        Iri('https://w3id.org/kgraph/ns#demands')
        """
        return Iri(self._knowledge.namespaces.expand(name))

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes a query need not declare.

        >>> Client("graph.ttl").prefixes["kg"]
        'https://w3id.org/kgraph/ns#'
        """
        return dict(self._knowledge.namespaces.prefixes)

    @property
    def namespaces(self) -> Namespaces:
        """How names are made short and long, with the base of the graph.

        >>> Client("graph.ttl").namespaces.compress("https://w3id.org/kgraph/id/ioc")
        'id:ioc'
        """
        return self._knowledge.namespaces

    @property
    def limits(self) -> str:
        """The limits of the graph in words: how long a query may take, how many rows it may give.

        >>> "rows or triples" in Client("graph.ttl").limits
        True
        """
        return self._knowledge.limits

    def close(self) -> None:
        """Let go of connections, or of the folder."""
        self._door.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.where!r})"

    def _ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Answer:
        with told():
            return Answer(self._setting, verb, self._door.ask(verb, names, options), options)
