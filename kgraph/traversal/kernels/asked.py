"""What a search under a lens is asked, as arrays: records that are seen, relations that are walked, nodes passed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.steptable import OPEN_FUTURE, OPEN_PAST
from kgraph.traversal.kernels.topology import Int32, Int64

UInt8 = npt.NDArray[np.uint8]

FIRST_DAY, LAST_DAY, MIN_SOURCES, LEAST_CONFIDENCE, SPEAKERS_ASKED = range(5)
"""The places of a lens's `bounds`."""
ASKED_FOR, UNWANTED = 1, 2
"""What an agent is to a lens, as bits."""
FORWARD, BACKWARD = 1, 2
"""How a relation may be walked, as bits: from subject to object, from object to subject."""


class LensArrays(NamedTuple):
    """A lens for one step table, whose vocabularies have `combos` and `sources` places. The rules are `lens.py`'s."""

    combo_ok: UInt8
    """uint8[combos]: whether a layer, status, modality, polarity, voice, certainty and role are looked at together."""
    source_ok: UInt8
    """uint8[sources]: whether an article or claim table is."""
    agent: UInt8
    """uint8[n]: ASKED_FOR, UNWANTED or both; of size 0 when the lens names no agents."""
    several: UInt8
    """uint8[lists]: the same for each list of several agents, or-ed over them; of size 0 as well."""
    bounds: Int64
    """int64[5]: the day a claim must not be over before, the day it must not begin after, the least number of sources,
    the least confidence in 10⁻⁹, whether speakers are asked for (they may be asked for though no node is one)."""

    @classmethod
    def of(
        cls,
        combo_ok: UInt8,
        source_ok: UInt8,
        *,
        agent: UInt8 | None = None,
        several: UInt8 | None = None,
        first_day: int = OPEN_PAST,
        last_day: int = OPEN_FUTURE,
        min_sources: int = 1,
        least_confidence: int = 0,
        speakers_asked: bool = False,
    ) -> LensArrays:
        """With open bounds and no agents where none are given."""
        agent = np.empty(0, np.uint8) if agent is None else agent
        several = np.empty(0, np.uint8) if several is None else several
        bounds = np.array((first_day, last_day, min_sources, least_confidence, speakers_asked), np.int64)
        return cls(combo_ok, source_ok, agent, several, bounds)


class WalkArrays(NamedTuple):
    """Where a walk may go, whatever the lens."""

    way: UInt8
    """uint8[predicates]: FORWARD, BACKWARD or both."""
    kind: Int32
    """int32[n]: the kind of each node."""
    kind_ok: UInt8
    """uint8[kinds]: whether a walk may go on from a node of a kind. The ends of a walk are exempt."""
    blocked: Int32
    """int32[…]: nodes that may not stand between the ends."""
    flags: Int64
    """int64[3]: the ways of all predicates, or-ed; whether nodes of every kind may be passed; the ways, and-ed."""

    @classmethod
    def of(cls, way: UInt8, kind: Int32, kind_ok: UInt8, blocked: Int32 | None = None) -> WalkArrays:
        """With nothing blocked where nothing is given."""
        blocked = np.empty(0, np.int32) if blocked is None else blocked
        some = int(np.bitwise_or.reduce(way))
        every = int(np.bitwise_and.reduce(way)) & (FORWARD | BACKWARD)
        return cls(way, kind, kind_ok, blocked, np.array((some, bool(kind_ok.all()), every), np.int64))
