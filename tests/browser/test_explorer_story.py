"""A story: steps over one map with captions, played by the arrow keys, held by the address, saved as one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, expect

from .conftest import SIZES, Explorer

FIRST, SECOND = "ngos-open-letter", "rights-groups-olympics-letter"
CAPTIONS = ["A letter <b>and</b> who it addresses", "Then a second coalition"]


def written(explorer: Explorer) -> None:
    """Tell a story of two steps, as a reader does."""
    page = explorer.open(f"open={FIRST}").page
    page.get_by_role("button", name="Tell a story with this map").click()
    page.get_by_label("Title").fill("Two letters")
    page.get_by_role("button", name="Begin with what you see now").click()
    page.get_by_label("Caption of step 1").fill(CAPTIONS[0])
    page.locator("#search-input, [role=combobox]").first.fill("Coalition of rights groups")
    page.get_by_role("option").first.click()
    explorer.until(f"document.getElementById('map')._cyreg.cy.getElementById('id:{SECOND}').length")
    explorer.rest()
    page.get_by_role("button", name="Tell a story with this map").click()
    page.get_by_role("button", name="Add what you see as the next step").click()
    page.get_by_label("Caption of step 2").fill(CAPTIONS[1])
    explorer.until("new URLSearchParams(location.search).get('story')")
    page.wait_for_timeout(700)  # a caption is kept when its writer pauses


def test_a_story_is_written_played_by_arrow_keys_and_opened_from_its_address(
    explorer: Explorer, context_of: Callable[..., BrowserContext], service: str
) -> None:
    written(explorer)
    other = Explorer(context_of().new_page(), service)
    story = parse_qs(explorer.query())["story"][0]
    page = other.open(f"story={story}&step=1").page
    player = page.get_by_role("region", name="Story")
    expect(player).to_contain_text(CAPTIONS[0])
    expect(player).to_contain_text("1 of 2")
    other.rest()
    assert f"id:{SECOND}" not in other.things()
    page.keyboard.press("ArrowRight")
    expect(player).to_contain_text(CAPTIONS[1])
    other.rest()
    assert f"id:{SECOND}" in other.things()
    other.picture("story-playing")
    page.keyboard.press("ArrowRight")
    expect(player).to_contain_text("2 of 2")
    page.keyboard.press("ArrowLeft")
    expect(player).to_contain_text(CAPTIONS[0])
    page.keyboard.press("Escape")
    expect(player).to_be_hidden()
    assert other.complaints == []


def test_steps_change_places_and_go(explorer: Explorer) -> None:
    written(explorer)
    page = explorer.page
    page.get_by_role("button", name="Move down step 1").click()
    expect(page.get_by_label("Caption of step 1")).to_have_value(CAPTIONS[1])
    page.get_by_role("button", name="Remove step 1").click()
    expect(page.get_by_label("Caption of step 1")).to_have_value(CAPTIONS[0])
    expect(page.get_by_label("Caption of step 2")).to_have_count(0)


def test_the_saved_file_needs_nothing_else_and_says_who_says_so(
    explorer: Explorer, context_of: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    written(explorer)
    with explorer.page.expect_download() as download:
        explorer.page.get_by_role("button", name="Save as one HTML file").click()
    file = tmp_path / "story.html"
    download.value.save_as(file)
    page = context_of().new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.goto(file.as_uri())
    steps = page.get_by_role("region", name="Step", exact=False)
    expect(page.get_by_text(CAPTIONS[0])).to_be_visible()
    expect(page.get_by_text(CAPTIONS[1])).to_be_hidden()
    page.screenshot(path=Path(__file__).resolve().parents[2] / "artefacts" / "story-file.png", full_page=True)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(CAPTIONS[1])).to_be_visible()
    expect(steps.last).to_contain_text("says Article 01")
    expect(steps.last).to_contain_text("paragraph 16")
    assert page.locator("svg").count() == 2
    assert page.locator("b").count() == 0, "a caption is a text"
    assert (asked, complaints) == ([file.as_uri()], [])


@pytest.mark.parametrize("size", SIZES)
def test_the_panel_fits_every_window(context_of: Callable[..., BrowserContext], service: str, size: str) -> None:
    explorer = Explorer(context_of(size).new_page(), service)
    page = explorer.open(f"open={FIRST}").page
    page.get_by_role("button", name="Tell a story with this map").click()
    page.get_by_role("button", name="Begin with what you see now").click()
    explorer.picture(f"story-{size}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.get_by_label("Caption of step 1")).to_be_in_viewport()
