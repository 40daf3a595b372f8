"""The public names in a file of a user's own, checked as strictly as mypy can."""

from __future__ import annotations

from pathlib import Path

from mypy import api

RIGHT = """
import asyncio
import pandas as pd
from kgraph.client import Answer, AsyncClient, Client, Iri, Result, Rows


def ask(client: Client) -> pd.DataFrame:
    near: Answer = client.neighbourhood("ioc", hops=2, said_by=["a", "b"], direction="both", min_confidence=0.5)
    found: Result = client.paths("a", ["b", "c"], mode="all_simple", max_hops=4, article="article-01")
    rows: Rows = client.sparql("SELECT ?x { ?x a ?type }", type=client.iri("kg:Claim"), n=3)
    text: str = found.markdown(rows=5) + "".join(node for node in near.to_networkx())
    iri: Iri = client.iri(text)
    size: int = sum(len(piece) for piece in client.export("turtle", entity=iri))
    print(size, bool(rows), [term.datatype for row in rows.terms() for term in row if term])
    return rows.df


async def later() -> list[Answer]:
    async with AsyncClient("http://127.0.0.1:8000", key="secret", timeout=5, retries=0, labels=False) as client:
        pieces = [piece async for piece in client.export("turtle")]
        print(len(pieces), await client.limits())
        return list(await asyncio.gather(client.search("x", limit=3), client.timeline("y", limit=3)))
"""
WRONG = """
from kgraph.client import Client

client = Client("graph.ttl")
client.neighbourhood("ioc", hops="two")
client.neighbourhood("ioc", direction="sideways")
client.paths("a", "b", maxhops=3)
client.search(3)
client.sparql("ASK {}").nothing
"""


def test_a_users_file_passes_mypy_strict_and_mistakes_in_it_are_found(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(RIGHT, "utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, "utf-8")
    files = [str(tmp_path / name) for name in ("right.py", "wrong.py")]
    root = Path(__file__).parents[2]  # its settings (strict) and cache: its modules are checked where `make types` ran
    told, _, _ = api.run([f"--config-file={root / 'pyproject.toml'}", f"--cache-dir={root / '.mypy_cache'}", *files])
    faults = [line for line in told.splitlines() if ": error:" in line]
    assert not [line for line in faults if "wrong.py" not in line]
    assert [int(line.split("wrong.py:")[1].split(":")[0]) for line in faults] == [5, 6, 7, 8, 9]
