"""The explorer's table: what the map shows, in rows that sort, with who says so and where; one choice with the map."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .conftest import SIZES, Explorer

LETTER = "id:ngos-open-letter"
AMNESTY = "id:amnesty-international"
HEADS = ["Who or what", "Relation", "To whom or what", "Who says so", "Where", "How", "When", "Claim"]


def as_table(explorer: Explorer) -> Locator:
    explorer.page.get_by_role("button", name="Table of what is on the map").click()
    return explorer.page.get_by_role("table")


def column(page: Page, number: int) -> list[str]:
    """The texts of a column, row by row."""
    found: list[str] = page.locator(f"tbody tr > :nth-child({number}) .what").all_inner_texts()
    return found


def test_the_table_has_every_claim_of_the_map_with_speaker_and_place(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER[3:]}").page
    claims = page.evaluate(
        "document.getElementById('map')._cyreg.cy.edges().map((edge) => edge.data('edge'))"
        ".flatMap((edge) => edge.claims.map((claim) => [`${edge.source} ${edge.predicate} ${edge.target}`,"
        " claim.said_by.map((who) => who.label).join(', '), claim.where.paragraph]))"
    )
    table = as_table(explorer)
    assert [text.strip("▲▼↕ \n") for text in table.get_by_role("columnheader").all_inner_texts()] == HEADS
    rows = page.locator("tbody tr")
    assert rows.count() == len(claims) > 10
    for key, who, paragraph in claims:
        row = page.locator(f'tbody tr[data-key="{key}"]')
        expect(row.get_by_role("cell").nth(2)).to_have_text(f"Who says so{who}")
        expect(row.get_by_role("cell").nth(3)).to_contain_text(f"paragraph {paragraph}")
    expect(table.locator("caption")).to_contain_text("What sources say, not what we say")
    expect(table.locator("caption")).to_contain_text("reported, affirmed claims")
    assert explorer.query().endswith("view=table")


def test_a_head_sorts_up_then_down_by_keys_and_says_which(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER[3:]}&open=ioc&view=table").page
    head = page.get_by_role("columnheader", name="To whom or what")
    assert head.get_attribute("aria-sort") == "none"
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(head.get_by_role("button")).to_be_focused()
    up = column(page, 3)
    assert up == sorted(up, key=str.casefold)
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert [text.casefold() for text in column(page, 3)] == [text.casefold() for text in up[::-1]]
    assert page.locator("th[aria-sort]:not([aria-sort=none])").count() == 1
    page.reload()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.locator("tbody tr").first).to_contain_text(up[-1])


def test_missing_times_come_last_whichever_way_it_is_sorted(explorer: Explorer) -> None:
    page = explorer.open("open=pew-research-center&open=ngos-open-letter&view=table").page
    for way in ("ascending", "descending"):
        page.get_by_role("columnheader", name="When").get_by_role("button").click()
        expect(page.get_by_role("columnheader", name="When")).to_have_attribute("aria-sort", way)
        stated = [text != "not stated" for text in column(page, 7)]
        assert True in stated
        assert stated == sorted(stated, reverse=True)


def test_a_choice_in_the_table_is_one_on_the_map_and_back(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER[3:]}&view=table").page
    page.get_by_role("row", name="Amnesty International").get_by_role("button", name="include").click()
    key = f"{LETTER} kg:hasMember {AMNESTY}"
    expect(page.locator(f'tr[data-key="{key}"]')).to_have_attribute("aria-current", "true")
    expect(page.locator("#side-title")).to_have_text("Who says so")
    assert parse_qs(explorer.query())["focus"] == [key.replace("id:", "")]
    page.get_by_role("button", name="Table of what is on the map").click()
    assert page.evaluate("document.getElementById('map')._cyreg.cy.edges(':selected').map((edge) => edge.id())") == [
        key
    ]
    explorer.rest()
    explorer.click("id:antonio-guterres")
    page.get_by_role("button", name="Table of what is on the map").click()
    page.get_by_role("button", name="Things (").click()
    expect(page.locator('tr[data-key="id:antonio-guterres"]')).to_have_attribute("aria-current", "true")
    box = page.locator('tr[data-key="id:antonio-guterres"]').get_by_role("checkbox")
    expect(box).to_be_checked()
    page.get_by_role("checkbox", name="Only what is selected (1)").check()
    assert column(page, 1) == ["António Guterres"]
    page.get_by_role("button", name="Relations (").click()
    assert set(column(page, 3)) == {"António Guterres"}


def test_what_the_legend_hides_is_not_in_the_table(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER[3:]}&view=table").page
    before = page.locator("tbody tr").count()
    page = explorer.open(f"open={LETTER[3:]}&hide=person&view=table").page
    expect(page.locator("tbody tr").filter(has_text="António Guterres")).to_have_count(0)
    assert page.locator("tbody tr").count() == before - 2


def test_links_lead_to_the_pages_of_claims_and_things(explorer: Explorer) -> None:
    page = explorer.open(f"open={LETTER[3:]}&view=table&rows=things").page
    page.get_by_role("link", name="Open the page of Amnesty International").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Amnesty International")
    page.go_back()
    page.get_by_role("button", name="Relations (").click()
    page.get_by_role("link", name="Open the claim: More than 300 organisations include Amnesty International").click()
    expect(page.locator("body")).to_contain_text("Article 01")


def test_alleged_and_denied_are_told_so_and_odd_labels_are_texts(odd: Explorer) -> None:
    page = odd.open("open=odd-names&modality=any&polarity=any&view=table").page
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="opposes").locator("td").nth(4)).to_contain_text("alleged")
    supported = rows.filter(has_text="supports")
    assert supported.count() == 2
    assert "denied" in " ".join(supported.all_inner_texts())
    expect(rows.filter(has_text="<script>window.hacked")).to_have_count(1)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.querySelector('#table').scrollWidth <= document.querySelector('#table').clientWidth")
    odd.picture("table-odd")


def test_an_empty_map_says_so_in_the_table(explorer: Explorer) -> None:
    page = explorer.open("view=table").page
    expect(page.locator("#table")).to_contain_text("Nothing is on the map yet")


@pytest.mark.parametrize("size", SIZES)
def test_it_fits_every_window(context_of: Callable[..., BrowserContext], service: str, size: str) -> None:
    explorer = Explorer(context_of(size).new_page(), service)
    page = explorer.open(f"open={LETTER[3:]}&view=table&sort=to").page
    explorer.pictures(f"table-{size}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.querySelector('#table').scrollWidth <= document.querySelector('#table').clientWidth")
    page.get_by_role("button", name="Things (").click()
    explorer.pictures(f"table-things-{size}")
    assert page.get_by_role("table").get_by_role("row").count() == len(explorer.things()) + 1
    assert explorer.complaints == []
