"""The operator's command: both forms of a roster file, what it prints, and that it is all or nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from infra import demo
from infra.operate import connection
from infra.operate.__main__ import World, app
from infra.operate.files import check_file
from schemas.language import ClockLevel, Duty, PersonState, Role, UnitKind
from schemas.roster_cells import credit_code_check
from tean.domain.clocks import level
from tean.domain.errors import Unavailable
from tean.services.days import DayService
from tean.services.unit_setup import UnitSetupService
from tests.fakes.clock import FakeClock
from tests.fakes.messages import FakeMessages
from tests.fakes.rosters import TODAY, edited, file_of
from tests.fakes.store import FakeStore

USE, PRODUCTION, FILLING = (demo.FOLDER / f"{kind}.yaml" for kind in UnitKind)
CSV = demo.FOLDER / "filling.csv"
runner = CliRunner()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


def operate(store: FakeStore, *arguments: str | Path) -> Result:
    clock = FakeClock()
    setup = UnitSetupService(store, FakeMessages(), "hash of {}".format, clock)
    return runner.invoke(app, [str(argument) for argument in arguments], obj=World(lambda state: setup, clock))


# The demo units.


@pytest.mark.parametrize("path", [*demo.FILES, CSV])
def test_a_demo_unit_is_right_without_a_remark(path: Path) -> None:
    assert check_file(path, TODAY).findings == ()


@pytest.mark.parametrize("path", demo.FILES)
def test_a_demo_unit_cannot_be_real(path: Path) -> None:
    file = file_of(path)
    assert file.unit.code[2:8] == "990000"
    assert file.unit.name.startswith("示例")
    assert {person.phone[:3] for person in file.people} == {"100"}


@pytest.mark.parametrize("path", demo.FILES)
def test_a_demo_unit_has_two_officers_and_every_other_post(path: Path) -> None:
    roles = [role for person in file_of(path).people for role in person.roles]
    assert (roles.count(Role.OFFICER), set(roles)) == (2, set(Role))


def test_the_demo_units_show_every_warning_of_a_date_on_the_day_they_are_made(tmp_path: Path) -> None:
    files = demo.written(tmp_path / "demo", TODAY)
    assert [file_of(file).people for file in files] == [file_of(path).people for path in demo.FILES]
    days = [(row.expires - TODAY).days for file in files for row in file_of(file).targets if row.expires]
    assert {level(left) for left in days} == {*ClockLevel, None}
    assert not any(finding.blocking for file in files for finding in check_file(file, TODAY).findings)


def test_the_demo_people_are_listed_for_the_front_page() -> None:
    people = demo.people()
    assert people[0] == ("示例云杉商业广场管理有限公司", "使用单位", "张示一", "安全员", "10000000101")
    assert [person.post for person in people if person.kind == "生产单位"][:3] == [
        "质量安全员",
        "质量安全员",
        "质量安全总监",
    ]
    assert len(people) == 15


def test_one_demo_person_belongs_to_two_units() -> None:
    units = [(person.unit, person.post) for person in demo.people() if person.phone == "10000000102"]
    assert units == [("示例云杉商业广场管理有限公司", "安全员"), ("示例晨光气体充装有限公司", "安全总监")]


def test_the_check_character_of_a_credit_code_is_that_of_gb_32100() -> None:
    assert [credit_code_check(code) for code in ("91990000MA0DEM013", "91990000MA0DEM021", "91990000MA0DEM03X")] == [
        "8",
        "3",
        "T",
    ]


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16))
def test_one_wrong_character_of_a_credit_code_never_passes(body: str, place: int) -> None:
    wrong = body[:place] + ("B" if body[place] == "A" else "A") + body[place + 1 :]
    assert credit_code_check(wrong) != credit_code_check(body)


# The command.


def test_check_says_that_all_is_well(store: FakeStore) -> None:
    result = operate(store, "check", *demo.FILES)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        ["use.yaml：没有要改的", "production.yaml：没有要改的", "filling.yaml：没有要改的"],
    )


def test_check_prints_every_error_and_fails(store: FakeStore, tmp_path: Path) -> None:
    wrong = edited(
        USE,
        tmp_path,
        ("10000000104", "1000000010"),
        ("category: 锅炉", "category: 锅妒"),
        ("梯11示A00001(21)", "旧 1 号"),
    )
    result = operate(store, "check", wrong, FILLING)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "use.yaml：有 2 处要改",
        "  人员 1 处",
        "    第 23 行 · P01 · 手机号  应为 1 开头的 11 位数字，现在是 10 位",
        "  设备 1 处",
        "    第 62 行 · GL-01 · 种类  没有“锅妒”这一设备种类；是“锅炉”？",
        "use.yaml：可以照写，请留意 1 处",
        "  设备 1 处",
        "    第 38 行 · DT-01 · 使用登记证编号  与现行编号不同（如 梯11渝A00001(19)）；照原样保存",
        "filling.yaml：没有要改的",
        "什么都没有写入。改好后再运行一次。",
    ]


def test_apply_registers_the_units_and_tells_what_it_did(store: FakeStore) -> None:
    result = operate(store, "apply", *demo.FILES)
    assert result.exit_code == 0
    assert "  设备：新增 7" in result.stdout.splitlines()
    assert "    ＋ DT-01 1 号客梯" in result.stdout.splitlines()
    registered = [roster for path in demo.FILES if (roster := store.roster(file_of(path).unit.code))]
    assert [(len(roster.people), len(roster.targets)) for roster in registered] == [(5, 7), (5, 3), (5, 4)]
    assert [unit for unit, _ in store.memberships("hash of 10000000102")] == sorted(
        [file_of(USE).unit.code, file_of(FILLING).unit.code]
    )


def test_apply_again_tells_that_nothing_changed(store: FakeStore) -> None:
    operate(store, "apply", USE)
    assert "  与已登记的一致，没有变化" in operate(store, "apply", USE).stdout.splitlines()


def test_the_csv_form_of_a_unit_changes_nothing_after_its_yaml_form(store: FakeStore) -> None:
    operate(store, "apply", FILLING)
    assert "  与已登记的一致，没有变化" in operate(store, "apply", CSV).stdout.splitlines()


def test_a_dry_run_tells_the_difference_and_writes_nothing(store: FakeStore, tmp_path: Path) -> None:
    operate(store, "apply", USE)
    before = store.roster(file_of(USE).unit.code)
    changed = edited(USE, tmp_path, ("东门一层至二层", "东门二层至三层"), ("code: CC-02", "code: CC-03"))
    result = operate(store, "apply", "--dry-run", changed)
    assert result.stdout.splitlines()[1:] == [
        "示例云杉商业广场管理有限公司（91990000MA0DEM0138）",
        "  设备：新增 1，变更 1，移出 1",
        "    ～ FT-01 东门自动扶梯：位置",
        "    ＋ CC-03 2 号叉车",
        "    － CC-02 2 号叉车",
        "  这是预览，什么都没有写入",
    ]
    assert store.roster(file_of(USE).unit.code) == before


def test_one_wrong_file_and_none_is_applied(store: FakeStore, tmp_path: Path) -> None:
    wrong = edited(USE, tmp_path, ("10000000104", "1000000010"))
    assert operate(store, "apply", FILLING, wrong).exit_code == 1
    assert store.roster(file_of(FILLING).unit.code) is None


def test_a_refused_difference_and_none_is_applied(store: FakeStore, tmp_path: Path) -> None:
    operate(store, "apply", USE)
    wrong = edited(USE, tmp_path, ("category: 锅炉", "category: 场车"), ("subtype: 承压蒸汽锅炉", "subtype: 5100"))
    result = operate(store, "apply", FILLING, wrong)
    assert (result.exit_code, "GL-01 原来是锅炉，名册里成了场车" in result.stdout) == (1, True)
    assert store.roster(file_of(FILLING).unit.code) is None


def test_two_files_of_one_unit_are_refused(store: FakeStore) -> None:
    result = operate(store, "apply", FILLING, CSV)
    assert (result.exit_code, "filling.yaml 写的是同一个单位" in result.stdout) == (1, True)
    assert store.roster(file_of(FILLING).unit.code) is None


def test_names_are_printed_as_they_are(store: FakeStore, tmp_path: Path) -> None:
    named = edited(USE, tmp_path, ("name: 1 号客梯", "name: '[red]1 号[/red] " + "很长" * 50 + "'"))
    assert f"    ＋ DT-01 [red]1 号[/red] {'很长' * 50}" in operate(store, "apply", named).stdout.splitlines()


# What it reaches.


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment that names no system; what a command takes on is given back."""
    with monkeypatch.context() as patched:
        patched.setattr(os, "environ", {})
        yield


