"""What a reader waits for in the explorer, in Chromium: the first paint, the search, a hub expanded, the start page.

    .venv/bin/python benchmarks/inpage.py --claims 1000000 --hub 100000

`kgraph serve` in a process of its own, on the shipped graph and on a synthetic one with a large hub. Times are the
browser's own: of a key, from its event until the frame is drawn that shows the menu, or the map. Each time the
page is opened anew, so that it remembers no answer. Beside the hub, in the same page, what the same two answers take to
fetch and to parse, nothing drawn. Needs Chromium and Playwright (the tests' environment).
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from kept import FOLDER
from loaded import drawn, folder_of
from measure import machine
from playwright.sync_api import Browser, Page, sync_playwright

PACKAGES = ["kgraph-claims", "playwright", "uvicorn", "numba"]
CORE = "document.getElementById('map')._cyreg.cy"
TYPED = ["amnesty", "chin", "leter", "IATP", "guterres", "olympic games", "human rights w", "bitter"]
SEEN = """(selector) => {
  const told = { capture: true, once: true };
  const key = new Promise((pressed) => addEventListener("keydown", (event) => pressed(event.timeStamp), told));
  const before = document.documentElement.dataset.map;
  const another = () => document.documentElement.dataset.map !== before;
  const there = () => selector ? document.querySelector(selector) : another();
  const watch = new MutationObserver(() => {
    if (!there()) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(async () => { window.took = performance.now() - await key; }));
  });
  watch.observe(document.documentElement, { attributes: true, childList: true, subtree: true });
  window.took = null;
}"""
FETCHED = """async (paths) => {
  const times = [];
  for (const path of paths) {
    const began = performance.now();
    await (await fetch(path)).json();
    times.push(performance.now() - began);
  }
  return times;
}"""


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The address of `kgraph serve` on a folder; ended when left."""
    command = [sys.executable, "-m", "kgraph", "serve", "--data", str(data), "--port", "0"]
    service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert service.stderr is not None
    try:
        yield next(word for line in service.stderr for word in line.split() if word.startswith("http://")).rstrip("/.,")
    finally:
        service.terminate()
        service.wait(timeout=60)


def opened(browser: Browser, address: str, query: str) -> Page:
    """The explorer with what an address shows, at rest."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/?{query}")
    page.wait_for_selector("html[data-map]")
    page.wait_for_load_state("networkidle")
    return page


def waited(page: Page, expression: str) -> float:
    """The number that an expression comes to. (Playwright's own way of waiting is refused by the page's policy.)"""
    ends = time.monotonic() + 60
    while (number := page.evaluate(expression)) is None:
        if time.monotonic() > ends:
            raise SystemExit(f"{expression} came to nothing within a minute at {page.url}")
        page.wait_for_timeout(20)
    return float(number)


def pressed(page: Page, selector: str | None, key: str) -> float:
    """Milliseconds from a key until what it asks for is drawn: an element, or another map."""
    page.evaluate(SEEN, selector)
    page.keyboard.press(key)
    return waited(page, "window.took")


def painted(browser: Browser, address: str) -> Sequence[float]:
    """Milliseconds to the first paint of a map."""
    page = opened(browser, address, "open=ngos-open-letter")
    took = waited(page, "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")
    page.close()
    return [took]


def searched(browser: Browser, address: str) -> Sequence[float]:
    """Milliseconds that each search takes in the page."""
    page = opened(browser, address, "view=map")
    took: list[float] = page.evaluate(FETCHED, [f"search?q={text}&limit=8" for text in TYPED])
    page.close()
    return took


def expanded(browser: Browser, address: str, hub: str) -> Sequence[float]:
    """Milliseconds to the menu, to the first page, and of their answers alone; and the relations then on the map."""
    page = opened(browser, address, f"add={hub}")
    x, y = page.evaluate(
        f"() => {{ const at = {CORE}.nodes()[0].renderedPosition();"
        " const box = document.getElementById('map').getBoundingClientRect();"
        " return [box.left + at.x, box.top + at.y]; }"
    )
    page.mouse.click(x, y)
    page.wait_for_load_state("networkidle")
    page.locator("#map").focus()  # so that keys are for the thing that was clicked
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    menu = pressed(page, "[role=menu]", "Enter")
    page.keyboard.press("Home")
    first = pressed(page, None, "Enter")
    alone: list[float] = page.evaluate(FETCHED, asked[:2])
    shown = page.evaluate(f"{CORE}.edges().length")
    page.close()
    return [menu, first, *alone, shown]


def fetched(address: str) -> Sequence[float]:
    """Milliseconds until the start page is there."""
    began = time.perf_counter()
    with urlopen(address, timeout=60) as page:
        whole = b"Questions this graph can answer" in page.read()  # else SPARQL took too long for numbers and questions
    if not whole:
        print("| | | (without its numbers and questions) | | |")
    return [1000 * (time.perf_counter() - began)]


def row(name: str, asked_for: str, took: Sequence[float]) -> None:
    """Print a row."""
    told = f"{statistics.median(took):.0f} | {max(took):.0f} | {len(took)}"
    print(f"| {name} | {asked_for} | {told} |", flush=True)


def times(count: int, measure: Callable[[], Sequence[float]]) -> list[Sequence[float]]:
    """What is measured so many times."""
    return [measure() for _ in range(count)]


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--hub", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    machine(PACKAGES)
    shipped, large = folder_of(0, given.folder), folder_of(given.claims, given.folder, given.hub)
    graph = drawn(given.claims, given.hub)
    (node,) = graph.hubs(1)
    hub = graph.iri(node).removeprefix(graph.ids)
    edges = int(((graph.graph.source == node) | (graph.graph.target == node)).sum())
    print(f"- a hub of {edges:,} relations in {given.claims:,} claims\n")
    print("| what | asked for, ms | p50 ms | longest ms | times |\n|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with serving(shipped) as address:
            paints = times(given.times, lambda: painted(browser, address))
            row("shipped graph, first paint of a map", "1,000", [*itertools.chain(*paints)])
            searches = times(max(given.times // 4, 1), lambda: searched(browser, address))
            row("shipped graph, an answer to the search", "100", [*itertools.chain(*searches)])
            row("shipped graph, the start page", "", [*itertools.chain(*times(given.times, lambda: fetched(address)))])
        with serving(large) as address:
            row("a million claims, the start page, first", "", fetched(address))
            again = times(given.times, lambda: fetched(address))
            row("a million claims, the start page again", "", [*itertools.chain(*again)])
            columns = list(zip(*times(given.times, lambda: expanded(browser, address, hub)), strict=True))
            names = ("Enter → the menu of counts is drawn", "choice → its first page is drawn")
            for name, column in zip(names, columns, strict=False):
                row(f"the hub, {name}", "300", column)
            for name, column in zip(("the menu's", "the page's"), columns[2:4], strict=True):
                row(f"the hub, {name} answer, fetched alone", "", column)
        browser.close()
    print(f"\n- the first page shows {columns[4][0]:.0f} relations")


if __name__ == "__main__":
    main()
