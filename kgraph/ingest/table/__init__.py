"""Claim tables: CSV, Parquet or Arrow, a claim a row, checked column by column and loaded in one go.

    cells (reading, mapping) → rows (values, things) → kinds, standing → assembly → ClaimTable

What a row must say, and how a mapping file names columns, is told in `seeds/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kgraph.ingest.table.loading import PreparedTable, TableOptions, prepare
from kgraph.ingest.table.reading import is_table

__all__ = ["PreparedTable", "TableOptions", "prepare", "sorted_out"]


def sorted_out(paths: Iterable[Path | str]) -> tuple[list[Path], list[Path]]:
    """The claim tables among some files, and the others."""
    files = [Path(path) for path in paths]
    return [file for file in files if is_table(file)], [file for file in files if not is_table(file)]