@pytest.mark.usefixtures("no_environment")
def test_without_a_stack_it_says_what_to_do(tmp_path: Path) -> None:
    result = runner.invoke(app, ["apply", str(USE), "--state", str(tmp_path)])
    assert result.exit_code == 1
    assert "请先在另一个终端运行 make run" in result.stdout


@pytest.mark.usefixtures("no_environment")
@pytest.mark.parametrize("content", ["", "[1]", "{"])
def test_a_damaged_environment_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / connection.ENVIRONMENT).write_text(content, encoding="utf-8")
    with pytest.raises(Unavailable, match="读不懂"):
        connection.connect(tmp_path)


@pytest.mark.usefixtures("no_environment")
def test_an_incomplete_environment_names_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / connection.ENVIRONMENT).write_text(json.dumps({"TEAN_TABLE_PREFIX": "tean-local"}), encoding="utf-8")
    with pytest.raises(Unavailable, match="环境变量里没有 "):
        connection.connect(tmp_path)


# Who leaves.


def test_work_of_who_leaves_needs_a_successor_and_goes_to_him(store: FakeStore, tmp_path: Path) -> None:
    operate(store, "apply", USE)
    unit, gone, heir = _leaving(store)
    smaller = _without_person(tmp_path, gone, heir)

    refused = operate(store, "apply", smaller)
    assert refused.exit_code == 1
    assert f"工号 {gone} 离岗时还有" in refused.stdout and f"--successor {gone}=" in refused.stdout
    done = operate(store, "apply", smaller, "--successor", f"{gone}={heir}")
    assert done.exit_code == 0, done.stdout
    assert store.roster(unit).people[gone].state is PersonState.DISMISSED  # type: ignore[union-attr]


