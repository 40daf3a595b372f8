"""What every question answers: a table, a graph, a page or a text, made when it is asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from kgraph import formats
from kgraph.client import columns, drawing, network, rows, showing
from kgraph.client.drawing import Drawing
from kgraph.client.extras import needed
from kgraph.client.rows import Json, Ref
from kgraph.client.setting import Setting
from kgraph.client.showing import Shown
from kgraph.client.terms import Term, read
from kgraph.question import LENS_NAMES

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


class Answer(Result):
    """The answer of a verb; `data` is the JSON of the service, its shapes those of `/docs`."""

    def __init__(self, setting: Setting, verb: str, data: Json, asked: Mapping[str, Any] | None = None) -> None:
        super().__init__(setting)
        self.verb, self.data, self._asked = verb, data, asked or {}
        self._rows = rows.rows(verb, data)

    @property
    def columns(self) -> tuple[str, ...]:
        return rows.COLUMNS[self.verb]

    @property
    def again(self) -> dict[str, Any] | None:
        """The arguments of the same verb that go on where this answer was cut; None where it was not."""
        found: dict[str, Any] | None = self.data.get("again")
        return found

    @property
    def notes(self) -> tuple[str, ...]:
        told = []
        if self.verb == "paths":
            told.append(_verdict(self.data))
            told += [path["sentence"] for path in self.data["paths"]]
        elif self.verb in ("claim", "compare"):
            told.append(self.data["sentence"])
        elif self.data.get("stopped_by"):
            told.append(f"The search was stopped by {self.data['stopped_by']}: this may not be all.")
        if self.again:
            told.append(f"There is more: `client.{self.verb}(**answer.again)` goes on.")
        return tuple(told)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return ({name: row.values.get(name) for name in self.columns} for row in self._rows)

    def __getitem__(self, name: str) -> Any:
        """A member of `data`."""
        return self.data[name]

    def _arrow(self) -> dict[str, Any]:
        return rows.columns(self.verb, self._rows)

    def _shown(self, most: int) -> tuple[Sequence[str], list[Shown]]:
        some = self._rows[:most]
        heads = list(dict.fromkeys(name for row in some for name in row.shown))
        return heads, [(row.shown, row.evidence) for row in some]

    def _drawing(self) -> Drawing:
        return drawing.of_answer(self.verb, self.data)

    def _said(self) -> Sequence[str]:
        return self.notes[:1] if self.verb == "paths" else self.notes  # the paths are what is drawn

    def _lens(self) -> Mapping[str, Any]:
        """What the answer was seen through, as a neighbourhood takes it: on paths, `source` is where they start."""
        names = {*LENS_NAMES} - ({"source"} if self.verb == "paths" else set())
        return {name: value for name, value in self._asked.items() if name in names}

    def _nodes(self) -> list[Json]:
        nodes = {ref.id: {"id": ref.id, "label": ref.label, "iri": ref.iri} for ref in self._refs()}
        whole = [self.data, *self.data.get("nodes", ()), *(n for p in self.data.get("paths", ()) for n in p["nodes"])]
        whole = [one for one in whole if "iri" in one and "label" in one]
        return list({**nodes, **{one["id"]: one for one in whole}}.values())

    def _refs(self) -> Iterator[Ref]:
        return (cell for row in self._rows for cell in row.shown.values() if isinstance(cell, Ref))

    def _edges(self) -> list[Json]:
        return [values for values in rows.by_claim(self._rows) if "predicate" in values]

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        return network.of_edges(self._nodes(), self._edges())

    def to_rdflib(self) -> rdflib.Graph:
        return network.graph_of_claims(self._nodes(), self._edges(), self._setting.namespaces)


def _verdict(answer: Json) -> str:
    within = f"within {answer['max_hops']} hops"
    match answer["verdict"]:
        case "found":
            return f"Found {len(answer['paths'])} {within}."
        case "none_within":
            return f"There is none {within}: the search was exhaustive."
    return f"Stopped by {answer['stopped_by']} before an answer was certain."


class Rows(Result):
    """The rows of a SELECT, the truth of an ASK (`bool`), or the triples of a CONSTRUCT or DESCRIBE."""

    def __init__(self, setting: Setting, body: bytes, media_type: str) -> None:
        super().__init__(setting)
        self._body, self._is_graph = body, media_type.startswith(formats.NTRIPLES.media_type)
        self._truth = {b"true": True, b"false": False}.get(body[:9].strip()) if not self._is_graph else None

    @cached_property
    def _table(self) -> Any:
        import pyarrow as pa

        if self._truth is not None:
            return pa.table({"answer": [str(self._truth).lower()]})
        if not self._is_graph:
            return columns.read(self._body)
        from kgraph import rdf

        quads = list(rdf.parse(self._body, formats.NTRIPLES, file="answer"))
        parts = {name: [str(getattr(quad, name)) for quad in quads] for name in ("subject", "predicate", "object")}
        return pa.table({name: pa.array(written, pa.string()) for name, written in parts.items()})

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._table.column_names)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __bool__(self) -> bool:
        """The truth of an ASK; else whether there are rows."""
        return len(self) > 0 if self._truth is None else self._truth

    def terms(self) -> Iterator[tuple[Term | None, ...]]:
        """The rows as whole terms, with datatypes and languages; None where unbound.

        >>> from kgraph.client import Client
        >>> next(Client("graph.ttl").sparql("SELECT ?label { id:ioc skos:prefLabel ?label }").terms())[0].language
        'en'
        """
        for batch in self._table.to_batches(max_chunksize=1024):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield tuple(None if written is None else read(written) for written in row)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self.terms():
            yield dict(zip(self.columns, (term and term.value for term in row), strict=True))

    def _arrow(self) -> dict[str, Any]:
        return {name: columns.typed(self._table[name]) for name in self.columns}

    def _shown(self, most: int) -> tuple[Sequence[str], list[Shown]]:
        some = list(islice(self.terms(), most))
        iris = [term.text for row in some for term in row if term and term.kind == "iri"]
        labels = self._setting.labels(iris)
        return self.columns, [
            ({name: self._cell(term, labels) for name, term in zip(self.columns, row, strict=True) if term}, ())
            for row in some
        ]

    def _cell(self, term: Term, labels: Mapping[str, str]) -> Ref | str:
        if term.kind == "iri":
            return Ref(labels[term.text], self._setting.namespaces.compress(term.text), term.text)
        return f"_:{term.text}" if term.kind == "blank" else term.text

    def _drawing(self) -> Drawing:
        plain = drawing.of_terms(self.columns, self.terms(), self._setting.namespaces)
        things = [node["iri"] for node in plain.nodes.values() if node["iri"]]
        relations = {name: self._setting.namespaces.expand(name) for _, name, _ in plain.edges}
        labels = self._setting.labels([*things, *relations.values()])
        return plain.named(labels, self._setting.asking.types(things), relations)

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        return network.of_terms(self.columns, self.terms())

    def to_rdflib(self) -> rdflib.Graph:
        import rdflib

        from kgraph.errors import ParameterError

        if len(self.columns) != 3:
            reason = "give three columns (subject, predicate, object), or ask with CONSTRUCT"
            raise ParameterError("to_rdflib", ", ".join(self.columns), reason)
        graph = rdflib.Graph()
        for prefix, space in self._setting.namespaces.prefixes.items():
            graph.bind(prefix, space)
        for row in self.terms():
            if None not in row:
                graph.add(tuple(network.rdflib_term(term) for term in row if term))
        return graph
