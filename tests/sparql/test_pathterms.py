"""The vocabulary of path searches: what `/paths` takes, nothing else, and all of it documented."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from kgraph.question import PathLensOptions
from kgraph.sparql.pathterms import terms
from kgraph.verbs import Verbs

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "sparql.md").read_text("utf-8")


def test_a_search_takes_what_the_verb_takes_under_the_same_names() -> None:
    verb = {name for name, one in inspect.signature(Verbs.paths).parameters.items() if one.kind.name != "VAR_KEYWORD"}
    pages = {"limit", "cursor", "at", "min_generation"}  # a query is of one generation, and has LIMIT
    wanted = (verb | set(PathLensOptions.__annotations__)) - pages - {"self"}
    assert {name for name, term in terms().items() if not term.gives} == wanted


def test_every_term_is_in_the_guide_and_the_guide_knows_no_other() -> None:
    told = set(re.findall(r"^\| `path:(\w+)`", GUIDE, re.MULTILINE))
    assert told == set(terms())