@pytest.mark.parametrize("pairs", [["A01"], ["A01=A02=A03"]])
def test_a_successor_that_cannot_be_read_is_refused(store: FakeStore, pairs: list[str]) -> None:
    result = operate(store, "apply", USE, "--successor", *pairs)
    assert (result.exit_code, store.roster(file_of(USE).unit.code)) == (1, None)
    assert "--successor 离岗的工号=接手的工号" in result.stdout


def test_successors_belong_to_one_file(store: FakeStore) -> None:
    assert operate(store, "apply", USE, FILLING, "--successor", "A01=A02").exit_code == 1
    assert store.roster(file_of(USE).unit.code) is None


def _leaving(store: FakeStore) -> tuple[str, str, str]:
    """The unit, its first officer with his day open, and his colleague."""
    file = file_of(USE)
    gone, heir = [person.code for person in file.people if Role.OFFICER in person.roles][:2]
    DayService(store, FakeClock()).repair(file.unit.code, Duty.DAILY)
    return file.unit.code, gone, heir


def _without_person(folder: Path, gone: str, heir: str) -> Path:
    content = yaml.safe_load(USE.read_text(encoding="utf-8"))
    content["people"] = [person for person in content["people"] if person["code"] != gone]
    for thing in content["equipment"]:
        thing["officers"] = list(dict.fromkeys(heir if who == gone else who for who in thing["officers"]))
    path = folder / "smaller.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path
