"""What the explorer gives along is what its map shows: each file read by a library of its kind."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx2
import networkx
import pytest
import rdflib
from playwright.sync_api import BrowserContext, expect
from rdflib.namespace import RDF, SKOS

from kgraph.client import Client

from .conftest import ODD, SIZES, Explorer

KG = rdflib.Namespace("https://w3id.org/kgraph/ns#")
ID = rdflib.Namespace("https://w3id.org/kgraph/id/")
MAP = (
    "open=ngos-open-letter&path=amnesty-international,chinese-communist-party!mode=all_shortest!max_hops=6"
    "&path=amnesty-international,ioc!mode=shortest!max_hops=6&add=bitter-winter&gone=michelle-bachelet&hide=number"
)
Relation = tuple[str, str, str]


def iri(name: str) -> str:
    return str(rdflib.URIRef({"id": ID, "kg": KG}[name.partition(":")[0]][name.partition(":")[2]]))


def relations(explorer: Explorer) -> set[Relation]:
    """Subject, predicate and object of what the map shows."""
    found = {tuple(key.split(" ")) for key in explorer.relations()}
    return {(a, b, c) for a, b, c in found}


def claims(explorer: Explorer) -> set[str]:
    found: list[str] = explorer.page.evaluate(
        "document.getElementById('map')._cyreg.cy.edges(':visible')"
        ".map((edge) => edge.data('edge').claims.map((claim) => claim.id)).flat()"
    )
    return set(found)


def export(explorer: Explorer) -> None:
    explorer.page.get_by_role("button", name="Take this map along").click()
    expect(explorer.page.locator("#side-title")).to_have_text("Take this map along")


def saved(explorer: Explorer, name: str, folder: Path) -> Path:
    """The file a button of the export gives."""
    with explorer.page.expect_download() as coming:
        explorer.page.locator("#side").get_by_role("button", name=name, exact=True).click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def copied(explorer: Explorer, name: str) -> str:
    explorer.page.get_by_role("button", name=f"Copy: {name}").click()
    expect(explorer.page.locator(".text").filter(has_text=name).get_by_text("Copied")).to_be_visible()
    text: str = explorer.page.evaluate("navigator.clipboard.readText()")
    return text


@pytest.fixture
def map_of(explorer: Explorer) -> Explorer:
    """A map of several kinds of steps, with something taken off and something hidden."""
    explorer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    explorer.open(MAP)
    assert len(relations(explorer)) > 10
    assert "id:michelle-bachelet" not in explorer.things()
    assert "id:bitter-winter" in explorer.things()
    export(explorer)
    return explorer


def test_csv_has_a_row_for_each_claim_and_each_lonely_thing(map_of: Explorer, tmp_path: Path) -> None:
    file = saved(map_of, "CSV", tmp_path)
    assert file.name.startswith("kgraph-what-stands-near-more-than-300-organisations")
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
    said = [row for row in rows if row["claim"]]
    assert {(row["subject"], row["predicate"], row["object"]) for row in said} == relations(map_of)
    assert {row["claim"] for row in said} == claims(map_of)
    assert {row["subject"] for row in rows if not row["claim"]} == {"id:bitter-winter", "id:ioc"}
    amnesty = next(row for row in said if row["object"] == "id:amnesty-international")
    assert (amnesty["said_by_label"], amnesty["article"], amnesty["paragraph"]) == ("Article 01", "id:article-01", "16")
    assert (amnesty["voice"], amnesty["modality"], amnesty["polarity"]) == ("article-voice", "reported", "affirmed")


def test_graphml_is_read_by_networkx_with_evidence_and_places(map_of: Explorer, tmp_path: Path) -> None:
    graph = networkx.read_graphml(saved(map_of, "GraphML", tmp_path), force_multigraph=True)
    assert set(graph.nodes) == map_of.things()
    assert {(a, held["predicate"], b) for a, b, held in graph.edges(data=True)} == relations(map_of)
    assert {key for _, _, key in graph.edges(keys=True)} == claims(map_of)
    places = map_of.places()
    assert all(abs(held["x"] - places[node][0]) <= 1 for node, held in graph.nodes(data=True))
    held = next(held for _, b, held in graph.edges(data=True) if b == "id:amnesty-international")
    assert (held["said_by_label"], held["paragraph"], held["modality"]) == ("Article 01", 16, "reported")
    assert graph.nodes["id:antonio-guterres"]["label"] == "António Guterres"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib's own reader of JSON-LD
@pytest.mark.parametrize(("name", "syntax"), [("Turtle", "turtle"), ("JSON-LD", "json-ld")])
def test_rdf_holds_the_claims_of_the_map_and_no_others(
    map_of: Explorer, tmp_path: Path, name: str, syntax: str
) -> None:
    graph = rdflib.Graph().parse(saved(map_of, name, tmp_path), format=syntax)
    stated = set(graph.subjects(RDF.type, KG.Claim))
    assert {str(claim) for claim in stated} == {iri(claim) for claim in claims(map_of)}
    found = {
        tuple(str(graph.value(claim, part)) for part in (RDF.subject, RDF.predicate, RDF.object)) for claim in stated
    }
    assert found == {tuple(map(iri, relation)) for relation in relations(map_of)}
    for claim in stated:
        assert graph.value(claim, KG.attributedTo)
        evidence = graph.value(claim, KG.evidence)
        assert graph.value(evidence, KG.paragraph) is not None
    labels = {str(thing): str(label) for thing, label in graph.subject_objects(SKOS.prefLabel)}
    assert labels[iri("id:bitter-winter")] == "Bitter Winter"
    assert (ID["ngos-open-letter"], KG.hasMember, ID["amnesty-international"]) in graph
    expect(map_of.page.get_by_text("Saved as")).to_be_visible()


def test_the_turtle_is_a_graph_that_the_client_answers_from(explorer: Explorer, tmp_path: Path) -> None:
    explorer.open("path=amnesty-international,antonio-guterres!mode=shortest")
    export(explorer)
    with Client(saved(explorer, "Turtle", tmp_path)) as client:
        answer = client.paths("amnesty-international", "antonio-guterres")
        assert answer["paths"][0]["sentence"].startswith("Amnesty International is one of more than 300 organisations")


def test_the_copied_sparql_gives_the_relations_of_the_map(map_of: Explorer, service: str) -> None:
    query = copied(map_of, "SPARQL that gives these relations")
    assert "# More than 300 organisations include Amnesty International" in query
    answer = httpx2.post(
        f"{service}/sparql", content=query, headers={"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    )
    assert answer.status_code == 200, answer.text
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = {(row["from"], row["relation"], row["to"]) for row in rows}
    assert found == {tuple(map(iri, relation)) for relation in relations(map_of)}
    assert {row["claim"] for row in rows} == {iri(claim) for claim in claims(map_of)}
    assert all(row["speaker"] and row["paragraph"] for row in rows)
    rdflib.Graph().query(query)  # another engine reads it: every prefix is declared


def test_the_notebook_is_valid_and_rebuilds_the_map(map_of: Explorer, tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    book: Any = nbformat.read(saved(map_of, "Notebook", tmp_path), as_version=4)
    nbformat.validate(book)
    assert run(book)[0] == relations(map_of)
    assert run(book)[1] == map_of.things()


def run(book: Any) -> tuple[set[Relation], set[str]]:
    """The code of a notebook, cell by cell, and the graph it ends with."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in book["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    names["client"].close()
    graph = names["graph"]
    return {(a, held["predicate"], b) for a, b, held in graph.edges(data=True)}, set(graph.nodes)


