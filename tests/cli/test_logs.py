"""The log of a service: a line of JSON for whatever happened, and nothing of what must not be kept."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kgraph.cli.logs import JsonLines, configuration


@pytest.mark.parametrize("queries", ["false", "true"])
def test_each_request_is_one_line_without_keys_and_queries_only_when_asked(writable_folder: Path, queries: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "kgraph", "serve", "--port", "0", "--data", str(writable_folder)],
        env={**os.environ, "KGRAPH_LOG": "requests", "KGRAPH_LOG_QUERIES": queries},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        while (found := re.search(r"http://\S+", line := process.stderr.readline())) is None:
            assert line
        headers = {"X-Request-ID": "mine", "Authorization": "Bearer kgraph_secret"}
        httpx2.get(f"{found[0]}/entity?id=ioc&limit=1", headers=headers)
        httpx2.post(f"{found[0]}/update", headers=headers, content=b"x")
        process.send_signal(signal.SIGTERM)
        written = process.stderr.read()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    lines = [json.loads(line) for line in written.splitlines()]
    (entity,) = (line for line in lines if line.get("route") == "/entity")
    assert (entity["request"], entity["method"], entity["status"], entity["client"]) == (
        "mine",
        "GET",
        200,
        "127.0.0.1",
    )
    assert entity["bytes"] > 100
    assert entity["ms"] > 0
    assert int(entity["generation"]) > 0
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00\Z", entity["time"])
    assert "secret" not in written
    assert entity.get("query") == {"false": None, "true": "id=ioc&limit=1"}[queries]


def record(message: str, **other: Any) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "kgraph", "levelname": "WARNING", "msg": message, **other})


def test_a_line_stays_a_line_and_bounded() -> None:
    written = JsonLines().format(record("one\ntwo\x1b[31m" + "x" * 100_000))
    assert "\n" not in written
    assert "\x1b" not in written
    assert len(written) < 10_000
    assert json.loads(written)["message"].startswith("one\ntwo")


def test_an_exception_is_told_with_its_last_frames() -> None:
    try:
        int("why")
    except ValueError:
        written = JsonLines().format(record("it failed", exc_info=sys.exc_info()))
    assert json.loads(written)["exception"].endswith("with base 10: 'why'")


def test_a_person_reads_plain_lines_and_problems_alone_unless_asked() -> None:
    assert "format" in configuration("problems", for_a_person=True)["formatters"]["line"]
    assert configuration("problems", for_a_person=False)["loggers"]["kgraph_api"]["level"] == "WARNING"
    assert configuration("requests", for_a_person=False)["loggers"]["kgraph_api"]["level"] == "INFO"
