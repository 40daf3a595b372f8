"""Run a command in this process as a shell would: arguments in; exit status, stdout and stderr out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kgraph.cli import main


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")

    def command(*arguments: object) -> Done:
        status = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        out, err = capfdbinary.readouterr()
        return Done(status, out.decode(), err.decode())

    return command


@pytest.fixture
def ask(run: Callable[..., Done], reading_folder: Path) -> Callable[..., Done]:
    """A command about the shipped graph."""
    return lambda *arguments: run(*arguments, "--data", reading_folder)


@pytest.fixture(scope="session")
def reading_folder(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped graph in a folder that these tests only read."""
    import shutil

    folder = tmp_path_factory.mktemp("cli") / "data"
    shutil.copytree(seeded_folder, folder)
    return folder
