"""How things are connected: shortest, all shortest, k shortest and all loopless paths, with their evidence.

A path repeats no node; from a node to itself it is empty (`min_hops=0`) or a cycle that repeats no step. Claims for
one relation are one step; different relations between the same nodes are different paths. Order: length (or weight),
then the rank of `rank.py`, then IRIs; the same on every run.

Verdicts: `found` when what was asked for is complete (one path; k paths or all there are; this page of all paths);
`none_within` when an exhaustive search under the bounds met none; `stopped` when a limit ended the search before
either, even if some paths were met by then: they are given, but a better or further one may exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from kgraph.errors import ParameterError
from kgraph.model import Page, Path, PathQuestion, Paths, Verdict, Work
from kgraph.traversal import explain
from kgraph.traversal.enumeration import Enumeration, Trail
from kgraph.traversal.excluded import excluded_by
from kgraph.traversal.found import Found
from kgraph.traversal.known import Known
from kgraph.traversal.lens import LensFilter, compile_lens, words
from kgraph.traversal.pathquery import sparql
from kgraph.traversal.rank import Ranking
from kgraph.traversal.records import Catalogue
from kgraph.traversal.sentence import path_sentence
from kgraph.traversal.shown import Shown, nodes_of, shown
from kgraph.traversal.telling import VALUES, Telling
from kgraph.traversal.walk import Budget, Rules, StoppedError

_ALL = ("all_shortest", "all_simple")


def paths(catalogue: Catalogue, question: PathQuestion, page: Page | None = None, telling: Telling = VALUES) -> Paths:
    """Answer a path question. `page` cuts all_shortest and all_simple; the other modes give what they were asked.
    `telling` makes the nodes and edges that are shown.

    Raises EntityNotFoundError for an unknown end, and ParameterError for bounds that contradict each other, a
    pattern that does not parse (with its position), or a weight that is not known.
    """
    page = page or Page()
    _check(catalogue, question)
    lens = compile_lens(catalogue, question.lens)
    budget = Budget(question.max_edges, question.max_ms)
    found, stopped_by = search(lens, question, budget, _wanted(question, page))
    on_page = found[page.skip : page.skip + page.limit] if question.mode in _ALL else found
    verdict: Verdict = "stopped" if stopped_by else "found" if found else "none_within"
    work = Work(budget.edges, budget.ms)
    edges, known = _explained(lens, on_page), Known.of(catalogue)
    return Paths(
        verdict=verdict,
        max_hops=question.max_hops,
        work=work,
        stopped_by=stopped_by,
        paths=tuple([_told(lens, path, e, telling) for path, e in zip(on_page, edges, strict=True)]),
        next=page.next(len(on_page), len(found)) if question.mode in _ALL and not stopped_by else None,
        generation=catalogue.generation,
        lens=words(catalogue, question.lens),
        sparql=sparql(lens, found[0], _explained(lens, found[:1])[0] if page.skip else edges[0]) if found else None,
        source=tuple([telling.ref(known.named(catalogue, iri)) for iri in question.source]),
        target=tuple([telling.ref(known.named(catalogue, iri)) for iri in question.target]),
        excluded_by=excluded_by(catalogue, question, budget, search) if verdict == "none_within" else None,
    )


def search(
    lens: LensFilter, question: PathQuestion, budget: Budget, wanted: int | None = None
) -> tuple[list[Found], str | None]:
    """The first `wanted` paths of a question in order (all of them for None), and the limit that stopped the search."""
    found: list[Found] = []
    try:
        for nodes, steps, forward in islice(_in_order(lens, question, budget), wanted):
            found.append(Found(lens.view, nodes, steps, forward))
    except StoppedError as stop:
        return found, stop.limit
    return found, None


_Numbers = tuple[Sequence[int], Sequence[int], Sequence[bool]]
"""A path by numbers of a view: nodes, steps, and for each whether it is walked from subject to object."""


def _in_order(lens: LensFilter, question: PathQuestion, budget: Budget) -> Iterator[_Numbers]:
    searcher = lens.searcher
    rules = Rules(lens, question, budget, {} if searcher else lens.terrain)
    ranking = Ranking(lens, question.weight)
    corridor = None
    if searcher is not None:
        from kgraph.traversal.corridor import Corridor  # only here: small graphs do without the kernels

        corridor = Corridor(searcher, lens, question, rules, budget)
        if _is_plain(lens, question) and not set(rules.sources) & set(rules.targets):
            best = corridor.best()
            if best is None:
                return
            if len(best.steps) >= question.min_hops:
                yield best.nodes, best.steps, best.forward
                return
        elif not corridor.reaches():
            return
    enumeration = Enumeration(rules, ranking, budget, question.min_hops, question.max_hops, corridor)
    in_order = enumeration.by_weight() if question.weight else enumeration.by_length()
    if question.mode == "all_shortest":
        in_order = _as_short_as_the_first(in_order, 0 if question.weight else 1)
    for path in in_order:
        yield path.nodes, path.steps, path.forward


def _is_plain(lens: LensFilter, question: PathQuestion) -> bool:
    """Whether the kernels know every rule of a question: its answer is then theirs."""
    bare = (question.pattern, question.weight, question.avoid_hubs) == (None, None, None) and not question.via
    return bare and question.mode == "shortest" and lens.view is lens.catalogue.stated


def _as_short_as_the_first(in_order: Iterator[Trail], measure: int) -> Iterator[Trail]:
    least: int | None = None
    for path in in_order:
        least = path.cost[measure] if least is None else least
        if path.cost[measure] > least:
            return
        yield path


def _wanted(question: PathQuestion, page: Page) -> int:
    """How many paths to look for: of all paths one more than the page shows, to know whether there is another."""
    if question.mode in _ALL:
        return page.skip + page.limit + 1
    return question.k if question.mode == "k_shortest" else 1


def _check(catalogue: Catalogue, question: PathQuestion) -> None:
    for iri in (*question.source, *question.target, *question.via, *question.avoid):
        explain.entity_ref(catalogue, iri)
    if not 0 <= question.min_hops <= question.max_hops:
        raise ParameterError("min_hops", question.min_hops, f"give 0 to max_hops ({question.max_hops})")
    if question.k < 1:
        raise ParameterError("k", question.k, "give at least 1")


def _explained(lens: LensFilter, paths: Sequence[Found]) -> list[list[Shown]]:
    """The steps of some paths with all that is told of them, path by path."""
    numbers = [number for path in paths for number in path.step_numbers]
    steps = iter(shown(lens, numbers, [way for path in paths for way in path.forward]))
    return [list(islice(steps, path.length)) for path in paths]


def _told(lens: LensFilter, path: Found, edges: Sequence[Shown], telling: Telling) -> Path:
    nodes = nodes_of(lens, path.node_numbers)
    return Path(
        length=path.length,
        nodes=tuple([telling.ref(node) for node in nodes]),
        edges=tuple([telling.edge(edge) for edge in edges]),
        sentence=path_sentence(lens.catalogue, nodes, edges),
    )
