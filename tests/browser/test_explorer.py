"""The explorer's map: found by name, opened by relation, made smaller again."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from .conftest import BUILT, CORE, SIZES, Explorer

LETTER = "id:ngos-open-letter"
AMNESTY = "id:amnesty-international"


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_reader_comes_from_a_misprint_to_who_says_so(
    context_of: Callable[..., BrowserContext], service: str, size: str, look: str
) -> None:
    """Search, open, click a line: the whole way, in every size and look, with nothing wrong in the console."""
    explorer = Explorer(context_of(size, look).new_page(), service)
    page = explorer.open().page
    explorer.picture(f"empty-{size}-{look}")
    page.keyboard.press("/")
    page.keyboard.type("IATP", delay=20)
    option = page.get_by_role("option", name="Inter-Parliamentary Alliance on China")
    expect(option).to_contain_text("matched “IATP”")
    expect(option).to_contain_text("Coalition")
    explorer.picture(f"search-{size}-{look}")
    page.keyboard.press("Enter")
    expect(page.locator("#side-title")).to_have_text("Inter-Parliamentary Alliance on China")
    explorer.rest()
    page.wait_for_timeout(700 if size == "phone" else 0)  # the sheet slides
    explorer.picture(f"card-{size}-{look}")
    if size == "phone":
        page.get_by_role("button", name="Close the panel").click()
    explorer.double("id:inter-parliamentary-alliance-on-china")
    expect(explorer.menu()).to_be_visible()
    explorer.picture(f"counts-{size}-{look}")
    page.keyboard.press("Enter")
    explorer.until(f"{CORE}.edges().length > 3")
    explorer.rest()
    if size == "phone":
        page.get_by_role("button", name="Close the panel").click()
        explorer.rest()
    explorer.picture(f"map-{size}-{look}")
    line = min(explorer.relations())
    explorer.tap(line) if size == "phone" else explorer.click(line)
    expect(page.locator("#side-title")).to_have_text("Who says so")
    expect(explorer.side()).to_contain_text("Said by")
    expect(explorer.side()).to_contain_text("paragraph")
    page.wait_for_timeout(700 if size == "phone" else 0)
    explorer.rest()
    explorer.picture(f"evidence-{size}-{look}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert explorer.complaints == []
    assert len(explorer.hosts()) == 1


# ------------------------------------------------------------------ 1: search


def test_arrows_walk_the_answers_of_the_search_and_escape_closes_them(explorer: Explorer) -> None:
    page = explorer.open().page
    page.keyboard.press("/")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("china")
    options = page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#search-list")).to_be_hidden()


def test_a_typo_is_forgiven_and_what_is_nowhere_is_said_to_be_nowhere(explorer: Explorer) -> None:
    page = explorer.open().page
    box = page.get_by_role("combobox")
    box.press_sequentially("amnesti internationl")
    expect(page.get_by_role("option", name="Amnesty International").first).to_be_visible()
    box.fill("xqzwv")
    expect(page.locator("#search-list")).to_contain_text("Nothing here is called “xqzwv”")


def test_enter_does_not_take_what_was_listed_for_fewer_letters(explorer: Explorer) -> None:
    page = explorer.open().page
    page.get_by_role("combobox").fill("amnesty")
    expect(page.get_by_role("option").first).to_contain_text("Amnesty International")
    page.route("**/search?q=guterres*", lambda route: (page.wait_for_timeout(300), route.continue_())[-1])
    page.get_by_role("combobox").fill("guterres")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option").first).to_contain_text("Guterres")
    assert explorer.things() == set()
    page.keyboard.press("Enter")
    explorer.until("document.getElementById('map')._cyreg.cy.nodes().length")
    assert explorer.things() == {"id:antonio-guterres"}


def test_what_was_typed_last_is_answered_though_an_earlier_answer_comes_later(explorer: Explorer) -> None:
    page = explorer.open().page
    held = []
    page.route("**/search?q=amn&*", lambda route: held.append(route))
    box = page.get_by_role("combobox")
    box.fill("amn")
    page.wait_for_timeout(200)
    box.fill("human rights watch")
    expect(page.get_by_role("option", name="Human Rights Watch").first).to_be_visible()
    assert len(held) == 1
    page.wait_for_timeout(200)
    expect(page.get_by_role("option", name="Human Rights Watch").first).to_be_visible()


# ------------------------------------------------------------------ 2: expand


def test_a_double_click_tells_counts_by_relation_before_anything_is_added(explorer: Explorer) -> None:
    explorer.open(f"add={LETTER[3:]}")
    explorer.double(LETTER)
    expect(explorer.menu()).to_contain_text("alleges4")
    expect(explorer.menu()).to_contain_text("has as member2")
    assert explorer.things() == {LETTER}
    explorer.choose("has as member")
    explorer.page.wait_for_url("**has**")
    explorer.rest()
    assert explorer.things() == {LETTER, AMNESTY, "id:human-rights-watch"}
    assert "open=ngos-open-letter%21out%21kg%3AhasMember" in explorer.query()


def test_enter_on_the_map_opens_what_is_in_focus_and_enter_again_takes_all(explorer: Explorer) -> None:
    page = explorer.open(f"add={LETTER[3:]}&focus={LETTER[3:]}").page
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**open=ngos-open-letter**")
    explorer.rest()
    assert len(explorer.things()) == 14
    expect(page.locator("#map")).to_be_focused()


def test_escape_closes_the_menu_and_nothing_was_added(explorer: Explorer) -> None:
    explorer.open(f"add={LETTER[3:]}")
    explorer.double(LETTER)
    expect(explorer.menu()).to_be_visible()
    explorer.page.keyboard.press("Escape")
    expect(explorer.menu()).to_be_hidden()
    assert explorer.things() == {LETTER}


def test_a_hub_comes_page_by_page_and_the_map_says_how_much_is_shown(odd: Explorer) -> None:
    page = odd.open("open=hub!out!kg:hasMember").page
    expect(page.locator("#notices")).to_contain_text("40 of 1,300 relations of Hub are shown")
    assert len(odd.things()) == 41
    page.get_by_role("button", name="Next 40").click()
    expect(page.locator("#notices")).to_contain_text("80 of 1,300 relations")
    odd.rest()
    assert len(odd.things()) == 81
    odd.picture("hub-desk-light")


def test_more_than_a_thousand_things_are_not_arranged_and_words_say_what_would_do(odd: Explorer) -> None:
    page = odd.open("open=hub!out!kg:hasMember!26").page
    expect(page.locator("#notices")).to_contain_text("1,041 things are too many to be arranged")
    assert len(odd.things()) == 1041
    odd.picture("too-many-desk-light")
    page.get_by_role("button", name="Organisations").click()
    assert odd.things() == {"id:hub"}


# ------------------------------------------------------------------ 3: collapse, remove, keep only


def test_collapse_takes_back_what_was_opened_and_the_thing_stays(explorer: Explorer) -> None:
    explorer.open(f"open={LETTER[3:]}")
    explorer.click(LETTER, button="right")
    explorer.choose("Collapse")
    explorer.rest()
    assert explorer.things() == {LETTER}


def test_remove_takes_one_thing_and_its_relations_off(explorer: Explorer) -> None:
    explorer.open(f"open={LETTER[3:]}")
    explorer.click(AMNESTY, button="right")
    explorer.choose("Remove")
    explorer.rest()
    assert len(explorer.things()) == 13
    assert AMNESTY not in explorer.things()
    assert not any(AMNESTY in relation for relation in explorer.relations())


def test_keep_only_this_empties_the_map_around_it(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER[3:]}").page
    explorer.click(AMNESTY)
    explorer.side().get_by_role("button", name="Keep only this").click()
    explorer.rest()
    assert explorer.things() == {AMNESTY}
    page.locator("#map").focus()
    page.keyboard.press("Delete")
    explorer.rest()
    assert explorer.things() == set()
    expect(page.get_by_text("Search for a person, an organisation")).to_be_visible()


def test_the_menu_of_a_thing_opens_by_shift_f10_and_by_a_long_press(
    explorer: Explorer, context_of: Callable[..., BrowserContext], service: str
) -> None:
    page = explorer.open(f"open={LETTER[3:]}&focus={LETTER[3:]}").page
    page.locator("#map").focus()
    page.keyboard.press("Shift+F10")
    expect(explorer.menu()).to_contain_text("Keep only this")
    page.keyboard.press("Escape")

    phone = Explorer(context_of("phone").new_page(), service).open(f"open={LETTER[3:]}")
    session = phone.page.context.new_cdp_session(phone.page)
    x, y = phone.at(LETTER)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    expect(phone.menu()).to_contain_text("Keep only this")
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(phone.menu()).to_be_visible()
    phone.picture("menu-phone-light")


# ------------------------------------------------------------------ what it weighs


def test_the_script_weighs_less_than_a_quarter_megabyte_packed() -> None:
    loaded = [file for file in BUILT.parent.glob("*.*s") if not file.name.startswith("editor.")]
    assert {file.name for file in loaded} == {"explorer.js", "explorer.css", "canvas.js", "service.js"}
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in loaded) < 250_000
