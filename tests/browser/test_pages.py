"""The pages in a real browser: they fit, they ask nobody else, and nothing goes wrong in the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

import kgraph
from kgraph.settings import Settings

from .conftest import LOOKS, PICTURES, SIZES

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
PAGES = {
    "start": "/",
    "search": "/search?q=olympic",
    "entity": "/entity?id=ngos-open-letter",
    "neighbourhood": "/neighbourhood?entity=rights-groups-olympics-letter&hops=2",
    "paths": "/paths?source=amnesty-international&target=antonio-guterres",
    "none-within": "/paths?source=slobodan-milosevic&target=ioc&max_hops=2",
    "source": "/source?id=article-01",
    "sources": "/sources",
    "compare": "/compare",
    "compared": "/compare?entity=chinese-communist-party&other=not_said_by%3Dbitter-winter",
    "concept": "/scheme/reported",
    "timeline": "/timeline?entity=chinese-communist-party",
    "sparql": "/sparql",
    "nothing-of-that-name": "/entity?id=ioc-of-nowhere",
}

pytestmark = [
    pytest.mark.browser,
]


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()


class Watch:
    """What a page asks for, and what it complains of."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hosts(self) -> set[str]:
        return {urlsplit(url).netloc for url in self.asked if not url.startswith("data:")}


def seen(page: Page, name: str) -> list[object]:
    """What axe-core finds wrong with a page in the dark and in the light; a picture of each is kept."""
    PICTURES.mkdir(exist_ok=True)
    found: list[object] = []
    page.evaluate(AXE.read_text("utf-8"))  # evaluated, not put into the page, whose policy would refuse it
    for look, rules in LOOKS.items():
        page.emulate_media(color_scheme=look)
        page.screenshot(path=PICTURES / f"{name}-{look}-{page.evaluate('innerWidth')}.png", full_page=True)
        told = "axe.run(document, rules).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))"
        found += page.evaluate(f"(rules) => {told}", rules)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_and_asks_only_its_own_service(page: Page, service: str, name: str) -> None:
    watch = Watch(page)
    page.goto(f"{service}{PAGES[name]}")
    assert seen(page, name) == []
    assert page.locator("h1").inner_text().strip()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert watch.hosts() == {urlsplit(service).netloc}
    missing = [c for c in watch.complaints if "404" not in c or name != "nothing-of-that-name"]
    assert missing == []


HOSTILE = """\
kgraph: 1
source: {id: harbour-note, label: Note on the harbour, sha256: HASH, length: 110, unknown: [author, publisher, date]}
entities:
  rtl: {type: Organisation, label: "جمعية الميناء (שחיינים) 3"}
  long: {type: Organisation, label: LONG}
  emoji: {type: Organisation, label: "🏊 Swimmers 👩‍👩‍👧‍👦 🇺🇳"}
  script: {type: Organisation, label: "<script>document.title='taken'</script><img src=x onerror=alert(1)>"}
spans:
  p1s1: {paragraph: 1, sentence: 1, start: 0, end: 66, sha256: HASH}
defaults: {voice: article-voice, said_by: harbour-note}
claims:
  - {key: a, subject: rtl, predicate: hasMember, object: long, at: p1s1, said_by: emoji}
  - {key: b, subject: rtl, predicate: hasMember, object: script, at: p1s1, said_by: rtl}
  - {key: c, subject: emoji, predicate: hasMember, object: long, at: p1s1, said_by: script}
""".replace("HASH", "ab" * 32).replace("LONG", "Harbourswimmers" * 33 + " ends")


@pytest.fixture(scope="module")
def hostile(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a service over names that turn, stretch, draw and would run."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "names.yaml").write_text(HOSTILE, "utf-8")
    with kgraph.open(folder / "data", settings=Settings(data=folder / "data")) as graph:
        graph.load(folder / "names.yaml")
    return serve(folder / "data")


@pytest.mark.hostile
@pytest.mark.parametrize("name", ["rtl", "long", "emoji", "script"])
def test_whatever_a_name_holds_its_page_fits_and_runs_nothing(page: Page, hostile: str, name: str) -> None:
    watch = Watch(page)
    page.on("dialog", lambda dialog: (watch.complaints.append(dialog.message), dialog.dismiss()))
    page.goto(f"{hostile}/entity?id={name}")
    assert seen(page, f"hostile-{name}") == []
    label = page.locator("h1").inner_text()
    assert label in page.title()
    assert label in HOSTILE
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert watch.hosts() == {urlsplit(hostile).netloc}
    assert not any(url.endswith("/x") for url in watch.asked)
    assert watch.complaints == []


def test_the_page_of_a_claim_fits_and_has_no_fault(page: Page, service: str) -> None:
    watch = Watch(page)
    page.goto(f"{service}/entity?id=chinese-communist-party")
    page.get_by_role("link", name="claim", exact=True).first.click()
    page.wait_for_url("**/claim?id=*")
    assert seen(page, "claim") == []
    assert page.locator("dt", has_text="Said by").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert watch.hosts() == {urlsplit(service).netloc}
    assert watch.complaints == []


def test_the_documentation_of_the_service_is_drawn_without_another_host(page: Page, service: str) -> None:
    watch = Watch(page)
    page.goto(f"{service}/docs")
    page.locator("#operations-questions-paths_get, .opblock").first.wait_for(timeout=20_000)
    page.screenshot(path=PICTURES / f"docs-{page.evaluate('innerWidth')}.png", full_page=True)
    assert page.locator(".opblock").count() >= 20
    assert watch.hosts() == {urlsplit(service).netloc}
    assert watch.complaints == []


def test_a_reader_gets_from_the_start_page_to_who_says_so_by_clicks_alone(
    page: Page, service: str, graph: kgraph.KnowledgeGraph
) -> None:
    page.goto(service)
    page.get_by_role("link", name="Withdraw the 2022 Winter Games from Beijing").first.click()
    assert "Withdraw the 2022 Winter Games" in page.locator("h1").inner_text()
    page.get_by_role("link", name="claim").first.click()
    body = page.locator("body").inner_text()
    assert "Article 01" in body
    assert "paragraph 13" in body


def test_a_misprint_typed_into_the_search_box_finds_the_alliance(page: Page, service: str) -> None:
    page.goto(service)
    page.get_by_role("searchbox").fill("IATP")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Inter-Parliamentary Alliance on China").first.wait_for()
