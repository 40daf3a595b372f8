"""Names as hypothesis draws them: few words in many guises, so that names begin alike, agree and almost agree."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from kgraph.search import Name

WORDS = (
    *("am", "amn", "amb", "Amnesty", "amnesti", "ámnesty", "International", "internatonal", "int", "inter", "of", "o"),
    *(
        "U.N.",
        "un",
        "ut",
        "Straße",
        "strasse",
        "ﬁnance",
        "finance",
        "中国",
        "中",
        "ΑΣ",
        "x1",
        "12",
        "1",
        "_",
        "?!",
        "İ",
        "éé",
    ),
    *("b" * 150, "b" * 149 + "a"),  # alike to more than 99 %
)
TYPES = ("ns#Ngo", "ns#Agent", "ns#Letter")

printed = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
slugs = st.lists(st.sampled_from(("am", "amnesty", "int", "un", "x1", "é", "-")), max_size=3).map("-".join)


@st.composite
def named(draw: st.DrawFn) -> Name:
    space, slug = draw(st.sampled_from(("http://x/id/", "http://x/ns#", "urn:"))), draw(slugs)
    label, others = draw(printed), tuple(draw(st.lists(printed, max_size=3)))
    types = tuple(draw(st.lists(st.sampled_from(TYPES), max_size=2)))
    return Name(space + slug, f"id:{slug}", label, "kg:Thing", "Thing", types, others)


@pytest.fixture(scope="session")
def names() -> st.SearchStrategy[list[Name]]:
    return st.lists(named(), max_size=8, unique_by=lambda name: name.iri)


@pytest.fixture(scope="session")
def asked() -> st.SearchStrategy[str]:
    words = st.sampled_from((*WORDS, "amnesy", "amnestyx", "internationa", "strase", "finanse", "amnestyam"))
    begun = st.tuples(words, st.sampled_from((*range(1, 13), 150))).map(lambda pair: pair[0][: pair[1]])
    return st.lists(begun, min_size=1, max_size=4).map(" ".join)
