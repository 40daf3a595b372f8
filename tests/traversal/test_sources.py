"""The sources, what is unknown of them and whom they credit."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.errors import SourceNotFoundError
from kgraph.model import Page
from kgraph.traversal import source, sources


def test_a_source_says_its_hash_length_unknowns_and_whom_it_credits(letter: Any) -> None:
    letter.article("a3", length=7799, unknown=("unknown-author", "unknown-date"))
    letter.claim("ngo", "demands", "demand", article="a3", said_by=("ngo", "ada"), via="site")
    letter.claim("ngo", "demands", "letter", article="a3", said_by="ngo", modality="alleged", paragraph=2)
    found = source(letter.catalogue(), letter.iri("a3"))
    assert (found.hash, found.length, found.claims, found.spans) == ("ab" * 32, 7799, 2, 2)
    assert found.unknown == ("author", "date")
    assert [(c.agent.id, c.role, c.claims) for c in found.credits] == [
        ("id:ngo", "said_by", 2),
        ("id:ada", "said_by", 1),
        ("id:site", "via", 1),
    ]
    assert (found.attached, found.published) == (False, None)


def test_a_source_says_when_it_is_known_to_be_published_and_whether_its_text_is_here(letter: Any) -> None:
    found = source(letter.catalogue().with_texts({letter.iri("a2"): "text"}), letter.iri("a2"))
    assert found.attached
    assert found.published is not None
    assert found.published.earliest == "2020-10-05"


def test_sources_come_by_iri_in_pages(letter: Any) -> None:
    catalogue = letter.catalogue()
    first = sources(catalogue, Page(0, 1, str))
    assert ([s.id for s in first.items], first.truncated, first.next) == (["id:a1"], True, "1")
    assert [s.id for s in sources(catalogue).items] == ["id:a1", "id:a2"]


def test_what_is_no_source_is_not_found_as_one(letter: Any) -> None:
    with pytest.raises(SourceNotFoundError, match="id:ngo"):
        source(letter.catalogue(), letter.iri("ngo"))
