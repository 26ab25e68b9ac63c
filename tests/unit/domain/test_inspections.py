from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.checklists import Asked
from schemas.language import Duty, FileKind, Grade, Handling, Result, TargetState, TaskState, UnitKind, Verdict
from tean.domain import calendar
from tean.domain.errors import Conflict, Invalid, NotFound, Problem
from tean.domain.files import Upload
from tean.domain.inspections import Draft, check_draft, check_files, require_open
from tean.domain.records import Answer
from tean.domain.registry import Target
from tests.fakes.builders import DAY, NOW, row, target, upload
from tests.fakes.drafts import ELEVATORS, LIST, PHOTO, SIGNATURE, draft, fail, passes, refusal, stopped


def verified(file: str, kind: FileKind = FileKind.PHOTO, **fields: Any) -> Upload:
    return upload("P1", file=file, kind=kind, **{"verdict": Verdict.VERIFIED} | fields)


FILES = {SIGNATURE: verified(SIGNATURE, FileKind.SIGNATURE), PHOTO: verified(PHOTO)}


def check(what: Draft, of: Target | None = None, files: dict[str, Upload] | None = None) -> None:
    uploads = FILES if files is None else files
    check_draft(what, row(), of or target(), person="P1", now=NOW, uploads=uploads, devices={})


def faults(*answers: Answer, of: Target | None = None) -> list[tuple[str, str]]:
    problem = refusal(lambda: check(draft(answers=answers), of))
    assert problem.code == "inspection.answers"
    return [(fault["item"], fault["reason"]) for fault in problem.details["faults"]]


def with_passes(*changed: Answer) -> tuple[Answer, ...]:
    return draft(*changed).answers


def test_all_pass_with_a_signature_is_taken() -> None:
    check(draft())


def test_an_item_may_be_not_applicable_where_the_list_allows_it() -> None:
    check(draft(Answer("B", Result.NOT_APPLICABLE)))


def test_a_remark_is_welcome_on_any_answer() -> None:
    check(draft(Answer("A", Result.PASS, remark="已擦拭"), fail("B", remark="约好维保"), remark="雨天"))


def test_items_of_other_subtypes_are_not_asked() -> None:
    assert faults(*passes("A", "B", "C", "X")) == [("X", "清单里没有这一项")]
    check(draft(Answer("X", Result.PASS)), target(subtype="3300"))


def test_a_target_of_unknown_subtype_is_asked_everything() -> None:
    assert faults(*passes(), of=target(subtype=None)) == [("X", "这一项还没有检查")]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (passes("A", "B"), ("C", "这一项还没有检查")),
        (passes("A", "B", "C", "Z"), ("Z", "清单里没有这一项")),
        ((*passes(), Answer("A", Result.PASS)), ("A", "这一项答了不止一次")),
        (with_passes(Answer("A", Result.NOT_APPLICABLE)), ("A", "这一项不能选无此项")),
        (with_passes(fail(handling=None)), ("A", "请选择立即处理或待处理")),
        (with_passes(fail(handling=Handling.ON_SITE)), ("A", "立即处理要写处理结果")),
        (with_passes(fail(outcome="修好了")), ("A", "待处理的隐患还没有处理结果")),
        (with_passes(fail("B", grade=Grade.GENERAL)), ("B", "隐患等级只能调高，不能调低")),
        (with_passes(fail("C")), ("C", "重大隐患要有照片")),
        (with_passes(fail("A", grade=Grade.MAJOR)), ("A", "重大隐患要有照片")),
        (with_passes(fail(photos=tuple(f"P1.{n:032x}" for n in range(10)))), ("A", "照片最多 9 张")),
        (with_passes(Answer("A", Result.PASS, handling=Handling.PENDING)), ("A", "只有不合格才填处理方式、等级和照片")),
        (with_passes(Answer("A", Result.PASS, outcome="好")), ("A", "只有不合格才填处理方式、等级和照片")),
        (with_passes(Answer("A", Result.PASS, grade=Grade.MAJOR)), ("A", "只有不合格才填处理方式、等级和照片")),
        (with_passes(Answer("B", Result.NOT_APPLICABLE, photos=(PHOTO,))), ("B", "只有不合格才填处理方式、等级和照片")),
    ],
)
def test_one_fault_alone_is_named(answers: tuple[Answer, ...], expected: tuple[str, str]) -> None:
    assert faults(*answers) == [expected]


