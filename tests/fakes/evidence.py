"""The half of the fake store that keeps evidence: inspections, hazards, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from schemas.language import Act, Duty, FileKind, Grade, Handling, HazardState, Role, TargetState, Verdict
from tean.adapters.dynamo import keys
from tean.adapters.ports.common import Page
from tean.adapters.ports.hazards import Move, NotMoved
from tean.adapters.ports.inspections import Entry, Facts, NotSubmitted, Submission
from tean.adapters.ports.registry import CustomKey
from tean.adapters.ports.uploads import NotBegun
from tean.domain import calendar
from tean.domain.files import Upload
from tean.domain.hazard_ids import target_of
from tean.domain.hazards import Hazard, Step, opened_at
from tean.domain.membership import Membership, held_by
from tean.domain.planning import closed_by
from tean.domain.records import Head, Record
from tean.domain.registry import cover
from tean.domain.shares import share_of
from tean.domain.tasks import Evidence, Missed, Row
from tean.domain.turns import Turn
from tests.fakes.shelves import ENTERABLE, RowKey, SheetKey, Shelves, cut


class FakeInspections(Shelves):
    """The write path of inspections and the reads of records."""

    def facts(
        self, unit: str, post: str, target: str, duty: Duty, due: date,
        files: Iterable[str] = (), devices: Iterable[str] = (), custom: CustomKey | None = None,
        version: int = 1,
    ) -> Facts:  # fmt: skip
        person, role = held_by(post)
        first = _first(duty, due, share_of(duty, role, person), version)
        with self._lock:
            his = {file: self._uploads.get((unit, person, file)) for file in files}
            return Facts(
                person=self._people.get((unit, person)),
                target=self._targets.get((unit, target)),
                row=self._rows.get((unit, post, calendar.bucket(duty, due), duty, target)),
                head=self._heads.get((unit, target), Head()),
                first=self._records.get((unit, target, first)),
                supplement=self._records.get((unit, target, f"{first}.{person}")),
                uploads={file: upload for file, upload in his.items() if upload},
                devices={code: self._targets[unit, code] for code in devices if (unit, code) in self._targets},
                custom=self._customs.get((unit, custom)) if custom else None,
            )

    def firsts(self, unit: str, rows: Iterable[Row]) -> Mapping[str, Sequence[Evidence]]:
        found = {row.shared: self._evidence(unit, row) for row in rows}
        return {shared: versions for shared, versions in found.items() if versions}

    def _evidence(self, unit: str, row: Row) -> Sequence[Evidence]:
        with self._lock:
            there = [
                one for (owner, kind, _), one in sorted(self._reports.items()) if (owner, kind) == (unit, row.target)
            ]
        reports = [one for one in there if (one.duty, one.due, one.role) == (row.duty, row.due, row.role)]
        return reports or self.versions(unit, row.target, _first(row.duty, row.due, row.share))

    def heads(self, unit: str, targets: Iterable[str]) -> Mapping[str, Head]:
        found = {target: self._heads.get((unit, target)) for target in targets}
        return {target: head for target, head in found.items() if head}

    def any_open(self, unit: str, kinds: Iterable[str]) -> bool:
        with self._lock:
            there = [hazard for (owner, _), hazard in self._hazards.items() if owner == unit]
        return any(one.kind in set(kinds) and one.state is not HazardState.RECTIFIED for one in there)

    def missed(self, unit: str, target: str, duty: Duty, due: date, share: str = "") -> Missed | None:
        return self._missed.get((unit, target, duty, due, share))

    def submit(self, submission: Submission) -> NotSubmitted | None:
        with self._lock:
            refusal = self._submission_refusal(submission)
            if refusal != NotSubmitted():
                return refusal
            self._submit(submission)
        return None

    def _submission_refusal(self, submission: Submission) -> NotSubmitted:
        record, member = submission.record, submission.membership
        head = self._heads.get((record.unit, record.target), Head())
        taken = any((record.unit, hazard.id) in self._hazards for hazard in submission.hazards)
        return NotSubmitted(
            dismissed=record.unit_kind not in self.sides_of(member.unit, member.person, member.role),
            existing=taken or (record.unit, record.target, record.id) in self._records,
            head_moved=_seen(head) != _seen(submission.head),
            state_moved=self._state_moved(submission),
            rows=self._rows_in_the_way(submission),
        )

    def _state_moved(self, submission: Submission) -> bool:
        if submission.target_state is None:
            return False
        target = self._targets.get((submission.record.unit, submission.record.target))
        return target is None or target.state is not submission.seen_state

    def _rows_in_the_way(self, submission: Submission) -> tuple[str, ...]:
        record = submission.record
        closed = [who for who in submission.close if not self._enterable(record, who)]
        uncounted = _is_counted(record) and _sheet_of(record) not in self._sheets
        return tuple(dict.fromkeys([*closed, *([record.post] if uncounted else [])]))

    def _enterable(self, record: Record, who: str) -> bool:
        row = self._rows.get(_row_of(record, who))
        if row is None:
            return False
        return row.state in ENTERABLE if record.version == 1 else row.closed_by == record.person

    def _submit(self, submission: Submission) -> None:
        record = submission.record
        self._records[record.unit, record.target, record.id] = record
        self._append(record, submission.hazards)
        for who in submission.close:
            self._close(record, who)
        if _is_counted(record):
            self._count(record)
        for hazard in submission.hazards:
            self._hazards[record.unit, hazard.id] = hazard
        if submission.target_state is not None:
            key = record.unit, record.target
            self._targets[key] = replace(
                self._targets[key], state=submission.target_state, state_reason=submission.state_reason
            )

    def _append(self, record: Record, hazards: Sequence[Hazard]) -> None:
        opened = opened_at(hazards)
        head = self._heads.get((record.unit, record.target), Head())
        self._heads[record.unit, record.target] = Head(record.seq, record.sha256, head.open_hazards)
        for place, grades in opened.items():
            head = self._heads.get((record.unit, place), Head())
            self._heads[record.unit, place] = replace(head, open_hazards=dict(Counter(head.open_hazards) + grades))

    def _close(self, record: Record, who: str) -> None:
        key = _row_of(record, who)
        if record.version > 1:
            self._rows[key] = replace(self._rows[key], stamp=record.stamp, fails=record.fails)
            return
        row = closed_by(self._rows[key], (record,))
        self._rows[key] = row if record.late else replace(row, missed_at=None)

    def _count(self, record: Record) -> None:
        sheet = self._sheets[_sheet_of(record)]
        one = Counter([record.kind])
        if record.state is TargetState.SUSPENDED:
            counted = replace(sheet, suspended=dict(Counter(sheet.suspended) + one))
        else:
            counted = replace(sheet, done=dict(Counter(sheet.done) + one))
        self._sheets[_sheet_of(record)] = counted

    def record(self, unit: str, target: str, id: str) -> Record | None:
        return self._records.get((unit, target, id))

    def versions(self, unit: str, target: str, id: str) -> Sequence[Record]:
        with self._lock:
            asked = self._records.get((unit, target, id))
            his = [(key, one) for key, one in self._records.items() if key[:2] == (unit, target)]
            there = [one for _, one in sorted(his, key=lambda item: item[0])]
        if asked is None:
            return ()
        known = asked.duty, asked.due, asked.share, asked.person if asked.first else None
        return [one for one in there if (one.duty, one.due, one.share, one.person if one.first else None) == known]

    def records(
        self, unit: str, target: str, duty: Duty, *, since: date, until: date, person: str | None,
        after: str | None, limit: int,
    ) -> Page[Entry]:  # fmt: skip
        def wanted(entry: Entry) -> bool:
            people = (entry.person,) if isinstance(entry, Record) else entry.officers
            return entry.duty is duty and since <= entry.due <= until and (person is None or person in people)

        with self._lock:
            records = [record for key, record in sorted(self._records.items()) if key[:2] == (unit, target)]
            markers = [missed for key, missed in self._missed.items() if key[:2] == (unit, target)]
        answered = {(record.duty, record.due, record.share) for record in records}
        newest = {(one.duty, one.due, one.share, one.person if one.first else ""): one for one in records}
        there: dict[str, Entry] = {record.id: record for record in newest.values() if wanted(record)}
        for marker in markers:
            if wanted(marker) and (marker.duty, marker.due, marker.share) not in answered:
                there[_first(marker.duty, marker.due, marker.share)] = marker
        return cut(there, after, limit, newest_first=True)


def _is_counted(record: Record) -> bool:
    return record.first is None and record.version == 1


def _seen(head: Head) -> tuple[int, str | None, dict[Grade, int]]:
    return head.seq, head.hash, {grade: count for grade, count in head.open_hazards.items() if count}


def _row_of(record: Record, who: str) -> RowKey:
    return record.unit, who, record.due, record.duty, record.target


def _sheet_of(record: Record) -> SheetKey:
    return record.unit, record.duty, record.due, record.post


def _first(duty: Duty, due: date, share: str, version: int = 1) -> str:
    return ".".join(filter(None, (str(duty), due.isoformat(), share, f"v{version:02d}")))


class FakeHazards(Shelves):
    """Hazards and their steps."""

    def hazard(self, unit: str, id: str) -> tuple[Hazard, Sequence[Step]] | None:
        with self._lock:
            there = self._hazards.get((unit, id))
            return (there, tuple(self._steps.get((unit, id), ()))) if there else None

    def queue(
        self, unit: str, duty: Duty, state: HazardState, *, after: str | None, limit: int, grade: Grade | None = None
    ) -> Page[Hazard]:
        return self._waiting(unit, state, [one for one in self._of(unit, grade) if one.duty is duty], after, limit)

    def mine(
        self, unit: str, person: str, state: HazardState, *, after: str | None, limit: int, grade: Grade | None = None
    ) -> Page[Hazard]:
        daily = [one for one in self._of(unit, grade) if one.duty is Duty.DAILY]
        his = [one for one in daily if (one.assignee or one.finder) == person]
        return self._waiting(unit, state, his, after, limit)

    def found(self, unit: str, since: datetime, until: datetime) -> Sequence[Hazard]:
        return sorted((one for one in self._of(unit, None) if since <= one.found_at < until), key=_id)

    def found_page(
        self, unit: str, since: datetime, until: datetime, *, after: str | None, limit: int,
        kind: str | None = None, grade: Grade | None = None, duty: Duty | None = None, on_site: bool = False,
    ) -> Page[Hazard]:  # fmt: skip
        every = self.found(unit, since, until)
        there = (one for one in every if kind in (None, one.kind) and duty in (None, one.duty))
        wanted = (one for one in there if grade in (None, one.grade) and (_is_on_site(one) or not on_site))
        return cut({one.id: one for one in wanted}, after, limit, newest_first=True)

    def rectified_page(
        self, unit: str, duties: Iterable[Duty], since: datetime, until: datetime, *, after: str | None, limit: int,
        kind: str | None = None, grade: Grade | None = None,
    ) -> Page[Hazard]:  # fmt: skip
        every = (one for duty in duties for one in self.rectified(unit, duty, since, until))
        there = (one for one in every if kind in (None, one.kind) and grade in (None, one.grade))
        return cut({_place(one): one for one in there if not _is_on_site(one)}, after, limit, newest_first=True)

    def rectified(self, unit: str, duty: Duty, since: datetime, until: datetime) -> Sequence[Hazard]:
        gone = [one for one in self._of(unit, None) if one.duty is duty and one.state is HazardState.RECTIFIED]
        return sorted((one for one in gone if since <= (one.rectified_at or one.found_at) < until), key=_place)

    def open_hazards(self, unit: str, kinds: Iterable[str] | None = None) -> tuple[Sequence[Hazard], bool]:
        wanted = None if kinds is None else set(kinds)
        there = [one for one in self._of(unit, None) if one.state is not HazardState.RECTIFIED]
        return sorted((one for one in there if wanted is None or one.kind in wanted), key=_id), False

    def _of(self, unit: str, grade: Grade | None) -> list[Hazard]:
        with self._lock:
            there = [hazard for (owner, _), hazard in self._hazards.items() if owner == unit]
        return [hazard for hazard in there if grade in (None, hazard.grade)]

    def _waiting(
        self, unit: str, state: HazardState, hazards: Sequence[Hazard], after: str | None, limit: int
    ) -> Page[Hazard]:
        keyed = {_place(hazard): hazard for hazard in hazards if hazard.state is state}
        return cut(keyed, after, limit, newest_first=state is HazardState.RECTIFIED)

    def move(self, move: Move) -> NotMoved | None:
        key = move.membership.unit, move.step.hazard
        with self._lock:
            hazard = self._hazards.get(key)
            refusal = self._move_refusal(move, hazard)
            if hazard is None or refusal != NotMoved():
                return refusal
            self._hazards[key] = _after(hazard, move)
            self._steps.setdefault(key, []).append(move.step)
            self._count_anew(hazard, move)
        return None

    def hand_over(self, hazard: Hazard, step: Step) -> bool:
        key, heir = (hazard.unit, hazard.id), step.assignee or hazard.finder
        with self._lock:
            there = self._hazards.get(key)
            fit = hazard.unit_kind in self.sides_of(hazard.unit, heir, Role.OFFICER)
            if there is None or (there.version, there.state) != (hazard.version, hazard.state) or not fit:
                return False
            self._hazards[key] = replace(there, assignee=heir, version=step.version)
            self._steps.setdefault(key, []).append(step)
        return True

    def _move_refusal(self, move: Move, hazard: Hazard | None) -> NotMoved:
        return NotMoved(
            dismissed=not self._still_his_post(move.membership),
            assignee_unfit=not self._assignable(move),
            files_unfit=not all(self._citable(move.membership, photo) for photo in move.step.photos),
            hazard=None if hazard is None or _as_seen(move, hazard) else hazard,
            missing=hazard is None,
        )

    def _still_his_post(self, member: Membership) -> bool:
        held = self.sides_of(member.unit, member.person, member.role)
        return bool(held) and member.sides <= held

    def _assignable(self, move: Move) -> bool:
        """An active officer of the target's side, whom the target names unless it names nobody."""
        unit, who = move.membership.unit, move.step.assignee
        if who is None:
            return True
        target = self._targets.get((unit, target_of(move.step.hazard)))
        if target is None or (target.officers and who not in target.officers):
            return False
        return target.unit_kind in self.sides_of(unit, who, Role.OFFICER)

    def _citable(self, member: Membership, file: str) -> bool:
        upload = self._uploads.get((member.unit, member.person, file))
        return upload is not None and (upload.verdict, upload.kind) == (Verdict.VERIFIED, FileKind.PHOTO)

    def _count_anew(self, hazard: Hazard, move: Move) -> None:
        if move.step.act not in (Act.RECTIFICATION, Act.REGRADE):
            return
        for place in hazard.counted_at:
            head = self._heads[hazard.unit, place]
            left = Counter(head.open_hazards) - Counter([hazard.grade])
            more = Counter([move.step.grade] if move.step.grade else [])
            self._heads[hazard.unit, place] = replace(head, open_hazards=dict(left + more))


