"""From inputs to one change: what is added, what is left, what is derived, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph import formats, rdf
from kgraph.errors import ClaimFileError, EmptyInputError, InvalidGraphError, RdfSyntaxError
from kgraph.formats import Format
from kgraph.ingest import readers
from kgraph.ingest.pipeline import Prepared, State, ontology_delta, prepare
from kgraph.ingest.readers import Input
from kgraph.model import Rewrite
from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

Write = Callable[..., Path]
Load = Callable[..., Prepared]
PREFIXES = """
PREFIX ex: <http://example.org/>
PREFIX id: <https://w3id.org/kgraph/id/>
PREFIX kg: <https://w3id.org/kgraph/ns#>
PREFIX kgs: <https://w3id.org/kgraph/scheme/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
MEMBER = "{key: member, subject: harbour-league, predicate: hasMember, object: lake-trust, at: p1s1}"


def turtle(text: str) -> Input:
    return readers.from_bytes("a.ttl", (PREFIXES + text).encode())


def reported(state: State) -> set[str]:
    graph = NamedNode(state.namespaces.graph("reported"))
    compress = state.namespaces.compress
    return {" ".join(compress(term.value) for term in q.triple) for q in state.store.quads(None, None, None, graph)}


def values(state: State, subject: str, predicate: str) -> set[str]:
    expand, compress = state.namespaces.expand, state.namespaces.compress
    quads = state.store.quads(NamedNode(expand(subject)), NamedNode(expand(predicate)))
    return {compress(quad.object.value) for quad in quads}


def claim_of(state: State, triple: str, **fields: str) -> str:
    """The one claim with this subject, predicate and object and these codes."""
    subject, predicate, object_ = triple.split()
    wanted = {"rdf:subject": subject, "rdf:predicate": predicate, "rdf:object": object_}
    wanted |= {f"kg:{name}": f"kgs:{code}" for name, code in fields.items()}
    node = NamedNode(state.namespaces.expand("rdf:subject"))
    claims = {state.namespaces.compress(q.subject.value) for q in state.store.quads(None, node)}
    [claim] = [c for c in claims if all(value in values(state, c, name) for name, value in wanted.items())]
    return claim


# ------------------------------------------------------------------ loading


def test_a_load_adds_what_the_file_says_and_counts_it(load: Load, write: Write) -> None:
    path = write()
    prepared = load(path)
    assert (prepared.entities, prepared.claims, prepared.unchanged) == (4, 5, 0)
    assert prepared.delta.removed == ()
    assert prepared.files == (str(path),)


def test_loading_the_same_twice_changes_nothing(load: Load, write: Write) -> None:
    first = load(write())
    again = load(write())
    assert again.delta == Delta()
    assert again.unchanged == len(first.delta.added) - 5  # the direct triples are derived, not part of the input


def test_each_affirmed_reported_current_claim_has_its_direct_triple(load: Load, write: Write, state: State) -> None:
    load(
        write(
            ("predicate: demands, object: clean-quay,", "predicate: demands, modality: alleged, object: clean-quay,"),
            (MEMBER, MEMBER.replace("at:", "polarity: negated, at:")),
        )
    )
    assert {line.split()[1] for line in reported(state)} == {"kg:memberCount", "kg:addressee", "kg:requests"}


def test_several_inputs_make_one_change_and_may_speak_of_each_other(load: Load, write: Write, state: State) -> None:
    other = write(
        text=f"""\
kgraph: 1
source: {{id: herald-8, label: Herald 8, sha256: {"cd" * 32}, length: 50}}
spans: {{s: {{paragraph: 1, sentence: 1, start: 0, end: 9, sha256: {"cd" * 32}}}}}
claims:
  - {{subject: lake-trust, predicate: partnerOf, object: rowers, at: s}}
""",
        name="other.yaml",
    )
    rowers = turtle('id:rowers a kg:Ngo ; skos:prefLabel "Rowers"@en .')
    prepared = load(other, rowers, write())
    assert prepared.claims == 6
    assert "id:lake-trust kg:partnerOf id:rowers" in reported(state)