def test_every_fault_is_named_at_once() -> None:
    found = faults(Answer("A", Result.NOT_APPLICABLE), fail("C", handling=None), Answer("Z", Result.PASS))
    assert found == [
        ("B", "这一项还没有检查"),
        ("Z", "清单里没有这一项"),
        ("A", "这一项不能选无此项"),
        ("C", "请选择立即处理或待处理"),
        ("C", "重大隐患要有照片"),
    ]


def test_a_grade_may_be_confirmed_or_raised() -> None:
    check(draft(fail("B", grade=Grade.SERIOUS)))
    check(draft(fail("A", grade=Grade.SERIOUS)))
    check(draft(fail("A", grade=Grade.MAJOR, photos=(PHOTO,)), stop_use=True))


GRAVE = fail("C", photos=(PHOTO,))
RAISED = fail("A", grade=Grade.MAJOR, photos=(PHOTO,))
LICENCE = target("L-1", unit_kind=UnitKind.PRODUCTION, kind="3000")


@pytest.mark.parametrize("found", [GRAVE, RAISED])
def test_a_grave_hazard_left_pending_asks_whether_the_target_is_stopped(found: Answer) -> None:
    problem = refusal(lambda: check(draft(found)))
    assert (problem.code, problem.details) == ("inspection.stop_use_undecided", {"items": [found.item]})
    check(draft(found, stop_use=True))
    check(draft(found, kept_in_use="备件明天到，已派人看守"))


def test_a_target_is_stopped_or_kept_in_use_and_not_both() -> None:
    both = draft(GRAVE, stop_use=True, kept_in_use="备件明天到")
    assert refusal(lambda: check(both)).code == "inspection.stop_use_twice"


MENDED = fail("C", handling=Handling.ON_SITE, outcome="已换门锁", photos=(PHOTO,))


@pytest.mark.parametrize("what", [(), (fail("B"),), (MENDED,)])
@pytest.mark.parametrize("decided", [{"stop_use": True}, {"kept_in_use": "备件明天到"}])
def test_nothing_is_stopped_for_less_than_a_grave_hazard_left_pending(
    what: tuple[Answer, ...], decided: dict[str, Any]
) -> None:
    check(draft(*what))
    assert refusal(lambda: check(draft(*what, **decided))).code == "inspection.stop_use_unexpected"


def test_a_licence_is_not_stopped_for_a_hazard() -> None:
    check(draft(GRAVE), LICENCE)
    assert refusal(lambda: check(draft(GRAVE, stop_use=True), LICENCE)).code == "inspection.stop_use_unexpected"


def test_what_is_declared_suspended_is_not_decided_a_second_time() -> None:
    assert refusal(lambda: check(stopped(stop_use=True))).code == "inspection.stop_use_unexpected"


def test_nine_photos_of_one_item_are_taken() -> None:
    photos = tuple(f"P1.{number:032x}" for number in range(9))
    check(draft(fail(photos=photos)), files=FILES | {photo: verified(photo) for photo in photos})


def test_no_list_is_not_an_inspection() -> None:
    assert refusal(lambda: check(draft(checklist=None))).code == "inspection.checklist_unknown"


@pytest.mark.parametrize("other", [{"target_kind": "1000"}, {"duty": Duty.WEEKLY}])
def test_a_list_of_another_kind_or_duty_is_refused(other: dict[str, Any]) -> None:
    wrong = Asked((ELEVATORS.model_copy(update=other),))
    assert refusal(lambda: check(draft(checklist=wrong))).code == "inspection.checklist_unknown"


def test_a_reason_belongs_to_a_suspension_only() -> None:
    assert refusal(lambda: check(draft(reason="待维修"))).code == "inspection.reason_unexpected"


def test_a_suspension_needs_no_answers() -> None:
    check(stopped())


def test_a_suspension_without_a_reason_is_refused() -> None:
    assert refusal(lambda: check(stopped(reason=None))).code == "inspection.reason_missing"


@pytest.mark.parametrize("more", [{"answers": passes()}, {"checklist": LIST}])
def test_a_suspension_with_answers_is_refused(more: dict[str, Any]) -> None:
    assert refusal(lambda: check(stopped(**more))).code == "inspection.suspended_with_answers"


