"""The notebook's graph in a real browser: the built script, the real Python side, real mouse and keyboard."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

import kgraph
from kgraph.client import Client, GraphWidget, Result, embedded
from kgraph.client.rows import evidence

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artefacts"
STATIC = ROOT / "kgraph" / "client" / "static"
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


@pytest.fixture(params=["light", "dark"])
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """Opens a notebook of a width in a look."""
    contexts = []

    def open_(look: str = "light", width: int = 960, height: int = 620) -> Notebook:
        scheme = "dark" if look == "dark" else "light"
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        return Notebook(context.new_page(), address)

    yield open_
    for context in contexts:
        context.close()


def union(boxes: list[Any]) -> dict[str, float]:
    ends = {name: min(box[name] for box in boxes) for name in ("x1", "y1")}
    return {**ends, **{name: max(box[name] for box in boxes) for name in ("x2", "y2")}}


def common(a: dict[str, float], b: dict[str, float]) -> float:
    wide = min(a["x2"], b["x2"]) - max(a["x1"], b["x1"])
    high = min(a["y2"], b["y2"]) - max(a["y1"], b["y1"])
    return max(0.0, wide) * max(0.0, high)


def inked(notebook: Notebook, name: str = "one") -> float:
    """The share of the map's pixels that are not its paper."""
    script = f"""() => {{
      const layers = [...document.querySelectorAll('#{name} .kgw-stage canvas')];
      const {{ width, height }} = layers[0];
      const seen = new Uint8Array(width * height);
      for (const layer of layers) {{
        const {{ data }} = layer.getContext('2d').getImageData(0, 0, width, height);
        for (let at = 0; at < seen.length; at++) if (data[4 * at + 3] > 200) seen[at] = 1;
      }}
      return seen.reduce((sum, one) => sum + one, 0) / seen.length;
    }}"""
    return float(notebook.page.evaluate(script))


QUESTIONS: dict[str, Callable[[Client], Result]] = {
    "letter": lambda client: client.neighbourhood("ngos-open-letter"),
    "path": lambda client: client.paths("amnesty-international", "antonio-guterres"),
    "demands": lambda client: client.sparql("CONSTRUCT WHERE { ?a kg:demands ?b }"),
    "party": lambda client: client.neighbourhood("chinese-communist-party"),
}


@pytest.mark.parametrize("width", [960, 420])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_graph_fills_its_frame_with_labels_that_stand_apart(
    question: str, width: int, look: str, opened: Open, client: Client
) -> None:
    notebook = opened(look, width)
    notebook.show(QUESTIONS[question](client))
    notebook.keep(f"{question}-{look}-{width}")
    stage, boxes = notebook.stage(), notebook.boxes()
    whole = union(boxes)
    assert max((whole["x2"] - whole["x1"]) / stage["width"], (whole["y2"] - whole["y1"]) / stage["height"]) >= 0.6
    for box in boxes:
        assert -1 <= box["x1"] < box["x2"] <= stage["width"] + 1
        assert -1 <= box["y1"] < box["y2"] <= stage["height"] + 1
    area = sum((box["x2"] - box["x1"]) * (box["y2"] - box["y1"]) for box in boxes)
    over = sum(common(a, b) for at, a in enumerate(boxes) for b in boxes[:at])
    assert over / area < 0.05
    assert 0.01 < inked(notebook) < 0.6
    assert notebook.page.locator(".kgw").get_attribute("data-look") == look
    assert notebook.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert notebook.hosts() == {urlsplit(notebook.address).netloc}
    assert [line for line in notebook.complaints if "404" not in line] == []  # the host page has no icon


def test_a_double_click_adds_neighbours_and_what_was_there_does_not_move(opened: Open, client: Client) -> None:
    notebook = opened()
    notebook.show(client.neighbourhood("ioc"))
    before = notebook.places()
    notebook.page.mouse.dblclick(*notebook.at("id:olympics-letter"))
    notebook.page.wait_for_selector(".kgw[data-state=told]")
    notebook.settled()
    after = notebook.places()
    assert len(after) == len(before) + 2
    assert {id: after[id] for id in before} == before
    assert "3 more relations" in notebook.page.locator(".kgw-said").inner_text()


