"""Whether a step may be walked under a lens, decided from columns when a search comes to it, and remembered.

A step of the index (`kgraph/traversal/index.py`) has claims `starts[step]` to `starts[step + 1]`. Of each claim c:
`columns[c]`, int32: codes of status, modality, polarity and voice, article, earliest and latest day (places among the
known days in order, -1 for open); `confidence[c]`, NaN for none; its speakers `agents[spoken[2c]:spoken[2c + 1]]` and
its relays `agents[spoken[2c + 1]:spoken[2c + 2]]`.

A lens is `code_ok` uint8[4, codes], `article_ok` uint8[articles], `agent_is` uint8[agents] (1 asked for, 2 unwanted),
`bounds` int64[6] (layers as bits, first place that is not over, first place that begins too late, least number of
articles, whether speakers are asked for, whether some are unwanted) and the least confidence.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.compiling import kernel

UInt8 = npt.NDArray[np.uint8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

LENS_TYPES = (
    "uint8[::1], uint8[::1], int64[::1], int32[:,::1], float64[::1], int64[::1], int32[::1], uint8[:,::1], uint8[::1],"
    " uint8[::1], int64[::1], float64"
)
"""The arrays that every kernel under a lens takes, in the order of `allows` after the step."""


@kernel(
    "boolean(int64, int32[:,::1], float64[::1], int64[::1], int32[::1], uint8[:,::1], uint8[::1], uint8[::1],"
    " int64[::1], float64)"
)
def keeps(
    claim: int,
    columns: Int32,
    confidence: Float64,
    spoken: Int64,
    agents: Int32,
    code_ok: UInt8,
    article_ok: UInt8,
    agent_is: UInt8,
    bounds: Int64,
    least: float,
) -> bool:
    """Whether a claim is seen through the lens."""
    for field in range(4):
        if not code_ok[field, columns[claim, field]]:
            return False
    if not article_ok[columns[claim, 4]]:
        return False
    earliest, latest = columns[claim, 5], columns[claim, 6]
    if (latest >= 0 and latest < bounds[1]) or (earliest >= 0 and earliest >= bounds[2]):
        return False
    if confidence[claim] < least:
        return False
    first, relays, end = spoken[2 * claim], spoken[2 * claim + 1], spoken[2 * claim + 2]
    if bounds[4]:
        asked = False
        for i in range(first, relays):
            asked = asked or agent_is[agents[i]] & 1 != 0
        if not asked:
            return False
    if bounds[5]:
        for i in range(first, end):
            if agent_is[agents[i]] & 2:
                return False
    return True


@kernel(f"boolean(int64, {LENS_TYPES})")
def allows(
    step: int,
    known: UInt8,
    layer: UInt8,
    starts: Int64,
    columns: Int32,
    confidence: Float64,
    spoken: Int64,
    agents: Int32,
    code_ok: UInt8,
    article_ok: UInt8,
    agent_is: UInt8,
    bounds: Int64,
    least: float,
) -> bool:
    """Whether a step may be walked. `known`, uint8[steps], remembers: 1 no, 2 yes, 0 not asked yet."""
    if known[step]:
        return bool(known[step] == 2)
    allowed = bool((bounds[0] >> int(layer[step])) & 1)
    first, end = starts[step], starts[step + 1]
    if allowed and end > first:
        wanted = min(max(1, bounds[3]), end - first + 1)
        articles = np.empty(wanted, np.int32)
        found = 0
        for claim in range(first, end):
            if not keeps(claim, columns, confidence, spoken, agents, code_ok, article_ok, agent_is, bounds, least):
                continue
            article = columns[claim, 4]
            new = True
            for i in range(found):
                new = new and articles[i] != article
            if new:
                articles[found] = article
                found += 1
                if found == wanted:
                    break
        allowed = found == wanted
    known[step] = 2 if allowed else 1
    return allowed


@kernel(f"int64(int64, int64[::1], int32[::1], int64[::1], int32[::1], {LENS_TYPES})")
def degree(
    node: int,
    onward_indptr: Int64,
    onward_step: Int32,
    back_indptr: Int64,
    back_step: Int32,
    known: UInt8,
    layer: UInt8,
    starts: Int64,
    columns: Int32,
    confidence: Float64,
    spoken: Int64,
    agents: Int32,
    code_ok: UInt8,
    article_ok: UInt8,
    agent_is: UInt8,
    bounds: Int64,
    least: float,
) -> int:
    """How many steps a node has under the lens; a loop counts at both of its ends."""
    total = 0
    for way in range(2):
        indptr, steps = (onward_indptr, onward_step) if way == 0 else (back_indptr, back_step)
        for j in range(indptr[node], indptr[node + 1]):
            if allows(
                steps[j],
                known,
                layer,
                starts,
                columns,
                confidence,
                spoken,
                agents,
                code_ok,
                article_ok,
                agent_is,
                bounds,
                least,
            ):
                total += 1
    return total
