"""Answers as graphs of the tools people know: networkx and rdflib."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kgraph.client.rows import Json
from kgraph.client.terms import Term
from kgraph.namespaces import Namespaces

if TYPE_CHECKING:
    import networkx
    import rdflib

Triple = tuple[Term, Term, Term]


def of_edges(nodes: Iterable[Json], found: Iterable[Json]) -> networkx.MultiDiGraph[str]:
    """Nodes are short ids with `label`, `type`, `iri`; edges run from subject to object, their keys are the claims."""
    import networkx as nx

    graph: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in nodes:
        graph.add_node(node["id"], label=node["label"], type=node.get("type_label", ""), iri=node["iri"])
    for values in found:
        source, target = values.get("source") or values["subject"], values.get("target") or values["object"]
        held = {name: value for name, value in values.items() if value is not None and name not in ("path", "step")}
        graph.add_edge(
            source,
            target,
            key=values.get("claim") or values["predicate"],
            **{**held, "label": values["predicate_label"]},
        )
    return graph


def of_terms(columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> networkx.MultiDiGraph[str]:
    """Rows of terms: the first column with an IRI to the next one that is a thing, the others are attributes.

    Of three columns that are subject, predicate and object the middle one is the key of the edge.
    """
    import networkx as nx

    graph: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
    triples = len(columns) == 3 and columns[1] in ("p", "predicate", "relation")
    for row in rows:
        ends = [0, 2] if triples else [at for at, one in enumerate(row) if one and one.kind in ("iri", "blank")][:2]
        chosen = [row[at] for at in ends]
        if len(chosen) < 2 or None in chosen:
            graph.add_nodes_from(str(one.value) for one in chosen if one)
            continue
        others = {
            name: _plain(one) for at, (name, one) in enumerate(zip(columns, row, strict=True)) if one and at not in ends
        }
        source, target = (str(one.value) for one in chosen if one)
        middle = row[1] if triples else None
        graph.add_edge(source, target, key=str(middle.value) if middle else None, **others)
    return graph


def _plain(term: Term) -> str | int | float:
    """The value as GraphML and GEXF take it: a number, a truth, else a text."""
    value = term.value
    return value if type(value) in (bool, int, float) else str(value)  # type: ignore[return-value]


def rdflib_term(term: Term) -> Any:
    """The term as rdflib has it. Raises ParameterError for a triple term, which rdflib has not."""
    import rdflib

    from kgraph.errors import ParameterError

    match term.kind:
        case "iri":
            return rdflib.URIRef(term.text)
        case "blank":
            return rdflib.BNode(term.text)
        case "literal":
            datatype = rdflib.URIRef(term.datatype) if term.datatype else None
            return rdflib.Literal(term.text, lang=term.language, datatype=datatype, normalize=False)
    raise ParameterError("to_rdflib", term.text, "rdflib has no triple terms")


def graph_of_claims(nodes: Iterable[Json], found: Iterable[Json], namespaces: Namespaces) -> rdflib.Graph:
    """The direct triples of the rows, the labels of what they name, and the claims that state them."""
    import rdflib
    from rdflib.namespace import RDF, SKOS

    graph, kg = rdflib.Graph(), rdflib.Namespace(namespaces.kg)
    for prefix, space in namespaces.prefixes.items():
        graph.bind(prefix, space)

    def iri(name: str) -> rdflib.URIRef:
        return rdflib.URIRef(namespaces.expand(name))

    for node in nodes:
        graph.add((rdflib.URIRef(node["iri"]), SKOS.prefLabel, rdflib.Literal(node["label"], lang="en")))
    for values in found:
        subject = iri(values.get("source") or values["subject"])
        object_ = iri(values.get("target") or values["object"])
        relation = iri(values["predicate"])
        if values.get("modality", "reported") == "reported" and values.get("polarity", "affirmed") == "affirmed":
            graph.add((subject, relation, object_))
        if not values.get("claim"):
            continue
        claim = iri(values["claim"])
        graph.add((claim, RDF.type, kg.Claim))
        graph.add((claim, RDF.subject, subject))
        graph.add((claim, RDF.predicate, relation))
        graph.add((claim, RDF.object, object_))
        graph.add((claim, kg.assertedIn, iri(values["article"])))
        for name, predicate in (("said_by", kg.attributedTo), ("via", kg.reportedVia)):
            for one in (values[name] or "").split():
                graph.add((claim, predicate, iri(one)))
    return graph
