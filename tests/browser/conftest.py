"""The explorer in a real browser, driven as a reader drives it: the mouse at a place, keys, fingers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

import kgraph
from kgraph.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artefacts"
BUILT = ROOT / "api" / "static" / "explorer" / "explorer.js"
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
LOOKS: dict[Literal["dark", "light"], dict[str, Any]] = {"dark": {"runOnly": ["color-contrast"]}, "light": {}}
"""Each look with what axe is to run in it: but for colours both are the same page."""
CORE = "document.getElementById('map')._cyreg.cy"

expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of the explorer needs a browser and the built script; where CI runs, both must be there."""
    for item in items:
        if item.path.parent != Path(__file__).parent or "explorer" not in item.path.name:
            continue
        item.add_marker(pytest.mark.browser)
        if not os.environ.get("CI"):
            item.add_marker(
                pytest.mark.skipif(not BUILT.is_file(), reason="the explorer is not built: `make web` builds it")
            )


class Explorer:
    """The explorer in a page, with what it asked for and what it complained of."""

    def __init__(self, page: Page, service: str) -> None:
        self.page = page
        self.service = service
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.waiting: set[Request] = set()
        page.on("request", self._asks)
        page.on("requestfinished", lambda request: self.waiting.discard(request))
        page.on("requestfailed", lambda request: self.waiting.discard(request))
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asks(self, request: Request) -> None:
        self.asked.append(request.url)
        self.waiting.add(request)

    def open(self, query: str = "view=map") -> Explorer:
        """Open an address and wait until its map stands."""
        self.page.goto(f"{self.service}/?{query}")
        self.until("document.documentElement.dataset.map")
        self.rest()
        return self

    def until(self, condition: str, seconds: float = 10) -> None:
        """Wait for an expression to be true. (Playwright's own way evaluates text in the page, which the policy of the
        page refuses.)"""
        deadline = time.monotonic() + seconds
        while not self.page.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < deadline, condition
            self.page.wait_for_timeout(30)

    def rest(self) -> None:
        """Wait until the page asks nothing and the map stands still."""
        expect(self.page.locator("#waiting")).to_be_hidden()
        deadline = time.monotonic() + 10
        before = None
        while True:
            now = self.page.evaluate(f"JSON.stringify({CORE}.nodes().map((n) => n.renderedPosition()))")
            if now == before and not self.waiting:
                return
            assert time.monotonic() < deadline, f"still waiting for {[request.url for request in self.waiting]}"
            before = now
            self.page.wait_for_timeout(100)

    def settle(self) -> None:
        """Wait until the page has its answers and has drawn what the last click or key asked for."""
        deadline = time.monotonic() + 10
        while True:
            self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            if not self.waiting:
                return
            assert time.monotonic() < deadline, f"still waiting for {[request.url for request in self.waiting]}"
            self.page.wait_for_timeout(30)

    def things(self) -> set[str]:
        """Ids of what the map shows."""
        self.settle()
        return set(self.page.evaluate(f"{CORE}.nodes(':visible').map((node) => node.id())"))

    def relations(self) -> set[str]:
        self.settle()
        return set(self.page.evaluate(f"{CORE}.edges(':visible').map((edge) => edge.id())"))

    def places(self) -> dict[str, tuple[float, float]]:
        """Where things stand on the map, in its own points."""
        self.settle()
        found: list[Any] = self.page.evaluate(f"{CORE}.nodes().map((n) => [n.id(), n.position('x'), n.position('y')])")
        return {name: (x, y) for name, x, y in found}

    def at(self, name: str) -> tuple[float, float]:
        """Where a thing, or the middle of a relation, is drawn on the page."""
        x, y = self.page.evaluate(
            f"(id) => {{ const one = {CORE}.getElementById(id);"
            " const at = one.isNode() ? one.renderedPosition() : one.renderedMidpoint();"
            " const box = document.getElementById('map').getBoundingClientRect();"
            " return [box.left + at.x, box.top + at.y]; }",
            name,
        )
        return x, y

    def click(self, name: str, button: Any = "left") -> None:
        self.page.mouse.click(*self.at(name), button=button)

    def tap(self, name: str) -> None:
        self.page.touchscreen.tap(*self.at(name))

    def double(self, name: str) -> None:
        self.page.mouse.dblclick(*self.at(name))

    def drag(self, name: str, dx: float, dy: float) -> None:
        x, y = self.at(name)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx / 2, y + dy / 2, steps=4)
        self.page.mouse.move(x + dx, y + dy, steps=4)
        self.page.mouse.up()

    def menu(self) -> Locator:
        return self.page.get_by_role("menu")

    def choose(self, words: str) -> None:
        self.page.get_by_role("menuitem", name=words).click()

    def side(self) -> Locator:
        return self.page.locator("#side")

    def lens(self) -> str:
        """The lens as it is read."""
        self.settle()
        return " ".join(self.page.locator("#lens").inner_text().replace("×", "").split())

    def query(self) -> str:
        self.settle()
        return urlsplit(self.page.url).query

    def hosts(self) -> set[str]:
        return {urlsplit(url).netloc for url in self.asked if not url.startswith(("data:", "blob:"))}

    def picture(self, name: str) -> None:
        """Keep what is seen, to be looked at."""
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"explorer-{name}.png")

    def looks(self) -> Iterator[Literal["dark", "light"]]:
        """The same page in the dark, then in the light."""
        for look in LOOKS:
            self.page.emulate_media(color_scheme=look)
            self.settle()
            yield look

    def pictures(self, name: str) -> None:
        """Keep what is seen in each look."""
        for look in self.looks():
            self.picture(f"{name}-{look}")


