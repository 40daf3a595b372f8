"""The shipped queries: competency questions give the expected rows, invariants and lint find what they are for."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Store

import kgraph
from kgraph import resources
from kgraph.namespaces import Namespaces

ONTOLOGY = resources.ontology()
QUERIES = ONTOLOGY / "queries"
BROKEN = ONTOLOGY / "tests" / "queries"
NAMESPACES = Namespaces.load()


def queries(kind: str) -> list[Path]:
    return sorted((QUERIES / kind).glob("*.rq"))


CHECKS = [*queries("invariants"), *queries("lint")]


def named(path: Path) -> str:
    return path.stem


def solutions(store: Store, query: Path) -> QuerySolutions:
    found = store.query(query.read_text("utf-8"), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return found


@pytest.fixture(scope="module")
def shipped(graph: kgraph.KnowledgeGraph) -> Store:
    """The shipped graph in a store of the test's own, with the ontology beside it."""
    store = vocabulary()
    store.bulk_load(b"".join(graph.export("nquads")), format=RdfFormat.N_QUADS)
    return store


def vocabulary() -> Store:
    store = Store()
    for path in (ONTOLOGY / "kgraph.ttl", *sorted((ONTOLOGY / "schemes").glob("*.ttl"))):
        store.bulk_load(path=path, format=RdfFormat.TURTLE, to_graph=NamedNode(NAMESPACES.graph("ontology")))
    return store


def rows(data: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data)))


# ------------------------------------------------------------------ competency questions


@pytest.mark.parametrize("query", queries("competency"), ids=named)
def test_a_competency_question_gives_the_expected_rows(query: Path, shipped: Store) -> None:
    found = solutions(shipped, query).serialize(format=QueryResultsFormat.CSV)
    assert found is not None
    assert rows(found.decode()) == rows(query.with_suffix(".csv").read_text("utf-8"))


def test_every_competency_question_has_rows_to_be_held_against() -> None:
    for query in queries("competency"):
        assert len(rows(query.with_suffix(".csv").read_text("utf-8"))) > 1, query.name
    assert {path.stem for path in (QUERIES / "competency").glob("*.csv")} == {q.stem for q in queries("competency")}


@pytest.mark.parametrize("query", queries("competency"), ids=named)
def test_a_competency_question_needs_no_named_graph(query: Path) -> None:
    """So that it also answers over one flat Turtle file."""
    assert re.search(r"\bGRAPH\b", query.read_text("utf-8"), re.IGNORECASE) is None


def test_the_notebook_query_is_the_one_that_the_readme_of_the_model_gives() -> None:
    text = (QUERIES / "competency" / "notebook.rq").read_text("utf-8")
    order = [text.index(step) for step in ("rdf:subject", "rdf:object", "rdf:predicate")]
    assert order == sorted(order)
    assert "FILTER(?rel IN (kg:hasMember, kg:demands))" in text


# ------------------------------------------------------------------ invariants and lint


@pytest.mark.parametrize("query", CHECKS, ids=named)
def test_nothing_is_found_in_the_shipped_graph(query: Path, shipped: Store) -> None:
    assert [str(row) for row in solutions(shipped, query)] == []


@cache
def expected() -> dict[str, Counter[tuple[str, str]]]:
    table: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    with (BROKEN / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table[row["query"]][row["node"], row["value"]] += 1
    return table


@pytest.mark.parametrize("query", CHECKS, ids=named)
def test_what_a_query_is_for_is_found(query: Path) -> None:
    """In a small broken graph of its own: exactly the rows of `expected.csv`."""
    store = vocabulary()
    store.load(path=BROKEN / f"{query.stem}.trig", format=RdfFormat.TRIG)
    found = solutions(store, query)
    names = {variable.value for variable in found.variables}
    seen = Counter((shown(row["node"]), shown(row["value"]) if "value" in names else "") for row in found)
    assert seen
    assert seen == expected()[query.stem]


def shown(term: object) -> str:
    assert isinstance(term, NamedNode | pyoxigraph.Literal)
    return NAMESPACES.compress(term.value)


def test_every_check_has_its_broken_graph() -> None:
    names = {query.stem for query in CHECKS}
    assert {path.stem for path in BROKEN.glob("*.trig")} == names == set(expected())


@pytest.mark.parametrize("query", queries("invariants"), ids=named)
def test_an_invariant_names_node_path_and_value(query: Path) -> None:
    """What a validation report shows of each row."""
    found = solutions(Store(), query)
    assert {"node", "path", "value"} <= {variable.value for variable in found.variables}


@pytest.mark.parametrize("query", queries("invariants"), ids=named)
def test_cross_checks_subtract_instead_of_asking_for_absence(query: Path) -> None:
    """FILTER NOT EXISTS takes minutes where MINUS takes a tenth of a second."""
    assert "NOT EXISTS" not in query.read_text("utf-8").upper()


# ------------------------------------------------------------------ what a query file says of itself


@pytest.mark.parametrize("query", queries("competency"), ids=named)
def test_a_competency_query_says_its_title_and_its_question(query: Path) -> None:
    title, question = query.read_text("utf-8").splitlines()[:2]
    assert title.startswith("# title: ")
    assert question.startswith("# question: ")
    assert question.endswith("?")


@pytest.mark.parametrize("query", CHECKS, ids=named)
def test_a_check_says_its_title_and_what_to_do(query: Path) -> None:
    title, says = query.read_text("utf-8").splitlines()[:2]
    assert title.startswith("# title: ")
    assert says.startswith("# says: ")
    assert says.endswith(".")
