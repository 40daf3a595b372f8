"""The passages are where the seed says they are: checked against the article, which only some machines have."""

from __future__ import annotations

import hashlib
import re
from types import SimpleNamespace

import pytest

ABBREVIATION = re.compile(
    r"(?:^|[\s(“])(?:U\.S\.|U\.N\.|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Ms|Dr|St)\.)\Z"
)
FORM_PARAGRAPHS = {38, 39}
QUOTING = {"direct-quote", "part-quote"}


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end of every line that is not blank."""
    return [match.span() for match in re.finditer(r"[^\n]*\S[^\n]*", text)]


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of the sentences of a paragraph, as seeds/README.md defines them."""
    found, first = [], start
    for match in re.finditer(r"[.!?][”’)\]]*(?=\s)", text[start:end]):
        if not ABBREVIATION.search(text[first : start + match.start() + 1]):
            found.append((first, start + match.end()))
            first = start + match.end() + len(re.match(r"\s*", text[start + match.end() :]).group())  # type: ignore[union-attr]
    return [*found, (first, end)] if text[first:end].strip() else found


def test_the_source_is_this_text(seed: SimpleNamespace, article_text: str) -> None:
    assert hashlib.sha256(article_text.encode()).hexdigest() == seed.source.sha256
    assert len(article_text) == seed.source.length


def test_every_slice_has_the_recorded_hash(seed: SimpleNamespace, article_text: str) -> None:
    wrong = []
    for key, span in seed.spans.items():
        slice_ = article_text[span.start : span.end]
        if span.end > len(article_text) or hashlib.sha256(slice_.encode()).hexdigest() != span.sha256:
            wrong.append(key)
    assert wrong == []


def test_every_slice_lies_in_its_paragraph_and_sentence(seed: SimpleNamespace, article_text: str) -> None:
    places = paragraphs(article_text)
    wrong = []
    for key, span in seed.spans.items():
        inside = sentences(article_text, *places[span.paragraph - 1])
        first, last = inside[span.sentence - 1]
        if not first <= span.start < span.end <= last:
            wrong.append(key)
    assert wrong == []


def test_a_slice_begins_and_ends_with_a_word(seed: SimpleNamespace, article_text: str) -> None:
    torn = []
    for key, span in seed.spans.items():
        edges = article_text[max(span.start - 1, 0) : span.start + 1], article_text[span.end - 1 : span.end + 1]
        if any(len(edge) == 2 and edge.isalnum() for edge in edges) or edges[1][0].isspace() or edges[0][-1].isspace():
            torn.append(key)
    assert torn == []


def test_a_quoted_slice_lies_inside_quotation_marks(seed: SimpleNamespace, article_text: str) -> None:
    places = paragraphs(article_text)
    quoted = {key: span for key, span in seed.spans.items() if span.quoted}
    assert quoted
    outside = []
    for key, span in quoted.items():
        start = places[span.paragraph - 1][0]
        before, slice_ = article_text[start : span.start], article_text[span.start : span.end]
        if before.count("“") != before.count("”") + 1 or set("“”") & set(slice_):
            outside.append(key)
    assert outside == []


def test_a_mention_prints_what_stands_there(seed: SimpleNamespace, article_text: str) -> None:
    printed = {
        key: [article_text[seed.spans[at].start : seed.spans[at].end] for at in m.at]
        for key, m in seed.mentions.items()
    }
    assert printed == {key: [mention.text] * len(mention.at) for key, mention in seed.mentions.items()}


def test_numbers_and_times_are_printed_in_the_slices_of_their_claims(seed: SimpleNamespace, article_text: str) -> None:
    missing = []
    for key, claim in seed.claims.items():
        where = " ".join(article_text[seed.spans[at].start : seed.spans[at].end] for at in claim.at)
        stated = seed.quantities[claim.amount] if claim.amount else seed.times[claim.period] if claim.period else None
        if stated and stated.text not in where:
            missing.append((key, stated.text))
    assert missing == []


# ------------------------------------------------------------------ what holds without the text


def test_no_passage_and_so_no_claim_is_from_the_newsletter_form(seed: SimpleNamespace) -> None:
    assert {span.paragraph for span in seed.spans.values()} & FORM_PARAGRAPHS == set()
    assert {at for claim in seed.claims.values() for at in claim.at} <= set(seed.spans)


def test_every_paragraph_of_the_article_has_a_claim(seed: SimpleNamespace) -> None:
    spoken = {seed.spans[at].paragraph for claim in seed.claims.values() for at in claim.at}
    assert spoken == set(range(1, 38))


def test_a_quotation_rests_on_a_quoted_passage(seed: SimpleNamespace) -> None:
    unquoted = [
        key
        for key, claim in seed.claims.items()
        if (claim.voice or seed.defaults[key].voice) in QUOTING and not any(seed.spans[at].quoted for at in claim.at)
    ]
    assert unquoted == []


def test_only_headings_speak_in_the_voice_of_a_heading(seed: SimpleNamespace) -> None:
    headings = {5, 11, 17, 24}
    for key, claim in seed.claims.items():
        in_heading = {seed.spans[at].paragraph for at in claim.at} <= headings
        assert in_heading == (claim.voice == "heading"), key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two!", ["One.", "Two!"]),
        ("On Oct. 2 the U.S. guide came. It bars.", ["On Oct. 2 the U.S. guide came.", "It bars."]),
        ("“We think so.” It said so", ["“We think so.”", "It said so"]),
    ],
)
def test_the_rule_for_sentences_does_what_the_readme_says(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text, 0, len(text))] == expected
