"""The blocks of path searches in a query: found, read strictly, and every other SERVICE refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgraph.errors import PathSearchError, QueryRefusedError, QuerySyntaxError
from kgraph.namespaces import Namespaces
from kgraph.settings import Settings
from kgraph.sparql import guard, pathguard
from kgraph.sparql.pathblock import PathBlock

NAMES = Namespaces.load()
ENDS = "path:source id:a ; path:target id:b"


def check(text: str) -> tuple[guard.QueryForm, tuple[PathBlock, ...]]:
    return pathguard.check(text, Settings(), NAMES)


def block(inside: str, prologue: str = "") -> PathBlock:
    (found,) = check(f"{prologue} SELECT * {{ SERVICE kg:path {{ {inside} }} }}")[1]
    return found


def data(name: str) -> str:
    return f"<{NAMES.id}{name}>"


def test_a_query_without_a_search_is_what_the_guard_says() -> None:
    form, blocks = check("SELECT * FROM <urn:a> { ?s ?p ?o FILTER(?o < 3) }")
    assert (form.name, form.names_dataset, blocks) == ("SELECT", True, ())


def test_a_search_is_read_with_all_that_is_said_of_it() -> None:
    found = block(
        """[] path:source id:a, id:c ; path:target <http://e.org/b> ; ;
           path:mode "k_shortest" ; path:k 3 ; path:predicate kg:hasMember, "^addresses" ;
           path:modality kgs:reported, 'alleged' ; path:min_confidence 0.5 ; path:valid_from "2004-11"^^xsd:gYearMonth ;
           path:path ?path ; path:claim $claim ."""
    )
    assert found.asked == {
        "source": (data("a"), data("c")),
        "target": ("<http://e.org/b>",),
        "mode": "k_shortest",
        "k": 3,
        "predicate": (f"<{NAMES.kg}hasMember>", "^addresses"),
        "modality": (f"<{NAMES.kgs}reported>", "alleged"),
        "min_confidence": 0.5,
        "valid_from": "2004-11",
    }
    assert found.outputs == {"path": "?path", "claim": "?claim"}


def test_several_statements_of_one_search_and_several_searches_of_one_query() -> None:
    inside = "_:s path:source id:a . _:s path:target id:b . _:s path:path ?p ."
    text = f"SELECT * {{ SERVICE kg:path {{ {inside} }} ?p ?q ?r OPTIONAL {{ SERVICE kg:path {{ [] {ENDS} }} }} }}"
    found = check(text)[1]
    assert [text[one.start : one.end].partition("{")[0] for one in found] == ["SERVICE kg:path "] * 2
    assert found[0].outputs == {"path": "?p"}
    many = "".join(f"SERVICE kg:path {{ [] {ENDS} }}" for _ in range(pathguard.MOST_BLOCKS + 1))
    with pytest.raises(QueryRefusedError, match="more than 10 path searches"):
        check(f"ASK {{ {many} }}")


def test_prefixes_of_the_query_come_before_those_that_need_no_declaration() -> None:
    own = f"PREFIX p: <https://w3id.org/kgraph/path#> PREFIX id: <http://e.org/> PREFIX : <{NAMES.kg}>"
    (found,) = check(f"{own} ASK {{ SERVICE :path {{ [] p:source id:x ; p:target <urn:y> }} }}")[1]
    assert found.asked["source"] == ("<http://e.org/x>",)
    with pytest.raises(QueryRefusedError) as refused:
        check(f"PREFIX kg: <http://e.org/> ASK {{ SERVICE kg:path {{ [] {ENDS} }} }}")
    assert refused.value.rule == "service"
    with pytest.raises(PathSearchError, match="is no term"):
        check(f"PREFIX path: <http://e.org/> ASK {{ SERVICE kg:path {{ [] {ENDS} }} }}")


@pytest.mark.parametrize("service", ["<https://w3id.org/kgraph/ns#path>", "kg:path", "# remark\n kg:path"])
@pytest.mark.parametrize("word", ["SERVICE", "service"])
def test_the_service_may_be_written_in_every_way(word: str, service: str) -> None:
    assert check(f"ASK {{ FILTER(1<2){word} {service}{{[]{ENDS}}} }}")[1]


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("[] path:source §?x ; path:target id:b", "path:source takes constants: the search is done before the query"),
        ("[] path:source id:a ; path:target §$x", "path:target takes constants"),
        (f"[] {ENDS} ; §path:maxHops 3", "did you mean path:max_hops"),
        (f"[] {ENDS} ; §kg:hasMember ?x", "kg:hasMember is no term of a path search"),
        (f"[] {ENDS} ; §path:Input ?x", "path:Input is no term"),
        (f"[] {ENDS} ; §a ?x", "a is no term"),
        (f"[] {ENDS} ; §?x 3", r"\?x is no term"),
        (f"[] {ENDS} ; path:k 3, §4", "path:k is given twice"),
        (f"[] {ENDS} ; path:k §3.5", "path:k takes a whole number"),
        (f"[] {ENDS} ; path:k §-3", "path:k takes a whole number"),
        (f"[] {ENDS} ; path:k §'3'", "path:k takes a whole number"),
        (f"[] {ENDS} ; path:k §{'9' * 20}", "too long"),
        (f"[] {ENDS} ; path:mode §kgs:x", "path:mode takes a text"),
        (f"[] {ENDS} ; path:mode 'a'§@en", "semicolon or full stop is missing"),
        (f"[] {ENDS} ; path:pattern §'a\\nb'", "without escapes"),
        (f"[] {ENDS} ; path:via §'a'", "path:via takes an IRI"),
        (f"[] {ENDS} ; path:via §_:b", "path:via takes an IRI"),
        (f"[] {ENDS} ; path:via §<b>", "absolute IRI"),
        (f"[] {ENDS} ; path:via §x:b", "the prefix x: is not declared"),
        (f"[] {ENDS} ; path:valid_from '2004'^^§xsd:string", "a date is a text, or of xsd:date"),
        (f"[] {ENDS} ; path:step §1", "name a variable for it"),
        (f"[] {ENDS} ; path:step ?x, §?y", "has a variable already"),
        (f"[] {ENDS} ; path:step ?x ; path:path §?x", "variable of something else"),
        (f"[] {ENDS} ; path:step §", "the block ends where what path:step is should stand"),
        (f"§?s {ENDS}", r"a search begins with \[\] or a blank node"),
        (f"§id:s {ENDS}", r"a search begins with \[\] or a blank node"),
        (f"§[ {ENDS} ]", "with nothing inside"),
        (f"[] {ENDS} . §[] path:k 1", "a second search begins here"),
        (f"_:a {ENDS} . §_:b path:k 1", "a second search begins here"),
        (f"[] {ENDS} . §{{ ?s ?p ?o }}", "{ does not belong"),
        (f"[] {ENDS} ; path:via §(id:c)", r"\( does not belong"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(inside: str, reason: str) -> None:
    written = inside.replace("§", "")
    with pytest.raises(PathSearchError, match=reason) as refused:
        check(f"SELECT *\n{{\n  SERVICE kg:path {{\n{written}}} }}")
    assert (refused.value.line, refused.value.column) == (4, inside.index("§") + 1)
    assert refused.value.text == f"{written}}} }}"


@pytest.mark.parametrize("inside", ["", "[] path:source id:a", "[] path:target id:a ; path:k 3"])
def test_a_search_without_its_ends_is_told_where_it_begins(inside: str) -> None:
    with pytest.raises(PathSearchError, match=r"this search has no path:(source|target)") as refused:
        check(f"ASK {{\n  SERVICE kg:path {{ {inside} }} }}")
    assert (refused.value.line, refused.value.column) == (2, 3)


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        ("ASK { SERVICE kg:path ?x }", PathSearchError, "the braces of SERVICE kg:path should begin here"),
        (f"ASK {{ SERVICE SILENT kg:path {{ [] {ENDS} }} }}", PathSearchError, "SILENT would hide"),
        (f"ASK {{ SERVICE kg:path {{ [] {ENDS} ", QuerySyntaxError, "never closed"),
        (f"ASK SERVICE kg:path {{ [] {ENDS} }}", QueryRefusedError, "SERVICE is not answered"),
        (f"SELECT (1 + SERVICE kg:path {{ [] {ENDS} }} AS ?x) {{}}", QueryRefusedError, "SERVICE is not answered"),
        (f"ASK {{ SERVICE ?x {{ [] {ENDS} }} }}", QueryRefusedError, "SERVICE is not answered"),
        (f"ASK {{ SERVICE kg:paths {{ [] {ENDS} }} }}", QueryRefusedError, "SERVICE is not answered"),
        (f"ASK {{ SERVICE SILENT SILENT kg:path {{ [] {ENDS} }} }}", QueryRefusedError, "SERVICE is not answered"),
        (f"ASK {{ SERVICEkg:path {{ [] {ENDS} }} }}", QuerySyntaxError, "prefix SERVICEkg"),
        (f"ASK {{ SERVICE kg:path {{ [] {ENDS} }} SERVICE <http://a/> {{}} }}", QueryRefusedError, "SERVICE is not"),
        (f"SERVICE kg:path {{ [] {ENDS} }}", QueryRefusedError, "SERVICE is not answered"),
    ],
)
def test_a_search_where_none_may_be_and_every_other_service_is_refused(text: str, error: Any, reason: str) -> None:
    with pytest.raises(error, match=reason):
        check(text)


WORDS = st.one_of(
    st.sampled_from(["SERVICE", "SILENT", "kg:path", "path:source", "path:k", "path:step", "[]", "_:b", "PREFIX", "a"]),
    st.sampled_from(["{", "}", "(", ")", "[", "]", "<<", ">>", ".", ";", ",", "<", "^", "^^", "\n", "#", "\\", "@en"]),
    st.sampled_from(["?x", "id:a", "<http://a/>", "'s'", "1", "kg:", ":"]),
)


@given(st.lists(WORDS, max_size=40), st.sampled_from([" ", ""]), st.sampled_from(["", f"[] {ENDS} ; "]))
@example(["}", "}"], " ", "")
def test_any_text_ends_in_searches_or_a_typed_error(words: list[str], between: str, begins: str) -> None:
    text = f"SELECT * {{ SERVICE kg:path {{ {begins}{between.join(words)}"
    try:
        form, blocks = check(text)
    except (QueryRefusedError, QuerySyntaxError):
        return
    assert form.name == "SELECT"
    assert all(text[one.end - 1] == "}" for one in blocks)
