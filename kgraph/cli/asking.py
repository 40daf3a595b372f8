"""The verbs that ask, each a row: what is named, what may be bounded, how the answer is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from kgraph.cli import onward, tables
from kgraph.cli.door import Answer, open_door
from kgraph.cli.options import DATA, LENS, PAGE, URL, Option, argument, flag, with_signature
from kgraph.cli.screen import Screen, print_json


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of `KnowledgeGraph`: `named` are its positional arguments with what they are, `options` its keywords."""

    name: str
    help: str
    named: tuple[tuple[str, str], ...]
    show: Callable[[Screen, Answer], None]
    options: tuple[Option, ...] = ()


WORK = (
    Option("max_hops", int, "Longest connection (default 6)."),
    Option("max_ms", int, "Longest search in milliseconds (default 2000)."),
    Option("max_edges", int, "Most relations looked at (default 1,000,000)."),
)
STEPS = (
    Option("direction", str, "both (default), forward or backward."),
    Option("predicate", str, "Only this relation; ^name walks it backward.", many=True),
)

VERBS = (
    Verb(
        "search",
        "Find entities by name, alias or misprint.",
        (("q", "A name, or how it was printed."),),
        tables.search,
        (Option("type", str, "Only entities of this class."), *PAGE),
    ),
    Verb(
        "entity",
        "Everything held about one entity.",
        (("id", "Slug, CURIE or IRI."),),
        tables.entity,
        (*PAGE, *LENS),
    ),
    Verb(
        "neighbourhood",
        "What stands near an entity, and who says so.",
        (("entity", "Slug, CURIE or IRI."),),
        tables.neighbourhood,
        (
            Option("hops", int, "How far (default 1)."),
            *STEPS,
            Option("type", str, "Only neighbours of this class.", many=True),
            *WORK[1:],
            Option("order", str, "rank (default), label or distance."),
            *PAGE,
            *LENS,
        ),
    ),
    Verb(
        "paths",
        "How two entities are connected, and who says so.",
        (("source", "Where the path begins."), ("target", "Where it ends.")),
        tables.paths,
        (
            Option("mode", str, "shortest (default), all_shortest, k_shortest or all_simple."),
            Option("k", int, "How many paths (default 5)."),
            Option("min_hops", int, "Shortest path (default 1)."),
            *WORK,
            *STEPS,
            Option("pattern", str, "A pattern of relations, such as hasMember/addressedTo."),
            Option("weight", str, "What makes a step long: sources (few), confidence (low) or hubs."),
            Option("via", str, "The path passes here.", many=True),
            Option("avoid", str, "The path does not pass here.", many=True),
            Option("avoid_type", str, "Nor through things of this class.", many=True),
            Option("avoid_hubs", int, "Nor through things with more neighbours."),
            Option("also_from", str, "Another beginning.", many=True),
            Option("also_to", str, "Another end.", many=True),
            *PAGE,
            *LENS,
        ),
    ),
    Verb(
        "connect",
        "The small subgraph that connects two or more entities.",
        (("entities", "Two or more slugs, CURIEs or IRIs."),),
        tables.neighbourhood,
        (*WORK, *LENS),
    ),
    Verb(
        "compare",
        "What stands near an entity, from two sides: two lenses, or two times.",
        (("entity", "Slug, CURIE or IRI."),),
        tables.compare,
        (
            Option("one", str, "What one side's lens has of its own, such as modality=any.", many=True),
            Option("other", str, "The same of the other side, such as not_said_by=bitter-winter or at=3.", many=True),
            Option("target", str, "Compare what connects it with this one."),
            Option("hops", int, "How far (default 1; with a target 6)."),
            Option("predicate", str, "Only this relation; ^name walks it backward.", many=True),
            *WORK[1:],
            *PAGE,
            *LENS,
        ),
    ),
    Verb(
        "timeline",
        "Dated claims about an entity, in order.",
        (("entity", "Slug, CURIE or IRI."),),
        tables.timeline,
        (*PAGE, *LENS),
    ),
    Verb(
        "claim",
        "One claim whole: who says it, through whom, where.",
        (("id", "The claim, such as id:claim-…"),),
        tables.claim,
    ),
)


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    for verb in VERBS:
        app.command(verb.name)(_command(verb))
    parameters = [
        argument("id", "One source; all when left out.", type=str | None, required=False),
        *(option.parameter() for option in (*PAGE, DATA, URL)),
        flag("json", "JSON, as over HTTP."),
    ]
    help = "The articles and claim tables behind the graph."
    app.command("sources")(with_signature(_sources, "sources", help, parameters))


def _command(verb: Verb) -> Callable[..., None]:
    def run(*, json: bool, data: Path | None, url: str | None, **given: Any) -> None:
        names = [given.pop(name) for name, _ in verb.named]
        options = {name: value for name, value in given.items() if value not in (None, [], ())}
        if verb.name == "paths":
            names = [_several(names[0], options.pop("also_from", ())), _several(names[1], options.pop("also_to", ()))]
        with open_door(data, url) as door:
            answer = door.ask(verb.name, names, options)
        _show(verb.show, answer, json=json)
        if not json:
            named = [name for name, _ in verb.named]
            onward.show(Screen(), verb.name, named, answer, _door(data, url))

    several = {"entities": list[str]}
    parameters = [
        *(argument(name, help, type=several.get(name, str)) for name, help in verb.named),
        *(option.parameter() for option in (*verb.options, DATA, URL)),
        flag("json", "JSON, as over HTTP."),
    ]
    return with_signature(run, verb.name, verb.help, parameters)


def _several(name: str, others: Any) -> str | list[str]:
    return [name, *others] if others else name


def _sources(*, id: str | None, json: bool, data: Path | None, url: str | None, **given: Any) -> None:
    options = {name: value for name, value in given.items() if value is not None}
    with open_door(data, url) as door:
        answer = door.ask("source", [id], {}) if id else door.ask("sources", [], options)
    _show(tables.source if id else tables.sources, answer, json=json)
    if not json:
        onward.show(Screen(), "sources", (), answer, _door(data, url))


def _door(data: Path | None, url: str | None) -> dict[str, object]:
    return {name: value for name, value in (("data", data), ("url", url)) if value is not None}


def _show(show: Callable[[Screen, Answer], None], answer: Answer, *, json: bool) -> None:
    if json:
        print_json(answer)
    else:
        show(Screen(), answer)