def test_a_click_on_a_relation_tells_who_says_so_and_where(opened: Open, client: Client) -> None:
    notebook = opened()
    answer = client.neighbourhood("ioc")
    notebook.show(answer)
    for edge in answer["edges"]:
        key = f"{edge['source']} {edge['predicate']} {edge['target']}"
        notebook.page.mouse.click(*notebook.middle(key))
        card = notebook.page.locator(".kgw-card").inner_text()
        for claim in edge["claims"]:
            assert evidence(claim) in card
            assert claim["id"] in card
            assert "article voice, reported, affirmed" in card
            assert not claim["when"] or claim["when"]["text"] in card


def test_who_says_a_triple_of_a_query_is_asked_by_a_click(opened: Open, client: Client) -> None:
    notebook = opened()
    notebook.show(client.sparql("CONSTRUCT WHERE { id:ngos-open-letter kg:demands ?b }"))
    edge = notebook.boxes("edges()")[0]["id"]
    notebook.page.mouse.click(*notebook.middle(str(edge)))
    notebook.page.wait_for_selector(".kgw-claims")
    assert "Article 01, P15 s1" in notebook.page.locator(".kgw-card").inner_text()


def test_the_keyboard_alone_reaches_a_neighbour_its_evidence_and_what_stands_near(opened: Open, client: Client) -> None:
    notebook = opened()
    shown = notebook.show(client.paths("amnesty-international", "antonio-guterres"))
    page = notebook.page
    page.keyboard.press("Tab")
    assert "A graph of 3 things and 2 relations" in str(page.evaluate("document.activeElement.ariaLabel"))
    page.keyboard.press("ArrowRight")
    page.wait_for_function("window.core('one').nodes(':selected').length === 1")
    assert shown.selected == ["id:amnesty-international"]
    places = notebook.places()
    here, there = places["id:amnesty-international"], places["id:ngos-open-letter"]
    across = abs(there["x"] - here["x"]) > abs(there["y"] - here["y"])
    forward = there["x"] > here["x"] if across else there["y"] > here["y"]
    page.keyboard.press({(True, True): "ArrowRight", (True, False): "ArrowLeft"}.get((across, forward), "ArrowDown"
        if forward else "ArrowUp"))  # fmt: skip
    page.wait_for_timeout(100)
    assert shown.selected == ["id:ngos-open-letter"]
    zoom = page.evaluate("window.core('one').zoom()")
    page.keyboard.press("+")
    assert page.evaluate("window.core('one').zoom()") > zoom
    page.keyboard.press("-")
    page.keyboard.press("0")
    assert page.evaluate("window.core('one').zoom()") == pytest.approx(zoom)
    page.keyboard.press("Enter")
    page.wait_for_selector(".kgw[data-state=told]")
    notebook.settled()
    assert len(notebook.places()) > 3
    page.locator(".kgw-relations button").first.press("Enter")
    assert "Who says so" in page.locator(".kgw-card").inner_text()
    page.keyboard.press("Tab")
    page.locator(".kgw-card button").first.press("Escape")
    assert page.locator(".kgw-card").is_hidden()
    page.wait_for_timeout(100)
    assert shown.selected == []


def test_a_selection_of_python_is_shown_and_a_fault_is_told_in_words(opened: Open, client: Client) -> None:
    notebook = opened()
    notebook.show(client.neighbourhood("ioc"))
    notebook.page.evaluate("() => { const m = models.one; m.held.selected = ['id:ioc']; m.tell('change:selected'); }")
    assert notebook.page.evaluate("core('one').nodes(':selected').map((n) => n.id())") == ["id:ioc"]
    notebook.page.evaluate("models.one.send({ kind: 'expand', id: 'id:nobody-of-that-name' })")
    notebook.page.wait_for_selector(".kgw[data-state=failed]")
    assert "nobody-of-that-name" in notebook.page.locator(".kgw-said").inner_text()


