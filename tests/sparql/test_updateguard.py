"""The guard of updates: which operations there are, and what never reaches the engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import QueryRefusedError, QuerySyntaxError
from kgraph.settings import Settings
from kgraph.sparql.updateguard import Operation, check

SETTINGS = Settings()
PREFIXES = ("kg", "id")


def operations(text: str) -> tuple[Operation, ...]:
    return check(text, SETTINGS, PREFIXES)


@pytest.mark.parametrize(
    ("text", "kind", "fields"),
    [
        ("INSERT DATA { <a:b> <a:c> 1 }", "insert data", {"blocks": {"data": "{ <a:b> <a:c> 1 }"}}),
        ("delete data{<a:b> <a:c> 1}", "delete data", {"blocks": {"data": "{<a:b> <a:c> 1}"}}),
        ("DELETE WHERE { ?s ?p ?o }", "delete where", {"blocks": {"where": "{ ?s ?p ?o }"}}),
        ("INSERT { ?s ?p $o } WHERE { ?s ?p ?o }", "modify", {"variables": ("s", "p", "o"), "mints": False}),
        ("INSERT { ?s ?p [] } WHERE { ?s ?p ?o }", "modify", {"variables": ("s", "p"), "mints": True}),
        ("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o . ?x ?y _:b }", "modify", {"mints": False}),
        ("WITH <a:g> DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { }", "modify", {"with_": "<a:g>"}),
        (
            "DELETE { ?s ?p 1 } USING <a:g> USING NAMED id:x WHERE { }",
            "modify",
            {"using": ("<a:g>",), "using_named": ("id:x",)},
        ),
        ("CLEAR SILENT GRAPH <a:g>", "clear", {"silent": True, "target": "<a:g>"}),
        ("drop all", "drop", {"silent": False, "target": "ALL"}),
        ("CLEAR DEFAULT", "clear", {"target": "DEFAULT"}),
        ("CREATE GRAPH id:g", "create", {"target": "id:g"}),
        ("COPY DEFAULT TO GRAPH <a:g>", "copy", {"source": "DEFAULT", "target": "<a:g>"}),
        ("MOVE SILENT <a:g> TO DEFAULT", "move", {"silent": True, "source": "<a:g>", "target": "DEFAULT"}),
        ("ADD GRAPH <a:g> TO <a:h>", "add", {"source": "<a:g>", "target": "<a:h>"}),
    ],
)
def test_each_operation_is_taken_apart(text: str, kind: str, fields: dict[str, object]) -> None:
    (found,) = operations(text)
    assert found.kind == kind
    for name, value in fields.items():
        assert getattr(found, name) == value


def test_a_sequence_has_a_prologue_before_each_operation() -> None:
    first, second = operations(
        "BASE <http://e/> PREFIX a: <urn:a#>\nINSERT DATA { a:x a:y 1 } ;\n"
        "PREFIX b: <urn:b#> # a comment; with { signs\nDELETE DATA { a:x b:y 1 } ;"
    )
    assert first.prologue == "BASE <http://e/> PREFIX a: <urn:a#> "
    assert second.prologue == "BASE <http://e/> PREFIX a: <urn:a#> PREFIX b: <urn:b#> "
    assert (first.start, second.kind) == (36, "delete data")


@pytest.mark.parametrize("text", ["", "  # nothing", "PREFIX a: <urn:a>", "BASE <http://e/>"])
def test_nothing_is_an_update_too(text: str) -> None:
    assert operations(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        ";",
        "INSERT DATA { } ; ;",
        "SELECT * WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o }",
        "INSERT DATA",
        "INSERTDATA { }",
        "DELETEWHERE { }",
        "WITH <a:g> INSERT DATA { }",
        "WITH <a:g> DELETE WHERE { }",
        "CLEAR <a:g>",
        "CLEARALL",
        "DROP SILENT",
        "CREATE <a:g>",
        "CREATE GRAPH DEFAULT",
        "COPY ALL TO DEFAULT",
        "COPY <a:g>",
        "CREATE GRAPH nowhere:g",
        "CREATE GRAPH _:g",
        "INSERT DATA { <a:b> nowhere:c 1 }",
        "INSERT DATA { <a:b> <a:c> 1",
        "INSERT DATA } {",
        "INSERT DATA { <a:b> <a:c> }",
        "INSERT DATA ( )",
        "INSERT DATA { } 1",
        "INSERT DATA { } DROP ALL",
        "PREFIX a <urn:a> DROP ALL",
        "PREFIX a:b <urn:a> DROP ALL",
        "BASE a: DROP ALL",
        "PREFIX",
        "DELETE { } USING WHERE { }",
        "DELETE { } WHERE { } { }",
        'INSERT DATA { <a:b> <a:c> "',
        "INSERT DATA { _:b <a:c> 1 } ; INSERT DATA { _:b <a:c> 1 }",
        "DROP ALL \ud800",
        "LOADSILENT <http://127.0.0.1/>",
        "LOAD SILENT",
        "LOAD <a:b> ; CREATE GRAPH",
        "LOAD SILENT <a:b> INTO <a:g>",
        "LOAD SILENT <a:b> INTO GRAPH DEFAULT",
        "LOAD SILENT nowhere:b",
    ],
)
def test_what_is_no_update_is_a_syntax_error(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        operations(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("LOAD <http://127.0.0.1/>", "load"),
        ("load <http://127.0.0.1/> INTO GRAPH <a:g>", "load"),
        ("INSERT DATA { } ; LOAD<http://127.0.0.1/>", "load"),
        ("DELETE WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "service"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE SILENT ?x { ?s ?p ?o } }", "service"),
        ("INSERT { } WHERE " + "{" * 200 + "}" * 200, "depth"),
        ("INSERT { } WHERE { FILTER(" + "!" * 65 + "true) }", "unary"),
        ("INSERT { } WHERE { FILTER(" + "1+" * 1001 + "1) }", "operators"),
        ("INSERT { } WHERE { " + "?s ?p ?o . " * 201 + "}", "patterns"),
        ("INSERT { } WHERE { VALUES ?x { " + "1 " * 10_001 + "} }", "values"),
        ("CLEAR ALL ;" * 501, "operators"),
        ("INSERT DATA { <a:b> <a:c> " + '"x" , ' * 80_000 + "1 }", "length"),
        ("#" * 1_000_001, "length"),
    ],
)
def test_what_is_past_a_bound_is_refused(text: str, rule: str) -> None:
    with pytest.raises(QueryRefusedError) as refused:
        operations(text)
    assert refused.value.rule == rule


def test_a_silent_load_is_no_operation() -> None:
    assert operations("load silent <http://127.0.0.1/> INTO GRAPH <a:g>") == ()
    assert [each.kind for each in operations("LOAD SILENT <a:b> ; CLEAR ALL ; LOAD SILENT <a:c>")] == ["clear"]


def test_data_and_templates_are_no_patterns() -> None:
    triples = " . ".join(f'<a:s{n}> <a:p> "{n}"^^<a:t>' for n in range(5_000))
    assert operations(f"INSERT DATA {{ {triples} }}")[0].kind == "insert data"
    template = " . ".join(f"?s <a:p{n}> ?o" for n in range(300))
    assert operations(f"INSERT {{ {template} }} WHERE {{ ?s ?p ?o }}")[0].variables == ("s", "o")


@given(st.lists(st.sampled_from([
    "INSERT", "DELETE", "DATA", "WHERE", "{", "}", "?s ?p ?o", ";", "WITH", "<a:g>", "CLEAR", "ALL", "LOAD", "USING",
    "GRAPH", "PREFIX", "a:", "DROP", "SILENT", "COPY", "TO", "DEFAULT", "(", "#", "'", "\n", "SERVICE",
])))  # fmt: skip
def test_any_words_are_operations_or_a_typed_refusal(words: list[str]) -> None:
    text = " ".join(words)
    try:
        found = operations(text)
    except (QuerySyntaxError, QueryRefusedError):
        return
    assert len(found) <= text.count(";") + 1
    assert all(each.kind != "load" for each in found)
