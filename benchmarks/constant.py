"""The service with two more routes that answer the same bytes every time: what an answer costs before any work is done.

    python benchmarks/constant.py --data FOLDER --bytes 6000 --port 8123
    wrk -t1 -c32 -d10s http://127.0.0.1:8123/constant

`/constant` is a route as anyone would add it, through FastAPI; `/constant/direct` goes the short way that the
service's own questions go (`api/route.py`), and is the harder one to be compared with.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response

from kgraph import KnowledgeGraph
from kgraph.cli.server import run
from kgraph.cli.serving import listen
from kgraph.settings import Settings
from kgraph_api.app import create_app
from kgraph_api.route import QuestionRoute


def with_constants(app: FastAPI, size: int) -> FastAPI:
    """The app with the two routes; `size` is of the body in bytes."""
    body = b"x" * size

    async def constant() -> Response:
        return Response(body, media_type="application/json")

    app.add_api_route("/constant", constant, response_model=None, include_in_schema=False)
    direct = QuestionRoute("/constant/direct", constant, methods=["GET"], response_model=None, include_in_schema=False)
    app.router.routes.append(direct)
    return app


def main() -> None:
    """Serve a folder until a signal ends it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bytes", type=int, required=True)
    parser.add_argument("--port", type=int, default=8123)
    given = parser.parse_args()
    settings = Settings(data=given.data, port=given.port)
    with (
        listen(settings.host, settings.port) as listener,
        KnowledgeGraph.open(settings.data, settings, address=f"http://{settings.host}:{settings.port}") as graph,
    ):
        run(with_constants(create_app(settings, graph), given.bytes), listener, f"port {settings.port}")


if __name__ == "__main__":
    main()
