"""The verbs that ask: tables for people, JSON for programs, refusals in words."""

from __future__ import annotations

import csv
import io
import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kgraph
from kgraph.cli import tables, words
from kgraph.cli.asking import VERBS, Verb
from kgraph.cli.options import LENS
from kgraph.cli.screen import Screen, clean, print_json
from kgraph.question import LENS_NAMES

Run = Callable[..., Any]
LETTER = "rights-groups-olympics-letter"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_misprint_finds_the_entity_and_says_what_matched(ask: Run) -> None:
    done = ask("search", "IATP")
    assert done.status == 0
    assert "Inter-Parliamentary Alliance on China  Coalition  found as IATP" in done.out
    assert "\n  id:inter-parliamentary-alliance-on-china\n" in done.out


def test_a_search_for_nothing_known_says_so(ask: Run) -> None:
    assert ask("search", "qqqqqqqq").out == "Nothing has a name like that.\n"


def test_a_neighbourhood_says_of_each_relation_who_says_so_and_where(ask: Run) -> None:
    done = ask("neighbourhood", LETTER, "--hops", 2)
    assert done.status == 0
    assert "1 hop away" in done.out
    assert "2 hops away" in done.out
    assert "who says so, where" in done.out
    assert "members not named by the source" in done.out
    line = next(line for line in done.out.splitlines() if "160 groups" in line)
    assert line.rstrip().endswith("Article 01 P13 s1")


def test_what_is_not_plainly_reported_says_so(ask: Run) -> None:
    rows = csv.DictReader(io.StringIO(ask("export", "--format", "csv", "--modality", "any").out))
    one = next(row for row in rows if row["modality"] != "reported" and row["polarity"] == "affirmed")
    word = f"[{one['modality'].replace('-', ' ')}]"
    assert word in flat(ask("neighbourhood", one["subject"], "--modality", "any").out)
    assert word not in flat(ask("neighbourhood", one["subject"]).out)


def test_an_entity_shows_numbers_connections_claims_printed_forms_and_notes(ask: Run) -> None:
    done = ask("entity", "inter-parliamentary-alliance-on-china")
    for heading in ("Connections", "Claims", "Printed forms", "Notes of the project"):
        assert f"\n{heading}\n" in done.out
    assert "name variant:" in done.out
    assert "160 groups (printed: 160)" in flat(ask("entity", LETTER).out)


def test_a_path_is_read_aloud_and_proven_step_by_step(ask: Run) -> None:
    done = ask("paths", "amnesty-international", "antonio-guterres")
    assert done.out.startswith("Found 1 path within 6 hops.\n")
    [path] = ask("paths", "amnesty-international", "antonio-guterres", "--json").json["paths"]
    assert path["sentence"] in flat(done.out)
    assert "Article 01 P16 s1" in done.out
    assert "relations looked at in" in done.out


def test_no_path_within_the_bound_is_said_to_be_proven(ask: Run) -> None:
    done = ask("paths", "slobodan-milosevic", "ioc", "--max-hops", 2)
    assert done.status == 0
    assert done.out.startswith("There is none within 2 hops: the search was exhaustive.\n")


def test_a_search_that_was_stopped_never_looks_like_an_answer(ask: Run) -> None:
    done = ask("paths", "amnesty-international", "slobodan-milosevic", "--max-edges", 1)
    assert done.out.startswith("Stopped by max_edges before an answer was certain.")


def test_several_beginnings_and_ends_are_asked_together(ask: Run) -> None:
    one = ask("paths", "amnesty-international", "antonio-guterres", "--json").json
    names = ("--also-from", "human-rights-watch", "--also-to", "ioc")
    more = ask("paths", "amnesty-international", "antonio-guterres", *names, "--mode", "all_shortest", "--json").json
    assert len(more["paths"]) > len(one["paths"])


def test_what_connects_several_entities_has_no_centre(ask: Run) -> None:
    done = ask("connect", "amnesty-international", "human-rights-watch", "antonio-guterres")
    assert "4 things, 3 relations" in done.out


def test_a_timeline_has_dates_before_what_happened(ask: Run) -> None:
    done = ask("timeline", LETTER)
    assert "September" in done.out
    assert "2020-09-01" in done.out
    assert "who says so, where" in done.out
    assert "No dated claim under this lens." in ask("timeline", LETTER, "--said-by", "bitter-winter").out


def test_a_claim_shows_its_place_and_standing(ask: Run) -> None:
    claim = ask("neighbourhood", "ioc", "--json").json["edges"][0]["claims"][0]["id"]
    done = ask("claim", claim)
    assert "characters" in done.out
    assert "affirmed, reported, current" in done.out


def test_the_three_link_chain_is_visible(ask: Run) -> None:
    rows = csv.DictReader(io.StringIO(ask("export", "--format", "csv").out))
    relayed = next(row for row in rows if (row["via"], row["said_by"]) == ("id:bitter-winter", "id:chris-evans"))
    done = ask("claim", relayed["claim"])
    assert "Article 01 › Bitter Winter › Chris Evans" in done.out


