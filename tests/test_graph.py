"""The facade: what the issue wants seen, asked as a user would."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib

import kgraph
from kgraph import resources
from kgraph.errors import (
    ClaimFileError,
    EmptyInputError,
    FolderBusyError,
    InvalidGraphError,
    KGraphError,
    RdfSyntaxError,
    StorageError,
    TextMismatchError,
    UnknownFormatError,
)
from kgraph.settings import Settings

COALITION = "rights-groups-olympics-letter"


def test_the_public_door_is_small_and_sorted() -> None:
    assert kgraph.__all__ == sorted(kgraph.__all__)
    assert len(kgraph.__all__) <= 20
    assert all(hasattr(kgraph, name) for name in kgraph.__all__)


def test_a_misprint_finds_the_alliance(graph: kgraph.KnowledgeGraph) -> None:
    hit = graph.search("IATP").items[0]
    assert (hit.id, hit.matched) == ("id:inter-parliamentary-alliance-on-china", "IATP")


def test_two_hops_show_letter_demand_addressee_and_size_each_with_speaker_and_paragraph(
    graph: kgraph.KnowledgeGraph,
) -> None:
    near = graph.neighbourhood(COALITION, hops=2)
    types = {n.type for n in near.nodes}
    assert {"kg:Letter", "kg:Demand", "kg:InternationalBody", "kg:Quantity"} <= types
    assert [n.quantity.value for n in near.nodes if n.type == "kg:Quantity" and n.quantity] == [160]
    assert any("not named by the source" in note for n in near.nodes for note in n.notes)
    for edge in near.edges:
        assert edge.claims
        assert all(claim.said_by and claim.where.paragraph for claim in edge.claims)


def test_a_path_says_how_with_evidence_and_reads_aloud(graph: kgraph.KnowledgeGraph) -> None:
    answer = graph.paths("amnesty-international", "antonio-guterres")
    assert answer.verdict == "found"
    path = answer.paths[0]
    assert path.length == len(path.edges) == len(path.nodes) - 1 == 2
    assert path.sentence.startswith("Amnesty International")
    assert "António Guterres" in path.sentence
    assert "P16" in path.sentence
    assert all(edge.claims for edge in path.edges)


def test_a_pair_without_a_connection_within_the_bound_is_proven_so(graph: kgraph.KnowledgeGraph) -> None:
    answer = graph.paths("amnesty-international", "ioc", max_hops=1)
    assert (answer.verdict, answer.paths, answer.stopped_by) == ("none_within", (), None)
    assert answer.max_hops == 1


def test_a_search_ended_by_its_limit_never_looks_like_a_proof(graph: kgraph.KnowledgeGraph) -> None:
    answer = graph.paths("amnesty-international", "ioc", max_hops=8, max_edges=1)
    assert (answer.verdict, answer.stopped_by) == ("stopped", "max_edges")


@pytest.mark.parametrize(
    ("value", "approximation", "speaker"),
    [
        (150_000, "just-under", "id:bitter-winter"),
        (300, "more-than", "id:article-01"),
        (90_000_000, "more-than", "id:chinese-communist-party"),
        (365_000_000, "just-under", "id:tuidang-global-center"),
    ],
)
def test_a_number_keeps_its_qualifier_and_its_speaker(
    graph: kgraph.KnowledgeGraph, value: int, approximation: str, speaker: str
) -> None:
    found = [
        (q.quantity.approximation, s.id)
        for name in (
            "uk-petition",
            "ngos-open-letter",
            "chinese-communist-party",
            "tuidang",
        )
        for q in graph.entity(name).quantities
        for c in q.claims
        for s in c.said_by
        if value in (q.quantity.value, q.quantity.min_value, q.quantity.max_value)
    ]
    assert (approximation, speaker) in found


def test_the_chain_from_article_through_relay_to_speaker_is_on_the_claim(graph: kgraph.KnowledgeGraph) -> None:
    chains = {tuple(r.id for r in c.chain) for c in graph.entity("chris-evans", limit=1000, modality="any").claims}
    assert ("id:article-01", "id:bitter-winter", "id:chris-evans") in chains


def test_loading_the_same_again_changes_nothing(writable_folder: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        generation = graph.generation
        report = graph.load(*resources.seeds())
        assert (report.committed, report.added, report.removed, graph.generation) == (False, 0, 0, generation)


BROKEN = {
    "claims.yaml": ("kgraph: 1\nclaims:\n  - {subject: ioc, predicate: demands}\n", ClaimFileError, "claims.yaml:3"),
    "broken.ttl": ("@prefix id: <https://a.example/> .\nid:a id:b .\n", RdfSyntaxError, "broken.ttl:2"),
    "empty.ttl": ("", EmptyInputError, "empty.ttl"),
    "empty.yaml": ("  \n", EmptyInputError, "empty.yaml"),
    "no-claim.ttl": (
        "<https://w3id.org/kgraph/id/ioc> <https://w3id.org/kgraph/ns#hasMember> <https://w3id.org/kgraph/id/ioc> .",
        InvalidGraphError,
        "kg:hasMember",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_input_is_refused_at_its_place_and_changes_nothing(
    writable_folder: Path, tmp_path: Path, name: str
) -> None:
    text, error, says = BROKEN[name]
    (tmp_path / name).write_text(text, "utf-8")
    with kgraph.open(writable_folder) as graph:
        before = b"".join(graph.export("nquads"))
        with pytest.raises(error) as caught:
            graph.load(tmp_path / name)
        assert says in str(caught.value)
        assert b"".join(graph.export("nquads")) == before


@pytest.mark.parametrize("name", ["noise.bin", "noise.yaml", "noise.ttl"])
def test_five_megabytes_of_noise_are_refused_by_name(writable_folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(os.urandom(5_000_000))
    with kgraph.open(writable_folder) as graph:
        generation = graph.generation
        with pytest.raises(KGraphError, match=name):
            graph.load(tmp_path / name)
        assert graph.generation == generation


def test_noise_without_a_known_suffix_is_an_unknown_format(writable_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "noise.bin").write_bytes(os.urandom(5_000_000))
    with kgraph.open(writable_folder) as graph, pytest.raises(UnknownFormatError):
        graph.load(tmp_path / "noise.bin")


def test_one_bad_file_among_good_ones_loads_nothing(writable_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "good.ttl").write_text("<https://a.example/x> <https://a.example/y> 1 .", "utf-8")
    (tmp_path / "bad.ttl").write_text("<https://a.example/x> ", "utf-8")
    with kgraph.open(writable_folder) as graph:
        generation = graph.generation
        with pytest.raises(RdfSyntaxError):
            graph.load(tmp_path / "good.ttl", tmp_path / "bad.ttl")
        assert graph.generation == generation


def test_a_folder_is_held_by_one_process_at_a_time(writable_folder: Path) -> None:
    with kgraph.open(writable_folder), pytest.raises(FolderBusyError, match=r"in use|held"):
        kgraph.open(writable_folder)


def test_another_text_is_not_attached(writable_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("something else", "utf-8")
    with kgraph.open(writable_folder) as graph:
        with pytest.raises(TextMismatchError):
            graph.attach(tmp_path / "other.txt")
        with pytest.raises(TextMismatchError):
            graph.attach(tmp_path / "other.txt", "article-01")


def test_the_right_text_shows_its_passage_and_is_never_exported(writable_folder: Path) -> None:
    named = os.environ.get("KGRAPH_SOURCE_TEXT")
    text = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "article" / "article.txt"
    if not text.is_file():
        pytest.skip("no source text: set KGRAPH_SOURCE_TEXT, or put it at ../shared/article/article.txt")
    with kgraph.open(writable_folder) as graph:
        before = b"".join(graph.export("nquads"))
        assert graph.attach(text).attached
        claim = graph.paths("amnesty-international", "antonio-guterres").paths[0].edges[0].claims[0]
        passage = text.read_text("utf-8")[claim.where.start : claim.where.end]
        assert claim.where.text == passage
        assert b"".join(graph.export("nquads")) == before
    with kgraph.open(writable_folder) as again:
        assert again.source("article-01").attached


def test_rdflib_and_networkx_get_the_graph_as_their_own(graph: kgraph.KnowledgeGraph) -> None:
    dataset = graph.to_rdflib()
    label = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    ioc = rdflib.URIRef("https://w3id.org/kgraph/id/ioc")
    assert str(next(iter(dataset.objects(ioc, label)))) == "International Olympic Committee"
    network = graph.to_networkx()
    assert network.number_of_edges() > 100
    source, target, key = next(iter(network.edges(keys=True)))
    assert graph.claim(key).id
    assert {"predicate", "said_by"} <= set(network.edges[source, target, key])


def test_every_commit_is_in_the_log_with_author_and_message(graph: kgraph.KnowledgeGraph) -> None:
    commits = list(graph.log())
    assert [c.seq for c in commits] == list(range(1, graph.generation + 1))
    assert "ontology" in commits[0].message
    assert "article-01" in commits[1].message


def test_the_doctor_finds_a_direct_triple_without_its_claim(writable_folder: Path) -> None:
    from kgraph.rdf import NamedNode, Quad
    from kgraph.store.base import Delta
    from kgraph.store.folder import DataFolder

    stray = Quad(
        NamedNode("https://w3id.org/kgraph/id/ioc"),
        NamedNode("https://w3id.org/kgraph/ns#partnerOf"),
        NamedNode("https://w3id.org/kgraph/id/amnesty-international"),
        NamedNode("https://w3id.org/kgraph/graph/reported"),
    )
    with kgraph.open(writable_folder) as graph:
        assert all(f.ok for f in graph.doctor())
    folder = DataFolder.open(writable_folder, "a test")
    folder.commit(Delta(added=(stray,), removed=()), author="a test", message="a stray triple")
    folder.close()
    with kgraph.open(writable_folder) as graph:
        assert [f for f in graph.doctor() if not f.ok]


@pytest.fixture
def aged_folder(writable_folder: Path) -> Path:
    """A folder whose ontology is not the packaged one: it lacks a quad."""
    from kgraph.store.base import Delta
    from kgraph.store.folder import DataFolder

    with DataFolder.open(writable_folder, "a test") as folder:
        old = next(q for q in folder.store.quads() if str(q.graph_name).endswith("graph/ontology>"))
        folder.commit(Delta(removed=(old,)), author="a test", message="an older ontology")
    return writable_folder


def test_reading_validating_and_checking_leave_another_ontology_as_it_is(aged_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<https://a.example/x> <https://a.example/y> 1 .", "utf-8")
    with kgraph.open(aged_folder) as graph:
        generation = graph.generation
        assert graph.entity("ioc").id == "id:ioc"
        assert graph.validate(tmp_path / "x.ttl").added == 1
        assert all(f.ok for f in graph.doctor())
        assert (graph.generation, [*graph.log()][-1].message) == (generation, "an older ontology")


def test_loading_and_serving_bring_the_packaged_ontology(aged_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<https://a.example/x> <https://a.example/y> 1 .", "utf-8")
    with kgraph.open(aged_folder) as graph:
        generation = graph.generation
        report = graph.load(tmp_path / "x.ttl")
        assert (report.committed, report.added, graph.generation) == (True, 1, generation + 1)
        assert [*graph.log()][-1].added == 2
    with kgraph.KnowledgeGraph.open(aged_folder, address="http://127.0.0.1:1") as graph:
        assert graph.generation == generation + 1


def test_serving_commits_the_packaged_ontology_once(aged_folder: Path) -> None:
    for _ in range(2):
        with kgraph.KnowledgeGraph.open(aged_folder, address="http://127.0.0.1:1") as graph:
            assert [c.added for c in graph.log()][3:] == [1]


def test_a_folder_is_not_given_a_second_base_iri(writable_folder: Path) -> None:
    before = (writable_folder / "journal" / "log.jsonl").read_bytes()
    with pytest.raises(StorageError, match=r"KGRAPH_BASE_IRI=https://w3id\.org/kgraph/"):
        kgraph.open(writable_folder, settings=Settings(data=writable_folder, base_iri="https://other.example/"))
    assert (writable_folder / "journal" / "log.jsonl").read_bytes() == before


def test_threads_read_and_export_whole_generations_while_another_loads(writable_folder: Path, tmp_path: Path) -> None:
    each, loads = 50, 6
    faults: list[str] = []
    held: set[tuple[int, int]] = set()
    done = threading.Event()
    with kgraph.open(writable_folder) as graph:
        first = graph.generation

        def export() -> None:
            for at in (graph.generation, None):
                pieces = graph.export("nquads", at=at) if at else graph.export("nquads")
                count = b"".join(pieces).count(b"<urn:p>")
                held.add((at, count) if at else (first + count // each, count))

        def sparql() -> None:
            answer = graph.sparql("SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }", format="csv")
            held.add((answer.generation, int(answer.body.split()[1])))

        def others() -> None:
            assert graph.search("letter").items
            assert graph.neighbourhood("ioc", hops=2).nodes
            assert graph.entity("ioc", at=first).generation == first
            assert graph.void()

        def keep(verb: Callable[[], None]) -> None:
            while not done.is_set():
                try:
                    verb()
                except Exception as error:  # whatever it is, the test tells it
                    faults.append(repr(error))

        readers = [threading.Thread(target=keep, args=(verb,)) for verb in (export, sparql, others)]
        for reader in readers:
            reader.start()
        for number in range(loads):
            file = tmp_path / f"{number}.nt"
            file.write_text("".join(f'<urn:{number}:{n}> <urn:p> "v" .\n' for n in range(each)))
            graph.load(file)
        done.set()
        for reader in readers:
            reader.join()
        assert faults == []
        assert held
        assert {count for generation, count in held if count != (generation - first) * each} == set()
        assert graph.generation == first + loads


def test_a_refused_load_leaves_a_new_folder_empty(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("<https://a.example/x> ", "utf-8")
    with kgraph.open(tmp_path / "data") as graph:
        with pytest.raises(RdfSyntaxError):
            graph.load(tmp_path / "broken.ttl")
        assert graph.is_empty
        (tmp_path / "good.ttl").write_text("<https://a.example/x> <https://a.example/y> 1 .", "utf-8")
        graph.load(tmp_path / "good.ttl")
        assert not graph.is_empty


# ------------------------------------------------------------------ claim tables and plain triples

TABLE = """\
subject,predicate,object,said_by,date,polarity
Harbour League,hasMember,Lake Trust,Herald,2011-05,
Harbour League,opposes,Harbour Toll,,,
Harbour League,opposes,Harbour Toll,Mill Club,,negated
Lake Trust,nonsense,Mill Club,,,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "harbour.csv"
    file.write_text(TABLE, "utf-8")
    return file