def test_a_file_may_refer_to_what_the_graph_has(load: Load, write: Write, state: State) -> None:
    load(write())
    text = f"""\
kgraph: 1
source: herald-7
claims:
  - {{subject: town-council, predicate: partnerOf, object: lake-trust, at: {{paragraph: 3, sentence: 1, start: 200,
      end: 240, sha256: {"ab" * 32}}}}}
"""
    prepared = load(write(text=text, name="more.yaml"))
    assert "id:town-council kg:partnerOf id:lake-trust" in reported(state)
    assert prepared.delta.removed == ()


def test_the_work_is_told_as_it_goes(write: Write, state: State) -> None:
    seen: list[tuple[str, int, int | None]] = []
    prepare([write()], state, lambda stage, done, total: seen.append((stage, done, total)))
    assert [stage for stage, _, _ in seen] == ["read", "parse", "compile", "compare", "validate"]


# ------------------------------------------------------------------ changes to claims that are there


def test_a_claim_that_is_retracted_loses_its_direct_triple(load: Load, write: Write, state: State) -> None:
    load(write())
    prepared = load(write((MEMBER, MEMBER.replace("at:", "status: retracted, at:"))))
    claim = claim_of(state, "id:harbour-league kg:hasMember id:lake-trust")
    assert values(state, claim, "kg:status") == {"kgs:retracted"}
    assert "id:harbour-league kg:hasMember id:lake-trust" not in reported(state)
    assert (len(prepared.delta.added), len(prepared.delta.removed)) == (1, 2)


def test_a_relation_stays_as_long_as_one_claim_justifies_it(load: Load, write: Write, state: State) -> None:
    again = f"{MEMBER}\n  - {MEMBER.replace('key: member, ', '').replace('p1s1', 'p2s1')}"
    load(write((MEMBER, again)))
    load(write((MEMBER, again.replace("at: p1s1", "status: retracted, at: p1s1"))))
    assert "id:harbour-league kg:hasMember id:lake-trust" in reported(state)


def test_what_a_claim_file_no_longer_says_of_its_claim_goes(load: Load, write: Write, state: State) -> None:
    load(write((MEMBER, MEMBER.replace("at:", "via: town-council, role: leader, at:"))))
    claim = claim_of(state, "id:harbour-league kg:hasMember id:lake-trust")
    assert values(state, claim, "kg:reportedVia") == {"id:town-council"}
    load(write())
    assert values(state, claim, "kg:reportedVia") == values(state, claim, "kg:role") == set()


def test_a_mention_that_is_no_longer_called_evaluative_is_not(load: Load, write: Write, state: State) -> None:
    load(write(("at: p1s1}\nnotes", "at: p1s1, evaluative: true}\nnotes")))
    evaluative = NamedNode(state.namespaces.expand("kg:evaluative"))
    assert len(list(state.store.quads(None, evaluative))) == 1
    load(write())
    assert list(state.store.quads(None, evaluative)) == []


def test_rdf_may_renew_the_status_of_a_claim_and_nothing_else(load: Load, write: Write, state: State) -> None:
    load(write())
    claim = claim_of(state, "id:harbour-league kg:hasMember id:lake-trust")
    load(turtle(f"{claim} kg:status kgs:superseded ."))
    assert values(state, claim, "kg:status") == {"kgs:superseded"}
    assert "id:harbour-league kg:hasMember id:lake-trust" not in reported(state)
    with pytest.raises(InvalidGraphError, match="exactly one voice"):
        load(turtle(f"{claim} kg:voice kgs:heading ."))


# ------------------------------------------------------------------ conflicts


NEGATED = MEMBER.replace("key: member", "key: denied").replace("at:", "polarity: negated, at:")


