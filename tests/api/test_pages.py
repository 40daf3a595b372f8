"""Pages: they work without script, name speaker and place, and carry no one else's markup."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import kgraph
from kgraph.errors import LimitError
from kgraph.settings import Settings
from kgraph_api.app import create_app
from kgraph_api.rendering import page_of, plain, short, web
from kgraph_api.routers import pages

PAGES = [
    "/",
    "/search",
    "/search?q=160",
    "/search?q=nothing",
    "/entity?id=ioc",
    "/neighbourhood?entity=ioc",
    "/connect?entity=a&entity=b",
    "/paths?source=a&target=b",
    "/timeline?entity=ioc",
    "/compare",
    "/compare?entity=ioc&other=modality%3Dany",
    "/claim?id=claim-1",
    "/sources",
    "/source?id=article-01",
    "/sparql",
    "/ontology",
    "/scheme/reported",
    "/entity?id=iok",
]
EDITOR = '<script type="module" src="/static/explorer/editor.js"></script>'


@pytest.mark.hostile
@pytest.mark.parametrize("route", PAGES)
def test_no_page_lets_foreign_markup_or_links_through(client: Any, html: dict[str, str], route: str) -> None:
    answer = client.get(route, headers=html)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert set(re.findall("<script[^>]*>", answer.text.replace(EDITOR, ""))) <= {'<script type="application/ld+json">'}
    assert "javascript:" not in answer.text.replace("basis: javascript", "").replace("<bdi>javascript:", "")
    assert "style=" not in answer.text
    assert "<b>bold" not in answer.text
    assert '<html lang="en" data-root="">' in answer.text
    assert '<main id="main"' in answer.text


@pytest.mark.parametrize(
    "route", ["/claim?id=claim-1", "/entity?id=ioc", "/neighbourhood?entity=ioc", "/timeline?entity=ioc"]
)
def test_what_is_stated_comes_with_its_speaker_and_its_place(client: Any, html: dict[str, str], route: str) -> None:
    text = client.get(route, headers=html).text
    assert "160 groups" in text
    assert "paragraph 13, sentence 2" in text
    assert "Article 01" in text


def test_a_number_keeps_its_qualifier_and_a_collective_its_silence(client: Any, html: dict[str, str]) -> None:
    text = client.get("/entity?id=ioc", headers=html).text
    assert "more than 300" in text
    assert "(more than)" not in text, "the printed words say it already"
    assert "members not named by the source" in text
    assert "misprinted as <bdi>ICO</bdi>" in text
    assert "members not named by the source" in client.get("/neighbourhood?entity=ioc", headers=html).text


def test_only_web_addresses_become_links(client: Any, html: dict[str, str]) -> None:
    text = client.get("/entity?id=ioc", headers=html).text
    assert 'href="http://www.wikidata.org/entity/Q1"' in text
    assert 'href="javascript' not in text
    assert web("HTTPS://e.org") == "HTTPS://e.org"
    assert web("data:text/html,x") is web(None) is None


def test_an_alleged_or_negated_claim_is_marked_as_one(client: Any, html: dict[str, str]) -> None:
    text = client.get("/neighbourhood?entity=ioc", headers=html).text
    assert '<span class="badge">alleged</span>' in text
    assert '<span class="badge">negated</span>' in text


def test_a_claim_page_shows_the_chain_and_what_conflicts(client: Any, html: dict[str, str]) -> None:
    text = client.get("/claim?id=claim-1", headers=html).text
    chain = text[text.index("<dt>Chain") : text.index("<dt>Read in")]
    assert chain.index("Article 01") < chain.index("International Olympic") < chain.index("160 groups")
    assert 'href="/claim?id=id%3Aclaim-2"' in text
    assert "table <bdi>t</bdi>, row 4" in text
    assert "place not stated" in text


def test_the_three_verdicts_read_differently(client: Any, html: dict[str, str]) -> None:
    assert "groups address the IOC (P13)" in client.get("/paths?source=a&target=b", headers=html).text
    nowhere = client.get("/paths?source=a&target=nowhere", headers=html).text
    assert "exhaustive" in nowhere
    assert "Without modality (&lt;b&gt;reported&lt;/b&gt;) there is a path." in nowhere
    stopped = client.get("/paths?source=a&target=slow", headers=html).text
    assert "ended by max_ms" in stopped
    assert "exhaustive" not in stopped
    assert 'href="/paths?source=a&amp;target=slow&amp;max_ms=4000&amp;at=7">Look further' in stopped


def test_what_stands_apart_and_what_stopped_the_search_are_said_of_what_connects(
    client: Any, html: dict[str, str]
) -> None:
    apart = client.get("/connect?entity=a&entity=b", headers=html).text
    assert "not connected with &lt;i&gt;ioc&lt;/i&gt;" in apart
    assert "ended by" not in apart
    stopped = client.get("/connect?entity=a&entity=slow", headers=html).text
    assert "ended by max_edges" in stopped
    assert "This service does not look further." in stopped


def test_more_keeps_the_question_and_changes_the_cursor(client: Any, html: dict[str, str]) -> None:
    text = client.get("/search?q=a%26b&cursor=old", headers=html).text
    assert 'href="/search?q=a%26b&amp;cursor=next-page"' in text


def test_more_leads_to_where_it_is_answered_though_the_question_came_another_way(
    client: Any, seeded: Any, html: dict[str, str]
) -> None:
    assert 'href="/entity?id=ioc&amp;cursor=next-page&amp;at=7" rel="next"' in client.get("/id/ioc.html").text
    every = {"source": "amnesty-international", "target": "antonio-guterres", "mode": "all_simple", "limit": 1}
    first = seeded.post("/paths", json=every, headers=html).text
    [address] = re.findall(r'href="([^"]+)" rel="next"', first)
    second = seeded.get(address.replace("&amp;", "&"), headers=html)
    assert second.status_code == 200
    assert '<section class="path"' in second.text
    assert second.text != first


def test_the_start_page_takes_its_questions_from_the_graph(client: Any, fake: Any) -> None:
    demand = {
        "who": "https://w3id.org/kgraph/id/groups",
        "whoLabel": "<b>Groups</b>",
        "demand": "https://w3id.org/kgraph/id/d",
        "demandLabel": "A demand",
        "evidence": "https://w3id.org/kgraph/id/claim-1",
        "speakers": "Article 01",
        "paragraph": "13",
    }
    addressed = {**demand, "addressee": "https://w3id.org/kgraph/id/ioc", "addresseeLabel": "IOC"}
    members = {"who": "https://w3id.org/kgraph/id/d", "whoLabel": "<i>Club</i> {0}", "count": "2"}
    fake.rows = {
        "?demandLabel": [demand, addressed],
        "kg:hasMember": [members],
        "LIMIT 1\n": [],
    }
    text = client.get("/").text
    assert "<strong>3</strong> entities" in text
    assert "Who belongs to <bdi>&lt;i&gt;Club&lt;/i&gt; {0}</bdi>?" in text
    assert 'href="/neighbourhood?entity=id%3Ad&amp;predicate=hasMember"' in text
    assert "&lt;b&gt;Groups" in text
    assert "not stated" in text
    assert "What stands within two steps of" in text
    assert "source=id%3Afar&amp;target=id%3Aioc" in text
    asked = len(fake.asked)
    client.get("/")
    assert len(fake.asked) == asked
    fake.generation = 8
    client.get("/")
    assert len(fake.asked) > asked


def test_the_start_page_does_without_what_sparql_does_not_answer_and_tries_again_later(
    client: Any, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def stopped(query: str, **kwargs: Any) -> Any:
        tried.append(query)
        raise LimitError("query_timeout", "10 s")

    fake.sparql = stopped
    answer = client.get("/")
    assert answer.status_code == 200
    assert "<strong>3</strong> entities" in answer.text
    assert "Who demands what" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    first = len(tried)
    assert first > 0
    assert "within the last minute" in answer.text
    fake.generation += 1  # a graph so large is not read for each commit
    assert client.get("/").text == answer.text
    assert len(tried) == first
    now = time.monotonic()
    monkeypatch.setattr(pages.time, "monotonic", lambda: now + pages.AGAIN + 1)
    client.get("/")
    assert len(tried) > first


def test_all_questions_together_have_a_time(client: Any, fake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PATIENCE", 0.0)
    before = len(fake.asked)
    assert "<strong>2</strong> claims" in client.get("/").text
    assert not [asked for asked in fake.asked[before:] if asked[0] == "sparql"]


def test_names_for_people_and_for_addresses() -> None:
    assert plain("article-voice") == "article voice"
    assert plain(None) == ""
    assert short("kg:demands") == "demands"
    assert short("http://e.org/x") == "http://e.org/x"
    assert page_of("kg:demands") == "/ns#demands"
    assert page_of("kgs:reported") == "/scheme/reported"
    assert page_of("http://e.org/?a&b") == "/entity?id=http%3A%2F%2Fe.org%2F%3Fa%26b"


def linked(text: str) -> Any:
    """The JSON-LD of a page."""
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return json.loads(data)


@pytest.mark.hostile
def test_a_claim_is_told_to_machines_as_a_claim_with_its_author_and_never_as_a_review(
    client: Any, html: dict[str, str]
) -> None:
    text = client.get("/claim?id=claim-1", headers=html).text
    data = linked(text)
    assert data["@type"] == "WebPage"
    assert data["about"]["@type"] == "Claim"
    assert data["about"]["author"]["name"] == "<script>alert(1)</script> 160 groups"
    assert data["about"]["appearance"]["name"] == "Article 01"
    assert "paragraph 13, sentence 2" in data["about"]["appearance"]["pagination"]
    assert "alleged" in data["about"]["disambiguatingDescription"]
    assert "Review" not in text
    assert "</script> 160" not in text


def test_an_entity_is_told_to_machines_with_its_other_names_and_web_addresses_alone(
    client: Any, html: dict[str, str]
) -> None:
    text = client.get("/entity?id=ioc&modality=any", headers=html).text
    about = linked(text)["about"]
    assert about["alternateName"] == ["IOC"]
    assert about["sameAs"] == ["http://www.wikidata.org/entity/Q1"]
    assert linked(text)["mainEntity"][0]["@type"] == "Claim"
    assert '<link rel="canonical" href="http://testserver/entity?id=id%3Aioc">' in text
    assert '<meta property="og:title" content="International Olympic Committee · kgraph">' in text


@pytest.mark.parametrize("route", ["/entity?id=ioc", "/neighbourhood?entity=ioc", "/source?id=article-01"])
def test_a_page_about_something_leads_into_the_explorer(client: Any, html: dict[str, str], route: str) -> None:
    id = "id%3Aarticle-01" if "source" in route else "id%3Aioc"
    assert f'href="/explore?open={id}"' in client.get(route, headers=html).text


def test_a_path_leads_into_the_explorer_by_its_ends(seeded: Any, html: dict[str, str]) -> None:
    text = seeded.get("/paths?source=amnesty-international&target=antonio-guterres", headers=html).text
    assert 'href="/explore?path=id%3Aamnesty-international,id%3Aantonio-guterres"' in text


def test_who_is_credited_leads_to_as_many_claims_as_are_counted(seeded: Any, html: dict[str, str]) -> None:
    text = seeded.get("/source?id=article-01", headers=html).text
    found = re.findall(r'href="(/sparql\?query=[^"]+)">([0-9]+) claim', text)
    assert len(found) == len(seeded.get("/source?id=article-01").json()["credits"])
    for address, count in found:
        answer = seeded.get(address.replace("&amp;", "&")).json()
        assert len(answer["results"]["bindings"]) == int(count)
    rows = seeded.get(found[-1][0].replace("&amp;", "&"), headers=html).text
    assert 'href="/claim?id=id%3Aclaim-' in rows


def test_the_shipped_graph_has_six_questions_and_each_leads_to_an_answer(seeded: Any, html: dict[str, str]) -> None:
    text = seeded.get("/").text
    cards = text[text.index('<ul class="cards">') :]
    found = re.findall(r'<a href="([^"]+)">', cards[: cards.index("</ul>")])
    assert len(set(found)) == 6
    for address in found:
        answer = seeded.get(address.replace("&amp;", "&"), headers=html)
        assert answer.status_code == 200, address
        assert 'class="cite"' in answer.text, address


FEW = """\
kgraph: 1
source: {id: harbour-note, label: Harbour note, sha256: HASH, length: 110, unknown: [author, publisher, date]}
entities:
  clubs: {type: Organisation, label: The clubs}
  swimmers: {type: Organisation, label: The swimmers}
