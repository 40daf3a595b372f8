"""A service over a small made-up graph, and (session-wide) one over the shipped seeds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

import kgraph
from kgraph import model as m
from kgraph.errors import ClaimNotFoundError, EntityNotFoundError, ParameterError, SourceNotFoundError
from kgraph.formats import RDF, RESULTS, named
from kgraph.keys import Keys
from kgraph.model import Durations, Size, SparqlLoad, Standing
from kgraph.namespaces import Namespaces
from kgraph.settings import Settings
from kgraph_api.app import create_app

IRI = "https://w3id.org/kgraph/id/"


def ref(slug: str, label: str | None = None, type: str = "kg:Organisation") -> m.EntityRef:
    return m.EntityRef(f"id:{slug}", f"{IRI}{slug}", label or slug.title(), type, type[3:].lower())


ARTICLE = ref("article-01", "Article 01", "kg:Article")
IOC = ref("ioc", "International Olympic Committee", "kg:InternationalBody")
GROUPS = ref("groups", "<script>alert(1)</script> 160 groups", "kg:Coalition")
SPAN = m.Span("id:span-1", "id:article-01", 13, 2, 10, 20, "ab", text="<b>bold</b>")
TABLE = m.Span("id:span-2", "id:article-01", None, None, None, None, None, table="t", row=4)
PLACELESS = m.Span("id:span-3", "id:article-01", None, None, None, None, None)
WHEN = m.TimeSpan("id:time-1", "September", "2020-09", "2020-09-01", "2020-09-30", "year-inferred")
NUMBER = m.Quantity("id:qty-1", "more than 300", None, 300, None, "more-than", True, "organisations")
NOTE = m.Note("id:note-1", "id:ioc", "name-variant", "a note of ours", "javascript:alert(1)")
EVIDENCE = m.ClaimRef("id:claim-1", (GROUPS,), (IOC,), ARTICLE, "paraphrase", "alleged", "negated", SPAN, WHEN)


def a_claim(id: str = "id:claim-1", **other: Any) -> m.Claim:
    fields: dict[str, Any] = {
        "id": id,
        "iri": f"{IRI}claim-1",
        "subject": GROUPS,
        "predicate": "kg:addressedTo",
        "predicate_label": "addresses",
        "object": IOC,
        "quantity": None,
        "period": None,
        "said_by": (GROUPS,),
        "via": (IOC,),
        "chain": (ARTICLE, IOC, GROUPS),
        "article": ARTICLE,
        "where": (SPAN, TABLE, PLACELESS),
        "voice": "paraphrase",
        "polarity": "affirmed",
        "modality": "alleged",
        "status": "current",
        "source_certainty": "beyond-doubt",
        "confidence": 0.9,
        "role": "leader",
        "when": WHEN,
        "conflicts_with": ("id:claim-2",),
        "qualifies": (),
        "qualified_by": (),
        "notes": (NOTE,),
        "sentence": "groups address the IOC",
    }
    return m.Claim(**{**fields, **other})


EDGE = m.Edge("id:groups", "kg:addressedTo", "addresses", "id:ioc", True, (EVIDENCE,))
FAR_EDGE = m.Edge("id:elsewhere", "kg:addressedTo", "addresses", "id:ioc", True, (EVIDENCE,))
NEAR = m.NeighbourRef(
    GROUPS.id,
    GROUPS.iri,
    GROUPS.label,
    GROUPS.type,
    GROUPS.type_label,
    1,
    ("members not named by the source",),
    NUMBER,
    WHEN,
)
FAR = m.NeighbourRef("id:far", f"{IRI}far", "Far away", "kg:Person", "person", 2)
SOURCE = m.Source(
    ARTICLE.id, ARTICLE.iri, ARTICLE.label, ARTICLE.type, "article", "ab" * 32, 7799, ("title",), 2, 3,
    (m.Credit(GROUPS, "said_by", 2), m.Credit(IOC, "via", 1)), False, WHEN,
)  # fmt: skip
ENTITY = m.Entity(
    IOC.id, IOC.iri, IOC.label, IOC.type, IOC.type_label, m.Labels(IOC.label, ("IOC",), ("ICO",)), (),
    (
        m.Fact("kg:membersUnstated", "members unstated", "true", "members not named by the source"),
        m.Fact("skos:exactMatch", "same as", "javascript:alert(2)"),
        m.Fact("skos:exactMatch", "same as", "http://www.wikidata.org/entity/Q1"),
    ),
    (m.QuantityClaim("kg:memberCount", "counts members", NUMBER, (EVIDENCE,)),), (),
    (m.NeighbourCount("kg:addressedTo", "addresses", "backward", 1),),
    (a_claim(), a_claim("id:claim-3", quantity=NUMBER), a_claim("id:claim-4", period=WHEN)),
    (m.Mention("id:mention-1", "<i>IOC</i>", "id:ioc", True, (SPAN,), (NOTE,)),), (NOTE,), True, "next-page", 7, "lens",
    {"id": "ioc", "cursor": "next-page", "at": 7},
)  # fmt: skip
CODES = {"https://w3id.org/kgraph/scheme/reported": "reported"}


class FakeGraph:
    """Answers fixed values, and keeps what it was asked. `fails` is raised by every verb when it is set."""

    def __init__(self) -> None:
        self.generation = 7
        self.spool_folder = None
        self.following = None
        self.sparql_load = SparqlLoad(2, 1, {"quick": 3}, {"deadline": 4})
        self.standing = Standing(7, 7, 7, 6, False)
        self.size = Size(3, 2)
        self.sync_times = Durations((0.01, 0.1), (1, 2), 3, 1.5)
        self.namespaces = Namespaces.load()
        self.asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.fails: Exception | None = None
        self.schema = SimpleNamespace(
            version="0.1.0",
            classes={},
            relations={},
            concepts=CODES,
            declares=CODES.__contains__,
            schema_org=lambda _: "Organization",
            values=lambda *_: (),
        )
        longer = lambda *args, **kwargs: None  # noqa: E731
        self.example_queries = (
            SimpleNamespace(label="A <b>question</b>", comment="what it shows", query="ASK { ?s ?p 1 }"),
        )
        self.at_once = SimpleNamespace(neighbourhood=longer, paths=longer)
        self.rows: dict[str, list[dict[str, str]]] = {
            "?entities": [{"entities": "3", "claims": "2"}],
            "?demand ": [],
            "LIMIT 1\n": [],
        }

    def _note(self, verb: str, *args: Any, **kwargs: Any) -> None:
        self.asked.append((verb, args, kwargs))
        if self.fails:
            raise self.fails

    def last(self, verb: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return next((args, kwargs) for name, args, kwargs in reversed(self.asked) if name == verb)

    def search(self, q: str, **kwargs: Any) -> m.SearchResult:
        self._note("search", q, **kwargs)
        hit = m.Hit(GROUPS.id, GROUPS.iri, GROUPS.label, GROUPS.type, GROUPS.type_label, 99.0, "160")
        again = {"q": q, "cursor": "next-page"}
        return m.SearchResult((hit,) if q != "nothing" else (), "next-page", True, 7, again)

    def entity(self, id: str, **kwargs: Any) -> m.Entity:
        self._note("entity", id, **kwargs)
        if not id.endswith("ioc") and not id.endswith("article-01"):
            raise EntityNotFoundError(id, [("id:ioc", IOC.label)])
        return ENTITY

    def neighbourhood(self, entity: str, **kwargs: Any) -> m.Neighbourhood:
        self._note("neighbourhood", entity, **kwargs)
        counts = m.Counts({"kg:addressedTo": 1}, {"kg:Coalition": 1})
        return m.Neighbourhood(
            IOC, kwargs.get("hops", 1), (NEAR, FAR), (EDGE, FAR_EDGE), counts, True, "next-page", 7, "lens"
        )

    def connect(self, entities: Any, **kwargs: Any) -> m.Neighbourhood:
        self._note("connect", entities, **kwargs)
        apart = replace(NEAR, distance=0, notes=("not connected with <i>ioc</i>",))
        stopped = {"verdict": "stopped", "stopped_by": "max_edges"} if "slow" in entities else {}
        return m.Neighbourhood(None, 1, (apart,), (), m.Counts({}, {}), False, None, 7, "lens", **stopped)

    def paths(self, source: Any, target: Any, **kwargs: Any) -> m.Paths:
        self._note("paths", source, target, **kwargs)
        verdict: Any = {"nowhere": "none_within", "slow": "stopped"}.get(target[0], "found")
        found = (m.Path(1, (GROUPS, IOC), (EDGE,), "groups address the IOC (P13)"),) if verdict == "found" else ()
        work, stopped_by = m.Work(3, 0.1), "max_ms" if verdict == "stopped" else None
        again = {"source": source, "target": target, "max_ms": 4000, "at": 7} if stopped_by else None
        kept_out = m.Exclusion("modality", ("reported",), 3, "Without modality (<b>reported</b>) there is a path.")
        excluded_by = kept_out if verdict == "none_within" else None
        return m.Paths(verdict, 6, work, stopped_by, found, None, 7, "lens", excluded_by=excluded_by, again=again)

    def compare(self, entity: str, **kwargs: Any) -> m.Comparison:
        self._note("compare", entity, **kwargs)
        side = m.ComparedSide("a <i>lens</i>", 7, 2, 3)
        changes = (m.Change("vanishes", EDGE, (EVIDENCE,)), m.Change("stays", FAR_EDGE, (EVIDENCE,), (EVIDENCE,)))
        counts = {"vanishes": 1, "appears": 0, "stays": 1}
        return m.Comparison(IOC, None, 1, side, side, counts, "1 vanishes", (NEAR, FAR), changes, False, None, 7)

    def timeline(self, entity: str, **kwargs: Any) -> m.Timeline:
        self._note("timeline", entity, **kwargs)
        return m.Timeline(IOC, (a_claim(),), False, None, 7, "lens")

    def claim(self, id: str) -> m.Claim:
        self._note("claim", id)
        if not id.endswith("claim-1"):
            raise ClaimNotFoundError(id)
        return a_claim()

    def sources(self, **kwargs: Any) -> m.Sources:
        self._note("sources", **kwargs)
        return m.Sources((SOURCE,), False, None, 7)

    def source(self, id: str) -> m.Source:
        self._note("source", id)
        if not id.endswith("article-01"):
            raise SourceNotFoundError(id)
        return SOURCE

    def sparql(self, query: str, **kwargs: Any) -> Any:
        self._note("sparql", query, **kwargs)
        graph = "CONSTRUCT" in query or "DESCRIBE" in query
        among = RDF if graph else RESULTS
        chosen = next((f for f in among if f.name in kwargs["format"].split(",")), None)
        if chosen is None:
            raise ParameterError("format", kwargs["format"], f"answered in {', '.join(f.name for f in among)}")
        body, verdicts = self._body(query, graph), ("found",) * query.count("SERVICE")
        return SimpleNamespace(media_type=chosen.content_type, body=body, generation=7, verdicts=verdicts)

    async def sparql_async(self, query: str, *, aside: Any, **kwargs: Any) -> Any:
        assert aside
        return await asyncio.to_thread(self.sparql, query, **kwargs)

    async def bind(self) -> None:
        """A made-up graph has nothing to start."""

    def _body(self, query: str, graph: bool) -> bytes:
        if graph:
            return b"<http://example.org/s> a <http://example.org/T> ."
        if "ASK" in query:
            return b'{"head":{},"boolean":true}'
        default = [{"s": "http://example.org/s", "x": "1"}]
        rows = next((rows for word, rows in self.rows.items() if word in query), default)
        bindings = [{k: {"type": "uri" if ":" in v else "literal", "value": v} for k, v in r.items()} for r in rows]
        names = list(rows[0]) if rows else []
        return orjson.dumps({"head": {"vars": [*names, "gap"]}, "results": {"bindings": bindings}})

    def generation_at(self, at: Any = None, min_generation: Any = None) -> int:
        return self.generation if at is None else int(at)

    def kind(self, id: str) -> str:
        kinds = {"id:claim-1": "claim", "id:article-01": "source", "id:ioc": "entity", "id:note-1": "thing"}
        if id not in kinds:
            raise EntityNotFoundError(id)
        return kinds[id]

    def describe(self, id: str, format: str, **kwargs: Any) -> Iterator[bytes]:
        self._note("describe", id, format, **kwargs)
        return iter([f"{id} in {format}".encode()])

    def concept(self, code: str, format: str) -> bytes:
        return f"{code} in {format}".encode()

    def update(self, text: str, **kwargs: Any) -> m.UpdateReport:
        assert kwargs.pop("timeout") > 0
        self._note("update", text, **kwargs)
        return m.UpdateReport(True, 8, 1, 0)

    def get_graph(self, name: str | None, format: str) -> Any:
        self._note("get_graph", name, format)
        return SimpleNamespace(media_type=named(format, RDF).content_type, body=b"triples", generation=7, tag="t")

    def put_graph(self, name: str | None, *documents: Any, **kwargs: Any) -> m.UpdateReport:
        assert kwargs.pop("timeout") > 0
        self._note("put_graph", name, *documents, **kwargs)
        return m.UpdateReport(True, 8, 1, 0, (name,) if name else ())

    def post_graph(self, name: str | None, *documents: Any, **kwargs: Any) -> m.UpdateReport:
        assert kwargs.pop("timeout") > 0
        self._note("post_graph", name, *documents, **kwargs)
        return m.UpdateReport(True, 8, 1, 0)

    def delete_graph(self, name: str | None, **kwargs: Any) -> m.UpdateReport:
        assert kwargs.pop("timeout") > 0
        self._note("delete_graph", name, **kwargs)
        return m.UpdateReport(True, 8, 0, 1, (), (name,) if name else ())

    def service_description(self, format: str, *, endpoint: str, writable: bool) -> bytes:
        return f"service description in {format} of {endpoint}".encode()

    def void(self, format: str, *, endpoint: str) -> bytes:
        return f"void in {format} of {endpoint}".encode()

    def ontology(self, format: str) -> bytes:
        return f"ontology in {format}".encode()

    def export(self, format: str, **kwargs: Any) -> Iterator[bytes]:
        self._note("export", format, **kwargs)
        return iter([b"a" * 40_000, b"b" * 40_000, b"c"])

    def check_export(self, format: str, **kwargs: Any) -> None:
        self._note("check_export", format, **kwargs)

    def close(self) -> None:
        self._note("close")


@pytest.fixture
def fake() -> FakeGraph:
    return FakeGraph()


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def client(fake: FakeGraph, settings: Settings) -> TestClient:
    """A client of the service over the made-up graph."""
    return TestClient(create_app(settings, fake), base_url="http://testserver")  # type: ignore[arg-type]


@pytest.fixture
def writer(client: TestClient, settings: Settings) -> TestClient:
    """The same client with a key that may write."""
    client.headers["Authorization"] = f"Bearer {Keys(settings.data).create('write', 'test')[1]}"
    return client


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client that may write, of a service over a graph of its module's own with nothing but the ontology in it."""
    folder = tmp_path_factory.mktemp("store") / "data"
    settings = Settings(data=folder)
    with kgraph.open(folder, settings=settings) as graph, TestClient(create_app(settings, graph)) as client:
        client.headers["Authorization"] = f"Bearer {Keys(folder).create('write')[1]}"
        yield client


@pytest.fixture(scope="session")
def seeded(graph: kgraph.KnowledgeGraph) -> TestClient:
    """A client of the service over the shipped seeds."""
    return TestClient(create_app(graph.settings, graph))


@pytest.fixture
def html() -> dict[str, str]:
    """The Accept header of a browser."""
    return {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
