"""The ids of what was found."""

from __future__ import annotations

from tean.domain.hazard_ids import finder_of, found_at, hazard_id, item_of, target_of
from tests.fakes.builders import NOW


def test_an_id_tells_instant_target_item_and_finder() -> None:
    id = hazard_id(NOW, "E-1", "EL-D-01", "P1")
    assert id == "20261123T013015123Z.E-1.EL-D-01.P1"
    assert (found_at(id), target_of(id), item_of(id), finder_of(id)) == (NOW, "E-1", "EL-D-01", "P1")
