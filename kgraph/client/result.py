"""What every question answers: a table, a graph, a page or a text, made when it is asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgraph.client import columns, showing
from kgraph.client.drawing import Drawing
from kgraph.client.extras import needed
from kgraph.client.setting import Setting
from kgraph.client.showing import Shown

if TYPE_CHECKING:
    import networkx
    import pandas
    import polars
    import rdflib

    from kgraph.client.widget import GraphWidget

SHOWN = 50
"""Rows of a page or a text, where no other number is asked for."""


class Result(ABC):
    """An answer. It has rows (`len`, iteration, `df`, `pl`), a graph (`to_networkx`, `to_rdflib`), and is shown with
    labels and evidence: as a page in a notebook, as Markdown for a language model.

    >>> from kgraph.client import Client
    >>> client = Client("graph.ttl")
    >>> answer = client.search("IATP")
    >>> next(iter(answer))["label"]
    'Inter-Parliamentary Alliance on China'
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of `df`."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def __iter__(self) -> Iterator[dict[str, Any]]: ...

    @abstractmethod
    def _arrow(self) -> dict[str, Any]: ...

    @abstractmethod
    def _shown(self, most: int) -> tuple[Sequence[str], list[Shown]]: ...

    @abstractmethod
    def _drawing(self) -> Drawing: ...

    @abstractmethod
    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """The answer as a graph: relations are edges from subject to object, with their evidence as attributes.

        >>> from kgraph.client import Client
        >>> near = Client("graph.ttl").neighbourhood("ngos-open-letter", predicate="hasMember").to_networkx()
        >>> sorted(paragraph for _, _, paragraph in near.edges(data="paragraph"))
        [16, 16]
        """

    @abstractmethod
    def to_rdflib(self) -> rdflib.Graph:
        """The answer as RDF. Raises ParameterError where it is a table without subject, predicate and object.

        >>> from kgraph.client import Client
        >>> len(Client("graph.ttl").sparql("CONSTRUCT WHERE { ?who kg:hasMember ?member }").to_rdflib())
        2
        """

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of the answer, a sentence each: the verdict, and what was cut.

        >>> from kgraph.client import Client
        >>> Client("graph.ttl").paths("amnesty-international", "ioc").notes
        ('There is none within 6 hops: the search was exhaustive.',)
        """
        return ()

    def prepare(self) -> None:
        """Fetch what its page and its Markdown are shown with (labels, prefixes), so that showing it asks nobody."""
        self._shown(SHOWN)

    @cached_property
    def df(self) -> pandas.DataFrame:
        """A pandas DataFrame: whole numbers Int64, truth boolean, dates datetime64, texts str; missing is missing.

        Needs the extra `notebook`.

        >>> from kgraph.client import Client
        >>> Client("graph.ttl").neighbourhood("ngos-open-letter", predicate="hasMember").df["target_label"].tolist()
        ['Amnesty International', 'Human Rights Watch']
        """
        frame: pandas.DataFrame = columns.to_pandas(self._arrow())
        return frame

    @cached_property
    def pl(self) -> polars.DataFrame:
        """A polars DataFrame. Needs the extra `polars`.

        >>> from kgraph.client import Client
        >>> Client("graph.ttl").search("IATP").pl["label"][0]
        'Inter-Parliamentary Alliance on China'
        """
        frame: polars.DataFrame = columns.to_polars(self._arrow())
        return frame

    def show(self, height: int = 480) -> GraphWidget:
        """Draw the answer: a widget of `height` pixels, in which a double click shows what stands near a thing and a
        click on a relation tells who says so, and where. A page made of the notebook draws it too, asking nobody.

        Needs the extra `notebook`. Raises ParameterError where the answer names no relations.

        >>> from kgraph.client import Client
        >>> drawn = Client("graph.ttl").paths("amnesty-international", "antonio-guterres").show()
        >>> [node["label"] for node in drawn.graph["nodes"]]
        ['Amnesty International', 'António Guterres', 'More than 300 organisations']
        """
        needed("anywidget", "notebook")
        widget = needed("kgraph.client.widget", "notebook")
        shown: GraphWidget = widget.GraphWidget(
            self._drawing(), self._setting.asking, self._said(), self._lens(), height
        )
        return shown

    def _said(self) -> Sequence[str]:
        return self.notes

    def _lens(self) -> Mapping[str, Any]:
        return {}

    def markdown(self, rows: int = SHOWN) -> str:
        """A table in Markdown: names with their ids, each row with the claims to cite and where they stand.

        >>> from kgraph.client import Client
        >>> print(Client("graph.ttl").search("IATP").markdown())
        | name | type | matched |
        | --- | --- | --- |
        | Inter-Parliamentary Alliance on China (`id:inter-parliamentary-alliance-on-china`) | Coalition | IATP |
        <BLANKLINE>
        """
        heads, shown = self._shown(rows)
        return showing.markdown(heads, shown, self._told(len(shown)))

    def _repr_markdown_(self) -> str:
        return self.markdown()

    def _repr_html_(self) -> str:
        heads, shown = self._shown(SHOWN)
        return showing.html(heads, shown, self._told(len(shown)), self._setting.service)

    def _told(self, shown: int) -> list[str]:
        cut = [f"Shown are {shown:,} of {len(self):,} rows; `.df` has all."] if shown < len(self) else []
        return [*self.notes, *cut]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self):,} rows, {', '.join(self.columns) or 'no columns'}>"
