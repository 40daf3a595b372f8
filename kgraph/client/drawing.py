"""What an answer draws: its things and relations in the service's own shapes, each relation with its claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kgraph.client.rows import Json
from kgraph.client.terms import Term
from kgraph.errors import ParameterError
from kgraph.namespaces import Namespaces

_REF = ("id", "iri", "label", "type", "type_label")
_CLAIM = ("id", "voice", "modality", "polarity")
_PLACE = ("paragraph", "sentence", "row")
_TRIPLE = (("s", "subject", "source"), ("p", "predicate", "relation"), ("o", "object", "target"))
_LABELS = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
)
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Drawing:
    """Nodes by id, edges by their ends and predicate, and the ids that stand in the middle."""

    nodes: Mapping[str, Json]
    edges: Mapping[tuple[str, str, str], Json]
    centre: tuple[str, ...] = ()

    def json(self, notes: Sequence[str] = (), near: str | None = None) -> Json:
        """The trait of the widget. `near` is the id that the newest nodes were asked for."""
        return {
            "nodes": list(self.nodes.values()),
            "edges": list(self.edges.values()),
            "centre": list(self.centre),
            "notes": list(notes),
            "near": near,
        }

    def joined(self, more: Drawing) -> Drawing:
        """Both: what is here stays as it is, and a relation of both has the claims of both."""
        edges = dict(self.edges)
        for key, edge in more.edges.items():
            edges[key] = _both(edges[key], edge) if key in edges else edge
        fresh = {id: node for id, node in more.nodes.items() if id not in self.nodes}
        return Drawing({**self.nodes, **fresh}, edges, self.centre)

    def named(
        self, labels: Mapping[str, str], types: Mapping[str, tuple[str, str]], relations: Mapping[str, str]
    ) -> Drawing:
        """The same with labels and types of IRIs, where the rows gave none; `relations` has the IRIs of predicates."""
        nodes = {}
        for id, node in self.nodes.items():
            made, iri = dict(node), node["iri"]
            if node["label"] == id and iri in labels:
                made["label"] = labels[iri]
            if not node["type"] and iri in types:
                made["type"], made["type_label"] = types[iri]
            nodes[id] = made
        edges = {
            key: {**edge, "predicate_label": labels.get(relations[edge["predicate"]], edge["predicate"])}
            for key, edge in self.edges.items()
        }
        return Drawing(nodes, edges, self.centre)


def of_answer(verb: str, answer: Json) -> Drawing:
    """What the answer of a verb draws. Raises ParameterError where it names no relations."""
    match verb:
        case "neighbourhood" | "connect":
            centre = [answer["centre"]] if answer.get("centre") else []
            return _drawing(answer["nodes"], answer["edges"], centre)
        case "paths":
            ends = [*answer["source"], *answer["target"]]
            nodes = [*ends, *(node for path in answer["paths"] for node in path["nodes"])]
            return _drawing(nodes, [edge for path in answer["paths"] for edge in path["edges"]], ends)
        case "claim":
            return _of_claims([], [answer])
        case "entity":
            return _of_claims([answer], answer["claims"])
        case "timeline":
            return _of_claims([answer["entity"]], answer["claims"])
    reason = "it names no relations; client.neighbourhood(…).show() draws what stands near one of them"
    raise ParameterError("show", verb, reason)


def claim_of(claim: Json) -> Json:
    """Who says it, where and how: what the widget tells of a claim."""
    places = claim["where"] if isinstance(claim["where"], list) else [claim["where"]]
    where = [{name: place.get(name) for name in _PLACE} for place in places if place]
    made = {name: claim[name] for name in _CLAIM}
    made |= {name: [_name(one) for one in claim[name]] for name in ("said_by", "via")}
    article, when = claim.get("article"), claim.get("when")
    return {
        **made,
        "article": article and _name(article),
        "where": where,
        "when": when and {"text": when["text"]},
    }


def of_terms(
    columns: Sequence[str],
    rows: Iterable[Sequence[Term | None]],
    namespaces: Namespaces,
) -> Drawing:
    """What rows of subject, predicate and object draw, found by the names of the columns, or because there are three
    with relations in the middle. Labels and types are their short names where no row gives them. Raises ParameterError.
    """
    table = list(rows)
    at = _triple(columns, table)
    labels: dict[str, str] = {}
    types: dict[str, str] = {}
    nodes: dict[str, Json] = {}
    edges = []
    for row in table:
        subject, predicate, object_ = (row[place] for place in at)
        if subject is None or predicate is None or object_ is None:
            continue
        source = _node(subject, namespaces)
        nodes.setdefault(source["id"], source)
        if predicate.text in _LABELS and object_.kind == "literal":
            labels[source["id"]] = object_.text
        elif predicate.text == _RDF_TYPE and object_.kind == "iri":
            types[source["id"]] = namespaces.compress(object_.text)
        else:
            target = _node(object_, namespaces)
            nodes.setdefault(target["id"], target)
            name = namespaces.compress(predicate.text)
            edge = {"source": source["id"], "predicate": name, "predicate_label": name, "target": target["id"]}
            edges.append({**edge, "forward": True, "claims": []})
    for id, label in labels.items():
        nodes[id]["label"] = label
    for id, type in types.items():
        nodes[id] |= {"type": type, "type_label": type}
    return _drawing(nodes.values(), edges, [])


def _triple(columns: Sequence[str], table: Sequence[Sequence[Term | None]]) -> tuple[int, int, int]:
    found = [next((at for at, column in enumerate(columns) if column in names), None) for names in _TRIPLE]
    if None not in found:
        source, predicate, target = (at for at in found if at is not None)
        return source, predicate, target
    if len(columns) == 3 and all(row[1] is None or row[1].kind == "iri" for row in table):
        return 0, 1, 2
    reason = "a picture needs subject, predicate and object: name the columns ?s ?p ?o, or ask with CONSTRUCT"
    raise ParameterError("show", " ".join(columns), reason)


def _node(term: Term, namespaces: Namespaces) -> Json:
    if term.kind == "iri":
        short = namespaces.compress(term.text)
        return {"id": short, "iri": term.text, "label": short, "type": "", "type_label": ""}
    if term.kind == "blank":
        return {"id": f"_:{term.text}", "iri": "", "label": f"_:{term.text}", "type": "", "type_label": "blank node"}
    kind = term.language or (term.datatype or "").rpartition("#")[2] or "text"
    return {"id": f'"{term.text}"^^{kind}', "iri": "", "label": term.text, "type": "", "type_label": f"value ({kind})"}


def _of_claims(things: Sequence[Json], claims: Sequence[Json]) -> Drawing:
    ends = []
    edges = []
    for claim in claims:
        object_ = claim["object"]
        if claim.get("quantity"):
            object_ = {**object_, "label": claim["quantity"]["text"]}
        ends += [claim["subject"], object_]
        edge = {"source": claim["subject"]["id"], "target": object_["id"], "forward": True, "claims": [claim]}
        edges.append({**edge, "predicate": claim["predicate"], "predicate_label": claim["predicate_label"]})
    return _drawing([*things, *ends], edges, things)


def _drawing(nodes: Iterable[Json], edges: Iterable[Json], centre: Sequence[Json]) -> Drawing:
    things: dict[str, Json] = {}
    for node in nodes:
        notes, number = node.get("notes") or [], node.get("quantity")
        told: Json = {"notes": [note if isinstance(note, str) else note["text"] for note in notes]} if notes else {}
        told |= {"quantity": {"text": number["text"]}} if number else {}
        things.setdefault(node["id"], {**{name: node[name] for name in _REF}, **told})
    lines: dict[tuple[str, str, str], Json] = {}
    for edge in edges:
        kept = {name: edge[name] for name in ("source", "predicate", "predicate_label", "target", "forward")}
        kept["claims"] = [claim_of(one) for one in edge["claims"]]
        key = (edge["source"], edge["predicate"], edge["target"])
        lines[key] = _both(lines[key], kept) if key in lines else kept
    return Drawing(things, lines, tuple(dict.fromkeys(one["id"] for one in centre)))


def _both(held: Json, edge: Json) -> Json:
    claims = {claim["id"]: claim for claim in (*held["claims"], *edge["claims"])}
    return {**held, "claims": list(claims.values())}


def _name(ref: Json) -> Json:
    return {"id": ref["id"], "label": ref["label"]}
