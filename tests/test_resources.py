"""The ontology and the seeds are found in a checkout and in a wheel alike."""

import pytest

from kgraph import resources


def test_the_ontology_and_the_shipped_seeds_are_found() -> None:
    assert (resources.ontology() / "kgraph.ttl").is_file()
    assert [p.name for p in resources.seeds()] == ["article-01"]


def test_a_folder_the_installation_lacks_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="'fairies'"):
        resources.folder("fairies")