@pytest.fixture
def context_of(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A browser's context of a size and look; all are closed."""
    opened: list[BrowserContext] = []

    def make(size: str = "desk", look: Any = "light") -> BrowserContext:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=look, has_touch=size == "phone"
        )
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def explorer(context_of: Callable[..., BrowserContext], service: str) -> Iterator[Explorer]:
    """The explorer over the shipped graph, on a desk, in the light. Nothing may go wrong in its console, and it asks
    nobody but its service."""
    driven = Explorer(context_of().new_page(), service)
    yield driven
    assert driven.complaints == []
    assert driven.hosts() == {urlsplit(service).netloc}


HUB = 1300
LONG = "Langer Name " * 45
ODD = {
    "script": "Club <script>window.hacked = true</script><img src=x onerror=window.hacked=true>",
    "arabic": "منظمة العفو الدولية",
    "turned": "evil \u202egnp.exe name",
    "long": LONG.strip(),
    "emoji": "Verein 👩‍👩‍👧‍👦🏳️‍🌈 der Freunde",
}


@pytest.fixture(scope="session")
def odd_service(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A service over labels that nobody would write in good faith, a hub, and claims nobody plainly reports."""
    folder = tmp_path_factory.mktemp("odd")
    rows = ["subject,predicate,object,said_by,date,modality,polarity,subject_type,object_type"]
    rows += [f'Odd names,hasMember,"{label}",,,,,Coalition,Organisation' for label in ODD.values()]
    rows += [f"Hub,hasMember,Member {number:04},,,,,Coalition,Organisation" for number in range(HUB)]
    rows += ["Odd names,opposes,Hub,Herald,1999-05,alleged,,Coalition,Coalition"]
    rows += ["Odd names,supports,Hub,Herald,2010,,negated,Coalition,Coalition"]
    rows += ["Odd names,supports,Hub,Mirror,2012,,,Coalition,Coalition"]
    (folder / "odd.csv").write_text("\n".join(rows) + "\n", "utf-8")
    with kgraph.open(folder / "data", settings=Settings(data=folder / "data")) as graph:
        report = graph.load(folder / "odd.csv")
    assert report.claims == len(rows) - 1
    return serve(folder / "data", "--empty")


@pytest.fixture
def odd(context_of: Callable[..., BrowserContext], odd_service: str) -> Iterator[Explorer]:
    driven = Explorer(context_of().new_page(), odd_service)
    yield driven
    assert driven.complaints == []
    assert driven.hosts() == {urlsplit(odd_service).netloc}
