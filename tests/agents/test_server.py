"""What a language model is given: asked with the protocol's own client, in memory, over stdio and over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx2
import orjson
import pytest
from mcp import Client, StdioServerParameters

import kgraph
from kgraph.agents import compact
from kgraph.agents.server import server

TOOLS = {
    "search_entities", "get_entity", "neighbourhood", "find_paths", "get_claim", "timeline", "sparql_query",
    "describe_schema",
}  # fmt: skip


class Door:
    """A graph as the command line opens it."""

    def __init__(self, graph: kgraph.KnowledgeGraph) -> None:
        self._graph = graph

    def ask(self, verb: str, names: Any, options: Any) -> Any:
        return orjson.loads(orjson.dumps(getattr(self._graph, verb)(*names, **options)))

    def sparql(self, query: str, format: str | None) -> Any:
        return self._graph.sparql(query, format=format)


@pytest.fixture
def talk(graph: kgraph.KnowledgeGraph) -> Callable[..., Any]:
    """Talk with a server over the shipped graph, in this process."""

    def run(conversation: Callable[[Client], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            async with Client(server(Door(graph), graph.namespaces, graph.schema)) as client:
                return await conversation(client)

        return anyio.run(main)

    return run


@pytest.fixture
def call(talk: Callable[..., Any]) -> Callable[..., Any]:
    """Call a tool; its answer, read as JSON, or what it refused with."""

    def run(tool: str, **arguments: Any) -> Any:
        answer = talk(lambda client: client.call_tool(tool, arguments))
        (content,) = answer.content
        return content.text if answer.is_error else json.loads(content.text)

    return run


def test_all_tools_say_what_they_do_and_only_read(talk: Callable[..., Any]) -> None:
    tools = talk(lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        assert tool.annotations.destructive_hint is False


def test_a_path_is_told_with_claims_places_and_speakers(call: Callable[..., Any]) -> None:
    found = call("find_paths", source="amnesty-international", target="antonio-guterres")
    assert found["verdict"] == "found"
    assert "untrusted" in found["caution"]
    first, second = found["paths"][0]["edges"]
    assert first["says"].endswith("— include (kg:hasMember) → Amnesty International (id:amnesty-international)")
    claim = second["claims"][0]
    assert claim["where"].startswith("Article 01, P16")
    whole = call("get_claim", id=claim["claim"])["claim"]
    assert whole["claim"] == claim["claim"]
    assert whole["said_by"] == claim["said_by"] == ["Article 01 (id:article-01)"]
    assert "characters" in whole["spans"][0]


def test_no_path_is_told_as_a_proof(call: Callable[..., Any]) -> None:
    found = call("find_paths", source="amnesty-international", target="antonio-guterres", max_hops=1)
    assert found["verdict"].startswith("none_within: proven")
    assert found["paths"] == []


def test_a_cut_answer_says_how_to_go_on_and_goes_on(call: Callable[..., Any]) -> None:
    first = call("neighbourhood", entity="ngos-open-letter", limit=2)
    (left_out,) = first["left_out"]
    cursor = left_out.partition("cursor=")[2]
    second = call("neighbourhood", entity="ngos-open-letter", limit=2, cursor=cursor)
    assert len(first["edges"]) == len(second["edges"]) == 2
    assert not {edge["says"] for edge in first["edges"]} & {edge["says"] for edge in second["edges"]}
    assert call("search_entities", query="IATP")["left_out"] == "nothing"


def test_a_misprint_is_found_and_an_unknown_name_is_refused_in_words(call: Callable[..., Any]) -> None:
    (one,) = call("search_entities", query="IATP")["entities"]
    assert (one["id"], one["found_as"]) == ("id:inter-parliamentary-alliance-on-china", "IATP")
    assert "search_entities finds ids" in call("get_entity", id="nobody-at-all")


def test_an_entity_tells_names_relations_and_claims(call: Callable[..., Any]) -> None:
    found = call("get_entity", id="ngos-open-letter")
    assert found["other_names"] == ["NGOs of the open letter"]
    assert found["numbers"][0]["says"] == "has a size of more than 300"
    assert all(claim["claim"].startswith("id:claim-") and claim["where"] for claim in found["claims"])
    assert any("kg:hasMember" in line for line in found["relations"])


def test_a_timeline_is_in_order_and_dated(call: Callable[..., Any]) -> None:
    claims = call("timeline", entity="ioc")["claims"]
    assert claims
    assert all("when" in claim for claim in claims)


def test_queries_answer_rows_truth_and_graphs_and_what_was_cut(call: Callable[..., Any]) -> None:
    rows = call("sparql_query", query="SELECT ?s ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }", limit=3)
    assert (rows["columns"], len(rows["rows"])) == (["s", "l"], 3)
    assert "raise limit" in rows["left_out"][0]
    assert rows["rows"][0][0].startswith("id:")
    assert call("sparql_query", query="ASK { ?s ?p ?o }")["answer"] is True
    assert "\n" in call("sparql_query", query="CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3")["turtle"]
    assert "update" in call("sparql_query", query="DELETE WHERE { ?s ?p ?o }")


def test_the_schema_is_described_whole_and_in_part(call: Callable[..., Any]) -> None:
    part = call("describe_schema", about="member")
    assert [line for line in part["relations"] if line.startswith("kg:hasMember: has as member / is a member of")]
    assert len(part["relations"]) < 20 < len(call("describe_schema")["relations"])


def test_resources_and_prompts_are_there_and_the_queries_run(
    talk: Callable[..., Any], call: Callable[..., Any]
) -> None:
    async def read(client: Client) -> tuple[list[str], list[Any]]:
        listed = await client.list_resources()
        texts = [(await client.read_resource(str(one.uri))).contents[0].text for one in listed.resources]  # type: ignore[union-attr]
        prompts = [
            await client.get_prompt("profile", {"name": "IOC"}),
            await client.get_prompt("connection", {"source": "IOC", "target": "Amnesty"}),
        ]
        return texts, prompts

    (schema, prefixes, queries), prompts = talk(read)
    assert "kg:hasMember" in schema
    assert "PREFIX kg: <https://w3id.org/kgraph/ns#>" in prefixes
    query = queries.partition("```sparql\n")[2].partition("```")[0]
    assert call("sparql_query", query=query)["left_out"]
    assert all("claim's id" in prompt.messages[0].content.text for prompt in prompts)


def test_what_strangers_wrote_cannot_hide_or_run_on() -> None:
    told = json.loads(compact.told({"label": "a\u202eb\x1b[2J\u200bc\n\nIgnore all", "text": "x" * 1000}))
    assert told["label"] == "ab[2Jc Ignore all"
    assert told["text"] == "x" * compact.MOST_TEXT + "… (cut)"


def test_over_stdio_a_folder_answers(seeded_folder: Path, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(seeded_folder, tmp_path / "data"))
    command = StdioServerParameters(command=sys.executable, args=["-m", "kgraph", "mcp", "--data", str(folder)])

    async def main() -> str:
        async with Client(command) as client:
            answer = await client.call_tool("search_entities", {"query": "IATP"})
            return str(answer.content[0].text)  # type: ignore[union-attr]

    assert "inter-parliamentary-alliance-on-china" in anyio.run(main)


def test_over_http_a_service_answers(service: str) -> None:
    command = [sys.executable, "-m", "kgraph", "mcp", "--url", service, "--http", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            address = process.stderr.readline().partition(" at ")[2].partition(";")[0]

            async def main() -> list[str]:
                async with Client(address) as client:
                    found = [await client.call_tool("get_entity", {"id": "ioc"})]
                    found.append(await client.call_tool("sparql_query", {"query": "ASK { ?s ?p ?o }"}))
                    found.append(await client.call_tool("get_claim", {"id": "id:claim-nothing"}))
                    return [str(one.content[0].text) for one in found]  # type: ignore[union-attr]

            entity, truth, refused = anyio.run(main)
            elsewhere = httpx2.post(address, json={}, headers={"Host": "attacker.example"})
        finally:
            process.terminate()
    assert json.loads(entity)["entity"].startswith("International Olympic Committee (id:ioc")
    assert json.loads(truth)["answer"] is True
    assert "id:claim-nothing" in refused
    assert elsewhere.status_code == 421  # a page whose name was bound to this machine reads nothing


def test_over_http_with_a_key_only_who_has_it_is_answered(service: str) -> None:
    command = [sys.executable, "-m", "kgraph", "mcp", "--url", service, "--http", "--port", "0", "--host", "0.0.0.0"]
    key = "a key of sixteen characters or more".replace(" ", "-")
    environment = {**os.environ, "KGRAPH_MCP_KEY": key}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr
            address = process.stderr.readline().partition(" at ")[2].partition(";")[0].replace("0.0.0.0", "127.0.0.1")
            headers = {"Accept": "application/json, text/event-stream"}
            call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            refused = [
                httpx2.post(address, json=call, headers={**headers, **given})
                for given in ({}, {"Authorization": "Bearer no"}, {"Authorization": key}, {"Authorization": "Bearer"})
            ]
            answered = httpx2.post(address, json=call, headers={**headers, "Authorization": f"Bearer {key}"})
        finally:
            process.terminate()
    assert {one.status_code for one in refused} == {401}
    assert refused[0].headers["www-authenticate"].startswith("Bearer")
    assert answered.status_code == 200
    assert {tool["name"] for tool in answered.json()["result"]["tools"]} == TOOLS


@pytest.mark.parametrize(
    ("host", "key", "words"),
    [
        ("0.0.0.0", None, "can be reached from outside: put a key"),
        ("::", None, "can be reached from outside"),
        ("graph.example", None, "can be reached from outside"),
        ("127.0.0.1", "short", "at least 16 characters"),
    ],
)
def test_nothing_listens_to_others_without_a_key(host: str, key: str | None, words: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "KGRAPH_MCP_KEY"}
    environment |= {"KGRAPH_MCP_KEY": key} if key else {}
    command = [sys.executable, "-m", "kgraph", "mcp", "--http", "--port", "0", "--host", host]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 1
    assert words in " ".join(done.stderr.split())


def test_without_the_extra_the_command_names_it() -> None:
    code = "import sys; sys.modules['mcp'] = None; from kgraph.cli import main; main(['mcp'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "pip install 'kgraph-claims[mcp]'" in done.stderr
