"""The notebook's graph in a real browser: the built script, the real Python side, real mouse and keyboard."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import kgraph
from kgraph.client import Client, GraphWidget, Result, embedded

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artefacts"
STATIC = ROOT / "kgraph" / "client" / "static"
CHROMIUM = shutil.which("chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
HOST = """<!doctype html><meta charset="utf-8"><title>host</title><body style="margin:8px">
<script type="module">
import widget from "/widget.js";
window.models = {};
class Model {
  constructor(name, held) { this.name = name; this.held = held; this.heard = {}; }
  get(trait) { return this.held[trait]; }
  set(trait, value) { this.held[trait] = value; }
  save_changes() { window.python(this.name, { kind: "selected", ids: this.held.selected }); }
  on(event, call) { (this.heard[event] ??= []).push(call); }
  off(event, call) { this.heard[event] = (this.heard[event] ?? []).filter((one) => one !== call); }
  tell(event, message) { for (const call of this.heard[event] ?? []) call(message); }
  async send(message) {
    const answer = await window.python(this.name, message);
    if (answer.graph) { this.held.graph = answer.graph; this.tell("change:graph"); }
    for (const one of answer.messages) this.tell("msg:custom", one);
  }
}
window.show = (name, held) => {
  const el = document.createElement("div");
  el.id = name;
  document.body.append(el);
  const model = (window.models[name] = new Model(name, held));
  window.models[name].end = widget.render({ model, el });
};
window.core = (name) => document.querySelector(`#${name} .kgw-stage`)._cyreg.cy;
window.ready = true;
</script></body>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"), reason="chromium is not installed: `make browser` installs it"
    ),
    pytest.mark.skipif(
        not (STATIC / "widget.js").is_file() and not os.environ.get("CI"), reason="`make web` builds the widget"
    ),
]


class _Files(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(HOST.encode())
        return None

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM or "chromium", args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def client(graph: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(embedded, "_opened", lambda place: graph)
    return Client("graph.ttl")


class Notebook:
    """A page that shows widgets as a notebook does, and what it asks for, complains of and tells."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.widgets: dict[str, GraphWidget] = {}
        self.messages: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.expose_function("python", self._python)
        page.goto(f"{address}/")
        page.wait_for_function("window.ready")

    def show(self, answer: Result | GraphWidget, name: str = "one", height: int = 480) -> GraphWidget:
        widget = answer if isinstance(answer, GraphWidget) else answer.show(height)
        widget.send = lambda content, buffers=None: self.messages.append(content)
        self.widgets[name] = widget
        held = {"graph": widget.graph, "selected": widget.selected, "height": widget.height, "live": True}
        self.page.evaluate("([name, held]) => window.show(name, held)", [name, held])
        self.settled(name)
        return widget

    def settled(self, name: str = "one") -> None:
        """Wait until what Python has is what is drawn."""
        count = len(self.widgets[name].graph["nodes"])
        self.page.wait_for_function(f"() => window.core({name!r}).nodes().length === {count}")
        self.page.wait_for_timeout(250)

    def _python(self, name: str, message: dict[str, Any]) -> dict[str, Any]:
        widget = self.widgets[name]
        if message["kind"] == "selected":
            widget.selected = message["ids"]
            return {"messages": []}
        before, self.messages = widget.graph, []
        widget._handle_custom_msg(message, [])
        changed = {"graph": widget.graph} if widget.graph is not before else {}
        return {**changed, "messages": self.messages}

    def boxes(self, what: str = "nodes()", name: str = "one", labels: bool = True) -> list[dict[str, float]]:
        """Where things are drawn, in pixels of the frame."""
        script = (
            f"() => window.core({name!r}).{what}.map((one) => {{ const b = one.renderedBoundingBox("
            f"{{ includeLabels: {str(labels).lower()}, includeOverlays: false }}); "
            "return { id: one.id(), x1: b.x1, y1: b.y1, x2: b.x2, y2: b.y2 }; })"
        )
        found: list[dict[str, float]] = self.page.evaluate(script)
        return found

    def places(self, name: str = "one") -> dict[str, dict[str, float]]:
        """Where things are on the map itself, whatever the zoom."""
        script = f"() => Object.fromEntries(window.core({name!r}).nodes().map((n) => [n.id(), {{ ...n.position() }}]))"
        found: dict[str, dict[str, float]] = self.page.evaluate(script)
        return found

    def stage(self, name: str = "one") -> dict[str, float]:
        box = self.page.locator(f"#{name} .kgw-stage").bounding_box()
        assert box
        return dict(box)

    def at(self, id: str, name: str = "one") -> tuple[float, float]:
        """A thing's middle on the page."""
        script = (
            f"(id) => {{ const p = window.core({name!r}).getElementById(id).renderedPosition(); return [p.x, p.y]; }}"
        )
        x, y = self.page.evaluate(script, id)
        stage = self.stage(name)
        return stage["x"] + x, stage["y"] + y

    def middle(self, edge: str, name: str = "one") -> tuple[float, float]:
        script = (
            f"(id) => {{ const p = window.core({name!r}).getElementById(id).renderedMidpoint(); return [p.x, p.y]; }}"
        )
        x, y = self.page.evaluate(script, edge)
        stage = self.stage(name)
        return stage["x"] + x, stage["y"] + y

    def keep(self, picture: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"widget-{picture}.png", full_page=True)

    def hosts(self) -> set[str]:
        return {urlsplit(url).netloc for url in self.asked if urlsplit(url).scheme not in ("data", "blob", "about")}


Open = Callable[..., Notebook]
