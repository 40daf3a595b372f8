"""What a reader of the article would look for first is in the seed as the article has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kgraph.ingest.compile import Compiled


def claims(seed: SimpleNamespace, subject: str | None, predicate: str, object: str | None = None) -> list[Any]:
    """The claims of that pattern."""
    return [
        claim
        for claim in seed.claims.values()
        if subject in (None, claim.subject) and claim.predicate == predicate and object in (None, claim.object)
    ]


def amount(seed: SimpleNamespace, subject: str, predicate: str) -> tuple[str, Any, Any, Any, str]:
    (claim,) = claims(seed, subject, predicate)
    number = seed.quantities[claim.amount]
    return number.text, number.value, number.min, number.max, number.approximation


def speakers(seed: SimpleNamespace, key: str) -> tuple[str, ...]:
    return tuple(seed.claims[key].said_by or seed.defaults[key].said_by)


def test_the_whole_seed_compiles_and_no_two_claims_fall_together(compiled: Compiled, seed: SimpleNamespace) -> None:
    assert len(compiled.claims) == len(seed.claims)


@pytest.mark.parametrize(
    ("demander", "demand", "addressee"),
    [
        ("germany-state", "access-to-xinjiang", "chinese-government"),
        ("rights-groups-olympics-letter", "withdraw-beijing-2022", "ioc"),
        ("ngos-open-letter", "inquiry-mechanism-on-china", "united-nations"),
        ("chris-evans", "magnitsky-sanctions-on-officials", "united-kingdom-state"),
    ],
)
def test_four_demands_lead_from_who_asks_to_who_is_asked(
    demander: str, demand: str, addressee: str, seed: SimpleNamespace
) -> None:
    (asks,) = claims(seed, demander, "demands", demand)
    (asked,) = claims(seed, demand, "addressee", addressee)
    assert {asks.modality, asked.modality} == {None}, "as reported, the default"


def test_a_demand_says_what_the_source_leaves_out(seed: SimpleNamespace) -> None:
    assert seed.entities["sanctions-on-ccp"].flags == ("demander-unstated", "addressee-unstated")
    assert seed.entities["move-winter-games"].flags == ("addressee-unstated",)
    assert claims(seed, None, "demands", "sanctions-on-ccp") == []
    assert claims(seed, "move-winter-games", "addressee") == []


def test_numbers_keep_their_qualifier(seed: SimpleNamespace) -> None:
    assert amount(seed, "uk-petition", "signatureCount") == ("nearly 150,000", 150000, None, 150000, "just-under")
    assert amount(seed, "ngos-open-letter", "memberCount") == ("more than 300", None, 300, None, "more-than")
    assert amount(seed, "chinese-communist-party", "memberCount") == (
        "over 90 million",
        None,
        90_000_000,
        None,
        "more-than",
    )
    assert amount(seed, "demonstrations-1-october", "cityCount") == ("some 60", 60, None, None, "about")
    assert amount(seed, "rights-groups-olympics-letter", "memberCount") == ("160", 160, None, None, "exact")
    assert amount(seed, "people-renouncing", "renunciationCount") == (
        "almost 365 million",
        365_000_000,
        None,
        365_000_000,
        "just-under",
    )


def test_figures_are_credited_to_who_gives_them(seed: SimpleNamespace) -> None:
    assert speakers(seed, "i01-members") == ("chinese-communist-party",)
    assert speakers(seed, "i11-renunciations") == ("tuidang-global-center",)
    assert speakers(seed, "a11-signatures") == ("bitter-winter",)


def test_the_poll_has_seven_percentages_with_place_and_period(seed: SimpleNamespace) -> None:
    found = {
        (area.object, seed.quantities[value.amount].value, seed.times[period.period].edtf)
        for member in claims(seed, "pew-study", "hasObservation")
        for area in claims(seed, member.object, "refArea")
        for value in claims(seed, member.object, "percent")
        for period in claims(seed, member.object, "refPeriod")
    }
    assert found == {
        ("australia", 81, "2020~/.."),
        ("united-kingdom-place", 74, "2020~/.."),
        ("united-states-place", 73, "2020~/.."),
        ("south-korea", 31, "2005~"),
        ("south-korea", 76, "2020"),
        ("japan", 42, "2005~"),
        ("japan", 86, "2020"),
    }


def test_the_poll_s_record_names_nine_countries(seed: SimpleNamespace) -> None:
    assert len(claims(seed, "finding-record-negative", "refArea")) == 9


def test_the_member_of_parliament_speaks_through_bitter_winter(seed: SimpleNamespace) -> None:
    chained = [claim for claim in seed.claims.values() if claim.via]
    assert {seed.spans[at].paragraph for claim in chained for at in claim.at} == {34}
    assert {(*claim.said_by, *claim.via) for claim in chained} == {("chris-evans", "bitter-winter")}
    assert {claim.voice for claim in chained} == {"direct-quote", "paraphrase"}


def test_bitter_winter_is_credited_in_three_places(seed: SimpleNamespace) -> None:
    places = [seed.spans[at].paragraph for c in claims(seed, "article-01", "credits", "bitter-winter") for at in c.at]
    assert sorted(places) == [2, 3, 34]


def test_inserted_words_are_the_article_s_and_the_quotation_is_the_letter_s(seed: SimpleNamespace) -> None:
    assert speakers(seed, "e13-alleged-actor") == ("ngos-open-letter",)
    assert seed.claims["e13-alleged-actor"].object == "china-state"
    for claim in claims(seed, None, "allegedActor", "chinese-communist-party"):
        if claim.key.startswith("e22-"):
            assert speakers(seed, claim.key) == ("article-01",)
            assert claim.voice is None
    assert seed.notes["e22-n-inserted"].kind == "inserted-words"


def test_a_negated_stance_an_open_question_and_a_forecast_are_not_reported_as_fact(seed: SimpleNamespace) -> None:
    assert (seed.claims["d22-not-fit"].polarity, seed.claims["d22-not-fit"].modality) == ("negated", "opined")
    assert {c.modality for c in claims(seed, "inquiry-uighur-muslims", "examines")} == {"open-question"}
    assert seed.claims["h10-affects"].modality == "predicted"
    assert seed.claims["h21-changes"].modality == "conditional"
    assert {c.modality for c in claims(seed, "announced-anti-ccp-coalition", "opposes")} == {"announced"}


def test_nobody_is_sanctioned_by_what_was_only_debated_or_demanded(seed: SimpleNamespace) -> None:
    for measure, modality in (("measure-sanctions-on-ccp", "debated"), ("measure-magnitsky-officials", "demanded")):
        assert {c.modality for c in claims(seed, measure, "appliesTo")} == {modality}
        assert [c.object for c in claims(seed, measure, "measureStatus")] == [f"kgs:{modality}"]


def test_contradictions_and_narrower_statements_are_linked(seed: SimpleNamespace) -> None:
    assert seed.claims["c08-think-tank"].conflicts_with == ("c10-consulting-firm",)
    for key in ("h06-immigrant-status", "h07-permanent-residence"):
        assert "h04-bars" in seed.claims[key].qualifies


def test_an_allegation_says_who_alleges_it(seed: SimpleNamespace) -> None:
    allegations = {key for key, entity in seed.entities.items() if entity.type == "Allegation"}
    assert allegations - {claim.object for claim in claims(seed, None, "alleges")} == {"allegation-uighur-situation"}
    assert claims(seed, "uk-parliament-debate", "citesGround", "allegation-uighur-situation")


def test_only_two_collectives_have_a_named_member_or_leader(seed: SimpleNamespace) -> None:
    collectives = {
        "rights-groups-olympics-letter",
        "inter-parliamentary-alliance-on-china",
        "ngos-open-letter",
        "groups-1-october",
        "announced-anti-ccp-coalition",
        "group-of-39-countries",
    }
    members = {(c.subject, c.object) for c in [*claims(seed, None, "hasMember"), *claims(seed, None, "ledBy")]}
    assert {(a, b) for a, b in members if a in collectives} == {
        ("ngos-open-letter", "amnesty-international"),
        ("ngos-open-letter", "human-rights-watch"),
        ("inter-parliamentary-alliance-on-china", "iain-duncan-smith"),
    }
    flagged = {key for key in collectives if "members-unstated" in seed.entities[key].flags}
    assert flagged == collectives - {"ngos-open-letter"}


def test_the_misprinted_short_form_is_kept_and_noted(seed: SimpleNamespace) -> None:
    assert seed.entities["inter-parliamentary-alliance-on-china"].misprints == ("IATP",)
    assert seed.notes["d12-n-short-form"].about == ("d12-m-iatp",)
    assert seed.notes["d12-n-short-form"].basis == "unverified"


def test_a_year_that_was_inferred_says_so_and_has_a_note(seed: SimpleNamespace) -> None:
    inferred = {key for key, time in seed.times.items() if time.basis == "year-inferred"}
    assert inferred == {"september", "same-month", "late-september", "october-1", "october-2"}
    assert all(seed.times[key].edtf.startswith("2020-") for key in inferred)
    noted = {seed.claims[key].period or seed.claims[key].time for key in seed.notes["j02-n-year"].about}
    assert noted == inferred


def test_a_suspected_discrepancy_that_was_not_checked_says_so(seed: SimpleNamespace) -> None:
    suspected = [note for note in seed.notes.values() if note.kind == "factual-discrepancy"]
    assert suspected
    assert [n.key for n in suspected if n.basis == "unverified" and "not checked" not in n.text] == []


def test_the_example_of_the_readme_is_a_claim_file(
    folder: Path, tmp_path: Path, compile_files: Callable[..., Compiled]
) -> None:
    readme = (folder.parent / "README.md").read_text("utf-8")
    example = tmp_path / "example.yaml"
    example.write_text(readme.partition("```yaml\n")[2].partition("```")[0], "utf-8")
    assert len(compile_files(example).claims) == 7


def test_the_readme_names_every_file_of_the_folder(folder: Path) -> None:
    readme = (folder.parent / "README.md").read_text("utf-8")
    unnamed = [f.name for f in folder.iterdir() if f"`{f.name}`" not in readme and not f.name.startswith("claims-")]
    assert unnamed == []
