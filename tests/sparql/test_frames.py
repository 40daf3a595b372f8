"""Messages between the service and its children, whatever the pieces in which they arrive."""

from __future__ import annotations

import socket

from hypothesis import given
from hypothesis import strategies as st

from kgraph.sparql import frames

MESSAGES = st.lists(st.tuples(st.dictionaries(st.text(max_size=5), st.integers(), max_size=3), st.binary(max_size=50)))


@given(MESSAGES, st.lists(st.integers(1, 40), min_size=1))
def test_messages_come_out_as_they_went_in(sent: list[tuple[dict[str, int], bytes]], cuts: list[int]) -> None:
    data = b"".join(frames.frame(header, body) for header, body in sent)
    reader, found, begins, turn = frames.Reader(), [], 0, 0
    while begins < len(data):
        found += reader.take(data[begins : begins + cuts[turn % len(cuts)]])
        begins += cuts[turn % len(cuts)]
        turn += 1
    assert [(dict(header), body) for header, body in found] == sent


def test_messages_end_when_the_other_side_is_gone() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            frames.send(ours, {"a": 1}, b"body")
            ours.send(b"half")
        assert [(dict(header), body) for header, body in frames.messages(theirs)] == [({"a": 1}, b"body")]