def test_a_claim_that_contradicts_another_is_linked_not_dropped(load: Load, write: Write, state: State) -> None:
    prepared = load(write((MEMBER, f"{MEMBER}\n  - {NEGATED}")))
    affirmed, negated = (
        claim_of(state, "id:harbour-league kg:hasMember id:lake-trust", polarity=polarity)
        for polarity in ("affirmed", "negated")
    )
    assert values(state, affirmed, "kg:conflictsWith") == {negated}
    assert values(state, negated, "kg:conflictsWith") == {affirmed}
    assert prepared.conflicts == (tuple(sorted((affirmed, negated))),)
    assert "id:harbour-league kg:hasMember id:lake-trust" in reported(state)


def test_a_contradiction_of_what_is_loaded_is_linked_on_both(load: Load, write: Write, state: State) -> None:
    load(write())
    prepared = load(write((MEMBER, NEGATED)))
    negated = claim_of(state, "id:harbour-league kg:hasMember id:lake-trust", polarity="negated")
    affirmed = claim_of(state, "id:harbour-league kg:hasMember id:lake-trust", polarity="affirmed")
    assert values(state, affirmed, "kg:conflictsWith") == {negated}
    assert prepared.conflicts == (tuple(sorted((affirmed, negated))),)
    assert load(write((MEMBER, NEGATED))).delta == Delta()
    assert load(write()).delta == Delta()


def test_a_retracted_claim_contradicts_nothing(load: Load, write: Write) -> None:
    retracted = NEGATED.replace("at:", "status: retracted, at:")
    assert load(write((MEMBER, f"{MEMBER}\n  - {retracted}"))).conflicts == ()


def test_a_conflict_the_file_states_is_reported_too(load: Load, write: Write, state: State) -> None:
    prepared = load(write((MEMBER, MEMBER.replace("at:", "conflicts_with: size, at:"))))
    assert len(prepared.conflicts) == 1
    one, other = prepared.conflicts[0]
    assert values(state, one, "kg:conflictsWith") == {other}


# ------------------------------------------------------------------ RDF


@pytest.mark.parametrize("format", formats.RDF, ids=lambda f: f.name)
def test_what_is_exported_loads_into_an_empty_graph_as_the_same_bytes(
    load: Load, write: Write, state: State, format: Format
) -> None:
    load(write((MEMBER, f"{MEMBER}\n  - {NEGATED}")), turtle("ex:a ex:b 1.5, [ ex:c 'd' ] ."))
    prefixes = state.namespaces.prefixes
    exported = rdf.serialise(state.store.quads(), format, prefixes)
    other = State(OxigraphStore.open(None), state.namespaces, state.schema)
    assert isinstance(other.store, OxigraphStore)
    other.store.apply(ontology_delta(other), 1)
    prepared = prepare([readers.from_bytes("export", exported, format)], other)
    other.store.apply(prepared.delta, 2)
    assert rdf.serialise(other.store.quads(), format, prefixes) == exported
    assert set(other.store.quads()) == set(state.store.quads())
    assert (prepared.rewrites, prepared.skolemised) == ((), 0)


def test_an_export_loaded_again_changes_nothing(load: Load, write: Write, state: State) -> None:
    load(write())
    exported = rdf.serialise(state.store.quads(), formats.TURTLE, state.namespaces.prefixes)
    assert load(readers.from_bytes("export.ttl", exported)).delta == Delta()


def test_a_load_is_judged_with_the_claims_that_are_there(load: Load, write: Write) -> None:
    """A demand needs somebody who demands it: a claim that an earlier load brought is enough."""
    load(write())
    assert load(turtle('id:clean-quay skos:altLabel "Quay demand"@en .')).entities == 0


def test_literals_are_made_canonical_and_each_rewrite_is_reported(load: Load, state: State) -> None:
    prepared = load(turtle("ex:a ex:b '1.0'^^xsd:decimal . ex:c ex:b '1.0'^^xsd:decimal, '2'^^xsd:byte ."))
    assert prepared.rewrites == (
        Rewrite('"1.0"^^xsd:decimal', '"1"^^xsd:decimal', 2),
        Rewrite('"2"^^xsd:byte', '"2"^^xsd:integer', 1),
    )
    assert values(state, "http://example.org/a", "http://example.org/b") == {"1"}