@pytest.mark.parametrize(
    "query",
    [
        "open=chinese-communist-party!!!2&not_said_by=bitter-winter",
        "open=ngos-open-letter!out!hasMember",
        "path=amnesty-international,antonio-guterres,ioc!max_hops=6&modality=any",
        "path=amnesty-international,chinese-communist-party!mode=k_shortest!k=4!max_hops=6!rows=0.2&min_sources=1",
    ],
    ids=["pages", "one-relation", "connected", "some-paths"],
)
def test_every_kind_of_step_is_rebuilt_by_the_notebook(explorer: Explorer, tmp_path: Path, query: str) -> None:
    explorer.open(query)
    export(explorer)
    book = json.loads(saved(explorer, "Notebook", tmp_path).read_text("utf-8"))
    assert relations(explorer)
    assert run(book) == (relations(explorer), explorer.things())


def test_svg_is_xml_whose_texts_are_the_labels(map_of: Explorer, tmp_path: Path) -> None:
    root = ElementTree.parse(saved(map_of, "SVG", tmp_path)).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    texts = ["".join(part.itertext()).replace(" ", "") for part in root.iter("{http://www.w3.org/2000/svg}text")]
    labels = map_of.page.evaluate(
        "document.getElementById('map')._cyreg.cy.nodes(':visible').map((n) => n.data('label'))"
    )
    assert {label.replace(" ", "") for label in labels} <= set(texts)
    assert len(texts) == len(labels) + len(relations(map_of))


