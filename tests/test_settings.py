"""Settings are one frozen object, read from the environment at the edge."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kgraph.settings import Settings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGRAPH_DATA", "/srv/kgraph")
    monkeypatch.setenv("KGRAPH_QUERY_TIMEOUT", "2")
    settings = Settings()
    assert (settings.data, settings.query_timeout) == (Path("/srv/kgraph"), 2.0)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]


def test_a_value_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGRAPH_DEFAULT_GRAPH", "both")
    with pytest.raises(ValidationError, match="default_graph"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("BASE_IRI", iri)
            for iri in ("nonsense", "https://a.org", "https://a.org/b", "urn:a/", "https:///", "https://a b/")
        ),
        ("QUERY_TIMEOUT", "abc"),
        ("QUERY_TIMEOUT", "inf"),
        ("READERS", "0"),
        ("PORT", "99999"),
    ],
)
def test_a_value_that_would_fail_later_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"KGRAPH_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


@pytest.mark.parametrize(
    "iri", ["https://w3id.org/kgraph/", "http://localhost:8000/", "http://a.org/b#", "http://é.org/"]
)
def test_a_base_that_names_can_be_put_behind_is_taken(iri: str) -> None:
    assert Settings(base_iri=iri).base_iri == iri


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())
