"""Answers as people and language models read them: labels instead of IRIs, the evidence one click away, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from kgraph.client.rows import Json, Ref, evidence

Cell = Ref | str
Shown = tuple[Mapping[str, Cell], Sequence[Json]]
"""The cells of a row by column, and the claims that state it."""
WHO = "who says so, where"

_STYLE = (
    "<style>.kgraph{overflow-x:auto;color:inherit}.kgraph table{border-collapse:collapse;margin:.4em 0}"
    ".kgraph th,.kgraph td{text-align:left!important;vertical-align:top;padding:.25em .7em;max-width:32em;"
    "white-space:normal;overflow-wrap:anywhere;border-bottom:1px solid rgba(128,128,128,.35)}"
    ".kgraph th{white-space:nowrap}.kgraph summary{cursor:pointer;min-width:5em}"
    ".kgraph ul{margin:.2em 0;padding-left:1.2em}.kgraph .id{opacity:.65;font-size:.9em}"
    ".kgraph p{margin:.3em 0}</style>"
)


def html(columns: Sequence[str], rows: Sequence[Shown], notes: Sequence[str], service: str | None) -> str:
    """A table with a line for each note. Names link to the page of the service, where there is one."""
    with_evidence = any(claims for _, claims in rows)
    heads = [*columns, *([WHO] if with_evidence else [])]
    lines = ["".join(f"<th>{escape(head)}</th>" for head in heads)]
    for cells, claims in rows:
        shown = [_html_cell(cells.get(column, ""), service) for column in columns]
        lines.append("".join(f"<td>{cell}</td>" for cell in [*shown, *([_details(claims)] if with_evidence else [])]))
    body = f"<thead><tr>{lines[0]}</tr></thead><tbody>{''.join(f'<tr>{line}</tr>' for line in lines[1:])}</tbody>"
    told = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f'{_STYLE}<div class="kgraph">{told}{f"<table>{body}</table>" if columns else ""}</div>'


def _html_cell(cell: Cell, service: str | None) -> str:
    if isinstance(cell, str):
        return escape(cell)
    label, title = escape(cell.label), escape(cell.iri)
    target = f"{service}/entity?id={_quoted(cell.id)}" if service and not cell.id.startswith(_ELSEWHERE) else cell.iri
    if not target.startswith(_ELSEWHERE):  # never a link that runs something
        return f'<span title="{title}">{label}</span>'
    return f'<a href="{escape(target)}" title="{title}" target="_blank" rel="noopener noreferrer">{label}</a>'


_ELSEWHERE = ("http://", "https://")


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe=":")


def _details(claims: Sequence[Json]) -> str:
    if not claims:
        return "no claim"
    items = "".join(
        f'<li>{escape(evidence(claim))} <span class="id">{escape(claim["id"])}</span></li>' for claim in claims
    )
    count = "1 claim" if len(claims) == 1 else f"{len(claims):,} claims"
    return f"<details><summary>{count}</summary><ul>{items}</ul></details>"


def markdown(columns: Sequence[str], rows: Sequence[Shown], notes: Sequence[str]) -> str:
    """The same for a language model: each name with its id, each row with the claims to be cited."""
    with_evidence = any(claims for _, claims in rows)
    heads = [*columns, *([WHO] if with_evidence else [])]
    lines = [*(f"{_plain(note)}\n" for note in notes)]
    if heads:
        lines += [_line(heads), _line(["---"] * len(heads))]
    for cells, claims in rows:
        shown = [_markdown_cell(cells.get(column, "")) for column in columns]
        cited = "; ".join(f"`{claim['id']}` {_plain(evidence(claim))}" for claim in claims)
        lines.append(_line([*shown, *([cited or "no claim"] if with_evidence else [])]))
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _plain(cell)
    if cell.label == cell.id:
        return f"`{_code(cell.id)}`"
    return f"{_plain(cell.label)} (`{_code(cell.id)}`)"


def _plain(text: str) -> str:
    """A text that cannot be taken for more than text: on one line, its marks escaped."""
    line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#!" else sign for sign in line)


def _code(text: str) -> str:
    return text.replace("`", "'").replace("|", "%7C")
