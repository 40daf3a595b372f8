"""What a page is about, in the words of schema.org, for those who read pages by machine.

The page is described, and what stands on it: the thing, and claims with their authors and the article they appear in. A
claim stays a claim: nothing here is stated as a fact, and nothing is reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from markupsafe import Markup

from kgraph.model import Claim, Entity, EntityRef, Source, Span
from kgraph.schema import Schema

Thing = dict[str, Any]
_SAME = "skos:exactMatch"
# What could end the element, or open another one, is written as JSON escapes.
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def written(data: Thing) -> Markup:
    """JSON that may stand in a script element."""
    text = orjson.dumps(data).decode()
    for character, escape in _ESCAPED.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - nothing in it that HTML reads


def described(value: Entity | Claim | Source, schema: Schema, address: str, service: str) -> Markup:
    """The page at `address` of the service at `service`, as JSON-LD. Agents and things have the IRIs of the graph."""
    page: Thing = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "inLanguage": "en",
        "isPartOf": {
            "@type": "Dataset",
            "@id": f"{service}/.well-known/void",
            "name": "kgraph",
            "url": f"{service}/",
            "description": "What sources say: claims, each with its speaker, its article and its place. Not what the "
            "publisher of this graph says.",
        },
    }
    if isinstance(value, Claim):
        page |= {"name": value.sentence, "about": _claim(value, schema, service)}
    elif isinstance(value, Source):
        credits = dict.fromkeys(credit.agent for credit in value.credits if credit.agent.id != value.id)
        about = {**_named(_ref(value), schema), "mentions": [_named(agent, schema) for agent in credits]}
        page |= {"name": value.label, "about": about}
    else:
        page |= {"name": value.label, "about": _entity(value, schema)}
        page["mainEntity"] = [_claim(claim, schema, service) for claim in value.claims]
    return written(page)


def _ref(value: Source | Entity) -> EntityRef:
    return EntityRef(value.id, value.iri, value.label, value.type, value.type_label)


def _entity(value: Entity, schema: Schema) -> Thing:
    same = [f.value for f in value.facts if f.predicate == _SAME and f.value.startswith(("http://", "https://"))]
    more = {"alternateName": list(value.labels.alt_labels), "sameAs": same}
    return {**_named(_ref(value), schema), **{name: several for name, several in more.items() if several}}


def _named(ref: EntityRef, schema: Schema) -> Thing:
    return {"@type": schema.schema_org(ref.type), "@id": ref.iri, "name": ref.label}


def _claim(claim: Claim, schema: Schema, service: str) -> Thing:
    standing = [claim.modality, *([claim.polarity] if claim.polarity != "affirmed" else []), claim.voice]
    about = [claim.subject, *([] if claim.quantity or claim.period else [claim.object])]
    told: Thing = {
        "@type": "Claim",
        "@id": claim.iri,
        "url": f"{service}/claim?{urlencode({'id': claim.id})}",
        "text": claim.sentence,
        "disambiguatingDescription": ", ".join(code.replace("-", " ") for code in standing),
        "author": _several(claim.said_by, schema),
        "about": _several(about, schema),
        "appearance": {
            **_named(claim.article, schema),
            "@type": "CreativeWork",
            "pagination": "; ".join(filter(None, map(_place, claim.where))),
        },
    }
    if claim.via:
        told["contributor"] = _several(claim.via, schema)
    return told


def _several(refs: Iterable[EntityRef], schema: Schema) -> Thing | Sequence[Thing]:
    found = [_named(ref, schema) for ref in refs]
    return found[0] if len(found) == 1 else found


def _place(span: Span) -> str:
    if span.paragraph is None:
        return f"table {span.table}, row {span.row}" if span.table else ""
    return f"paragraph {span.paragraph}" + (f", sentence {span.sentence}" if span.sentence is not None else "")
