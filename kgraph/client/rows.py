"""The answers of the verbs as rows: one edge, claim, name or source a row, with its evidence beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Json = dict[str, Any]
_INTEGERS = frozenset({"path", "step", "claims", "paragraph", "sentence", "distance", "spans", "length", "row"})
_FLOATS = frozenset({"score", "confidence"})
_DATES = frozenset({"earliest", "latest"})


_WHERE = ("said_by", "via", "article", "paragraph", "sentence", "row")
_STANDING = (*_WHERE, "voice", "modality", "polarity", "earliest", "latest")
_EDGES = (
    *("source", "source_label", "predicate", "predicate_label", "target", "target_label", "claims", "claim"),
    *_STANDING,
)
_CLAIMS = (
    *("claim", "subject", "subject_label", "predicate", "predicate_label", "object", "object_label"),
    *(*_STANDING, "confidence", "reads"),
)
_SOURCES = ("id", "label", "type", "claims", "spans", "length", "hash", "iri", "earliest", "latest")
COLUMNS: dict[str, tuple[str, ...]] = {
    "search": ("id", "label", "type", "score", "matched", "iri"),
    "sources": _SOURCES,
    "neighbourhood": _EDGES,
    "connect": _EDGES,
    "paths": ("path", "step", *_EDGES),
    "compare": ("became", *_EDGES),
    "entity": _CLAIMS,
    "timeline": _CLAIMS,
    "claim": _CLAIMS,
}
"""The columns of each verb's answer, also of an empty one."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A name to be shown: its label, its short id, its IRI."""

    label: str
    id: str
    iri: str


@dataclass(frozen=True, slots=True)
class Row:
    """What is said, as values by column, as cells to be shown, and by which claims."""

    values: Json
    shown: dict[str, Ref | str]
    evidence: tuple[Json, ...] = ()


def rows(verb: str, answer: Json) -> list[Row]:
    """The rows of an answer."""
    match verb:
        case "search":
            return [_hit(one) for one in answer["items"]]
        case "sources":
            return [_source(one) for one in answer["items"]]
        case "neighbourhood" | "connect":
            nodes = {one["id"]: one for one in answer["nodes"]}
            return [_edge(edge, nodes, {}) for edge in answer["edges"]]
        case "paths":
            return [
                _edge(edge, {n["id"]: n for n in path["nodes"]}, {"path": number, "step": step})
                for number, path in enumerate(answer["paths"], 1)
                for step, edge in enumerate(path["edges"], 1)
            ]
        case "compare":
            nodes = {one["id"]: one for one in answer["nodes"]}
            return [_edge(one["edge"], nodes, {"became": one["became"]}) for one in answer["changes"]]
        case "claim":
            return [_claim(answer)]
        case _:
            return [_claim(one) for one in answer["claims"]]


def by_claim(found: Sequence[Row]) -> list[Json]:
    """The values of the rows once for each claim that states them, so that no evidence is lost."""
    return [
        {**row.values, **({"claim": claim["id"], **_standing(claim)} if claim else {})}
        for row in found
        for claim in (row.evidence or (None,))
    ]


def columns(verb: str, found: Sequence[Row]) -> dict[str, Any]:
    """The rows of a verb as Arrow columns: whole numbers, numbers, dates and texts."""
    import pyarrow as pa

    made = {}
    for name in COLUMNS[verb]:
        values = [row.values.get(name) for row in found]
        if name in _DATES:
            made[name] = pa.array([_date(one) for one in values], pa.date32())
        elif name in _INTEGERS or name in _FLOATS:
            made[name] = pa.array(values, pa.int64() if name in _INTEGERS else pa.float64())
        else:
            made[name] = pa.array(values, pa.string())
    return made


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:  # a year alone
        return None


def ref(named: Mapping[str, Any]) -> Ref:
    """The name of an entity of an answer."""
    return Ref(str(named["label"]), str(named["id"]), str(named["iri"]))


def _hit(one: Json) -> Row:
    values = {"id": one["id"], "label": one["label"], "type": one["type_label"], "score": one["score"]}
    shown = {"name": ref(one), "type": one["type_label"], "matched": one["matched"]}
    return Row({**values, "matched": one["matched"], "iri": one["iri"]}, shown)


