"""Records: what was checked, when, by whom, whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas import checklists
from schemas.catalogue import target_kind
from schemas.inspections import FirstAnswer
from schemas.language import Duty, Result, Role, TargetState
from schemas.records import AnsweredItem, RecordDetail, RecordItem, RecordPage, RecordQuery, TargetPage
from tean.adapters.cursors import Cursors
from tean.adapters.ports import PAGE, Clock, Inspections, Registry
from tean.domain import calendar
from tean.domain.hazards import hazard_id
from tean.domain.inspections import grade_of
from tean.domain.membership import Membership
from tean.domain.records import Answer, Record
from tean.domain.visibility import may_see_record, whose_records
from tean.services.nameplate import nameplate


@dataclass(frozen=True)
class RecordService:
    """The daily-control records (acceptance 39, 43)."""

    inspections: Inspections
    registry: Registry
    cursors: Cursors
    clock: Clock

    def targets(self, member: Membership, cursor: str | None) -> TargetPage:
        """The targets whose records the caller sees. One Query."""
        scope = f"targets {member.unit} {member.person} {member.role}"
        page = self.registry.targets(
            member.unit,
            after=self.cursors.open(scope, cursor),
            limit=PAGE,
            officer=member.person if member.role is Role.OFFICER else None,
            kinds=member.kinds if member.role is Role.DIRECTOR else frozenset(),
            sides=frozenset() if member.role is Role.PRINCIPAL else member.sides,
        )
        today = calendar.business_date(self.clock())
        items = tuple(nameplate(target, today) for target in page.items)
        return TargetPage(items=items, next=self.cursors.seal(scope, page.next))

    def page(self, member: Membership, target: str, query: RecordQuery) -> RecordPage:
        """A target's records, newest first: one GetItem says what the caller may see, one Query reads the page."""
        scope = f"records {member.unit} {member.person} {member.role} {target} {query.since} {query.until}"
        found = self.registry.target(member.unit, target)
        person = whose_records(member, found)
        page = self.inspections.records(
            member.unit, target, Duty.DAILY, since=query.since, until=query.until, person=person,
            after=self.cursors.open(scope, query.cursor), limit=PAGE,
        )  # fmt: skip
        assert found is not None, "whose_records refuses a target that is not there"
        return RecordPage(
            target=nameplate(found, calendar.business_date(self.clock())),
            items=tuple(RecordItem(**_summary(record)) for record in page.items),
            next=self.cursors.seal(scope, page.next),
        )

    def detail(self, member: Membership, target: str, id: str) -> RecordDetail:
        """One record with the whole checklist as it was answered."""
        found = self.inspections.record(member.unit, target, id)
        record = may_see_record(member, self.registry.target(member.unit, target), found)
        return _detail(record)


def _summary(record: Record) -> dict[str, Any]:
    return {
        "record": record.id,
        "number": record.number,
        "duty": record.duty,
        "due": record.due,
        "state": record.state,
        "person": record.person,
        "person_name": record.person_name,
        "received_at": record.received_at,
        "late": record.late,
        "fails": sum(answer.result is Result.FAIL for answer in record.answers),
        "stamp": record.stamp,
        "supplement": record.first is not None,
        "first": FirstAnswer.model_validate(record.first) if record.first else None,
    }


def _detail(record: Record) -> RecordDetail:
    return RecordDetail(
        **_summary(record),
        title=target_kind(record.kind).record_titles[record.duty],
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
        items=tuple(_answered(record)) if record.state is TargetState.IN_USE else (),
        seq=record.seq,
        sha256=record.sha256,
        previous=record.previous,
    )


def _answered(record: Record) -> Iterator[AnsweredItem]:
    """The list's items in its own order, each with the verdict it got."""
    answers = {answer.item: answer for answer in record.answers}
    for item in checklists.released(record.checklist or "").items:
        if answer := answers.get(item.code):
            yield AnsweredItem(
                code=item.code,
                group=item.group,
                text=item.text,
                hazard=item.hazard,
                result=answer.result,
                grade=grade_of(item, answer) if answer.result is Result.FAIL else None,
                handling=answer.handling,
                outcome=answer.outcome,
                photos=answer.photos,
                remark=answer.remark,
                hazard_id=_hazard(record, answer) if answer.result is Result.FAIL else None,
            )


def _hazard(record: Record, answer: Answer) -> str:
    return hazard_id(record.received_at, record.target, answer.item, record.person)