@pytest.mark.parametrize("unsigned", [draft(signature=None), stopped(signature=None)])
def test_an_inspection_and_the_first_day_of_a_suspension_are_signed(unsigned: Draft) -> None:
    assert refusal(lambda: check(unsigned)).code == "inspection.signature_missing"


def test_the_later_days_of_a_suspension_are_one_tap() -> None:
    check(stopped(signature=None), target(state=TargetState.SUSPENDED))


def test_a_restart_is_signed() -> None:
    suspended = target(state=TargetState.SUSPENDED)
    assert refusal(lambda: check(draft(signature=None), suspended)).code == "inspection.signature_missing"


def cite(file: str = PHOTO, **files: Any) -> Problem:
    there = {SIGNATURE: FILES[SIGNATURE], **files.get("files", {})}
    return refusal(lambda: check(draft(fail(photos=(file,))), files=there), files.get("kind", Invalid))


def test_a_file_of_somebody_else_is_refused_even_when_it_is_there() -> None:
    foreign = f"P2.{'a' * 32}"
    problem = cite(foreign, files={foreign: upload("P2", file=foreign, verdict=Verdict.VERIFIED)})
    assert (problem.code, problem.details) == ("file.unknown", {"file": foreign})


def test_a_file_that_never_arrived_is_refused() -> None:
    assert cite().code == "file.unknown"


def test_a_file_that_is_not_yet_judged_may_be_tried_again() -> None:
    problem = cite(files={PHOTO: verified(PHOTO, verdict=Verdict.PENDING)}, kind=Conflict)
    assert problem.code == "file.pending"


def test_a_refused_file_is_refused_with_the_workers_own_reason() -> None:
    problem = cite(files={PHOTO: verified(PHOTO, verdict=Verdict.REFUSED, reason="不是照片，请重新拍照。")})
    assert (problem.code, problem.sentence) == ("file.refused", "不是照片，请重新拍照。")


def test_a_signature_is_no_photo_and_a_photo_no_signature() -> None:
    assert cite(files={PHOTO: verified(PHOTO, FileKind.SIGNATURE)}).code == "file.wrong_kind"
    swapped = {SIGNATURE: verified(SIGNATURE, FileKind.PHOTO)}
    assert refusal(lambda: check(draft(), files=swapped)).code == "file.wrong_kind"


def many(photos: int) -> Draft:
    answers = (fail(photos=tuple(f"P1.{number:032x}" for number in range(photos))),)
    return draft(answers=answers)


def test_sixty_files_with_the_signature_are_the_most() -> None:
    check_files(many(59))
    assert refusal(lambda: check_files(many(60))).code == "inspection.too_many_files"


@pytest.mark.parametrize(
    "twice",
    [
        draft(fail("A", photos=(PHOTO, PHOTO))),
        draft(fail("A", photos=(PHOTO,)), fail("B", photos=(PHOTO,))),
        draft(fail("A", photos=(SIGNATURE,))),
    ],
)
def test_a_file_is_cited_once(twice: Draft) -> None:
    assert refusal(lambda: check_files(twice)).code == "inspection.file_twice"


LIMIT = calendar.late_until(DAY)


def test_a_day_that_has_not_come_is_refused() -> None:
    tomorrow = DAY + timedelta(days=1)
    assert refusal(lambda: require_open(row(due=tomorrow), tomorrow, NOW)).code == "inspection.future"


def test_a_task_that_is_not_his_does_not_exist() -> None:
    assert refusal(lambda: require_open(None, DAY, NOW), NotFound).code == "task.unknown"


def test_a_day_takes_entries_to_the_last_millisecond_and_no_longer() -> None:
    missed = row(state=TaskState.MISSED)
    assert require_open(missed, DAY, LIMIT - timedelta(milliseconds=1)) is missed
    assert refusal(lambda: require_open(missed, DAY, LIMIT), Conflict).code == "inspection.closed"


def test_a_withdrawn_task_is_refused() -> None:
    gone = row(state=TaskState.WITHDRAWN)
    assert refusal(lambda: require_open(gone, DAY, NOW), Conflict).code == "task.withdrawn"


@pytest.mark.parametrize("state", [TaskState.OPEN, TaskState.DONE, TaskState.LATE, TaskState.MISSED])
def test_any_other_task_may_be_opened(state: TaskState) -> None:
    assert require_open(row(state=state), DAY, NOW).state is state
