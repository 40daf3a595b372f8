"""Which input is what: by its suffix, else by a look at how it begins. Nothing is parsed here."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from kgraph import formats
from kgraph.errors import EmptyInputError, InputError, LimitError, UnknownFormatError
from kgraph.formats import Format
from kgraph.ingest import claimfile

CLAIMS = "claims"
"""Name of the format of claim files, beside those of `kgraph.formats`."""

MAX_BYTES = 256_000_000
"""Longest RDF input, in bytes: about two million triples, what one commit can hold in memory while it is checked."""

_SNIFF = 4096
_KNOWN = ("claim file (.yaml)", *(f"{f.name} ({f.suffixes[0]})" for f in formats.RDF))


@dataclass(frozen=True, slots=True)
class Input:
    """Something to load: the files of one claim document, or one RDF file. `format` is None for claims."""

    name: str
    files: tuple[tuple[str, bytes], ...]
    format: Format | None

    @property
    def data(self) -> bytes:
        """The bytes of the RDF file."""
        return self.files[0][1]


def read(path: Path) -> Input:
    """Read a file, or a folder of claim files (what is not YAML in it is left alone).

    Raises EmptyInputError, UnknownFormatError, LimitError for a file that is too long, InputError where nothing is
    at the path, or neither a file nor a folder.
    """
    try:
        if path.is_dir():
            return _folder(path)
        return from_bytes(str(path), _bytes(path))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def from_bytes(name: str, data: bytes, format: Format | None = None) -> Input:
    """The same for bytes that came another way; `format` overrides suffix and content.

    >>> from_bytes("x", b"@prefix a: <urn:a> .").format.name
    'turtle'
    """
    if len(data) > MAX_BYTES:
        raise _too_long(name, len(data))
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise EmptyInputError(f"{name}: the file is empty")
    if format is None and not name.lower().endswith(claimfile.SUFFIXES):
        format = formats.by_suffix(name) or _sniff(name, data)
    if format is None or format in formats.RDF:
        _refuse_binary(name, data)
        return Input(name, ((name, data),), format)
    raise UnknownFormatError(name, _KNOWN)


def _folder(path: Path) -> Input:
    files: list[tuple[str, bytes]] = []
    for file in claimfile.folder_files(path):
        files.append((str(file), _bytes(file)))
        if (size := sum(len(data) for _, data in files)) > MAX_BYTES:
            raise _too_long(str(path), size)
    if not files:
        raise EmptyInputError(f"{path}: the folder holds no claim file (*.yaml)")
    return Input(str(path), tuple(files), None)


def _bytes(path: Path) -> bytes:
    """What is in a file. A device or a pipe has no end to read to, and a file may grow past the size it had."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{path}: is neither a file nor a folder")
    if found.st_size > MAX_BYTES:
        raise _too_long(str(path), found.st_size)
    with path.open("rb") as file:
        data = file.read(found.st_size + 1)
        if len(data) > found.st_size:
            data += file.read(MAX_BYTES + 1 - len(data))
    return data


def _too_long(name: str, size: int) -> LimitError:
    return LimitError("the size of an input", f"{MAX_BYTES:,} bytes", f"{name}: {size:,} bytes are too many")


def _refuse_binary(name: str, data: bytes) -> None:
    """A text of any encoding kgraph reads has next to no control characters; where it breaks, its parser says."""
    start = data[:_SNIFF]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in start)
    if b"\x00" in start or controls * 50 > len(start):
        raise UnknownFormatError(name, _KNOWN)


def _sniff(name: str, data: bytes) -> Format | None:
    """The format a text begins like; None stands for a claim file."""
    start = data.removeprefix(b"\xef\xbb\xbf")[:_SNIFF].lstrip()
    lines = [line.strip() for line in start.split(b"\n") if line.strip() and not line.lstrip().startswith(b"#")]
    first = lines[0] if lines else b""
    if start.startswith((b"{", b"[")) and b"@" in start:
        return formats.JSONLD
    if start.startswith(b"<") and (b"<rdf:RDF" in start or start.startswith(b"<?xml")):
        return formats.RDFXML
    if first.lower().startswith((b"@prefix", b"@base", b"prefix ", b"base ")):
        return formats.TRIG if any(line.rstrip().endswith(b"{") for line in lines) else formats.TURTLE
    if first.startswith((b"<", b"_:")) and first.endswith(b"."):
        return formats.NQUADS
    if any(line.startswith(b"kgraph:") for line in lines):
        return None
    raise UnknownFormatError(name, _KNOWN)
