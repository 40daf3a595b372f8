"""The OpenAPI document: complete, and every example in it answers on the shipped seeds."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest

ROUTES = {
    "/search", "/entity", "/neighbourhood", "/paths", "/connect", "/compare", "/timeline", "/claim", "/sources",
    "/source",
    "/sparql", "/update", "/export", "/export.{suffix}", "/id/{slug}", "/ontology", "/ontology.{suffix}", "/ns",
    "/scheme/{code}",
    "/reconcile", "/reconcile/suggest/{kind}", "/reconcile/flyout/{kind}", "/reconcile/properties",
    "/reconcile/preview",
    "/.well-known/void", "/graphs", "/graphs/{name}", "/livez", "/readyz", "/metrics",
}  # fmt: skip


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, verb, o) for path, verbs in document["paths"].items() for verb, o in verbs.items()]


def test_every_route_is_described(client: Any) -> None:
    document = client.get("/openapi.json").json()
    assert set(document["paths"]) == ROUTES
    assert document["openapi"].startswith("3.1")
    assert "A client may ask for less, not for more." in document["info"]["description"]
    for path, verb, operation in operations(document):
        assert operation["summary"], (path, verb)
        assert operation["description"], (path, verb)
        assert "Validation" not in str(operation["responses"].get("422"))
        assert "400" in operation["responses"], (path, verb)
        assert "200" in operation["responses"]
        assert "default" not in operation["responses"]  # it would document every status
        for status, response in operation["responses"].items():
            assert ("application/problem+json" in response.get("content", {})) == (status >= "400"), (
                path,
                verb,
                status,
            )


def test_every_reference_leads_somewhere(client: Any) -> None:
    text = client.get("/openapi.json").text
    document = client.get("/openapi.json").json()
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in document["components"]["schemas"]


def test_an_empty_graph_has_a_document_too(client: Any, fake: Any) -> None:
    from kgraph.model import Sources

    fake.sources = lambda **kwargs: Sources((), False, None, 7)
    document = client.get("/openapi.json").json()
    assert "example" not in document["paths"]["/claim"]["get"]["parameters"][0]


@pytest.mark.slow
def test_every_example_answers_and_fits_its_schema(seeded: Any) -> None:
    document = seeded.get("/openapi.json").json()
    tried = 0
    for path, verb, operation in operations(document):
        if "security" in operation or path == "/graphs/{name}":
            continue
        for address, body in requests(path, operation):
            answer = seeded.request(verb.upper(), address, follow_redirects=False, **body)
            assert answer.status_code in (200, 303), (address, answer.text)
            assert str(answer.status_code) in operation["responses"]
            content = operation["responses"]["200"]["content"]
            media_type = answer.headers.get("content-type", "").partition(";")[0]
            if answer.status_code == 200:
                assert media_type in content, (address, media_type)
            schema = content.get(media_type, {}).get("schema")
            if media_type == "application/json" and schema:
                jsonschema.validate(answer.json(), {**schema, "components": document["components"]})
            tried += 1
    assert tried >= len(ROUTES) + 2


def test_every_example_of_writing_answers_and_fits_its_schema(store: Any) -> None:
    document = store.get("/openapi.json").json()
    written = [(path, verb, o) for path, verb, o in operations(document) if "security" in o]
    assert len(written) == 7
    for path, verb, operation in written:
        for address, body in requests(path, operation):
            answer = store.request(verb.upper(), address, **body)
            assert answer.status_code in (200, 201), (verb, address, answer.text)
            content = operation["responses"][str(answer.status_code)]["content"]
            schema = {**content["application/json"]["schema"], "components": document["components"]}
            jsonschema.validate(answer.json(), schema)
        assert {"401", "403"} <= operation["responses"].keys()


def requests(path: str, operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The requests an operation's examples make: one of its parameters, one for each example of a body."""
    examples = {p["name"]: (p["in"], p["example"]) for p in operation.get("parameters", []) if "example" in p}
    for name, (place, value) in examples.items():
        if place == "path":
            path = path.replace(f"{{{name}}}", value)
    query = {name: value for name, (place, value) in examples.items() if place == "query"}
    bodies: list[dict[str, Any]] = []
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        values = [content["example"]] if "example" in content else [e["value"] for e in content["examples"].values()]
        kinds = {"application/json": "json", "application/ld+json": "json", "application/x-www-form-urlencoded": "data"}
        kind = kinds.get(media_type, "content")
        bodies += [{kind: value, "headers": {"Content-Type": media_type}} for value in values]
    return [(path, {**body, "params": query}) for body in bodies] or [(path, {"params": query})]
