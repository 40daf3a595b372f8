"""Opening the persisted index, its checksum verified, beside building it from the journal.

    python benchmarks/opening.py --edges 10000000

Each in a process of its own. Opened is: the journal's log read, the index mapped, all of it hashed, the last generation
of claims and names ready to be asked. First with the file out of the system's memory, where this machine lets us drop
it, then with the file in it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from journalled import JournalFolder, indexing, journal_of
from kept import FOLDER
from measure import machine, resident
from ranked import RankedGraph

PACKAGES = ["kgraph-claims", "numpy", "numba", "xxhash", "pyarrow"]
CACHES = Path("/proc/sys/vm/drop_caches")
TIMES = 5


def opened(path: Path) -> tuple[float, int]:
    """Seconds, and by how many bytes the process grew."""
    resident_before, began = resident(), time.perf_counter()
    catalogue = indexing(JournalFolder(path)).opened().catalogue
    took = time.perf_counter() - began
    assert catalogue.columns.claims
    return took, resident() - resident_before


def built(path: Path) -> tuple[float, int]:
    """The same, of what the journal says; the file is not looked at."""
    resident_before, began = resident(), time.perf_counter()
    folder = JournalFolder(path)
    catalogue = indexing(folder).built(folder.generation).catalogue
    took = time.perf_counter() - began
    assert catalogue.columns.claims
    return took, resident() - resident_before


def in_a_process(what: str, path: Path) -> tuple[float, int]:
    """What a child told."""
    told = subprocess.run(
        [sys.executable, __file__, "--child", what, str(path)], capture_output=True, text=True, check=True
    )
    took, grew = told.stdout.split()
    return float(took), int(grew)


def dropped() -> bool:
    """Whether the system forgot the files it had read."""
    try:
        subprocess.run(["sync"], check=True)
        CACHES.write_text("3\n")
    except OSError:
        return False
    return True


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--edges", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        what, path = given.child
        print(*(opened if what == "open" else built)(Path(path)))
        return
    machine(PACKAGES)
    place = given.folder / f"journal-{given.edges}"
    path = journal_of(place, lambda: RankedGraph.drawn(given.edges // 10, given.edges, once=True))
    if not (path / "index").exists():
        in_a_process("open", path)  # which builds and keeps it
    file = indexing(JournalFolder(path)).file
    assert file is not None
    print(f"- index of {given.edges:,} edges: {file.stat().st_size / 2**20:,.0f} MiB\n")
    print("| what | seconds | memory, MiB |\n|---|---|---|")
    took, grew = in_a_process("build", path)
    print(f"| built from the journal | {took:.2f} | {grew / 2**20:,.0f} |", flush=True)
    for name, cold in (("opened, the file not in memory before", True), ("opened, the file in memory", False)):
        times = []
        for _ in range(TIMES):
            if cold and not dropped():
                print(f"| {name} | this machine does not let us | |")
                break
            took, grew = in_a_process("open", path)
            times.append(took)
        else:
            shown = ", ".join(f"{one:.3f}" for one in sorted(times))
            print(f"| {name} | {shown} | {grew / 2**20:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
