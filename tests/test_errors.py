"""The error tree: short, without HTTP, drawn at the top of its module, each error a sentence and fields."""

import inspect
import json
import re

import pytest

from kgraph import errors
from kgraph.errors import (
    ClaimFileError,
    EntityNotFoundError,
    GenerationGoneError,
    InvalidGraphError,
    KGraphError,
    LimitError,
    ParameterError,
    QueryRefusedError,
    QuerySyntaxError,
    RdfSyntaxError,
    RemoteError,
    UnknownFormatError,
)
from kgraph.places import Place, Violation

TREE = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, KGraphError)]


@pytest.mark.parametrize("error", TREE, ids=lambda c: c.__name__)
def test_every_error_has_a_title_of_its_own_words_and_a_docstring(error: type[KGraphError]) -> None:
    assert error.title
    assert error.__doc__


def test_the_tree_drawn_at_the_top_is_the_tree_there_is() -> None:
    drawn = set(re.findall(r"[A-Z]\w+Error\b", errors.__doc__ or ""))
    assert drawn == {c.__name__ for c in TREE} - {"PlacedInputError"}


def test_the_tree_knows_nothing_of_http() -> None:
    assert "http" not in inspect.getsource(errors).lower().replace("nothing here knows of http", "")


@pytest.mark.parametrize(
    ("error", "says", "field"),
    [
        (RdfSyntaxError(Place("a.ttl", 3, 7), "a dot is missing"), "a.ttl:3:7: a dot is missing", "place"),
        (ClaimFileError(Place("c.yaml", 4, field="claims[0].voice"), "no"), "c.yaml:4: claims[0].voice: no", "others"),
        (UnknownFormatError("x.bin", ["turtle"]), "x.bin: not a format kgraph reads; known are turtle", "known"),
        (ParameterError("hops", 9, "at most 4"), "hops=9: at most 4", "parameter"),
        (GenerationGoneError(3, 5), "generation 3 is not held", "current"),
        (QuerySyntaxError("expected a variable", 2, 8, "SELECT"), "line 2, column 8: expected a variable", "text"),
        (QuerySyntaxError("expected a variable"), "expected a variable", "line"),
        (QueryRefusedError("SERVICE is not taken here", "service"), "SERVICE is not taken here", "rule"),
        (LimitError("query_timeout", "2 s"), "the work was ended by query_timeout = 2 s", "limit"),
        (RemoteError("no answer"), "no answer", "status"),
    ],
)
def test_an_error_says_its_place_to_a_person_and_to_a_program(error: KGraphError, says: str, field: str) -> None:
    assert says in str(error)
    assert error.detail == str(error)
    assert field in json.loads(json.dumps(error.fields()))


def test_a_validation_report_names_node_path_value_and_message() -> None:
    rows = [
        Violation("id:a", "kg:voice", "kgs:x", "give one voice", place="a.yaml:4"),
        Violation("id:b", None, None, "has no label"),
    ]
    error = InvalidGraphError(rows)
    assert str(error) == "a.yaml:4: id:a kg:voice = kgs:x: give one voice (and 1 more)"
    assert [v["focus_node"] for v in error.fields()["violations"]] == ["id:a", "id:b"]  # type: ignore[attr-defined]
    assert str(InvalidGraphError(rows[1:])) == "id:b: has no label"


def test_an_unknown_name_comes_with_what_is_close() -> None:
    error = EntityNotFoundError("iok", [("id:ioc", "International Olympic Committee")])
    assert str(error) == "no entity is called 'iok'; close to it: International Olympic Committee (id:ioc)"
    assert error.fields()["suggestions"] == [{"id": "id:ioc", "label": "International Olympic Committee"}]
    assert str(EntityNotFoundError("zz")) == "no entity is called 'zz'"
