"""A hub expanded in the explorer, in Chromium: from the key to the menu of counts, from the choice to the page drawn.

    .venv/bin/python benchmarks/hubpage.py --claims 1000000 --hub 76500

`kgraph serve` on a million claims in a process of its own, the page at `/?add=HUB`. Times are the browser's own: from
the event of the key until the page has drawn the frame that shows the menu, or the map. Each time the page is opened
anew, so that it remembers no answer. Beside it, in the same page, what the same two answers take to fetch and to parse,
nothing drawn. Needs Chromium and Playwright.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from kept import FOLDER
from loaded import drawn, folder_of
from measure import machine
from playwright.sync_api import Page, sync_playwright

PACKAGES = ["kgraph-claims", "playwright", "uvicorn", "numba"]
SEEN = """(selector) => new Promise((done) => {
  const told = { capture: true, once: true };
  const key = new Promise((pressed) => addEventListener("keydown", (event) => pressed(event.timeStamp), told));
  const before = document.documentElement.dataset.map;
  const another = () => document.documentElement.dataset.map !== before;
  const there = () => selector ? document.querySelector(selector) : another();
  const look = async () => {
    if (!there()) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(async () => window.took = performance.now() - await key));
  };
  const watch = new MutationObserver(look);
  watch.observe(document.documentElement, { attributes: true, childList: true, subtree: true });
  window.took = null;
  done();
})"""
FETCHED = """async (paths) => { const times = [];
  for (const path of paths) {
    const began = performance.now();
    await (await fetch(path)).json();
    times.push(performance.now() - began);
  }
  return times; }"""


def pressed(page: Page, selector: str | None, key: str) -> float:
    """Milliseconds from a key until what it asks for is drawn: an element, or another map."""
    page.evaluate(SEEN, selector)
    page.keyboard.press(key)
    page.wait_for_function("() => window.took !== null", polling=20)
    took: float = page.evaluate("window.took")
    return took


def expanded(page: Page, address: str, hub: str) -> tuple[float, float, int, list[str]]:
    """Milliseconds to the menu and to the first page, relations then on the map, and what was asked for."""
    page.goto(f"{address}/?add={hub}")
    page.wait_for_selector("html[data-map]")
    page.wait_for_load_state("networkidle")
    core = "document.getElementById('map')._cyreg.cy"
    x, y = page.evaluate(
        f"() => {{ const at = {core}.nodes()[0].renderedPosition();"
        " const box = document.getElementById('map').getBoundingClientRect();"
        " return [box.left + at.x, box.top + at.y]; }"
    )
    page.mouse.click(x, y)
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    menu = pressed(page, "[role=menu]", "Enter")
    page.keyboard.press("Home")
    first = pressed(page, None, "Enter")
    return menu, first, page.evaluate(f"{core}.edges().length"), asked


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--hub", type=int, default=76_500)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    machine(PACKAGES)
    data = folder_of(given.claims, given.folder, given.hub)
    graph = drawn(given.claims, given.hub)
    (node,) = graph.hubs(1)
    hub = graph.iri(node).removeprefix(graph.ids)
    edges = int(((graph.graph.source == node) | (graph.graph.target == node)).sum())
    command = [sys.executable, "-m", "kgraph", "serve", "--data", str(data), "--empty", "--port", "0"]
    service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert service.stderr is not None
    try:
        address = next(line for line in service.stderr if "http://" in line).split()[-1].rstrip("/.")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            rows = []
            for _ in range(given.times):
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                menu, first, shown, asked = expanded(page, address, hub)
                rows.append((menu, first, *page.evaluate(FETCHED, asked[:2])))
                page.close()
            browser.close()
    finally:
        service.terminate()
        service.wait(timeout=60)
    print(f"- a hub of {edges:,} relations; its first page shows {shown}\n")
    print("| | p50 ms | longest ms | times |\n|---|---|---|---|")
    names = (
        "Enter → the menu of counts is drawn",
        "choice → the first page is drawn",
        "the menu's answer, fetched alone",
        "the page's answer, fetched alone",
    )
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        print(f"| {name} | {statistics.median(column):.0f} | {max(column):.0f} | {len(column)} |")


if __name__ == "__main__":
    main()
