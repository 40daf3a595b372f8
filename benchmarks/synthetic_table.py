"""Synthetic claim tables: scale-free ends, 50 relations of the ontology, hubs, speakers, sources, dates, doubts.

    python benchmarks/synthetic_table.py --rows 1000000 --entities 100000 claims.csv      # or .parquet, .arrow

Nine in ten rows are relations of their own, drawn as in `synthetic.py`; one in ten says another one again, by another
speaker, and some of these deny it. Each entity is of a class; a relation is drawn, by Zipf's law, among those whose
domain and range fit both ends. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
from synthetic import PREDICATES, scale_free

from kgraph.namespaces import Namespaces
from kgraph.schema import Relation, Schema

CLASSES = {"Organisation": 0.4, "Person": 0.3, "Event": 0.1, "Document": 0.1, "Place": 0.1}
MODALITIES = {"reported": 0.85, "alleged": 0.05, "announced": 0.03, "opined": 0.03, "demanded": 0.02, "predicted": 0.02}
REPEATED, DENIED = 0.1, 0.3
"""The share of rows that repeat a relation, and of those, the share that denies it."""
HUB_SHARE = 0.07
SPEAKERS, SOURCES = 1_000, 300
SILENT, SOURCELESS, UNDATED, RELAYED, UNSURE = 0.1, 0.2, 0.05, 0.05, 0.5
"""The shares of rows without a speaker, a source, a date; with a relay, with a confidence."""

Ints = npt.NDArray[np.int64]


def claim_table(rows: int, entities: int, *, seed: int = 7) -> pa.Table:
    """A table of so many rows about so many entities; the largest hub has 7 % of the rows as object."""
    random = np.random.default_rng(seed)
    own = rows - int(rows * REPEATED)
    graph = scale_free(entities, own, hub=int(own * HUB_SHARE), seed=seed)
    kind = np.searchsorted(np.cumsum(list(CLASSES.values())), random.random(entities)).clip(0, len(CLASSES) - 1)
    relations, fitting = _relations()
    again = random.integers(0, own, rows - own)
    subject, object_ = graph.source.astype(np.int64), graph.target.astype(np.int64)
    relation = _drawn(random, fitting[kind[subject], kind[object_]])
    order = random.permutation(rows)
    subject, object_, relation = (
        np.concatenate((column, column[again]))[order] for column in (subject, object_, relation)
    )
    denied = np.concatenate((np.zeros(own, np.bool_), random.random(rows - own) < DENIED))[order]
    agents = np.flatnonzero(kind < 2)
    speakers = agents[random.permutation(len(agents))[:SPEAKERS]]
    names = [f"{name} {number:06}" for number, name in enumerate(np.array(list(CLASSES))[kind])]
    sources = [f"Daily {number:03}" for number in range(SOURCES)]
    modality = np.searchsorted(np.cumsum(list(MODALITIES.values())), random.random(rows)).clip(0, len(MODALITIES) - 1)
    confidence = [f"{hundredth / 100:.2f}" for hundredth in range(101)]
    return pa.table(
        {
            "subject": _column(names, subject),
            "subject_type": _column(list(CLASSES), kind[subject]),
            "predicate": _column([each.curie.removeprefix("kg:") for each in relations], relation),
            "object": _column(names, object_),
            "object_type": _column(list(CLASSES), kind[object_]),
            "said_by": _column(names, speakers[_skewed(random, len(speakers), rows)], random.random(rows) < SILENT),
            "source": _column(sources, _skewed(random, SOURCES, rows), random.random(rows) < SOURCELESS),
            "date": _column(*_dates(random, rows), random.random(rows) < UNDATED),
            "relay": _column(names, speakers[_skewed(random, len(speakers), rows)], random.random(rows) >= RELAYED),
            "modality": _column(list(MODALITIES), modality),
            "polarity": _column(["affirmed", "negated"], denied.astype(np.int64)),
            "confidence": _column(confidence, random.integers(40, 101, rows), random.random(rows) >= UNSURE),
        }
    )


def _relations() -> tuple[list[Relation], npt.NDArray[np.float64]]:
    """50 relations, and for each pair of classes the shares of those that fit, cumulated."""
    namespaces = Namespaces.load()
    schema = Schema.load(namespaces)
    classes = [f"{namespaces.kg}{name}" for name in CLASSES]

    def fits(side: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        return np.array([any(schema.is_a(each, wanted) for wanted in side) for each in classes])

    joining = [
        r for r in schema.relations.values() if "entity" in r.kinds and fits(r.domain).any() and fits(r.range).any()
    ]
    general = [r for r in joining if fits(r.domain).all() and fits(r.range).all()]
    chosen = sorted([*general, *(r for r in joining if r not in general)][:PREDICATES], key=lambda r: r.iri)
    assert len(chosen) == PREDICATES
    shares = 1 / np.arange(1, PREDICATES + 1)
    fitting = np.array([np.outer(fits(r.domain), fits(r.range)) for r in chosen]).transpose(1, 2, 0) * shares
    return chosen, np.cumsum(fitting / fitting.sum(axis=2, keepdims=True), axis=2)


def _drawn(random: np.random.Generator, cumulated: npt.NDArray[np.float64]) -> Ints:
    """One relation for each row of cumulated shares."""
    drawn = random.random(len(cumulated))
    places = np.empty(len(cumulated), np.int64)
    for start in range(0, len(cumulated), 100_000):
        part = slice(start, start + 100_000)
        places[part] = (cumulated[part] < drawn[part, None]).sum(axis=1)
    return places.clip(0, PREDICATES - 1)


def _skewed(random: np.random.Generator, number: int, rows: int) -> Ints:
    """Numbers below another, small ones more often."""
    weights = 1 / np.sqrt(np.arange(1, number + 1))
    return np.searchsorted(np.cumsum(weights / weights.sum()), random.random(rows)).clip(0, number - 1)


def _dates(random: np.random.Generator, rows: int) -> tuple[list[str], Ints]:
    """Days of ten years; one in seven only a month, one in ten only a year."""
    days = [str(np.datetime64("2012-01-01") + day) for day in range(3653)]
    texts = [*days, *dict.fromkeys(day[:7] for day in days), *dict.fromkeys(day[:4] for day in days)]
    place = {text: number for number, text in enumerate(texts)}
    shorter = np.array([[place[day], place[day[:7]], place[day[:4]]] for day in days])
    how = np.searchsorted([0.76, 0.9], random.random(rows))
    return texts, shorter[random.integers(0, len(days), rows), how]


def _column(values: list[str], places: Ints, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(places, mask=missing))


def write(table: pa.Table, file: Path) -> None:
    """Write a table as its suffix says."""
    if file.suffix == ".csv":
        pyarrow.csv.write_csv(table, file, pyarrow.csv.WriteOptions(quoting_style="needed"))
    elif file.suffix == ".parquet":
        pyarrow.parquet.write_table(table, file, compression="zstd")
    else:
        pyarrow.feather.write_feather(table, file, compression="zstd")


def main() -> None:
    """Write a claim table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    write(claim_table(given.rows, given.entities, seed=given.seed), given.file)


if __name__ == "__main__":
    main()