def test_a_claim_table_is_loaded_asked_and_found_whole(table: Path, tmp_path: Path) -> None:
    with kgraph.open(tmp_path / "data") as graph:
        report = graph.load(table, author="Ann")
        assert (report.committed, report.generation, report.rows, report.claims, report.refused) == (True, 2, 4, 3, 1)
        assert report.refused_files == (str(tmp_path / "harbour.refused.csv"),)
        assert len(report.conflicts) == 1
        assert [(c.author, c.message, bool(c.table)) for c in graph.log()][1:] == [("Ann", f"load {table}", True)]
        path = graph.paths("lake-trust", "harbour-toll").paths[0]
        assert path.sentence == (
            "Lake Trust is a member of Harbour League (row 1, according to Herald), which opposes Harbour Toll (row 2)."
        )
        claim = graph.claim(path.edges[0].claims[0].id)
        assert (claim.voice, claim.where[0].row, claim.when.edtf if claim.when else None) == ("tabular", 1, "2011-05")
        assert graph.search("harbour tol").items[0].label == "Harbour Toll"
        assert [s.label for s in graph.sources().items] == ["harbour.csv"]
        assert graph.paths("mill-club", "harbour-toll").verdict != "found"
        assert all(finding.ok for finding in graph.doctor())
        assert not graph.load(table).committed
    with kgraph.open(tmp_path / "data") as graph:
        assert graph.paths("lake-trust", "harbour-toll").paths[0].sentence == path.sentence


