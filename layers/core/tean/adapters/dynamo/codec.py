"""What lies in an item: domain objects to items and back.

Every item names the version of its layout in ``v``; whoever changes a layout adds a reader here and keeps the old one.
Attributes win over the body: they are what updates change.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic_core import from_json

from schemas.checklists import CustomList
from schemas.language import Act, Grade, HazardState, Role, TargetState, UnitKind
from schemas.typed import typed
from tean.adapters.dynamo import keys
from tean.adapters.models import AccessItem, HazardItem, RecordItem, RegistryItem, TaskItem, UploadItem
from tean.adapters.ports import AppToken, CustomKey
from tean.domain import calendar
from tean.domain.files import Upload
from tean.domain.hazards import Hazard, Step, officers_rectify
from tean.domain.membership import held_by
from tean.domain.records import Head, Record, from_text
from tean.domain.registry import Person, Target, Unit
from tean.domain.tasks import Missed, Row, Sheet

T = TypeVar("T")

Raw = Mapping[str, Mapping[str, Any]]
"""An item as DynamoDB sends it: each value with its type."""
Item = Mapping[str, Any]
"""The same in plain Python values."""


class UnknownLayout(LookupError):
    """An item was written by a newer release than this one."""


def plain(raw: Raw) -> Item:
    """An item without DynamoDB's type marks; numbers are whole here."""
    return {name: _plain(value) for name, value in raw.items()}


def _plain(value: Mapping[str, Any]) -> Any:
    ((mark, content),) = value.items()
    match mark:
        case "N":
            return int(content)
        case "L":
            return [_plain(element) for element in content]
        case "M":
            return plain(content)
        case "B" if isinstance(content, str):
            return b64decode(content)
        case "NULL":
            return None
        case _:
            return content


def by_version(*readers: Callable[[Item], T]) -> Callable[[Item], T]:
    """A reader of every layout there ever was: the first one reads ``v`` 1, and so on."""

    def read(item: Item) -> T:
        version: int = item["v"]
        if not 1 <= version <= len(readers):
            raise UnknownLayout(f"{item['pk'].split('#')[0]} / {item['sk'].split('#')[0]}: layout {version}")
        return readers[version - 1](item)

    return read


class Body(Generic[T]):
    """The JSON of what is not an attribute of its own; what is at its default is left out."""

    def __init__(self, type_: type[T], *, key: Collection[str], attributes: Collection[str] = ()) -> None:
        self._type = type_
        self._attributes = tuple(attributes)
        self._beside = {*key, *attributes}

    def text(self, value: T) -> str:
        """What is stored in ``body``."""
        return typed(self._type).dump_json(value, exclude=self._beside, exclude_defaults=True).decode()

    def read(self, item: Item, **key: Any) -> T:
        """The object behind ``item``; ``key`` are the fields its key stands for."""
        beside = {name: item[name] for name in self._attributes if item.get(name) is not None}
        value: T = typed(self._type).validate_python({**from_json(item["body"]), **beside, **key})
        return value


# --- who ------------------------------------------------------------------------------------------------------------


def app_token_item(token: AppToken) -> AccessItem:
    """WeChat's token; when it ends is compared by the condition that keeps the latest."""
    return AccessItem("wechat#app", "token", token=token.token, ends=keys.instant(token.expires_at))


def _app_token_1(item: Item) -> AppToken:
    return AppToken(item["token"], datetime.fromisoformat(item["ends"]))


read_app_token = by_version(_app_token_1)


# --- what a unit has ------------------------------------------------------------------------------------------------

_UNIT = Body(Unit, key=("code",))
_PERSON = Body(Person, key=("code",), attributes=("state", "roles"))
_TARGET = Body(
    Target,
    key=("code",),
    attributes=("unit_kind", "kind", "officers", "state", "state_reason", "removed"),
)


def unit_item(unit: Unit, version: str) -> RegistryItem:
    """The unit itself; its version is that of its roster."""
    return RegistryItem(unit.code, keys.UNIT, version=version, body=_UNIT.text(unit))


def _unit_1(item: Item) -> Unit:
    return _UNIT.read(item, code=item["pk"])


read_unit = by_version(_unit_1)


def person_item(unit: str, person: Person) -> RegistryItem:
    """A person; his posts are a set that conditions ask."""
    roles = {mark for role, sides in person.roles.items() for mark in role_marks(role, sides)}
    return RegistryItem(
        unit, keys.person(person.code), state=person.state, roles=roles or None, body=_PERSON.text(person)
    )


def role_marks(role: Role, sides: Iterable[UnitKind]) -> Iterable[str]:
    """A post as the set ``roles`` holds it: the role itself, and the role on each side."""
    return (str(role), *(f"{role}#{side}" for side in sides))


def _person_1(item: Item) -> Person:
    roles: dict[str, list[str]] = {}
    for mark in item.get("roles", ()):
        role, _, side = mark.partition("#")
        roles.setdefault(role, []).extend([side] if side else [])
    return _PERSON.read({**item, "roles": roles}, code=item["sk"].removeprefix(keys.PEOPLE))


read_person = by_version(_person_1)


def target_body(target: Target) -> str:
    """The part of a target that neither conditions nor filters look at."""
    return _TARGET.text(target)


def _target_1(item: Item) -> Target:
    # An empty reason is kept as such, so that "only for a new target" can be asked of the attribute.
    reason = item["state_reason"] or None
    return _TARGET.read({**item, "state_reason": reason}, code=item["sk"].removeprefix(keys.TARGETS))