def test_png_is_a_picture_of_the_whole_map(map_of: Explorer, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    with image.open(saved(map_of, "PNG", tmp_path)) as picture:
        picture.load()
        assert picture.format == "PNG"
        assert min(picture.size) > 600
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24)}
    assert {(0x00, 0x9E, 0x73), (0xFD, 0xFC, 0xF9)} <= colours  # a coalition's green on the paper of the light look


def test_the_dark_map_is_saved_dark_or_for_paper(
    context_of: Callable[..., BrowserContext], service: str, tmp_path: Path
) -> None:
    explorer = Explorer(context_of("desk", "dark").new_page(), service).open("open=ngos-open-letter")
    export(explorer)
    dark = saved(explorer, "SVG", tmp_path).read_text("utf-8")
    explorer.page.get_by_role("checkbox", name="In light colours").check()
    light = saved(explorer, "SVG", tmp_path).read_text("utf-8")
    assert "#16191d" in dark
    assert "#16191d" not in light
    assert "#fdfcf9" in light
    explorer.picture("export-desk-dark")


def test_the_citation_names_sources_state_and_an_address_that_opens_the_map(map_of: Explorer) -> None:
    page = map_of.page
    shown = relations(map_of)
    words = copied(map_of, "As text")
    assert "What stands near More than 300 organisations" in words
    assert "read in: Article 01" in words
    assert "reported, affirmed claims" in words
    assert "state 2 of the graph" in words
    address = words.split()[-1]
    assert "at=2" in address
    bibtex = copied(map_of, "As BibTeX")
    assert re.match(r"@misc\{kgraph-2-\d{4}-\d\d-\d\d,\n", bibtex)
    assert bibtex.count("{") == bibtex.count("}")
    assert f"url = {{{address}}}" in bibtex
    assert "Claims of named sources" in bibtex
    assert copied(map_of, "The address alone") == address
    map_of.open(urlsplit(address).query)
    assert relations(map_of) == shown
    expect(page.locator("#lens")).to_contain_text("2")


