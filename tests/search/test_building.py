"""What becomes of a name's forms."""

from __future__ import annotations

from kgraph.search import Name
from kgraph.search.building import built
from kgraph.search.table import LABEL, OTHER, SLUG, NameTable


def forms(table: NameTable) -> list[tuple[str, int, str]]:
    return [
        (table[table.owner.item(form)], table.part.item(form), table.folded(form)) for form in range(len(table.owner))
    ]


def test_of_forms_that_are_folded_alike_only_the_first_is_kept() -> None:
    names = (
        Name("urn:b", "", "U.N.", "", "", (), ("un", "United Nations")),
        Name("http://x/amnesty-letter", "", "Amnesty Letter", "", "", (), ("?", "amnesty LETTER")),
    )
    assert forms(built(names)) == [
        ("http://x/amnesty-letter", LABEL, "amnesty letter"),
        ("urn:b", LABEL, "un"),
        ("urn:b", OTHER, "united nations"),
        ("urn:b", SLUG, "urn b"),
    ]


def test_of_names_with_one_iri_the_last_counts() -> None:
    twice = built([Name("http://x/", "", "First", "", "", ()), Name("http://x/", "", "Second", "", "", ())])
    assert forms(twice) == [("http://x/", LABEL, "second")]


def test_a_name_without_letters_is_an_owner_without_forms() -> None:
    table = built([Name("http://x/-", "", "?!", "", "", ("ns#Ngo",))])
    assert (list(table), forms(table), table.folded_label(0)) == (["http://x/-"], [], "")
