"""`sparql` and `export`: queries from text, file and standard input; files whole or not at all."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgraph.cli import rows, taking
from kgraph.cli.screen import Screen

Run = Callable[..., Any]
WHO = "SELECT ?who { id:withdraw-beijing-2022 kg:addressee ?who }"


def test_rows_are_a_table_with_known_prefixes_short(ask: Run) -> None:
    done = ask("sparql", WHO)
    assert done.status == 0
    assert [line.strip() for line in done.out.splitlines()] == ["who", "id:ioc", "1 row"]


def test_an_ask_is_answered_yes_or_no(ask: Run) -> None:
    assert ask("sparql", "ASK { id:ioc ?p ?o }").out == "yes\n"
    assert ask("sparql", "ASK { id:nobody ?p ?o }").out == "no\n"


def test_a_graph_is_answered_in_turtle(ask: Run) -> None:
    assert "id:ioc" in ask("sparql", "DESCRIBE id:ioc").out


def test_formats_come_as_they_are(ask: Run) -> None:
    assert ask("sparql", WHO, "--format", "csv").out.splitlines() == ["who", "https://w3id.org/kgraph/id/ioc"]
    assert ask("sparql", WHO, "--json").json["head"]["vars"] == ["who"]
    assert ask("sparql", WHO, "--format", "turtle").status == 2


def test_json_is_indented_at_a_terminal(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert json.loads(ask("sparql", WHO, "--json").out)["head"]["vars"] == ["who"]


def test_a_query_comes_from_a_file_or_the_standard_input(
    ask: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "who.rq"
    file.write_text(WHO, "utf-8")
    assert "id:ioc" in ask("sparql", f"@{file}").out
    monkeypatch.setattr(sys, "stdin", io.StringIO(WHO))
    assert "id:ioc" in ask("sparql", "-").out


def test_a_query_file_that_cannot_be_read_is_named(ask: Run, tmp_path: Path) -> None:
    done = ask("sparql", f"@{tmp_path}/nothing.rq")
    assert (done.status, done.err) == (
        1,
        f"kgraph: {tmp_path}/nothing.rq: the query cannot be read: No such file or directory\n",
    )
    (tmp_path / "latin.rq").write_bytes(b"ASK { ?s ?p '\xe9' }")
    assert "it is not UTF-8" in ask("sparql", f"@{tmp_path}/latin.rq").err


def test_a_fault_is_shown_under_its_line(ask: Run) -> None:
    done = ask("sparql", "SELECT * {\n  ?s ?p }")
    assert done.status == 1
    assert done.err.splitlines() == [
        "kgraph: line 2, column 9: a triple pattern ends here without its object",
        "kgraph:       ?s ?p }",
        "kgraph:             ^",
    ]


@pytest.mark.parametrize(
    "text", ["INSERT DATA { id:a id:b id:c }", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"]
)
def test_what_is_refused_says_why(text: str, ask: Run) -> None:
    done = ask("sparql", text)
    assert done.status == 1
    assert "not taken here" in done.err or "not answered here" in done.err


def test_every_kind_of_term_has_its_form_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    iri = {"type": "uri", "value": "https://w3id.org/kgraph/ns#demands"}
    triple = {
        "type": "triple",
        "value": {"subject": iri, "predicate": iri, "object": {"type": "literal", "value": "x"}},
    }
    bindings = [{"a": triple, "b": {"type": "bnode", "value": "n"}}, {"a": {"type": "literal", "value": "é"}}]
    rows.show(Screen(), json.dumps({"head": {"vars": ["a", "b"]}, "results": {"bindings": bindings}}).encode())
    shown = " ".join(capsys.readouterr().out.split())
    assert "<<( kg:demands kg:demands x )>>" in shown
    assert "_:n" in shown
    assert shown.endswith("é 2 rows")


def test_an_export_to_a_file_is_the_same_as_to_the_standard_output(ask: Run, tmp_path: Path) -> None:
    file = tmp_path / "graph.ttl"
    assert ask("export", "-o", file).out == ""
    assert file.read_text("utf-8") == ask("export", "--format", "turtle").out
    assert file.stat().st_mode & 0o777 == 0o666 & ~taking._umask()


def test_the_suffix_of_the_file_tells_the_format_unless_it_is_said(ask: Run, tmp_path: Path) -> None:
    ask("export", "-o", tmp_path / "graph.csv", "--entity", "ioc")
    assert (tmp_path / "graph.csv").read_text("utf-8").startswith("claim,subject,")
    ask("export", "-o", tmp_path / "graph.txt", "--format", "nt", "--entity", "ioc", "--hops", 2)
    assert (tmp_path / "graph.txt").read_text("utf-8").startswith("<https://w3id.org/kgraph/")


def test_rdf_1_2_and_the_lens_reach_the_export(ask: Run) -> None:
    assert "rdf:reifies <<(" in ask("export", "--rdf12", "--entity", "ioc").out
    said = ask("export", "--format", "csv", "--said-by", "chris-evans").out
    assert all("id:chris-evans" in line for line in said.splitlines()[1:])


def test_a_file_that_cannot_be_written_is_a_fault_and_leaves_nothing(ask: Run, tmp_path: Path) -> None:
    done = ask("export", "-o", tmp_path / "nowhere" / "graph.ttl")
    assert done.status == 1
    assert "cannot be written: No such file or directory" in done.err


def test_an_export_that_fails_leaves_the_file_as_it_was(ask: Run, tmp_path: Path) -> None:
    file = tmp_path / "graph.ttl"
    file.write_text("before")
    done = ask("export", "-o", file, "--url", "http://127.0.0.1:1")
    assert done.status == 2
    assert file.read_text() == "before"

    def broken() -> Any:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        taking._save(broken(), file)
    assert [p.name for p in tmp_path.iterdir()] == ["graph.ttl"]
    assert file.read_text() == "before"


def test_an_unknown_format_is_wrong_usage(ask: Run) -> None:
    done = ask("export", "--format", "docx")
    assert done.status == 2
    assert "known are turtle" in done.err


def test_rows_without_columns_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    rows.show(Screen(), b'{"head":{"vars":[]},"results":{"bindings":[{},{}]}}')
    assert capsys.readouterr().out == "2 rows\n"


def test_a_path_search_stands_in_a_query(ask: Run) -> None:
    block = (
        "SERVICE kg:path {{ [] path:source id:{} ; path:target id:antonio-guterres ; path:step ?step ; path:claim ?c }}"
    )
    found = block.format("amnesty-international")
    done = ask("sparql", f"SELECT DISTINCT ?step ?p {{ {found} ?c kg:evidence/kg:paragraph ?p }}", "--format", "csv")
    assert done.out.split() == ["step,p", "1,16", "2,16"]
    done = ask("sparql", f"ASK {{ {block.format('amnesty')} }}")
    assert done.status == 1
    assert done.err.startswith("kgraph: line 1, column 40: no entity")
