"""The notebooks run, are whole on the page, and ask nobody but the service; they are stored without outputs."""

from __future__ import annotations

import base64
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
from nbconvert import HTMLExporter
from PIL import Image
from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
PICTURES = FOLDER.parent / "artefacts"
NAMES = [
    "1-the-article.ipynb",
    "2-sparql.ipynb",
    "3-paths.ipynb",
    "4-your-own-article.ipynb",
    "5-graph-science.ipynb",
]
pytestmark = pytest.mark.slow
named = pytest.mark.parametrize("name", NAMES)

WIDE = """() => {
  const cut = [];
  for (const one of document.querySelectorAll('.jp-OutputArea-output, .jp-OutputArea-output *, .jp-MarkdownOutput *')) {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (box.width === 0 || one.closest('svg')) continue;
    const area = one.closest('.jp-Cell').getBoundingClientRect();
    let scrolls = false;
    for (let up = one; up && !up.matches('.jp-Cell'); up = up.parentElement)
      scrolls ||= ['auto', 'scroll'].includes(getComputedStyle(up).overflowX);
    const what = one.tagName + ': ' + one.textContent.trim().slice(0, 60);
    if (!scrolls && box.right > area.right + 1) cut.push('beyond its cell: ' + what);
    const hides = ['hidden', 'clip'].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    if (hides || style.textOverflow === 'ellipsis') cut.push('clipped: ' + what);
  }
  for (const head of document.querySelectorAll('.jp-OutputArea-output th')) {
    const range = document.createRange();
    range.selectNodeContents(head);
    if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1)
      cut.push('a name of a column on two lines: ' + head.textContent);
  }
  for (const line of document.querySelectorAll('.jp-InputArea-editor pre'))
    if (line.scrollWidth > line.clientWidth + 1) cut.push('code to be scrolled: ' + line.textContent.slice(0, 60));
  return cut;
}"""


def outputs(notebook: Any) -> Iterator[Any]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def test_these_are_the_notebooks() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.ipynb")) == NAMES


@named
def test_a_notebook_is_stored_without_outputs_and_its_headings_ask(name: str) -> None:
    written = (FOLDER / name).read_text("utf-8")
    notebook = nbformat.reads(written, as_version=4)
    nbformat.validate(notebook)
    assert list(outputs(notebook)) == []
    assert {cell.get("execution_count") for cell in notebook.cells} == {None}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert written == json.dumps(json.loads(written), indent=1, ensure_ascii=False) + "\n"
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    assert len(headings) > 5
    assert [heading for heading in headings if not heading.endswith("?")] == []
    for target in re.findall(r"\]\(([^)]*)\)", text):
        assert (FOLDER / target).is_file(), target


@named
def test_a_notebook_runs_and_cuts_nothing(name: str, executed: Callable[[str], Any]) -> None:
    shown = list(outputs(executed(name)))
    assert [one.output_type for one in shown if one.output_type == "error"] == []
    assert [one.text for one in shown if one.get("name") == "stderr"] == []
    pages = [one.data["text/html"] for one in shown if "text/html" in one.get("data", {})]
    assert pages
    for page in pages:
        if page.startswith("<iframe"):  # a graph
            continue
        assert "<tr" in page
        assert "<td>...</td>" not in page  # pandas leaves rows or columns out
        assert not re.search(r"\.\.\.</td>", page)  # or the rest of a cell
        assert "Shown are" not in page  # as kgraph's own tables say it
        assert len(re.findall("<tr", page)) > 1


@pytest.mark.browser
@named
def test_a_notebook_is_whole_on_the_page_and_asks_no_other_host(
    name: str, executed: Callable[[str], Any], browser: Browser, tmp_path: Path
) -> None:
    exporter = HTMLExporter(template_name="lab")
    exporter.require_js_url = exporter.mathjax_url = exporter.mermaid_js_url = exporter.jquery_url = ""
    page_file = tmp_path / "page.html"
    page_file.write_text(exporter.from_notebook_node(executed(name))[0], "utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")  # that must fit too
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": 1280, "height": height})
    page.reload()  # so that graphs are laid out in frames that keep their size
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    graphs_are_drawn(page)
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"notebook-{name.removesuffix('.ipynb')}.png")
    assert page.evaluate(WIDE) == []
    assert {urlsplit(url).scheme for url in asked} <= {"file", "data", "blob", "about"}
    pictures_are_drawn(page, executed(name))
    context.close()


def graphs_are_drawn(page: Page) -> None:
    """Each graph has a frame as wide as its cell, and fills what lies between its buttons and its legend."""
    for frame in page.locator(".jp-OutputArea-output iframe").all():
        frame.scroll_into_view_if_needed()
        deadline = time.monotonic() + 20
        while not fills(whole := frame.screenshot()):  # the layout moves for a while
            assert time.monotonic() < deadline, f"drawn: {drawn_in(whole)}"
            page.wait_for_timeout(250)
        page.wait_for_timeout(500)
        assert fills(frame.screenshot()), "it stays so"


def fills(screenshot: bytes) -> bool:
    width, height, (left, top, right, bottom), dark = drawn_in(screenshot)
    return width > 780 and right - left > 0.5 * width and bottom - top > 0.5 * height and dark > 2000


def drawn_in(screenshot: bytes) -> tuple[int, int, tuple[int, int, int, int], int]:
    """Width and height between buttons and legend, the box of what is drawn there, and how many pixels it takes."""
    whole = Image.open(io.BytesIO(screenshot)).convert("L")
    picture = whole.crop((10, 45, whole.width - 10, whole.height - 45))
    drawn = picture.point(lambda light: 255 if light < 200 else 0)
    return picture.width, picture.height, drawn.getbbox() or (0, 0, 0, 0), sum(drawn.histogram()[1:])


def pictures_are_drawn(page: Page, notebook: Any) -> None:
    """Each picture has its own size or less, more on it than a frame, and nothing at its very edge."""
    boxes = [one.bounding_box() for one in page.locator(".jp-OutputArea-output img").all()]
    pictures = [one.data["image/png"] for one in outputs(notebook) if "image/png" in one.get("data", {})]
    assert len(boxes) == len(pictures)
    for box, encoded in zip(boxes, pictures, strict=True):
        picture = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("L")
        assert box
        assert 500 < box["width"] <= picture.width
        drawn = picture.point(lambda light: 255 if light < 250 else 0)
        left, top, right, bottom = drawn.getbbox() or (0, 0, 0, 0)
        assert (right - left) * (bottom - top) > 0.5 * picture.width * picture.height
        assert left > 0
        assert top > 0
        assert right < picture.width
        assert bottom < picture.height
