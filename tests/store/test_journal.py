"""kgraph.store.journal: nothing acknowledged is lost, nothing damaged passes, nothing half counts."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph import formats, rdf
from kgraph.errors import DamagedError, StorageError, StorageFullError
from kgraph.rdf import Literal, NamedNode, Quad, Triple
from kgraph.store import payload
from kgraph.store.base import Delta
from kgraph.store.claimtable import ClaimTable
from kgraph.store.commit import parsed
from kgraph.store.journal import ORIGIN, Journal
from kgraph.store.tablequads import TableQuads

OLD = (
    b'{"added":0,"author":"Ann","created":[],"digest":"13d578df78f6ddf2c095a0e01e39117e46cc8d3ffa04ed441d02c4f8509aaa42",'
    b'"dropped":[],"hash":"9c0ae3726a5456e1106bfecc60063d31dd5154bb19218269e7efd6359bbcb57c","message":"nothing",'
    b'"previous":"0000000000000000000000000000000000000000000000000000000000000000","removed":0,"seq":1,'
    b'"time":"2026-11-24T00:00:00.000000Z"}\n'
)
"""A line as it was written before there were claim tables."""
Adds = Callable[..., Delta]
Make = Callable[..., ClaimTable]
A, G = NamedNode("http://example.org/a"), NamedNode("http://example.org/graph")


@pytest.fixture
def filled(tmp_path: Path, adds: Adds) -> Path:
    """A journal of three commits."""
    journal = Journal.open(tmp_path / "journal")
    journal.append(adds(1, 2), author="Ann", message="two")
    journal.append(adds(3, removing=(1,)), author="Bob", message="one for one")
    journal.append(adds(4, 5), author="Ann", message="two more")
    return tmp_path / "journal"


@pytest.fixture(params=["memory", "disk"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Journal:
    return Journal.memory() if request.param == "memory" else Journal.open(tmp_path / "journal")


def findings(journal: Journal) -> list[tuple[str, bool]]:
    return [(finding.check, finding.ok) for finding in journal.verify()]


# ------------------------------------------------------------------ what a journal is


def test_a_new_journal_is_empty_and_sound(journal: Journal) -> None:
    assert (journal.generation, journal.mark(0), list(journal.commits()), journal.replay()) == (0, "", [], set())
    assert findings(journal) == [("journal chain", True), ("journal payload", True)]


def test_commits_are_numbered_chained_and_told_in_order(journal: Journal, adds: Adds) -> None:
    first = journal.append(adds(1, 2), author="Ann", message="one\nand a half")
    second = journal.append(adds(3, removing=(1,)), author="Bob", message="two")
    assert (first.seq, first.added, first.removed, first.author, first.previous) == (1, 2, 0, "Ann", ORIGIN)
    assert (second.seq, second.added, second.removed, second.previous) == (2, 1, 1, first.hash)
    assert list(journal.commits()) == [first, second]
    assert list(journal.commits(after=1)) == [second]
    assert journal.mark(2) == second.hash


def test_a_commit_gives_back_its_change(journal: Journal) -> None:
    quad = Quad(A, A, Literal("x\r\n# added 3\n", language="en"), G)
    delta = Delta((quad,), (Quad(A, A, Triple(A, A, A)),), (G,), (A,))
    assert journal.delta(journal.append(delta, author="", message="").seq) == delta


def test_a_change_of_nothing_can_be_committed(journal: Journal) -> None:
    journal.append(Delta(), author="Ann", message="nothing")
    assert journal.delta(1) == Delta()


@pytest.mark.parametrize("seq", [0, 2, -1])
def test_a_commit_that_is_not_there_is_a_key_error(journal: Journal, adds: Adds, seq: int) -> None:
    journal.append(adds(1), author="", message="")
    with pytest.raises(KeyError):
        journal.delta(seq)


def test_replaying_gives_what_all_commits_leave(journal: Journal, adds: Adds) -> None:
    journal.append(adds(1, 2, 3), author="", message="")
    journal.append(adds(4, removing=(1,)), author="", message="")
    assert journal.replay() == set(adds(2, 3, 4).added)
    journal.append(Delta((Quad(A, A, A, A),), dropped=(G,)), author="", message="")
    assert journal.replay() == {Quad(A, A, A, A)}


def test_the_same_commits_are_the_same_bytes(tmp_path: Path, adds: Adds) -> None:
    """Whatever the order of the quads: a journal can be compared, and copied bit by bit."""
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    for name, numbers in (("one", (1, 2, 3)), ("two", (3, 1, 2))):
        Journal.open(tmp_path / name).append(adds(*numbers), author="Ann", message="three", time=moment)
    one, two = (
        {
            file.relative_to(tmp_path / name): file.read_bytes()
            for file in (tmp_path / name).rglob("*")
            if file.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two


def test_the_files_can_be_read_by_people(filled: Path) -> None:
    lines = [json.loads(line) for line in (filled / "log.jsonl").read_text().splitlines()]
    assert [(line["seq"], line["author"], line["message"]) for line in lines] == [
        (1, "Ann", "two"),
        (2, "Bob", "one for one"),
        (3, "Ann", "two more"),
    ]
    assert lines[0]["time"].endswith("Z")
    assert gzip.decompress((filled / "payloads" / "0000000002.nq.gz").read_bytes()).decode().splitlines() == [
        "# removed 1",
        '<http://example.org/1> <http://example.org/p> "n 1" <http://example.org/graph> .',
        "# added 1",
        '<http://example.org/3> <http://example.org/p> "n 3" <http://example.org/graph> .',
    ]
    assert (filled / "head").read_text() == f"3 {lines[2]['hash']}\n"


def test_a_broken_command_line_text_is_committed_without_its_broken_part(tmp_path: Path) -> None:
    Journal.open(tmp_path).append(Delta(), author="A\udcff", message="m\ud800")
    assert [(c.author, c.message) for c in Journal.open(tmp_path).commits()] == [("A?", "m?")]


def test_a_journal_opens_with_what_was_committed(filled: Path) -> None:
    journal = Journal.open(filled)
    assert (journal.generation, journal.notices) == (3, [])
    assert findings(journal) == [("journal chain", True), ("journal payload", True)]


def test_the_chain_holds_without_a_payload(filled: Path) -> None:
    """It goes over digests: taking a payload out later breaks no hash but its own."""
    (filled / "payloads" / "0000000002.nq.gz").unlink()
    assert findings(Journal.open(filled)) == [("journal chain", True), ("journal payload", False)]


TERMS = st.one_of(
    st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"]))),
    st.builds(lambda text: Literal(text, language="de"), st.text(st.characters(exclude_categories=["Cs"]))),
    st.just(A),
)
QUADS = st.sets(
    st.builds(lambda object_, graph: Quad(A, A, object_, graph), TERMS, st.sampled_from([A, G])), max_size=6
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(QUADS, QUADS, st.text(st.characters(exclude_categories=["Cs"])))
def test_any_change_comes_back(
    tmp_path_factory: pytest.TempPathFactory, added: set[Quad], removed: set[Quad], text: str
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    written = Journal.open(folder).append(Delta(tuple(added), tuple(removed)), author=text, message=text)
    journal = Journal.open(folder)
    assert list(journal.commits()) == [written]
    again = journal.delta(1)
    assert (set(again.added), set(again.removed)) == (added, removed)


# ------------------------------------------------------------------ claim tables and files of lines


@pytest.fixture
def with_table(filled: Path, claim_table: Make) -> Path:
    """The journal of three commits, and a claim table as the fourth."""
    Journal.open(filled).append_table(claim_table(5), author="Ann", message="a table")
    return filled


def test_a_claim_table_is_kept_as_it_is_and_counts_its_quads(with_table: Path, claim_table: Make) -> None:
    journal = Journal.open(with_table)
    table = claim_table(5)
    commit = [*journal.commits()][-1]
    quads = set(TableQuads(table).quads())
    assert (commit.seq, commit.added, commit.removed, commit.table) == (4, len(quads), 0, table.sha256)
    assert set(journal.delta(4).added) == quads
    assert journal.replay() >= quads
    held = journal.table(4)
    assert held is not None
    assert held.encode() == table.encode() == (with_table / "payloads" / "0000000004.table").read_bytes()
    assert [journal.table(seq) for seq in (1, 2, 3)] == [None] * 3
    assert set(rdf.parse(b"".join(journal.lines(4)), formats.NQUADS, file="lines")) == quads
    assert findings(journal) == [("journal chain", True), ("journal payload", True)]


def test_what_a_table_stated_can_be_taken_back(with_table: Path) -> None:
    journal = Journal.open(with_table)
    some = tuple(sorted(journal.delta(4).added, key=str)[::2])
    journal.append(Delta(removed=some), author="", message="")
    assert journal.replay().isdisjoint(some)


def test_only_the_line_of_a_table_names_one(with_table: Path) -> None:
    """So the lines, and the hashes, of all other commits are what they always were."""
    lines = [json.loads(line) for line in (with_table / "log.jsonl").read_bytes().splitlines()]
    assert ["table" in line for line in lines] == [False, False, False, True]


def test_a_journal_of_before_there_were_tables_still_opens() -> None:
    commit = parsed(OLD, 1)
    assert commit.line() == OLD
    assert commit.computed_hash() == commit.hash


@pytest.mark.parametrize("damage", ["cut off", "changed", "missing", "another"])
def test_a_damaged_table_is_found_and_named(with_table: Path, claim_table: Make, damage: str) -> None:
    file = with_table / "payloads" / "0000000004.table"
    whole = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        other = claim_table(6).encode()
        changed = {"cut off": whole[:-10], "changed": whole[:500] + b"x" + whole[501:], "another": other}
        file.write_bytes(changed[damage])
    journal = Journal.open(with_table)
    assert findings(journal) == [("journal chain", True), ("journal payload", False)]
    for read in (journal.delta, journal.table, lambda seq: next(journal.lines(seq))):
        with pytest.raises(DamagedError, match="payload of commit 4"):
            read(4)


def test_a_table_that_was_not_acknowledged_and_is_not_whole_is_cut(with_table: Path) -> None:
    third = json.loads((with_table / "log.jsonl").read_bytes().splitlines()[2])
    (with_table / "head").write_text(f"3 {third['hash']}\n")
    file = with_table / "payloads" / "0000000004.table"
    file.write_bytes(file.read_bytes()[:-1])
    journal = Journal.open(with_table)
    assert journal.generation == 3
    assert not file.exists()
    journal.append(Delta(), author="", message="goes on")
    assert Journal.open(with_table).generation == 4


def test_a_file_of_lines_is_a_commit_like_any_other(journal: Journal, adds: Adds, tmp_path: Path) -> None:
    quads = adds(*range(3000)).added
    (tmp_path / "lines.nq").write_bytes(rdf.nquads(quads))
    commit = journal.append_lines(tmp_path / "lines.nq", 3000, tmp_path / "packed", author="Ann", message="many")
    assert (commit.seq, commit.added, commit.removed, commit.table) == (1, 3000, 0, "")
    assert set(journal.delta(1).added) == set(quads)
    assert b"".join(journal.lines(1)).endswith(rdf.nquads(quads))
    assert findings(journal) == [("journal chain", True), ("journal payload", True)]


def test_lines_come_in_pieces_of_whole_lines(journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "PIECE", 100)
    quads = [Quad(A, A, Literal("x" * n), G) for n in range(0, 300, 7)]
    (tmp_path / "lines.nq").write_bytes(rdf.nquads(quads))
    journal.append_lines(tmp_path / "lines.nq", len(quads), tmp_path / "packed", author="", message="")
    pieces = list(journal.lines(1))
    assert len(pieces) > 10
    assert all(not piece or piece.endswith(b"\n") for piece in pieces)
    assert set(rdf.parse(b"".join(pieces), formats.NQUADS, file="lines")) == set(quads)


# ------------------------------------------------------------------ torn ends


def log_size_before_last(filled: Path) -> int:
    lines = (filled / "log.jsonl").read_bytes().splitlines(keepends=True)
    return sum(map(len, lines[:-1]))


def step_back(filled: Path) -> None:
    """Make commit 3 one that was not acknowledged yet: the head names commit 2."""
    second = json.loads((filled / "log.jsonl").read_bytes().splitlines()[1])
    (filled / "head").write_text(f"2 {second['hash']}\n")


def test_every_torn_end_of_an_unacknowledged_commit_is_cut_and_told(filled: Path, adds: Adds) -> None:
    step_back(filled)
    log, payload = filled / "log.jsonl", filled / "payloads" / "0000000003.nq.gz"
    whole, packed, start = log.read_bytes(), payload.read_bytes(), log_size_before_last(filled)
    for size in range(start, len(whole)):
        log.write_bytes(whole[:size])
        payload.write_bytes(packed)
        journal = Journal.open(filled)
        assert journal.generation == 2
        assert bool(journal.notices) is (size > start)
        assert log.read_bytes() == whole[:start]
        assert not payload.exists()
        assert all(ok for _, ok in findings(journal))
    journal.append(adds(9), author="", message="goes on")
    assert Journal.open(filled).generation == 3


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8b", b"rubbish"])
def test_an_unacknowledged_commit_with_a_broken_payload_is_cut(filled: Path, damage: bytes) -> None:
    step_back(filled)
    (filled / "payloads" / "0000000003.nq.gz").write_bytes(damage)
    journal = Journal.open(filled)
    assert journal.generation == 2
    assert "commit 3 had not been acknowledged" in journal.notices[0]


def test_zeros_at_the_end_of_the_log_are_cut(filled: Path) -> None:
    """What a file system may leave after a power cut."""
    with (filled / "log.jsonl").open("ab") as log:
        log.write(bytes(300))
    journal = Journal.open(filled)
    assert (journal.generation, len(journal.notices)) == (3, 1)


def test_a_whole_commit_that_was_not_acknowledged_counts(filled: Path) -> None:
    """Killed between the log and the head: it was on the disk, so it is kept and acknowledged now."""
    step_back(filled)
    journal = Journal.open(filled)
    assert (journal.generation, journal.notices) == (3, [])
    assert (filled / "head").read_text() == f"3 {journal.mark(3)}\n"


def test_leftovers_of_a_commit_that_never_reached_the_log_are_removed(filled: Path) -> None:
    for name in ("0000000004.nq.gz", "0000000004.nq.gz.tmp"):
        (filled / "payloads" / name).write_bytes(b"left over")
    (filled / "payloads" / "README").write_text("a person's")
    assert Journal.open(filled).generation == 3
    assert sorted(file.name for file in (filled / "payloads").iterdir()) == [
        "0000000001.nq.gz",
        "0000000002.nq.gz",
        "0000000003.nq.gz",
        "README",
    ]


# ------------------------------------------------------------------ damage


def test_an_acknowledged_commit_that_is_cut_off_is_refused_by_name(filled: Path) -> None:
    log = filled / "log.jsonl"
    whole, start = log.read_bytes(), log_size_before_last(filled)
    for size in (start, start + 1, len(whole) - 1):
        log.write_bytes(whole[:size])
        with pytest.raises(DamagedError, match="commit 3"):
            Journal.open(filled)
        assert log.read_bytes() == whole[:size]


def test_a_lost_log_is_refused(filled: Path) -> None:
    (filled / "log.jsonl").unlink()
    with pytest.raises(DamagedError, match="commit 3 was acknowledged, but the log ends at 0"):
        Journal.open(filled)


def test_any_flipped_bit_of_the_log_is_refused(filled: Path) -> None:
    log = filled / "log.jsonl"
    whole = log.read_bytes()
    for at in range(0, len(whole), 7):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << (at % 8)
        log.write_bytes(flipped)
        with pytest.raises(DamagedError, match=r"commit [123]"):
            Journal.open(filled)


@pytest.mark.parametrize(
    ("before", "after"), [(b'"seq":2', b'"seq": 2'), (b'"seq":2', b'"seq":7'), (b'"author"', b'"writer"')]
)
def test_a_line_that_says_it_otherwise_is_refused(filled: Path, before: bytes, after: bytes) -> None:
    log = filled / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(before, after))
    with pytest.raises(DamagedError, match=r"the line of commit [12]"):
        Journal.open(filled)


def test_any_flipped_bit_of_a_payload_is_found_or_means_the_same(filled: Path) -> None:
    """A few bits of the compressed form (its date, its padding) say nothing about the content."""
    payload = filled / "payloads" / "0000000002.nq.gz"
    whole, journal = payload.read_bytes(), Journal.open(filled)
    expected, found = journal.delta(2), 0
    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << (bit % 8)
        payload.write_bytes(flipped)
        try:
            assert journal.delta(2) == expected
        except DamagedError as error:
            assert "commit 2" in str(error)  # noqa: PT017
            found += 1
    assert found > len(whole) * 6


@pytest.mark.parametrize("head", ["3", "three abc\n", "\xff\n", "3 a b\n"])
def test_a_head_that_does_not_read_is_refused(filled: Path, head: str) -> None:
    (filled / "head").write_text(head, "latin-1")
    with pytest.raises(DamagedError, match="head"):
        Journal.open(filled)


def test_a_head_of_another_journal_is_refused(filled: Path) -> None:
    (filled / "head").write_text(f"3 {'0' * 64}\n")
    with pytest.raises(DamagedError, match="commit 3 is not the one"):
        Journal.open(filled)


def rewrite(filled: Path, change: Callable[[list[dict[str, object]]], None]) -> None:
    """Change the log's lines and give each its right hash, as a careful forger would."""
    lines = [json.loads(line) for line in (filled / "log.jsonl").read_bytes().splitlines()]
    change(lines)
    for line in lines:
        content = {key: value for key, value in line.items() if key != "hash"}
        line["hash"] = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    text = "".join(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n" for line in lines)
    (filled / "log.jsonl").write_text(text)


def test_a_commit_rewritten_with_its_own_hash_breaks_the_chain(filled: Path) -> None:
    rewrite(filled, lambda lines: lines[0].update(author="Mallory"))
    with pytest.raises(DamagedError, match="commit 2 does not follow"):
        Journal.open(filled)


def test_the_last_commit_rewritten_with_its_own_hash_is_not_the_acknowledged_one(filled: Path) -> None:
    rewrite(filled, lambda lines: lines[2].update(author="Mallory"))
    with pytest.raises(DamagedError, match="commit 3 is not the one"):
        Journal.open(filled)


def test_swapped_payloads_are_found(filled: Path) -> None:
    first, second = (filled / "payloads" / f"000000000{n}.nq.gz" for n in (1, 2))
    content = first.read_bytes(), second.read_bytes()
    first.write_bytes(content[1])
    second.write_bytes(content[0])
    journal = Journal.open(filled)
    assert findings(journal) == [("journal chain", True), ("journal payload", False), ("journal payload", False)]
    with pytest.raises(DamagedError, match="commit 1"):
        journal.replay()


def test_a_payload_that_was_never_nquads_is_refused_by_name(filled: Path) -> None:
    """Its digest fits, its content does not read: a journal of a faulty writer."""
    content = b"# removed 0\n# added 1\nnonsense\n"
    (filled / "payloads" / "0000000003.nq.gz").write_bytes(gzip.compress(content))
    step_back(filled)
    rewrite(filled, lambda lines: lines[2].update(digest=hashlib.sha256(content).hexdigest()))
    with pytest.raises(DamagedError, match="payload of commit 3 does not read"):
        Journal.open(filled).delta(3)


@pytest.mark.parametrize("file", ["log.jsonl", "head"])
def test_changes_under_an_open_journal_are_found(filled: Path, file: str) -> None:
    journal = Journal.open(filled)
    with (filled / file).open("ab") as changed:
        changed.write(b"more\n")
    assert findings(journal)[0] == ("journal chain", False)


def test_a_changed_commit_in_memory_is_found(adds: Adds) -> None:
    journal = Journal.memory()
    journal.append(adds(1), author="", message="")
    journal._commits.clear()
    assert findings(journal) == [("journal chain", False)]


# ------------------------------------------------------------------ a full disk


class Disk:
    """Makes the nth call that changes the disk fail, and those after it as long as it stays full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
        self.left = 10**9
        self.repairable = True
        for name in ("write", "fsync", "ftruncate"):
            monkeypatch.setattr(os, name, self._limited(getattr(os, name)))
        monkeypatch.setattr(Path, "replace", self._limited(Path.replace))
        self._error = error

    def _limited(self, call: Callable[..., object]) -> Callable[..., object]:
        def limited(*arguments: object) -> object:
            self.left -= 1
            if self.left == 0 or (self.left < 0 and not self.repairable):
                raise self._error
            return call(*arguments)

        return limited


@pytest.mark.parametrize("repairable", [True, False], ids=["undone at once", "undone later"])
@pytest.mark.parametrize(
    ("error", "kind"),
    [(OSError(28, "No space left on device"), StorageFullError), (OSError(5, "Input/output error"), StorageError)],
    ids=["full", "broken"],
)
def test_a_write_that_fails_anywhere_commits_nothing_and_can_be_repeated(
    tmp_path: Path,
    adds: Adds,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    kind: type[StorageError],
    repairable: bool,
) -> None:
    """Every single step is made to fail once; with `undone later` the undoing fails too."""
    disk = Disk(monkeypatch, error)
    disk.repairable = repairable
    for earlier in (0, 1):
        step = 0
        while True:
            step += 1
            folder = tmp_path / f"{earlier}-{step}"
            journal = Journal.open(folder)
            for number in range(earlier):
                journal.append(adds(number), author="", message="before")
            disk.left = step
            try:
                journal.append(adds(10), author="", message="fails")
            except StorageError as caught:
                assert type(caught) is kind  # noqa: PT017
            else:
                break
            finally:
                disk.left = 10**9
            assert journal.generation == earlier
            if repairable:
                assert Journal.open(folder).generation == earlier
            journal.append(adds(11), author="", message="again")
            again = Journal.open(folder)
            assert [commit.message for commit in again.commits()] == ["before"] * earlier + ["again"]
            assert all(ok for _, ok in findings(again))
        assert step > 8


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="does not open"):
        Journal.open(tmp_path / "file")


def test_a_torn_end_that_cannot_be_cut_is_a_storage_error(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (filled / "log.jsonl").open("ab") as log:
        log.write(b"torn")

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "ftruncate", refuse)
    with pytest.raises(StorageError, match="Read-only"):
        Journal.open(filled)