read_target = by_version(_target_1)


def custom_item(unit: str, list: CustomList) -> RegistryItem:
    """A version of a unit's own list, whole."""
    key = CustomKey(list.duty, list.target_kind, list.sha256)
    return RegistryItem(unit, keys.custom(key), body=list.model_dump_json(exclude_defaults=True))


def _custom_1(item: Item) -> CustomList:
    return CustomList.model_validate_json(item["body"])


read_custom = by_version(_custom_1)


# --- to-dos ---------------------------------------------------------------------------------------------------------

_ROW_ATTRIBUTES = ("state", "closed_by", "closed_at", "closed_by_name", "stamp", "fails", "missed_at")
_ROW = Body(Row, key=("person", "role", "duty", "due", "target"), attributes=_ROW_ATTRIBUTES)


def row_item(unit: str, row: Row) -> TaskItem:
    """A row; ``due`` is there for filters, which may not touch keys: its last day."""
    return TaskItem(
        keys.owned(unit, row.post),
        keys.row(row.duty, row.due, row.target),
        due=calendar.last_day(row.duty, row.due).isoformat(),
        state=row.state,
        closed_by=row.closed_by,
        closed_at=keys.instant(row.closed_at) if row.closed_at else None,
        closed_by_name=row.closed_by_name,
        stamp=row.stamp,
        fails=row.fails or None,
        missed_at=keys.instant(row.missed_at) if row.missed_at else None,
        body=row_body(row),
    )


def row_body(row: Row) -> str:
    """What of a row is no attribute of its own."""
    return _ROW.text(row)


def _row_1(item: Item) -> Row:
    row = _ROW.read(item, **_place(item), target=item["sk"].rsplit("#", 1)[1])
    # The body says how the target was when the row was made; who closes the row writes beside it how it was found.
    found = item.get("target_state")
    return replace(row, target_state=TargetState(found)) if found else row


read_row = by_version(_row_1)


def sheet_item(unit: str, sheet: Sheet) -> TaskItem:
    """A sheet; its counts are maps that submissions add to."""
    return TaskItem(
        keys.owned(unit, sheet.post),
        keys.sheet(sheet.duty, sheet.due),
        plan=sheet.plan,
        owed=dict(sheet.owed),
        done=dict(sheet.done),
        suspended=dict(sheet.suspended),
        crew=sheet.crew or None,
        closed=sheet.closed or None,
        unit=unit,
        sheet=f"{keys.sheets(sheet.duty, sheet.due)}{sheet.post}",
    )


def _sheet_1(item: Item) -> Sheet:
    kept = {name: item[name] for name in ("plan", "owed", "done", "suspended", "crew", "closed") if name in item}
    return typed(Sheet).validate_python({**_place(item), **kept})


read_sheet = by_version(_sheet_1)


def _place(item: Item) -> Mapping[str, Any]:
    """Whose it is, of which bucket."""
    person, role = held_by(item["pk"].partition("#")[2])
    duty, due = keys.bucket_of(item["sk"])
    return {"person": person, "role": role, "duty": duty, "due": due}


# --- records --------------------------------------------------------------------------------------------------------


def record_item(record: Record) -> RecordItem:
    """A record, its canonical text as it is; ``person`` is there for filters."""
    return RecordItem(keys.record_partition(record), keys.record(record), person=record.person, body=record.text)


def _record_1(item: Item) -> Record:
    return from_text(item["body"])


read_record = by_version(_record_1)


def _head_1(item: Item) -> Head:
    # Before the first record of a device there may only be what a weekly or monthly inspection counted of it.
    counts = {grade: item.get(open_count(grade), 0) for grade in Grade}
    return Head(item.get("seq", 0), item.get("hash"), {grade: count for grade, count in counts.items() if count})


read_head = by_version(_head_1)


def open_count(grade: Grade) -> str:
    """The attribute of the head that counts open hazards of one grade."""
    return f"open_{grade}"


# --- what the close leaves ------------------------------------------------------------------------------------------

_MISSED = Body(Missed, key=("unit", "target", "duty", "due", "share"))


def missed_body(missed: Missed) -> str:
    """What a marker says beside its key."""
    return _MISSED.text(missed)


def _missed_1(item: Item) -> Missed:
    unit, target = item["pk"].split("#", 1)
    duty, due, *share, _ = item["sk"].split("#")
    return _MISSED.read(item, unit=unit, target=target, duty=duty, due=due, share="".join(share))


read_missed = by_version(_missed_1)


def read_entry(item: Item) -> Record | Missed:
    """An entry of a target's history."""
    return read_missed(item) if item["sk"].endswith(keys.MISSED) else read_record(item)


# --- hazards --------------------------------------------------------------------------------------------------------

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


# --- files ----------------------------------------------------------------------------------------------------------

_UPLOAD = Body(Upload, key=("unit", "person", "file"), attributes=("kind", "verdict"))


def upload_item(upload: Upload) -> UploadItem:
    """A file; conditions ask for its kind and verdict."""
    return UploadItem(
        keys.owned(upload.unit, upload.person),
        upload.file,
        kind=upload.kind,
        verdict=upload.verdict,
        body=_UPLOAD.text(upload),
    )


def _upload_1(item: Item) -> Upload:
    unit, person = item["pk"].split("#", 1)
    return _UPLOAD.read(item, unit=unit, person=person, file=item["sk"])


read_upload = by_version(_upload_1)
