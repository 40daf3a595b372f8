"""Drawings: the graph under a lens as GraphML or GEXF, one edge a claim, written as it is walked: no graph is built.

What is written is what networkx writes of `to_networkx`, and reads back the same. Names of nodes are all that is held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from kgraph import syntax
from kgraph.model import Lens
from kgraph.traversal.networkx import EDGE, NODE, Edge, edges, node
from kgraph.traversal.records import Catalogue

_LINES: Final = 2_000
"""Lines of a piece."""
_GRAPHML: Final = {str: "string", int: "long", float: "double"}
_GEXF: Final = {str: "string", int: "long", float: "double"}
_KEY: Final = "networkx_key"


def write(
    catalogue: Catalogue, lens: Lens | None, format: str, selection: Collection[str] | None = None
) -> Iterator[bytes]:
    """The relations that may be walked, as `graphml` or `gexf`, in pieces. `selection` keeps only the edges of those
    claims. Raises ParameterError while it is read for what no XML can hold."""

    def walked() -> Iterator[Edge]:
        return (edge for edge in edges(catalogue, lens) if selection is None or edge.key in selection)

    lines = _graphml(catalogue, walked()) if format == "graphml" else _gexf(catalogue, walked(), walked())
    while piece := list(islice(lines, _LINES)):
        text = "\n".join(piece)
        syntax.check_xml_text(format, text)
        yield f"{text}\n".encode()


def _graphml(catalogue: Catalogue, walked: Iterable[Edge]) -> Iterator[str]:
    yield "<?xml version='1.0' encoding='utf-8'?>"
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    yield '<key id="generation" for="graph" attr.name="generation" attr.type="long"/>'
    for scope, attributes in (("node", NODE), ("edge", EDGE)):
        for name, kind in attributes.items():
            yield f'<key id="{scope}-{name}" for="{scope}" attr.name="{name}" attr.type="{_GRAPHML[kind]}"/>'
    yield '<graph edgedefault="directed">'
    yield f'<data key="generation">{catalogue.generation}</data>'
    seen: set[str] = set()
    for edge in walked:
        for iri in _new(edge, seen):
            name, told = node(catalogue, iri)
            yield f"<node id={quoteattr(name)}>{_data('node', told)}</node>"
        ends = f"source={quoteattr(edge.source)} target={quoteattr(edge.target)}"
        yield f"<edge {ends} id={quoteattr(edge.key)}>{_data('edge', edge.told)}</edge>"
    yield "</graph>"
    yield "</graphml>"


def _new(edge: Edge, seen: set[str]) -> Iterator[str]:
    """The ends of an edge that were not seen yet; now they are."""
    for iri in (edge.subject, edge.object):
        if iri not in seen:
            seen.add(iri)
            yield iri


def _data(scope: str, told: Mapping[str, Any]) -> str:
    return "".join(f'<data key="{scope}-{name}">{escape(str(value))}</data>' for name, value in told.items())


def _gexf(catalogue: Catalogue, first: Iterable[Edge], again: Iterable[Edge]) -> Iterator[str]:
    """GEXF has all nodes before the edges: the graph is walked twice."""
    yield "<?xml version='1.0' encoding='utf-8'?>"
    yield '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">'
    yield '<graph defaultedgetype="directed" mode="static">'
    for scope, attributes in (("node", NODE), ("edge", {**EDGE, _KEY: str})):
        yield f'<attributes class="{scope}" mode="static">'
        for name, kind in attributes.items():
            if name != "label":
                yield f'<attribute id="{scope}-{name}" title="{name}" type="{_GEXF[kind]}"/>'
        yield "</attributes>"
    yield "<nodes>"
    seen: set[str] = set()
    for edge in first:
        for iri in _new(edge, seen):
            name, told = node(catalogue, iri)
            yield f"<node id={quoteattr(name)} label={quoteattr(str(told['label']))}>{_values('node', told)}</node>"
    yield "</nodes>"
    yield "<edges>"
    for number, edge in enumerate(again):
        ends = f"source={quoteattr(edge.source)} target={quoteattr(edge.target)}"
        told = {**edge.told, _KEY: edge.key}
        yield f'<edge {ends} id="{number}" label={quoteattr(str(told["label"]))}>{_values("edge", told)}</edge>'
    yield "</edges>"
    yield "</graph>"
    yield "</gexf>"


def _values(scope: str, told: Mapping[str, Any]) -> str:
    values = (
        f'<attvalue for="{scope}-{name}" value={quoteattr(str(value))}/>'
        for name, value in told.items()
        if name != "label"
    )
    return f"<attvalues>{''.join(values)}</attvalues>"
