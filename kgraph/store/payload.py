"""What one commit changes, as bytes: packing and unpacking. The journal keeps them and knows their digests.

Most payloads are N-Quads (`.nq.gz`, `zcat` reads them): the comment `# removed N`, that many lines, the comment
`# added N`, and those lines; sorted, but for lines that were too many to be sorted. A claim table is kept as it is
(`.table`, see `claimtable.py`): a hundredth of what its quads would take.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from kgraph import formats, rdf
from kgraph.rdf import Quad
from kgraph.store.base import Delta

if TYPE_CHECKING:
    from kgraph.store.claimtable import ClaimTable

QUADS: Final = "nq.gz"
TABLE: Final = "table"
PIECE: Final = 1 << 20
_QUICK: Final = 1
_SMALL: Final = 6


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes as they will lie on the disk (`content`, or a file beside the journal that holds them), their kind, the
    SHA-256 of what they say (before compression), and the numbers of quads."""

    kind: str
    content: bytes | Path
    digest: str
    added: int
    removed: int


def of_delta(delta: Delta) -> Payload:
    """The payload of a change."""
    removed, added = rdf.nquads(delta.removed), rdf.nquads(delta.added)
    gone, new = removed.count(b"\n"), added.count(b"\n")
    content = b"# removed %d\n%b# added %d\n%b" % (gone, removed, new, added)
    packed = gzip.compress(content, compresslevel=_SMALL, mtime=0)
    return Payload(QUADS, packed, hashlib.sha256(content).hexdigest(), new, gone)


def of_table(table: ClaimTable) -> Payload:
    """The payload of a claim table."""
    from kgraph.store.tablequads import TableQuads

    content = table.encode()
    return Payload(TABLE, content, hashlib.sha256(content).hexdigest(), TableQuads(table).count(), 0)


def of_lines(lines: Path, count: int, packed: Path) -> Payload:
    """The payload of a file of N-Quads with that many lines, all of them to be added, packed into another file."""
    said = hashlib.sha256()
    with (
        lines.open("rb") as source,
        packed.open("wb") as file,
        gzip.GzipFile("", "wb", _QUICK, file, mtime=0) as into,
    ):
        piece = b"# removed 0\n# added %d\n" % count
        while piece:
            said.update(piece)
            into.write(piece)
            piece = source.read(PIECE)
    return Payload(QUADS, packed, said.hexdigest(), count, 0)


# ------------------------------------------------------------------ reading


def digest(file: IO[bytes], kind: str) -> str:
    """The SHA-256 of what a payload says. Raises OSError, EOFError or zlib.error where it does not unpack."""
    found = hashlib.sha256()
    for piece in _said(file, kind):
        found.update(piece)
    return found.hexdigest()


def check(file: IO[bytes], kind: str) -> None:
    """Raise RdfSyntaxError or ValueError unless a payload reads, in little memory."""
    if kind == TABLE:
        table(file)
        return
    for piece in added_lines(file, kind):
        for _ in rdf.parse(piece, formats.NQUADS, file="payload"):
            pass


def table(file: IO[bytes]) -> ClaimTable:
    """The claim table that a payload is. Raises ValueError where it is none."""
    from kgraph.store.claimtable import ClaimTable  # a fifth of a second of imports, wanted only where tables are

    return ClaimTable.decode(file.read())


def delta(file: IO[bytes], kind: str) -> tuple[tuple[Quad, ...], tuple[Quad, ...]]:
    """The quads a payload adds and removes. Raises RdfSyntaxError or ValueError where it does not read."""
    if kind == TABLE:
        from kgraph.store.tablequads import TableQuads

        return tuple(TableQuads(table(file)).quads()), ()
    lines = b"".join(_said(file, kind)).splitlines(keepends=True)
    gone = int(lines[0].removeprefix(b"# removed "))
    parts = (b"".join(lines[gone + 2 :]), b"".join(lines[1 : gone + 1]))
    added, removed = (tuple(rdf.parse(part, formats.NQUADS, file="payload")) for part in parts)
    return added, removed


def added_lines(file: IO[bytes], kind: str) -> Iterator[bytes]:
    """What a payload that removes nothing adds, as N-Quads in pieces of whole lines."""
    if kind == TABLE:
        from kgraph.store.tablequads import TableQuads

        yield from TableQuads(table(file)).lines()
        return
    rest = b""
    for piece in _said(file, kind):
        whole, end, rest = (rest + piece).rpartition(b"\n")
        yield whole + end


def _said(file: IO[bytes], kind: str) -> Iterator[bytes]:
    """What a payload says, uncompressed, in pieces. Raises OSError, EOFError or zlib.error."""
    unpacked: IO[bytes] = file if kind == TABLE else gzip.GzipFile(fileobj=file, mode="rb")  # type: ignore[assignment]
    while piece := unpacked.read(PIECE):
        yield piece
