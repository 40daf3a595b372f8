"""The path finder: ends by search, a verdict that says no more than was proven, rows that read as sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

import kgraph

from .conftest import CORE, SIZES, Explorer

AMNESTY = "id:amnesty-international"
LETTER = "id:ngos-open-letter"
GUTERRES = "id:antonio-guterres"
PARTY = "id:chinese-communist-party"


def finder(explorer: Explorer, *names: str) -> Locator:
    """Open the finder and choose its ends by what one types."""
    page = explorer.page
    page.get_by_role("button", name="How are they connected?").click()
    box = page.get_by_role("combobox", name="Add a person")
    expect(box).to_be_focused()
    for name in names:
        page.keyboard.type(name, delay=5)
        expect(page.locator("#end-list")).to_have_attribute("data-of", name)
        expect(page.locator("#end-list").get_by_role("option").first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(page.locator("#end-list")).to_be_hidden()
    return page.locator(".finder")


def search(explorer: Explorer) -> Locator:
    explorer.page.locator(".finder button.main").click()
    outcome = explorer.page.locator(".outcome")
    expect(outcome).to_be_visible()
    explorer.rest()
    return outcome


def lit(explorer: Explorer) -> set[str]:
    return set(explorer.page.evaluate(f"{CORE}.elements('.lit').map((one) => one.id())"))


def test_a_path_reads_as_a_sentence_lights_up_and_goes_to_the_map(
    explorer: Explorer, graph: kgraph.KnowledgeGraph
) -> None:
    page = explorer.open("add=bitter-winter").page
    form = finder(explorer, "amnesti", "Guterres")
    expect(form.get_by_role("list", name="What is to be connected")).to_contain_text("Amnesty International")
    outcome = search(explorer)
    expect(outcome.get_by_role("heading")).to_have_text("1 path found")
    sentence = graph.paths("amnesty-international", "antonio-guterres").paths[0].sentence
    way = outcome.get_by_role("button", name=sentence)
    expect(way).to_contain_text("2 steps · says Article 01")
    expect(way).to_have_attribute("aria-pressed", "false")
    way.click()
    explorer.rest()
    expect(way).to_have_attribute("aria-pressed", "true")
    assert explorer.things() == {"id:bitter-winter", AMNESTY, LETTER, GUTERRES}
    assert parse_qs(explorer.query())["path"] == [
        "amnesty-international,antonio-guterres!mode=shortest!max_hops=6!rows=0"
    ]
    page.mouse.move(300, 400)
    assert lit(explorer) <= {AMNESTY, LETTER, GUTERRES} | explorer.relations()
    way.hover()
    assert lit(explorer) == {AMNESTY, LETTER, GUTERRES} | explorer.relations()
    assert page.evaluate(f"{CORE}.getElementById('id:bitter-winter').hasClass('faded')")
    page.keyboard.press("Tab")
    way.click()
    explorer.rest()
    assert explorer.things() == {"id:bitter-winter"}
    page.keyboard.press("Escape")
    expect(page.locator(".finder")).to_be_hidden()
    assert lit(explorer) == set()
    assert "find" not in parse_qs(explorer.query())


def test_the_keyboard_alone_finds_a_path_and_lights_it(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER[3:]}").page
    finder(explorer, "amnesty", "guterres")
    page.keyboard.press("Escape")  # closes nothing but the list of names
    form = page.locator(".finder")
    form.get_by_role("button", name="Find paths").focus()
    page.keyboard.press("Enter")
    way = page.locator(".way").first
    expect(way).to_be_visible()
    page.keyboard.press("Tab")
    expect(way).to_be_focused()
    assert lit(explorer) == {
        AMNESTY,
        LETTER,
        GUTERRES,
        f"{LETTER} kg:hasMember {AMNESTY}",
        f"{LETTER} kg:addresses {GUTERRES}",
    }
    explorer.picture("paths-lit-desk-light")
    page.keyboard.press("Enter")
    expect(way).to_have_attribute("aria-pressed", "true")
    expect(way).to_be_focused()


def test_none_within_is_said_to_be_proven_and_can_be_searched_further(explorer: Explorer) -> None:
    page = explorer.open().page
    form = finder(explorer, "amnesty", "chinese communist party")
    form.get_by_label("At most").fill("2")
    outcome = search(explorer)
    expect(outcome).to_have_attribute("data-verdict", "none_within")
    expect(outcome.get_by_role("heading")).to_have_text("None within 2 steps")
    expect(outcome).to_contain_text("This is proven")
    explorer.picture("paths-none-desk-light")
    outcome.get_by_role("button", name="Search further: within 4 steps").click()
    expect(page.locator(".outcome")).to_have_attribute("data-verdict", "found")
    expect(form.get_by_label("At most")).to_have_value("4")
    assert "max_hops=4" in parse_qs(explorer.query())["find"][0]


def test_stopped_names_its_limit_proves_nothing_and_goes_on_with_twice_as_much(explorer: Explorer) -> None:
    page = explorer.open("view=map&find=slobodan-milosevic,ioc!mode=shortest!max_hops=6!max_edges=10").page
    outcome = page.locator(".outcome")
    expect(outcome).to_have_attribute("data-verdict", "stopped")
    expect(outcome.get_by_role("heading")).to_have_text("Stopped before it was done")
    expect(outcome).to_contain_text("ended by the number of relations a search may look at")
    expect(outcome).to_contain_text("this proves nothing either way")
    asked: list[str] = []
    page.on("request", lambda request: "/paths?" in request.url and asked.append(request.url))
    outcome.get_by_role("button", name="Search further, with twice the limit").click()
    expect(outcome).to_contain_text("It looked at 20 relations")
    assert dict(parse_qsl(urlsplit(asked[-1]).query))["max_edges"] == "20"
    assert not page.get_by_text("proven").is_visible()


def test_what_kept_the_nearest_path_out_is_named(explorer: Explorer) -> None:
    page = explorer.open("view=map&not_said_by=article-01&find=amnesty-international,antonio-guterres!max_hops=3").page
    outcome = page.locator(".outcome")
    expect(outcome).to_have_attribute("data-verdict", "none_within")
    expect(outcome).to_contain_text("Article 01")
    page.get_by_role("button", name="How are they connected?").click()
    explorer.rest()


@pytest.mark.parametrize(
    ("label", "mode", "more"),
    [
        ("The shortest path", "shortest", {}),
        ("All paths that are as short", "all_shortest", {}),
        ("Several, the shortest first", "k_shortest", {"k": "3"}),
        ("Every path", "all_simple", {}),
    ],
)
def test_each_kind_asks_what_it_says(
    explorer: Explorer, graph: kgraph.KnowledgeGraph, label: str, mode: str, more: dict[str, str]
) -> None:
    page = explorer.open().page
    form = finder(explorer, "amnesty", "chinese communist party")
    form.get_by_label("Kind").select_option(label)
    form.get_by_label("At most").fill("4")
    if more:
        form.get_by_label("How many").fill(more["k"])
    else:
        expect(form.get_by_label("How many")).to_be_hidden()
    outcome = search(explorer)
    told = graph.paths(AMNESTY, PARTY, mode=mode, max_hops=4, limit=20, **({"k": 3} if more else {}))
    expect(outcome.locator(".way .sentence")).to_have_text([path.sentence for path in told.paths])
    if told.next:
        expect(outcome.get_by_role("heading")).to_have_text("20 paths found, and there are more")
        outcome.get_by_role("button", name="Show more paths").click()
        expect(page.locator(".way").nth(25)).to_be_visible()


def test_all_of_several_or_a_few_of_them_go_to_the_map(explorer: Explorer) -> None:
    page = explorer.open(
        "view=map&find=amnesty-international,chinese-communist-party!mode=k_shortest!k=4!max_hops=6"
    ).page
    ways = page.locator(".way")
    expect(ways).to_have_count(4)
    expect(page.get_by_role("list", name="What is to be connected")).to_contain_text("Chinese Communist Party")
    page.get_by_role("button", name="Put all 4 on the map").click()
    explorer.rest()
    whole = explorer.relations()
    expect(page.locator(".way[aria-pressed=true]")).to_have_count(4)
    ways.nth(3).click()
    explorer.rest()
    assert explorer.relations() < whole
    expect(page.locator(".way[aria-pressed=true]")).to_have_count(3)
    assert parse_qs(explorer.query())["path"][0].endswith("!rows=0.1.2")
    page.reload()
    explorer.rest()
    expect(page.locator(".way[aria-pressed=true]")).to_have_count(3)
    explorer.picture("paths-several-desk-light")
    page.go_back()
    explorer.rest()
    assert explorer.relations() == whole


def test_a_hub_is_avoided_and_a_pattern_is_asked_hop_by_hop_in_plain_words(explorer: Explorer) -> None:
    page = explorer.open().page
    form = finder(explorer, "amnesty", "guterres")
    form.get_by_label("Not through anything with more than").fill("2")
    outcome = search(explorer)
    expect(outcome).not_to_contain_text("more than 300 organisations (P16), which address")
    form.get_by_label("Not through anything with more than").fill("")
    form.get_by_text("Only over these relations, hop by hop").click()
    next_hop = form.get_by_label("The next hop")
    expect(next_hop.get_by_role("option", name="is a member of ←")).to_be_attached()
    next_hop.select_option("is a member of ←")
    next_hop.select_option(value="addresses")
    expect(form.get_by_label("The whole pattern")).to_have_value("^hasMember / addresses")
    outcome = search(explorer)
    expect(outcome).to_have_attribute("data-verdict", "found")
    explorer.picture("paths-pattern-desk-light")
    form.get_by_label("The whole pattern").fill("^hasMember / nonsense")
    page.locator(".finder button.main").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("no relation is called 'nonsense'")
    form.get_by_label("The whole pattern").fill("hasMember / addresses")
    outcome = search(explorer)
    expect(outcome).to_have_attribute("data-verdict", "none_within")
    explorer.complaints = [one for one in explorer.complaints if "400" not in one]


def test_three_ends_are_connected_by_a_small_set_of_relations(explorer: Explorer, service: str) -> None:
    page = explorer.open().page
    form = finder(explorer, "amnesty", "guterres", "IOC")
    expect(form.get_by_label("Kind")).to_be_hidden()
    expect(form.get_by_role("button", name="Connect these 3")).to_be_visible()
    outcome = search(explorer)
    expect(outcome.get_by_role("heading")).to_have_text("All of them are connected")
    told = json.loads(page.request.get(f"{service}/connect?entity={AMNESTY}&entity={GUTERRES}&entity=ioc").text())
    page.locator(".way").click()
    explorer.rest()
    assert explorer.things() == {node["id"] for node in told["nodes"]}
    assert explorer.relations() == {f"{edge['source']} {edge['predicate']} {edge['target']}" for edge in told["edges"]}
    explorer.picture("paths-three-desk-light")
    form.get_by_role("button", name="Take International Olympic Committee out").click()
    expect(form.get_by_role("button", name="Find paths")).to_be_visible()


def test_a_thing_on_the_map_begins_a_search_and_its_card_gives_way_to_the_paths_again(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER[3:]}").page
    explorer.click(AMNESTY)
    page.get_by_role("button", name="Find paths from or to this").click()
    expect(page.get_by_role("list", name="What is to be connected")).to_contain_text("Amnesty International")
    page.keyboard.type("guterres")
    expect(page.locator("#end-list").get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    search(explorer)
    explorer.click(f"{LETTER} kg:hasMember {AMNESTY}")
    expect(page.locator("#side-title")).to_have_text("Who says so")
    page.get_by_role("button", name="Close the panel").click()
    expect(page.locator("#side-title")).to_have_text("How are they connected?")
    expect(page.locator(".way")).to_have_count(1)


def test_another_lens_asks_again(explorer: Explorer) -> None:
    page = explorer.open(
        "view=map&find=amnesty-international,chinese-communist-party!mode=k_shortest!k=4!max_hops=4"
    ).page
    before = page.locator(".way").all_inner_texts()
    assert before
    page.evaluate(
        "history.replaceState(null, '', location.search + '&not_said_by=ngos-open-letter');"
        " dispatchEvent(new PopStateEvent('popstate'))"
    )
    explorer.rest()
    expect(page.locator(".outcome")).to_be_visible()
    assert page.locator(".way").all_inner_texts() != before


def test_odd_names_are_texts_in_the_finder(odd: Explorer) -> None:
    page = odd.open("open=odd-names").page
    finder(odd, "window.hacked", "Hub")
    outcome = search(odd)
    expect(outcome).to_contain_text("<script>window.hacked = true</script>")
    assert page.evaluate("window.hacked") is None
    body = "document.getElementById('side-body')"
    assert page.evaluate(f"{body}.scrollWidth <= {body}.clientWidth")
    odd.picture("paths-odd")


@pytest.mark.parametrize("size", SIZES)
def test_the_finder_fits_every_window(context_of: Callable[..., BrowserContext], service: str, size: str) -> None:
    explorer = Explorer(context_of(size).new_page(), service)
    page = explorer.open(
        f"open={LETTER[3:]}&find=amnesty-international,chinese-communist-party!mode=k_shortest!k=4!max_hops=6"
    ).page
    expect(page.locator(".way").first).to_be_visible()
    page.locator(".way").first.hover()
    page.wait_for_timeout(250)
    explorer.pictures(f"paths-{size}")
    page.locator("#side-body").evaluate("(body) => body.scrollTo(0, 0)")
    page.wait_for_timeout(100)
    explorer.pictures(f"paths-top-{size}")
    body = "document.getElementById('side-body')"
    assert page.evaluate(f"{body}.scrollWidth <= {body}.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert explorer.complaints == []
