"""A claim table loaded whole, beside what the engine alone takes for the same quads.

    python benchmarks/bulk.py --rows 1000000 --entities 100000 --folder /somewhere/with/20/GB

`kgraph load TABLE`, as a process of its own: read, checked, journaled, stored, indexed, searchable. Beside it, in a
process of its own too, `pyoxigraph.Store(folder).bulk_load(path=…)` of the same quads, which lie on the disk as
N-Quads. Both begin with an empty folder; the peak of memory is what the kernel tells of the process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from measure import machine
from synthetic_table import claim_table, write

from kgraph.store.journal import Journal

PEER = """
import sys, pyoxigraph
store = pyoxigraph.Store(sys.argv[1])
store.bulk_load(path=sys.argv[2])
store.flush()
"""


@dataclass(frozen=True)
class Run:
    """One process: seconds on the wall, seconds of processors, peak of resident memory in MiB."""

    wall: float
    cpu: float
    peak: float

    def __str__(self) -> str:
        return f"{self.wall:8.1f} s, {self.cpu:8.1f} s of processors, peak {self.peak:,.0f} MiB"


def measured(command: list[str]) -> Run:
    """Run a command to its end."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[:4]} ended with status {status}")
    return Run(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def as_nquads(data: Path, file: Path) -> int:
    """Write every quad of a data folder's journal to a file; answers how many."""
    journal = Journal.open(data / "journal")
    count = 0
    with file.open("wb") as target:
        for commit in journal.commits():
            for piece in journal.lines(commit.seq):
                target.write(piece)
            count += commit.added
    return count


def main() -> None:
    """Make a table, load it both ways, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--suffix", default=".csv", choices=(".csv", ".parquet", ".arrow"))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("bulk"))
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    table, data, quads, peer = (given.folder / name for name in (f"claims{given.suffix}", "data", "quads.nq", "peer"))
    write(claim_table(given.rows, given.entities), table)
    machine(["kgraph-claims", "pyoxigraph", "pyarrow"])
    print(
        f"{given.rows:,} rows, {given.entities:,} entities, {table.stat().st_size / 1e6:,.1f} MB as {given.suffix[1:]}"
    )
    for _ in range(given.rounds):
        for folder in (data, peer):
            shutil.rmtree(folder, ignore_errors=True)
        ours = measured([sys.executable, "-m", "kgraph", "load", str(table), "--strict", "--data", str(data)])
        count = as_nquads(data, quads)
        theirs = measured([sys.executable, "-c", PEER, str(peer), str(quads)])
        payload = max(file.stat().st_size for file in (data / "journal" / "payloads").iterdir())
        print(
            f"{count:,} quads, {quads.stat().st_size / 1e6:,.0f} MB as N-Quads, {payload / 1e6:,.1f} MB in the journal"
        )
        print(f"kgraph load          {ours}")
        print(f"pyoxigraph bulk_load {theirs}")
        print(f"ratio {ours.wall / theirs.wall:.2f} (wall), {ours.cpu / theirs.cpu:.2f} (processors)", flush=True)
        quads.unlink()


if __name__ == "__main__":
    main()
