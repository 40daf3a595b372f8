"""Names: a slug, a CURIE and an IRI are the same thing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode

NAMESPACES = Namespaces.load()


@pytest.mark.parametrize(
    "name", ["ioc", "id:ioc", "https://w3id.org/kgraph/id/ioc", "<https://w3id.org/kgraph/id/ioc>", " ioc "]
)
def test_slug_curie_and_iri_expand_to_one_iri(name: str) -> None:
    assert NAMESPACES.expand(name) == "https://w3id.org/kgraph/id/ioc"


def test_a_bare_relation_is_looked_for_among_the_relations() -> None:
    assert NAMESPACES.expand("hasMember", "kg") == "https://w3id.org/kgraph/ns#hasMember"


def test_an_iri_whose_scheme_looks_like_a_prefix_stays_as_it_is() -> None:
    assert NAMESPACES.expand("schema://host/x") == "schema://host/x"
    assert NAMESPACES.expand("urn:isbn:1") == "urn:isbn:1"


@pytest.mark.parametrize(
    "iri", ["https://elsewhere.example/x", "https://w3id.org/kgraph/id/a/b", "https://w3id.org/kgraph/id/"]
)
def test_an_iri_without_a_plain_curie_is_not_compressed(iri: str) -> None:
    assert NAMESPACES.compress(iri) == iri


@given(st.from_regex(r"[a-z0-9][a-z0-9-]{0,30}", fullmatch=True), st.sampled_from(["id", "kg", "kgs"]))
def test_compress_and_expand_are_each_others_inverse(slug: str, prefix: str) -> None:
    iri = NAMESPACES.prefixes[prefix] + slug
    assert NAMESPACES.compress(iri) == f"{prefix}:{slug}"
    assert NAMESPACES.expand(NAMESPACES.compress(iri)) == iri


@given(
    st.sampled_from(sorted(NAMESPACES.prefixes.values())),
    st.text(st.sampled_from("ab/#.:-_é \n"), max_size=6),
    st.integers(0, 3),
)
def test_the_quick_way_to_a_curie_gives_what_the_converter_gives(namespace: str, rest: str, less: int) -> None:
    odd = Namespaces(prefixes={**NAMESPACES.prefixes, "odd": "https://odd.example/x"})  # it cannot take the quick way
    iri = namespace[: len(namespace) - less] + rest
    assert NAMESPACES.compress(iri) == odd.compress(iri)
    assert odd.compress("https://odd.example/xy") == "odd:y"


PIECES = [
    "http", "urn", "a", ":", "/", "//", "?", "#", "@", "[", "]", "[::1]", "[v1.x]", "[::1%1]", "%", "%4", "%C3%A9", "é",
    " ", "1", "-", ".", "~", "\x00", "\x1b", "\x7f", "\x9f", "\ue000", "\ufdd0", "\uffff", "\U0001fffe", "\U000e0fff",
    "\U0010fffd", "<", '"', "^", "\n",
]  # fmt: skip


@example(["http", ":", "/", "/", "[::1]", ":", "1", "?", "\ue000"])
@given(st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"]), max_size=9))
def test_an_iri_is_what_the_store_takes_for_one_and_holds_no_white_space(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        NamedNode(text)
        taken = not any(sign.isspace() for sign in text)
    except ValueError:
        taken = False
    assert Namespaces.is_iri(text) == taken


def test_data_follows_the_base_and_the_ontology_stays() -> None:
    moved = Namespaces.load("https://data.example/")
    assert moved.id == "https://data.example/id/"
    assert moved.graph("claims") == "https://data.example/graph/claims"
    assert (moved.kg, moved.kgs) == (NAMESPACES.kg, NAMESPACES.kgs)


@pytest.mark.parametrize(
    ("text", "is_iri"),
    [
        ("urn:a:b", True),
        ("https://a.example/ü", True),
        ("ioc", False),
        ("a:b c", False),
        ("a:<b>", False),
        ("a:b\n", False),
    ],
)
def test_an_iri_holds_no_space_bracket_or_newline(text: str, is_iri: bool) -> None:
    assert Namespaces.is_iri(text) is is_iri
