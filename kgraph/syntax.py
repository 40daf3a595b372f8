"""What the RDF parser does not refuse by itself, checked before it sees a document.

Measured with pyoxigraph 0.5.13: triple terms nested 20,000 deep end the process by SIGSEGV, RDF/XML that breaks
off is taken as complete, entities of a DOCTYPE are expanded, errors of RDF/XML come without a line.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import IO, NoReturn
from xml.parsers import expat

from kgraph.errors import ParameterError, RdfSyntaxError
from kgraph.places import Place

MAX_DEPTH = 64
MAX_LINE = 16_000_000
"""Longest line of N-Triples or N-Quads, in bytes, of a file that is not held in memory whole."""
_PIECE = 1 << 18
_MAX_ELEMENTS = 1_000

_JSON_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_TURTLE_TOKEN = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    rb'|"(?:[^"\\\n]|\\.)*+"'
    rb"|'(?:[^'\\\n]|\\.)*+'"
    rb'|<(?!<)[^<>"{}|^`\\\x00-\x20]*+>'
    rb"|\#[^\n]*+"
    rb"|<<|>>",
    re.DOTALL,
)
_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_XML_NAME = re.compile(
    f"[{_NAME_START}][-.0-9\u00b7\u0300-\u036f\u203f\u2040{_NAME_START}]*\\Z"
)  # NCName of XML names 1.0
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
_NOT_TEXT_OF_XML = re.compile(_CONTROL)
_NOT_XML = re.compile(_CONTROL + "|\\\\u00(?:0[0-8BCEF]|1[0-9A-F])")
_WHERE = re.compile(r"^Parser error at [^:]*: |^(?:error while parsing|ill-formed document): | \(line \d+\)$")


def reason(message: str) -> str:
    """The parser's message without the place, which stands before it already."""
    return _WHERE.sub("", _WHERE.sub("", message))


def check_json_ld(data: bytes, file: str) -> None:
    """Refuse JSON-LD that nests too deep or names a context to be fetched."""
    depth = 0
    for token in _JSON_TOKEN.finditer(data):
        if token[0] in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                _refuse(data, token.start(), file, f"nested deeper than {MAX_DEPTH} levels")
        elif token[0] in b"]}":
            depth = max(depth - 1, 0)
    try:
        document = json.loads(data.decode("utf-8"))
    except ValueError:
        return  # the parser says it better
    remote = _remote_context(document)
    if remote is not None:
        found = data.find(json.dumps(remote, ensure_ascii=False).encode())
        why = f"the context {remote!r} would have to be fetched: put it into the file"
        _refuse(data, max(found, 0), file, why)


def _remote_context(value: object) -> str | None:
    if isinstance(value, list):
        return next((found for item in value if (found := _remote_context(item)) is not None), None)
    if not isinstance(value, dict):
        return None
    contexts = value.get("@context")
    for context in contexts if isinstance(contexts, list) else [contexts]:
        if isinstance(context, str):
            return context
    if isinstance(value.get("@import"), str):
        return str(value["@import"])
    return next((found for item in value.values() if (found := _remote_context(item)) is not None), None)


def check_rdf_xml(data: bytes, file: str) -> None:
    """Refuse RDF/XML with a DOCTYPE, with elements nested too deep, or that is not well-formed to its end."""
    parser = expat.ParserCreate()
    depth = 0

    def refuse(why: str) -> NoReturn:
        raise RdfSyntaxError(Place(file, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1), why)

    def doctype(*_: object) -> None:
        refuse("a DOCTYPE is not taken: entities can be made to grow without end")

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_ELEMENTS:
            refuse(f"elements nested deeper than {_MAX_ELEMENTS} levels")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise RdfSyntaxError(Place(file, error.lineno, error.offset + 1), expat.ErrorString(error.code)) from error


def check_triple_terms(data: bytes, file: str) -> None:
    """Refuse Turtle and its relatives with triple terms nested too deep."""
    if data.count(b"<<") <= MAX_DEPTH:
        return
    depth = 0
    for token in _TURTLE_TOKEN.finditer(data):
        if token[0] == b"<<":
            depth += 1
            if depth > MAX_DEPTH:
                _refuse(data, token.start(), file, f"triple terms nested deeper than {MAX_DEPTH} levels")
        elif token[0] == b">>":
            depth = max(depth - 1, 0)


def check_xml(predicate: str, triple: str) -> None:
    """Refuse what no RDF/XML can say: a predicate without a name at its end, control characters.

    `triple` is all of it as N-Triples writes it. Raises ParameterError.
    """
    if not _XML_NAME.search(predicate):
        raise ParameterError("format", "rdfxml", f"XML has no name for the predicate <{predicate}>: ask for Turtle")
    if _NOT_XML.search(triple):
        raise ParameterError("format", "rdfxml", f"XML cannot hold the control characters of {triple}: ask for Turtle")


def check_xml_text(format: str, text: str) -> None:
    """Refuse control characters, which no XML can hold. Raises ParameterError."""
    if found := _NOT_TEXT_OF_XML.search(text):
        before = text[max(0, found.start() - 60) : found.start()].rpartition(">")[2]
        reason = f"XML cannot hold the control character after {before!r}: ask for CSV or Turtle"
        raise ParameterError("format", format, reason)


class LineFeed(io.BytesIO):
    """Bytes handed out a line at a time; `line` is the one handed out last, from 1."""

    line = 0
    _whole = True

    def read(self, size: int | None = -1) -> bytes:
        """The rest of the current line, at most `size` bytes of it."""
        piece = self.readline(-1 if size is None else size)
        self.line += self._whole and bool(piece)
        self._whole = piece.endswith(b"\n")
        return piece


class CheckedLines:
    """A file of N-Triples or N-Quads, handed out in pieces of whole lines that hold nothing the parser must not see."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name
        self._rest = b""
        self._line = 1

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none at the end."""
        if not self._rest:
            self._rest = self._piece()
        end = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:end], self._rest[end:]
        return part

    def _piece(self) -> bytes:
        piece = self._file.read(_PIECE)
        if self._line == 1:
            piece = piece.removeprefix(b"\xef\xbb\xbf")
        piece += self._file.readline(MAX_LINE)
        if len(piece) >= MAX_LINE and not piece.endswith(b"\n"):
            place = Place(self._name, self._line + piece.count(b"\n"))
            raise RdfSyntaxError(place, f"the line is longer than {MAX_LINE:,} bytes")
        try:
            check_triple_terms(piece, self._name)
        except RdfSyntaxError as error:
            place = replace(error.place, line=self._line + (error.place.line or 1) - 1)
            raise RdfSyntaxError(place, error.reason) from error
        self._line += piece.count(b"\n")
        return piece


def _refuse(data: bytes, at: int, file: str, why: str) -> NoReturn:
    line_start = data.rfind(b"\n", 0, at) + 1
    column = len(data[line_start:at].decode("utf-8", "replace")) + 1
    raise RdfSyntaxError(Place(file, data.count(b"\n", 0, at) + 1, column), why)
