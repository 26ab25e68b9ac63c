"""The fixed checklists: what was released stays as it was, and a target is asked only what applies to it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import schemas
from schemas import checklists
from schemas.catalogue import TargetKind, target_kind, target_kinds
from schemas.checklists import Checklist, Item, Library, Release, read
from schemas.language import Duty, Grade, UnitKind

FOLDER = Path(schemas.__file__).parent / "checklists"
DUTIES = (Duty.DAILY, Duty.WEEKLY, Duty.MONTHLY)

SIZES = {
    "1000": (15, 14, 17),
    "2000": (15, 15, 17),
    "8000": (15, 15, 17),
    "3000": (15, 15, 17),
    "4000": (15, 15, 17),
    "9000": (15, 14, 17),
    "6000": (15, 15, 17),
    "5000": (15, 15, 17),
    "BOILER_MFG": (14, 14, 12),
    "BOILER_INS": (14, 11, 13),
    "PV_DES": (13, 9, 11),
    "PV_MFG": (14, 14, 12),
    "GC_MFG": (14, 12, 12),
    "PP_DES": (14, 8, 11),
    "PPC_MFG": (14, 12, 12),
    "PP_INS": (14, 13, 13),
    "EL_MFG": (14, 13, 12),
    "EL_INS": (14, 13, 13),
    "CR_MFG": (14, 14, 12),
    "CR_INS": (14, 13, 13),
    "CW_MFG": (14, 13, 12),
    "CW_INS": (14, 13, 13),
    "AR_MFG": (14, 14, 12),
    "AR_INS": (14, 13, 13),
    "FV_MFG": (14, 13, 12),
    "FV_REP": (14, 12, 12),
    "GC_FILL": (14, 12, 12),
    "MPV_FILL": (14, 13, 12),
}
"""Items per daily, weekly and monthly list of the first release."""

SEEN_DAILY = {
    "1000": {"1100": 14, "1200": 13, "1300": 13},
    "2000": {"2100": 11, "2200": 11, "2300": 10, "2400": 11},
    "8000": {"8100": 13, "8200": 14, "8300": 12},
    "3000": {"3100": 10, "3200": 10, "3300": 9, "3400": 10},
    "4000": {"4100": 12, "4200": 12, "4300": 12, "4400": 12, "4700": 12, "4800": 11, "4900": 12, "4A00": 11, "4D00": 9},
    "9000": {"9100": 15, "9200": 15, "9300": 13},
    "6000": {f"6{n}00": 15 if n == "D" else 14 for n in "123456789ABDE"},
    "5000": {"5100": 13, "5200": 11},
}
"""Daily items a device of each sub-type is asked."""

FIRST_RELEASE = "2beca86154220040"
"""Start of the digest over the sorted hashes of the 84 lists of version 1."""


def first(code: str, duty: Duty) -> Checklist:
    return read(FOLDER / f"{code}.v1.json")[duty]


def first_release() -> Iterator[Checklist]:
    for code in SIZES:
        yield from read(FOLDER / f"{code}.v1.json").values()


def on_disk() -> Iterator[Checklist]:
    for path in sorted(FOLDER.glob("*.v*.json")):
        yield from read(path).values()


def what_the_lock_should_say() -> dict[str, Release]:
    return {one.sha256: Release(target_kind=one.target_kind, version=one.version, duty=one.duty) for one in on_disk()}


def all_kinds() -> list[TargetKind]:
    return [kind for unit_kind in UnitKind for kind in target_kinds(unit_kind)]


def lock_lines(releases: Mapping[str, Release]) -> str:
    return ",\n".join(f' "{digest}": {json.dumps(one.model_dump(mode="json"))}' for digest, one in releases.items())


class TestTheFirstRelease:
    def test_it_has_84_lists_of_1146_items(self) -> None:
        lists = list(first_release())
        assert len(lists) == 84
        assert sum(len(one.items) for one in lists) == 1146

    @pytest.mark.parametrize("code", SIZES)
    def test_each_list_has_as_many_items_as_its_source(self, code: str) -> None:
        lists = read(FOLDER / f"{code}.v1.json")
        assert tuple(lists) == DUTIES
        assert tuple(len(lists[duty].items) for duty in DUTIES) == SIZES[code]

    def test_its_grades_not_applicable_and_stop_use_are_those_of_its_source(self) -> None:
        items = [item for one in first_release() for item in one.items]
        assert Counter(item.grade for item in items) == {Grade.GENERAL: 104, Grade.SERIOUS: 697, Grade.MAJOR: 345}
        assert sum(item.na_allowed for item in items) == 423
        assert sum(bool(item.applies_to) for item in items) == 66
        assert [item.code for item in items if item.stop_use != (item.grade is Grade.MAJOR)] == []

    def test_its_words_came_over_exactly(self) -> None:
        assert first("3000", Duty.DAILY).items[8] == Item(
            code="EL-D-09",
            group="安全附件",
            text="自动扶梯（人行道）急停开关在位有效",
            hazard="自动扶梯（人行道）急停开关缺失或失效",
            grade=Grade.MAJOR,
            basis=("GB 45067—2024", "总局令57号第25条"),
            na_allowed=False,
            stop_use=True,
            applies_to=("3300",),
        )


class TestEveryList:
    def test_a_code_means_one_item_of_one_list(self) -> None:
        homes: dict[str, set[tuple[str, Duty]]] = {}
        for one in on_disk():
            for item in one.items:
                homes.setdefault(item.code, set()).add((one.target_kind, one.duty))
        assert [code for code, places in homes.items() if len(places) > 1] == []

    def test_every_kind_of_the_catalogue_has_its_three_lists_and_no_other_kind_has_any(self) -> None:
        listed = {(one.target_kind, one.duty) for one in on_disk()}
        assert listed == {(kind.code, duty) for kind in all_kinds() for duty in DUTIES}

    def test_items_are_narrowed_to_sub_types_of_their_own_category_only(self) -> None:
        for one in on_disk():
            subtypes = set(target_kind(one.target_kind).subtypes)
            for item in one.items:
                assert set(item.applies_to) < subtypes or item.applies_to == (), item.code
                assert len(set(item.applies_to)) == len(item.applies_to), item.code

    def test_no_target_can_be_done_with_not_applicable_alone(self) -> None:
        for one in on_disk():
            for subtype in [None, *target_kind(one.target_kind).subtypes]:
                assert not all(item.na_allowed for item in one.items_for(subtype)), (one.title, subtype)

    def test_every_item_names_its_basis_and_reads_cleanly(self) -> None:
        for one in on_disk():
            for item in one.items:
                assert item.basis, item.code
                assert item.text != item.hazard, item.code
                for text in (item.code, item.text, item.hazard, *item.basis):
                    assert text == unicodedata.normalize("NFC", text).strip() and text.isprintable(), item.code


class TestWhatATargetIsAsked:
    def test_an_escalator_is_asked_no_lift_items(self) -> None:
        asked = [item.code for item in first("3000", Duty.DAILY).items_for("3300")]
        assert asked == [f"EL-D-{number:02}" for number in (1, 3, 9, 10, 11, 12, 13, 14, 15)]

    def test_a_lift_is_asked_no_escalator_items(self) -> None:
        asked = [item.code for item in first("3000", Duty.DAILY).items_for("3100")]
        assert asked == [f"EL-D-{number:02}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 14, 15)]

    @pytest.mark.parametrize("code", SEEN_DAILY)
    def test_each_sub_type_sees_its_share_of_the_daily_list(self, code: str) -> None:
        daily = first(code, Duty.DAILY)
        assert {subtype: len(daily.items_for(subtype)) for subtype in target_kind(code).subtypes} == SEEN_DAILY[code]

    def test_an_unknown_sub_type_is_asked_everything(self) -> None:
        daily = first("3000", Duty.DAILY)
        assert daily.items_for(None) == daily.items


class TestTheLock:
    def test_it_names_every_list_that_lies_in_the_folder_and_no_other(self) -> None:
        locked, found = Library(FOLDER).releases, what_the_lock_should_say()
        changed = [one for digest, one in locked.items() if digest not in found]
        assert changed == [], "released lists never change: restore these and release a new version instead"
        missing = {digest: one for digest, one in found.items() if digest not in locked}
        assert missing == {}, f"to release these, add to released.json:\n{lock_lines(missing)}"
        assert dict(locked) == found

    def test_a_version_of_a_list_was_released_once(self) -> None:
        versions = Counter((one.target_kind, one.duty, one.version) for one in Library(FOLDER).releases.values())
        assert set(versions.values()) == {1}

    def test_the_first_release_is_the_one_that_was_reviewed(self) -> None:
        hashes = sorted(one.sha256 for one in first_release())
        assert hashlib.sha256("".join(hashes).encode()).hexdigest().startswith(FIRST_RELEASE)

    def test_every_released_list_can_be_read_by_its_hash(self) -> None:
        for digest, release in Library(FOLDER).releases.items():
            one = checklists.released(digest)
            assert (one.sha256, one.target_kind, one.duty, one.version) == (
                digest,
                release.target_kind,
                release.duty,
                release.version,
            )

    def test_a_hash_nobody_released_is_refused(self) -> None:
        with pytest.raises(LookupError, match="no released checklist 0000"):
            checklists.released("0000")


class TestCurrent:
    @pytest.mark.parametrize("duty", DUTIES)
    def test_it_is_the_released_list_of_that_kind_and_duty(self, duty: Duty) -> None:
        one = checklists.current("GC_FILL", duty)
        assert (one.target_kind, one.duty) == ("GC_FILL", duty)
        assert checklists.released(one.sha256) is one

    @pytest.mark.parametrize(
        ("code", "duty"),
        [("7000", Duty.DAILY), ("", Duty.DAILY), ("../catalogue", Duty.DAILY), ("3000", Duty.WEEKLY_REPORT)],
    )
    def test_an_unknown_kind_or_a_duty_without_items_is_refused(self, code: str, duty: Duty) -> None:
        with pytest.raises(LookupError, match=r"no \w+ checklist for target kind"):
            checklists.current(code, duty)


def test_importing_reads_no_list_and_needs_only_pydantic() -> None:
    script = """
import sys
opened = []
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
import schemas.checklists, schemas.catalogue
assert not [name for name in opened if name.endswith(".json")], opened
assert not {"yaml", "tean", "boto3", "pynamodb"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", script], check=True)
