from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.language import Duty, Stamp, TargetState, TaskState
from tean.domain.calendar import closes_at
from tean.domain.closing import Bucket, close
from tean.domain.planning import plan, plan_in_arrears
from tean.domain.rollups import Counts, counted_by_kind, counted_by_person, decisive
from tean.domain.tasks import Row
from tests.fakes.builders import DAY, NOW, UNIT, person, roster, row, sheet, target

OPEN, DONE, LATE, MISSED, WITHDRAWN = (
    TaskState.OPEN, TaskState.DONE, TaskState.LATE, TaskState.MISSED, TaskState.WITHDRAWN,
)  # fmt: skip
CLOSE = closes_at(DAY)


def done(who: str = "P1", where: str = "E-1", **fields: Any) -> Row:
    told: dict[str, Any] = {"state": DONE, "closed_by": who, "closed_at": NOW, "stamp": Stamp.ZERO_RISK}
    return row(who, where, **told | fields)


def bucket(*rows: Row, **fields: Any) -> Bucket:
    people = sorted({each.person for each in rows})
    sheets = [sheet(who, crew=len(people)) for who in people]
    found: dict[str, Any] = {"unit": UNIT, "duty": Duty.DAILY, "due": DAY, "sheets": sheets, "rows": rows}
    return Bucket(**found | fields)


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (row(), Counts(due=1, missed=1)),
        (row(state=MISSED), Counts(due=1, missed=1)),
        (row(state=WITHDRAWN), Counts(withdrawn=1)),
        (done(), Counts(due=1, on_time=1, zero_risk=1)),
        (done(stamp=Stamp.NO_NEW_HAZARD), Counts(due=1, on_time=1)),
        (done(stamp=None, fails=3), Counts(due=1, on_time=1, fails=3)),
        (done(state=LATE), Counts(due=1, late=1, zero_risk=1)),
        (done(stamp=None, target_state=TargetState.SUSPENDED), Counts(due=1, suspended=1)),
        (done(stamp=None, state=LATE, target_state=TargetState.SUSPENDED), Counts(due=1, suspended=1)),
        (row(target_state=TargetState.SUSPENDED), Counts(due=1, missed=1)),
    ],
)
def test_a_row_counts_as_what_became_of_it(one: Row, counts: Counts) -> None:
    assert counted_by_kind([one]) == {"3000": counts}
    assert counted_by_person([one]) == {"P1": {"3000": counts}}


def test_what_is_due_is_on_time_late_missed_or_suspended() -> None:
    rows = [row(where=f"E-{state}", state=state) for state in TaskState]
    counts = counted_by_kind(rows)["3000"]
    assert counts.due == counts.on_time + counts.late + counts.missed + counts.suspended == 4


def test_of_a_targets_rows_what_was_recorded_first_decides_then_a_miss() -> None:
    first, second = done("P2"), done("P1", closed_at=NOW + timedelta(minutes=1), fails=2, stamp=None)
    assert decisive([second, first, row("P3", state=MISSED), row("P4", state=WITHDRAWN)]) == first
    assert decisive([row("P4", state=WITHDRAWN), row("P3", state=MISSED)]).state is MISSED
    assert counted_by_kind([second, first]) == {"3000": Counts(due=1, on_time=1, zero_risk=1)}


# --- closing --------------------------------------------------------------------------------------------------------


def test_a_whole_day_with_nothing_open_needs_no_arrears() -> None:
    closing = close(bucket(done()), {"P9": plan(roster(), Duty.DAILY, DAY)["P1"]}, CLOSE)
    assert (closing.put, closing.put_sheets, closing.rows, closing.markers) == ((), (), (), ())
    assert closing.sheets == (sheet(crew=1),)


def test_a_colleagues_row_is_settled_by_the_first_record_of_its_target() -> None:
    closing = close(bucket(done("P1"), row("P2"), row("P3", state=MISSED, missed_at=CLOSE)), {}, CLOSE)
    assert closing.rows == (done("P2", closed_by="P1"), done("P3", closed_by="P1"))
    assert closing.markers == ()


def test_a_marker_is_left_again_until_the_sheets_vouch_for_it() -> None:
    gone = row(state=MISSED, missed_at=CLOSE)
    assert [marker.target for marker in close(bucket(gone), {}, CLOSE).markers] == ["E-1"]
    assert close(bucket(gone, sheets=[sheet(crew=1, closed=True)]), {}, CLOSE).markers == ()


def test_a_marker_that_was_lost_is_left_although_somebody_entered_it_late_meanwhile() -> None:
    entered = done(state=LATE, missed_at=CLOSE)
    assert [marker.target for marker in close(bucket(entered), {}, CLOSE).markers] == ["E-1"]


def test_a_row_left_open_on_a_closed_sheet_is_missed_all_the_same() -> None:
    closing = close(bucket(row(), sheets=[sheet(crew=1, closed=True)]), {}, CLOSE)
    assert (closing.rows, len(closing.markers), closing.sheets) == ((row(state=MISSED, missed_at=CLOSE),), 1, ())


def test_a_torn_day_is_completed_with_rows_that_are_born_as_they_end() -> None:
    both = roster((person("P1"), person("P2")), [target(officers=("P1", "P2")), target("E-2", officers=("P2",))])
    found = bucket(done("P1"), sheets=[sheet("P1", crew=2)])
    closing = close(found, plan_in_arrears(both, Duty.DAILY, DAY), CLOSE)
    assert [(one.person, one.target, one.state) for one in closing.put] == [("P2", "E-1", DONE), ("P2", "E-2", MISSED)]
    assert [(one.person, one.owed, one.closed) for one in closing.put_sheets] == [("P2", {"3000": 1}, True)]
    assert [(one.target, one.asked) for one in closing.markers] == [("E-2", True)]


def test_what_was_counted_is_replaced_only_when_it_changed() -> None:
    first = close(bucket(row()), {}, CLOSE).rollup
    assert first is not None
    gone = row(state=MISSED, missed_at=CLOSE)
    assert close(bucket(gone, rollup=first), {}, CLOSE + timedelta(days=1)).rollup is None
    again = close(bucket(done(state=LATE), rollup=first), {}, CLOSE + timedelta(days=1)).rollup
    assert again is not None
    assert (again.version, again.closed_at, again.kinds["3000"].late) == (2, CLOSE, 1)


def test_the_last_count_is_final_a_minute_after_late_entry_ended() -> None:
    end = CLOSE + timedelta(days=2, minutes=1)
    moments = [end - timedelta(milliseconds=1), end]
    rollups = [close(bucket(done()), {}, moment).rollup for moment in moments]
    assert [one.final for one in rollups if one] == [False, True]
    assert close(bucket(row(), rollup=rollups[1]), {}, end + timedelta(days=1)).rollup is None


def test_arrears_leave_out_what_is_suspended() -> None:
    plan = plan_in_arrears(roster(targets=[target(), target("E-2", state=TargetState.SUSPENDED)]), Duty.DAILY, DAY)
    assert ([one.target for one in plan["P1"].rows], plan["P1"].sheet.owed) == (["E-1"], {"3000": 1})
