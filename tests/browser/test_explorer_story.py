"""Stories: a map told in steps, kept in the address, played by arrow keys, and given away as one file."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import CORE, SIZES, Explorer

LETTER = "id:ngos-open-letter"
AMNESTY = "id:amnesty-international"
LINE = f"{LETTER} kg:hasMember {AMNESTY}"
NASTY = "“More than 300” </script><script>window.hacked=1</script><img src=x onerror=window.hacked=1> & 'so' on"
STEPS = [
    ["open=ngos-open-letter!out!hasMember", NASTY, [LINE]],
    [
        "open=ngos-open-letter!out!hasMember&path=amnesty-international,antonio-guterres!mode=shortest",
        "To the UN\nand on",
        [],
    ],
    ["open=ngos-open-letter!out!hasMember&add=bitter-winter&hide=group", "", []],
]


def written(title: str, steps: list[list[object]]) -> str:
    """A story as an address has it."""
    squeeze = zlib.compressobj(wbits=-15)
    squeezed = squeeze.compress(json.dumps([title, steps]).encode()) + squeeze.flush()
    return "z" + base64.urlsafe_b64encode(squeezed).decode().rstrip("=")


def told(explorer: Explorer) -> tuple[str, list[list[object]]]:
    """The story of the address."""
    text = parse_qs(explorer.query())["story"][0]
    raw = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    title, steps = json.loads(zlib.decompress(raw, wbits=-15) if text[0] == "z" else raw)
    return title, steps


def story(title: str = "Who signs", steps: list[list[object]] | None = None, step: int | None = 1) -> str:
    query = {"story": written(title, STEPS if steps is None else steps)}
    return urlencode(query | ({"step": step} if step else {}))


def write(page: Page) -> None:
    page.get_by_role("button", name="Tell a story with this map").click()
    expect(page.locator("#side-title")).to_have_text("Story")


def test_a_story_is_written_step_by_step_and_stands_in_the_address(explorer: Explorer) -> None:
    page = explorer.open("open=ngos-open-letter!out!hasMember").page
    explorer.click(LINE)
    expect(page.locator("#side-title")).to_have_text("Who says so")
    write(page)
    page.get_by_label("Title").fill("Who signs the letter")
    page.get_by_role("button", name="Begin with what you see now").click()
    caption = page.get_by_role("textbox", name="Caption of step 1")
    expect(caption).to_be_focused()
    page.keyboard.type("A letter & its signatories")
    expect(explorer.side()).to_contain_text("Points at More than 300 organisations include Amnesty International")
    page.keyboard.press("/")
    expect(caption).to_have_value("A letter & its signatories/")
    page.get_by_role("combobox", name="Search for").fill("IOC")
    page.get_by_role("option", name="International Olympic Committee").first.click()
    explorer.rest()
    write(page)
    page.get_by_role("button", name="Add what you see as the next step").click()
    expect(page.get_by_role("textbox", name="Caption of step 2")).to_be_focused()
    page.keyboard.type("And the IOC")
    explorer.until("document.querySelector('.size').textContent.includes('of the 6,000 characters')")
    page.wait_for_timeout(600)
    title, steps = told(explorer)
    assert title == "Who signs the letter"
    assert [step[1] for step in steps] == ["A letter & its signatories/", "And the IOC"]
    assert steps[0][2] == [LINE]
    assert "add=ioc" in str(steps[1][0])
    assert "story" not in str(steps[1][0])
    page.reload()
    explorer.rest()
    expect(page.get_by_role("textbox", name="Caption of step 2")).to_have_value("And the IOC")
    explorer.picture("story-writing-desk-light")


def test_steps_are_moved_renewed_and_removed_and_undo_brings_them_back(explorer: Explorer) -> None:
    page = explorer.open(story(step=None)).page
    expect(page.locator(".steps > li")).to_have_count(3)
    page.get_by_role("button", name="Move down step 1").click()
    page.wait_for_timeout(100)
    assert [step[1] for step in told(explorer)[1]] == [STEPS[1][1], NASTY, ""]
    page.get_by_role("button", name="Remove step 3").click()
    expect(page.locator(".steps > li")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".steps > li")).to_have_count(3)
    expect(page.get_by_role("button", name="Move up step 1")).to_be_disabled()
    expect(page.get_by_role("button", name="Move down step 3")).to_be_disabled()
    page.get_by_role("button", name="Step 2 points at nothing").click()
    page.wait_for_timeout(100)
    assert told(explorer)[1][1][2] == []
    page.get_by_role("button", name="Step 1", exact=True).click()
    explorer.rest()
    page.get_by_role("button", name="Step 3 becomes what you see now").click()
    page.wait_for_timeout(100)
    assert "antonio-guterres" in str(told(explorer)[1][2][0])


def test_arrow_keys_play_it_and_back_goes_back(explorer: Explorer) -> None:
    page = explorer.open(story()).page
    player = page.get_by_role("region", name="Story")
    expect(player).to_contain_text("1 of 3")
    expect(player).to_contain_text("<script>window.hacked=1</script>")
    assert page.evaluate("window.hacked") is None
    first = explorer.things()
    assert set(page.evaluate(f"{CORE}.elements('.lit').map((one) => one.id())")) == {LINE}
    before = explorer.places()
    page.keyboard.press("ArrowRight")
    expect(player).to_contain_text("2 of 3")
    explorer.rest()
    assert explorer.things() > first
    after = explorer.places()
    assert all(after[name] == before[name] for name in first)
    explorer.picture("story-playing-desk-light")
    page.keyboard.press("End")
    expect(player).to_contain_text("3 of 3")
    expect(player).to_contain_text("(without a caption)")
    expect(player.get_by_role("button", name="Next")).to_be_disabled()
    explorer.rest()
    assert LETTER not in explorer.things()
    page.go_back()
    expect(player).to_contain_text("2 of 3")
    page.keyboard.press("ArrowLeft")
    expect(player).to_contain_text("1 of 3")
    player.get_by_role("button", name="Next").click()
    expect(player).to_contain_text("2 of 3")
    page.keyboard.press("Escape")
    expect(player).to_be_hidden()
    assert "step" not in parse_qs(explorer.query())
    assert told(explorer)[1] == STEPS


def test_it_becomes_one_file_that_asks_nobody_and_plays(explorer: Explorer, browser: Browser, tmp_path: Path) -> None:
    page = explorer.open(story(step=None)).page
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save as one HTML file").click()
    assert coming.value.suggested_filename == "kgraph-who-signs.html"
    file = tmp_path / "story.html"
    coming.value.save_as(file)
    source = file.read_text("utf-8")
    assert "default-src 'none'" in source
    assert not re.findall(r"(?:src|@import|url\()\s*=?\s*[\"']?https?:", source)
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    alone = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("console", lambda message: complaints.append(message.text))
    alone.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        alone.goto(file.as_uri())
        expect(alone.locator("h1")).to_have_text("Who signs")
        expect(alone.locator("section:visible")).to_have_count(1)
        expect(alone.locator("section:visible .caption")).to_have_text(NASTY)
        expect(alone.locator("section:visible svg")).to_contain_text("Amnesty")
        expect(
            alone.locator("section:visible li").filter(
                has_text="More than 300 organisations include Amnesty International"
            )
        ).to_contain_text("says Article 01, paragraph 16")
        alone.screenshot(path=Path("artefacts") / "explorer-story-file.png", full_page=True)
        alone.keyboard.press("ArrowRight")
        expect(alone.locator("output")).to_have_text("Step 2 of 3")
        expect(alone.locator("section:visible svg")).to_contain_text("António")
        alone.keyboard.press("End")
        expect(alone.get_by_role("button", name="Next")).to_be_disabled()
        alone.get_by_role("button", name="Back").click()
        expect(alone.locator("output")).to_have_text("Step 2 of 3")
        link = alone.locator("section:visible a").get_attribute("href") or ""
        assert link.startswith(f"{explorer.service}/?")
        assert "at=2" in link
        assert alone.evaluate("window.hacked") is None
        assert asked == [file.as_uri()]
        assert complaints == []
    finally:
        context.close()


def test_what_does_not_fit_into_an_address_is_refused_in_words(explorer: Explorer) -> None:
    page = explorer.open("open=ngos-open-letter!out!hasMember").page
    write(page)
    page.get_by_role("button", name="Begin with what you see now").click()
    for number in range(1, 14):
        noise = base64.b85encode(
            bytes((number * 31 + index * index * 7 + index // 3) % 251 for index in range(480))
        ).decode()
        page.get_by_role("textbox", name=f"Caption of step {number}").fill(noise)
        page.wait_for_timeout(450)
        if "is the most that travels well" in page.locator("#said").inner_text():
            break
        page.get_by_role("button", name="Add what you see as the next step").click()
        page.wait_for_timeout(120)
        if "is the most that travels well" in page.locator("#said").inner_text():
            break
    expect(page.locator("#said")).to_contain_text("characters of the address, and 6,000 is the most that travels well")
    assert len(parse_qs(explorer.query())["story"][0]) <= 6000


@pytest.mark.parametrize(
    "text", ["z", "zAAAA", "j!!!!", "x123", "j" + base64.urlsafe_b64encode(b'{"a":1}').decode(), "bomb"]
)
def test_a_story_that_is_none_is_said_and_harms_nothing(explorer: Explorer, text: str) -> None:
    if text == "bomb":
        text = written("a" * 20_000_000, [])
        assert len(text) < 60_000
    page = explorer.open(urlencode({"open": "ioc", "story": text})).page
    expect(page.locator("#said")).to_contain_text("cannot be read")
    assert "id:ioc" in explorer.things()


def test_an_empty_map_begins_no_story(explorer: Explorer) -> None:
    page = explorer.open().page
    write(page)
    expect(page.get_by_role("button", name="Begin with what you see now")).to_be_disabled()
    expect(explorer.side()).to_contain_text("The map is empty")


@pytest.mark.parametrize("size", SIZES)
def test_a_story_fits_every_window(context_of: Callable[..., BrowserContext], service: str, size: str) -> None:
    explorer = Explorer(context_of(size).new_page(), service)
    page = explorer.open(story(step=2)).page
    player = page.get_by_role("region", name="Story")
    expect(player).to_contain_text("2 of 3")
    explorer.rest()
    explorer.pictures(f"story-{size}")
    box = player.bounding_box()
    assert box
    lowest = max(explorer.at(name)[1] for name in explorer.things())
    assert lowest < box["y"]
    player.get_by_role("button", name="Edit").click()
    expect(page.locator(".steps > li")).to_have_count(3)
    page.wait_for_timeout(300)
    explorer.pictures(f"story-edit-{size}")
    body = "document.getElementById('side-body')"
    assert page.evaluate(f"{body}.scrollWidth <= {body}.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert explorer.complaints == []
