"""Keys and index keys: the one place that says where an item lies."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast
from zlib import crc32

from schemas.language import Duty, Grade, HazardState, Role
from tean.adapters.ports.common import SHARDS
from tean.domain import calendar
from tean.domain.hazard_ids import found_at, hazard_id

if TYPE_CHECKING:
    from tean.adapters.ports.registry import CustomKey
    from tean.domain.hazards import Hazard
    from tean.domain.outcomes import Listing
    from tean.domain.records import Record
    from tean.domain.registry import Target
    from tean.domain.turns import Turn

UNIT = "unit"
HEAD = "head"
PEOPLE = "P#"
TARGETS = "T#"
CUSTOM = "custom#"
MISSED = "missed"
LAST = "~"
"""Sorts after every character a key part may have."""

_RECORD_ID = re.compile(
    r"([a-z_]+)\.(\d{4}-\d\d-\d\d)\.(?:(officer-[^.#~]{1,64}|director|principal)\.)?(v\d\d)(?:\.([^.#~]{1,64}))?"
)


def instant(at: datetime) -> str:
    """UTC, ISO-8601, with milliseconds and Z: sorts by time."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def openid(hashed: str) -> str:
    """Partition of an openid's binding."""
    return f"openid#{hashed}"


def phone(hashed: str) -> str:
    """Partition of everybody registered with one phone."""
    return f"phone#{hashed}"


def sender(unit: str, person: str) -> str:
    """Partition of what one person of a unit asked to send, beside the openids and phones."""
    return f"sender#{owned(unit, person)}"


def shard(number: int) -> str:
    """Partition of one shard of the directory."""
    return f"units#{number:02d}"


def shard_of(unit: str) -> str:
    """The shard a unit is listed in; the same in every process and for ever."""
    return shard(crc32(unit.encode()) % SHARDS)


def turns(turn: Turn) -> str:
    """How many turns somebody has had in a window, in his partition."""
    return f"turns#{instant(turn.begins)}"


def pending(number: int) -> str:
    """Partition of one shard of the files without a verdict."""
    return f"pending#{number:02d}"


def pending_with(file: str) -> str:
    """The shard a file is pending in."""
    return pending(crc32(file.encode()) % SHARDS)


def person(code: str) -> str:
    """A person within his unit."""
    return f"{PEOPLE}{code}"


def target(code: str) -> str:
    """A target within its unit."""
    return f"{TARGETS}{code}"


def expires(target: Target) -> str | None:
    """A target's place among those that have a date; what has none, or is removed, has no place there."""
    return f"{target.next_inspection}#{target.code}" if target.next_inspection and not target.removed else None


def custom(list: CustomKey) -> str:
    """A version of a unit's own list."""
    return f"C#{list.duty}#{list.kind}#{list.sha256}"


def custom_in_force(duty: Duty, kind: str) -> str:
    """Which version of a unit's own list is in force; it lies where a roster is read."""
    return f"{CUSTOM}{duty}#{kind}"


def owned(unit: str, owner: str) -> str:
    """The partition of what belongs to one person, or one target, of a unit."""
    return f"{unit}#{owner}"


def sheet(duty: Duty, due: date) -> str:
    """The sheet of a post's bucket; the rows of that bucket begin with it.

    It bears the bucket's last day: whatever can still be done lies in one range, from the oldest day that takes late
    entries on, and is listed by when it has to be done.
    """
    return f"{calendar.last_day(duty, due).isoformat()}#{duty}"


def row(duty: Duty, due: date, target: str) -> str:
    """A row of a post's bucket."""
    return f"{sheet(duty, due)}#{target}"


def bucket_of(key: str) -> tuple[Duty, date]:
    """The duty and the bucket of a sheet or row."""
    last, duty, *_ = key.split("#")
    return Duty(duty), calendar.bucket(Duty(duty), date.fromisoformat(last))


def sheets(duty: Duty, due: date) -> str:
    """What every sheet of a unit's bucket begins with in the index ``sheets``, and every record of it."""
    return f"{duty}#{due.isoformat()}#"


_ROLLUPS = {
    Duty.DAILY: "day", Duty.WEEKLY: "week", Duty.MONTHLY: "month", Duty.WEEKLY_REPORT: "week_report",
    Duty.MONTHLY_REPORT: "month_report",
}  # fmt: skip


def rollups(duty: Duty) -> str:
    """What every roll-up of a duty begins with."""
    return f"{_ROLLUPS[duty]}#"


def rollup(duty: Duty, due: date) -> str:
    """What a bucket came to."""
    return f"{rollups(duty)}{due.isoformat()}"


def tally(duty: Duty, due: date) -> str:
    """The same for its readers: all duties in one range, by the bucket's last day."""
    return f"{tallies(calendar.last_day(duty, due))}{duty}"


def tallies(day: date) -> str:
    """What the tallies of every bucket that ends on a day begin with."""
    return f"tally#{day.isoformat()}#"


def tallied(key: str) -> tuple[Duty, date]:
    """The duty and the bucket of a tally."""
    _, last, duty = key.split("#")
    return Duty(duty), calendar.bucket(Duty(duty), date.fromisoformat(last))


