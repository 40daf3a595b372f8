"""The graph as a file: every format, the part a selection makes of it, and what a format cannot say."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx
import pytest
import rdflib

import kgraph
from kgraph import claimrows, export, formats, rdf, syntax
from kgraph.errors import EntityNotFoundError, ParameterError
from kgraph.rdf import Literal, NamedNode, Quad

IOC = "https://w3id.org/kgraph/id/ioc"


def exported(graph: kgraph.KnowledgeGraph, format: str = "turtle", **how: object) -> bytes:
    return b"".join(graph.export(format, **how))  # type: ignore[arg-type]


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_turtle_is_read_by_rdflib_with_as_many_triples(graph: kgraph.KnowledgeGraph) -> None:
    triples = {q.triple for q in rdf.parse(exported(graph, "ntriples"), formats.NTRIPLES, file="graph.nt")}
    assert len(rdflib.Graph().parse(data=exported(graph), format="turtle")) == len(triples)


def test_a_part_of_the_graph_is_valid_by_itself(graph: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    """What stands near an entity, exported and loaded into an empty graph, answers as before."""
    file = tmp_path / "part.trig"
    file.write_bytes(exported(graph, "trig", entity="rights-groups-olympics-letter", hops=2))
    with kgraph.read(file) as part:
        claims = part.neighbourhood("rights-groups-olympics-letter", hops=2)
        assert {e.predicate for e in claims.edges} == {
            e.predicate for e in graph.neighbourhood("rights-groups-olympics-letter", hops=2).edges
        }
        assert part.claim(claims.edges[0].claims[0].id).where == graph.claim(claims.edges[0].claims[0].id).where


def test_a_lens_narrows_every_format(graph: kgraph.KnowledgeGraph) -> None:
    whole, some = table(exported(graph, "csv")), table(exported(graph, "csv", said_by="bitter-winter"))
    assert 0 < len(some) < len(whole)
    assert all("id:bitter-winter" in row["said_by"] for row in some)
    assert len(exported(graph, "nquads", said_by="bitter-winter")) < len(exported(graph, "nquads"))


def test_a_narrowed_file_has_no_direct_triple_without_its_claim(graph: kgraph.KnowledgeGraph) -> None:
    quads = list(rdf.parse(exported(graph, "trig", entity="ioc", hops=1), formats.TRIG, file="part.trig"))
    reported = [q for q in quads if str(q.graph_name).endswith("/graph/reported>")]
    subjects = {q.object for q in quads if q.predicate.value.endswith("#subject")}
    assert reported
    assert {q.subject for q in reported} <= subjects


def test_a_table_has_a_row_a_claim_in_reading_order_with_everything_said(graph: kgraph.KnowledgeGraph) -> None:
    rows = table(exported(graph, "csv"))
    assert list(rows[0]) == list(claimrows.COLUMNS)
    assert len(rows) == sum(source.claims for source in graph.sources().items)
    places = [int(row["start"]) for row in rows]
    assert places == sorted(places)
    assert {row["modality"] for row in rows} > {"reported", "alleged"}
    [size] = [
        r for r in rows if r["subject"] == "id:rights-groups-olympics-letter" and r["predicate"] == "kg:memberCount"
    ]
    assert (size["value"], size["approximation"], size["paragraph"]) == ("160", "exact", "13")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_is_made_a_text(begin: str, graph: kgraph.KnowledgeGraph) -> None:
    claim = graph.claim(graph.neighbourhood("ioc").edges[0].claims[0].id)
    evil = replace(claim, subject=replace(claim.subject, label=f"{begin}cmd|' /C calc'!A0"))
    [row] = table(b"".join(claimrows.rows([evil])))
    assert row["subject_label"].startswith(f"'{begin}")


def test_a_claim_without_a_passage_leaves_its_place_empty(graph: kgraph.KnowledgeGraph) -> None:
    claim = replace(graph.claim(graph.neighbourhood("ioc").edges[0].claims[0].id), where=())
    [row] = table(b"".join(claimrows.rows([claim])))
    assert (row["paragraph"], row["spans"]) == ("", "")


@pytest.mark.parametrize("lens", [{}, {"modality": ["any"], "polarity": ["any"], "include": ["types"]}])
def test_graphml_and_gexf_are_read_back_as_the_graph_of_networkx(
    lens: dict[str, Any], graph: kgraph.KnowledgeGraph
) -> None:
    walked = graph.to_networkx(**lens)
    graphml = networkx.parse_graphml(exported(graph, "graphml", **lens), force_multigraph=True)
    assert graphml.graph["generation"] == graph.generation
    gexf = networkx.read_gexf(io.BytesIO(exported(graph, "gexf", **lens)))
    for read in (graphml, gexf):
        assert dict(read.nodes(data=True)) == dict(walked.nodes(data=True))
        told = {tuple(ends): {name: v for name, v in data.items() if name != "id"} for *ends, data in edges(read)}
        assert told == {tuple(ends): data for *ends, data in edges(walked)}


def edges(graph: networkx.MultiDiGraph[str]) -> Any:
    return graph.edges(keys=True, data=True)


def test_a_drawing_is_written_piece_by_piece(graph: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {format: exported(graph, format) for format in ("graphml", "gexf")}
    monkeypatch.setattr("kgraph.traversal.networkfiles._LINES", 100)
    for format, expected in whole.items():
        pieces = list(graph.export(format))
        assert len(pieces) > 5
        assert max(piece.count(b"\n") for piece in pieces) == 100
        assert b"".join(pieces) == expected


def test_what_no_xml_holds_is_a_typed_error() -> None:
    syntax.check_xml_text("gexf", "<node label='a\\u0001 b &#10;'/>\n\t")
    with pytest.raises(ParameterError, match="after 'a': ask for CSV or Turtle"):
        syntax.check_xml_text("gexf", "<data>a\x01b</data>")


def test_a_drawing_of_a_part_has_only_its_edges_and_their_ends(graph: kgraph.KnowledgeGraph) -> None:
    part = networkx.parse_graphml(exported(graph, "graphml", entity="ioc", hops=1), force_multigraph=True)
    assert 0 < part.number_of_edges() < graph.to_networkx().number_of_edges()
    assert all("id:ioc" in edge[:2] for edge in part.edges) or part.number_of_nodes() > 2
    assert not list(networkx.isolates(part))


@pytest.mark.parametrize("format", ["turtle", "trig", "ntriples", "nquads"])
def test_with_rdf_1_2_each_claim_reifies_its_triple_and_asserts_nothing(
    format: str, graph: kgraph.KnowledgeGraph
) -> None:
    data = exported(graph, format, rdf12=True, entity="ioc", hops=1)
    chosen = formats.named(format, formats.RDF)
    reified = [q for q in rdf.parse(data, chosen, file="graph") if q.predicate.value.endswith("#reifies")]
    claims = table(exported(graph, "csv", entity="ioc", hops=1))
    assert {q.subject.value.rpartition("/")[2] for q in reified} == {row["claim"].removeprefix("id:") for row in claims}
    assert all(isinstance(q.object, rdf.Triple) for q in reified)


def test_rdf_1_2_is_read_back_as_what_the_claims_say_and_takes_nothing_away(graph: kgraph.KnowledgeGraph) -> None:
    space = graph.namespaces.prefixes["rdf"]
    plain, annotated = (
        set(rdf.parse(exported(graph, "turtle", **form), formats.TURTLE, file="graph"))
        for form in ({}, {"rdf12": True})
    )
    said: dict[str, dict[str, object]] = defaultdict(dict)
    for quad in plain:
        if quad.predicate.value in (f"{space}subject", f"{space}predicate", f"{space}object"):
            said[str(quad.subject)][quad.predicate.value.removeprefix(space)] = quad.object
    reified = {q for q in annotated if q.predicate.value == f"{space}reifies"}
    assert annotated - reified == plain
    assert {
        str(q.subject): {n: getattr(q.object, n) for n in ("subject", "predicate", "object")} for q in reified
    } == said


def test_rdf_1_2_of_the_whole_graph_covers_every_claim(graph: kgraph.KnowledgeGraph) -> None:
    assert exported(graph, "ntriples", rdf12=True).count(b"#reifies>") == len(table(exported(graph, "csv")))


@pytest.mark.parametrize("format", ["jsonld", "rdfxml", "csv", "graphml"])
def test_a_format_that_cannot_say_rdf_1_2_is_refused_at_once(format: str, graph: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="triple terms can be written in"):
        graph.export(format, rdf12=True)


def test_an_unknown_format_is_refused_at_once(graph: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="known are turtle"):
        graph.export("docx")


def test_a_predicate_without_a_name_is_a_typed_error_in_rdf_xml(graph: kgraph.KnowledgeGraph) -> None:
    quad = Quad(NamedNode("urn:a"), NamedNode("http://a/1"), Literal("x"))
    assert b"http://a/1" in export.document([quad], "turtle", graph.namespaces)
    with pytest.raises(ParameterError, match="no name for the predicate"):
        export.document([quad], "rdfxml", graph.namespaces)


def test_a_selection_brings_the_notes_on_its_mentions(graph: kgraph.KnowledgeGraph) -> None:
    part = exported(graph, "turtle", entity="inter-parliamentary-alliance-on-china").decode()
    assert '"IATP"@en' in part
    assert "kgs:name-variant" in part
    assert "owl:Class" not in part


def test_a_thing_described_is_in_its_own_description(graph: kgraph.KnowledgeGraph) -> None:
    claim = graph.claim(graph.neighbourhood("ioc").edges[0].claims[0].id)
    printed = next(mention for mention in graph.entity("inter-parliamentary-alliance-on-china").mentions)
    for id in ("ioc", claim.id, claim.where[0].id, printed.id, "article-01", "curator"):
        text = b"".join(graph.describe(id, "ntriples")).decode()
        assert f"<{graph.namespaces.expand(id)}>" in text, id
    assert graph.kind("ioc") == "entity"
    assert (graph.kind(claim.id), graph.kind(printed.id)) == ("claim", "thing")
    with pytest.raises(EntityNotFoundError):
        graph.describe("nobody-at-all")
    with pytest.raises(EntityNotFoundError):
        graph.kind("nobody-at-all")


def test_a_description_without_neighbours_still_holds_the_thing(graph: kgraph.KnowledgeGraph) -> None:
    text = b"".join(graph.describe("ioc", "ntriples", hops=0)).decode()
    assert "International Olympic Committee" in text


@pytest.mark.parametrize(
    "asked",
    [
        {"format": "docx"},
        {"format": "csv", "rdf12": True},
        {"entity": "nobody-at-all"},
        {"entity": "ioc", "hops": 99},
        {"said_by": ["nobody-at-all"]},
        {"at": 99},
    ],
)
def test_what_cannot_be_exported_is_told_without_exporting(graph: kgraph.KnowledgeGraph, asked: dict[str, Any]) -> None:
    with pytest.raises(kgraph.errors.KGraphError) as exported_:
        graph.export(**asked)
    with pytest.raises(type(exported_.value), match=re.escape(exported_.value.detail)):
        graph.check_export(**asked)
    assert graph.check_export("graphml", entity="ioc", hops=2, modality=["any"]) is None
