"""The drawn graph, from Python's side: what is drawn, what messages do, what is told when it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import orjson
import pytest

from kgraph.client import Client, GraphWidget, widget
from kgraph.client.rows import evidence
from kgraph.errors import EntityNotFoundError, ParameterError

LETTER = "id:olympics-letter"
DRAWN: dict[str, Callable[[Client], Any]] = {
    "neighbourhood": lambda client: client.neighbourhood("ngos-open-letter"),
    "paths": lambda client: client.paths("amnesty-international", "antonio-guterres"),
    "connect": lambda client: client.connect(["amnesty-international", "human-rights-watch"]),
    "entity": lambda client: client.entity("ngos-open-letter"),
    "timeline": lambda client: client.timeline("import-blockade"),
    "claim": lambda client: client.claim(client.entity("ioc")["claims"][0]["id"]),
    "construct": lambda client: client.sparql("CONSTRUCT WHERE { ?a kg:demands ?b }"),
    "select": lambda client: client.sparql("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 20"),
}


def messages(shown: GraphWidget, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    """Says to the widget what its picture says, and gives what the picture is told."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(shown, "send", lambda content, buffers=None: told.append(content))

    def say(message: dict[str, Any]) -> list[dict[str, Any]]:
        told.clear()
        shown._handle_custom_msg(message, [])
        return told

    return say


@pytest.mark.parametrize("question", DRAWN)
def test_every_answer_with_relations_is_drawn_with_labels_and_types(question: str, client: Client) -> None:
    answer = DRAWN[question](client)
    graph = answer.show(height=300).graph
    ids = {node["id"] for node in graph["nodes"]}
    assert graph["edges"]
    assert all({edge["source"], edge["target"]} <= ids for edge in graph["edges"])
    assert all(node["label"] for node in graph["nodes"])
    if question not in ("construct", "select"):
        assert sum(len(edge["claims"]) for edge in graph["edges"]) == answer.to_networkx().number_of_edges()
        assert all(node["type"] for node in graph["nodes"])


def test_triples_of_a_query_get_labels_and_types_of_the_graph(client: Client) -> None:
    graph = (
        client.sparql("SELECT ?s ?p ?o { VALUES (?s ?p ?o) { (id:ioc kg:demands id:olympics-letter) } }").show().graph
    )
    assert [(node["id"], node["label"], node["type"]) for node in graph["nodes"]] == [
        ("id:ioc", "International Olympic Committee", "kg:InternationalBody"),
        ("id:olympics-letter", "Letter of rights groups to the IOC", "kg:Letter"),
    ]
    assert [edge["predicate_label"] for edge in graph["edges"]] == ["demands"]


def test_values_and_blank_nodes_are_things_and_labels_are_not(here: Client) -> None:
    query = """CONSTRUCT { <urn:a> rdfs:label "A thing" ; a kg:Ngo ; kg:memberCount 3 ; kg:part [] } {}"""
    graph = here.sparql(query).show().graph
    assert [(node["label"], node["type"]) for node in graph["nodes"] if node["id"] == "urn:a"] == [
        ("A thing", "kg:Ngo")
    ]
    assert {node["type_label"] for node in graph["nodes"]} == {"kg:Ngo", "value (integer)", "blank node"}
    assert len(graph["edges"]) == 2


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda client: client.search("IATP"), "show=search: it names no relations"),
        (lambda client: client.sources(), "show=sources: it names no relations"),
        (lambda client: client.sparql("SELECT ?a ?b { ?a a ?b } LIMIT 1"), r"show=a b: a picture needs subject"),
        (lambda client: client.sparql("ASK {}"), "show=answer: a picture needs subject"),
    ],
)
def test_what_has_no_relations_says_so(ask: Callable[[Client], Any], words: str, here: Client) -> None:
    with pytest.raises(ParameterError, match=words):
        ask(here).show()


def test_a_path_that_is_not_there_shows_its_ends_and_the_verdict(here: Client) -> None:
    shown = here.paths("slobodan-milosevic", "ioc", max_hops=2).show()
    assert [node["id"] for node in shown.graph["nodes"]] == ["id:slobodan-milosevic", "id:ioc"]
    assert shown.graph["notes"] == ["There is none within 2 hops: the search was exhaustive."]