def _id(hazard: Hazard) -> str:
    return hazard.id


def _as_seen(move: Move, hazard: Hazard) -> bool:
    member = move.membership
    stands = hazard.state, hazard.version, hazard.grade, hazard.duty, hazard.devices
    seen = stands == (move.from_state, move.seen_version, move.seen_grade, move.duty, move.devices)
    own = not move.his_own or member.person in (hazard.finder, hazard.assignee)
    his = (own and not move.assignee_only) or hazard.assignee == member.person
    other = not move.other_than_finder or hazard.finder != member.person
    return seen and his and other and _covered(move, hazard)


def _covered(move: Move, hazard: Hazard) -> bool:
    member = move.membership
    if member.role is Role.DIRECTOR:
        return hazard.unit_kind in member.sides and cover(member.kinds, hazard.kind)
    return not move.in_directors_place or hazard.kind in member.stands_in


def _after(hazard: Hazard, move: Move) -> Hazard:
    step = move.step
    moved = replace(hazard, state=step.state, version=step.version, last_step=move.digest)
    match step.act:
        case Act.RECTIFICATION:
            return replace(moved, rectified_at=step.at, extension=None)
        case Act.EXTENSION:
            return replace(moved, extension=step.deadline)
        case Act.REGRADE:
            return replace(moved, grade=step.grade or hazard.grade)
    return replace(moved, assignee=step.assignee, deadline=step.deadline, extension=None)


