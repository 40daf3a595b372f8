"""Timing one call after another over the same pairs, and telling it as a table row."""

from __future__ import annotations

import atexit
import gc
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

Pair = tuple[int, int]


@dataclass(frozen=True)
class Timed:
    """Milliseconds of each call, and what each gave."""

    name: str
    ms: list[float]
    answers: list[object]

    @property
    def p50(self) -> float:
        """The median."""
        return float(np.percentile(self.ms, 50))

    @property
    def p99(self) -> float:
        """The 99th percentile."""
        return float(np.percentile(self.ms, 99))


def timed(name: str, call: Callable[[int, int], object], pairs: Sequence[Pair], seconds: float = 60) -> Timed:
    """Each pair once, one after another, without garbage collection, after three calls to warm up; ended after so
    many seconds."""
    ms: list[float] = []
    answers: list[object] = []
    for pair in pairs[-3:]:
        call(*pair)
    gc.collect()
    gc.disable()
    ends = time.perf_counter() + seconds
    try:
        for pair in pairs:
            began = time.perf_counter_ns()
            answer = call(*pair)
            ms.append((time.perf_counter_ns() - began) / 1e6)
            answers.append(answer)
            if time.perf_counter() > ends:
                break
    finally:
        gc.enable()
    return Timed(name, ms, answers)


def spread(name: str, ms: Sequence[float]) -> str:
    """How times spread, in words."""
    p50, p99 = np.percentile(ms, (50, 99))
    return f"{name}: p50 {p50:.3f} ms, p99 {p99:.3f} ms, most {max(ms):.3f} ms, {len(ms)} times"


def table(title: str, rows: Sequence[Timed]) -> None:
    """Each row, beside it how many times slower than the first it is; over the pairs that both did."""
    print(f"\n### {title}\n\n| engine | pairs | p50 ms | p99 ms | p50 × | p99 × |\n|---|---|---|---|---|---|")
    first = rows[0]
    for row in rows:
        same = Timed("", first.ms[: len(row.ms)], [])
        by50, by99 = row.p50 / same.p50, row.p99 / same.p99
        print(f"| {row.name} | {len(row.ms)} | {row.p50:.4f} | {row.p99:.4f} | {by50:.1f} | {by99:.1f} |", flush=True)


def machine(packages: Sequence[str]) -> None:
    """What the figures below were measured on; and at the end, whether it was quiet until then."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    now = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    print(f"{now} UTC, {model}, {os.cpu_count()} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}")
    print(f"at the start; Python {platform.python_version()}, {platform.platform()};")
    print(
        ", ".join(f"{name} {version(name)}" for name in packages)
        + f".\nCommand: `python {' '.join(sys.argv)}`, at commit {_commit()}.",
        flush=True,
    )
    began = time.perf_counter()
    atexit.register(
        lambda: print(f"\nAfter {time.perf_counter() - began:,.0f} s: load {os.getloadavg()[0]:.1f}.", flush=True)
    )


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"


def resident() -> int:
    """Bytes of memory that the process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def built(name: str, make: Callable[[], Any]) -> Any:
    """Make something and say what it took."""
    before, began = resident(), time.perf_counter()
    made = make()
    print(
        f"- {name}: built in {time.perf_counter() - began:.1f} s, {(resident() - before) / 2**20:,.0f} MiB", flush=True
    )
    return made
