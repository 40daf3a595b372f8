"""What is shown, written down as JSON: the bytes that its values would be written as, without making the values.

An answer of values is mostly thousands of small ones, each made, asked for its fields and thrown away. Here every node
is written once and its text kept with its name, and an edge is one text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from kgraph.traversal.known import Named
from kgraph.traversal.shown import Shown, Statement


class Written:
    """A `Telling` whose parts are `orjson.Fragment`s: an answer of them can be written, and nothing else."""

    def ref(self, named: Named) -> Any:
        """A node."""
        return orjson.Fragment(_node(named))

    def neighbour(self, named: Named, distance: int, notes: Iterable[str] = ()) -> Any:
        """A node of a neighbourhood."""
        rest = f',"distance":{distance},"notes":{_json((*named.told, *notes)) if named.told or notes else "[]"}'
        more = f',"quantity":{_json(named.quantity)},"period":{_json(named.period)}}}'
        return orjson.Fragment(f"{_node(named)[:-1]}{rest}{more}")

    def edge(self, shown: Shown) -> Any:
        """An edge with its evidence."""
        return orjson.Fragment(
            f'{{"source":{_json(shown.subject.ref.id)},"predicate":{_json(shown.relation.id)},'
            f'"predicate_label":{_json(shown.verb)},"target":{_json(shown.object.ref.id)},'
            f'"forward":{"true" if shown.forward else "false"},'
            f'"claims":[{",".join([_claim(one) for one in shown.statements])}]}}'
        )


def _json(value: object) -> str:
    return "null" if value is None else orjson.dumps(value).decode()


def _node(named: Named) -> str:
    if not named.text:
        named.text = orjson.dumps(named.ref).decode()
    return named.text


def _claim(one: Statement) -> str:
    codes = one.codes
    return (
        f'{{"id":{_json(one.id)},"said_by":[{",".join([_node(n) for n in one.said_by])}],'
        f'"via":[{",".join([_node(n) for n in one.via])}],"article":{_node(one.article)},'
        f'"voice":"{codes.voice}","modality":"{codes.modality}","polarity":"{codes.polarity}",'
        f'"where":{_where(one)},"when":{_json(one.when)}}}'
    )


def _where(one: Statement) -> str:
    if one.row is None:
        return _json(one.where)
    id_, table, number = one.row
    return (
        f'{{"id":{_json(id_)},"article":{_json(one.article.ref.id)},"paragraph":null,"sentence":null,"start":null,'
        f'"end":null,"hash":null,"table":{_json(table)},"row":{number},"text":null}}'
    )
