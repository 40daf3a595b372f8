"""What is let through at a glance, and that the guard would have let it through."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgraph.errors import QueryRefusedError, QuerySyntaxError
from kgraph.settings import Settings
from kgraph.sparql import glance, guard

PLAIN = [
    ("SELECT ?p ?o WHERE { <http://example.org/thing/1> ?p ?o }", "SELECT"),
    ("prefix kg: <https://w3id.org/kgraph/ns#> base <urn:x:>\n ask { ?s kg:demands ?o }", "ASK"),
    ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?o != 'x' && !BOUND(?z)) } LIMIT 10", "CONSTRUCT"),
    ("DESCRIBE <http://example.org/a#b>", "DESCRIBE"),
]
READ = [
    "SELECT * { SERVICE <http://e.org/> { ?s ?p ?o } }",
    "SELECT * { ser\\u0076ice <http://e.org/> { ?s ?p ?o } }",
    "SELECT * FROM <urn:a> { ?s ?p ?o }",
    "# a remark\nSELECT * { ?s ?p ?o }",
    "DROP ALL",
    "LOAD <http://e.org/>",
    "SELECT ('ä' AS ?x) {}",
    f"SELECT * {{ ?s ?p {'(' * 61}{')' * 61} }}",
    f"SELECT ({'!' * 20}true AS ?x) {{}}",
    f"SELECT ({'! ' * 20}true AS ?x) {{}}",
    f"SELECT * {{ ?s ?p ?o{', ?o' * 100} }}",
    f"SELECT * {{ ?s ?p '{'x' * 1000}' }}",
    f"SELECT (1<{'(' * 90}1{')' * 90}>1 AS ?x) {{}}",
    "SELECTED * { ?s ?p ?o }",
    "SELECT:x",
]
WORDS = """SELECT ASK CONSTRUCT DESCRIBE WHERE FILTER OPTIONAL UNION VALUES PREFIX BASE FROM NAMED SERVICE LOAD INSERT
    a true false 1 1.5 -1 ?a ?b $c kg:x :y _:b <urn:a> <http://e.org/a#b> 'x' "y" @en ^^ ( ) { } [ ] . ; , * + ! - / |
    ^ ? = != < > <= >= && || << >> # \\u0053 \\ ä NOT EXISTS GRAPH BIND AS"""
TOKENS = st.sampled_from(WORDS.split())


@pytest.mark.parametrize(("text", "form"), PLAIN)
def test_a_short_plain_query_needs_no_guard(text: str, form: str) -> None:
    found = glance.form(text)
    assert found is not None
    assert (found.name, found.names_dataset) == (form, False)


@pytest.mark.parametrize("text", READ)
def test_what_might_break_a_rule_is_left_to_the_guard(text: str) -> None:
    assert glance.form(text) is None


@given(st.lists(TOKENS, max_size=60), st.sampled_from(["", " "]), st.sampled_from(["SELECT * {", "ASK{", ""]))
@example(["(", "1"] * 50, " ", "SELECT * { ?s ?p ")
@example(["?a"] * 60, "", "SELECT * { ?s ?p (")
@example(["true"] * 60, "", "SELECT * { ?s ?p (")
def test_the_guard_refuses_nothing_that_was_let_through(tokens: list[str], between: str, begins: str) -> None:
    text = f"{begins} {between.join(tokens)}"
    found = glance.form(text)
    if found is None:
        return
    try:
        read = guard.check(text, Settings(), ("kg",))
    except QueryRefusedError as error:
        pytest.fail(f"let through, and refused: {error}")
    except QuerySyntaxError:  # the engine says so too
        return
    assert read == found
