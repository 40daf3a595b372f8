"""Answers as JSON bytes.

orjson writes a dict ten times as fast as a dataclass, of which it asks for the fields one by one; so what answers are
full of is handed over as dicts. The bytes are those of `orjson.dumps(value)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import orjson

from kgraph.model import ClaimRef, Edge, EntityRef, NeighbourRef, Span, TimeSpan


def encoded(value: Any) -> bytes:
    """A value of `kgraph.model`, or anything else that orjson takes, as JSON."""
    return orjson.dumps(value, _opened, orjson.OPT_PASSTHROUGH_DATACLASS)


def _opened(value: Any) -> dict[str, Any]:
    """The fields of a dataclass in their order. Raises TypeError for what is none, as orjson asks for."""
    return _HOW.get(type(value), _any)(value)


def _any(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _entity(v: EntityRef) -> dict[str, Any]:
    return {"id": v.id, "iri": v.iri, "label": v.label, "type": v.type, "type_label": v.type_label}


def _neighbour(v: NeighbourRef) -> dict[str, Any]:
    return {
        "id": v.id,
        "iri": v.iri,
        "label": v.label,
        "type": v.type,
        "type_label": v.type_label,
        "distance": v.distance,
        "notes": v.notes,
        "quantity": v.quantity,
        "period": v.period,
    }


def _edge(v: Edge) -> dict[str, Any]:
    return {
        "source": v.source,
        "predicate": v.predicate,
        "predicate_label": v.predicate_label,
        "target": v.target,
        "forward": v.forward,
        "claims": v.claims,
    }


def _claim(v: ClaimRef) -> dict[str, Any]:
    return {
        "id": v.id,
        "said_by": v.said_by,
        "via": v.via,
        "article": v.article,
        "voice": v.voice,
        "modality": v.modality,
        "polarity": v.polarity,
        "where": v.where,
        "when": v.when,
    }


def _span(v: Span) -> dict[str, Any]:
    return {
        "id": v.id,
        "article": v.article,
        "paragraph": v.paragraph,
        "sentence": v.sentence,
        "start": v.start,
        "end": v.end,
        "hash": v.hash,
        "table": v.table,
        "row": v.row,
        "text": v.text,
    }


def _time(v: TimeSpan) -> dict[str, Any]:
    return {
        "id": v.id,
        "text": v.text,
        "edtf": v.edtf,
        "earliest": v.earliest,
        "latest": v.latest,
        "basis": v.basis,
        "anchor": v.anchor,
    }


_HOW: dict[type, Callable[[Any], dict[str, Any]]] = {
    EntityRef: _entity,
    NeighbourRef: _neighbour,
    Edge: _edge,
    ClaimRef: _claim,
    Span: _span,
    TimeSpan: _time,
}