def test_sources_say_what_is_unknown_and_whom_they_credit(ask: Run) -> None:
    done = ask("sources")
    assert "not known: author, date, publisher, title" in done.out
    assert "Pew Research Center" in done.out
    one = ask("sources", "article-01")
    assert "7,799 characters" in one.out
    assert ask("sources", "article-01", "--json").json["id"] == "id:article-01"


def goes_on(out: str, words: str) -> list[str]:
    """The arguments of the command that an answer says goes on."""
    [line] = [line for line in out.splitlines() if line.startswith(f"{words}: kgraph ")]
    return shlex.split(line.removeprefix(f"{words}: kgraph "))


@pytest.mark.parametrize(
    "asked",
    [
        (
            "neighbourhood",
            "bitter-winter",
            "--hops",
            2,
            "--limit",
            1,
            "--not-said-by",
            "ioc",
            "--not-said-by",
            "chris-evans",
        ),
        ("paths", "ioc", LETTER, "--also-from", "bitter-winter", "--mode", "all_simple", "--limit", 1),
        ("entity", LETTER, "--limit", 1),
        ("search", "the games", "--limit", 1),
        ("timeline", "olympics-letter", "--limit", 1, "--modality", "any"),
    ],
    ids=lambda asked: asked[0],
)
def test_a_page_says_the_command_that_goes_on(ask: Run, run: Run, asked: tuple[object, ...]) -> None:
    first = ask(*asked)
    second = run(*goes_on(first.out, "there is more"))
    assert (second.status, second.err) == (0, "")
    assert second.out != first.out


def test_a_stopped_search_says_the_command_that_looks_further_until_that_is_no_more_allowed(
    ask: Run, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGRAPH_MAX_EDGES", "3")
    first = ask("connect", "amnesty-international", "slobodan-milosevic", "ioc", "--max-edges", 1)
    command = goes_on(first.out, "to look further")
    assert command[:4] == ["connect", "amnesty-international", "slobodan-milosevic", "ioc"]
    assert "--max-edges 2 --at " in " ".join(command)
    second = run(*command)
    third = run(*goes_on(second.out, "to look further"))
    assert "max_edges is already the largest that is allowed here" in third.out
    assert "kgraph connect" not in third.out


def test_where_a_filter_kept_the_nearest_path_out_it_is_named(ask: Run) -> None:
    done = ask("paths", "amnesty-international", "antonio-guterres", "--not-said-by", "article-01")
    assert done.out.splitlines()[1] == "Without not_said_by (Article 01) there is a path of 2 hops."


def test_a_comparison_says_what_vanishes_and_on_whose_word(ask: Run) -> None:
    done = ask("compare", "chinese-communist-party", "--other", "not_said_by=bitter-winter")
    assert "1 relation vanishes, none appears, 26 stay." in done.out
    lines = done.out.splitlines()
    vanishing = next(n for n, line in enumerate(lines) if "vanishes" in line and "who says so" in line)
    assert "Bitter Winter" in "".join(lines[vanishing + 1 : vanishing + 4])


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.name)
def test_every_verb_answers_in_json_what_python_answers(verb: Verb, ask: Run, reading_folder: Path) -> None:
    names = {"q": "ioc", "entities": ["ioc", "amnesty-international"], "target": "antonio-guterres", "source": "ioc"}
    given = [names.get(name, "ioc") for name, _ in verb.named]
    if verb.name == "claim":
        given = [ask("neighbourhood", "ioc", "--json").json["edges"][0]["claims"][0]["id"]]
    arguments = [one for name in given for one in (name if isinstance(name, list) else [name])]
    sides = ["--other", "modality=any"] if verb.name == "compare" else []
    done = ask(verb.name, *arguments, *sides, "--json")
    assert done.status == 0
    assert done.out.count("\n") == 1
    assert isinstance(done.json, dict)


def test_the_lens_of_the_command_line_is_the_librarys() -> None:
    flags = {option.name for option in LENS} | {"source"}
    assert flags == set(LENS_NAMES)
    assert any("--source" in option.also for option in LENS)


# ------------------------------------------------------------------ refusals


def test_an_unknown_entity_says_what_comes_close_and_fails(ask: Run) -> None:
    done = ask("entity", "amnesty-internationl")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("kgraph: no entity is called 'amnesty-internationl'; close to it: Amnesty International")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("search", "x", "--limit", "0"), "limit=0: give a whole number"),
        (("neighbourhood", "ioc", "--predicate", "hasMembr"), "close to it: hasMember"),
        (("neighbourhood", "ioc", "--hops", "many"), "valid integer"),
        (("neighbourhood", "ioc", "--nonsense"), "No such option"),
        (("paths", "ioc"), "Missing argument"),
        (("nonsense",), "No such command"),
        (("search", "x", "--url", "http://127.0.0.1:1"), "not both"),
    ],
)
def test_wrong_usage_has_exit_status_two(arguments: tuple[str, ...], words: str, ask: Run) -> None:
    done = ask(*arguments)
    assert done.status == 2
    assert words in flat(done.err)
    assert "Traceback" not in done.err