def test_what_a_spreadsheet_would_run_is_text_and_xml_holds(odd: Explorer, tmp_path: Path) -> None:
    odd.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    odd.open("open=odd-names&modality=any&polarity=any")
    # Labels nobody would load: put where the service's answers stand, on the map itself.
    odd.page.evaluate(
        """() => { const core = document.getElementById('map')._cyreg.cy;
        ['=HYPERLINK("http://evil.example")', '+1', '-2+3', '@SUM(A1)', '\\t=1',
         'a"b;c\\u0000\\u0007]]>&\\ud800'].forEach(
          (label, index) => {
          const node = core.nodes()[index]; node.data('thing', {...node.data('thing'), label}); }); }"""
    )
    export(odd)
    text = saved(odd, "CSV", tmp_path).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    cells = [cell for row in rows for cell in row.values()]
    assert any("=HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row["modality"] for row in rows} == {"reported", "alleged"}
    assert {row["polarity"] for row in rows} == {"affirmed", "negated"}
    graph = networkx.read_graphml(saved(odd, "GraphML", tmp_path), force_multigraph=True)
    labels = {held["label"] for _, held in graph.nodes(data=True)}
    assert {'=HYPERLINK("http://evil.example")', "+1", "\t=1"} <= labels
    assert any(label.startswith('a"b;c\ufffd\ufffd]]>&') for label in labels)
    query = copied(odd, "SPARQL that gives these relations")
    asked = httpx2.post(f"{odd.service}/sparql", content=query, headers={"Content-Type": "application/sparql-query"})
    assert asked.status_code == 200, asked.text
    assert {row["claim"]["value"] for row in asked.json()["results"]["bindings"]} == {iri(one) for one in claims(odd)}
    book = json.loads(saved(odd, "Notebook", tmp_path).read_text("utf-8"))
    assert run(book)[0] == relations(odd)


def test_labels_with_markup_are_texts_in_every_picture(odd: Explorer, tmp_path: Path) -> None:
    odd.open("open=odd-names")
    export(odd)
    root = ElementTree.parse(saved(odd, "SVG", tmp_path)).getroot()
    assert {part.tag.partition("}")[2] for part in root.iter()} <= {
        "svg",
        "g",
        "rect",
        "path",
        "text",
        "tspan",
        "circle",
        "polygon",
    }
    assert ODD["arabic"].replace(" ", "") in "".join(root.itertext()).replace(" ", "")


def test_a_service_that_refuses_is_said_in_words_and_asked_again(explorer: Explorer, tmp_path: Path) -> None:
    page = explorer.open("open=ngos-open-letter").page
    export(explorer)
    page.route(
        "**/sparql",
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", body='{"title": "Busy", "detail": "Come back soon."}'
        ),
    )
    page.get_by_role("button", name="Turtle", exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Busy")
    expect(alert).to_contain_text("Come back soon.")
    page.unroute("**/sparql")
    with page.expect_download() as coming:
        alert.get_by_role("button", name="Try again").click()
    coming.value.save_as(tmp_path / "map.ttl")
    assert len(rdflib.Graph().parse(tmp_path / "map.ttl")) > 50
    explorer.complaints = [one for one in explorer.complaints if "503" not in one]


def test_an_empty_map_gives_nothing_and_says_why(explorer: Explorer) -> None:
    explorer.open()
    export(explorer)
    expect(explorer.side()).to_contain_text("The map is empty: put something on it first.")
    expect(explorer.side().get_by_role("button", name="CSV", exact=True)).to_be_disabled()


@pytest.mark.parametrize("size", SIZES)
def test_the_panel_fits_every_window(context_of: Callable[..., BrowserContext], service: str, size: str) -> None:
    explorer = Explorer(context_of(size).new_page(), service).open("open=ngos-open-letter")
    export(explorer)
    explorer.picture(f"export-{size}-light")
    body = "document.getElementById('side-body')"
    assert explorer.page.evaluate(f"{body}.scrollWidth <= {body}.clientWidth")
    explorer.page.get_by_text("SPARQL that gives these relations").click()
    explorer.page.get_by_text("As text").click()
    explorer.page.locator(".exports").get_by_text("As BibTeX").scroll_into_view_if_needed()
    explorer.page.wait_for_timeout(300)
    explorer.picture(f"export-texts-{size}-light")
    assert explorer.page.evaluate(f"{body}.scrollWidth <= {body}.clientWidth")
    assert explorer.complaints == []
