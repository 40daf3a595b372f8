"""Through which lens: who speaks, how, when; what kinds of things are drawn."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import Explorer

WINTER = "open=bitter-winter"


# ------------------------------------------------------------------ 7: filters


def test_a_speaker_taken_off_is_named_in_the_lens_and_the_steps_are_taken_again(explorer: Explorer) -> None:
    page = explorer.open("open=uk-parliament-debate&open=chris-evans").page
    before = explorer.relations()
    row = page.locator(".row", has=page.get_by_role("checkbox", name="Chris Evans"))
    count = int(row.locator(".count").inner_text())
    assert count > 0
    row.get_by_role("checkbox").uncheck()
    page.wait_for_url("**not_said_by=chris-evans**")
    explorer.rest()
    assert explorer.lens() == "You see reported affirmed claims without Chris Evans Reset"
    assert explorer.relations() < before
    page.get_by_role("button", name="Take off: without Chris Evans").click()
    explorer.rest()
    assert explorer.lens() == "You see reported affirmed claims"
    assert explorer.relations() == before


def test_only_what_one_speaker_says(explorer: Explorer) -> None:
    page = explorer.open("open=ngos-open-letter").page
    page.get_by_role("button", name="Only what More than 300 organisations says").click()
    page.wait_for_url("**said_by=ngos-open-letter**")
    explorer.rest()
    assert explorer.lens() == "You see reported affirmed claims said by More than 300 organisations Reset"
    assert len(explorer.relations()) == 3


def test_a_kind_of_saying_that_is_let_in_is_counted_before_and_named_after(odd: Explorer) -> None:
    page = odd.open("open=odd-names").page
    assert "id:odd-names kg:opposes id:hub" not in odd.relations()
    row = page.locator(".row", has=page.get_by_role("checkbox", name="alleged"))
    expect(row.locator(".count")).to_have_text("1")
    row.get_by_role("checkbox").check()
    odd.rest()
    assert "id:odd-names kg:opposes id:hub" in odd.relations()
    assert "alleged" in odd.lens()
    odd.picture("lens-desk-light")


def test_a_relation_or_a_type_is_hidden_on_the_map_without_asking_the_service(explorer: Explorer) -> None:
    page = explorer.open("open=ngos-open-letter").page
    asked = [url for url in explorer.asked if not url.endswith(".svg")]  # the browser fetches the icon again and again
    page.get_by_role("checkbox", name="allege", exact=True).uncheck()
    assert not any("kg:alleges" in relation for relation in explorer.relations())
    page.get_by_role("checkbox", name="Person").uncheck()
    assert "id:antonio-guterres" not in explorer.things()
    assert [url for url in explorer.asked if not url.endswith(".svg")] == asked
    assert "hide=kg%3Aalleges" in explorer.query()
    assert "hide=kg%3APerson" in explorer.query()


# ------------------------------------------------------------------ 8: time


def test_the_thumbs_go_from_date_to_date_by_keys_and_say_so_in_words(odd: Explorer) -> None:
    page = odd.open("open=odd-names&modality=any&polarity=any").page
    words = page.locator(".times")
    expect(words).to_have_text("All times, 1999-05-01 to 2012-12-31")
    assert len([r for r in odd.relations() if r.endswith("id:hub")]) == 2
    low = page.get_by_role("slider", name="From")
    low.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    odd.rest()
    expect(words).to_have_text("What was from 2010-01-01 to 2012-12-31")
    expect(page.get_by_role("slider", name="From")).to_have_attribute("aria-valuetext", "2010-01-01")
    assert [r for r in odd.relations() if r.endswith("id:hub")] == ["id:odd-names kg:supports id:hub"]
    assert "about 2010-01-01 or later" in odd.lens()
    expect(page.get_by_role("slider", name="From")).to_be_focused()


def test_a_thumb_is_dragged(odd: Explorer) -> None:
    page = odd.open("open=odd-names&modality=any&polarity=any").page
    box = page.locator(".thumbs").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 9, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 12, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    odd.rest()
    expect(page.locator(".times")).to_have_text("What was on 1999-05-01")
    assert "valid_until=1999-05-01" in odd.query()
    assert [r for r in odd.relations() if r.endswith("id:hub")] == ["id:odd-names kg:opposes id:hub"]


# ------------------------------------------------------------------ 9: the legend


def test_the_legend_is_the_switch_and_says_colour_shape_and_count(explorer: Explorer) -> None:
    page = explorer.open("open=ngos-open-letter").page
    button = page.locator("#legend").get_by_role("button", name="People")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("2")
    assert button.locator("svg circle, svg polygon").get_attribute("fill") == "#56b4e9"
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert not {"id:antonio-guterres", "id:michelle-bachelet"} & explorer.things()
    expect(button).to_be_focused()
    page.keyboard.press("Space")
    assert {"id:antonio-guterres", "id:michelle-bachelet"} <= explorer.things()


def test_reset_lifts_the_whole_lens(explorer: Explorer) -> None:
    page = explorer.open("open=ngos-open-letter&modality=any&not_said_by=bitter-winter&min_sources=2").page
    expect(page.locator("#lens")).to_contain_text("without Bitter Winter")
    expect(page.locator("#lens")).to_contain_text("in 2 articles or more")
    page.get_by_role("button", name="Reset").click()
    explorer.rest()
    assert explorer.query() == "open=ngos-open-letter"


def test_a_lens_that_shows_nothing_says_so_and_offers_what_would(odd: Explorer) -> None:
    page = odd.open("open=odd-names&said_by=herald").page
    expect(page.locator("#notices")).to_contain_text("Nothing stands near it through this lens")
    page.get_by_role("button", name="Look through claims of any kind").click()
    odd.rest()
    assert len(odd.relations()) == 2
