"""The one table of formats: name ⇄ media type ⇄ suffix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kgraph.errors import ParameterError

Kind = Literal["graph", "dataset", "network", "table", "results"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `graph` holds triples, `dataset` quads, `network` nodes and edges, `table` claims as rows,
    `results` the rows of a SPARQL SELECT or ASK."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    kind: Kind
    charset: bool = False

    @property
    def content_type(self) -> str:
        """The value of a Content-Type header."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


TURTLE = Format("turtle", "text/turtle", (".ttl",), "graph", charset=True)
TRIG = Format("trig", "application/trig", (".trig",), "dataset")
NTRIPLES = Format("ntriples", "application/n-triples", (".nt",), "graph")
NQUADS = Format("nquads", "application/n-quads", (".nq",), "dataset")
JSONLD = Format("jsonld", "application/ld+json", (".jsonld",), "dataset")
RDFXML = Format("rdfxml", "application/rdf+xml", (".rdf", ".xml", ".owl"), "graph")
GRAPHML = Format("graphml", "application/graphml+xml", (".graphml",), "network")
GEXF = Format("gexf", "application/gexf+xml", (".gexf",), "network")
CSV = Format("csv", "text/csv", (".csv",), "table", charset=True)
SPARQL_JSON = Format("sparql-json", "application/sparql-results+json", (".srj", ".json"), "results")
SPARQL_XML = Format("sparql-xml", "application/sparql-results+xml", (".srx",), "results")
SPARQL_CSV = Format("sparql-csv", "text/csv", (".csv",), "results", charset=True)
SPARQL_TSV = Format("sparql-tsv", "text/tab-separated-values", (".tsv",), "results", charset=True)

RDF = (TURTLE, TRIG, NTRIPLES, NQUADS, JSONLD, RDFXML)
EXPORT = (*RDF, GRAPHML, GEXF, CSV)
RESULTS = (SPARQL_JSON, SPARQL_XML, SPARQL_CSV, SPARQL_TSV)


def named(text: str, among: tuple[Format, ...]) -> Format:
    """The format with that name, media type or suffix (with or without its dot).

    >>> named("ttl", EXPORT).name
    'turtle'

    Raises ParameterError when there is none.
    """
    wanted = text.strip().lower()
    for fmt in among:
        if wanted in (fmt.name, fmt.media_type) or f".{wanted.lstrip('.')}" in fmt.suffixes:
            return fmt
    raise ParameterError("format", text, f"known are {', '.join(f.name for f in among)}")


def by_suffix(filename: str, among: tuple[Format, ...] = RDF) -> Format | None:
    """The format a file's name tells, or None."""
    lower = filename.lower()
    return next((f for f in among if any(lower.endswith(s) for s in f.suffixes)), None)