def _source(one: Json) -> Row:
    when = one.get("published") or {}
    values = {"id": one["id"], "label": one["label"], "type": one["type_label"], "claims": one["claims"]}
    values |= {"spans": one["spans"], "length": one["length"], "hash": one["hash"], "iri": one["iri"]}
    values |= {"earliest": when.get("earliest"), "latest": when.get("latest")}
    credits = ", ".join(
        f"{c['agent']['label']} ({c['claims']:,}{' passed on' if c['role'] == 'via' else ''})" for c in one["credits"]
    )
    shown = {"source": ref(one), "type": one["type_label"], "claims": f"{one['claims']:,}"}
    return Row(values, {**shown, "credited": credits, "unknown": ", ".join(one["unknown"])})


def _edge(edge: Json, nodes: Mapping[str, Json], before: Json) -> Row:
    ends = [nodes.get(edge[end]) or {"id": edge[end], "iri": edge[end], "label": edge[end]} for end in _ENDS]
    source, target = map(ref, ends)
    first = edge["claims"][0] if edge["claims"] else None
    values = {**before, "source": source.id, "source_label": source.label, "predicate": edge["predicate"]}
    values |= {"predicate_label": edge["predicate_label"], "target": target.id, "target_label": target.label}
    values |= {"claims": len(edge["claims"]), "claim": first and first["id"], **_standing(first)}
    shown: dict[str, Ref | str] = {name: str(value) for name, value in before.items()}
    shown |= {"from": source, "relation": edge["predicate_label"], "to": target}
    return Row(values, shown, tuple(edge["claims"]))


_ENDS = ("source", "target")


def _claim(claim: Json) -> Row:
    subject, object_ = ref(claim["subject"]), ref(claim["object"])
    number = claim.get("quantity") or {}
    values = {"claim": claim["id"], "subject": subject.id, "subject_label": subject.label}
    values |= {"predicate": claim["predicate"], "predicate_label": claim["predicate_label"]}
    values |= {"object": object_.id, "object_label": number.get("text") or object_.label, **_standing(claim)}
    values |= {"confidence": claim["confidence"], "reads": claim["sentence"]}
    what: Ref | str = number.get("text") or object_
    shown = {"subject": subject, "relation": claim["predicate_label"], "object": what}
    if claim.get("when"):
        shown["when"] = claim["when"]["text"]
    return Row(values, shown, (claim,))


def _standing(claim: Json | None) -> Json:
    if claim is None:
        return {}
    places = claim["where"] if isinstance(claim["where"], list) else [claim["where"]]
    place, when = (places[0] if places else {}), claim.get("when") or {}
    said = {
        "said_by": " ".join(one["id"] for one in claim["said_by"]),
        "via": " ".join(one["id"] for one in claim["via"]) or None,
        "article": claim["article"]["id"],
        "paragraph": place.get("paragraph"),
        "sentence": place.get("sentence"),
        "row": place.get("row"),
    }
    standing = {name: claim[name] for name in ("voice", "modality", "polarity")}
    return {**said, **standing, "earliest": when.get("earliest"), "latest": when.get("latest")}


def evidence(claim: Json) -> str:
    """Who says it, through whom and where, in one line: *Reuters through AP; article 01, P16 s2 [alleged]*."""
    places = claim["where"] if isinstance(claim["where"], list) else [claim["where"]]
    where = ", ".join(filter(None, map(_place, places)))
    own = [one["id"] for one in claim["said_by"]] == [claim["article"]["id"]]
    who = ", ".join(one["label"] for one in claim["said_by"]) or "not attributed"
    who = "the article's own voice" if own else who
    through = ", ".join(one["label"] for one in claim["via"])
    marks = [claim[name].rpartition(":")[2] for name in ("modality", "polarity")]
    marks = [mark for mark in marks if mark not in ("reported", "affirmed")]
    line = (
        f"{who}{f' through {through}' if through else ''}; {claim['article']['label']}{f', {where}' if where else ''}"
    )
    return f"{line}{''.join(f' [{mark}]' for mark in marks)}"


def _place(span: Json) -> str:
    if span.get("row") is not None:
        return f"row {span['row']}"
    if span.get("paragraph") is None:
        return ""
    place = f"P{span['paragraph']}"
    return place if span.get("sentence") is None else f"{place} s{span['sentence']}"
