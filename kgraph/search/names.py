"""What things are called, and how a name is folded into words: without case, accents, dots and punctuation."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

_LETTERS = {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"}
_DROPPED = ".'’"
_END = "\n"


@dataclass(frozen=True, slots=True)
class Name:
    """Something with names. `id` and `type` are CURIEs, `iri` and `types` are IRIs; `others` are further names."""

    iri: str
    id: str
    label: str
    type: str
    type_label: str
    types: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The last part of the IRI."""
        return parted(self.iri)[1]

    @property
    def printed(self) -> tuple[str, ...]:
        """Everything it is called: the label first, the slug last."""
        return (self.label, *self.others, self.slug)


def parted(iri: str) -> tuple[str, str]:
    """An IRI up to its last `#` or `/`, and the slug behind that."""
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:cut], iri[cut:]


def fold(text: str) -> str:
    """Lower case, without accents, dots and punctuation.

    >>> fold("António GUTERRES (U.N.)")
    'antonio guterres un'
    """
    return " ".join(_bare(text).split())


def folded(texts: Sequence[str]) -> str:
    """`fold` for many texts at once: a line for each, in which spaces may be several.

    >>> folded(["U.N.", "Über uns", "?"])
    'un\\nuber uns\\n '
    """
    plain = list(map(str.isascii, texts))
    if all(plain):
        return _lines(texts)
    accented = [text for text in texts if not text.isascii()]
    lines = iter(_lines(accented).split(_END)), iter(_lines(list(compress(texts, plain))).split(_END))
    return _END.join([next(lines[is_plain]) for is_plain in plain])


def _lines(texts: Sequence[str]) -> str:
    whole = _END.join(texts)
    if whole.count(_END) >= max(len(texts), 1):
        whole = _END.join([text.replace(_END, " ") for text in texts])
    return _bare(whole)


def _bare(text: str) -> str:
    """The text folded, but for spaces. Ends of lines stay, and nothing reaches over them."""
    if text.isascii():
        return text.translate(_ASCII)
    for _ in range(2):  # a compatibility letter may decompose to a capital, and a folded one to an accent
        text = unicodedata.normalize("NFKD", text).casefold()
    return text.translate({ord(c): _letter(c) for c in set(text)})


def _letter(c: str) -> str:
    if c in _DROPPED or unicodedata.combining(c):
        return ""
    return _LETTERS.get(c, c) if c.isalnum() or c == _END else " "


_ASCII = {code: _letter(chr(code).lower()) for code in range(128)}
