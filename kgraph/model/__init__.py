"""The values kgraph answers with. Frozen, slotted, without behaviour beyond what their fields imply.

Identifiers (`id`, `type`, `predicate`, `source`, `target`) are CURIEs (`id:ioc`, `kg:demands`) where a prefix
is known, else IRIs; a code that qualifies something (`voice`, `modality`, `approximation`) is its bare name, as claim
files write it. The JSON of every door is these fields under these names.
"""

from __future__ import annotations

from kgraph.model.answers import (
    Counts,
    Credit,
    Entity,
    Exclusion,
    Fact,
    Hit,
    Labels,
    NeighbourCount,
    Neighbourhood,
    NeighbourRef,
    Path,
    Paths,
    QuantityClaim,
    SearchResult,
    Source,
    Sources,
    TimeClaim,
    Timeline,
    Verdict,
    Work,
)
from kgraph.model.claims import (
    Claim,
    ClaimRef,
    Edge,
    EntityRef,
    Mention,
    Note,
    Quantity,
    Span,
    TimeSpan,
)
from kgraph.model.operations import (
    Finding,
    LoadReport,
    Progress,
    Rewrite,
    UpdateReport,
)
from kgraph.model.questions import (
    Direction,
    Lens,
    NeighbourhoodQuestion,
    Page,
    PathMode,
    PathQuestion,
)

__all__ = [
    "Claim",
    "ClaimRef",
    "Counts",
    "Credit",
    "Direction",
    "Edge",
    "Entity",
    "EntityRef",
    "Exclusion",
    "Fact",
    "Finding",
    "Hit",
    "Labels",
    "Lens",
    "LoadReport",
    "Mention",
    "NeighbourCount",
    "NeighbourRef",
    "Neighbourhood",
    "NeighbourhoodQuestion",
    "Note",
    "Page",
    "Path",
    "PathMode",
    "PathQuestion",
    "Paths",
    "Progress",
    "Quantity",
    "QuantityClaim",
    "Rewrite",
    "SearchResult",
    "Source",
    "Sources",
    "Span",
    "TimeClaim",
    "TimeSpan",
    "Timeline",
    "UpdateReport",
    "Verdict",
    "Work",
]
