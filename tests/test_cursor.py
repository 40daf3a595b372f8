"""Cursors are opaque, signed, and belong to one question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.cursor import CursorSigner, Position
from kgraph.errors import CursorError

SIGNER = CursorSigner(b"k" * 32)
QUESTIONS = st.dictionaries(
    st.text(max_size=8), st.one_of(st.integers(), st.text(max_size=8), st.lists(st.text(max_size=4)))
)


@given(QUESTIONS, st.integers(0, 2**53), st.integers(0, 2**53))
def test_a_cursor_brings_back_the_position_it_was_issued_for(question: object, generation: int, skip: int) -> None:
    position = Position(generation, skip)
    assert SIGNER.read(question, SIGNER.issue(question, position)) == position


@given(st.text(max_size=80))
def test_any_other_text_is_refused_as_a_cursor(text: str) -> None:
    if text:
        with pytest.raises(CursorError):
            SIGNER.read({}, text)


def test_no_cursor_is_the_beginning() -> None:
    assert SIGNER.read({}, None) is None
    assert SIGNER.read({}, "") is None


def test_a_cursor_of_another_question_is_refused_and_says_so() -> None:
    cursor = SIGNER.issue({"q": "a"}, Position(1, 10))
    with pytest.raises(CursorError, match="another question"):
        SIGNER.read({"q": "b"}, cursor)


def test_a_cursor_signed_elsewhere_is_refused() -> None:
    cursor = CursorSigner(b"other").issue({}, Position(1, 10))
    with pytest.raises(CursorError, match="not issued by this graph"):
        SIGNER.read({}, cursor)