def test_where_nobody_named_a_folder_and_there_is_none_the_seeds_answer(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KGRAPH_DATA", raising=False)
    done = run("search", "IATP")
    assert done.status == 0
    assert "shipped seeds" in done.err
    assert "Inter-Parliamentary Alliance" in done.out
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", [("search", "IATP"), ("doctor",), ("log",), ("attach", "text.txt")])
def test_a_named_folder_without_a_graph_is_refused_and_not_made(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = run(*command, "--data", tmp_path / "nothing")
    assert done.status == 1
    assert "holds no graph" in done.err
    assert not (tmp_path / "nothing").exists()


def test_the_folder_may_come_from_the_environment(
    run: Run, reading_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGRAPH_DATA", str(reading_folder))
    assert run("search", "IATP").status == 0


def test_a_service_that_does_not_answer_is_said_so(run: Run) -> None:
    done = run("search", "x", "--url", "http://127.0.0.1:1")
    assert done.status == 1
    assert "http://127.0.0.1:1 does not answer" in done.err


def test_the_version_and_the_help_are_there(run: Run) -> None:
    assert run("--version").out.startswith("kgraph 0.")
    assert "neighbourhood" in run("--help").out
    lens = flat(run("paths", "--help").out)
    assert "--said-by" in lens
    assert "--article" in lens


# ------------------------------------------------------------------ the terminal


def test_a_label_cannot_command_the_terminal() -> None:
    assert clean("a\x1b[31mred\u202eback\x9b") == "a\ufffd[31mred\ufffdback\ufffd"
    assert clean("two\nlines") == "two\nlines"


def test_markup_in_a_label_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    hit = {"label": "[bold]x[/bold]", "matched": "[bold]x[/bold]", "type_label": "T", "id": "id:x"}
    tables.search(Screen(), {"items": [hit], "next": None})
    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_a_narrow_terminal_still_shows_every_word(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    done = ask("neighbourhood", LETTER)
    assert all(len(line) <= 40 for line in done.out.splitlines())
    assert "2022 Winter Games" in flat(done.out)


def test_json_is_indented_only_for_a_person(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    print_json({"a": 1})
    assert capfdbinary.readouterr().out == b'{"a":1}\n'
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_json({"a": 1})
    assert json.loads(capfdbinary.readouterr().out) == {"a": 1}


# ------------------------------------------------------------------ what the shipped graph does not show


def span(**changed: Any) -> dict[str, Any]:
    return {"paragraph": None, "sentence": None, "start": None, "end": None, "row": None, "text": None} | changed


ARTICLE = {"id": "id:a", "label": "A table", "type_label": "Dataset"}
SHOWN = {
    "said_by": [ARTICLE],
    "via": [],
    "article": ARTICLE,
    "modality": "reported",
    "polarity": "affirmed",
    "when": None,
}


def test_evidence_in_a_table_names_its_row_and_a_relay_without_a_speaker_is_said() -> None:
    assert words.evidence(SHOWN | {"where": span(row=7)}).plain == "A table row 7"
    relay = {"id": "id:b", "label": "B"}
    assert words.evidence(SHOWN | {"where": span(), "via": [relay]}).plain == "through B; A table"
    negated = SHOWN | {"where": span(paragraph=2), "polarity": "negated", "said_by": [relay, relay | {"id": "id:c"}]}
    assert words.evidence(negated).plain == "B and B; A table P2 [negated]"
    assert words.evidences([]).plain == "no source given"


def test_a_number_is_told_with_its_qualifier_or_as_it_was_printed() -> None:
    number = {"text": "nearly 150,000", "value": 150000, "min_value": None, "max_value": 150000, "unit": "signatures"}
    told = words.quantity(number | {"approximation": "just-under"})
    assert told == "just under 150,000 signatures (printed: nearly 150,000)"
    nothing = {"text": "many", "value": None, "min_value": None, "max_value": None, "unit": None}
    assert words.quantity(nothing | {"approximation": "about"}) == "many"


def test_a_stopped_search_tells_what_it_had_found() -> None:
    answer = {"verdict": "stopped", "stopped_by": "max_ms", "max_hops": 3, "paths": [{}]}
    assert words.verdict(answer) == "Stopped by max_ms before an answer was certain. 1 path found before."


def test_an_empty_graph_is_told_as_such(run: Run, tmp_path: Path) -> None:
    with kgraph.open(tmp_path / "data"):
        pass
    assert run("sources", "--data", tmp_path / "data").out.startswith("No source is loaded.")


def test_an_entity_nothing_stands_near_says_so(ask: Run) -> None:
    done = ask("neighbourhood", "ioc", "--said-by", "chris-evans", "--not-said-by", "chris-evans")
    assert "Nothing stands near it under this lens." in done.out
