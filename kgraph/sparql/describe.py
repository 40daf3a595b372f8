"""What the SPARQL service can do and what the graph holds, in the W3C's own vocabularies (`sd:` and `void:`)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from kgraph import formats
from kgraph.namespaces import Namespaces
from kgraph.rdf import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple
from kgraph.settings import Settings
from kgraph.sparql import examples, guard, pathterms
from kgraph.sparql.pathguard import MOST_BLOCKS
from kgraph.sparql.pathsearch import MOST_ROWS

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_W3C_NAME = {
    formats.TURTLE: "Turtle",
    formats.TRIG: "TriG",
    formats.NTRIPLES: "N-Triples",
    formats.NQUADS: "N-Quads",
    formats.JSONLD: "JSON-LD",
    formats.RDFXML: "RDF_XML",
    formats.SPARQL_JSON: "SPARQL_Results_JSON",
    formats.SPARQL_XML: "SPARQL_Results_XML",
    formats.SPARQL_CSV: "SPARQL_Results_CSV",
    formats.SPARQL_TSV: "SPARQL_Results_TSV",
}

Node = NamedNode | Literal


class _Writer:
    """Collects quads about things; texts become English literals, numbers integers."""

    def __init__(self, namespaces: Namespaces) -> None:
        self.quads: list[Quad] = []
        self._namespaces = namespaces
        self._prefixes = {**namespaces.prefixes, "sd": SD}

    def slug(self, iri: str) -> str:
        """A short name for an IRI, to be part of another: `kg-Claim`, or a hash where no prefix fits."""
        curie = self._namespaces.compress(iri)
        return hashlib.sha256(iri.encode()).hexdigest()[:20] if curie == iri else curie.replace(":", "-")

    def term(self, curie: str) -> NamedNode:
        """The IRI of `prefix:name`."""
        prefix, _, name = curie.partition(":")
        return NamedNode(self._prefixes[prefix] + name)

    def say(self, subject: NamedNode, predicate: str, value: Node | str | int) -> None:
        """One triple."""
        if isinstance(value, str):
            value = Literal(value, language="en")
        elif isinstance(value, int):
            value = Literal(value)
        self.quads.append(Quad(subject, self.term(predicate), value))


def service(
    settings: Settings, namespaces: Namespaces, graphs: Sequence[str], endpoint: str = "", *, writable: bool = False
) -> list[Quad]:
    """The service description. `graphs` are the IRIs of the named graphs, `endpoint` is the address of queries; the
    limits are told in a comment.

    Where it is `writable`, updates are a language of it (sent to `/update` beside the endpoint, with a key).
    """
    write = _Writer(namespaces)
    base = endpoint or f"{namespaces.base}sparql"
    here, dataset, default = NamedNode(f"{base}#service"), NamedNode(f"{base}#dataset"), NamedNode(f"{base}#default")
    write.say(here, "rdf:type", write.term("sd:Service"))
    write.say(here, "sd:endpoint", NamedNode(base))
    write.say(here, "sd:supportedLanguage", write.term("sd:SPARQL11Query"))
    if writable:
        write.say(here, "sd:supportedLanguage", write.term("sd:SPARQL11Update"))
    if settings.default_graph == "union":
        write.say(here, "sd:feature", write.term("sd:UnionDefaultGraph"))
    for fmt in (*formats.RESULTS, *formats.RDF):
        write.say(here, "sd:resultFormat", NamedNode(FORMATS + _W3C_NAME[fmt]))
    for fmt in formats.RDF if writable else ():
        write.say(here, "sd:inputFormat", NamedNode(FORMATS + _W3C_NAME[fmt]))
    write.say(here, "sd:feature", write.term("sd:EmptyGraphs"))
    write.say(here, "rdfs:comment", " ".join(limits(settings)))
    write.say(here, "sd:feature", NamedNode(f"{namespaces.kg}path"))
    write.quads += pathterms.quads()
    write.quads += examples.described(namespaces, base)
    write.say(here, "sd:defaultDataset", dataset)
    write.say(dataset, "rdf:type", write.term("sd:Dataset"))
    write.say(dataset, "sd:defaultGraph", default)
    write.say(default, "rdf:type", write.term("sd:Graph"))
    for number, graph in enumerate(graphs, 1):
        node = NamedNode(f"{base}#graph-{number}")
        write.say(dataset, "sd:namedGraph", node)
        write.say(node, "rdf:type", write.term("sd:NamedGraph"))
        write.say(node, "sd:name", NamedNode(graph))
    return write.quads


def limits(settings: Settings) -> tuple[str, ...]:
    """The bounds of a query, each as a sentence."""
    return (
        "Queries only read; updates go to /update, with a key. SERVICE and LOAD are refused, except SERVICE kg:path.",
        f"A query has at most {settings.max_body:,} bytes.",
        *(f"At most {value:,}: {name}." for name, value in guard.described()),
        f"It is ended after {settings.query_timeout:g} s or at {settings.query_memory:,} bytes of memory.",
        f"At most {MOST_BLOCKS} path searches (SERVICE kg:path) in a query, which give at most {MOST_ROWS:,} rows.",
        f"An answer has at most {settings.query_rows:,} rows or triples and {settings.query_bytes:,} bytes.",
        f"At most {settings.readers} short queries and as many long ones are evaluated at once.",
        f"An update or upload changes at most {settings.update_quads:,} quads, of {settings.update_bytes:,} bytes.",
        f"An uploaded document has at most {settings.max_upload:,} bytes.",
        *(f"A client may send {n:,} queries a minute." for n in (settings.client_requests,) if n),
        *(f"Answering a client may take {s:g} s of each minute." for s in (settings.client_seconds,) if s),
    )


def void(quads: Iterable[Quad], namespaces: Namespaces, endpoint: str = "") -> list[Quad]:
    """A VoID description of the flattened graph: triples, subjects, objects, class and property partitions.

    Counts are of distinct triples over all graphs, entities of distinct subjects.
    """
    write = _Writer(namespaces)
    dataset = NamedNode(f"{namespaces.base}.well-known/void#dataset")
    type_ = write.term("rdf:type")
    seen: set[Triple] = set()
    classes: Counter[NamedNode] = Counter()
    properties: Counter[NamedNode] = Counter()
    graphs: Counter[str] = Counter()
    for quad in quads:
        if not isinstance(quad.graph_name, DefaultGraph | BlankNode):
            graphs[quad.graph_name.value] += 1
        if quad.triple in seen:
            continue
        seen.add(quad.triple)
        properties[quad.predicate] += 1
        if quad.predicate == type_ and isinstance(quad.object, NamedNode):
            classes[quad.object] += 1
    write.say(dataset, "rdf:type", write.term("void:Dataset"))
    write.say(dataset, "dcterms:title", "kgraph: attributed claims")
    if endpoint:
        write.say(dataset, "void:sparqlEndpoint", NamedNode(endpoint))
        write.quads += examples.described(namespaces, endpoint)
        service = endpoint.removesuffix("sparql")
        for suffix, fmt in ((".ttl", formats.TURTLE), (".nq", formats.NQUADS)):
            dump = NamedNode(f"{service}export{suffix}")
            write.say(dataset, "void:dataDump", dump)
            write.say(dump, "dcterms:format", NamedNode(FORMATS + _W3C_NAME[fmt]))
    for fmt in formats.RDF:
        write.say(dataset, "void:feature", NamedNode(FORMATS + _W3C_NAME[fmt]))
    write.say(dataset, "void:uriSpace", Literal(namespaces.id))
    for vocabulary in ("kg", "kgs", "skos", "prov", "rdf"):
        write.say(dataset, "void:vocabulary", NamedNode(namespaces.prefixes[vocabulary]))
    write.say(dataset, "void:triples", len(seen))
    write.say(dataset, "void:distinctSubjects", len({t.subject for t in seen}))
    write.say(dataset, "void:distinctObjects", len({t.object for t in seen}))
    write.say(dataset, "void:entities", len({t.subject for t in seen if isinstance(t.subject, NamedNode)}))
    write.say(dataset, "void:classes", len(classes))
    write.say(dataset, "void:properties", len(properties))
    _partition(write, dataset, "class", classes, "void:entities")
    _partition(write, dataset, "property", properties, "void:triples")
    for graph, count in sorted(graphs.items()):
        node = NamedNode(f"{dataset.value}-graph-{write.slug(graph)}")
        write.say(dataset, "void:subset", node)
        write.say(node, "rdf:type", write.term("void:Dataset"))
        write.say(node, "dcterms:source", NamedNode(graph))
        write.say(node, "void:triples", count)
    return write.quads


def _partition(write: _Writer, dataset: NamedNode, kind: str, counts: Counter[NamedNode], counted: str) -> None:
    for term, count in sorted(counts.items(), key=lambda item: item[0].value):
        node = NamedNode(f"{dataset.value}-{kind}-{write.slug(term.value)}")
        write.say(dataset, f"void:{kind}Partition", node)
        write.say(node, f"void:{kind}", term)
        write.say(node, counted, count)
