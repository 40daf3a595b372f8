"""Matches the rows of a table with entities: candidates by name and properties, and values to add to a row.

Names are found as `search` finds them: by label, alias and misprint. An entity is called by its slug here, as tables
write it, or by its IRI where it has none. Values are those that the standing lens sees unless more is asked for, and a
thing that is a value tells in its description who says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kgraph.errors import EntityNotFoundError, ParameterError
from kgraph.model import Edge, Hit, Neighbourhood, NeighbourRef, Quantity
from kgraph.model.reconciliation import Candidate, Candidates, Extension, Feature, Match, Named, Wanted
from kgraph.search.names import fold
from kgraph.suggesting import NAMES, Suggesting, described

_CERTAIN = 100.0
_PART = 0.3
"""What properties weigh in a score beside the name."""
_OTHER_TYPE = 0.8
"""What is left of a score where a candidate should have a type and has another."""
_FEWEST, _MOST = 10, 25
"""So many candidates, at least and at most, are looked at where properties decide between them."""


class Reconciliation(Suggesting):
    """The questions of a reconciliation service, asked of a graph."""

    # ------------------------------------------------------------------ matching

    def candidates(self, asked: Match) -> Candidates:
        """What a row may mean, best first. Raises ParameterError for a type or property that is not known."""
        wanted = [(self._property(one.pid), frozenset(self._keys(one.values))) for one in asked.properties]
        found = self._named(asked) if asked.query.strip() else self._by_values(asked)
        scored = []
        for hit, of_type in found[: min(max(asked.limit, _FEWEST), _MOST) if wanted else asked.limit]:
            features = [Feature("name", hit.score)] if asked.query.strip() else []
            features += [Feature("type", of_type)] if asked.types else []
            held = [Feature(pid, float(bool(keys & self._held(hit.iri, pid)))) for pid, keys in wanted]
            share = sum(one.value for one in held) / len(held) if held else 1.0
            score = hit.score * (1 - _PART) + 100 * _PART * share if held else hit.score
            certain = hit.score == _CERTAIN and share == 1.0 and of_type
            score *= 1 if of_type else _OTHER_TYPE
            scored.append((round(score, 1), certain, hit, (*features, *held)))
        scored.sort(key=lambda one: -one[0])
        alone = sum(certain for _, certain, _, _ in scored) == 1
        return Candidates(
            tuple(
                Candidate(
                    self.id(hit.iri, hit.id),
                    hit.label,
                    described(hit),
                    score,
                    certain and alone,
                    (Named(hit.type, hit.type_label),),
                    features,
                )
                for score, certain, hit, features in scored[: asked.limit]
            )
        )

    def _named(self, asked: Match) -> list[tuple[Hit, bool]]:
        """Hits by name, and whether each has the type that is wished for."""
        query, most = asked.query.strip(), max(asked.limit, _FEWEST)
        if ":" in query and self._namespaces.is_iri(query):  # an identifier, and no name that looks like another
            one = self._identified(query)
            return [(one, not asked.types or self._is_any(one, asked.types))] if one else []
        if not fold(query):
            return []
        if not asked.types:
            return [(hit, True) for hit in self._graph.search(query, limit=most).items]
        several = [self._graph.search(query, type=type, limit=most).items for type in asked.types]
        typed = {hit.iri: hit for hits in several for hit in hits}
        if asked.type_strict == "all":
            common = set.intersection(*({hit.iri for hit in hits} for hits in several))
            typed = {iri: hit for iri, hit in typed.items() if iri in common}
        found = sorted(typed.values(), key=lambda hit: -hit.score)
        if asked.type_strict != "should":
            return [(hit, True) for hit in found]
        others = [hit for hit in self._graph.search(query, limit=most).items if hit.iri not in typed]
        return [*((hit, True) for hit in found), *((hit, False) for hit in others)]

    def _identified(self, name: str) -> Hit | None:
        try:
            entity = self._graph.entity(name, limit=1)
        except EntityNotFoundError:
            return None
        return Hit(entity.id, entity.iri, entity.label, entity.type, entity.type_label, _CERTAIN, entity.label)

    def _is_any(self, hit: Hit, types: Iterable[str]) -> bool:
        wanted = [self._class(type).iri for type in types]
        own = self._namespaces.expand(hit.type)
        return any(self._schema.is_a(own, one) for one in wanted)

    def _by_values(self, asked: Match) -> list[tuple[Hit, bool]]:
        """Without a name: what has the first property with one of its values."""
        if not asked.properties:
            return []
        first = asked.properties[0]
        pid = self._property(first.pid)
        back = pid.removeprefix("^") if pid.startswith("^") else f"^{pid}"
        found: dict[str, Hit] = {}
        if pid not in NAMES:
            for iri in sorted(key for key in self._keys(first.values) if self._namespaces.is_iri(key)):
                around = self._around(iri, back, limit=max(asked.limit, _FEWEST))
                for node in around.nodes[1:] if around else ():
                    hit = Hit(node.id, node.iri, node.label, node.type, node.type_label, _CERTAIN, node.label)
                    if not asked.types or self._is_any(hit, asked.types):
                        found.setdefault(node.iri, hit)
        return [(hit, True) for hit in found.values()]

    def _keys(self, values: Iterable[str]) -> Iterator[str]:
        """By what a value may be recognised: IRIs of what it names, and the folded text itself."""
        for value in values:
            yield self._namespaces.expand(value)
            if folded := fold(value):
                yield folded
                yield from (hit.iri for hit in self._graph.search(value, limit=3).items if hit.score == _CERTAIN)

    def _held(self, iri: str, pid: str) -> set[str]:
        """The values of a property of an entity, as `_keys` writes them."""
        if pid in NAMES:
            return {fold(str(cell.get("str") or cell["name"])) for cell in self._attribute(iri, pid)}
        around = self._around(iri, pid, limit=100)
        return {key for node in (around.nodes[1:] if around else ()) for key in (node.iri, fold(node.label))}

    # ------------------------------------------------------------------ extending

    def extension(self, ids: Iterable[str], wanted: Iterable[Wanted]) -> Extension:
        """Values of properties of things; none for a thing that is not there. Raises ParameterError for a property
        that is not known.
        """
        columns = [(one, self._property(one.pid)) for one in wanted]
        meta = tuple(self._column(one.pid, pid) for one, pid in columns)
        return Extension(meta, {id: {one.pid: self._cells(id, one, pid) for one, pid in columns} for id in ids})

    def _column(self, asked: str, pid: str) -> dict[str, Any]:
        column: dict[str, Any] = {"id": asked, "name": self.suggested("property", pid).name}
        relation = self._schema.relations.get(self._namespaces.expand(pid.removeprefix("^")))
        ends = (relation.domain if pid.startswith("^") else relation.range) if relation else ()
        if len(ends) == 1 and ends[0] in self._schema.classes and relation and relation.kinds == {"entity"}:
            column["type"] = {"id": self._namespaces.compress(ends[0]), "name": self._schema.classes[ends[0]].label}
        return column

    def _cells(self, id: str, wanted: Wanted, pid: str) -> list[dict[str, Any]]:
        if pid in NAMES:
            try:
                return list(self._attribute(id, pid))[: wanted.limit]
            except EntityNotFoundError:
                return []
        lens = {"said_by": wanted.said_by} if wanted.said_by else {}
        around = self._around(id, pid, limit=wanted.limit, modality=wanted.modality, order="label", **lens)
        if around is None:
            return []
        if wanted.content == "claims":
            return [{"str": claim.id} for edge in around.edges for claim in edge.claims][: wanted.limit]
        nodes = {node.id: node for node in around.nodes}
        ends = [(edge, nodes[edge.target if edge.forward else edge.source]) for edge in around.edges]
        return [self._cell(edge, node) for edge, node in ends]

    def _cell(self, edge: Edge, node: NeighbourRef) -> dict[str, Any]:
        if node.quantity is not None:
            return _number(node.quantity)
        if node.period is not None:
            return {"str": node.period.edtf or node.period.text}
        return {"id": self.id(node.iri, node.id), "name": node.label, "description": _evidence(edge)}

    def _attribute(self, id: str, pid: str) -> Iterator[dict[str, Any]]:
        entity = self._graph.entity(id, limit=1)
        if pid == "rdf:type":
            yield from ({"id": one.id, "name": one.label} for one in entity.types)
            return
        labels = entity.labels
        every = {"rdfs:label": (labels.pref_label,), "skos:altLabel": labels.alt_labels}
        yield from ({"str": text} for text in every.get(pid, labels.hidden_labels))

    def _around(self, id: str, pid: str, **asked: Any) -> Neighbourhood | None:
        """The values of a relation of an entity; None for one that is not there, or a relation nobody has stated."""
        try:
            return self._graph.neighbourhood(
                id, direction="forward", predicate=pid, include=("documents", "codes"), **asked
            )
        except EntityNotFoundError:
            return None
        except ParameterError as error:
            if error.name != "predicate":
                raise
            return None


def _evidence(edge: Edge) -> str:
    """Who says so, and where, in a few words: the first claim of an edge, and how many more there are."""
    if not edge.claims:
        return "stated by no claim"
    first = edge.claims[0]
    where, article = first.where, first.article.label
    place = f", P{where.paragraph}" if where.paragraph else f", row {where.row}" if where.row else ""
    speakers = ", ".join(one.label for one in first.said_by if one != first.article)
    source = f"{speakers} ({article}{place})" if speakers else f"{article}{place}"
    modality = "" if first.modality == "reported" else f", {first.modality}"
    more = f", and {len(edge.claims) - 1} more" if len(edge.claims) > 1 else ""
    return f"according to {source}{modality}{more}"


def _number(quantity: Quantity) -> dict[str, Any]:
    """A number where it is exact; a text where it is said to be about, or more than, one."""
    if quantity.value is None or quantity.approximation != "exact":
        return {"str": quantity.text}
    return {"int" if isinstance(quantity.value, int) else "float": quantity.value}
