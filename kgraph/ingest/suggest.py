"""What somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process


def did_you_mean(word: str, known: Iterable[str], *, limit: int = 1) -> str:
    """A clause naming what comes close to `word`, or nothing where nothing does.

    >>> did_you_mean("articel", ["article-voice", "heading"])
    '; did you mean article-voice?'
    """
    names = sorted(set(known))
    close = process.extract(word, names, scorer=fuzz.WRatio, limit=limit, score_cutoff=60)
    return f"; did you mean {' or '.join(name for name, _, _ in close)}?" if close else ""
