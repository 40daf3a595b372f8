"""Who says so: the evidence of a line, the card of a thing."""

from __future__ import annotations

from urllib.parse import parse_qs

from playwright.sync_api import expect

from .conftest import Explorer

LETTER = "ngos-open-letter"


def edge(explorer: Explorer, predicate: str) -> str:
    return min(r for r in explorer.relations() if r.split()[1] == predicate)


# ------------------------------------------------------------------ 5: a line


def test_a_click_on_a_line_names_speaker_article_place_voice_and_time(explorer: Explorer) -> None:
    explorer.open(f"open={LETTER}")
    explorer.click(edge(explorer, "kg:demands"))
    side = explorer.side()
    for words in (
        "Said by",
        "More than 300 organisations",
        "Article 01",
        "paragraph 15, sentence",
        "Voice",
        "Modality",
        "reported",
        "Polarity",
        "affirmed",
        "2020-09-01 to 2020-09-30",
        "That it is said does not make it so",
    ):
        expect(side).to_contain_text(words)
    explorer.rest()
    assert "focus" in parse_qs(explorer.query())


def test_the_claim_is_there_as_turtle_and_links_to_its_page(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER}").page
    explorer.click(edge(explorer, "kg:hasMember"))
    page.get_by_text("The claim as Turtle").click()
    expect(page.get_by_label("The claim as Turtle")).to_contain_text("rdf:object id:amnesty-international")
    page.get_by_role("link", name="Page of this claim").click()
    expect(page.locator("h1")).to_be_visible()
    page.go_back()
    expect(page.locator("#side-title")).to_have_text("Who says so")


def test_claims_in_conflict_stand_beside_each_other(odd: Explorer) -> None:
    odd.open("open=odd-names&modality=any&polarity=any")
    odd.click("id:odd-names kg:supports id:hub")
    side = odd.side()
    expect(side).to_contain_text("1 claim reports it, 1 claim denies it.")
    expect(side.get_by_text("in conflict with this")).to_have_count(2)
    expect(side.locator(".against").first).to_contain_text("Mirror")
    expect(side.locator(".how").first).to_have_text("denied")
    odd.rest()
    odd.picture("conflict-desk-light")


def test_what_nobody_plainly_reports_is_dashed_and_says_how_it_is_said(odd: Explorer) -> None:
    odd.open("open=odd-names&modality=any&polarity=any")
    drawn = {
        name: odd.page.evaluate(
            "(id) => { const e = document.getElementById('map')._cyreg.cy.getElementById(id);"
            " return [e.style('line-style'), e.style('label')]; }",
            f"id:odd-names {name} id:hub",
        )
        for name in ("kg:opposes", "kg:supports")
    }
    assert drawn["kg:opposes"] == ["dashed", "opposes (alleged)"]
    assert drawn["kg:supports"] == ["solid", "supports (also denied)"]
    odd.open("open=odd-names&said_by=herald&modality=any&polarity=any")
    denied = odd.page.evaluate(
        "document.getElementById('map')._cyreg.cy.getElementById('id:odd-names kg:supports id:hub').style('label')"
    )
    assert denied == "supports (denied)"


# ------------------------------------------------------------------ 6: a thing


def test_the_card_has_names_numbers_with_their_qualifier_and_a_timeline(explorer: Explorer) -> None:
    explorer.open(f"open={LETTER}")
    explorer.click(f"id:{LETTER}")
    side = explorer.side()
    for words in ("Also called NGOs of the open letter", "more than 300", "Timeline", "2020-09-01", "13 relations"):
        expect(side).to_contain_text(words)


def test_a_collective_says_that_its_members_are_not_named(explorer: Explorer) -> None:
    explorer.open("open=rights-groups-olympics-letter&focus=rights-groups-olympics-letter")
    expect(explorer.side()).to_contain_text("members not named by the source")


def test_the_card_opens_one_relation_and_marks_what_is_shown(explorer: Explorer) -> None:
    explorer.open(f"add={LETTER}&focus={LETTER}")
    side = explorer.side()
    side.get_by_role("button", name="addresses").click()
    explorer.rest()
    assert len(explorer.things()) == 4
    expect(side.get_by_role("button", name="addresses")).to_contain_text("3 shown")
    side.get_by_role("button", name="Collapse").click()
    explorer.rest()
    assert explorer.things() == {f"id:{LETTER}"}


def test_closing_the_card_shows_the_filters_again(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER}&focus={LETTER}").page
    expect(page.locator("#side-title")).to_have_text("More than 300 organisations")
    page.get_by_role("button", name="Close the panel").click()
    expect(page.locator("#side-title")).to_have_text("What you see")
    assert "focus" not in explorer.query()
    explorer.click(f"id:{LETTER}")
    expect(page.locator("#side-title")).to_have_text("More than 300 organisations")
    page.keyboard.press("Escape")
    expect(page.locator("#side-title")).to_have_text("What you see")
