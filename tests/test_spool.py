"""Sorting by way of the disk gives what sorting in memory gives, in little memory, and leaves no file."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from kgraph import formats, rdf, spool
from kgraph.errors import StorageError, StorageFullError
from kgraph.formats import Format
from kgraph.rdf import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple
from kgraph.spool import Sorter

PREFIXES = {"ex": "http://example.org/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs and batches so small that a few thousand rows go through every level."""
    monkeypatch.setattr(spool, "RUN_ROWS", 10)
    monkeypatch.setattr(spool, "FAN_IN", 3)
    monkeypatch.setattr(spool, "_BATCH_ROWS", 4)


def quads(count: int, *, rdf11: bool = False) -> list[Quad]:
    """Quads of every kind of term, many of them twice, in no order."""
    chance = random.Random(7)
    iris = [NamedNode(f"http://example.org/n{'x' * (n % 3)}{n}") for n in range(count // 20)]
    type_ = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    texts = ["a", "a\nb", "\x00" if not rdf11 else "z", "é", "𝄞", "ü" * 50, "\u202e", " ", "~"]

    def value() -> rdf.Term:
        kind = chance.randrange(6 if rdf11 else 7)
        if kind == 0:
            return Literal(f"{chance.choice(texts)}{chance.randrange(count)}")
        if kind == 1:
            return Literal(chance.choice(texts), language=chance.choice(["en", "de"]))
        if kind == 2:
            return Literal(str(chance.randrange(99)), datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
        if kind == 6:
            return Triple(chance.choice(iris), type_, Literal(chance.choice(texts)))
        return chance.choice(iris)

    graphs = [DefaultGraph(), *iris[:3], BlankNode("g")]
    some = [
        Quad(chance.choice(iris), chance.choice([type_, *iris[:5]]), value(), chance.choice(graphs))
        for _ in range(count)
    ]
    return some + some[: count // 3]


@pytest.mark.parametrize("format", list(formats.RDF), ids=lambda f: f.name)
def test_every_format_is_the_same_bytes_through_the_disk(format: Format, small: None, tmp_path: Path) -> None:
    several = quads(2000, rdf11=format in (formats.JSONLD, formats.RDFXML))
    in_memory = rdf.serialise(several, format, PREFIXES)
    random.Random(1).shuffle(several)
    assert b"".join(rdf.write(several, format, PREFIXES, tmp_path)) == in_memory
    assert list(tmp_path.iterdir()) == []


def plainly(triples: Iterable[Triple]) -> list[str]:
    """The order of Turtle, told in another way: subjects, then rdf:type and the other predicates, then objects."""

    def kind(term: object) -> tuple[int, str]:
        if isinstance(term, NamedNode):
            return 0, term.value
        return (1 if isinstance(term, BlankNode) else 2 if isinstance(term, Literal) else 3), str(term)

    ordered = sorted(set(triples), key=lambda t: (kind(t[0]), not t[1].value.endswith("#type"), t[1].value, kind(t[2])))
    return [str(triple) for triple in ordered]


def test_turtle_has_the_documented_order(small: None, tmp_path: Path) -> None:
    several = quads(500)
    written = b"".join(rdf.write(several, formats.TURTLE, PREFIXES, tmp_path))
    read = [str(quad.triple) for quad in rdf.parse(written, formats.TURTLE, file="f")]
    assert read == plainly(quad.triple for quad in several)


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 29, 30, 31, 89, 90, 91, 1000])
def test_rows_are_sorted_and_each_comes_once(count: int, small: None, tmp_path: Path) -> None:
    rows = [(chance, "é") for n in range(count) for chance in (f"{n * 7919 % 1009}", "same")]
    sorter = Sorter[tuple[str, str]](tmp_path)
    for row in rows:
        sorter.add(row, 1)
    assert list(sorter) == sorted(set(rows))


def test_long_rows_are_written_early(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spool, "RUN_SIZE", 1000)
    sorter = Sorter[str](tmp_path)
    for n in range(50):
        sorter.add(f"{n:03}" * 100, 300)
        assert len(sorter._rows) < 5
    assert len(list(sorter)) == 50


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, StorageFullError), (errno.EDQUOT, StorageFullError), (errno.EIO, StorageError)]
)
def test_what_the_disk_refuses_is_a_storage_error(
    number: int, kind: type[StorageError], small: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(spool.tempfile, "TemporaryFile", refuse)
    for spooled in (
        lambda: rdf.write(quads(200), formats.NQUADS, {}, tmp_path),
        lambda: spool.whole([b"x"], tmp_path),
        lambda: b"".join(rdf.write(quads(20, rdf11=True), formats.JSONLD, {}, tmp_path)),
    ):
        with pytest.raises(StorageError) as caught:
            spooled()
        assert type(caught.value) is kind


def test_a_file_that_is_made_whole_says_its_size_and_leaves_nothing(tmp_path: Path) -> None:
    made = spool.whole((b"ab" * n for n in range(1000)), tmp_path)
    assert made.size == 999_000
    assert b"".join(made) == b"".join(b"ab" * n for n in range(1000))
    assert list(tmp_path.iterdir()) == []


def test_what_fails_in_the_middle_is_no_file() -> None:
    def pieces() -> Iterable[bytes]:
        yield b"x"
        raise StorageFullError("no room")

    with pytest.raises(StorageFullError):
        spool.whole(pieces(), None)


MEMORY = """
import resource, sys
from pathlib import Path
from kgraph import formats, rdf
from kgraph.rdf import Literal, NamedNode, Quad

def quads(count):
    p, g = NamedNode("http://example.org/p"), NamedNode("http://example.org/g")
    for n in range(count):
        number = n * 7919 % 1_000_003
        yield Quad(NamedNode(f"http://example.org/thing-{number}"), p, Literal(f"text number {number}" * 5), g)

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

size = sum(map(len, rdf.write(quads(1000), formats.TURTLE, {}, Path(sys.argv[1]))))
before = peak()
size = sum(map(len, rdf.write(quads(int(sys.argv[2])), formats.TURTLE, {}, Path(sys.argv[1]))))
print(size, (peak() - before) // 1024)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """300,000 quads would be 300 MB of rows; a run of 50,000 stays below 120 MB."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path), "300000"], capture_output=True, text=True, check=True
    )
    size, grown = map(int, done.stdout.split())
    assert size > 40_000_000
    assert grown < 120
