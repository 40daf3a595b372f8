"""A pytest plugin for networkx's own tests: how often the backend answered which function, into a file."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

_answered: Counter[str] = Counter()


def pytest_collection_modifyitems() -> None:
    """Before the first test: count from here on."""
    from kgraph.traversal import networkxbackend
    from kgraph.traversal.networkxinfo import get_info

    functions: Any = get_info()["functions"]
    for name in functions:
        setattr(networkxbackend, name, _counted(name, getattr(networkxbackend, name)))


def _counted(name: str, function: Any) -> Any:
    def answer(*args: Any, **kwargs: Any) -> Any:
        _answered[name] += 1
        return function(*args, **kwargs)

    return answer


def pytest_unconfigure() -> None:
    """After the last test."""
    Path(os.environ["KGRAPH_BACKEND_COUNTS"]).write_text(json.dumps(_answered))
