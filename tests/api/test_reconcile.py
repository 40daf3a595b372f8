"""The reconciliation service: what the published specification says of each answer, on the shipped seeds."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

# What version 0.2 of the specification asks of each answer, in our own words.
NAMED = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "description": {"type": "string"}},
}
SERVICE = {"properties": {"service_url": {"type": "string"}, "service_path": {"pattern": "^/"}}}
MANIFEST = {
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"contains": {"const": "0.2"}},
        "name": {"type": "string"},
        "identifierSpace": {"type": "string"},
        "schemaSpace": {"type": "string"},
        "documentation": {"type": "string"},
        "serviceVersion": {"type": "string"},
        "defaultTypes": {"type": "array", "uniqueItems": True, "items": NAMED},
        "view": {"required": ["url"], "properties": {"url": {"pattern": r"\{\{id\}\}"}}},
        "preview": {
            "required": ["url", "width", "height"],
            "properties": {
                "url": {"pattern": r"\{\{id\}\}"},
                "width": {"type": "integer"},
                "height": {"type": "integer"},
            },
        },
        "suggest": {
            "additionalProperties": {
                **SERVICE,
                "required": ["service_url", "service_path"],
                "properties": {**SERVICE["properties"], "flyout_service_path": {"pattern": r"\$\{id\}"}},
            }
        },
        "extend": {
            "properties": {
                "propose_properties": SERVICE,
                "property_settings": {
                    "items": {
                        "required": ["type", "label", "name"],
                        "properties": {"type": {"enum": ["number", "text", "checkbox", "select"]}},
                        "if": {"properties": {"type": {"const": "select"}}},
                        "then": {"required": ["choices"]},
                    }
                },
            }
        },
    },
}
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "required": ["result"],
        "properties": {
            "result": {
                "type": "array",
                "items": {
                    **NAMED,
                    "required": ["id", "name", "score"],
                    "properties": {
                        **NAMED["properties"],  # type: ignore[dict-item]
                        "score": {"type": "number", "minimum": 0, "maximum": 100},
                        "match": {"type": "boolean"},
                        "type": {"type": "array", "items": {"required": ["id"]}},
                        "features": {"items": {"properties": {"value": {"type": ["number", "boolean"]}}}},
                    },
                },
            }
        },
    },
}
SUGGESTIONS = {"required": ["result"], "properties": {"result": {"type": "array", "items": NAMED}}}
CELL = {
    "type": "object",
    "oneOf": [
        {"maxProperties": 0},
        {**NAMED, "additionalProperties": False},
        *(
            {"required": [name], "additionalProperties": False, "properties": {name: {"type": type}}}
            for name, type in (("str", "string"), ("int", "integer"), ("float", "number"))
        ),
    ],
}
EXTENSION = {
    "required": ["rows", "meta"],
    "properties": {
        "meta": {"type": "array", "items": NAMED},
        "rows": {"additionalProperties": {"additionalProperties": {"type": "array", "items": CELL}}},
    },
}


def asked(client: Any, schema: dict[str, Any], **form: Any) -> Any:
    """The answer to a form; it fits its schema."""
    answer = client.post("/reconcile", data={name: json.dumps(value) for name, value in form.items()})
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), schema)
    return answer.json()


def best(client: Any, **query: Any) -> list[tuple[str, bool]]:
    """The candidates of one row, each with whether it is certain."""
    found = asked(client, RESULTS, queries={"row": query})["row"]["result"]
    return [(one["id"], one["match"]) for one in found]


def test_the_manifest_says_where_everything_is_and_it_is_there(seeded: Any) -> None:
    manifest = seeded.get("/reconcile").json()
    jsonschema.validate(manifest, MANIFEST)
    assert manifest["identifierSpace"] == "https://w3id.org/kgraph/id/"
    for kind, where in manifest["suggest"].items():
        found = seeded.get(where["service_url"] + where["service_path"], params={"prefix": "or"}).json()
        jsonschema.validate(found, SUGGESTIONS)
        assert found["result"], kind
        for one in found["result"][:2]:
            shown = seeded.get(where["flyout_service_url"] + where["flyout_service_path"].replace("${id}", one["id"]))
            assert shown.json()["id"] == one["id"], kind
            assert one["name"].split("'")[0] in shown.json()["html"]
    for page in (manifest["preview"]["url"], manifest["view"]["url"]):
        assert seeded.get(page.replace("{{id}}", "ioc"), headers={"Accept": "text/html"}).status_code == 200


def test_misprints_aliases_and_typos_find_the_entity(seeded: Any) -> None:
    queries = {"a": {"query": "IATP"}, "b": {"query": "antonio guterres"}, "c": {"query": "Amnesty Internatonal"}}
    found = asked(seeded, RESULTS, queries=queries)
    assert {name: rows["result"][0]["id"] for name, rows in found.items()} == {
        "a": "inter-parliamentary-alliance-on-china",
        "b": "antonio-guterres",
        "c": "amnesty-international",
    }
    assert "IATP" in found["a"]["result"][0]["description"]
    assert [found[name]["result"][0]["match"] for name in "abc"] == [True, True, False]  # a typo is no certainty


def test_the_same_batch_is_answered_by_get(seeded: Any) -> None:
    queries = {"a": {"query": "IATP", "limit": 1}}
    answer = seeded.get("/reconcile", params={"queries": json.dumps(queries)})
    assert answer.json() == asked(seeded, RESULTS, queries=queries)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_types_narrow_or_only_prefer(seeded: Any) -> None:
    every = [id for id, _ in best(seeded, query="olympic")]
    assert {"ioc", "olympics-letter"} <= set(every)
    assert [id for id, _ in best(seeded, query="olympic", type="kg:Organisation")] == ["ioc"]
    preferred = best(seeded, query="olympic", type=["kg:Letter"], type_strict="should")
    assert preferred[0][0] == "olympics-letter"
    assert "ioc" in dict(preferred)
    assert best(seeded, query="olympic", type=["kg:Letter", "kg:Organisation"], type_strict="all") == []


def test_properties_decide_between_namesakes_and_find_what_has_no_name(seeded: Any) -> None:
    member = [{"pid": "kg:hasMember", "v": {"id": "amnesty-international", "name": "AI"}}]
    assert best(seeded, properties=member) == [("ngos-open-letter", True)]
    by_name = [{"pid": "hasMember", "v": ["Amnesty International"]}]
    found = asked(seeded, RESULTS, queries={"a": {"query": "open letter", "properties": by_name}})["a"]["result"]
    assert {one["id"]: one["features"][-1]["value"] for one in found}["ngos-open-letter"] == 1
    assert sum(one["features"][-1]["value"] for one in found) == 1


def test_an_identifier_is_itself(seeded: Any) -> None:
    assert best(seeded, query="https://w3id.org/kgraph/id/ioc") == [("ioc", True)]
    assert best(seeded, query="id:ioc", type="kg:Person") == [("ioc", False)]
    assert best(seeded, query="urn:nothing:of-the-kind") == []


def test_added_values_tell_who_says_so(seeded: Any) -> None:
    wanted = ["kg:hasMember", "^kg:issued", "kg:memberCount", "skos:altLabel", "rdf:type"]
    ids = ["ngos-open-letter", "nobody-of-that-name"]
    found = asked(seeded, EXTENSION, extend={"ids": ids, "properties": [{"id": id} for id in wanted]})
    row = found["rows"]["ngos-open-letter"]
    assert {one["id"] for one in row["kg:hasMember"]} == {"amnesty-international", "human-rights-watch"}
    assert "Article 01, P16" in row["kg:hasMember"][0]["description"]
    assert row["kg:memberCount"] == [{"str": "more than 300"}]  # no number is invented
    assert row["skos:altLabel"] == [{"str": "NGOs of the open letter"}]
    assert all(values == [] for values in found["rows"]["nobody-of-that-name"].values())
    assert found["meta"][0] == {
        "id": "kg:hasMember",
        "name": "has as member",
        "type": {"id": "kg:Agent", "name": "Agent"},
    }


def test_cells_may_hold_the_claims_instead(seeded: Any) -> None:
    settings = {"content": "claims", "limit": 1}
    extend = {"ids": ["ngos-open-letter"], "properties": [{"id": "kg:hasMember", "settings": settings}]}
    ((cell,),) = asked(seeded, EXTENSION, extend=extend)["rows"]["ngos-open-letter"].values()
    assert seeded.get("/claim", params={"id": cell["str"]}).json()["predicate"] == "kg:hasMember"


def test_properties_are_proposed_as_the_ontology_allows_them(seeded: Any) -> None:
    found = seeded.get("/reconcile/properties", params={"type": "kg:Person", "limit": 500}).json()
    offered = {one["id"] for one in found["properties"]}
    assert {"^kg:hasMember", "skos:altLabel"} <= offered
    assert "kg:hasMember" not in offered  # persons have no members
    assert found["type"] == "kg:Person"


def test_suggestions_go_on_where_a_page_ended(seeded: Any) -> None:
    first, second = (
        seeded.get("/reconcile/suggest/type", params={"limit": 3, "cursor": skip}).json()["result"] for skip in (0, 3)
    )
    assert len({one["id"] for one in first + second}) == 6
    letters = seeded.get("/reconcile/suggest/entity", params={"prefix": "letter", "type": "kg:Letter"}).json()
    assert {one["notable"][0]["id"] for one in letters["result"]} == {"kg:Letter"}


def test_only_the_preview_may_stand_in_a_frame(seeded: Any, html: dict[str, str]) -> None:
    preview = seeded.get("/reconcile/preview", params={"id": "ioc"}, headers=html)
    assert "frame-ancestors *" in preview.headers["content-security-policy"]
    assert "x-frame-options" not in preview.headers
    assert "<script" not in preview.text
    page = seeded.get("/entity", params={"id": "ioc"}, headers=html)
    assert page.headers["x-frame-options"] == "DENY"


def test_what_strangers_wrote_is_text_in_previews(client: Any, fake: Any) -> None:
    from dataclasses import replace

    known = fake.entity("id:ioc")
    fake.entity = lambda _, **__: replace(known, label="<script>alert(1)</script>")
    shown = client.get("/reconcile/preview", params={"id": "ioc"}).text
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


MANY = {"query": "ioc", "properties": [{"pid": "kg:hasMember", "v": ["a"] * 100}]}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"queries": "{"}, "is not JSON"),
        ({"queries": "[]"}, "is not a JSON object"),
        ({"queries": '{"q7": {"limit": 3}}'}, "q7"),
        ({"queries": '{"q7": {"query": "a", "wrong": 1}}'}, "q7.wrong"),
        ({"queries": '{"q7": {"query": "ioc", "type": "kg:Persn"}}'}, "kg:Persn"),
        ({"queries": '{"q7": {"query": "ioc", "limit": 5000}}'}, "q7.limit"),
        ({"queries": json.dumps({str(n): {"query": "a"} for n in range(101)})}, "at most 100"),
        ({"queries": json.dumps({"a": MANY, "b": MANY, "c": MANY})}, "at most 200 values"),
        ({"queries": '{"q7":' + "[" * 2000 + "]" * 2000 + "}"}, "queries"),
        ({"extend": '{"ids": ["ioc"], "properties": [{"id": "kg:nothing"}]}'}, "kg:nothing"),
        ({"extend": json.dumps({"ids": ["ioc"] * 501, "properties": [{"id": "rdf:type"}] * 2})}, "at most 1000"),
        ({"queries": "{}", "extend": "{}"}, "one of them"),
        ({"query": "ioc"}, "queries"),
        ({}, "is needed"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(seeded: Any, form: dict[str, str], told: str) -> None:
    answer = seeded.post("/reconcile", data=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400, answer.text
    assert told in answer.text


def test_a_batch_is_a_whole_request_of_a_budget_and_a_suggestion_a_part() -> None:
    from kgraph_api import budgeting

    assert budgeting._WHOLE.match("/reconcile")
    assert not budgeting._WHOLE.match("/reconcile/suggest/entity")
    assert budgeting._WHOLE.match("/export.ttl")


@pytest.mark.parametrize("path", ["properties", "suggest/type", "suggest/property", "suggest/entity"])
def test_a_limit_above_the_largest_is_refused(seeded: Any, path: str) -> None:
    asked = {"limit": 1 << 70} if path == "properties" else {"limit": 1 << 70, "prefix": "or"}
    assert seeded.get(f"/reconcile/{path}", params=asked).status_code == 400
