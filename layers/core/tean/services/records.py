"""Records: what was checked, when, by whom, whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schemas import checklists
from schemas.catalogue import record_title
from schemas.checklists import Asked
from schemas.inspections import FirstAnswer
from schemas.language import Duty, Result
from schemas.records import (
    AnsweredItem,
    RecordDetail,
    RecordItem,
    RecordPage,
    RecordQuery,
    TargetPage,
    VersionItem,
)
from tean.adapters.ports.common import PAGE, Clock
from tean.adapters.ports.registry import CustomKey, Registry
from tean.domain import calendar
from tean.domain.errors import NotFound
from tean.domain.hazard_ids import hazard_id
from tean.domain.inspections import grade_of
from tean.domain.records import Answer, Record
from tean.domain.registry import Target, as_target, asked_as
from tean.domain.shares import asked_by_kind
from tean.domain.tasks import Missed
from tean.domain.visibility import whose_inspections, whose_records, whose_targets
from tean.services.missed import missed_items
from tean.services.nameplate import nameplate

if TYPE_CHECKING:
    from tean.adapters.cursors import Cursors
    from tean.adapters.ports.access import Access
    from tean.adapters.ports.inspections import Inspections
    from tean.domain.membership import Membership


@dataclass(frozen=True)
class RecordService:
    """What was recorded, and what nobody did: daily control by target, weekly inspection and monthly dispatch by target
    kind (acceptance 39-41, 43)."""

    inspections: Inspections
    registry: Registry
    access: Access
    cursors: Cursors
    clock: Clock

    def targets(self, member: Membership, cursor: str | None) -> TargetPage:
        """The targets whose records the caller sees. One Query."""
        scope = f"targets {member.unit} {member.person} {member.role}"
        after, his = self.cursors.open(scope, cursor), whose_targets(member)
        page = self.registry.targets(
            member.unit, after=after, limit=PAGE, officer=his.officer, kinds=his.kinds, sides=his.sides
        )
        today = calendar.business_date(self.clock())
        items = tuple(nameplate(target, today) for target in page.items)
        return TargetPage(items=items, next=self.cursors.seal(scope, page.next))

    def page(self, member: Membership, target: str, query: RecordQuery) -> RecordPage:
        """The history of a target or target kind, newest first. One Query; for a target, one GetItem before it says
        what the caller may see; one BatchGet names those who missed something."""
        scope = f"records {member.unit} {member.person} {member.role} {target} {query.duty} {query.since} {query.until}"
        found, person = self._seen(member, target, query.duty)
        page = self.inspections.records(
            member.unit, target, query.duty, since=query.since, until=query.until, person=person,
            after=self.cursors.open(scope, query.cursor), limit=PAGE,
        )  # fmt: skip
        missed = [entry for entry in page.items if isinstance(entry, Missed)]
        return RecordPage(
            target=nameplate(found, calendar.business_date(self.clock())),
            items=tuple(RecordItem(**_summary(entry)) for entry in page.items if isinstance(entry, Record)),
            missed=missed_items(self.access, member.unit, missed),
            next=self.cursors.seal(scope, page.next),
        )

    def detail(self, member: Membership, target: str, id: str) -> RecordDetail:
        """One record with the whole checklist as it was answered."""
        duty = Duty(id.partition(".")[0])
        _, person = self._seen(member, target, duty)
        versions = self.inspections.versions(member.unit, target, id)
        record = next((one for one in versions if one.id == id), None)
        if record is None or person not in (None, record.person):
            raise NotFound("record.unknown", "没有找到这条记录，请回到列表下拉刷新。")
        return _detail(record, self._asked(record), versions)

    def _asked(self, record: Record) -> Asked | None:
        if record.checklist is None:
            return None
        lists, own = checklists.cited(record.checklist)
        key = CustomKey(record.duty, asked_as(record.kind, record.duty), own) if own else None
        return Asked(lists, self.registry.custom(record.unit, key) if key else None, record.due)

    def _seen(self, member: Membership, target: str, duty: Duty) -> tuple[Target, str | None]:
        """The target, or the target kind as if it were one, and whose records of it he may see (None: everybody's)."""
        if asked_by_kind(duty):
            return as_target(target), whose_inspections(member, target)
        found = self.registry.target(member.unit, target)
        person = whose_records(member, found)
        assert found is not None, "whose_records refuses a target that is not there"
        return found, person


def _summary(record: Record) -> dict[str, Any]:
    return {
        "record": record.id,
        "number": record.number,
        "duty": record.duty,
        "due": record.due,
        "state": record.state,
        "person": record.person,
        "person_name": record.person_name,
        "role": record.role,
        "received_at": record.received_at,
        "late": record.late,
        "fails": record.fails,
        "stamp": record.stamp,
        "version": record.version,
        "correction": record.correction,
        "supplement": record.first is not None,
        "first": FirstAnswer.model_validate(record.first) if record.first else None,
    }


def _detail(record: Record, asked: Asked | None, versions: Sequence[Record]) -> RecordDetail:
    return RecordDetail(
        **_summary(record),
        title=record_title(asked.kinds if asked else (record.kind,), record.duty),
        unit_kind=record.unit_kind,
        kind=record.kind,
        target=record.target,
        target_name=record.target_name,
        location=record.location or None,
        reason=record.reason,
        stop_use=record.stop_use,
        kept_in_use=record.kept_in_use,
        remark=record.remark,
        signature=record.signature,
        performed_at=record.performed_at,
        checklist=record.checklist,
        items=tuple(_answered(record, asked)) if asked else (),
        seq=record.seq,
        sha256=record.sha256,
        previous=record.previous,
        versions=tuple(
            VersionItem(record=one.id, version=one.version, received_at=one.received_at) for one in versions
        ),
    )


def _answered(record: Record, asked: Asked) -> Iterator[AnsweredItem]:
    """The list's items in its own order, each with the verdict it got."""
    answers = {answer.item: answer for answer in record.answers}
    for item in asked.items:
        if answer := answers.get(item.code):
            yield AnsweredItem(
                code=item.code,
                custom=item.custom,
                group=item.group,
                text=item.text,
                hazard=item.hazard,
                result=answer.result,
                grade=grade_of(item, answer) if answer.result is Result.FAIL else None,
                handling=answer.handling,
                outcome=answer.outcome,
                photos=answer.photos,
                devices=answer.devices,
                deadline=answer.deadline,
                remark=answer.remark,
                hazard_id=_hazard(record, answer),
            )


def _hazard(record: Record, answer: Answer) -> str | None:
    """The one it opened, or the one an earlier version opened, also where a correction has passed the item since."""
    if answer.hazard or answer.result is not Result.FAIL:
        return answer.hazard
    return hazard_id(record.received_at, record.target, answer.item, record.person)
