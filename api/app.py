"""The service: `create_app(settings)` puts graph, middleware, routers, errors together. Nothing at import."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fastapi_offline
from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.staticfiles import StaticFiles

import kgraph
from kgraph import KnowledgeGraph
from kgraph.keys import Keys
from kgraph.namespaces import Namespaces
from kgraph.settings import Settings

from . import errors, openapi, rendering
from .accesslog import AccessLog
from .budgeting import Budgeting
from .draining import Draining
from .middleware import BodyLimit, Envelope, Tags
from .route import Direct
from .routers import (
    claims,
    compare,
    entities,
    export,
    graphs,
    linked,
    neighbourhood,
    pages,
    paths,
    reconcile,
    search,
    sparql,
    system,
    update,
)
from .shortway import ShortWay
from .stopping import Stopping
from .telemetry import Telemetry

DESCRIPTION = """\
A graph of attributed claims: who is connected to whom, and who says so, where. What stands here is what sources
say, not what this service says.

Identifiers may be an IRI, a CURIE (`id:ioc`) or the bare slug (`ioc`). Lists page by an opaque cursor. An answer that
was cut says in `again` with which parameters to ask on, at the same generation: for the next page, or with twice the
limit that stopped a search. Errors are `application/problem+json`. Every answer names the generation of the graph it
was read from.
"""


def create_app(settings: Settings, graph: KnowledgeGraph | None = None) -> FastAPI:
    """The service over the folder `settings.data`, or over a graph already open (which stays the caller's to close)."""
    app = FastAPI(
        title="kgraph",
        version=version("kgraph-claims"),
        summary="Who is connected to whom, and who says so.",
        description=_described(settings),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=_lifespan,
        openapi_url=None,  # served by routers/system, built by openapi.py
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Looked for at every request; what is measured here is in `telemetry.py`.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    telemetry = Telemetry()
    app.state.settings = settings
    app.state.graph = graph
    app.state.keys = Keys(settings.data)
    app.state.telemetry = telemetry
    app.state.tags = Tags()
    app.state.protocol = ShortWay
    app.state.stopping = Stopping()
    app.state.starting = asyncio.Lock()
    app.state.templates = rendering.environment(Namespaces.load(settings.base_iri))
    errors.install(app)
    for router in (
        search,
        entities,
        neighbourhood,
        paths,
        compare,
        claims,
        sparql,
        update,
        graphs,
        export,
        reconcile,
        linked,
        system,
        pages,
    ):
        app.router.routes.extend(router.router.routes)  # without prefix or dependency: the short way to each
    telemetry.fixed = frozenset(route.path for route in app.router.routes if isinstance(route, APIRoute))
    app.mount("/static", StaticFiles(directory=Path(__file__).resolve().parent / "static"))
    app.mount("/docs/assets", StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static"))
    app.add_middleware(Direct)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(Budgeting, settings=settings, keys=app.state.keys)
    app.add_middleware(Draining, stopping=app.state.stopping)
    app.add_middleware(Envelope, telemetry=telemetry, tags=app.state.tags)
    app.add_middleware(AccessLog, settings=settings)  # the last one added is the outermost

    def document() -> dict[str, Any]:
        return openapi.document(app)

    app.openapi = document  # type: ignore[method-assign]
    return app


def _described(settings: Settings) -> str:
    bounds = (
        f"Bounds of this service: pages of {settings.max_limit}; path searches of {settings.max_ms} ms and "
        f"{settings.max_edges} edges; SPARQL of {settings.query_timeout:g} s and {settings.query_rows} rows; "
        f"bodies of {settings.max_body} bytes. A client may ask for less, not for more."
    )
    given = {"requests": settings.client_requests, "seconds of work": settings.client_seconds}
    budgets = " and ".join(f"{quota:g} {what}" for what, quota in given.items() if quota)
    budget = f" A client has {budgets} a minute; of questions other than SPARQL, files and tables, five count as one."
    return f"{DESCRIPTION}\n{bounds}{budget if budgets else ''}\n"


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    if app.state.graph is not None:
        await app.state.graph.bind()
        yield
        return
    settings: Settings = app.state.settings

    def opened() -> KnowledgeGraph:
        holder = f"kgraph serve at http://{settings.host}:{settings.port}"
        return kgraph.open(settings.data, settings=settings, holder=holder)

    app.state.graph = await to_thread.run_sync(opened)
    await app.state.graph.bind()
    try:
        yield
    finally:
        await to_thread.run_sync(app.state.graph.close)
        app.state.graph = None
