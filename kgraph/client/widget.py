"""The graph of an answer in a notebook: drawn by `static/widget.js`, asked and told from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import anywidget
import traitlets

from kgraph.client import drawing, still
from kgraph.client.asking import Asking
from kgraph.client.drawing import Drawing
from kgraph.client.rows import Json
from kgraph.errors import KGraphError

MOST_NEAR = 40
"""How many relations one expansion brings; expanding the same thing again brings the next."""

STATIC = "static"


@cache
def script() -> str:
    """The widget's module. Raises FileNotFoundError, with what to do, in a checkout where it was not built."""
    built = resources.files("kgraph.client").joinpath(STATIC, "widget.js")
    if not built.is_file():
        raise FileNotFoundError("kgraph/client/static/widget.js is not built: `make web` builds it")
    return built.read_text("utf-8")


class GraphWidget(anywidget.AnyWidget):
    """A drawn graph, as `Result.show()` makes it.

    `selected` has the ids of the chosen things, both ways: set it, and they are selected in the notebook. `graph` is
    what is drawn, as JSON. `expand(id)` does what a double click does.

    >>> from kgraph.client import Client
    >>> drawn = Client("graph.ttl").neighbourhood("ioc").show()
    >>> drawn.expand("id:olympics-letter")
    '3 more relations near Letter of rights groups to the IOC.'
    """

    graph = traitlets.Dict().tag(sync=True)
    selected = traitlets.List(traitlets.Unicode()).tag(sync=True)
    height = traitlets.Int(480, min=200, max=4000).tag(sync=True)
    live = traitlets.Bool(True).tag(sync=True)
    _esm = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        drawn: Drawing,
        asking: Asking,
        notes: Sequence[str] = (),
        lens: Mapping[str, Any] | None = None,
        height: int = 480,
    ) -> None:
        """`asking` is whom expansions ask, through `lens`; `notes` are told under the picture; `height` in pixels."""
        self._drawn, self._asking, self._notes, self._lens = drawn, asking, notes, dict(lens or {})
        self._going_on: dict[str, Mapping[str, Any]] = {}
        super().__init__(graph=drawn.json(notes), height=height, _esm=script())
        self.on_msg(self._heard)

    def expand(self, id: str) -> str:
        """Add what stands within one hop of a thing, through the lens of the answer; what is drawn does not move.

        Gives what happened in a sentence. Raises EntityNotFoundError and the other errors of `neighbourhood`.
        """
        answer = self._asking.near(id, self._going_on.get(id, {"limit": MOST_NEAR, **self._lens}))
        before = len(self._drawn.edges)
        more = drawing.of_answer("neighbourhood", answer)
        self._drawn = self._drawn.joined(more)
        self.graph = self._drawn.json(self._notes, near=answer["centre"]["id"])
        added, name = len(self._drawn.edges) - before, answer["centre"]["label"]
        told = f"{added or 'No'} more relation{'' if added == 1 else 's'} near {name}."
        self._going_on.pop(id, None)
        if answer["again"]:
            self._going_on[id] = {key: value for key, value in answer["again"].items() if key != "entity"}
            return f"{told} There are more: expand it again."
        return told

    def ask_who(self, source: str, predicate: str, target: str) -> str:
        """Add the claims that state a relation which came without, such as a triple of a query."""
        claims = [drawing.claim_of(claim) for claim in self._asking.claims(source, predicate, target)]
        key = (source, predicate, target)
        held = self._drawn.edges[key]
        self._drawn = self._drawn.joined(Drawing({}, {key: {**held, "claims": claims}}))
        self.graph = self._drawn.json(self._notes, near=source)
        return "" if claims else "No claim states this relation."

    def _heard(self, _: object, message: Json, __: object) -> None:
        """What the reader did. Faults are told in the picture, in words."""
        try:
            match message:
                case {"kind": "expand", "id": str(id)}:
                    self.send({"kind": "told", "id": id, "text": self.expand(id)})
                case {"kind": "evidence", "source": str(source), "predicate": str(predicate), "target": str(target)}:
                    text = self.ask_who(source, predicate, target)
                    self.send({"kind": "told", "id": f"{source} {predicate} {target}", "text": text})
        except KGraphError as error:
            self.send({"kind": "failed", "id": str(message.get("id", "")), "text": error.detail})

    def _repr_mimebundle_(self, **_: Any) -> Any:
        """The live widget, and for pages made of the notebook a picture that needs neither kernel nor network."""
        live = super()._repr_mimebundle_()
        if live is None:
            return None
        data, metadata = live
        page = still.page(self._drawn.json(self._notes), self.height, script())
        return {**data, "text/html": page, "text/plain": repr(self)}, metadata

    def __repr__(self) -> str:
        return f"<GraphWidget: {len(self._drawn.nodes)} things, {len(self._drawn.edges)} relations>"
