from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.language import Duty, Grade, Handling, Result, Role, Stamp, TargetState, UnitKind
from schemas.records import RecordPath
from tean.domain.records import Answer, First, Head, Record, canonical, digest, from_text
from tests.fakes.builders import DAY, NOW, record

FIRST = First("P2", "示例人员P2", NOW - timedelta(hours=1))
SIGNED = "daily.2026-11-23.v01"

TEXTS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20)
INSTANTS = st.datetimes(
    datetime(2023, 5, 5), datetime(2040, 1, 1), timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])
).map(lambda instant: instant.replace(microsecond=instant.microsecond // 1000 * 1000))
ANSWERS = st.builds(
    Answer,
    item=st.sampled_from(["EL-D-01", "EL-D-02"]),
    result=st.sampled_from(Result),
    grade=st.none() | st.sampled_from(Grade),
    handling=st.none() | st.sampled_from(Handling),
    outcome=st.none() | TEXTS,
    photos=st.lists(st.sampled_from(["P1.a", "P1.b"]), unique=True).map(tuple),
    remark=st.none() | TEXTS,
    seconds=st.none() | st.integers(0, 86_400),
)
RECORDS = st.builds(
    replace,
    st.just(record()),
    answers=st.lists(ANSWERS, max_size=3).map(tuple),
    received_at=INSTANTS,
    performed_at=st.none() | INSTANTS,
    due=st.dates(date(2023, 5, 5), date(2040, 1, 1)),
    state=st.sampled_from(TargetState),
    reason=st.none() | TEXTS,
    remark=st.none() | TEXTS,
    seq=st.integers(1, 10**6),
    previous=st.none() | st.just("e" * 64),
    late=st.booleans(),
    stamp=st.none() | st.sampled_from(Stamp),
    first=st.none() | st.just(FIRST),
)


def test_a_record_is_named_by_duty_day_and_version() -> None:
    assert record().id == SIGNED
    assert record(version=2).id == "daily.2026-11-23.v02"


def test_a_supplement_has_its_persons_name_behind() -> None:
    assert record("P1", first=FIRST).id == "daily.2026-11-23.v01.P1"


def test_the_printed_number_names_day_target_and_version() -> None:
    assert record().number == "20261123-E-1-01"
    assert record("P1", first=FIRST, version=2).number == "20261123-E-1-02-P1"


def test_an_id_is_fit_for_an_address() -> None:
    for one in (record(), record("P-1_x", first=FIRST)):
        assert RecordPath(target="E-1", record=one.id).record == one.id


def test_the_text_of_a_record_is_canonical_json_of_what_was_set() -> None:
    text = record(remark="雨天").text
    assert "雨天" in text
    assert text == canonical(json.loads(text))
    assert not {"late", "version", "answers", "stamp", "first", "previous"} & json.loads(text).keys()


def test_a_record_as_it_was_written_in_the_first_release_reads_and_hashes_the_same() -> None:
    """A field added later has a default, and what is at its default is not written: old links stay whole."""
    text = (
        '{"due":"2026-11-23","duty":"daily","kind":"3000","location":"A 座大堂","payload":"' + "p" * 64 + '",'
        '"person":"P1","person_name":"示例人员P1","received_at":"2026-11-23T01:30:15.123Z","seq":1,'
        '"signature":"P1.0123456789abcdef0123456789abcdef","state":"in_use","target":"E-1","target_name":"1 号客梯",'
        '"unit":"91990000MA00000008","unit_kind":"use"}'
    )
    assert record().text == text
    assert record().sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_the_link_is_the_hash_of_the_text() -> None:
    one = record(remark="雨天")
    assert one.sha256 == hashlib.sha256(one.text.encode()).hexdigest() == digest(one.text)


@given(RECORDS)
def test_a_record_read_back_is_the_same_record_with_the_same_link(one: Record) -> None:
    again = from_text(one.text)
    assert again == one
    assert (again.text, again.sha256) == (one.text, one.sha256)


OTHER: dict[str, Any] = {
    "unit": "91990000MA1111111R", "target": "E-2", "target_name": "2 号客梯", "location": "B 座", "kind": "1000",
    "unit_kind": UnitKind.FILLING, "duty": Duty.WEEKLY, "due": date(2026, 11, 24), "state": TargetState.SUSPENDED,
    "person": "P2", "person_name": "别人", "received_at": NOW + timedelta(milliseconds=1), "payload": "q" * 64,
    "seq": 2, "version": 2, "subtype": "3300", "previous": "e" * 64, "checklist": "c" * 64,
    "answers": (Answer("A", Result.PASS),), "reason": "待维修", "remark": "雨天", "signature": None,
    "performed_at": NOW, "late": True, "stamp": Stamp.ZERO_RISK, "first": FIRST,
    "role": Role.DIRECTOR, "correction": "漏写",
    "stop_use": True, "kept_in_use": "备件明天到",
}  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(Record)])
def test_no_part_of_a_record_can_change_without_its_link(name: str) -> None:
    assert replace(record(), **{name: OTHER[name]}).sha256 != record().sha256


def test_a_new_target_has_an_empty_head() -> None:
    assert Head() == Head(seq=0, hash=None, open_hazards={})
    assert not Head().has_open_hazards


def test_a_counter_that_came_down_to_zero_is_no_open_hazard() -> None:
    assert not Head(3, "e" * 64, {Grade.MAJOR: 0}).has_open_hazards
    assert Head(3, "e" * 64, {Grade.MAJOR: 0, Grade.GENERAL: 1}).has_open_hazards


def test_canonical_json_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"乙": 1, "a": [1, "二"]}) == canonical({"a": [1, "二"], "乙": 1}) == '{"a":[1,"二"],"乙":1}'


def test_the_day_of_a_record_is_the_day_it_is_due() -> None:
    assert record(received_at=NOW + timedelta(days=1), due=DAY, late=True).number.startswith("20261123-")
