"""The state is the address: back and forward, undo and redo, and old things do not move."""

from __future__ import annotations

import itertools

from playwright.sync_api import expect

from .conftest import Explorer

LETTER = "id:ngos-open-letter"
AMNESTY = "id:amnesty-international"
IPAC = "id:inter-parliamentary-alliance-on-china"


# ------------------------------------------------------------------ 10: the address


def test_an_address_opens_the_same_map_anywhere(explorer: Explorer) -> None:
    query = "open=ngos-open-letter&gone=amnesty-international&pin=antonio-guterres!300!-200&modality=any&hide=place"
    explorer.open(query)
    things, places = explorer.things(), explorer.places()
    assert places["id:antonio-guterres"] == (300, -200)
    assert AMNESTY not in things
    explorer.open(query)
    assert (explorer.things(), explorer.places()) == (things, places)


def test_back_and_forward_through_ten_states(explorer: Explorer) -> None:
    page = explorer.open("add=ngos-open-letter").page
    seen = [(explorer.things(), explorer.query())]

    def after(done: None) -> None:
        explorer.rest()
        seen.append((explorer.things(), explorer.query()))

    acts = [
        lambda: explorer.choose("has as member"),
        lambda: explorer.choose("addresses"),
        lambda: explorer.choose("alleges"),
    ]
    for act in acts:
        explorer.double(LETTER)
        after(act())
    for name in ("People", "Organisations"):
        after(page.locator("#legend").get_by_role("button", name=name).click())
    after(explorer.drag(LETTER, 30, 40))
    for name in ("Organisations", "People"):
        after(page.locator("#legend").get_by_role("button", name=name).click())
    explorer.click(AMNESTY, button="right")
    after(explorer.choose("Remove"))
    explorer.click(LETTER, button="right")
    after(explorer.choose("Collapse"))
    states = [seen[0], *(now for before, now in itertools.pairwise(seen) if now[1] != before[1])]
    assert len(states) >= 10
    for things, _ in reversed(states[:-1]):
        page.go_back()
        explorer.rest()
        assert explorer.things() == things
    for things, query in states[1:]:
        page.go_forward()
        explorer.rest()
        assert explorer.things() == things
        assert explorer.query() == query


# ------------------------------------------------------------------ 11: undo


def test_undo_and_redo_by_keys_and_by_buttons(explorer: Explorer) -> None:
    page = explorer.open("add=ngos-open-letter").page
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    expect(undo).to_be_disabled()
    explorer.double(LETTER)
    explorer.choose("has as member")
    explorer.rest()
    explorer.click(AMNESTY, button="right")
    explorer.choose("Remove")
    explorer.rest()
    page.locator("#map").focus()
    page.keyboard.press("Control+z")
    explorer.rest()
    assert AMNESTY in explorer.things()
    page.keyboard.press("Control+z")
    explorer.rest()
    assert explorer.things() == {LETTER}
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+Shift+Z")
    explorer.rest()
    assert len(explorer.things()) == 3
    redo.click()
    explorer.rest()
    assert len(explorer.things()) == 2
    expect(redo).to_be_disabled()
    undo.click()
    explorer.rest()
    assert len(explorer.things()) == 3


def test_undo_brings_a_map_back_as_it_was(explorer: Explorer) -> None:
    page = explorer.open("open=ngos-open-letter").page
    before = explorer.places()
    explorer.click(LETTER, button="right")
    explorer.choose("Collapse")
    explorer.rest()
    page.get_by_role("button", name="Undo", exact=True).click()
    explorer.rest()
    assert explorer.places() == before


# ------------------------------------------------------------------ 12: nothing old moves


def test_what_stands_does_not_move_when_more_comes(explorer: Explorer) -> None:
    explorer.open(f"open=ngos-open-letter&add={IPAC[3:]}")
    before = explorer.places()
    explorer.double(IPAC)
    expect(explorer.menu()).to_be_visible()
    explorer.page.keyboard.press("Enter")
    explorer.until("document.getElementById('map')._cyreg.cy.nodes().length > 16")
    explorer.rest()
    after = explorer.places()
    assert len(after) > len(before)
    assert {name: after[name] for name in before} == before


def test_what_is_dragged_stays_there_and_undo_takes_it_back(explorer: Explorer) -> None:
    page = explorer.open("open=ngos-open-letter").page
    before = explorer.places()
    explorer.drag(AMNESTY, 60, -20)
    explorer.rest()
    moved = explorer.places()
    assert moved[AMNESTY] != before[AMNESTY]
    assert {name: place for name, place in moved.items() if name != AMNESTY} == {
        name: place for name, place in before.items() if name != AMNESTY
    }
    assert "pin=amnesty-international" in explorer.query()
    page.get_by_role("button", name="Arrange anew").click()
    explorer.rest()
    assert explorer.places()[AMNESTY] == moved[AMNESTY]
    page.get_by_role("button", name="Undo", exact=True).click()
    explorer.rest()
    assert explorer.places()[AMNESTY] == before[AMNESTY]
    assert "pin=" not in explorer.query()


def test_arrows_walk_the_map(explorer: Explorer) -> None:
    page = explorer.open("open=ngos-open-letter&focus=ngos-open-letter").page
    page.locator("#map").focus()
    places = explorer.places()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#side-title")).not_to_have_text("More than 300 organisations")
    chosen = page.evaluate("document.getElementById('map')._cyreg.cy.nodes(':selected').map((n) => n.id())")
    assert len(chosen) == 1
    assert places[chosen[0]][0] > places[LETTER][0]
    page.keyboard.press("p")
    explorer.rest()
    assert f"pin={chosen[0][3:]}" in explorer.query()
