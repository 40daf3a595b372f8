"""Questions to begin with, computed from the graph: each is asked only where the graph holds an answer.

What may be asked is a row here, and whom it is asked of comes from a query in `templates/questions`. Where the graph
has no answer to some, those credited most stand in, so that a graph with enough in it has six.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from kgraph.model import EntityRef, NeighbourRef, Source

MOST = 6
TRIED = 4 * MOST
"""So many of those credited are looked at for whether anything stands near them."""
Row = dict[str, str]
Rows = Callable[[str], list[Row]]
"""The rows of a query by its name; none where there was no time for it."""
Near = Callable[[str], bool]
"""Whether anything stands near an entity, by its id: a source may be credited without any relation to it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words, with the names in it set apart; what is to be found; and the page that answers."""

    text: Markup
    promise: str
    address: str


@dataclass(frozen=True, slots=True)
class _Kind:
    query: str
    text: str
    promise: tuple[str, str]
    """Where it is one, and where they are several."""
    route: str
    asked: tuple[tuple[str, str], ...]
    """Parameters of the page; `{who}` and the like are columns of the row."""


_KINDS = (
    _Kind(
        "members",
        "Who belongs to {whoLabel}?",
        ("{count} named",) * 2,
        "neighbourhood",
        (("entity", "{who}"), ("predicate", "hasMember")),
    ),
    _Kind(
        "allegations",
        "What is alleged of {whoLabel}, and by whom?",
        ("{count} allegation, not ours", "{count} allegations, none of them ours"),
        "neighbourhood",
        (("entity", "{who}"), ("predicate", "^allegedActor"), ("modality", "any")),
    ),
    _Kind(
        "poll",
        "Which numbers are in: {whoLabel}?",
        ("{count} observation", "{count} observations"),
        "neighbourhood",
        (("entity", "{who}"), ("hops", "2"), ("direction", "forward")),
    ),
    _Kind(
        "relay",
        "What is left of {whoLabel} without {relayLabel}?",
        ("{count} claim rests on that word", "{count} claims rest on that word"),
        "compare",
        (("entity", "{who}"), ("other", "not_said_by={relay}")),
    ),
    _Kind(
        "conflicts",
        "Where do reports on {whoLabel} conflict?",
        ("both sides, each with its place",) * 2,
        "claim",
        (("id", "{claim}"),),
    ),
    _Kind(
        "unsettled",
        "What is open, opined or demanded about: {whoLabel}?",
        ("{count} claim that reports no fact", "{count} claims that report no fact"),
        "compare",
        (("entity", "{who}"), ("other", "modality=any")),
    ),
    _Kind(
        "numbers",
        "Which numbers are given for: {whoLabel}?",
        ("{count}, as printed",) * 2,
        "entity",
        (("id", "{who}"),),
    ),
    _Kind(
        "dated",
        "What came when, around {whoLabel}?",
        ("{count} dated claim", "{count} dated claims"),
        "timeline",
        (("entity", "{who}"),),
    ),
)


def questions(
    rows: Rows, near: Near, demands: list[Row], far: tuple[NeighbourRef, EntityRef] | None, sources: tuple[Source, ...]
) -> tuple[Question, ...]:
    """At most six questions that the graph answers, no two of them at the same address.

    `demands` are rows of who demands what of whom, `far` are two entities that are connected over some steps.
    """
    found: dict[str, Question] = {}
    for question in _candidates(rows, near, demands, far, sources):
        found.setdefault(question.address, question)
        if len(found) == MOST:
            break
    return tuple(found.values())


def _candidates(
    rows: Rows, near: Near, demands: list[Row], far: tuple[NeighbourRef, EntityRef] | None, sources: tuple[Source, ...]
) -> Iterator[Question]:
    members, *others = _KINDS
    yield from _asked(members, rows)
    if demands:
        yield _demand(demands)
    if far is not None:
        yield _connection(*far)
    for kind in others:
        yield from _asked(kind, rows)
    agents = {credit.agent.id: credit.agent for source in sources for credit in source.credits}
    for agent in [*agents.values()][:TRIED]:
        if near(agent.id):
            yield _question(
                "What stands within two steps of {0}?",
                [agent.label],
                "",
                "neighbourhood",
                (("entity", agent.id), ("hops", "2")),
            )


def _asked(kind: _Kind, rows: Rows) -> Iterator[Question]:
    """The question about the first row, where there is one."""
    for row in rows(f"questions/{kind.query}")[:1]:
        asked = tuple((name, value.format(**row)) for name, value in kind.asked)
        promise = kind.promise[row.get("count") != "1"].format(**row)
        yield _question(kind.text, row, promise, kind.route, asked)


def _demand(demands: list[Row]) -> Question:
    """What the one demands who demands most, and of whom."""
    most = max(demands, key=lambda row: sum(other["who"] == row["who"] for other in demands))
    count = len({row["demand"] for row in demands if row["who"] == most["who"]})
    asked = (("entity", most["who"]), ("hops", "2"), ("predicate", "demands"), ("predicate", "addressee"))
    promise = f"{count} {'demand' if count == 1 else 'demands'}"
    return _question("What does {whoLabel} demand, and of whom?", most, promise, "neighbourhood", asked)


def _connection(one: NeighbourRef, other: EntityRef) -> Question:
    asked = (("source", one.id), ("target", other.id))
    promise = f"over {one.distance} steps, each with its speaker"
    return _question("How is {0} connected with {1}?", [one.label, other.label], promise, "paths", asked)


def _question(
    text: str, names: Row | list[str], promise: str, route: str, asked: tuple[tuple[str, str], ...]
) -> Question:
    """Whatever names hold, they are texts set apart, never markup."""
    if isinstance(names, dict):
        words = Markup(text).format(**{name: _apart(value) for name, value in names.items()})  # noqa: S704
    else:
        words = Markup(text).format(*map(_apart, names))  # noqa: S704
    return Question(words, promise, f"/{route}?{urlencode(asked)}")


def _apart(name: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(name)
