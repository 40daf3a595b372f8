"""What is shown, written down as JSON: the bytes that its values would be written as, without making the values.

An answer of values is mostly thousands of small ones, each made, asked for its fields and thrown away. Here every node
is written once and its text kept with its name, and an edge is one text.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
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
        told = _json((*named.told, *notes)) if named.told or notes else "[]"
        quantity, period = named.quantity and _json(named.quantity), named.period and _kept(named.period)
        return orjson.Fragment(
            f'{_node(named)[:-1]},"distance":{distance},"notes":{told},'
            f'"quantity":{quantity or "null"},"period":{period or "null"}}}'
        )

    def edge(self, shown: Shown) -> Any:
        """An edge with its evidence."""
        return orjson.Fragment(
            f'{{"source":{_id(shown.subject)},"predicate":{_kept(shown.relation.id)},'
            f'"predicate_label":{_kept(shown.verb)},"target":{_id(shown.object)},'
            f'"forward":{"true" if shown.forward else "false"},'
            f'"claims":[{",".join([_claim(one) for one in shown.statements])}]}}'
        )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


_kept = lru_cache(maxsize=4096)(_json)
"""For what is written again and again: relations, verbs, tables, periods."""


def _node(named: Named) -> str:
    if not named.text:
        named.text = _json(named.ref)
    return named.text


def _id(named: Named) -> str:
    """The node's CURIE, which its text begins with."""
    text = _node(named)
    return text[6 : text.index(',"iri":')]


def _claim(one: Statement) -> str:
    codes = one.codes
    return (
        f'{{"id":{_json(one.id)},"said_by":[{",".join([_node(n) for n in one.said_by])}],'
        f'"via":[{",".join([_node(n) for n in one.via])}],"article":{_node(one.article)},'
        f'"voice":"{codes.voice}","modality":"{codes.modality}","polarity":"{codes.polarity}",'
        f'"where":{_where(one)},"when":{_kept(one.when) if one.when else "null"}}}'
    )


def _where(one: Statement) -> str:
    if one.row is None:
        return _json(one.where)
    id_, table, number = one.row
    return (
        f'{{"id":"{id_}","article":{_id(one.article)},"paragraph":null,"sentence":null,"start":null,'
        f'"end":null,"hash":null,"table":{_kept(table)},"row":{number},"text":null}}'
    )
