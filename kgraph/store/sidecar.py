"""The file beside the engine's own that tells what is surely in a store on disk.

`generation.json`: `{"generation": 12, "mark": "…", "manifest": ["MANIFEST-000005", 1234]}`, written after the engine
has flushed. The engine's manifest lists its files and only grows; from one that was cut the engine opens an earlier
state and says nothing. So how long it was is kept here, and looked at before the engine opens it.
"""

from __future__ import annotations

import json
from pathlib import Path

from kgraph.errors import DamagedError
from kgraph.store import files

NAME = "generation.json"
DATABASE = "oxigraph"


def read(folder: Path) -> tuple[int, str]:
    """Generation and mark; generation 0 (nothing can be relied on) where it says nothing sensible."""
    try:
        content = json.loads((folder / NAME).read_text("utf-8"))
        return max(int(content["generation"]), 0), str(content["mark"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""


def write(folder: Path, generation: int, mark: str) -> None:
    """Say that a generation is in the store, whole. Raises OSError."""
    text = json.dumps({"generation": generation, "mark": mark, "manifest": _manifest(folder)})
    files.replace(folder / NAME, f"{text}\n".encode())


def check(folder: Path) -> None:
    """Raise DamagedError where the manifest is shorter than it was when its generation was written down.

    An engine that was opened since has a later one, of its own: nothing is known of that.
    """
    try:
        name, length = json.loads((folder / NAME).read_text("utf-8"))["manifest"]
        now, is_long = _manifest(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return
    if now == name and is_long < int(length):
        raise DamagedError(f"the store {folder} lost the end of its {name}: {is_long:,} of {length:,} bytes are there")


def _manifest(folder: Path) -> tuple[str, int]:
    name = (folder / DATABASE / "CURRENT").read_text("ascii").strip()
    return name, (folder / DATABASE / name).stat().st_size
