"""`%%sparql` in a shell of its own: what a cell answers and keeps, how it fails, what completes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from kgraph.client import Client, GraphWidget, Rows

MEMBERS = "SELECT ?who WHERE { GRAPH ?g { ?letter kg:hasMember ?who } }"
DEMANDS = "CONSTRUCT WHERE { ?a kg:demands ?b }"


@pytest.fixture
def shell(here: Client) -> Iterator[InteractiveShell]:
    made = InteractiveShell()
    made.history_manager.enabled = False
    made.run_line_magic("load_ext", "kgraph.client")
    made.user_ns["client"] = here
    made.user_ns["letter"] = here.iri("ngos-open-letter")
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


def test_a_cell_answers_with_a_table_that_is_shown(shell: InteractiveShell) -> None:
    answer = shell.run_cell_magic("sparql", "--bind letter --limit 1", MEMBERS)
    assert isinstance(answer, Rows)
    assert len(answer) == 1
    assert shell.display_formatter.format(answer)[0]["text/html"].count("<a href") == 1


def test_a_cell_keeps_a_frame_or_a_graph_under_a_name(shell: InteractiveShell) -> None:
    assert shell.run_cell_magic("sparql", "--to frame --bind letter", MEMBERS) is None
    assert len(shell.user_ns["frame"]) == 2
    assert shell.run_cell_magic("sparql", "--graph --to network", DEMANDS) is None
    assert isinstance(shell.user_ns["network"], nx.MultiDiGraph)
    assert shell.user_ns["network"].edges


def test_a_cell_draws_its_answer(shell: InteractiveShell) -> None:
    drawn = shell.run_cell_magic("sparql", "--graph", DEMANDS)
    assert isinstance(drawn, GraphWidget)
    assert len(drawn.graph["edges"]) == len(shell.run_cell_magic("sparql", "", DEMANDS))
    with pytest.raises(UsageError, match="a picture needs subject, predicate and object"):
        shell.run_cell_magic("sparql", "--graph --bind letter", MEMBERS)


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        ("", "SELECT * {\n ?s ?p }", r"QuerySyntaxError: line 2(.|\n)*\n {15}\^"),
        ("--bind nothing", MEMBERS, "no nothing to bind"),
        ("--limit many", MEMBERS, "invalid int value"),
        ("--to 1x", MEMBERS, "not a name of Python"),
        ("--client letter", MEMBERS, "is no Client"),
    ],
)
def test_a_fault_is_told_in_words(line: str, cell: str, words: str, shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match=words):
        shell.run_cell_magic("sparql", line, cell)


def test_which_client_is_meant_must_be_clear(shell: InteractiveShell) -> None:
    shell.user_ns["other"] = Client("other.ttl")
    with pytest.raises(UsageError, match="several clients: say which"):
        shell.run_cell_magic("sparql", "", "ASK {}")
    assert shell.run_cell_magic("sparql", "--client other", "ASK {}")
    del shell.user_ns["other"], shell.user_ns["client"]
    with pytest.raises(UsageError, match="no client"):
        shell.run_cell_magic("sparql", "", "ASK {}")


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("SELECT * { ?x sko", "skos:"),
        ("SELECT * { ?x a kg:Cla", "kg:Claim"),
        ("SELECT * { ?x kg:hasMem", "kg:hasMember"),
        ("SELECT * { id:amnesty-int", "id:amnesty-international"),
        ("SELECT * { ?letter ?p ?o . ?let", "?letter"),
        ("SELECT * { ?x kg:modality kgs:all", "kgs:alleged"),
    ],
)
def test_names_are_completed_from_the_graph(written: str, offered: str, shell: InteractiveShell) -> None:
    cell = f"%%sparql --to frame\n# a query\n{written}"
    found: list[Any]
    with provisionalcompleter():
        found = list(shell.Completer.completions(cell, len(cell)))
    assert offered in [one.text for one in found]
    chosen = next(one for one in found if one.text == offered)
    assert cell[: chosen.start] + chosen.text == cell[: chosen.start] + offered
    assert cell[chosen.start : chosen.end] == written.split()[-1]


def test_other_cells_are_left_alone(shell: InteractiveShell) -> None:
    with provisionalcompleter():
        found = list(shell.Completer.completions("kg:hasMem", 9))
    assert "kg:hasMember" not in [one.text for one in found]