def _is_on_site(hazard: Hazard) -> bool:
    return hazard.handling is Handling.ON_SITE


def _place(hazard: Hazard) -> str:
    """The sort key of a hazard in the lists of its state."""
    match hazard.state:
        case HazardState.REPORTED:
            return f"{9 - hazard.grade.rank}#{hazard.id}"
        case HazardState.ORDERED:
            return f"{hazard.deadline or date.max}#{hazard.id}"
        case HazardState.RECTIFIED:
            at = hazard.rectified_at or hazard.found_at
            return f"{at.astimezone(UTC).isoformat(timespec='milliseconds')}#{hazard.id}"


class FakeUploads(Shelves):
    """Verdicts on uploaded files."""

    def begin(self, member: Membership, upload: Upload, turn: Turn) -> NotBegun | None:
        key, whose = (upload.unit, upload.person, upload.file), f"uploads of {member.unit} {member.person}"
        with self._lock:
            if key in self._uploads:
                return NotBegun()
            if member.role not in self.roles_of(member.unit, member.person):
                return NotBegun(dismissed=True)
            if not self.turn_taken(whose, turn):
                return NotBegun(too_often=True)
            self._uploads[key] = upload
        return None

    def upload(self, unit: str, person: str, file: str) -> Upload | None:
        return self._uploads.get((unit, person, file))

    def settle(self, upload: Upload) -> bool:
        key = upload.unit, upload.person, upload.file
        with self._lock:
            there = self._uploads.get(key)
            if there is None or there.verdict is not Verdict.PENDING:
                return False
            self._uploads[key] = upload
        return True

    def pending(self, shard: int, until: datetime, limit: int) -> Sequence[Upload]:
        with self._lock:
            due = [(one.look_at, one) for one in self._uploads.values() if one.look_at and one.look_at <= until]
        mine = [(at, one) for at, one in due if keys.pending_with(one.file) == keys.pending(shard)]
        return [one for _, one in sorted(mine, key=lambda pair: pair[0])][:limit]
