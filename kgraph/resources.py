"""Where the ontology and the shipped seeds are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `ontology` or `seeds`.

    Raises FileNotFoundError when the installation lacks it.
    """
    for place in (_PACKAGE / "data" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"this installation of kgraph has no folder {name!r}")


def ontology() -> Path:
    """The folder of the ontology: `kgraph.ttl`, schemes, shapes, queries."""
    return folder("ontology")


def seeds() -> tuple[Path, ...]:
    """The shipped seed folders, by name."""
    return tuple(sorted(p for p in folder("seeds").iterdir() if (p / "article.yaml").is_file()))
