"""Which graph a command asks: a data folder of this machine, the shipped seeds, or a service elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import orjson
import typer
from pydantic import ValidationError

from kgraph import resources
from kgraph.errors import ParameterError
from kgraph.graph import KnowledgeGraph
from kgraph.settings import Settings

if TYPE_CHECKING:
    from kgraph.client.http import HttpGraph

Answer = dict[str, Any]


class Body(Protocol):
    """A SPARQL answer: its media type and its bytes."""

    @property
    def media_type(self) -> str:
        """Media type, perhaps with parameters."""

    @property
    def body(self) -> bytes:
        """The bytes."""


class Door(Protocol):
    """What the reading commands need, in a folder as at a service."""

    def ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Answer:
        """The JSON answer of a verb."""

    def sparql(self, query: str, format: str | None) -> Body:
        """The answer of a query."""

    def export(self, format: str, options: Mapping[str, Any]) -> Iterator[bytes]:
        """The graph as a file."""


class _Folder:
    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph

    def ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Answer:
        answer: Answer = orjson.loads(orjson.dumps(getattr(self._graph, verb)(*names, **options)))
        return answer

    def sparql(self, query: str, format: str | None) -> Body:
        return self._graph.sparql(query, format=format)

    def export(self, format: str, options: Mapping[str, Any]) -> Iterator[bytes]:
        return self._graph.export(format, **options)


class _Service:
    def __init__(self, graph: HttpGraph) -> None:
        self._graph = graph

    def ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Answer:
        answer: Answer = getattr(self._graph, verb)(*names, **options)
        return answer

    def sparql(self, query: str, format: str | None) -> Body:
        return self._graph.sparql(query, format=format)

    def export(self, format: str, options: Mapping[str, Any]) -> Iterator[bytes]:
        return self._graph.export(format, **options)


def settings_for(data: Path | None) -> Settings:
    """The settings of the environment, with the folder that was named."""
    return settings_with(data=data)


def settings_with(**given: Any) -> Settings:
    """The settings of the environment, and before them what a command was given (None is not given).

    Raises ParameterError that names the first option or variable that does not fit.
    """
    given = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        setting = str(first["loc"][0])
        name = f"--{setting}" if setting in given else f"{Settings.model_config['env_prefix']}{setting.upper()}"
        reason = first["msg"].removeprefix("Value error, ")
        raise ParameterError(name, first["input"], reason[:1].lower() + reason[1:]) from error


def is_empty(folder: Path) -> bool:
    """Whether no graph was ever put there."""
    return not (folder / "journal").exists()


@contextmanager
def open_door(data: Path | None, url: str | None) -> Iterator[Door]:
    """The graph that the options name; see `open_graph` for a folder without one."""
    if url is not None:
        if data is not None:
            raise typer.BadParameter("give --data or --url, not both")
        from kgraph.client import http  # a folder needs no client

        with http.HttpGraph(url) as service:
            yield _Service(service)
        return
    settings = settings_for(data)
    with open_graph(settings) as graph:
        yield _Folder(graph)


def open_graph(settings: Settings) -> KnowledgeGraph:
    """The graph in the folder, to be read. A folder without one is left alone: the shipped seeds answer, in memory."""
    if is_empty(settings.data):
        typer.echo(f"kgraph: {settings.data} holds no graph; this is about the shipped seeds", err=True)
        return KnowledgeGraph.read(*resources.seeds(), settings=settings)
    return KnowledgeGraph.open(settings.data, settings=settings, holder="kgraph")