def test_a_table_comes_after_the_files_it_is_loaded_with(table: Path, tmp_path: Path) -> None:
    """So it finds the things that they describe; each is a commit of its own, and the report is of all."""
    (tmp_path / "e.yaml").write_text("kgraph: 1\nentities:\n  the-trust: {type: Ngo, label: Lake Trust}\n", "utf-8")
    with kgraph.open(tmp_path / "data") as graph:
        report = graph.load(table, tmp_path / "e.yaml")
        assert (report.committed, report.generation, report.claims) == (True, 3, 3)
        assert graph.entity("the-trust").type == "kg:Ngo"
        assert graph.paths("the-trust", "harbour-league").verdict == "found"


def test_a_table_that_is_only_validated_changes_nothing_and_writes_nothing(table: Path, tmp_path: Path) -> None:
    with kgraph.open(tmp_path / "data") as graph:
        report = graph.validate(table)
        assert (report.committed, report.claims, report.refused, report.refused_files) == (False, 3, 1, ())
        assert graph.generation == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data", "harbour.csv"]


def test_a_strict_table_with_one_bad_row_loads_nothing(table: Path, tmp_path: Path) -> None:
    with kgraph.open(tmp_path / "data") as graph:
        with pytest.raises(ClaimFileError, match="1 of 4 rows are refused, and nothing was loaded"):
            graph.load(table, strict=True)
        assert graph.generation == 1
    assert "nonsense" in (tmp_path / "harbour.refused.csv").read_text("utf-8")


