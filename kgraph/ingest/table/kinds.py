"""Of which class each thing of a table is, and whether its relations may join it: domains and ranges, column by column.

What the graph has keeps its classes; what the table says of a new thing holds (`subject_type` and the like). Where it
says nothing, the thing is whatever all its relations can join: the most general class that is left, `Agent` or the
first of `PREFERRED` where several are. Classes are bits of a mask, so that a million rows are a few passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from kgraph.ingest.table.things import Things
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema

Masks = npt.NDArray[np.uint64]
Int32 = npt.NDArray[np.int32]

Refuse = Callable[[npt.NDArray[np.int64], str, str], None]
"""Called with rows, the field and the reason."""

PREFERRED: Final = ("Agent", "Organisation", "Document", "Event", "Person", "Place", "Entity")
"""What a thing is taken to be where its relations leave several classes, none above the others."""
_WORD: Final = 64


class Classes:
    """The classes of the ontology as bits."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._ns: Namespaces = schema.namespaces
        self._iris = tuple(sorted(schema.classes))
        self._bit = {iri: number for number, iri in enumerate(self._iris)}
        self._words = -(-len(self._iris) // _WORD)
        self._chosen: dict[bytes, str | None] = {}

    def mask(self, iris: Iterable[str]) -> Masks:
        """uint64[words]: these classes."""
        found = np.zeros(self._words, np.uint64)
        for iri in iris:
            if iri in self._bit:
                word, bit = divmod(self._bit[iri], _WORD)
                found[word] |= np.uint64(1 << bit)
        return found

    def below(self, iris: Iterable[str]) -> Masks:
        """uint64[words]: these classes and all below them."""
        above = tuple(iris)
        return self.mask(iri for iri in self._iris if any(self._schema.is_a(iri, each) for each in above))

    @cached_property
    def entities(self) -> Masks:
        """uint64[words]: what a new thing of a table may be."""
        return self.below([f"{self._ns.kg}Entity"])

    def of(self, mask: Masks) -> list[str]:
        """The classes of a mask."""
        return [iri for iri, bit in self._bit.items() if int(mask[bit // _WORD]) >> (bit % _WORD) & 1]

    def choose(self, mask: Masks) -> str | None:
        """The class a thing is taken to be of that can be any of these; None where nothing tells."""
        key = mask.tobytes()
        if key not in self._chosen:
            top = self.top(mask)
            preferred = (iri for name in PREFERRED if (iri := f"{self._ns.kg}{name}") in top)
            self._chosen[key] = top[0] if len(top) == 1 else next(preferred, None)
        return self._chosen[key]

    def top(self, mask: Masks) -> list[str]:
        """The classes of a mask that are below no other of it."""
        classes = self.of(mask)
        return [c for c in classes if not any(c != other and self._schema.is_a(c, other) for other in classes)]

    def told(self, iris: Iterable[str]) -> str:
        """Classes as a person reads them."""
        names = sorted(iri.removeprefix(self._ns.kg) for iri in iris)
        return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)


@dataclass(frozen=True, slots=True)
class Use:
    """Things in a place of their relations: `thing` int32[n], in the row `row`, allowed to be of `allowed[which]`.

    A use that is not `strict` tells what a thing is where nothing else does, and refuses nothing. One that is `stated`
    is not of a relation: the table says the class.
    """

    field: str
    thing: Int32
    row: npt.NDArray[np.int64]
    which: Int32
    allowed: Masks
    strict: bool = True
    stated: bool = False


class Kinds:
    """Finds the class of every thing, and the rows that do not fit."""

    def __init__(self, classes: Classes, things: Things) -> None:
        self._classes = classes
        self.types: list[str | None] = [None] * len(things.iris)
        """The class of each thing that is new and whose class is clear."""
        known = {types: classes.mask(types) for types in set(things.types)}
        new = (label is not None for label in things.labels)
        given = [classes.entities if is_new else known[t] for is_new, t in zip(new, things.types, strict=True)]
        self._masks = np.array(given, np.uint64).reshape(len(given), len(classes.entities))
        self._settled = np.array([label is None for label in things.labels], np.bool_)

    def judge(self, uses: Sequence[Use], refuse: Refuse) -> None:
        """Settle the classes of new things by their uses, then refuse each row with a thing that does not fit."""
        masks = self._masks
        for use in uses:
            masks = self._narrowed(masks, use)
        open_ = np.flatnonzero(~self._settled)
        unclear = np.zeros_like(masks)
        different, which = np.unique(masks[open_], axis=0, return_inverse=True)
        for number, mask in enumerate(different):
            these = open_[which.ravel() == number]
            chosen = self._classes.choose(mask)
            if chosen is None:
                unclear[these] = mask
                continue
            masks[these] = self._classes.mask((chosen,))
            for thing in these.tolist():
                self.types[thing] = chosen
        for use in uses:
            if use.strict:
                self._refuse(use, masks, unclear, refuse)

    def _narrowed(self, masks: Masks, use: Use) -> Masks:
        """The masks of new things without the classes that a use does not allow.

        Where that would leave none, rows count in their order, and one that would leave none does not count.
        """
        order = np.flatnonzero(~self._settled[use.thing])
        order = order[np.argsort(use.thing[order], kind="stable")]
        thing, which = use.thing[order], use.which[order]
        if not len(thing):
            return masks
        starts = np.flatnonzero(np.diff(thing, prepend=-1))
        found = masks.copy()
        found[thing[starts]] &= np.bitwise_and.reduceat(use.allowed[which], starts, axis=0)
        none_left = ~found[thing[starts]].any(axis=1)
        ends = np.append(starts[1:], len(thing))
        for start, end in zip(starts[none_left], ends[none_left], strict=True):
            left = masks[thing[start]]
            for allowed in use.allowed[which[start:end]]:
                both = left & allowed
                left = both if both.any() else left
            found[thing[start]] = left
        return found

    def _refuse(self, use: Use, masks: Masks, unclear: Masks, refuse: Refuse) -> None:
        """Tell the rows whose thing is of no class that its place allows, and those whose thing is of none known."""
        of = masks[use.thing]
        wrong = np.flatnonzero(~(of & use.allowed[use.which]).any(axis=1))
        kinds, kind = np.unique(of[wrong], axis=0, return_inverse=True)
        pairs = kind.ravel().astype(np.int64) * len(use.allowed) + use.which[wrong]
        for pair in np.unique(pairs).tolist():
            mask, which = kinds[pair // len(use.allowed)], pair % len(use.allowed)
            is_a = self._classes.told(self._classes.of(mask)) or "nothing kgraph has a class for"
            takes = self._classes.told(self._classes.top(use.allowed[which]))
            who = "the row says" if use.stated else "the relation takes"
            refuse(use.row[wrong[pairs == pair]], use.field, f"is {is_a}, and {who} {takes}")
        possible = unclear[use.thing]
        open_ = np.flatnonzero(possible.any(axis=1))
        kinds, kind = np.unique(possible[open_], axis=0, return_inverse=True)
        for number, mask in enumerate(kinds):
            may_be = self._classes.told(self._classes.top(mask))
            reason = f"may be {may_be}: say which in a column {use.field}_type, or as its default"
            refuse(use.row[open_[kind.ravel() == number]], use.field, reason)