@pytest.mark.hostile
def test_labels_that_want_to_be_more_are_only_text(opened: Open, client: Client) -> None:
    labels = [
        "<script>document.title='bad'</script>",
        "<img src=x onerror=\"document.title='bad'\">",
        "מועצה‮ dereviled",
    ]
    labels += ["x" * 500, "👩‍👩‍👧‍👦" * 80, "a b " * 125]
    made = " ".join(f"<urn:{at}> rdfs:label ?l{at} ; kg:asks <urn:{at + 1}> ." for at in range(len(labels)))
    query = f"CONSTRUCT {{ {made} }} WHERE {{ }}"
    for at, label in enumerate(labels):
        query = query.replace("WHERE { ", f"WHERE {{ BIND({_text(label)} AS ?l{at}) ", 1)
    notebook = opened()
    notebook.show(client.sparql(query))
    notebook.keep("hostile")
    for at in range(len(labels)):
        notebook.page.mouse.click(*notebook.at(f"urn:{at}"))
        assert notebook.page.locator(".kgw-card h4").inner_text().strip()
    assert notebook.page.locator(".kgw-card script, .kgw-card img").count() == 0
    assert notebook.page.title() == "host"
    stage = notebook.stage()
    assert all(box["x2"] - box["x1"] < 0.8 * stage["width"] for box in notebook.boxes())


def _text(label: str) -> str:
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def test_several_stand_on_one_page_and_follow_the_notebooks_theme_and_width(opened: Open, client: Client) -> None:
    notebook = opened()
    notebook.show(client.neighbourhood("ioc"), "one", 300)
    notebook.show(client.neighbourhood("ngos-open-letter"), "two", 400)
    notebook.page.mouse.click(*notebook.at("id:ioc", "one"))
    assert notebook.page.locator("#one .kgw-card").is_visible()
    assert notebook.page.locator("#two .kgw-card").is_hidden()
    for attribute, value, look in (
        ("data-jp-theme-light", "false", "dark"),
        ("data-jp-theme-light", "true", "light"),
        ("data-vscode-theme-kind", "vscode-dark", "dark"),
    ):
        notebook.page.evaluate(
            "([name, value]) => { const b = document.body; delete b.dataset.jpThemeLight; "
            "b.setAttribute(name, value); }",
            [attribute, value],
        )
        notebook.page.wait_for_selector(f"#two .kgw[data-look={look}]")
    notebook.page.set_viewport_size({"width": 500, "height": 620})
    notebook.page.wait_for_timeout(300)
    stage = notebook.stage("two")
    assert stage["width"] < 500
    assert all(box["x1"] >= -1 and box["x2"] <= stage["width"] + 1 for box in notebook.boxes(name="two"))
    notebook.page.evaluate("models.one.end()")
    assert notebook.page.locator("#one .kgw").count() == 0
    assert notebook.page.locator("#two .kgw").count() == 1


@pytest.mark.parametrize(("button", "begins"), [("PNG", b"\x89PNG"), ("SVG", b"<svg")])
def test_the_picture_is_saved(button: str, begins: bytes, opened: Open, client: Client) -> None:
    notebook = opened()
    notebook.show(client.neighbourhood("ioc"))
    with notebook.page.expect_download() as download:
        notebook.page.get_by_role("button", name=f"Save as {button}").click()
    saved = download.value.path().read_bytes()
    assert saved.startswith(begins)
    assert download.value.suggested_filename == f"graph.{button.lower()}"
    assert button == "PNG" or b"International" in saved


def test_a_page_made_of_a_notebook_draws_it_without_kernel_or_network(
    browser: Browser, client: Client, tmp_path: Path, look: str
) -> None:
    shown = client.neighbourhood("ngos-open-letter").show()
    made = tmp_path / "page.html"
    made.write_text(f"<!doctype html><meta charset=utf-8>{shown._repr_mimebundle_()[0]['text/html']}", "utf-8")
    page = browser.new_page(color_scheme="dark" if look == "dark" else "light", viewport={"width": 960, "height": 520})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.goto(made.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator(".kgw-stage canvas").first.wait_for()
    page.wait_for_timeout(800)
    page.screenshot(path=PICTURES / f"widget-page-{look}.png")
    count = "document.querySelector('.kgw-stage')._cyreg.cy.nodes().length"
    assert page.frames[1].evaluate(count) == len(shown.graph["nodes"])
    assert {urlsplit(url).scheme for url in asked} <= {"file", "blob", "about", "data"}
    assert complaints == []
    page.close()