def test_claims_of_a_table_are_retracted_by_rdf_like_all_others(table: Path, tmp_path: Path) -> None:
    with kgraph.open(tmp_path / "data") as graph:
        graph.load(table)
        claim = graph.paths("lake-trust", "harbour-league").paths[0].edges[0].claims[0].id
        iri = graph.namespaces.expand(claim)
        status = f"<{iri}> <{graph.namespaces.kg}status> <{graph.namespaces.kgs}retracted> ."
        (tmp_path / "r.ttl").write_text(status, "utf-8")
        assert graph.load(tmp_path / "r.ttl").removed == 2
        assert graph.claim(claim).status == "retracted"
        assert graph.paths("lake-trust", "harbour-league").verdict != "found"
        assert all(finding.ok for finding in graph.doctor())


def test_what_a_table_says_survives_export_and_loading_as_rdf(table: Path, tmp_path: Path) -> None:
    with kgraph.open(tmp_path / "data") as graph:
        graph.load(table)
        first = b"".join(graph.export("turtle"))
    (tmp_path / "out.ttl").write_bytes(first)
    with kgraph.open(tmp_path / "again") as graph:
        graph.load(tmp_path / "out.ttl")
        assert b"".join(graph.export("turtle")) == first


def test_the_doctor_looks_at_a_large_graph_where_it_lies(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kgraph.rdf import NamedNode
    from kgraph.store import checking
    from kgraph.store.base import Delta

    monkeypatch.setattr(checking, "MANY", 100)
    with kgraph.open(tmp_path / "data") as graph:
        graph.load(table)
        assert all(finding.ok for finding in graph.doctor())
        kg = graph.namespaces.kg
        direct = next(q for q in graph._folder.store.quads(None, NamedNode(f"{kg}hasMember")))
        graph._folder.commit(Delta(removed=(direct,)), "Ann", "a direct triple is lost")
        bad = [finding for finding in graph.doctor() if not finding.ok]
        assert [finding.check for finding in bad] == ["invariants"]
        assert "The direct triple of this claim is missing" in bad[0].detail


def test_plain_triples_are_walked_only_when_they_are_asked_for(tmp_path: Path) -> None:
    lines = "".join(f"<http://x/{n}> <http://x/knows> <http://x/{n + 1}> .\n" for n in range(3))
    (tmp_path / "x.nt").write_text(lines, "utf-8")
    with kgraph.open(tmp_path / "data") as graph:
        report = graph.load_plain(tmp_path / "x.nt", author="Ann")
        assert (report.committed, report.generation, report.added, report.claims) == (True, 2, 3, 0)
        assert graph.paths("http://x/0", "http://x/3").verdict == "none_within"
        assert graph.paths("http://x/0", "http://x/3", include=["unattributed"]).paths[0].length == 3
        assert not graph.load_plain(tmp_path / "x.nt").committed
        assert graph.load_plain(tmp_path / "x.nt", graph="http://x/graph").generation == 3
        assert all(finding.ok for finding in graph.doctor())


def test_plain_triples_that_do_not_parse_leave_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "x.nt").write_text("<http://x/0> <http://x/p> <http://x/1> .\n<http://x/0> .\n", "utf-8")
    with kgraph.open(tmp_path / "data") as graph:
        with pytest.raises(RdfSyntaxError, match=r"x\.nt:2"):
            graph.load_plain(tmp_path / "x.nt")
        assert graph.generation == 1
    assert [entry.name for entry in (tmp_path / "data").glob("loading-*")] == []


def test_a_bare_folder_holds_nothing_until_claims_bring_the_ontology(tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    for _ in range(2):  # serving it again brings nothing either
        with kgraph.KnowledgeGraph.open(folder, address="http://127.0.0.1:1", bare=True) as graph:
            assert (graph.generation, graph.is_empty) == (1, True)
            assert b"false" in graph.sparql("ASK { ?s ?p ?o }").body
            assert not graph.search("anything").items
    with kgraph.open(folder) as graph:
        graph.load(*resources.seeds())
        assert graph.has_own_graphs
        assert b"true" in graph.sparql("ASK { kg:Claim a owl:Class }").body
        assert all(finding.ok for finding in graph.doctor())
