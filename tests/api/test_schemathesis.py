"""What the OpenAPI document says holds for whatever is sent: no 5xx, no status that it does not name, and answers of
the kinds and shapes it names. `KGRAPH_EXAMPLES` is how many requests are made up for each route (`make soak`: 500).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from kgraph.settings import Settings
from kgraph_api.app import create_app

EXAMPLES = int(os.environ.get("KGRAPH_EXAMPLES", "50"))
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
    openapi_checks.missing_required_header,
    openapi_checks.unsupported_method,
    openapi_checks.ignored_auth,
]
NAMES = ["ioc", "id:ioc", "https://w3id.org/kgraph/id/ioc", "amnesty-international", "antonio-guterres", "article-01"]
CLASSES = ["kg:Person", "Organisation"]
RELATIONS = ["hasMember", "^hasMember", "kg:addresses"]
KNOWN = {
    **dict.fromkeys(["id", "entity", "entities", "source", "target", "via", "avoid", "said_by", "not_said_by"], NAMES),
    **dict.fromkeys(["type", "avoid_type"], CLASSES),
    "article": ["article-01"],
    "predicate": RELATIONS,
    "pattern": ["hasMember*", "kg:addresses/^hasMember", "(hasMember|addresses)+"],
    "weight": ["sources", "confidence", "hubs"],
    "modality": ["any", "alleged"],
    "include": ["documents", "codes", "types", "unattributed"],
    "at": ["2026-11-26", 1],
    "valid_from": ["2020-09-01"],
    "queries": [
        '{"a": {"query": "IATP", "type": "kg:Coalition"}}',
        '{"a": {"query": ""}}',
        "[]",
        '{"a": {"limit": "x"}}',
    ],
    "extend": ['{"ids": ["ioc"], "properties": [{"id": "kg:hasMember"}, {"id": "skos:altLabel"}]}', '{"ids": 1}'],
    "prefix": ["amn", "non gov", "has"],
    "kind": ["entity", "type", "property"],
    "format": ["turtle", "csv", "jsonld"],
    "suffix": ["ttl", "jsonld", "rdf", "graphml", "gexf", "csv", "nq", "html"],
    "slug": ["ioc", "ioc.ttl", "article-01.json", "curator.ttl"],
    "code": ["reported", "modality.ttl"],
}
"""What parameters mean something here: made-up texts alone would find nothing but what is not found."""

TERMS = ["?s", "?p", "?o", "id:ioc", "<urn:a>", "_:b", '"x"@en', "1", "kg:hasMember*", "[]"]
QUERIES = [
    "SELECT * {{ {} }} LIMIT 5",
    "ASK {{ {} }}",
    "CONSTRUCT {{ {0} }} WHERE {{ {0} }} LIMIT 5",
    "DESCRIBE id:ioc",
]
UPDATES = [
    "INSERT DATA {{ GRAPH <urn:g> {{ {} }} }}",
    "DELETE WHERE {{ GRAPH <urn:g> {{ {} }} }}",
    "CLEAR GRAPH <urn:g>",
    "INSERT {{ GRAPH <urn:g> {{ {0} }} }} WHERE {{ {0} }}",
]


def texts(templates: list[str]) -> st.SearchStrategy[str]:
    """SPARQL, whole and cut."""
    triple = st.tuples(*[st.sampled_from(TERMS)] * 3).map(" ".join)
    triples = st.lists(triple, max_size=3).map(" . ".join)
    whole = st.builds(lambda template, body: template.format(body), st.sampled_from(templates), triples)
    return st.one_of(whole, st.builds(lambda text, end: text[:end], whole, st.integers(0, 60)), st.text(max_size=20))


def encoded(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return strategy.map(lambda text: text.encode("utf-8", "surrogatepass"))


def documents(*wholes: str) -> st.SearchStrategy[bytes]:
    """RDF, whole and cut."""
    whole = st.sampled_from(wholes)
    return encoded(st.one_of(whole, st.builds(lambda text, end: text[:end], whole, st.integers(0, 80)), st.text()))


LINE = "<urn:a> <urn:b> <urn:c> .\n"
XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e">'
    "<rdf:Description><e:f>1</e:f></rdf:Description></rdf:RDF>"
)
for media_type, strategy in {
    "application/sparql-query": encoded(texts(QUERIES)),
    "application/sparql-update": encoded(texts(UPDATES)),
    "text/turtle": documents(LINE, "@prefix a: <urn:> . a:b a:c [ a:d (1 2.0 'x'@en) ] ."),
    "application/n-triples": documents(LINE, LINE * 3),
    "application/trig": documents(LINE, "GRAPH <urn:g> { <urn:a> <urn:b> 1 }"),
    "application/n-quads": documents(LINE, "<urn:a> <urn:b> <urn:c> <urn:g> ."),
    "application/rdf+xml": documents(XML),
}.items():
    schemathesis.openapi.media_type(media_type, strategy)

SCHEMA = schemathesis.openapi.from_dict(
    create_app(Settings(data=Path("nowhere"))).openapi(),
    config=schemathesis.Config.from_dict(
        {
            # A question that is wrong in two ways is told of one: perhaps that its generation is gone.
            "checks": {"negative_data_rejection": {"expected-statuses": ["400", "401", "404", "406", "410", "415"]}},
            "generation": {"max-examples": EXAMPLES, "deterministic": EXAMPLES <= 50},
            "suppress-health-check": ["all"],
        }
    ),
)


def sensible(name: str, value: Any) -> Any:
    """In place of half of the values one that means something; which, the value itself decides."""
    if isinstance(value, list):
        return [sensible(name, one) for one in value]
    chosen = sum(str(value).encode("utf-8", "replace"))
    known = KNOWN.get(name)
    return known[chosen // 2 % len(known)] if known and chosen % 2 else value


def accepted(case: schemathesis.Case) -> str:
    """One of the media types that the operation answers in, or one that it does not; which, the request decides."""
    offered = case.operation.definition.raw["responses"]["200"].get("content", {})
    wanted = ["*/*", "image/png", *offered]
    return wanted[sum(repr((case.query, case.path_parameters)).encode()) % len(wanted)]


def checks_of(case: schemathesis.Case) -> list[Any]:
    """What an answer is held to. A blank value counts as not given, so it need not be refused."""
    blank = any(map(is_blank, (case.query or {}).values()))
    return [one for one in CHECKS if not (blank and one is openapi_checks.negative_data_rejection)]


def is_blank(value: Any) -> bool:
    """Whether nothing of a value goes out: lists and objects of nothing neither."""
    return value == "" or (isinstance(value, list | dict) and all(map(is_blank, value)))


@SCHEMA.hook
def map_query(context: schemathesis.HookContext, query: dict[str, Any] | None) -> dict[str, Any] | None:
    return query and {name: sensible(name, value) for name, value in query.items()}


@SCHEMA.hook
def map_path_parameters(context: schemathesis.HookContext, path: dict[str, Any] | None) -> dict[str, Any] | None:
    return path and {name: sensible(name, value) for name, value in path.items()}


@pytest.fixture(scope="module")
def copied(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(seeded_folder, tmp_path_factory.mktemp("tried") / "data"))


@pytest.fixture(scope="module")
def served(serve: Callable[..., str], copied: Path) -> str:
    """A service of this module's own: what is sent here changes it."""
    return serve(copied)


@pytest.fixture(scope="module")
def session(served: str, copied: Path) -> Iterator[requests.Session]:
    """Whoever sends the requests; a key may write."""
    command = [sys.executable, "-m", "kgraph", "key", "create", "--scope", "write", "--data", str(copied), "--json"]
    told = subprocess.run(command, capture_output=True, check=True)
    with requests.Session() as opened:
        opened.headers["Authorization"] = f"Bearer {json.loads(told.stdout)['key']}"
        yield opened


@SCHEMA.parametrize()
def test_no_route_answers_what_is_not_documented(case: schemathesis.Case, served: str, session: Any) -> None:
    headers = {"Authorization": session.headers["Authorization"], "Accept": accepted(case)}
    case.call_and_validate(base_url=served, session=session, headers=headers, checks=checks_of(case), timeout=60)


def test_what_was_tried_is_what_is_served(served: str) -> None:
    document = httpx2.get(f"{served}/openapi.json").json()
    assert {path: list(verbs) for path, verbs in document["paths"].items()} == {
        path: list(verbs) for path, verbs in SCHEMA.raw_schema["paths"].items()
    }
