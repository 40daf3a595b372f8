"""The explorer's page: at `/` with a state, with its script or with the words that say how to build it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kgraph_api.routers import pages


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the script would be; it is there when the test writes it."""
    script = tmp_path / "explorer.js"
    monkeypatch.setattr(pages, "BUILT", script)
    return script


def test_a_state_in_the_query_opens_the_explorer_and_nothing_else_does(
    client: Any, html: dict[str, str], built: Path
) -> None:
    built.touch()
    for query in ("open=ioc", "add=ioc&modality=any", "view=map", "path=a,b", "story=1"):
        text = client.get(f"/?{query}", headers=html).text
        assert '<script type="module" src="/static/explorer/explorer.js"></script>' in text
        assert 'id="map"' in text
    for query in ("", "?utm_source=letter"):
        assert "explorer.js" not in client.get(f"/{query}", headers=html).text


@pytest.mark.parametrize("there", [True, False], ids=["built", "not built"])
def test_without_script_or_build_everything_is_linked_and_foreign_markup_stays_text(
    client: Any, html: dict[str, str], built: Path, there: bool
) -> None:
    if there:
        built.touch()
    answer = client.get("/?open=%3Cscript%3Ealert(1)%3C/script%3E!out&add=ioc", headers=html)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "style=" not in answer.text
    assert 'href="/sources"' in answer.text
    assert "=ioc" in answer.text
    assert ("make web" in answer.text) is not there
    assert (answer.headers["cache-control"] == "no-store") is not there


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", "view=map"),
        ("open=ioc!out&hide=place", "open=ioc!out&hide=place"),
        ("modality=any", "modality=any&view=map"),
    ],
)
def test_explore_leads_to_the_same_state(client: Any, query: str, asked: str) -> None:
    answer = client.get(f"/explore?{query}", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"/?{asked}"
