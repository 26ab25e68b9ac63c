"""What lies in the items of hazards and their steps (see ``tean.adapters.dynamo.codec``)."""

from __future__ import annotations

from pydantic_core import from_json

from schemas.language import Act, HazardState
from tean.adapters.dynamo import keys
from tean.adapters.dynamo.codec import Body, Item, by_version
from tean.adapters.models import HazardItem
from tean.domain.hazards import Hazard, Step, officers_rectify

_HAZARD_ATTRIBUTES = (
    "state", "version", "grade", "duty", "unit_kind", "kind", "finder", "assignee", "deadline", "rectified_at",
    "last_step", "devices", "extension",
)  # fmt: skip
_HAZARD = Body(Hazard, key=("id", "unit"), attributes=_HAZARD_ATTRIBUTES)
_STEP = Body(Step, key=("hazard", "version"))


def hazard_item(hazard: Hazard) -> HazardItem:
    """A hazard with its places in the lists; ``open`` is only there while it is not rectified, ``mine`` where officers
    deal with it."""
    still_open, officers = hazard.state is not HazardState.RECTIFIED, officers_rectify(hazard.duty)
    return HazardItem(
        hazard.unit,
        hazard.id,
        state=hazard.state,
        version=hazard.version,
        grade=hazard.grade,
        duty=hazard.duty,
        unit_kind=hazard.unit_kind,
        kind=hazard.kind,
        finder=hazard.finder,
        assignee=hazard.assignee,
        deadline=hazard.deadline.isoformat() if hazard.deadline else None,
        rectified_at=keys.instant(hazard.rectified_at) if hazard.rectified_at else None,
        last_step=hazard.last_step,
        queue=keys.queue(hazard.unit, hazard.duty, hazard.state),
        mine=keys.mine(hazard.unit, hazard.assignee or hazard.finder, hazard.state) if officers else None,
        devices=list(hazard.devices) or None,
        extension=hazard.extension.isoformat() if hazard.extension else None,
        at=keys.at(hazard),
        open=hazard.unit if still_open else None,
        open_at=keys.open_at(hazard) if still_open else None,
        body=_HAZARD.text(hazard),
    )


def _hazard_1(item: Item) -> Hazard:
    return _HAZARD.read(item, id=item["sk"], unit=item["pk"])


read_hazard = by_version(_hazard_1)


def step_item(unit: str, step: Step) -> HazardItem:
    """A step, beside its hazard."""
    return HazardItem(unit, keys.step(step.hazard, step.version), body=_STEP.text(step))


def _step_1(item: Item) -> Step:
    hazard, version = item["sk"].rsplit("#", 1)
    step = from_json(item["body"])
    # The first steps did not say what they did: there was one way on from each state, and the roster's hand-over.
    act = Act.RECTIFICATION if step["state"] == HazardState.RECTIFIED else Act.ORDER
    known = {} if "act" in step else {"act": Act.HAND_OVER if step["by"] == "roster" else act}
    return _STEP.read(item, hazard=hazard, version=int(version), **known)


read_step = by_version(_step_1)
