"""The steps beside each node are those of the view."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kgraph.traversal import terrain
from kgraph.traversal.terrain import Beside


def test_each_step_lies_at_both_its_ends(letter: Any) -> None:
    letter.claim("ngo", "partnerOf", "ngo")
    view = letter.catalogue().whole
    allowed = [step.index % 3 > 0 for step in view]
    found = terrain.whole(view, allowed)
    expected: dict[int, list[Beside]] = {}
    for forward in (True, False):
        for step in view:
            near, far = view.node(step.subject), view.node(step.object)
            near, far = (near, far) if forward else (far, near)
            predicate = view.columns.predicates.number[step.predicate]
            beside = Beside(step.index, forward, far, predicate, allowed[step.index])
            expected.setdefault(near, []).append(beside)
    assert found == expected


def test_some_steps_are_a_terrain_of_their_own_and_allowed(letter: Any) -> None:
    view = letter.catalogue().stated
    found = terrain.terrain(view, np.array([1, 4], np.int32))
    assert {beside.step for besides in found.values() for beside in besides} == {1, 4}
    assert all(beside.allowed for besides in found.values() for beside in besides)
    assert terrain.terrain(view, np.zeros(0, np.int32)) == {}


def test_what_is_allowed_is_the_same_however_many_are_taken_at_once(
    letter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = letter.catalogue().whole
    allowed = [step.index % 2 > 0 for step in view]
    at_once = terrain.whole(view, allowed)
    monkeypatch.setattr(terrain, "_PIECE", 3)
    assert terrain.whole(view, allowed) == at_once


def test_a_check_may_end_it(letter: Any) -> None:
    view = letter.catalogue().whole

    def over() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        terrain.terrain(view, np.arange(len(view), dtype=np.int32), check=over)
