"""The SPARQL editor in a real browser, by real keys and clicks, on the shipped graph."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

import kgraph

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artefacts"
AXE = Axe()
HOSTILE = {
    "script": "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">",
    "rtl": "שלום \u202eesrever\u202c عالم",
    "long": "x" * 500,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (ROOT / "api/static/explorer/editor.js").exists() and not os.environ.get("CI"),
        reason="the editor is not built: `make web` builds it",
    ),
]


class Editor:
    """A page with the editor, what it asked for, and what the browser complained of."""

    def __init__(self, page: Page, service: str) -> None:
        self.page, self.service = page, service
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(10_000)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.open()

    def open(self, rest: str = "") -> None:
        self.page.goto(f"{self.service}/sparql{rest}")
        self.page.locator(".cm-content").wait_for()

    def type(self, query: str) -> None:
        """Replaces the query, key by key; what completion offers is waved away at the end."""
        self.page.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(query)

    def ask(self) -> None:
        self.page.keyboard.press("Control+Enter")
        self.page.locator(".outcome[aria-busy=false] > *").first.wait_for()

    @property
    def outcome(self) -> str:
        return self.page.locator(".outcome").inner_text()

    def check(self, name: str, status: int | None = None) -> None:
        """Nothing went wrong, nobody else was asked, the page fits, and axe has nothing to say. A picture is kept."""
        page = self.page
        assert page.viewport_size
        PICTURES.mkdir(exist_ok=True)
        look = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
        page.screenshot(path=PICTURES / f"editor-{name}-{look}-{page.viewport_size['width']}.png", full_page=True)
        expected = f"Failed to load resource: the server responded with a status of {status}"
        assert [one for one in self.complaints if not (status and one.startswith(expected))] == []
        assert {urlsplit(url).netloc for url in self.asked if not url.startswith(("data:", "blob:"))} == {
            urlsplit(self.service).netloc
        }
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        found = AXE.run(page)
        assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []


def opened(browser: Browser, service: str, width: int = 1280, height: int = 900, look: str = "light") -> Editor:
    scheme = "dark" if look == "dark" else "light"
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    return Editor(context.new_page(), service)


@pytest.fixture
def editor(browser: Browser, service: str) -> Iterator[Editor]:
    one = opened(browser, service)
    yield one
    one.page.context.close()


@pytest.fixture(params=[(1280, 900, "light"), (390, 844, "dark")], ids=["desk-light", "phone-dark"])
def each(request: pytest.FixtureRequest, browser: Browser, service: str) -> Iterator[Editor]:
    one = opened(browser, service, *request.param)
    yield one
    one.page.context.close()


def test_each_example_is_a_tab_and_finds_something(editor: Editor, graph: kgraph.KnowledgeGraph) -> None:
    tabs = editor.page.get_by_role("tablist", name="Queries").get_by_role("tab")
    assert tabs.all_inner_texts() == [example.label for example in graph.example_queries]
    for index, example in enumerate(graph.example_queries):
        tabs.nth(index).click()
        assert editor.page.get_by_text(example.comment).is_visible()
        editor.page.locator(".cm-content").focus()
        editor.ask()
        editor.page.locator(".outcome tbody tr, .outcome .map canvas").first.wait_for(state="attached")
    tabs.first.click()
    assert editor.page.locator(".outcome tbody tr").count(), "an answer stays with its tab"
    editor.check("examples")


def test_rows_are_read_by_labels_with_their_names_and_links_to_pages_here(each: Editor) -> None:
    each.page.locator(".cm-content").focus()
    each.ask()
    link = each.page.get_by_role("link", name="Amnesty International").first
    link.wait_for()
    assert link.get_attribute("href") == "/id/amnesty-international"
    assert each.page.locator("td", has=link).first.locator(".iri").inner_text() == "id:amnesty-international"
    posted = [url for url in each.asked if "prefLabel%7C" in url or url.endswith("/sparql")]
    assert len(posted) <= 2, "the page itself, and one request for all labels"
    each.check("rows")


def test_a_graph_is_drawn_and_the_table_and_turtle_say_the_same(each: Editor) -> None:
    each.page.get_by_role("tab", name="A letter and its members").click()
    each.page.get_by_role("button", name="Ask", exact=True).click()
    each.page.get_by_role("button", name="Save as SVG").wait_for()
    each.page.wait_for_function(
        """() => [...document.querySelectorAll(".map canvas")].some((canvas) => canvas.width && new Set(
             new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)
           ).size > 50)"""
    )
    assert "12 things" in (each.page.get_by_role("img").get_attribute("aria-label") or "")
    each.check("graph")
    each.page.get_by_role("tab", name="Graph", exact=True).press("ArrowRight")
    assert each.page.locator(".outcome tbody tr").count() == 22
    each.page.get_by_role("tab", name="Table", exact=True).press("ArrowRight")
    each.page.get_by_text("id:ngos-open-letter").last.wait_for()
    each.check("turtle")


def test_prefixes_classes_and_properties_are_completed_from_this_service_alone(each: Editor) -> None:
    keys, offered = each.page.keyboard, each.page.locator(".cm-tooltip-autocomplete li")
    each.page.get_by_role("button", name="New query").click()
    keys.press("Control+a")
    keys.type("PREFIX sko")
    offered.filter(has_text="http://www.w3.org/2004/02/skos/core#").wait_for()
    each.page.wait_for_timeout(150)  # CodeMirror takes no key before it has stood for a moment
    keys.press("Enter")
    keys.type("SELECT * WHERE { ?who a kg:Pers")
    offered.filter(has_text="kg:Person").first.wait_for()
    each.check("completion")
    each.page.wait_for_timeout(150)
    keys.press("Enter")
    keys.type("; kg:holdsP")
    offered.first.wait_for()
    assert "property" in offered.first.inner_text()
    keys.press("Escape")
    keys.type(" . id:amnsty")
    offered.filter(has_text="id:amnesty-international").wait_for()
    text = each.page.locator(".cm-content").inner_text()
    assert "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>" in text
    assert "?who a kg:Person" in text
    each.check("things")


def test_a_fault_is_shown_in_words_with_a_caret_under_its_place(each: Editor) -> None:
    each.type("SELECT * WHERE {\n  ?s foo:bar ?o\n}")
    each.ask()
    alert = each.page.get_by_role("alert")
    assert "Line 2, column 6: the prefix foo: is not declared." in alert.inner_text()
    sign, word = alert.locator(".sign").bounding_box(), each.page.locator(".cm-fault").inner_text()
    before = alert.locator(".unseen").bounding_box()
    assert word == "foo:bar"
    assert sign
    assert before
    assert sign["x"] >= before["x"] + before["width"] - 1
    alert.get_by_role("button", name="Go to the place").click()
    each.page.keyboard.type("X")
    assert "Xfoo:bar" in each.page.locator(".cm-content").inner_text()
    each.check("fault", 400)


def test_a_query_is_in_the_address_and_back_and_forward_go_through_queries(editor: Editor) -> None:
    for word in ("one", "two"):
        editor.type(f'SELECT ("{word}" AS ?word) {{}}')
        editor.ask()
    link = editor.page.url
    assert "#query=" in link
    editor.page.go_back()
    editor.page.locator("td", has_text="one").wait_for()
    editor.page.go_forward()
    editor.page.locator("td", has_text="two").wait_for()
    editor.open("?query=ASK%20%7B%7D")
    editor.page.get_by_text("Yes", exact=True).wait_for()
    assert editor.page.url.endswith("/sparql#query=ASK+%7B%7D")
    assert editor.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_limits_are_told_and_waited_for(editor: Editor) -> None:
    def spent(route: Route) -> None:
        body = {"title": "The budget is spent", "detail": "60 requests a minute", "status": 429}
        route.fulfill(status=429, headers={"Retry-After": "2"}, body=json.dumps(body))

    editor.page.route("**/sparql?query=*", spent)
    editor.page.locator(".cm-content").focus()
    editor.ask()
    assert "It takes questions again in 2 seconds." in editor.outcome
    assert editor.page.get_by_role("button", name="Ask (in").is_disabled()
    editor.page.unroute("**/sparql?query=*")
    editor.page.get_by_role("button", name="Ask", exact=True).click()
    editor.page.locator(".outcome tbody tr").first.wait_for()
    editor.check("limit", 429)


def test_what_does_not_end_can_be_stopped(editor: Editor) -> None:
    editor.page.route("**/sparql?query=*", lambda route: None)
    editor.page.locator(".cm-content").focus()
    editor.page.keyboard.press("Control+Enter")
    editor.page.get_by_role("button", name="Stop").click()
    editor.page.get_by_text("Stopped: the answer was not waited for.").wait_for()


@pytest.mark.hostile
def test_hostile_labels_and_addresses_are_only_text(each: Editor) -> None:
    values = " ".join(json.dumps(text, ensure_ascii=False) for text in HOSTILE.values())
    each.type(
        f"SELECT * WHERE {{ {{ VALUES ?text {{ {values} }} }} UNION "
        "{ VALUES ?iri { <javascript:alert(1)> <http://elsewhere.example/x> <data:text/html,x> } } }"
    )
    each.ask()
    cells = each.page.locator(".outcome tbody td")
    assert HOSTILE["script"] in cells.all_inner_texts()
    assert each.page.locator(".outcome tbody a, .outcome img, .outcome script").count() == 0
    each.type(
        "CONSTRUCT { <urn:a> <urn:p> <javascript:alert(1)> . <urn:a> skos:prefLabel ?label } WHERE { "
        f"VALUES ?label {{ {values} }} }}"
    )
    each.ask()
    each.page.get_by_role("button", name="Save as SVG").wait_for()
    assert "taken" not in each.page.title()
    each.check("hostile")


def test_without_script_the_page_is_a_form_that_shows_a_fault_beside_the_query(browser: Browser, service: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service}/sparql")
    page.get_by_role("textbox").fill("SELECT * WHERE {")
    page.get_by_role("button", name="Ask").click()
    assert "The query does not parse" in page.locator("main").inner_text()
    page.get_by_role("textbox").fill("ASK {}")
    page.get_by_role("button", name="Ask").click()
    assert page.get_by_text("Yes", exact=True).is_visible()
    context.close()
