"""The questions of the shipped article that everything else is for."""

from __future__ import annotations

import kgraph


def test_the_coalition_of_160_groups_shows_letter_demand_addressee_and_size(graph: kgraph.KnowledgeGraph) -> None:
    answer = graph.neighbourhood("rights-groups-olympics-letter", hops=2)
    nodes = {n.id: n for n in answer.nodes}
    assert {"id:olympics-letter", "id:withdraw-beijing-2022", "id:ioc"} <= set(nodes)
    assert 160 in {n.quantity.value for n in nodes.values() if n.quantity}
    assert nodes["id:rights-groups-olympics-letter"].notes == ("members not named by the source",)
    assert all(c.said_by and c.where.paragraph for e in answer.edges for c in e.claims)


def test_amnesty_and_the_secretary_general_are_connected_by_the_open_letter(graph: kgraph.KnowledgeGraph) -> None:
    answer = graph.paths("amnesty-international", "antonio-guterres")
    assert answer.verdict == "found"
    assert answer.paths[0].sentence.startswith(
        "Amnesty International is one of more than 300 organisations (P16), which"
    )
    assert answer.paths[0].sentence.endswith("António Guterres (P16).")


def test_a_pair_too_far_apart_is_proven_so(graph: kgraph.KnowledgeGraph) -> None:
    assert graph.paths("amnesty-international", "antonio-guterres", max_hops=1).verdict == "none_within"


def test_the_printed_short_form_finds_the_alliance(graph: kgraph.KnowledgeGraph) -> None:
    assert graph.search("IATP").items[0].label == "Inter-Parliamentary Alliance on China"


def test_the_chain_of_article_relay_and_speaker_is_on_the_claim(graph: kgraph.KnowledgeGraph) -> None:
    relayed = [c for c in graph.entity("chris-evans").claims if c.via]
    assert relayed
    assert all(
        [link.id for link in c.chain] == ["id:article-01", "id:bitter-winter", "id:chris-evans"] for c in relayed
    )