def test_blank_nodes_are_named_the_same_each_time(load: Load) -> None:
    prepared = load(turtle("ex:a ex:b [ ex:c 1 ] ."))
    assert prepared.skolemised == 1
    assert load(turtle("ex:a ex:b [ ex:c 1 ] .")).delta == Delta()


def test_a_relation_without_a_claim_is_refused_by_name(load: Load, write: Write) -> None:
    load(write())
    with pytest.raises(InvalidGraphError, match="a relation needs a claim") as caught:
        load(turtle("id:lake-trust kg:partnerOf id:town-council ."))
    [violation] = caught.value.violations
    assert (violation.focus_node, violation.path, violation.value) == (
        "id:lake-trust",
        "kg:partnerOf",
        "id:town-council",
    )


def test_a_relation_with_a_text_as_object_is_refused_too(load: Load) -> None:
    with pytest.raises(InvalidGraphError, match="a relation needs a claim"):
        load(turtle("id:lake-trust kg:partnerOf 'somebody' ."))


def test_a_term_the_ontology_lacks_is_refused(load: Load) -> None:
    with pytest.raises(InvalidGraphError, match="no such class"):
        load(turtle("id:a a kg:Persn ."))


def test_a_claim_that_is_not_whole_is_refused_with_what_it_lacks(load: Load) -> None:
    with pytest.raises(InvalidGraphError) as caught:
        load(turtle("id:claim-0123456789abcdef0123 a kg:Claim ."))
    assert {"rdf:subject", "kg:assertedIn", "kg:evidence"} <= {v.path for v in caught.value.violations}


# ------------------------------------------------------------------ refusals leave nothing


def test_the_report_names_the_line_of_the_claim_file(load: Load, write: Write) -> None:
    with pytest.raises(InvalidGraphError) as caught:
        load(
            write(
                ("{key: action, subject", "{key: action, status: current, subject"),
                ("object: town-council", "object: clean-quay"),
            )
        )
    assert any(":28: claims[3]" in str(violation.place) for violation in caught.value.violations)


BROKEN: dict[str, tuple[str, bytes, type[Exception]]] = {
    "a broken claim file": ("a.yaml", b"kgraph: 1\nclaims: [{}]\n", ClaimFileError),
    "broken Turtle": ("a.ttl", b"<urn:a> <urn:b> .", RdfSyntaxError),
    "an empty file": ("a.ttl", b"", EmptyInputError),
}


@pytest.mark.parametrize("what", BROKEN)
def test_one_broken_input_refuses_all(write: Write, state: State, tmp_path: Path, what: str) -> None:
    name, data, error = BROKEN[what]
    path = tmp_path / "broken" / name
    path.parent.mkdir()
    path.write_bytes(data)
    before = set(state.store.quads())
    with pytest.raises(error):
        prepare([write(), path], state)
    assert set(state.store.quads()) == before


def test_a_warning_is_told_and_does_not_refuse(
    write: Write, state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = tmp_path / "shape.ttl"
    shape.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX kg: <https://w3id.org/kgraph/ns#>\n"
        "<urn:s> a sh:NodeShape ; sh:targetClass kg:Ngo ; sh:severity sh:Warning ; sh:nodeKind sh:Literal ;"
        " sh:message 'a word'@en ."
    )
    monkeypatch.setattr(type(state.schema), "shapes", staticmethod(lambda: (shape,)))
    prepared = prepare([write()], state)
    assert [(w.focus_node, w.severity, w.message) for w in prepared.warnings] == [
        ("id:lake-trust", "Warning", "a word")
    ]


def test_another_base_gives_the_same_names_elsewhere(write: Write, state: State) -> None:
    there = Namespaces.load("http://localhost/")
    prepared = prepare([write()], State(OxigraphStore.open(None), there, type(state.schema).load(there)))
    here = prepare([write()], state)

    def local(quads: tuple[Quad, ...], names: Namespaces) -> set[str]:
        return {str(quad.triple).replace(names.id, "") for quad in quads}

    assert local(prepared.delta.added, there) == local(here.delta.added, state.namespaces)
