"""Parts of answers in words: who says something and where, how a number is meant, what a verdict is."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from kgraph.cli.screen import styled

Json = dict[str, Any]
_PLAIN = ("reported", "affirmed")


def code(curie: str) -> str:
    """A code as words: `just-under` → `just under`."""
    return curie.replace("-", " ")


def names(things: list[Json]) -> str:
    """Labels with commas and an `and`."""
    labels = [thing["label"] for thing in things]
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def place(span: Json) -> str:
    """`P13 s1`, or the row of a table."""
    if span.get("paragraph") is not None:
        sentence = f" s{span['sentence']}" if span.get("sentence") is not None else ""
        return f"P{span['paragraph']}{sentence}"
    return f"row {span['row']}" if span.get("row") is not None else ""


def denied(claims: list[Json]) -> str:
    """`not: ` where every claim of a relation denies it, to stand before its verb."""
    return "not: " if claims and all(claim["polarity"] == "negated" for claim in claims) else ""


def said(claim: Json) -> str:
    """A claim in its own words, its role and its standing with them; without the evidence in brackets at the end."""
    sentence = str(claim["sentence"])
    end = sentence.removesuffix(".")
    depth = 0
    for at in range(len(end) - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(end[at], 0)
        if depth == 0:
            return end[:at].rstrip() if end[at] == "(" else sentence
    return sentence


def evidence(claim: Json) -> Text:
    """Who says it, through whom, where; and what keeps it from being a plain report. Of a Claim or a ClaimRef."""
    spans = claim["where"] if isinstance(claim["where"], list) else [claim["where"]]
    where = " ".join([claim["article"]["label"], ", ".join(p for p in map(place, spans) if p)]).strip()
    others = [s for s in claim["said_by"] if s["id"] != claim["article"]["id"]]
    parts: list[tuple[str, str] | str] = []
    if others:
        parts.append(names(others))
    if claim["via"]:
        parts.append(f"{', ' if others else ''}through {names(claim['via'])}")
    parts.append((f"; {where}" if parts else where, "dim" if parts else ""))
    standing = [code(claim[name]) for name in ("modality", "polarity")]
    parts += [(f" [{word}]", "bold yellow") for word in standing if word not in _PLAIN]
    if claim.get("when"):
        parts.append((f" ({claim['when']['text']})", "dim"))
    return styled(*parts)


def evidences(claims: list[Json]) -> Text:
    """The evidence of several claims, a line each, the same line once."""
    lines = {line.plain: line for line in map(evidence, claims)}
    return Text("\n").join(lines.values()) if lines else styled(("no source given", "dim"))


def quantity(number: Json) -> str:
    """A number with its qualifier and unit, and as it was printed where that reads otherwise."""
    value = next((number[n] for n in ("value", "min_value", "max_value") if number[n] is not None), None)
    if value is None:
        return str(number["text"])
    qualifier = code(number["approximation"])
    words = [] if qualifier == "exact" else [qualifier]
    words.append(f"{value:,}")
    if number["unit"]:
        words.append(code(number["unit"]))
    return f"{' '.join(words)} (printed: {number['text']})"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 claim`, `2 claims`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def verdict(answer: Json) -> str:
    """The verdict of a path search as a sentence."""
    hops = count(answer["max_hops"], "hop")
    match answer["verdict"]:
        case "found":
            return f"Found {count(len(answer['paths']), 'path')} within {hops}."
        case "none_within":
            return f"There is none within {hops}: the search was exhaustive."
        case _:
            found = f" {count(len(answer['paths']), 'path')} found before." if answer["paths"] else ""
            return f"Stopped by {answer['stopped_by']} before an answer was certain.{found}"