spans:
  p1s1: {paragraph: 1, sentence: 1, start: 0, end: 66, sha256: HASH}
defaults: {voice: article-voice, said_by: harbour-note}
claims:
  - {key: a, subject: clubs, predicate: hasMember, object: swimmers, at: p1s1}
""".replace("HASH", "ab" * 32)


def test_the_start_page_of_an_empty_graph_asks_nothing_and_says_how_to_load(
    tmp_path: Path, html: dict[str, str]
) -> None:
    with kgraph.open(tmp_path / "data", settings=Settings(data=tmp_path / "data")) as graph:
        answer = TestClient(create_app(graph.settings, graph)).get("/", headers=html)
    assert answer.status_code == 200
    assert "Questions this graph can answer" not in answer.text
    assert "Who demands what of whom" not in answer.text
    assert "kgraph load FILE" in answer.text


def test_the_start_page_of_one_claim_asks_only_what_it_answers(tmp_path: Path, html: dict[str, str]) -> None:
    (tmp_path / "few.yaml").write_text(FEW, "utf-8")
    with kgraph.open(tmp_path / "data", settings=Settings(data=tmp_path / "data")) as graph:
        graph.load(tmp_path / "few.yaml")
        client = TestClient(create_app(graph.settings, graph))
        text = client.get("/", headers=html).text
        cards = text[text.index('<ul class="cards">') :]
        found = re.findall(r'<a href="([^"]+)">', cards[: cards.index("</ul>")])
        assert "Who belongs to <bdi>The clubs</bdi>?" in cards
        assert "1 named" in cards
        for address in found:
            answer = client.get(address.replace("&amp;", "&"), headers=html)
            assert answer.status_code == 200, address
            assert 'class="cite"' in answer.text, address


def test_what_is_compared_is_asked_for_and_shown_on_one_page(seeded: Any, html: dict[str, str]) -> None:
    form = seeded.get("/compare?entity=ioc", headers=html).text
    assert 'name="entity" value="ioc"' in form
    assert 'value="not_said_by=id:bitter-winter"' in form
    given = (
        "/compare?entity=chinese-communist-party&target=&hops=&one=&one=&one=&other=&other=not_said_by%3Dbitter-winter"
    )
    text = seeded.get(given, headers=html).text
    assert "1 relation vanishes, none appears, 26 stay." in text
    vanishes = text[text.index("What vanishes") : text.index("What appears")]
    assert "Bitter Winter" in vanishes
    assert "paragraph 3, sentence 1" in vanishes
    assert seeded.get("/compare?entity=ioc").status_code == 400
    assert seeded.get("/compare?other=modality%3Dany").json()["parameter"] == "entity"
