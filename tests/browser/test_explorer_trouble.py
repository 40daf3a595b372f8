"""What is odd, slow, broken or gone; the looks; the keys; what is there without a script."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, expect

from .conftest import CORE, ODD, SIZES, Explorer

# ------------------------------------------------------------------ labels of strangers


def test_labels_are_text_whatever_they_hold(odd: Explorer) -> None:
    page = odd.open("open=odd-names").page
    assert len(odd.things()) == 1 + len(ODD) + 1
    drawn = page.evaluate(f"{CORE}.nodes().map((node) => node.data('label'))")
    assert all(len(label.replace("\u200b", "")) <= 60 for label in drawn), "but for where a line may break"
    assert not any("\u202e" in label for label in drawn)
    odd.picture("odd-desk-light")
    for label in ODD.values():
        name = page.evaluate(f"(label) => {CORE}.nodes().filter((n) => n.data('thing').label === label).id()", label)
        odd.click(name)
        expect(page.locator("#side-title bdi")).to_have_text(" ".join(label.split()))
        box = page.locator("#side").bounding_box()
        assert box
        assert page.evaluate(
            "document.getElementById('side-body').scrollWidth <= document.getElementById('side').clientWidth"
        )
    odd.picture("long-desk-light")
    page.get_by_role("combobox").fill("Club script")
    expect(page.get_by_role("option").first).to_contain_text("<script>")
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


# ------------------------------------------------------------------ the service


def test_a_slow_service_is_waited_for_in_words(explorer: Explorer) -> None:
    page = explorer.open("add=ngos-open-letter").page
    page.route("**/neighbourhood?*", lambda route: (page.wait_for_timeout(2000), route.continue_()))
    explorer.double("id:ngos-open-letter")
    explorer.choose("addresses")
    expect(page.locator("#waiting")).to_have_text("Asking the service…")
    expect(page.locator("#waiting")).to_be_visible()
    explorer.until(f"{CORE}.nodes().length === 4")
    page.unroute_all(behavior="wait")
    expect(page.locator("#waiting")).to_be_hidden()


def test_an_error_is_told_in_the_words_of_the_service_and_tried_again(
    context_of: Callable[..., BrowserContext], service: str
) -> None:
    explorer = Explorer(context_of().new_page(), service)
    page = explorer.open("add=ngos-open-letter").page
    problem = '{"title": "Too much at once", "detail": "all 3 walks stayed busy; try again", "status": 503}'
    page.route(
        "**/neighbourhood?*",
        lambda route: route.fulfill(status=503, content_type="application/problem+json", body=problem),
    )
    explorer.double("id:ngos-open-letter")
    explorer.choose("addresses")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Too much at once")
    expect(alert).to_contain_text("all 3 walks stayed busy")
    explorer.picture("error-desk-light")
    page.unroute_all(behavior="wait")
    alert.get_by_role("button", name="Try again").click()
    explorer.until(f"{CORE}.nodes().length === 4")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_thing_that_is_not_there_is_said_and_can_be_taken_off(
    context_of: Callable[..., BrowserContext], service: str
) -> None:
    explorer = Explorer(context_of().new_page(), service)
    page = explorer.open("open=nobody-of-that-name&add=ngos-open-letter").page
    expect(page.get_by_role("alert")).to_contain_text("no entity is called 'id:nobody-of-that-name'")
    assert explorer.things() == {"id:ngos-open-letter"}
    page.get_by_role("button", name="Take it off").click()
    explorer.rest()
    assert explorer.query() == "add=ngos-open-letter"
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_service_that_was_restarted_meanwhile_is_asked_again(
    context_of: Callable[..., BrowserContext], seeded_folder: Path, tmp_path: Path, unused_port: Callable[[], int]
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(seeded_folder, folder)
    port = unused_port()
    running = served(folder, port)
    try:
        explorer = Explorer(context_of().new_page(), f"http://127.0.0.1:{port}")
        page = explorer.open("add=ngos-open-letter").page
        explorer.double("id:ngos-open-letter")
        expect(explorer.menu()).to_be_visible()
        running.kill()
        running.wait(timeout=20)
        explorer.choose("addresses")
        alert = page.locator("#notices").get_by_role("alert")
        expect(alert).to_contain_text("The service cannot be reached")
        running = served(folder, port)
        alert.get_by_role("button", name="Try again").click()
        explorer.until(f"{CORE}.nodes().length === 4")
        expect(alert).to_have_count(0)
    finally:
        running.terminate()
        running.wait(timeout=20)


def served(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A service on a port that is known before, when it answers."""
    command = [sys.executable, "-m", "kgraph", "serve", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return process
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError("the service did not come up")


# ------------------------------------------------------------------ 15: looks, keys, phone


def test_the_look_is_chosen_and_kept(explorer: Explorer) -> None:
    page = explorer.open("add=ngos-open-letter").page
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Light or dark").click()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    explorer.until("document.documentElement.dataset.map")
    assert page.evaluate(paper) == dark
    assert page.evaluate("Object.keys(localStorage)") == ["kgraph-look"]


def test_a_question_mark_shows_the_keys(explorer: Explorer) -> None:
    page = explorer.open().page
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_contain_text("Shift + F10")
    explorer.picture("keys-desk-light")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_on_a_phone_the_panel_is_a_sheet_that_leaves_what_was_chosen_in_view(
    context_of: Callable[..., BrowserContext], service: str
) -> None:
    explorer = Explorer(context_of("phone").new_page(), service)
    page = explorer.open("open=ngos-open-letter").page
    expect(page.locator("#side")).to_be_hidden()
    explorer.tap("id:antonio-guterres")
    expect(page.locator("#side-title")).to_have_text("António Guterres")
    page.wait_for_timeout(800)  # it slides
    explorer.rest()
    sheet = page.locator("#side").bounding_box()
    assert sheet
    assert explorer.at("id:antonio-guterres")[1] < sheet["y"]
    explorer.picture("sheet-phone-light")
    page.get_by_role("button", name="Close the panel").click()
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_text("Who says so", exact=True)).to_be_visible()
    page.wait_for_timeout(600)
    explorer.picture("filters-phone-light")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]
    assert explorer.complaints == []


def test_without_script_words_link_what_can_be_read(browser: Browser, service: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{service}/explore?open=ngos-open-letter")
    assert urlsplit(page.url).path == "/"
    page.get_by_role("link", name="ngos-open-letter").click()
    assert "More than 300 organisations" in page.locator("h1").inner_text()
    page.context.close()
