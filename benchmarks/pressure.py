"""Requests over many connections at once, with wrk (Debian's package)."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx2

QUIET, SOON = 20, 0.02
"""So many answers in a row within so many seconds show that the service does nothing else."""
PATIENCE = 120


@dataclass(frozen=True)
class Load:
    """What wrk measured: answers in so many seconds, milliseconds of the median and the 99th percentile."""

    requests: int
    seconds: float
    p50: float
    p99: float
    refused: int
    broken: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def wrk_is_here() -> None:
    """End with words where it is not."""
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not here: make bench-setup, or apt-get install wrk")


def loaded(
    address: str, asked: list[str], connections: int, seconds: float, accept: str = "*/*", settled: str = "/livez"
) -> Load:
    """Let wrk ask, after two seconds to warm up. `settled` is what is asked until the service is quiet; nothing if
    empty."""
    if settled:
        _settle(address, settled)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(f"{line}\n" for line in asked)
        file.flush()
        script = Path(__file__).with_name("distinct.lua")
        for duration in (2, seconds):
            command = ["wrk", "-t1", f"-c{connections}", f"-d{duration:g}s", "--timeout", "30s", "-s", str(script)]
            command += ["-H", f"Accept: {accept}"]
            told = subprocess.run([*command, address, "--", file.name], capture_output=True, text=True, check=True)
    return Load(**json.loads(told.stdout.strip().splitlines()[-1]))


def _settle(address: str, path: str) -> None:
    """Wait until nothing is being answered any more that wrk asked before it ended."""
    ends, quick = time.perf_counter() + PATIENCE, 0
    with httpx2.Client(base_url=address, timeout=PATIENCE) as client:
        while quick < QUIET and time.perf_counter() < ends:
            began = time.perf_counter()
            client.get(path)
            quick = quick + 1 if time.perf_counter() - began < SOON else 0
