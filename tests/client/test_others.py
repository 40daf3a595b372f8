"""Clients of others, as they are, against a running service: they need nothing of kgraph's."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, SPARQLWrapper

QUERY = """PREFIX id: <https://w3id.org/kgraph/id/> PREFIX kg: <https://w3id.org/kgraph/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label { GRAPH ?g { id:ngos-open-letter kg:hasMember ?who } ?who skos:prefLabel ?label } ORDER BY ?label"""
LABELS = ["Amnesty International", "Human Rights Watch"]
CONSTRUCT = (
    "PREFIX kg: <https://w3id.org/kgraph/ns#> CONSTRUCT { ?a kg:demands ?b } WHERE { GRAPH ?g { ?a kg:demands ?b } }"
)


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_rows_and_graphs(method: str, service: str) -> None:
    wrapper = SPARQLWrapper(f"{service}/sparql")
    wrapper.setMethod(method)
    wrapper.setQuery(QUERY)
    wrapper.setReturnFormat(JSON)
    found = wrapper.query().convert()["results"]["bindings"]
    assert [row["label"]["value"] for row in found] == LABELS
    wrapper.setReturnFormat(CSV)
    assert wrapper.query().convert().decode().split("\r\n")[1:-1] == LABELS
    wrapper.setQuery(CONSTRUCT)
    wrapper.setReturnFormat(TURTLE)
    assert len(rdflib.Graph().parse(data=wrapper.query().convert(), format="turtle")) > 0


def test_the_store_of_rdflib_reads_the_service_as_a_graph(service: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{service}/sparql"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own
        assert [str(row.label) for row in graph.query(QUERY)] == LABELS
        letter = rdflib.URIRef("https://w3id.org/kgraph/id/ngos-open-letter")
        member = rdflib.URIRef("https://w3id.org/kgraph/ns#hasMember")
        assert len(set(graph.objects(letter, member))) == len(LABELS)


def test_sparqldataframe_makes_a_frame(service: str) -> None:
    import sparqldataframe

    assert sparqldataframe.query(f"{service}/sparql", QUERY)["label"].tolist() == LABELS


def test_curl_asks_by_get_and_by_post(service: str) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not here")
    for how in (["--get"], []):
        command = [curl, "-sS", "--fail", *how, "--data-urlencode", f"query={QUERY}", f"{service}/sparql"]
        asked = subprocess.run(command, capture_output=True, text=True, check=True)
        assert [row["label"]["value"] for row in json.loads(asked.stdout)["results"]["bindings"]] == LABELS
