"""A generation made anew of the journal is the one that was followed commit by commit."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

import kgraph
from kgraph import replaying
from kgraph.graph import KnowledgeGraph
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.settings import Settings
from kgraph.store.base import Delta
from kgraph.traversal.columns import Columns

CLAIMS = """\
kgraph: 1
source: {{id: note-{n}, label: Note {n}, sha256: {hash}, length: 40, unknown: [author]}}
entities:
  mill: {{type: {type}, label: {label}}}
  lake: {{type: Organisation, label: Lake}}
spans:
  s: {{paragraph: 1, sentence: 1, start: 0, end: 20, sha256: {hash}}}
claims:
  - {{subject: mill, predicate: partnerOf, object: lake, at: s, polarity: {polarity}}}
"""


def claim_file(place: Path, n: int, pick: Any) -> Path:
    said = {
        "type": pick(["Organisation", "Ngo", "Coalition"]),
        "label": pick(["Mill", "The Mill", "Mill and Lake"]),
        "polarity": pick(["affirmed", "negated"]),
    }
    if said["type"] == "Coalition":
        said["type"] = "Coalition, flags: [members-unstated]"
    path = place / f"note-{n}.yaml"
    path.write_text(CLAIMS.format(n=n, hash=f"{n:064x}", **said))
    return path


def table(place: Path, n: int, pick: Any) -> Path:
    ends = ["Lake", "Quay", f"Pier {n}", "Ann"]
    rows = [(pick(ends[:3]), "partnerOf", pick(ends[:3]), pick(["affirmed", "negated"])) for _ in range(6)]
    rows.append(("Lake", "hasMember", "Ann", "affirmed"))
    path = place / f"table-{n}.csv"
    path.write_text("subject,predicate,object,polarity\n" + "".join(",".join(row) + "\n" for row in rows))
    return path


def triples(place: Path, n: int, pick: Any) -> Path:
    path = place / f"plain-{n}.nt"
    things = ["<urn:a>", "<urn:b>", f"<urn:{n}>"]
    lines = [f"{pick(things)} <urn:p{pick('12')}> {pick([*things, chr(34) + 'v' + chr(34)])} ." for _ in range(4)]
    path.write_text("\n".join(lines) + "\n")
    return path


def assert_made_anew_alike(graph: KnowledgeGraph, followed: dict[int, Columns]) -> None:
    for generation, columns in followed.items():
        anew = replaying.catalogue(graph._folder, graph.namespaces, graph.schema, generation)
        assert columns.differences(anew.columns) == (), generation
        assert (anew.columns.generation, anew.columns.mark) == (columns.generation, columns.mark)


@pytest.mark.parametrize("seed", range(4))
def test_every_generation_is_the_same_followed_and_made_anew(tmp_path: Path, seed: int) -> None:
    pick = random.Random(seed).choice
    followed: dict[int, Columns] = {}
    with kgraph.open(tmp_path / "data", settings=Settings(data=tmp_path / "data")) as graph:
        for n in range(7):
            kind = pick([claim_file, table, triples])
            path = kind(tmp_path, n, pick)
            if kind is triples:
                graph.load_plain(path)
            else:
                graph.load(path)
            followed[graph.generation] = graph._generations.current.catalogue.columns
        assert_made_anew_alike(graph, followed)


def test_what_is_said_of_a_tables_things_takes_the_place_of_what_it_said(tmp_path: Path) -> None:
    followed: dict[int, Columns] = {}
    with kgraph.open(tmp_path / "data", settings=Settings(data=tmp_path / "data")) as graph:
        graph.load(table(tmp_path, 1, random.Random(1).choice))
        claim = next(c for c in graph.entity("lake").claims if c.predicate == "kg:hasMember")
        lake, row = NamedNode(graph.namespaces.expand("id:lake")), NamedNode(graph.namespaces.expand(claim.where[0].id))
        entities, claims = (NamedNode(graph.namespaces.graph(name)) for name in ("entities", "claims"))
        label = NamedNode(graph.namespaces.expand("skos:prefLabel"))
        comment = NamedNode(graph.namespaces.expand("rdfs:comment"))
        for delta in (
            Delta(
                (Quad(lake, label, Literal("Sea", language="en"), entities),),
                (Quad(lake, label, Literal("Lake", language="en"), entities),),
            ),
            Delta(
                (
                    Quad(row, comment, Literal("smudged"), claims),
                    Quad(NamedNode(claim.iri), comment, Literal("read twice"), claims),
                )
            ),
        ):
            graph._commit(delta, "", "by hand")
            followed[graph.generation] = graph._generations.current.catalogue.columns
        assert graph.entity("lake").labels.pref_label == "Sea"
        assert graph.claim(claim.id).where == claim.where
        assert_made_anew_alike(graph, followed)
        first = replaying.catalogue(graph._folder, graph.namespaces, graph.schema, 2)
        assert first.nodes[lake.value].label == "Lake"


def test_direct_triples_and_the_ontology_touch_nothing(tmp_path: Path) -> None:
    with kgraph.open(tmp_path / "data", settings=Settings(data=tmp_path / "data")) as graph:
        unread = replaying.unread(graph.namespaces)
        one, other = NamedNode("urn:a"), NamedNode("urn:b")
        quads = [Quad(one, one, one, NamedNode(name)) for name in unread]
        seen = Quad(other, one, one, NamedNode(graph.namespaces.graph("entities")))
        assert replaying.subjects(Delta((*quads, seen), (*quads,)), unread) == {"urn:b"}
        assert replaying.subjects(Delta((), (seen,)), unread) == {"urn:b"}
