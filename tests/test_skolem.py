"""kgraph.skolem: blank nodes become IRIs named by what they say."""

from __future__ import annotations

import itertools
import random

import pytest

from kgraph import formats, rdf
from kgraph.rdf import BlankNode, NamedNode, Quad, Triple, skolemise

BASE = "https://example.org/id/bn-"
P, Q, THING = NamedNode("urn:p"), NamedNode("urn:q"), NamedNode("urn:o")


def named(text: str) -> set[Quad]:
    quads, _ = skolemise(rdf.parse(text.encode(), formats.TRIG, file="f"), BASE)
    return set(quads)


def test_the_same_document_gives_the_same_iris() -> None:
    text = '<urn:a> <urn:p> [ <urn:q> "x" ; <urn:r> [ <urn:q> 1 ] ], ( 1 2 [] ) .'
    assert named(text) == named(text)


def test_another_salt_gives_other_iris_and_the_same_one_the_same() -> None:
    quads = [Quad(BlankNode(), P, THING)]
    one, other, again = (skolemise(quads, BASE, salt=salt)[0] for salt in ("<urn:g>", "<urn:h>", "<urn:g>"))
    assert one == again != other


def test_the_iris_begin_as_they_were_told_to() -> None:
    quads, count = skolemise([Quad(BlankNode(), P, THING)], BASE)
    assert count == 1
    subject = quads[0].subject
    assert isinstance(subject, NamedNode)
    assert subject.value.startswith("https://example.org/id/bn-")
    assert len(subject.value.rpartition("-")[2]) == 20


def test_neither_labels_nor_order_matter() -> None:
    lines = ["_:a <urn:p> _:b .", "_:b <urn:q> 1 .", "_:b <urn:p> _:c .", "_:c <urn:q> 2 .", "<urn:x> <urn:p> _:a ."]
    expected = named("\n".join(lines))
    assert len(expected) == 5
    for order in itertools.permutations(lines):
        assert named("\n".join(order).replace("_:a", "_:z1").replace("_:c", "_:a")) == expected


def test_what_else_a_file_says_does_not_rename_a_description() -> None:
    one = '<urn:a> <urn:p> [ <urn:q> "x" ] .'
    assert named(one) < named(f"{one} <urn:b> <urn:p> [ <urn:q> 5 ] . <urn:c> <urn:p> 1 .")


def test_descriptions_that_differ_far_away_differ_everywhere() -> None:
    """A chain of blank nodes is one description: none of its nodes is taken for one of the other chain's."""
    one, other = (named(f"[] <urn:p> [ <urn:p> [ <urn:p> [ <urn:q> {end} ] ] ] .") for end in (1, 2))
    assert not {quad.subject for quad in one} & {quad.subject for quad in other}


def test_equal_descriptions_stay_as_many_as_they_were() -> None:
    """Two people described by the same words are two."""
    quads, count = skolemise(rdf.parse(b'[] <urn:p> "x" . [] <urn:p> "x" .', formats.TURTLE, file="f"), BASE)
    assert count == len({quad.subject for quad in quads}) == 2


def test_a_larger_file_shares_the_iris_of_equal_descriptions() -> None:
    assert named('[] <urn:p> "x" .') < named('[] <urn:p> "x" . [] <urn:p> "x" .')


def test_a_symmetrical_ring_keeps_its_shape() -> None:
    nodes = [BlankNode() for _ in range(6)]
    quads, _ = skolemise([Quad(a, P, b) for a, b in zip(nodes, nodes[1:] + nodes[:1], strict=True)], BASE)
    follows = {quad.subject: quad.object for quad in quads}
    at, seen = quads[0].subject, []
    for _ in range(6):
        seen.append(at)
        at = follows[at]  # type: ignore[assignment, index]
    assert len(set(seen)) == 6
    assert at == seen[0]


@pytest.mark.hostile
def test_blank_nodes_that_all_point_at_each_other_end_quickly() -> None:
    """The standard's algorithm takes hours for twelve."""
    nodes = [BlankNode() for _ in range(60)]
    quads, count = skolemise([Quad(a, P, b) for a in nodes for b in nodes if a != b], BASE)
    assert count == 60
    assert len(set(quads)) == 60 * 59


def test_a_long_list_of_equal_members_keeps_its_order_and_its_names() -> None:
    """Longer than refinement looks."""
    text = "<urn:a> <urn:p> (" + " 1" * 200 + ") ."
    assert named(text) == named(text)
    assert len(named(text)) == 401


def test_groups_found_in_pieces_are_joined() -> None:
    """Components grow by merging whichever way the quads come."""
    lines = [f"_:n{i} <urn:p> _:n{i + 1} ." for i in range(12)]
    expected = named("\n".join(lines))
    shuffled = random.Random(1).sample(lines, len(lines))
    assert named("\n".join(shuffled)) == expected


def test_blank_nodes_in_graph_names_and_triple_terms_are_named_too() -> None:
    node, graph = BlankNode(), BlankNode()
    quads, count = skolemise([Quad(THING, P, Triple(node, P, THING), graph), Quad(node, Q, THING)], BASE)
    assert count == 2
    assert "_:" not in "".join(map(str, quads))
    assert isinstance(quads[0].object, Triple)
    assert quads[0].object.subject == quads[1].subject


def test_quads_without_blank_nodes_stay() -> None:
    assert skolemise([Quad(THING, P, THING)], BASE) == ([Quad(THING, P, THING)], 0)