def test_members_that_are_not_named_are_a_note_of_the_thing(here: Client) -> None:
    nodes = {node["id"]: node for node in here.neighbourhood("ngos-open-letter").show().graph["nodes"]}
    assert nodes["id:open-letter-signatories"]["notes"] == ["members not named by the source"]


def test_a_double_click_adds_what_stands_near(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = client.neighbourhood("ioc").show()
    before = shown.graph
    told = messages(shown, monkeypatch)({"kind": "expand", "id": LETTER})
    assert told == [{"kind": "told", "id": LETTER, "text": f"3 more relations near {before['nodes'][1]['label']}."}]
    assert shown.graph["nodes"][: len(before["nodes"])] == before["nodes"]
    assert len(shown.graph["edges"]) == len(before["edges"]) + 3
    assert shown.graph["near"] == LETTER


def test_an_expansion_that_was_cut_goes_on_where_it_ended(here: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget, "MOST_NEAR", 3)
    shown = here.neighbourhood("ioc").show()
    assert "expand it again" in shown.expand("chinese-communist-party")
    first = len(shown.graph["edges"])
    shown.expand("chinese-communist-party")
    assert len(shown.graph["edges"]) > first


def test_expansions_look_through_the_lens_of_the_answer(here: Client) -> None:
    shown = here.neighbourhood("ngos-open-letter", not_said_by="article-01", modality="any").show()
    shown.expand("chinese-communist-party")
    speakers = {one["id"] for edge in shown.graph["edges"] for claim in edge["claims"] for one in claim["said_by"]}
    assert speakers
    assert "id:article-01" not in speakers


def test_who_says_a_plain_triple_is_asked_when_it_is_clicked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = client.sparql("CONSTRUCT WHERE { id:ngos-open-letter kg:demands ?b }").show()
    (edge,) = shown.graph["edges"]
    key = {name: edge[name] for name in ("source", "predicate", "target")}
    told = messages(shown, monkeypatch)({"kind": "evidence", **key})
    assert [one["kind"] for one in told] == ["told"]
    (claim,) = shown.graph["edges"][0]["claims"]
    assert evidence(claim) == "the article's own voice; Article 01, P15 s1"


def test_faults_are_told_in_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = client.neighbourhood("ioc").show()
    say = messages(shown, monkeypatch)
    (told,) = say({"kind": "expand", "id": "id:nobody-of-that-name"})
    assert told["kind"] == "failed"
    assert "nobody-of-that-name" in told["text"]
    for nonsense in ({"kind": "expand"}, {"kind": "evidence", "source": 3}, {"kind": "?"}, {}):
        assert say(nonsense) == []
    with pytest.raises(EntityNotFoundError):
        shown.expand("nobody-of-that-name")


def test_the_selection_is_a_trait(here: Client) -> None:
    shown = here.neighbourhood("ioc").show()
    shown.selected = [LETTER]
    assert shown.get_state()["selected"] == [LETTER]
    shown.set_state({"selected": ["id:ioc"]})
    assert shown.selected == ["id:ioc"]


def test_a_page_made_of_the_notebook_has_the_picture_in_itself(here: Client) -> None:
    hostile = """CONSTRUCT { <urn:a> <urn:p> "</script><script>alert(1)</script>" } {}"""
    shown = here.sparql(hostile).show(height=300)
    data, _ = shown._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    frame = data["text/html"]
    assert frame.startswith('<iframe title="Graph of 2 things and 1 relations" sandbox="allow-scripts allow-downloads"')
    assert len(frame) < 300_000
    inner = unescape(frame.split('srcdoc="', 1)[1].rsplit('"', 1)[0])
    held = re.search(r'<script type="application/json" id="graph">(.*?)</script>', inner, re.DOTALL)
    assert held
    assert orjson.loads(held[1])["graph"] == shown.graph
    assert not re.search(r"(src|href)=", inner.split("<script", 1)[0])


def test_a_script_that_was_not_built_is_missed_in_words(here: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget, "STATIC", "nowhere")
    widget.script.cache_clear()
    with pytest.raises(FileNotFoundError, match="`make web` builds it"):
        here.neighbourhood("ioc").show()
    widget.script.cache_clear()