def people(month: date) -> str:
    """What the sums of everybody in a month begin with."""
    return f"people#{month.isoformat()[:7]}#"


def people_of(duty: Duty, month: date) -> str:
    """The sum of one duty among them."""
    return f"{people(month)}{duty}"


def summed(key: str) -> tuple[Duty, date]:
    """The duty and the month of such a sum, by its 1st."""
    _, month, duty = key.split("#")
    return Duty(duty), date.fromisoformat(f"{month}-01")


def outcomes(listing: Listing, duty: Duty, place: str) -> str:
    """A list of what became of what was due, by duty; ``place`` begins with the bucket's last day."""
    return f"{listing}#{duty}#{place}"


def listed(key: str) -> tuple[Listing, Duty, date, int]:
    """The list, the duty, the bucket and the part of such a key."""
    listing, duty, last, part = key.split("#")
    return cast("Listing", listing), Duty(duty), calendar.bucket(Duty(duty), date.fromisoformat(last)), 99 - int(part)


def missed(duty: Duty, due: date, share: str) -> str:
    """The close's marker, among a target's records and sorted before those of its share."""
    return f"{_shared(duty, due, share)}{MISSED}"


def record(record: Record) -> str:
    """A record within its target; a supplement names its person."""
    base = f"{_shared(record.duty, record.due, record.share)}v{record.version:02d}"
    return supplement(base, record.person) if record.first else base


def first_record(duty: Duty, due: date, share: str, version: int = 1) -> str:
    """A version of whoever was first."""
    return f"{_shared(duty, due, share)}v{version:02d}"


def _shared(duty: Duty, due: date, share: str) -> str:
    return f"{sheets(duty, due)}{share}#" if share else sheets(duty, due)


def supplement(first: str, person: str) -> str:
    """What a second person adds to a record."""
    return f"{first}{LAST}{person}"


def report(duty: Duty, due: date, role: Role, n: int) -> str:
    """The n-th report of a role in a bucket, beside the marker the close leaves where there is none."""
    return f"{_shared(duty, due, role)}{n:02d}"


def report_called(id: str) -> str:
    """The report with this id, whose shape was checked."""
    return id.replace(".", "#")


def bucket_part(key: str) -> str:
    """What the entries of one bucket have in common."""
    return key.split("#")[1]


def minutes(unit: str) -> str:
    """The partition of minutes: no target and no kind has this code."""
    return owned(unit, "minutes")


STEP = "#"
"""Parts what is kept of each version from the minutes themselves."""


def minutes_version(id: str, version: int) -> str:
    """Minutes as they were submitted in one version, sorted after them."""
    return f"{id}{STEP}v{version:02d}"


def record_called(id: str) -> str | None:
    """The record with this id; None when no record can have it."""
    match = _RECORD_ID.fullmatch(id)
    if match is None:
        return None
    *base, person = match.groups()
    key = "#".join(filter(None, base))
    return supplement(key, person) if person else key


def record_partition(record: Record) -> str:
    """The partition a record and the head of its chain lie in."""
    return owned(record.unit, record.target)


def found_since(at: datetime) -> str:
    """Before every hazard found at this instant or later, and after all found before; its steps follow each."""
    return hazard_id(at.astimezone(UTC), "", "", "").partition(".")[0]


def open_at(hazard: Hazard) -> str:
    """The place of an open hazard among those of its unit: by kind, then by what was inspected."""
    return f"{open_of(hazard.kind)}{hazard.target}#{hazard.id}"


def open_of(kind: str) -> str:
    """What the places of the open hazards of a kind begin with."""
    return f"{kind}#"


def step(hazard: str, version: int) -> str:
    """A step, sorted after its hazard."""
    return f"{hazard}#{version:02d}"


def queue(unit: str, duty: Duty, state: HazardState) -> str:
    """A unit's hazards in one state."""
    return f"{unit}#{duty}#{state}"


def mine(unit: str, person: str, state: HazardState) -> str:
    """A person's hazards in one state."""
    return f"{unit}#{person}#{state}"


def at(hazard: Hazard) -> str:
    """A hazard's place in the lists of its state: gravest then oldest, earliest deadline, or when rectified."""
    match hazard.state:
        case HazardState.REPORTED:
            return reported_at(hazard.id, hazard.grade)
        case HazardState.ORDERED:
            return ordered_at(hazard.id, hazard.deadline)
        case HazardState.RECTIFIED:
            return rectified_at(hazard.id, hazard.rectified_at or hazard.found_at)


def reported_at(hazard: str, grade: Grade) -> str:
    """Gravest first, then oldest."""
    return f"{9 - grade.rank}#{instant(found_at(hazard))}#{hazard}"


def ordered_at(hazard: str, deadline: date | None) -> str:
    """By deadline; without one it is never overdue and comes last."""
    return f"{deadline or date.max}#{hazard}"


def rectified_at(hazard: str, at: datetime) -> str:
    """By the instant it was rectified."""
    return f"{instant(at)}#{hazard}"
