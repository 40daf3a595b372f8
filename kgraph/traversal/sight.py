"""A lens over a view as arrays: which records it keeps and which steps it allows, for many at once or in kernels.

The rules are those of `lens.py`, where they are decided claim by claim; here they are comparisons of columns.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kgraph.model import Lens
from kgraph.traversal import dates
from kgraph.traversal.kernels.asked import (
    ASKED_FOR,
    FIRST_DAY,
    LAST_DAY,
    LEAST_CONFIDENCE,
    MIN_SOURCES,
    SPEAKERS_ASKED,
    UNWANTED,
    LensArrays,
)
from kgraph.traversal.kernels.steptable import (
    COMBO,
    CONFIDENCE,
    CONFIDENCE_UNIT,
    EARLIEST,
    LATEST,
    OPEN_FUTURE,
    OPEN_PAST,
    RELAY,
    SOURCE,
    SPEAKER,
)
from kgraph.traversal.strings import Int32, Int64, UInt8
from kgraph.traversal.views import CLAIMLESS, View

if TYPE_CHECKING:
    from kgraph.traversal.records import Catalogue

Bools = npt.NDArray[np.bool_]

ANY = "any"
QUOTED = ("direct-quote", "part-quote")
FARTHEST = len(QUOTED)


_CODES: dict[str, Any] = dict.fromkeys(("voice", "modality", "polarity", "include"), ())
"""What of a lens the combination of codes decides."""


class Sight:
    """A lens made ready for the steps of one view."""

    def __init__(self, view: View, lens: Lens) -> None:
        self.view, self.lens = view, lens
        self._columns = view.columns

    @cached_property
    def arrays(self) -> LensArrays:
        """The lens as kernels take it."""
        catalogue, lens, columns = self.view.catalogue, self.lens, self._columns
        named = bool(lens.said_by or lens.not_said_by)
        return LensArrays.of(
            self._combo_ok(),
            np.array([*(article_is_seen(catalogue, lens, iri) for iri in columns.sources.values), True], np.uint8),
            agent=self._agents() if named else None,
            several=self._lists() if named else None,
            first_day=OPEN_PAST if lens.valid_from is None else dates.number(lens.valid_from),
            last_day=OPEN_FUTURE if lens.valid_until is None else dates.number(lens.valid_until),
            min_sources=lens.min_sources,
            least_confidence=round(lens.min_confidence * CONFIDENCE_UNIT),
            speakers_asked=bool(lens.said_by),
        )

    def _combo_ok(self) -> UInt8:
        namespaces, lens = self.view.catalogue.namespaces, self.lens
        layers = {"relations", *lens.include}
        wanted = [
            None if not values or ANY in values else {namespaces.expand(value, "kgs") for value in values}
            for values in (lens.modality, lens.polarity, lens.voice)
        ]
        current = f"{namespaces.kgs}current"
        ok = np.zeros(max(len(self.view.combos), 1), np.uint8)
        for place, combo in enumerate(self.view.combos):
            if combo.layer not in layers:
                continue
            if combo.layer in CLAIMLESS:
                ok[place] = 1
                continue
            codes = (combo.modality, combo.polarity, combo.voice)
            fits = all(some is None or code in some for code, some in zip(codes, wanted, strict=True))
            ok[place] = combo.status == current and fits
        return ok

    @cached_property
    def combos_seen(self) -> list[bool] | None:
        """Whether each combination of codes is seen; None for a lens that asks more of a claim than its codes."""
        codes = replace(self.lens, **_CODES) == replace(Lens(), **_CODES)
        return [bool(ok) for ok in self._combo_ok()] if codes else None

    def _agents(self) -> UInt8:
        flags = np.zeros(self.view.table.nodes, np.uint8)
        for names, bit in ((self.lens.said_by, ASKED_FOR), (self.lens.not_said_by, UNWANTED)):
            for iri in names:
                if (node := self.view.node(iri)) >= 0:
                    flags[node] |= bit
        return flags

    def _lists(self) -> UInt8:
        asked, unwanted = frozenset(self.lens.said_by), frozenset(self.lens.not_said_by)
        flags = [
            ASKED_FOR * (not asked.isdisjoint(names)) | UNWANTED * (not unwanted.isdisjoint(names))
            for names in self._columns.lists.values
        ]
        return np.array([*flags, ASKED_FOR], np.uint8)  # the last one stands for steps that no claim states

    # -------------------------------------------------------------- many at once

    def keeps(self, records: Int32) -> Bools:
        """Whether each of these records, int32[k, 8], is seen."""
        lens = self.arrays
        bounds, confidence = lens.bounds, records[:, CONFIDENCE]
        kept: Bools = (
            (lens.combo_ok[records[:, COMBO]] > 0)
            & (lens.source_ok[records[:, SOURCE]] > 0)
            & (records[:, LATEST] >= bounds[FIRST_DAY])
            & (records[:, EARLIEST] <= bounds[LAST_DAY])
            & ((confidence < 0) | (confidence >= bounds[LEAST_CONFIDENCE]))
        )
        if len(lens.agent):
            said = self._flags(records[:, SPEAKER])
            kept &= ((said | self._flags(records[:, RELAY])) & UNWANTED) == 0
            if bounds[SPEAKERS_ASKED]:
                kept &= (said & ASKED_FOR) != 0
        return kept

    def _flags(self, agents: Int32) -> UInt8:
        flags = self.arrays.agent[np.maximum(agents, 0)]
        flags[agents < 0] = 0
        listed = agents < -1
        flags[listed] = self.arrays.several[-2 - agents[listed]]
        return flags

    def seen(self, steps: Int32) -> tuple[Int32, Int64, Bools]:
        """For some steps: all their records, where each step's begin, int64[k + 1], and whether each record is seen. A
        step with too few sources has none that is."""
        table = self.view.table
        counts = table.starts[steps + 1] - table.starts[steps]
        begins = np.zeros(len(steps) + 1, np.int64)
        np.cumsum(counts, out=begins[1:])
        records = np.arange(begins[-1], dtype=np.int64) - np.repeat(begins[:-1] - table.starts[steps], counts)
        kept = self.keeps(table.records[records])
        least = int(self.arrays.bounds[MIN_SOURCES])
        if least > 1:
            for i in range(len(steps)):
                part = slice(begins[i], begins[i + 1])
                if len(np.unique(table.records[records[part], SOURCE][kept[part]])) < least:
                    kept[part] = False
        return records.astype(np.int32), begins, kept

    def evidence(self, steps: Int32) -> tuple[Int64, Int64]:
        """How many sources are seen to state each of these steps, and how far the nearest of its claims is from the
        speaker's own words: 0 a direct quotation, 1 a part of one, 2 anything else; int64 each."""
        records, begins, kept = self.seen(steps)
        rows = self.view.table.records[records]
        claimed = kept & (rows[:, SOURCE] < len(self._columns.sources))
        distance = np.where(claimed, self.quotation[rows[:, COMBO]], FARTHEST)
        if len(records) == len(steps):
            return claimed.astype(np.int64), distance.astype(np.int64)
        step = np.repeat(np.arange(len(steps)), np.diff(begins))
        pairs = np.unique(step[claimed] * np.int64(len(self._columns.sources) + 1) + rows[claimed, SOURCE])
        sources = np.bincount(pairs // (len(self._columns.sources) + 1), minlength=len(steps))
        return sources, np.minimum.reduceat(distance, begins[:-1]).astype(np.int64)

    def surest(self, steps: Int32) -> npt.NDArray[np.float64]:
        """The highest confidence with which a claim of each of these steps was read; 1 for a claim without that figure,
        0 for a step without a claim."""
        records, begins, kept = self.seen(steps)
        rows = self.view.table.records[records]
        claimed = kept & (rows[:, SOURCE] < len(self._columns.sources))
        stated = np.where(rows[:, CONFIDENCE] < 0, 1.0, rows[:, CONFIDENCE] / CONFIDENCE_UNIT)
        surest: npt.NDArray[np.float64] = np.maximum.reduceat(np.where(claimed, stated, 0.0), begins[:-1])
        return surest

    @cached_property
    def quotation(self) -> UInt8:
        """How far from a speaker's own words each combination of codes is, uint8[combos]."""
        kgs = self.view.catalogue.namespaces.kgs
        found = [QUOTED.index(v) if (v := c.voice.removeprefix(kgs)) in QUOTED else FARTHEST for c in self.view.combos]
        return np.array(found or [FARTHEST], np.uint8)

    def allows(self, steps: Int32) -> Bools:
        """Whether each of these steps may be walked."""
        if not len(steps):
            return np.zeros(0, np.bool_)
        _, begins, kept = self.seen(steps)
        allowed: Bools = np.bitwise_or.reduceat(kept, begins[:-1])
        return allowed

    def claims(self, steps: Int32) -> Int32:
        """The numbers of the claims that are seen of these steps, step by step."""
        records, _, kept = self.seen(steps)
        claims = records[kept]
        return claims if self.view.claim_of is None else self.view.claim_of[claims]


def article_is_seen(catalogue: Catalogue, lens: Lens, iri: str) -> bool:
    """Whether a lens looks at the claims of an article: one it names, and none known to be published later."""
    if lens.source and iri not in lens.source:
        return False
    if lens.published_until is None:
        return True
    article = catalogue.articles.get(iri)
    published = catalogue.times.get(article.published) if article and article.published else None
    return dates.bounds(published)[0] <= dates.number(lens.published_until)
