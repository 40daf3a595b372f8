"""What somebody may have meant."""

from kgraph.ingest.suggest import did_you_mean


def test_a_slip_gets_the_word_that_was_meant() -> None:
    assert did_you_mean("articel", ["heading", "article-voice", "paraphrase"]) == "; did you mean article-voice?"


def test_a_word_like_no_other_gets_no_suggestion() -> None:
    assert did_you_mean("qqq", ["heading", "paraphrase"]) == ""


def test_several_may_be_offered() -> None:
    assert did_you_mean("head", ["heading", "header", "x"], limit=2) == "; did you mean header or heading?"
