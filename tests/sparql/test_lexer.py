"""The tokens of SPARQL: where strings, IRIs, comments and names begin and end."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import QuerySyntaxError
from kgraph.sparql.lexer import Lexer, syntax_error


def tokens(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in Lexer(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"a \\" b"', "string"),
        ("'it\\'s'", "string"),
        ('"""two\n"lines" """', "string"),
        ("'''a''b'''", "string"),
        ("<http://a/b?c=d#e>", "iri"),
        ("<\\u00e9>", "iri"),
        ("?SERVICE", "variable"),
        ("$x1", "variable"),
        ("?café", "variable"),
        ("id:a.b-c", "name"),
        (":", "name"),
        ("_:b1", "name"),
        ("ex:a\\#b%20", "name"),
        ("@en-GB", "language"),
        ("@ar--rtl", "language"),
        ("1.5e-7", "number"),
        (".5", "number"),
        ("SELECT", "word"),
        ("<<", "open"),
        (">>", "close"),
        ("&&", "operator"),
        ("^^", "operator"),
    ],
)
def test_a_token_is_taken_whole(text: str, kind: str) -> None:
    assert tokens(text) == [(kind, text)]


def test_blanks_and_comments_are_no_tokens() -> None:
    assert tokens("ASK # SERVICE <x>\n\t{}") == [("word", "ASK"), ("open", "{"), ("close", "}")]


def test_a_name_does_not_swallow_the_dot_that_ends_a_pattern() -> None:
    assert tokens("id:a.") == [("name", "id:a"), ("stop", ".")]


def test_where_an_operand_is_compared_the_sign_is_no_iri() -> None:
    lexer = Lexer("?a<?b&&?c>?d")
    seen = []
    for token in lexer:
        seen.append(token.text)
        lexer.comparing = token.kind == "variable"
    assert seen == ["?a", "<", "?b", "&&", "?c", ">", "?d"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('ASK "abc', "a string begins here"),
        ("ASK 'a\nb'", "a string begins here"),
        ("ASK \\u0053", "does not belong here"),
        ("ASK \x00", "does not belong here"),
    ],
)
def test_what_is_no_token_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(QuerySyntaxError, match=words) as refused:
        tokens(text)
    assert (refused.value.line, refused.value.column) == (1, 5)


def test_a_place_counts_lines_and_columns_from_one_and_shows_the_line() -> None:
    error = syntax_error("ab\ncdé f\ng", 7, "here")
    assert (error.line, error.column, error.text) == (2, 5, "cdé f")


@given(st.text())
def test_tokens_are_pieces_of_the_text_in_order(text: str) -> None:
    at = 0
    with contextlib.suppress(QuerySyntaxError):
        for token in Lexer(text):
            assert token.offset >= at
            assert text[token.offset : token.offset + len(token.text)] == token.text
            at = token.offset + len(token.text)
