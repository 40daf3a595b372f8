"""Shapes of texts, and who goes first by them."""

from __future__ import annotations

import asyncio

from kgraph.sparql.queues import CALM, Queues
from kgraph.sparql.shapes import ENDLESS, LONG, QUICK, REMEMBERED, Shapes, shape_of
from kgraph.sparql.work import Work

LOOKUP = "SELECT ?o {{ <urn:{0}> ?p ?o FILTER(?o != {0}) }}"
CROSS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def work(text: str, asked: float = 1.0, allowed: float = 2.0) -> Work:
    loop = asyncio.new_event_loop()
    try:
        return Work(text.encode(), text.encode(), loop.create_future(), asked, allowed, None)
    finally:
        loop.close()


def test_one_question_about_many_things_has_one_shape() -> None:
    assert shape_of(LOOKUP.format(1).encode()) == shape_of(LOOKUP.format(2345).encode())
    assert shape_of(b'ASK { ?s ?p "New York" }') == shape_of('ASK { ?s ?p "Zürich" }'.encode())
    assert shape_of(b"SELECT * { ?a ?b ?c }") != shape_of(CROSS.encode())
    assert shape_of(b"ASK { ?a <urn:b> ?c }") != shape_of(b"ASK { ?a <urn:b>* ?c }")


def test_a_shape_is_distrusted_after_a_few_and_trusted_again_after_a_few() -> None:
    shapes = Shapes()
    assert not shapes.quick(1)
    assert not shapes.long(1)
    shapes.learn(1, QUICK)
    assert shapes.quick(1)
    shapes.learn(1, LONG)
    assert not shapes.quick(1)
    assert not shapes.long(1)
    for _ in range(3):
        shapes.learn(1, LONG)
    assert shapes.long(1)
    for _ in range(6):
        shapes.learn(1, QUICK)
    assert shapes.quick(1)
    for _ in range(10):
        shapes.learn(1, ENDLESS)
    assert shapes.endless(1)


def test_so_many_shapes_are_remembered_and_no_more() -> None:
    shapes = Shapes()
    for shape in range(REMEMBERED + 100):
        shapes.learn(shape, QUICK)
    assert not shapes.quick(0)
    assert shapes.quick(REMEMBERED + 99)


def test_where_all_is_calm_nobody_is_asked_what_is_known() -> None:
    queues = Queues(2)
    for _ in range(2):
        queues.shapes.learn(shape_of(CROSS.encode()), LONG)
    for text in (CROSS, LOOKUP.format(1)):
        queues.add(work(text))
    assert [len(queue) for queue in queues.all()] == [2, 0, 0, 0, 0]


def test_under_pressure_shapes_tell_the_queue_and_later_all_is_calm_again() -> None:
    queues = Queues(2)
    queues.add(work(CROSS))
    queues.add(work("ASK {}"))
    for _ in range(2):
        queues.shapes.learn(shape_of(CROSS.encode()), LONG)
    queues.press(1.0)
    queues.add(work(LOOKUP.format(1)))
    assert [len(queue) for queue in queues.all()] == [1, 1, 1, 0, 0]
    queues.add(work(CROSS, asked=1.0 + CALM))
    assert len(queues.known) == 2


def test_of_unknown_shapes_the_plainest_and_the_oldest_come_in_turn() -> None:
    queues = Queues(2)
    queues.press(0.5)
    texts = [f"ASK {{ ( {'?a ' * count} }}" for count in (9, 5, 7, 3)]
    for text in texts:
        queues.add(work(text))
    came = []
    while one := queues.next_unknown():
        came.append(texts.index(one.message.decode()))
    assert came == [3, 0, 1, 2]


def test_a_shape_that_was_learnt_meanwhile_is_sorted_again() -> None:
    queues = Queues(2)
    queues.press(0.5)
    for text in (CROSS, LOOKUP.format(1)):
        queues.add(work(text))
    for _ in range(2):
        queues.shapes.learn(shape_of(CROSS.encode()), LONG)
    queues.shapes.learn(shape_of(LOOKUP.format(2).encode()), QUICK)
    assert queues.next_unknown() is None
    assert [len(queue) for queue in queues.all()] == [1, 0, 1, 0, 0]


def test_a_new_long_text_has_a_place_before_those_without_an_end() -> None:
    queues = Queues(2)
    for _ in range(5):
        queues.shapes.learn(shape_of(CROSS.encode()), ENDLESS)
    for text in (CROSS, LOOKUP.format(1)):
        queues.be_patient(work(text))
    first = queues.next_patient(2, 1.0)
    assert first is not None
    assert first.message == LOOKUP.format(1).encode()
    assert queues.next_patient(1, 1.0) is None, "one place is kept from what has no end"
    assert queues.next_patient(2, 1.0) is not None
    assert queues.next_patient(0, 1.0) is None


def test_what_waited_for_half_of_its_time_lets_others_go_first() -> None:
    queues = Queues(2)
    late, new = work("ASK { ?a }"), work("ASK { ?b }", asked=2.5)
    for one in (late, new):
        queues.be_patient(one)
    assert queues.next_patient(2, 2.6) is new
    assert queues.next_patient(2, 2.6) is late
