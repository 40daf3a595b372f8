"""`diff`, `backup`, `restore`, `redact`: as an operator types them, end to end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kgraph
from kgraph.store.base import Delta

Run = Callable[..., Any]
SECRET = "Zaphod Unnameable"
CLAIMS = """\
kgraph: 1
source: {{id: {source}, label: {source}, sha256: {hash}, length: {length}, unknown: [author]}}
entities:
  club: {{type: Organisation, label: Harbour Club}}
  person-{n}: {{type: Person, label: {label}}}
spans:
  s: {{paragraph: 1, sentence: 1, start: 0, end: 4, sha256: {hash}}}
claims:
  - {{subject: club, predicate: hasMember, object: person-{n}, at: s}}
  - {{subject: club, predicate: partnerOf, object: amnesty-international, at: s}}
"""


def traces(folder: Path, text: str) -> list[str]:
    import gzip

    found = []
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        content = file.read_bytes()
        unpacked = gzip.decompress(content) if file.suffix == ".gz" else content
        if text.encode() in unpacked:
            found.append(file.name)
    return found


@pytest.fixture
def data(run: Run, writable_folder: Path, tmp_path: Path) -> Path:
    """The shipped graph, two more commits that say one thing both and one each, and the text of the first."""
    text = f"Text about {SECRET}."
    (tmp_path / "text.txt").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    for n, label in ((1, SECRET), (2, "Anyone")):
        file = tmp_path / f"{n}.yaml"
        file.write_text(
            CLAIMS.format(n=n, label=label, source=f"note-{n}", hash=digest if n == 1 else "ab" * 32, length=len(text))
        )
        assert run("load", file, "--data", writable_folder, "--message", f"note {n}").status == 0
    assert run("attach", tmp_path / "text.txt", "--data", writable_folder).status == 0
    return writable_folder


def test_a_backup_is_restored_with_the_same_export_and_a_green_doctor(run: Run, data: Path, tmp_path: Path) -> None:
    before = run("export", "--format", "trig", "--data", data).out
    with kgraph.open(data, holder="kgraph serve"):
        done = run("backup", tmp_path / "kept", "--data", data)
    assert done.status == 0
    assert done.out.startswith("Backed up generation 4 to ")
    assert "every hash verified" in " ".join(done.out.split())
    again = run("restore", tmp_path / "kept", "--data", tmp_path / "again")
    assert again.status == 0
    assert again.out.startswith("Restored generation 4 in ")
    assert run("export", "--format", "trig", "--data", tmp_path / "again").out == before
    assert run("doctor", "--data", tmp_path / "again").status == 0
    assert run("log", "--data", tmp_path / "again", "--json").json == run("log", "--data", data, "--json").json


def test_a_restored_folder_keeps_its_own_base(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.nt").write_text("<http://x/a> <http://x/p> <http://x/b> .\n")
    monkeypatch.setenv("KGRAPH_BASE_IRI", "https://example.org/")
    assert run("load", "--plain", tmp_path / "t.nt", "--data", tmp_path / "data").status == 0
    monkeypatch.delenv("KGRAPH_BASE_IRI")
    assert run("backup", tmp_path / "kept", "--data", tmp_path / "data", "--json").json["generation"] == 2
    assert run("restore", tmp_path / "kept", "--data", tmp_path / "again", "--json").json["generation"] == 2
    refused = run("doctor", "--data", tmp_path / "again")
    assert "set KGRAPH_BASE_IRI=https://example.org/" in refused.err


def test_a_place_that_is_taken_and_a_folder_without_a_graph_are_refused(run: Run, data: Path, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "kept", "--data", tmp_path / "nothing").status == 1
    assert run("backup", data, "--data", data).status == 1
    assert run("backup", tmp_path / "kept", "--data", data).status == 0
    done = run("restore", tmp_path / "kept", "--data", data)
    assert done.status == 1
    assert "is there already; give a new or empty folder" in done.err
    assert "holds no backup" in run("restore", tmp_path / "nothing", "--data", tmp_path / "again").err


def test_what_is_redacted_is_nowhere_and_the_log_tells_by_whom(run: Run, data: Path) -> None:
    assert traces(data, SECRET)
    done = run("redact", 3, "--reason", "an endangered source", "--author", "Eve", "--data", data)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("Redacted 3, by commit 5: ")
    assert traces(data, SECRET) == []
    log = run("log", "--data", data, "--json").json
    assert [commit["seq"] for commit in log] == [1, 2, 3, 4, 5, 6]
    assert (log[4]["redacts"], log[4]["author"], log[4]["message"]) == ([3], "Eve", "an endangered source")
    assert [commit["redacted"] and commit["redacted"]["seq"] for commit in log] == [None, None, 5, None, None, None]
    assert "redacted by Eve" in " ".join(run("log", "--data", data).out.split())
    for at in ("3", "4", "5"):
        assert SECRET not in run("export", "--format", "nquads", "--at", at, "--data", data).out
    again = run("redact", 3, "--reason", "again", "--data", data)
    assert (again.status, "redacted already, by commit 5" in again.err) == (2, True)


def test_a_relation_that_another_claim_states_keeps_its_direct_triple(run: Run, data: Path) -> None:
    """Commit 3 brought the triple, commit 4 only a second claim of it."""
    asked = "ASK { GRAPH ?g { id:club kg:partnerOf id:amnesty-international } FILTER(STRENDS(STR(?g), 'reported')) }"
    report = run("redact", 3, "--reason", "libel", "--data", data, "--json").json
    assert report["mended"][0] >= 1
    assert "true" in run("sparql", asked, "--format", "json", "--data", data).out
    checks = {f["check"]: f["ok"] for f in run("doctor", "--data", data, "--json").json if f["check"] != "invariants"}
    assert all(checks.values())
    lacking = [f["detail"] for f in run("doctor", "--data", data, "--json").json if not f["ok"]]
    assert lacking == report["dangling"]


def test_a_commit_that_nothing_depends_on_leaves_a_green_doctor(run: Run, data: Path) -> None:
    report = run("redact", 4, "--reason", "libel", "--data", data, "--json").json
    assert report["dangling"] == []
    assert run("doctor", "--data", data).status == 0


def test_a_redaction_needs_a_reason_and_a_commit_there_is(run: Run, data: Path) -> None:
    assert run("redact", 3, "--data", data).status == 2
    assert run("redact", 3, "--reason", "  ", "--data", data).status == 2
    assert "there is no such commit; the last is 4" in run("redact", 9, "--reason", "x", "--data", data).err
    assert len(run("log", "--data", data, "--json").json) == 4


@pytest.fixture
def secret_claim(run: Run, data: Path) -> str:
    """The claim of commit 3 that names the secret."""
    found = run("diff", 2, 3, "--data", data, "--json").json["claims_added"]
    (claim,) = (claim["id"] for claim in found if SECRET in claim["sentence"])
    return str(claim)


def test_a_claim_is_redacted_with_its_commits_after_a_question(
    run: Run, data: Path, secret_claim: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def answer(given: str) -> Any:
        (tmp_path / "in").write_text(given)
        with (tmp_path / "in").open() as typed:
            monkeypatch.setattr("sys.stdin", typed)
            return run("redact", "--claim", secret_claim, "--reason", "an endangered source", "--data", data)

    for given in ("n\n", ""):
        done = answer(given)
        assert (done.status, done.out.strip()) == (1, "")
        told = " ".join(done.err.split())
        assert "commit 3, " in told
        assert "what it says of 1 other claim goes too: " in told
        assert "Harbour Club is a partner of Amnesty International" in told
        assert secret_claim not in told
        assert "commit 4" not in told
        assert traces(data, SECRET)
    assert len(run("log", "--data", data, "--json").json) == 4
    done = answer("y\n")
    assert (done.status, done.out.strip()[:22]) == (0, "Redacted 3, by commit ")
    assert traces(data, SECRET) == []


def test_a_claim_that_was_taken_back_is_redacted_with_all_commits_that_speak_of_it(
    run: Run, data: Path, secret_claim: str, tmp_path: Path
) -> None:
    with kgraph.open(data) as graph:
        name = graph.namespaces.expand(secret_claim)
        with graph._generations.quads(graph.generation) as quads:
            gone = [quad for quad in quads if name in str(quad.subject)]
        graph._commit(Delta((), tuple(gone)), "me", "taken back")
        assert [(one.seq, len(one.claims), one.restored) for one in graph.holding(secret_claim)] == [
            (3, 1, ()),
            (5, 0, ()),
        ]
    report = run("redact", "--claim", secret_claim, "--reason", "x", "--yes", "--data", data, "--json").json
    assert report["redacted"] == [3, 5]
    again = run("redact", "--claim", secret_claim, "--reason", "x", "--yes", "--data", data)
    assert (again.status, "claim" in again.err) == (1, True)


def test_a_redaction_is_of_commits_or_of_a_claim(run: Run, data: Path) -> None:
    for given in ((), (3, "--claim", "id:claim-1")):
        done = run("redact", *given, "--reason", "x", "--data", data)
        assert (done.status, "give commits or --claim" in " ".join(done.err.split())) == (2, True)
    assert run("redact", "--claim", "id:claim-1", "--reason", "x", "--yes", "--data", data).status == 1


def test_the_claims_of_a_table_go_with_one_of_them(run: Run, data: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("subject,predicate,object\nMill Club,hasMember,Bo\nMill Club,partnerOf,Lake Club\n")
    assert run("load", tmp_path / "t.csv", "--data", data).status == 0
    claims = [claim["id"] for claim in run("diff", 4, 5, "--data", data, "--json").json["claims_added"]]
    with kgraph.open(data) as graph:
        (one,) = graph.holding(claims[0])
        assert (one.seq, one.claims) == (5, (claims[1],))


def test_a_difference_tells_claims_and_quads_by_graph(run: Run, data: Path) -> None:
    done = run("diff", 3, 4, "--data", data)
    assert done.status == 0
    told = " ".join(done.out.split())
    assert told.startswith("From generation 3 to 4:")
    assert "Harbour Club has as member Anyone" in told
    answer = run("diff", 3, 4, "--data", data, "--json").json
    assert (answer["before"], answer["after"], len(answer["claims_added"]), answer["claims_removed"]) == (3, 4, 2, [])
    back = run("diff", 4, 3, "--data", data, "--json").json
    assert [(g["graph"], g["removed"], g["added"]) for g in back["graphs"]] == [
        (g["graph"], g["added"], g["removed"]) for g in answer["graphs"]
    ]
    at = [set(run("export", "--format", "nquads", "--at", n, "--data", data).out.splitlines()) for n in (3, 4)]
    assert {line for g in answer["graphs"] for line in g["added"]} == at[1] - at[0]
    assert {line for g in answer["graphs"] for line in g["removed"]} == at[0] - at[1]
    assert "nothing differs" in run("diff", 4, "2999-01-01", "--data", data).out
    assert run("diff", 1, 9, "--data", data).status == 1
