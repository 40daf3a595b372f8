"""`load`, `validate`, `attach`, `log`, `doctor`: what is changed and told, and that a refusal changes nothing."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kgraph
from kgraph import resources
from kgraph.cli import faults, operating, screen
from kgraph.errors import InvalidGraphError, RemoteError
from kgraph.model import Finding, LoadReport, Rewrite
from kgraph.places import Violation

Run = Callable[..., Any]
TTL = "<https://example.org/a> <https://example.org/p> 1.0 , <https://example.org/b> .\n"
BROKEN = {
    "claims.yaml": (b"kgraph: 1\nclaims:\n- {subject: a, predicate: demands}\n", "claims.yaml:3: "),
    "graph.ttl": (b"@prefix a: <http://a/> .\na:b a:c a:d\na:e a:f .\n", "graph.ttl:3:"),
    "some.bin": (os.urandom(5_000_000), "some.bin: not a format kgraph reads"),
    "empty.ttl": (b"", "empty.ttl: the file is empty"),
}


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    with kgraph.open(folder):
        pass
    return folder


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_by_its_place_and_changes_nothing(
    name: str, run: Run, empty: Path, tmp_path: Path
) -> None:
    content, words = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    before = run("log", "--data", empty).out
    for verb in ("load", "validate"):
        done = run(verb, tmp_path / name, "--data", empty)
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith("kgraph: ")
        assert words in done.err
        assert "Traceback" not in done.err
    assert run("log", "--data", empty).out == before


def test_a_load_is_told_committed_and_in_the_log(run: Run, empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "graph.ttl"
    file.write_text(TTL)
    valid = run("validate", file, "--data", empty)
    assert "Valid: " in valid.out
    assert "Nothing was changed." in valid.out
    done = run("load", file, "--data", empty, "--message", "a first file", "--author", "Ada")
    assert done.status == 0
    assert done.out.startswith("Committed generation 2: ")
    assert "2 quads added, 0 removed" in done.out
    assert 'made canonical: "1.0"^^xsd:decimal → "1"^^xsd:decimal (1 time)' in done.out
    log = run("log", "--data", empty)
    assert "Ada" in log.out
    assert "a first file" in log.out
    assert [c["author"] for c in run("log", "--data", empty, "--json").json] == ["kgraph", "Ada"]
    again = run("load", file, "--data", empty)
    assert again.out.startswith("Nothing new: the graph stays at generation 2.")
    assert run("load", file, "--data", empty, "--json").json["committed"] is False


def test_a_file_is_validated_without_any_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text(TTL)
    done = run("validate", tmp_path / "graph.ttl", "--data", tmp_path / "nothing")
    assert (done.status, done.err) == (0, "")
    assert not (tmp_path / "nothing").exists()


def test_a_folder_that_is_held_is_refused_with_who_holds_it(run: Run, empty: Path) -> None:
    with kgraph.open(empty, holder="kgraph serve at http://127.0.0.1:8000"):
        done = run("search", "ioc", "--data", empty)
    assert done.status == 1
    assert "is held by `kgraph serve at http://127.0.0.1:8000`" in done.err


def test_a_text_that_is_not_the_sources_is_refused(run: Run, writable_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("another text")
    done = run("attach", tmp_path / "other.txt", "--data", writable_folder)
    assert done.status == 1
    assert done.err.startswith("kgraph: ")


def test_a_text_that_is_attached_is_shown_with_its_source(run: Run, tmp_path: Path) -> None:
    text = "One sentence that we wrote."
    digest = hashlib.sha256(text.encode()).hexdigest()
    (tmp_path / "own.txt").write_text(text)
    unknown = "unknown: [title, author, publisher, date]"
    source = f"source: {{id: own, label: Our own, sha256: {digest}, length: {len(text)}, {unknown}}}"
    (tmp_path / "own.yaml").write_text(f"kgraph: 1\n{source}\n")
    folder = tmp_path / "data"
    assert run("load", tmp_path / "own.yaml", "--data", folder).status == 0
    done = run("attach", tmp_path / "own.txt", "--data", folder)
    assert done.status == 0
    assert "its text is attached here" in done.out
    assert run("attach", tmp_path / "own.txt", "--data", folder, "--json").json["attached"] is True


def test_the_doctor_finds_the_shipped_graph_whole(run: Run, writable_folder: Path) -> None:
    done = run("doctor", "--data", writable_folder)
    assert done.status == 0
    assert "BAD" not in done.out
    assert all(finding["ok"] for finding in run("doctor", "--data", writable_folder, "--json").json)


def test_the_doctor_fails_when_something_is_wrong(run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kgraph.KnowledgeGraph, "doctor", lambda _: (Finding("store", False, "one quad is missing"),))
    done = run("doctor", "--data", empty)
    assert done.status == 1
    assert "BAD  store" in done.out


def test_everything_a_load_did_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    report = LoadReport(
        True, 3, 1, 2, 10, 1, 0, conflicts=(("id:a", "id:b"),), rewrites=(Rewrite("01", "1", 2),), skolemised=2
    )
    operating._report(report, json=False)
    told = capsys.readouterr().out
    for words in ("1 entity and 2 claims", "2 blank nodes got an IRI", "01 → 1 (2 times)", "both kept: id:a and id:b"):
        assert words in told


def test_progress_is_shown_on_stderr_only_to_someone_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with operating.telling() as progress, screen.working("writing"):
        progress("read", 1, 2)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setenv("FORCE_COLOR", "1")  # as a Jupyter kernel has it for all it starts
    monkeypatch.setenv("TERM", "xterm")
    with operating.telling() as progress, screen.working("writing"):
        progress("read", 1, 2)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with operating.telling() as progress:
        progress("read", 1, 2)
        progress("validate", 0, None)
    with screen.working("writing turtle"):
        pass
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err != ""


def test_every_violation_and_every_remote_fault_has_its_line() -> None:
    violations = [
        Violation("id:a", "kg:p", None, "is wrong"),
        Violation("id:b", None, "x", "is worse", place="f.yaml:3"),
    ]
    assert list(faults(InvalidGraphError(violations))) == ["id:a kg:p: is wrong", "f.yaml:3: id:b = x: is worse"]
    remote = RemoteError("line 1, column 3: wrong", 400, {"text": "ASK", "column": 3})
    assert list(faults(remote)) == ["line 1, column 3: wrong", "    ASK", "      ^"]


def test_the_shipped_seeds_load_into_an_empty_folder(run: Run, tmp_path: Path) -> None:
    done = run("load", *resources.seeds(), "--data", tmp_path / "data")
    assert done.status == 0
    assert "claims" in done.out


# ------------------------------------------------------------------ claim tables and plain triples

ROWS = "subject,predicate,object\nMill Club,opposes,Toll\nMill Club,oposes,Toll\n"


def test_a_table_is_loaded_and_what_is_refused_is_told_and_kept(run: Run, empty: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(ROWS)
    valid = run("validate", table, "--data", empty)
    assert "Valid: 2 entities and 1 claim" in valid.out
    done = run("load", table, "--data", empty)
    assert done.status == 0
    told = " ".join(done.out.split())
    assert "Committed generation 2: 2 entities and 1 claim." in told
    assert "2 rows read, 1 refused" in told
    unbroken = "".join(told.split())  # a long path is broken where the line ends
    assert "t.csv:3:predicate:'oposes'isnorelationoftheontology;didyoumeanopposes?" in unbroken
    assert "all that were refused, with the reasons:" in told
    assert "oposes" in (tmp_path / "t.refused.csv").read_text()
    assert run("load", table, "--data", empty, "--json").json["committed"] is False


def test_strict_refuses_a_table_for_one_row(run: Run, empty: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(ROWS)
    done = run("load", tmp_path / "t.csv", "--strict", "--refused", tmp_path / "bad.csv", "--data", empty)
    assert (done.status, done.out) == (1, "")
    assert "1 of 2 rows are refused, and nothing was loaded" in done.err
    assert "t.csv:3: predicate: " in done.err
    assert (tmp_path / "bad.csv").exists()
    assert len(run("log", "--data", empty, "--json").json) == 1


def test_a_mapping_file_names_the_columns(run: Run, empty: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Who;Whom\nMill Club;Toll\n")
    (tmp_path / "m.yaml").write_text("columns: {subject: Who, object: Whom}\ndefaults: {predicate: opposes}\n")
    assert run("load", tmp_path / "t.csv", "--mapping", tmp_path / "m.yaml", "--data", empty).status == 0
    assert run("paths", "mill-club", "toll", "--data", empty).status == 0


def test_plain_triples_are_loaded_into_a_graph_of_their_own(run: Run, empty: Path, tmp_path: Path) -> None:
    (tmp_path / "t.nt").write_text("<http://x/a> <http://x/p> <http://x/b> .\n")
    done = run("load", "--plain", tmp_path / "t.nt", "--graph", "http://x/g", "--data", empty)
    assert done.status == 0
    assert "1 quad added" in done.out
    asked = run("sparql", "SELECT ?g { GRAPH ?g { <http://x/a> ?p ?o } }", "--format", "csv", "--data", empty)
    assert asked.out.split() == ["g", "http://x/g"]


@pytest.mark.parametrize(
    ("options", "words"),
    [(("--graph", "http://x/g"), "give --plain too"), (("--refused", "r.csv", "other.csv"), "one file for one table")],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    run: Run, empty: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    (tmp_path / "t.csv").write_text(ROWS)
    done = run("load", tmp_path / "t.csv", *options, "--data", empty)
    assert done.status == 2
    assert words in " ".join(done.err.replace("│", " ").split())
