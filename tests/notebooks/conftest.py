"""The notebooks, executed once each against a real service."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture(scope="session")
def executed(service: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Run a notebook from top to bottom as Jupyter would, once, and give it back with its outputs.

    A cell that fails raises CellExecutionError, which shows it.
    """
    settled = {name: str(tmp_path_factory.mktemp(name)) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR")}
    done: dict[str, Any] = {}

    def run(name: str) -> Any:
        if name not in done:
            notebook = nbformat.read(FOLDER / name, as_version=4)
            where = {"metadata": {"path": str(FOLDER)}}
            client = NotebookClient(notebook, timeout=200, kernel_name="python3", resources=where)
            client.store_widget_state = False  # so that a page of it draws graphs without a kernel
            client.execute(env={**os.environ, **settled, "KGRAPH_URL": service})
            done[name] = notebook
        return done[name]

    return run
