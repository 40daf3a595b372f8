"""What updates come to, clause by clause of SPARQL 1.1 Update, worked out in this process.

The rules are the recommendation's; the last test also holds them against the engine's own updates.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kgraph.namespaces import Namespaces
from kgraph.settings import Settings
from kgraph.sparql import blanknodes, updateguard, updating
from kgraph.sparql.changes import UnappliedError

NAMES = Namespaces.load()
CLAIMS, NOTES = NAMES.graph("claims"), NAMES.graph("notes")
ABOUT = """
PREFIX : <urn:>
INSERT DATA { :d :p 1 . GRAPH :g { :a :p 1 , 2 . :b :q :a } GRAPH :h { :a :p 1 } } ; CREATE GRAPH :empty
"""
State = tuple[set[str], set[str]]
Apply = Callable[..., State]


def a_store() -> Store:
    store = Store()
    store.update(ABOUT)
    return store


def asked(text: str, **changed: Any) -> dict[str, Any]:
    operations = updateguard.check(text, Settings(), NAMES.prefixes)
    request = {
        "text": text,
        "operations": [operation.fields() for operation in operations],
        "base": None,
        "prefixes": {**NAMES.prefixes, "": "urn:"},
        "using": [],
        "using_named": [],
        "union": False,
        "scratch": None,
        "graphs": [],
        "own_graphs": [CLAIMS, NOTES],
        "packaged_graphs": [NOTES],
        "own_subjects": [NAMES.kg, NAMES.kgs, NAMES.graph("")],
        "kg": NAMES.kg,
        "type": NAMES.expand("rdf:type"),
        "names": blanknodes.NAMES,
        "quads": 1_000,
        "bytes": 1_000_000,
    }
    return {**request, **changed}


def worked_out(text: str, store: Store, **changed: Any) -> tuple[dict[str, Any], list[Quad], list[Quad]]:
    """The difference: its header, what goes, what comes."""
    line, _, quads = updating.update(store, asked(PROLOGUE + text, **changed)).partition(b"\n")
    header = json.loads(line)
    parts = quads[: header["removed"]], quads[header["removed"] :]
    removed, added = (list(parse(part, format=RdfFormat.N_QUADS)) for part in parts)
    return header, removed, added


PROLOGUE = "PREFIX : <urn:> "


def after(text: str, store: Store | None = None, **changed: Any) -> State:
    """What a store holds after an update: its quads, and the names of its graphs."""
    store = a_store() if store is None else store
    header, removed, added = worked_out(text, store, **changed)
    for quad in removed:
        assert quad in store, "only what is there goes"
        store.remove(quad)
    for quad in added:
        assert quad not in store, "only what is not there comes"
        store.add(quad)
    for graph in header["new"]:
        store.add_graph(NamedNode(graph))
    for graph in header["gone"]:
        assert next(store.quads_for_pattern(None, None, None, NamedNode(graph)), None) is None
        store.remove_graph(NamedNode(graph))
    return shown(store)


def shown(store: Store) -> State:
    return {short(quad) for quad in store}, {str(graph)[5:-1] for graph in store.named_graphs()}


def short(quad: Quad) -> str:
    parts = " ".join(str(part) for part in quad).replace("DEFAULT", "").strip()
    return parts.replace("<urn:", "").replace(">", "").replace("^^<http://www.w3.org/2001/XMLSchema#integer", "")


BEFORE = {'d p "1"', 'a p "1" g', 'a p "2" g', "b q a g", 'a p "1" h'}


# ------------------------------------------------------------------ 3.1 graph update


def test_the_store_of_these_tests_is_as_it_says() -> None:
    assert shown(a_store()) == (BEFORE, {"g", "h", "empty"})


def test_insert_data_adds_to_the_unnamed_graph_and_makes_named_ones() -> None:
    quads, graphs = after("INSERT DATA { :x :p 1 GRAPH :new { :y :p 1 } }")
    assert quads == BEFORE | {'x p "1"', 'y p "1" new'}
    assert graphs == {"g", "h", "empty", "new"}


def test_what_is_there_already_is_not_added_again() -> None:
    header, removed, added = worked_out("INSERT DATA { :d :p 1 , 01 }", a_store())
    assert (removed, added, header["new"]) == ([], [], [])


def test_delete_data_removes_what_is_there_and_minds_nothing_else() -> None:
    quads, graphs = after("DELETE DATA { :d :p 1 , 7 . GRAPH :g { :b :q :a } GRAPH :none { :b :q :a } }")
    assert quads == BEFORE - {'d p "1"', "b q a g"}
    assert graphs == {"g", "h", "empty"}


def test_a_graph_that_was_emptied_is_there_still() -> None:
    quads, graphs = after("DELETE WHERE { GRAPH :h { ?s ?p ?o } }")
    assert quads == BEFORE - {'a p "1" h'}
    assert "h" in graphs


def test_deleting_comes_before_inserting_whatever_the_order_of_both() -> None:
    quads, _ = after("DELETE { :d :p ?o } INSERT { :d :p ?o . :d :q ?o } WHERE { :d :p ?o }")
    assert quads == BEFORE | {'d q "1"'}


def test_where_is_matched_once_before_anything_is_changed() -> None:
    quads, _ = after("INSERT { ?o :p ?s . ?s :r ?o } WHERE { ?s :q ?o }", union=True)
    assert quads == BEFORE | {"a p b", "b r a"}


def test_unbound_variables_and_impossible_triples_are_left_out() -> None:
    text = "INSERT { ?o :p 1 . :x :p ?none . :x :q ?o . GRAPH ?o { :y :p 1 } } WHERE { :d :p ?o }"
    assert after(text)[0] == BEFORE | {'x q "1"'}


def test_a_template_without_variables_is_filled_once_a_solution_was_found() -> None:
    assert after("INSERT { :x :p 1 } WHERE { ?s ?p ?o }", union=True)[0] == BEFORE | {'x p "1"'}
    assert after("INSERT { :x :p 1 } WHERE { ?s :never ?o }")[0] == BEFORE
    assert after("INSERT { :x :p 1 } WHERE {}")[0] == BEFORE | {'x p "1"'}


def test_a_dataset_without_using_is_the_unnamed_graph_or_the_union_as_the_setting_says() -> None:
    text = "INSERT { :seen :p ?s } WHERE { ?s :p 1 }"
    assert after(text, union=False)[0] == BEFORE | {"seen p d"}
    assert after(text, union=True)[0] == BEFORE | {"seen p d", "seen p a"}


def test_with_is_the_graph_of_templates_and_of_where() -> None:
    text = "WITH :g DELETE { ?s :p ?o } INSERT { ?s :r ?o } WHERE { ?s :p ?o }"
    assert after(text)[0] == (BEFORE - {'a p "1" g', 'a p "2" g'}) | {'a r "1" g', 'a r "2" g'}


def test_graph_in_a_template_or_in_where_goes_before_with() -> None:
    text = "WITH :g INSERT { GRAPH :h { ?s :r ?o } } WHERE { GRAPH :h { ?s :p ?o } }"
    assert after(text)[0] == BEFORE | {'a r "1" h'}


def test_using_goes_before_with_in_where_only() -> None:
    text = "WITH :g INSERT { ?s :r ?o } USING :h WHERE { ?s :p ?o }"
    assert after(text)[0] == BEFORE | {'a r "1" g'}


def test_using_several_graphs_merges_them_and_hides_the_others() -> None:
    assert after("INSERT { :n :is ?s } USING :g USING :h WHERE { ?s ?p ?o }")[0] == BEFORE | {"n is a", "n is b"}
    assert after("INSERT { :n :is ?s } USING :h WHERE { GRAPH ?g { ?s ?p ?o } }")[0] == BEFORE
    text = "INSERT { :n :is ?s } USING NAMED :g WHERE { { ?s :p 1 } UNION { GRAPH ?g { ?s :q ?o } } }"
    assert after(text)[0] == BEFORE | {"n is b"}


def test_the_dataset_of_the_protocol_is_as_using() -> None:
    text = "INSERT { :n :is ?s } WHERE { { ?s :q ?o } UNION { GRAPH ?g { ?s :p 1 } } }"
    found = after(text, using=["urn:g"], using_named=["urn:h"])[0]
    assert found == BEFORE | {"n is b", "n is a"}
    assert after(text, using=["urn:h"])[0] == BEFORE


def test_delete_where_takes_its_pattern_as_template() -> None:
    assert after("DELETE WHERE { :d ?p ?o }")[0] == BEFORE - {'d p "1"'}
    assert after("DELETE WHERE { GRAPH ?g { ?s :p 1 } }")[0] == BEFORE - {'a p "1" g', 'a p "1" h'}
    assert after("DELETE WHERE { :d :p 1 }")[0] == BEFORE - {'d p "1"'}


def test_relative_iris_are_resolved_by_base_and_the_base_of_the_request() -> None:
    text = "INSERT DATA { <x> <#y> <../z> }"
    assert short(worked_out(text, Store(), base="http://e/a/b")[2][0]) == "<http://e/a/x <http://e/a/b#y <http://e/z"
    own = f"BASE <http://f/> {text} ; BASE <http://h/c> INSERT {{ <w> :p 1 GRAPH <k> {{ <m> :p 1 }} }} WHERE {{}}"
    _, _, added = worked_out(own, Store(), base="http://e/a/b")
    assert {short(quad) for quad in added} == {
        "<http://f/x <http://f/#y <http://f/z",
        '<http://h/w p "1"',
        '<http://h/m p "1" <http://h/k',
    }


def test_triple_terms_are_kept() -> None:
    store = Store()
    after("INSERT DATA { :x :says <<( :a :p 1 )>> }", store)
    quads, _ = after("INSERT { :y :repeats ?t } WHERE { :x :says ?t }", store)
    assert 'y repeats <<( a p "1" ) )' not in quads
    assert any(isinstance(quad.object, Triple) and quad.subject == NamedNode("urn:y") for quad in store)


# ------------------------------------------------------------------ blank nodes


def names_in(quads: list[Quad]) -> list[str]:
    parts = [part for quad in quads for part in (quad.subject, quad.object)]
    return sorted({part.value for part in parts if isinstance(part, NamedNode) and blanknodes.is_blank(part)})


def test_no_blank_node_reaches_the_store() -> None:
    _, _, added = worked_out(
        "INSERT DATA { _:a :p [ :q ( 1 2 ) ] . :x :says <<( _:a :p _:b )>> } ; "
        "INSERT { _:c :is ?b } WHERE { BIND(BNODE() AS ?b) }",
        Store(),
    )
    assert len(added) == 8
    assert not any(isinstance(part, BlankNode) for quad in added for part in quad)
    assert "_:" not in " ".join(map(str, added))


def test_a_label_is_one_node_within_an_operation_and_graphs_share_it() -> None:
    _, _, added = worked_out("INSERT DATA { GRAPH :n { _:a :p 1 } GRAPH :m { _:a :p 1 . _:b :p 1 } }", Store())
    assert len(names_in(added)) == 2


def test_the_same_label_in_another_operation_is_another_node() -> None:
    once = "INSERT { _:a :p 1 } WHERE {}"
    assert len(names_in(worked_out(f"{once} ; {once}", Store())[2])) == 2


def test_data_run_again_makes_new_nodes() -> None:
    store = Store()
    after("INSERT DATA { _:a :p 1 }", store)
    after("INSERT DATA { _:a :p 1 }", store)
    assert len(store) == 2


def test_a_template_makes_a_new_node_for_each_solution_also_for_equal_ones() -> None:
    text = "INSERT { _:n :of ?x . _:n :is 1 } WHERE { VALUES (?x ?y) { (1 1) (1 2) } }"
    assert len(names_in(worked_out(text, Store())[2])) == 2


def test_a_node_that_where_made_is_one_node_within_its_solution() -> None:
    text = "INSERT { ?b :p 1 . ?b :says <<( ?b :p ?b )>> } WHERE { VALUES ?x { 1 2 } BIND(BNODE() AS ?b) }"
    _, _, added = worked_out(text, Store())
    assert len(names_in(added)) == 2
    assert len(added) == 4


def test_a_node_that_where_made_is_no_relation_and_no_graph() -> None:
    text = "INSERT { :a ?b :c . GRAPH ?b { :a :p 1 } . ?b :p :c } WHERE { BIND(BNODE() AS ?b) }"
    assert len(worked_out(text, Store())[2]) == 1


# ------------------------------------------------------------------ 3.2 graph management


@pytest.mark.parametrize(
    ("text", "gone", "graphs"),
    [
        ("CLEAR GRAPH :g", {'a p "1" g', 'a p "2" g', "b q a g"}, {"g", "h", "empty"}),
        ("CLEAR DEFAULT", {'d p "1"'}, {"g", "h", "empty"}),
        ("CLEAR NAMED", BEFORE - {'d p "1"'}, {"g", "h", "empty"}),
        ("CLEAR ALL", BEFORE, {"g", "h", "empty"}),
        ("DROP GRAPH :g", {'a p "1" g', 'a p "2" g', "b q a g"}, {"h", "empty"}),
        ("DROP GRAPH :empty", set(), {"g", "h"}),
        ("DROP DEFAULT", {'d p "1"'}, {"g", "h", "empty"}),
        ("DROP NAMED", BEFORE - {'d p "1"'}, set()),
        ("DROP ALL", BEFORE, set()),
        ("CREATE GRAPH :new", set(), {"g", "h", "empty", "new"}),
        ("CREATE SILENT GRAPH :g", set(), {"g", "h", "empty"}),
        ("DROP SILENT GRAPH :none", set(), {"g", "h", "empty"}),
        ("CLEAR SILENT GRAPH :none", set(), {"g", "h", "empty"}),
        ("COPY SILENT :none TO :g", set(), {"g", "h", "empty"}),
        ("COPY :g TO :g", set(), {"g", "h", "empty"}),
        ("MOVE :g TO :g", set(), {"g", "h", "empty"}),
        ("ADD DEFAULT TO DEFAULT", set(), {"g", "h", "empty"}),
        ("CREATE GRAPH :new ; DROP GRAPH :new", set(), {"g", "h", "empty"}),
        ("DROP GRAPH :g ; CREATE GRAPH :g", {'a p "1" g', 'a p "2" g', "b q a g"}, {"g", "h", "empty"}),
    ],
)
def test_graphs_are_cleared_dropped_and_made(text: str, gone: set[str], graphs: set[str]) -> None:
    assert after(text) == (BEFORE - gone, graphs)


def test_add_keeps_both_copy_replaces_and_move_takes_away() -> None:
    in_g = {'a p "1" g', 'a p "2" g', "b q a g"}
    as_default = {quad.removesuffix(" g") for quad in in_g}
    assert after("ADD :g TO DEFAULT") == (BEFORE | as_default, {"g", "h", "empty"})
    assert after("COPY :g TO DEFAULT") == ((BEFORE - {'d p "1"'}) | as_default, {"g", "h", "empty"})
    assert after("MOVE :g TO DEFAULT") == ((BEFORE - in_g - {'d p "1"'}) | as_default, {"h", "empty"})
    assert after("COPY DEFAULT TO :g") == ((BEFORE - in_g) | {'d p "1" g'}, {"g", "h", "empty"})
    assert after("MOVE DEFAULT TO :new") == ((BEFORE - {'d p "1"'}) | {'d p "1" new'}, {"g", "h", "empty", "new"})
    assert after("COPY :empty TO :h") == (BEFORE - {'a p "1" h'}, {"g", "h", "empty"})
    assert after("MOVE :empty TO :new") == (BEFORE, {"g", "h", "new"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CREATE GRAPH :g", "exists already"),
        ("CREATE GRAPH :empty", "exists already"),
        ("DROP GRAPH :none", "does not exist"),
        ("CLEAR GRAPH :none", "does not exist"),
        ("ADD :none TO :g", "does not exist"),
        ("MOVE :none TO DEFAULT", "does not exist"),
        ("COPY :none TO :none", "does not exist"),
        ("CREATE GRAPH :new ; CREATE GRAPH :new", "exists already"),
        ("DROP GRAPH :g ; CLEAR GRAPH :g", "does not exist"),
    ],
)
def test_what_cannot_be_done_ends_the_whole_request(text: str, words: str) -> None:
    with pytest.raises(UnappliedError, match=words) as failed:
        after(f"INSERT DATA {{ :x :p 1 }} ; {text}")
    assert failed.value.status == "graph"


def test_a_store_that_forgot_its_empty_graphs_can_be_told_of_them() -> None:
    assert after("DROP GRAPH :kept", graphs=["urn:kept"])[0] == BEFORE


# ------------------------------------------------------------------ sequences


def test_a_later_operation_sees_what_the_earlier_ones_made() -> None:
    text = """INSERT DATA { :x :n 1 } ; INSERT { :x :n ?m } WHERE { :x :n ?n BIND(?n + 1 AS ?m) } ;
    PREFIX e: <urn:> DELETE { e:x e:n ?n } WHERE { e:x e:n ?n FILTER(?n < 2) } ;
    INSERT { :y :n ?n } WHERE { :x :n ?n }"""
    assert after(text)[0] == BEFORE | {'x n "2"', 'y n "2"'}


def test_on_the_disk_a_copy_is_written_and_the_snapshot_is_not(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.update(ABOUT)
    store.backup(tmp_path / "snapshot")
    snapshot = Store.read_only(str(tmp_path / "snapshot"))
    text = "DROP GRAPH :h ; INSERT { :seen :p ?g } WHERE { GRAPH ?g { :a :p 1 } }"
    _, removed, added = worked_out(text, snapshot, scratch=str(tmp_path / "copy"))
    assert ([short(q) for q in removed], [short(q) for q in added]) == (['a p "1" h'], ["seen p g"])
    assert {short(quad) for quad in snapshot} == BEFORE


def test_what_is_added_and_taken_away_again_is_no_change() -> None:
    header, removed, added = worked_out(
        "INSERT DATA { :x :p 1 } ; DELETE DATA { :x :p 1 ; :p 2 . :d :p 1 } ; INSERT DATA { :d :p 1 }", a_store()
    )
    assert (removed, added, header["new"], header["gone"]) == ([], [], [], [])


# ------------------------------------------------------------------ what may not be changed


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ GRAPH <{CLAIMS}> {{ :x :p 1 }} }}",
        f"DELETE DATA {{ GRAPH <{CLAIMS}> {{ :x :p 1 }} }}",
        f"DELETE WHERE {{ GRAPH <{CLAIMS}> {{ ?s ?p ?o }} }}",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        f"WITH <{CLAIMS}> INSERT {{ :x :p 1 }} WHERE {{}}",
        f"CLEAR GRAPH <{CLAIMS}>",
        f"DROP SILENT GRAPH <{NOTES}>",
        f"CREATE SILENT GRAPH <{CLAIMS}>",
        f"COPY :g TO <{CLAIMS}>",
        f"ADD :g TO <{CLAIMS}>",
        f"MOVE <{CLAIMS}> TO :g",
        "CLEAR ALL",
        "DROP NAMED",
        "DROP SILENT ALL",
    ],
)
def test_kgraphs_own_graphs_are_not_changed(text: str) -> None:
    store = a_store()
    store.add(Quad(NamedNode("urn:c"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode(CLAIMS)))
    with pytest.raises(UnappliedError) as refused:
        worked_out(text, store)
    assert refused.value.status == "own graph"
    assert str(refused.value).split(" ")[0] in (CLAIMS, NOTES)


def test_all_graphs_are_those_that_may_be_changed_where_nothing_was_loaded() -> None:
    packaged = Quad(NamedNode("urn:c"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode(NOTES))
    for text, left in (("CLEAR ALL", {"g", "h", "empty"}), ("DROP ALL", set())):
        store = a_store()
        store.add(packaged)
        quads, graphs = after(text, store)
        assert quads == {short(packaged)}
        assert {graph for graph in graphs if "/" not in graph} == left


def test_kgraphs_own_graphs_can_be_read_and_copied() -> None:
    store = a_store()
    store.add(Quad(NamedNode("urn:c"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode(CLAIMS)))
    _, _, added = worked_out(f"COPY <{CLAIMS}> TO :mine", store)
    assert [short(quad) for quad in added] == ["c p o mine"]


@pytest.mark.parametrize(
    "triple",
    [
        ":x kg:demands :y",
        ":x a kg:Claim",
        "kg:demands :p :y",
        "kgs:reported :p :y",
        f"<{CLAIMS}> :p :y",
    ],
)
def test_kgraphs_own_terms_are_not_said_but_can_be_taken_away(triple: str) -> None:
    with pytest.raises(UnappliedError) as refused:
        after(f"INSERT DATA {{ GRAPH :g {{ {triple} }} }}")
    assert refused.value.status == "own term"
    after(f"DELETE DATA {{ GRAPH :g {{ {triple} }} }}")


def test_what_is_too_large_or_too_deep_is_not_made() -> None:
    with pytest.raises(UnappliedError, match="more than 2 quads") as refused:
        after("CLEAR GRAPH :g", quads=2)
    assert refused.value.status == "rows"
    with pytest.raises(UnappliedError, match="more than 2 quads"):
        after("INSERT { ?s ?p ?x } WHERE { GRAPH :g { ?s ?p ?o } VALUES ?x { 5 6 7 } }", quads=2)
    with pytest.raises(UnappliedError, match="longer than 10 bytes") as refused:
        after("CLEAR GRAPH :g", bytes=10)
    assert refused.value.status == "bytes"
    deep = Store()
    after("INSERT DATA { :x :p 1 }", deep)
    deeper = "DELETE { ?s :p ?o } INSERT { ?s :p ?t } WHERE { ?s :p ?o BIND(TRIPLE(:x, :p, ?o) AS ?t) }"
    for _ in range(7):
        after(" ; ".join([deeper] * 9), deep)
    with pytest.raises(UnappliedError, match="deeper than 64"):
        after(" ; ".join([deeper] * 9), deep)


# ------------------------------------------------------------------ syntax


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("INSERT DATA { ?x :p 1 }", "1:40"),
        ("\nINSERT DATA {\n  <a b> :p 1 }", None),
        ("INSERT DATA { :a :p 1 } ;\n\n  DELETE { _:b :p 1 } WHERE {}", "3:26"),
        ("DELETE DATA { _:a :p 1 }", "1:41"),
        ("DELETE WHERE { _:a :p ?x }", None),
        ("CLEAR GRAPH :g ;\nINSERT { :a :p ?o } WHERE { :a :p ?o FILTER(?o <) }", "2:"),
        ("INSERT DATA { <rel> :p 1 }", None),
    ],
)
def test_an_operation_that_does_not_parse_is_told_with_its_place(text: str, place: str | None) -> None:
    from kgraph.errors import QuerySyntaxError

    with pytest.raises((SyntaxError, QuerySyntaxError)) as failed:
        after(text)
    assert place is None or f"error at {place}" in str(failed.value)


def test_nothing_is_done_where_a_later_operation_does_not_parse() -> None:
    with pytest.raises(SyntaxError):
        after("CREATE GRAPH :g ; INSERT DATA { ?x :p 1 }")


# ------------------------------------------------------------------ against the engine

_GRAPHS = ("DEFAULT", ":g", ":h", ":empty", ":new")
_TERMS = st.sampled_from([":a", ":b", ":d", "1", "2", "?s", "?o"])
_SUBJECTS = st.sampled_from([":a", ":b", ":d", "?s"])


def _block(triples: list[tuple[str, str, str, str]], *, ground: bool) -> str:
    parts = []
    for graph, subject, predicate, object_ in triples:
        if ground and "?" in subject + object_:
            subject, object_ = ":a", ":b"
        triple = f"{subject} {predicate} {object_}"
        parts.append(triple + " ." if graph == "DEFAULT" else f"GRAPH {graph} {{ {triple} }}")
    return f"{{ {' '.join(parts)} }}"


_TRIPLES = st.lists(
    st.tuples(st.sampled_from(_GRAPHS), _SUBJECTS, st.sampled_from([":p", ":q"]), _TERMS), min_size=1, max_size=3
)
_DATA = st.builds(
    lambda kind, t: f"{kind} DATA {_block(t, ground=True)}", st.sampled_from(["INSERT", "DELETE"]), _TRIPLES
)
_WHERE = st.builds(lambda t: f"DELETE WHERE {_block(t, ground=False)}", _TRIPLES)
_MODIFY = st.builds(
    lambda head, gone, come, where: (
        f"{head} DELETE {_block(gone, ground=False)} INSERT {_block(come, ground=False)} "
        f"WHERE {_block(where, ground=False)}"
    ),
    st.sampled_from(["", "WITH :g", "WITH :new"]),
    _TRIPLES,
    _TRIPLES,
    _TRIPLES,
)
_MANAGE = st.builds(
    lambda verb, target: f"{verb} SILENT {target if target in ('DEFAULT', 'ALL', 'NAMED') else f'GRAPH {target}'}",
    st.sampled_from(["CLEAR", "DROP"]),
    st.sampled_from([*_GRAPHS, "ALL", "NAMED"]),
)
_CREATE = st.builds(lambda target: f"CREATE SILENT GRAPH {target}", st.sampled_from(_GRAPHS[1:]))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(_DATA, _WHERE, _MODIFY, _MANAGE, _CREATE), min_size=1, max_size=4))
def test_any_sequence_leaves_what_the_engine_itself_would_leave(operations: list[str]) -> None:
    """ADD, MOVE and COPY aside: of a graph that is not there the engine copies nothing, and empties the target."""
    text, expected = " ; ".join(operations), a_store()
    expected.update(PROLOGUE + text)
    assert after(text)[0] == shown(expected)[0], text
