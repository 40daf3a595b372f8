"""What only some need: imported when it is asked for, and missed in words that say how to get it."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def needed(module: str, extra: str) -> Any:
    """The module, or ModuleNotFoundError that names the extra which brings it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise ModuleNotFoundError(
            f"{module} is not installed: `pip install 'kgraph-claims[{extra}]'` brings it", name=error.name
        ) from error
