"""The guard: what a query may not be, and that words inside strings, IRIs and comments never matter."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgraph.errors import QueryRefusedError, QuerySyntaxError
from kgraph.settings import Settings
from kgraph.sparql import guard

SETTINGS = Settings()
PREFIXES = ("kg", "id", "rdf", "service")


def check(text: str) -> guard.QueryForm:
    return guard.check(text, SETTINGS, PREFIXES)


def rule(text: str) -> str:
    with pytest.raises(QueryRefusedError) as refused:
        check(text)
    return refused.value.rule


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {?s ?p ?o}", "SELECT"),
        ("ask { ?s ?p ?o }", "ASK"),
        ("PREFIX a: <http://a/> BASE <http://b/> CONSTRUCT { ?s a:b <c> } WHERE { ?s a:b _:x }", "CONSTRUCT"),
        ("# a comment\nDESCRIBE id:ioc", "DESCRIBE"),
    ],
)
def test_the_form_is_the_first_word_after_the_prologue(text: str, form: str) -> None:
    assert check(text).name == form


def test_a_query_that_names_its_dataset_says_so() -> None:
    assert check("SELECT * FROM <http://a/> { ?s ?p ?o }").names_dataset
    assert not check("SELECT * { ?from ?p 'FROM' }").names_dataset


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { SERVICE:x { ?s ?p ?o } }".replace("SERVICE:", "service:"),
        "SELECT * { SERVICESILENT<http://a/>{ ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE<http://a/>{ ?s ?p ?o } }",
        "SELECT * { FILTER(?a<?b)SERVICE<http://a/>{ ?s ?p ?o } FILTER(?c>?d) }",
        "PREFIX SERVICEex: <http://a/> SELECT * { SERVICEex:x { ?s ?p ?o } }",
    ],
)
def test_a_call_of_another_service_is_refused_however_it_is_written(text: str) -> None:
    """The engine asks for no blank between words, so these all would send a request."""
    assert rule(text) == "service"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?SERVICE ?load { ?SERVICE <http://SERVICE/LOAD> 'SERVICE <x> {' }",
        "SELECT * { ?s service:p service:o . # SERVICE <x> { }\n }",
        'SELECT * FROM service:g FROM NAMED service:h { GRAPH service:g { ?s ?p """SERVICE""" } }',
        "DESCRIBE service:x",
    ],
)
def test_the_word_in_a_variable_iri_string_comment_or_name_is_no_call(text: str) -> None:
    check(text)


@pytest.mark.parametrize("verb", guard.UPDATES)
def test_an_update_is_refused_by_its_first_word(verb: str) -> None:
    assert rule(f"PREFIX a: <http://a/> {verb.lower()} DATA {{ a:b a:c a:d }}") == "update"


def nested(depth: int) -> str:
    return f"SELECT * {{ FILTER({'(' * depth}1{')' * depth} > 0) }}"


def test_brackets_may_nest_a_hundred_deep_and_no_deeper() -> None:
    check(nested(98))
    assert rule(nested(99)) == "depth"


def test_brackets_are_counted_behind_a_comparison_that_looks_like_an_iri() -> None:
    assert rule(f"SELECT * {{ FILTER(?x<{'(' * 100}1{')' * 100}&&?y>0) }}") == "depth"


def test_triple_terms_are_brackets() -> None:
    assert rule("ASK { " + "<<( id:a id:b " * 60 + "1" + ")>>" * 60 + " id:p 1 }") == "depth"


def test_a_run_of_unary_operators_is_bounded() -> None:
    check(f"ASK {{ FILTER({'!' * 64}true) }}")
    assert rule(f"ASK {{ FILTER({'!' * 65}true) }}") == "unary"
    assert rule(f"ASK {{ FILTER({'- ' * 65}1 = 1) }}") == "unary"


def test_operators_and_keywords_are_counted() -> None:
    assert rule(f"ASK {{ FILTER({'+'.join(['1'] * 1002)} > 0) }}") == "operators"
    assert rule("ASK { " + "OPTIONAL {} " * 1001 + "}") == "operators"
    check(f"ASK {{ FILTER(?x IN ({','.join(['<http://a/b>'] * 5000)})) }}")


@pytest.mark.parametrize(
    "patterns",
    ["?s ?p ?o . ", "?s ?p ?o OPTIONAL {} ", "[ ?p ?o ; ] ?q ?r . ".replace(" ; ", " ")],
)
def test_triple_patterns_are_counted(patterns: str) -> None:
    count = 2 if "[" in patterns else 1
    check("ASK { " + patterns * (200 // count) + "}")
    assert rule("ASK { " + patterns * (201 // count + 1) + "}") == "patterns"


def test_lists_of_objects_predicates_and_collections_count_as_patterns() -> None:
    assert rule("ASK { ?s ?p " + ",".join(["1"] * 201) + " }") == "patterns"
    assert rule("ASK { ?s " + ";".join(["?p 1"] * 201) + " }") == "patterns"
    assert rule("ASK { ?s ?p ( " + "1 " * 201 + ") }") == "patterns"


def test_paths_expressions_and_selected_names_are_no_patterns() -> None:
    check("SELECT " + "?x " * 300 + "{ ?s (id:a|^id:b)*/(id:c/id:d)? ?o }")
    check("SELECT (1 + 2 AS ?y) { ?s id:a/id:b/id:c ?o FILTER id:f(?a, ?b, ?c) } ORDER BY ?a (?b < 3) HAVING (?a < ?b)")


def test_rows_of_values_have_a_bound_of_their_own() -> None:
    check("ASK { VALUES ?x { " + "true " * 10_000 + "} }")
    check("ASK { VALUES (?x ?y) { " + "(1 UNDEF) " * 10_000 + "} }")
    assert rule("ASK { VALUES ?x { " + "1 " * 10_001 + "} }") == "values"
    assert rule("SELECT ?x { } VALUES (?x) { " + "(1) " * 10_001 + "}") == "values"


def test_a_query_that_is_too_long_is_refused_before_it_is_read() -> None:
    text = "ASK { ?s ?p 'é' }"
    assert guard.check(text, Settings(max_body=len(text) + 1)).name == "ASK"
    with pytest.raises(QueryRefusedError) as refused:
        guard.check(text, Settings(max_body=len(text)))
    assert refused.value.rule == "length"


def test_many_small_words_are_refused_as_too_long() -> None:
    assert rule("ASK { " + "?a " * 150_000 + "}") == "length"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no query"),
        ("# nothing\n", "there is no query"),
        ("SELECTDISTINCT * {}", "expected SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("HELLO", "not 'HELLO'"),
        ("ASK { ?s ?p truea }", "'truea' is no word of SPARQL"),
        ("ASK { ?s foo:p ?o }", "the prefix foo: is not declared"),
        ("ASK { ( }", "'}' closes nothing"),
        ("ASK { ?s ?p ?o", "never closed"),
        ("ASK }", "closes nothing"),
        ("ASK { ?s ?p . }", "without its object"),
        ("ASK { ?s ?p }", "without its object"),
        ("PREFIX FILTERa: <b:> ASK { ?s FILTERa:f(?a) }", "a blank is missing"),
        ("ASK { '\ud800' }", "not a Unicode character"),
    ],
)
def test_what_cannot_be_a_query_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(QuerySyntaxError, match=words):
        check(text)


def test_annotations_and_open_paths_are_left_to_the_engine() -> None:
    check("ASK { ?s ?p ?o {| id:a id:b |} }")
    check("ASK { ?s id:p+ }")


def test_the_bounds_are_told_by_name() -> None:
    assert dict(guard.described())["triple patterns"] == 200


WORDS = st.one_of(
    st.sampled_from(["SELECT", "VALUES", "UNDEF", "FILTER", "SERVICE", "PREFIX", "ORDER", "BY", "a", "true", "EXISTS"]),
    st.sampled_from(["*", "{", "}", "(", ")", "[", "]", "<<", ">>", ".", ";", ",", "<", "!", "+", "/", "|", "^", "\n"]),
    st.sampled_from(["?x", "id:a", "<http://a/>", "'s'", "1", "@en", "#", "\\"]),
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=60).map(" ".join), st.lists(WORDS, max_size=60).map("".join)))
@example("SELECT ( ) > ) ]")
def test_any_text_ends_in_a_form_or_a_typed_error(text: str) -> None:
    try:
        form = check(text).name
    except (QueryRefusedError, QuerySyntaxError):
        return
    assert form in guard.FORMS


@given(st.text(st.characters(exclude_characters='"\\\n\r', exclude_categories=["Cs"])))
@example("SERVICE <http://a/> {")
@example("((((((((" * 20)
def test_what_stands_in_a_string_or_a_comment_never_matters(text: str) -> None:
    assert check(f'SELECT * {{ ?s ?p "{text}" }}').name == "SELECT"
    assert check(f"SELECT * {{ ?s ?p ?o # {text}\n }}").name == "SELECT"
