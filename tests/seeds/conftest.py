"""Fixtures of the seed's tests: the shipped folder, its claim files read, and the article where this machine has it."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kgraph import resources
from kgraph.ingest import claimfile
from kgraph.ingest import compile as compiling
from kgraph.ingest.compile import Compiled
from kgraph.ingest.symbols import Symbols
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder of the one shipped source."""
    return resources.folder("seeds") / "article-01"


@pytest.fixture(scope="session")
def compile_files() -> Callable[..., Compiled]:
    """Compile claim files with the packaged ontology."""

    def run(*paths: Path) -> Compiled:
        namespaces = Namespaces.load()
        return compiling.compile(claimfile.read(paths), namespaces, Schema.load(namespaces), lambda iri: False)

    return run


@pytest.fixture(scope="session")
def compiled(folder: Path, compile_files: Callable[..., Compiled]) -> Compiled:
    """The shipped source as quads."""
    return compile_files(folder)


@pytest.fixture(scope="session")
def seed(folder: Path) -> SimpleNamespace:
    """What the claim files hold, by key; a claim's file is beside it, since defaults are the file's."""
    symbols = Symbols.of(claimfile.read([folder]))
    return SimpleNamespace(
        source=symbols.sources[0].value,
        entities={key: item.value for key, item in symbols.entities.items()},
        spans={key: item.value for key, item in symbols.spans.items()},
        quantities={key: item.value for key, item in symbols.quantities.items()},
        times={key: item.value for key, item in symbols.times.items()},
        mentions={item.value.key: item.value for item in symbols.mentions},
        notes={item.value.key: item.value for item in symbols.notes},
        claims={item.value.key: item.value for item in symbols.claims},
        defaults={item.value.key: item.file.content.defaults for item in symbols.claims},
    )


@pytest.fixture(scope="session")
def coverage(folder: Path) -> list[dict[str, str]]:
    """The lines of coverage.csv."""
    with (folder / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def article_text() -> str:
    """The article, which the project does not ship; tests that need it are skipped where it is not at hand."""
    places = [os.environ.get("KGRAPH_SOURCE_TEXT"), str(ROOT.parent / "shared" / "article" / "article.txt")]
    for place in places:
        if place and Path(place).is_file():
            return Path(place).read_bytes().decode("utf-8")
    pytest.skip(
        "the article's text is not on this machine: KGRAPH_SOURCE_TEXT names no file, and there is no "
        "../shared/article/article.txt beside the checkout"
    )
