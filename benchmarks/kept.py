"""What takes long to make and is made once: databases, journals and data folders, outside of the checkout."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

FOLDER = Path("/tmp/kgraph-bench")


def made_once(place: Path, make: Callable[[Path], None]) -> Path:
    """What `make` leaves at a place, made when it is not there; half of it is never taken for the whole."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        began = time.perf_counter()
        make(part)
        part.rename(place)
        print(f"- {place.name}: made in {time.perf_counter() - began:,.0f} s", flush=True)
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    print(f"- {place}: {size / 2**20:,.0f} MiB on disk", flush=True)
    return place
