"""The explorer under axe-core: whatever is open, in both looks and sizes, it finds nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from .conftest import LOOKS, SIZES, Explorer

LETTER = "ngos-open-letter"
STATES = {
    "empty": "view=map",
    "filters": f"open={LETTER}",
    "card": f"open={LETTER}&focus={LETTER}",
    "paths": "path=amnesty-international,antonio-guterres!mode=shortest",
    "table": f"open={LETTER}&view=table",
    "nothing": "open=nobody-of-that-name",
}
TOOLS = ["How are they connected?", "Tell a story with this map", "Take this map along"]


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(context_of: Callable[..., BrowserContext], service: str, size: str) -> None:
    explorer = Explorer(context_of(size).new_page(), service)
    found: list[tuple[str, str, list[str]]] = []
    for name, query in STATES.items():
        explorer.open(query)
        found += violations(explorer, name)
    explorer.open(f"open={LETTER}")
    for tool in TOOLS:
        explorer.page.locator("#tools").get_by_role("button", name=tool).click()
        explorer.rest()
        found += violations(explorer, tool)
    explorer.page.get_by_role("button", name="Keys").click()
    found += violations(explorer, "keys")
    assert found == []


def violations(explorer: Explorer, what: str) -> list[tuple[str, str, list[str]]]:
    return [
        (f"{what}, {look}", one["id"], [node["html"] for node in one["nodes"]][:3])
        for look in explorer.looks()
        for one in Axe().run(explorer.page, options=LOOKS[look]).response["violations"]
    ]
