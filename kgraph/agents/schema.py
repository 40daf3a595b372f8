"""What can be asked about, in words for a language model: relations, classes and codes, prefixes, example queries."""

from __future__ import annotations

from kgraph.namespaces import Namespaces
from kgraph.schema import Schema
from kgraph.search.names import fold
from kgraph.sparql.examples import examples

_PATTERN = """\
Each relation is a direct triple, and each claim that states it a resource of its own:
?c rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:attributedTo ?who ; kg:evidence/kg:paragraph ?paragraph .
Only what is reported and affirmed is a direct triple; claims have kg:modality and kg:polarity (codes of kgs:).
Names of things are id: and a slug; their label is skos:prefLabel. SERVICE kg:path searches paths inside a query."""


def described(schema: Schema, about: str = "") -> dict[str, object]:
    """Relations, classes and codes, each a line; only those that hold the words of `about`."""
    names, words = schema.namespaces, fold(about).split()

    def kept(lines: list[str]) -> list[str]:
        return sorted(line for line in lines if all(word in fold(line) for word in words))

    def classes(iris: tuple[str, ...]) -> str:
        return " or ".join(map(names.compress, iris)) or "anything"

    return {
        "pattern": _PATTERN.splitlines(),
        "relations": kept(
            [
                f"{one.curie}: {one.label} / {one.inverse_label}: {classes(one.domain)} → {classes(one.range)}"
                for one in schema.relations.values()
            ]
        ),
        "classes": kept(
            [
                f"{names.compress(iri)}: {one.label}{_below(one.parents, names)}"
                for iri, one in schema.classes.items()
                if one.walked
            ]
        ),
        "codes": kept([f"{names.compress(iri)}: {label}" for iri, label in schema.concepts.items()]),
    }


def _below(parents: tuple[str, ...], names: Namespaces) -> str:
    return f", a {' and a '.join(map(names.compress, parents))}" if parents else ""


def prefixes(names: Namespaces) -> str:
    """The prefixes as SPARQL writes them."""
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(names.prefixes.items()))


def queries(names: Namespaces) -> str:
    """The example queries, each under its name and with what it shows."""
    return "\n".join(
        f"## {one.label}\n\n{one.comment}\n\n```sparql\n{one.query.strip()}\n```\n" for one in examples(names)
    )
