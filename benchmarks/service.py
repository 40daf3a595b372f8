"""The service under load: `GET /paths` and `GET /neighbourhood`, evidence and sentences included, distinct questions,
beside the same app returning as many bytes that never change, by FastAPI's way and by that of our own questions.

    python benchmarks/service.py --claims 1000000

One process serves the app of `kgraph serve` with a route more for each question; wrk asks over 32 connections, one kind
of question after the other. Needs wrk (Debian's package).
"""

from __future__ import annotations

import argparse
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import numpy as np
from fastapi import FastAPI
from kept import FOLDER
from loaded import folder_of, names, opened, pairs
from measure import machine
from pressure import PATIENCE, loaded, wrk_is_here
from starlette.responses import Response

from kgraph.cli.server import run
from kgraph.cli.serving import listen
from kgraph.settings import Settings
from kgraph_api.app import create_app
from kgraph_api.route import QuestionRoute

PACKAGES = ["kgraph-claims", "uvicorn", "fastapi", "starlette", "orjson", "numba", "numpy"]
QUESTIONS = ("paths", "neighbourhood")
SAMPLE = 300


def serve(data: Path, sizes: list[int]) -> None:
    """Serve until ended: the app, and beside each question a route with constant bytes, through the same middleware."""
    listener = listen("127.0.0.1", 0)
    with opened(data) as graph:
        app = create_app(Settings(data=data), graph=graph)
        for question, size in zip(QUESTIONS, sizes, strict=True):
            _constant(app, question, b"[" + b"0," * (size // 2) + b"0]")
        run(app, listener, f"http://127.0.0.1:{listener.getsockname()[1]}")


def _constant(app: FastAPI, question: str, body: bytes) -> None:
    async def constant() -> Response:
        return Response(body, media_type="application/json")

    app.add_api_route(f"/constant-{question}", constant, response_model=None)
    direct = QuestionRoute(f"/direct-{question}", constant, methods=["GET"], response_model=None)
    app.router.routes.append(direct)


@contextmanager
def running(data: Path, sizes: list[int]) -> Iterator[str]:
    """The address of the service in a process of its own; ended when left."""
    command = [sys.executable, __file__, "--serve", str(data), "--sizes", *map(str, sizes)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        address = process.stderr.readline().strip()
        if not address.startswith("http://"):
            raise SystemExit(f"the service did not come up: {address}\n{process.stderr.read()}")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


def addresses(data: Path, claims: int, count: int, hops: int) -> dict[str, list[str]]:
    """For each question so many distinct addresses, or as many as the graph has."""
    sources, targets = names(data, claims)
    order = np.random.default_rng(19).permutation(everyone := sorted({*sources, *targets})).tolist()
    print(f"- {len(everyone):,} entities with a relation")
    return {
        "paths": [f"/paths?{urlencode({'source': a, 'target': b})}" for a, b in pairs(sources, targets, count)],
        "neighbourhood": [f"/neighbourhood?{urlencode({'entity': one, 'hops': hops})}" for one in order[:count]],
    }


def sampled(address: str, asked: list[str]) -> int:
    """The median size of the first answers, after a look at what is in them."""
    sizes, verdicts, edges, evidence = [], Counter[str](), 0, 0
    with httpx2.Client(base_url=address, timeout=PATIENCE) as client:
        for path in asked[:SAMPLE]:
            answer = client.get(path).raise_for_status()
            sizes.append(len(answer.content))
            told = answer.json()
            verdicts[told.get("verdict", "a neighbourhood")] += 1
            for path_told in told.get("paths", ()):
                assert path_told["sentence"]
            for edge in told.get("edges", [e for p in told.get("paths", ()) for e in p["edges"]]):
                edges += 1
                evidence += all(claim["where"] for claim in edge["claims"])
    median = int(statistics.median(sizes))
    print(
        f"- {len(sizes)} answers to {asked[0].partition('?')[0]}: {dict(verdicts)}; bytes: median {median:,}, ", end=""
    )
    print(
        f"most {max(sizes):,}; {edges:,} edges, {evidence:,} of them with a passage or row of every claim", flush=True
    )
    return median


def _first(address: str, asked: str) -> float:
    """Seconds until the first answer to a question, for which kernels may have to be loaded."""
    began = time.perf_counter()
    httpx2.get(f"{address}{asked}", timeout=PATIENCE).raise_for_status()
    return time.perf_counter() - began


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument(
        "--claims", type=int, default=0, help="of a synthetic claim table; the shipped seeds if not given"
    )
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--hops", type=int, default=1, help="of a neighbourhood")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", type=int, nargs="*", default=[2] * len(QUESTIONS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.sizes)
        return
    wrk_is_here()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the service is ended whatever ends this
    machine(PACKAGES)
    data = folder_of(given.claims, given.folder)
    asked = addresses(data, given.claims, int(given.seconds * 20_000), given.hops)
    with running(data, given.sizes) as address:
        sizes = [sampled(address, asked[question]) for question in QUESTIONS]
    began = time.perf_counter()
    with running(data, sizes) as address:
        up = time.perf_counter() - began
        first = ", ".join(f"{_first(address, asked[question][-1]):.1f} s to {question}" for question in QUESTIONS)
        print(f"- the service is there {up:.1f} s after its start; its first answers take {first}\n")
        print(f"{given.connections} connections, {given.seconds:g} s each.\n")
        print(
            "| | bytes | answers a second | p50 ms | p99 ms | `GET` is of it |\n|---|---|---|---|---|---|", flush=True
        )
        for question, size in zip(QUESTIONS, sizes, strict=True):
            ours = loaded(address, asked[question], given.connections, given.seconds)
            same = {
                "constant bytes, a route as anyone adds it": f"/constant-{question}",
                "constant bytes, by the questions' own short way": f"/direct-{question}",
            }
            rows = {f"`GET /{question}`": ours} | {
                name: loaded(address, [path], given.connections, given.seconds) for name, path in same.items()
            }
            for name, row in rows.items():
                of = f"{ours.rate / row.rate:.2f}" if row is not ours and row.requests else ""
                print(f"| {name} | {size:,} | {row.rate:,.0f} | {row.p50:.1f} | {row.p99:.1f} | {of} |", flush=True)
            for name, row in rows.items():
                if row.refused or row.broken or not row.requests:
                    print(f"\n{name}: {row.requests} answers, {row.refused} refused, {row.broken} broken.\n")
            if ours.requests > len(asked[question]):
                print(f"\n{ours.requests:,} requests, {len(asked[question]):,} of them distinct.\n")


if __name__ == "__main__":
    main()
