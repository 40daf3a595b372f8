"""The seed judges nothing and copies nothing."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

from kgraph import resources

RUN = 8


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def loaded_words() -> set[str]:
    """The list of the lint query: data of the ontology, not of this test."""
    query = (resources.ontology() / "queries" / "lint" / "evaluative-label.rq").read_text("utf-8")
    return set(re.findall(r'"([a-z ]+)"', query.partition("VALUES")[2].partition("}")[0]))


def names(seed: SimpleNamespace) -> dict[str, list[str]]:
    return {key: [e.label, *e.aliases, *e.misprints] for key, e in seed.entities.items()}


def test_no_name_holds_a_loaded_word(seed: SimpleNamespace) -> None:
    loaded = loaded_words()
    assert {"regime", "dictatorship", "tyranny", "atrocities", "brutally", "scandal", "alarming"} <= loaded
    assert {key: all_ for key, all_ in names(seed).items() if loaded & set(words(" ".join(all_)))} == {}


def test_a_loaded_word_in_a_mention_is_flagged(seed: SimpleNamespace) -> None:
    loaded = loaded_words()
    unflagged = [k for k, m in seed.mentions.items() if loaded & set(words(m.text)) and not m.evaluative]
    assert unflagged == []


def test_the_article_s_loaded_words_are_kept_as_mentions(seed: SimpleNamespace) -> None:
    kept = {word for mention in seed.mentions.values() if mention.evaluative for word in words(mention.text)}
    assert {"regime", "dictatorship", "tyranny", "atrocities", "brutally", "scandal", "alarming"} <= kept


def test_a_surface_form_has_fewer_than_eight_words(seed: SimpleNamespace) -> None:
    texts = [s.text for part in (seed.mentions, seed.quantities, seed.times) for s in part.values()]
    assert [text for text in texts if len(words(text)) >= RUN] == []


def test_two_entities_of_one_type_never_share_a_label(seed: SimpleNamespace) -> None:
    labels = [(entity.type, entity.label) for entity in seed.entities.values()]
    assert len(labels) == len(set(labels))


def test_no_run_of_eight_words_of_the_article_stands_in_the_seed(folder: Path, article_text: str) -> None:
    article = runs(article_text)
    files = [path for path in folder.parent.rglob("*") if path.is_file()]
    copied = {path.name: found for path in files if (found := runs(path.read_text("utf-8")) & article)}
    assert files
    assert copied == {}


def test_no_name_of_an_entity_is_a_sentence_of_the_article(seed: SimpleNamespace, article_text: str) -> None:
    text = " ".join(words(article_text))
    long = [name for all_ in names(seed).values() for name in all_ if len(words(name)) >= RUN]
    assert [name for name in long if " ".join(words(name)) in text] == []
