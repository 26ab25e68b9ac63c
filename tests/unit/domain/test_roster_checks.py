"""Checking a roster: each bad row is named with what to write instead, all at once, and nothing is blamed twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from schemas.roster import Finding, Table
from tean.domain.roster_checks import Examination, examine
from tean.domain.roster_draft import RawRow, Reading

TODAY = date(2026, 11, 23)
Cells = dict[str, Any]

UNIT = {"code": "91990000MA0DEM0138", "name": "示例有限公司", "kinds": "使用、生产、充装"}
PEOPLE: list[Cells] = [
    {"code": "A01", "name": "张示一", "phone": "10000000001", "roles": "安全员"},
    {"code": "A02", "name": "李示二", "phone": "10000000002", "roles": "安全员"},
    {"code": "D01", "name": "王示三", "phone": "10000000003", "roles": "安全总监"},
    {"code": "P01", "name": "赵示四", "phone": "10000000004", "roles": "主要负责人、管理员"},
]
LIFT = {
    "code": "DT-01",
    "name": "1 号客梯",
    "category": "电梯",
    "subtype": "曳引与强制驱动电梯",
    "officers": "A01",
    "device_code": "311099001202100001",
    "certificate": "梯11示A00001(21)",
    "next_inspection": "2026-11",
}
LICENCE = {
    "code": "DTZZ",
    "licence_kind": "电梯制造",
    "licence_number": "TS2399001-2029",
    "valid_until": "2026-11-23",
}
STATION = {"code": "GW-01", "name": "1 号充装台", "filling_kind": "气瓶充装"}
ROWS: list[tuple[Table, Cells]] = [
    (Table.UNIT, UNIT),
    *((Table.PEOPLE, person) for person in PEOPLE),
    (Table.EQUIPMENT, LIFT),
    (Table.LICENCES, LICENCE),
    (Table.STATIONS, STATION),
]
"""Lines 1 to 8 of a right roster."""


def examined(*rows: tuple[Table, Cells], **reading: Any) -> Examination:
    raws = [RawRow(table, line, cells) for line, (table, cells) in enumerate(rows, 1)]
    return examine(Reading(raws, **reading), TODAY)


def with_cells(changes: Mapping[str, Cells], *more: tuple[Table, Cells]) -> Examination:
    """The right roster, some cells of some rows (by code) written otherwise, None being left empty, and more rows."""
    rows = [(table, {**cells, **changes.get(cells["code"], {})}) for table, cells in ROWS]
    filled = [(table, {name: cell for name, cell in cells.items() if cell is not None}) for table, cells in rows]
    return examined(*filled, *more)


def only(findings: tuple[Finding, ...]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def test_a_right_roster_gives_a_file_and_no_findings() -> None:
    examination = examined(*ROWS)
    assert examination.findings == ()
    assert examination.file
    assert [row.code for row in examination.file.targets] == ["DT-01", "DTZZ", "GW-01"]


CATEGORIES = "锅炉、压力容器、压力管道、电梯、起重机械、客运索道、大型游乐设施、场车"
SUBTYPES = "曳引与强制驱动电梯、液压驱动电梯、自动扶梯与自动人行道、其它类型电梯"
WRONG_CELLS: list[tuple[str, str, Any, str]] = [
    ("91990000MA0DEM0138", "kinds", "使用、生产、充电", "没有“充电”这一单位类型；是“充装”？"),
    ("A02", "name", None, "没有填写；请写 身份证上的姓名"),
    ("A02", "name", "李\n示二", "不能换行，也不能有制表符"),
    ("A02", "name", "李\u202e示二", "含有不可见的控制字符，请删去后再试"),
    ("A02", "name", "李" * 121, "太长，最多 120 个字"),
    ("A02", "name", ["李示二"], "写法不对；请写 身份证上的姓名"),
    ("A02", "phone", "1000000002", "应为 1 开头的 11 位数字，现在是 10 位"),
    ("A02", "roles", "总监", "没有“总监”这一职务；是“安全总监”？"),
    ("A02", "roles", "安全员（储存）", "没有“储存”这一单位类型；请写 使用、生产、充装"),
    ("A02", "roles", "（使用）", "“（使用）”不是职务；请写如 安全员，或 安全员（使用）"),
    ("A02", "roles", {}, "没有填写；请写 安全员、安全总监、主要负责人、管理员中的一个或几个"),
    ("A02", "kinds", "电梯", "他不是管电梯的安全总监，不必写；请清空，或在职务里加上安全总监"),
    ("A02", "wechat", "x", "“人员”没有这一栏；请删去，或改成 code、name、phone、roles、kinds"),
    ("A02", "phone", "10000000001", "与第 2 行重复；请改成各自的"),
    ("D01", "kinds", "电递", "没有“电递”这一设备种类、许可类型或充装类型；是“电梯”？"),
    ("DT-01", "category", "电递", "没有“电递”这一设备种类；是“电梯”？"),
    ("DT-01", "category", "UFO", f"没有“UFO”这一设备种类；请写 {CATEGORIES}"),
    ("DT-01", "subtype", "扶梯", f"没有“扶梯”这一电梯品种；请写 {SUBTYPES}"),
    ("DT-01", "officers", None, "没有填写；请写 负责这台设备的安全员的工号，几个人用、隔开，第一个为主"),
    ("DT-01", "officers", "张示", "人员里没有“张示”；是“张示一”？"),
    ("DT-01", "officers", "X99", "人员里没有“X99”；请先在人员里写上他，或换一位"),
    ("DT-01", "officers", "A01、张示一、A02", "“A01”写了不止一次；请留一个"),
    ("DT-01", "officers", "D01", "“D01”不是使用单位的安全员；请在人员的职务里加上，或换一位"),
    ("DTZZ", "officers", "D01", "“D01”不是生产单位的质量安全员；请在人员的职务里加上，或换一位"),
    ("DT-01", "next_inspection", "2026.13", "日历上没有“2026.13”；请写成 2027-05 或 2027-05-31"),
    ("DT-01", "next_inspection", "明年", "“明年”不是日期；请写成 2027-05 或 2027-05-31"),
    ("DTZZ", "licence_kind", "电梯", "没有“电梯”这一许可类型；是“电梯安装”？"),
    ("DTZZ", "valid_until", None, "没有填写；请写 许可证上的日期，如 2028-06-30"),
    ("GW-01", "filling_kind", "液氮", "没有“液氮”这一充装类型；请写 气瓶充装、移动式压力容器充装"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "field", "cell", "sentence"), WRONG_CELLS)
def test_one_wrong_cell_is_one_error_with_table_line_code_field_and_what_to_write(
    code: str, field: str, cell: Any, sentence: str
) -> None:
    examination = with_cells({code: {field: cell}})
    lines = {cells["code"]: (line, table) for line, (table, cells) in enumerate(ROWS, 1)}
    line, table = lines[code]
    told = [error for error in examination.errors if error.sentence == sentence]
    assert told[:1] == [Finding(sentence=sentence, table=table, line=line, code=code, field=field)]
    assert {(error.table, error.line, error.field) for error in examination.errors} == {(table, line, field)}
    assert examination.file is None


def test_everything_that_is_wrong_is_told_at_once() -> None:
    examination = with_cells(
        {"A01": {"phone": "1"}, "DT-01": {"category": "?", "next_inspection": "?"}, "GW-01": {"officers": "X"}}
    )
    assert [(error.line, error.field) for error in examination.errors] == [
        (2, "phone"),
        (6, "category"),
        (6, "next_inspection"),
        (8, "officers"),
    ]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("91990000MA0DEM013", "应为 18 位，现在是 17 位"),
        ("91990000MA0DEM0139", "校验位不符，有一位抄错了；请对照营业执照再抄一遍"),
        ("91990000MA0DEM01I8", "里面不会有 I：不用字母 I、O、S、V、Z，字母要大写、半角"),
        ("91990000ma0DEM0138", "里面不会有 a、m：不用字母 I、O、S、V、Z，字母要大写、半角"),
    ],
)
def test_a_wrong_unified_social_credit_code_is_refused(code: str, sentence: str) -> None:
    error = only(with_cells({UNIT["code"]: {"code": code}}).errors)
    assert (error.line, error.field, error.sentence) == (1, "code", sentence)


@pytest.mark.parametrize("code", ["A 01", "Ａ０１", "-A", "A_1", "A#1", "甲", "A" * 25])
def test_a_code_that_is_not_url_safe_is_refused(code: str) -> None:
    error = only(with_cells({"GW-01": {"code": code}}).errors)
    assert (error.field, error.code) == ("code", code)
    assert error.sentence.startswith(f"“{code}”不行：")


@pytest.mark.parametrize(
    "phone", ["+86 100 0000 0002", "100-0000-0002", "\u202d10000000002\u202c", "１００００００００２" + "2"]
)
def test_a_phone_is_understood_as_people_copy_it(phone: str) -> None:
    file = with_cells({"A02": {"phone": phone}}).file
    assert file
    assert len(file.people[1].phone) == 11


def test_no_finding_repeats_a_phone_number() -> None:
    examination = with_cells({"A01": {"phone": "100123456789"}, "A02": {"phone": "10000000003"}})
    assert [error.field for error in examination.errors] == ["phone", "phone"]
    assert "1001234" not in repr(examination.errors)
    assert "10000000003" not in repr(examination.errors)


def test_officers_may_be_named_by_code_or_by_name() -> None:
    assert with_cells({"DT-01": {"officers": ["A01", "李示二"]}}).errors == ()


def test_a_name_two_people_have_must_be_a_code() -> None:
    twin = (Table.PEOPLE, {"code": "A03", "name": "张示一", "phone": "10000000009", "roles": "安全员"})
    error = only(with_cells({"DT-01": {"officers": "张示一"}}, twin).errors)
    assert error.sentence == "有 2 位叫“张示一”；请写工号：A01、A03"


def test_the_same_code_in_two_tables_is_no_repetition() -> None:
    assert with_cells({"DTZZ": {"code": "DT-01"}, "GW-01": {"code": "DT-01"}}).errors == ()


def test_the_same_code_twice_in_a_table_is_refused() -> None:
    error = only(with_cells({}, (Table.STATIONS, STATION)).errors)
    assert (error.line, error.code, error.field, error.sentence) == (9, "GW-01", "code", "与第 8 行重复；请改成各自的")


def test_a_person_who_cannot_be_read_is_not_missed_elsewhere() -> None:
    error = only(with_cells({"A01": {"phone": "1"}, "P01": {}}).errors)
    assert error.field == "phone"


def test_nothing_is_missed_that_may_stand_in_a_lost_row() -> None:
    lost = Finding(sentence="表这一栏写错了", line=9)
    rows = [row for row in ROWS if row[1]["code"] not in ("P01", "A01")]
    assert examined(*rows, lost=[lost]).errors == (lost,)


def test_one_cell_is_not_blamed_twice() -> None:
    told = RawRow(Table.PEOPLE, 2, {"code": "A01"}).finding("表格软件把它改成了科学计数", "phone")
    rows = [(table, cells | {"phone": "1E+10"} if cells["code"] == "A01" else cells) for table, cells in ROWS]
    assert examined(*rows, findings=[told]).errors == (told,)


def test_more_than_eight_named_officers_are_refused() -> None:
    nine = [officer(number) for number in range(10, 19)]
    names = [cells["code"] for _, cells in nine]
    error = only(
        with_cells(
            {"DT-01": {"officers": names}, "DTZZ": {"officers": "A01"}, "GW-01": {"officers": "A01"}}, *nine
        ).errors
    )
    assert (error.code, error.sentence) == ("DT-01", "写了 9 位，最多 8 位")


def test_more_than_eight_officers_by_default_are_refused_too() -> None:
    seven = [officer(number) for number in range(10, 17)]
    errors = with_cells({}, *seven).errors
    assert [(error.code, error.field) for error in errors] == [("DTZZ", "officers"), ("GW-01", "officers")]
    assert errors[0].sentence == "没有写就由全部 9 位安全员负责，最多 8 位；请写出负责的几位"
    assert with_cells({}, *seven[:6]).errors == ()


def officer(number: int) -> tuple[Table, Cells]:
    cells = {"code": f"B{number}", "name": f"示例人员{number}", "phone": f"100000001{number}", "roles": "安全员"}
    return Table.PEOPLE, cells


def test_a_post_on_a_side_the_unit_does_not_have_is_refused() -> None:
    examination = examined(
        (Table.UNIT, UNIT | {"kinds": "使用"}),
        *ROWS[1:6],
        (Table.PEOPLE, PEOPLE[0] | {"code": "X", "phone": "10000000008", "roles": "安全员（生产）"}),
    )
    error = only(examination.errors)
    assert (error.line, error.sentence) == (7, "生产单位的质量安全员：单位类型里没有“生产”；请改其中一处")


def test_targets_of_a_side_the_unit_does_not_have_are_refused_at_the_unit() -> None:
    errors = with_cells({UNIT["code"]: {"kinds": "使用、充装"}}).errors
    assert [(error.line, error.field, error.sentence) for error in errors] == [
        (1, "kinds", "有 1 行许可，却没有“生产”；请加上，或删去这些行")
    ]


def test_a_file_without_a_unit_is_refused() -> None:
    assert only(examined(*ROWS[1:]).errors).sentence == "没有单位这一部分；请写统一社会信用代码、名称和单位类型"


def test_a_file_with_two_units_is_refused() -> None:
    error = only(examined(*ROWS, (Table.UNIT, UNIT | {"code": "91990000MA0DEM0213"})).errors)
    assert (error.line, error.sentence) == (9, "一个文件只写一个单位，第 1 行已经有了；请另存一个文件")


def test_each_side_needs_a_principal_and_an_officer_and_the_unit_an_administrator() -> None:
    errors = with_cells(
        {"P01": {"roles": "安全总监"}, "A01": {"roles": "安全员（使用）"}, "A02": {"roles": "安全员（使用）"}}
    ).errors
    assert [error.sentence for error in errors] == [
        "没有管理员；请给一个人加上“管理员”",
        "没有充装单位的主要负责人；请给一个人加上“主要负责人”",
        "没有充装单位的安全员；请给一个人加上“安全员”",
        "没有生产单位的主要负责人；请给一个人加上“主要负责人”",
        "没有生产单位的质量安全员；请给一个人加上“安全员”",
        "没有使用单位的主要负责人；请给一个人加上“主要负责人”",
    ]


def test_a_side_without_a_director_is_only_warned_of() -> None:
    examination = with_cells({"D01": {"roles": "安全总监（使用、充装）"}})
    assert (
        only(examination.findings).sentence
        == "没有生产单位的质量安全总监：上报的隐患暂时没有人下达整改措施，请尽快任命"
    )
    assert examination.file


def test_a_kind_no_director_covers_is_warned_of() -> None:
    boiler = (
        Table.EQUIPMENT,
        LIFT | {"code": "GL-01", "category": "锅炉", "subtype": "1100", "device_code": None, "certificate": None},
    )
    rows = boiler[0], {name: cell for name, cell in boiler[1].items() if cell is not None}
    narrowed = with_cells({"D01": {"roles": "安全总监", "kinds": "电梯、电梯制造、气瓶充装"}}, rows)
    assert (
        only(narrowed.warnings).sentence
        == "没有管锅炉的使用单位的安全总监：上报的隐患暂时没有人下达整改措施，请尽快任命"
    )


def test_order_73_keeps_director_and_officer_of_a_production_unit_apart() -> None:
    warning = only(with_cells({"D01": {"roles": "安全总监、安全员"}}).warnings)
    assert (warning.line, warning.sentence) == (4, "总局令第 73 号：质量安全总监不得兼任质量安全员")


def test_a_side_without_targets_is_warned_of() -> None:
    warning = only(examined(*ROWS[:-1]).warnings)
    assert (warning.line, warning.sentence) == (1, "是充装单位，却没有工位：不会有日管控任务")


@pytest.mark.parametrize(
    ("code", "field", "cell"),
    [
        ("DT-01", "device_code", "3110990012021"),
        ("DT-01", "device_code", "111099001202100001"),
        ("DT-01", "certificate", "梯A渝00001"),
        ("DT-01", "next_inspection", "2026-11-22"),
        ("DT-01", "next_inspection", None),
        ("DT-01", "subtype", None),
        ("DTZZ", "licence_number", "TS2399001"),
        ("DTZZ", "valid_until", "2026-10"),
    ],
)
def test_what_is_odd_but_possible_is_only_warned_of(code: str, field: str, cell: str | None) -> None:
    examination = with_cells({code: {field: cell}})
    warning = only(examination.findings)
    assert (warning.code, warning.field, warning.blocking) == (code, field, False)
    assert examination.file


def test_a_device_code_given_twice_is_warned_of() -> None:
    warning = only(
        with_cells({}, (Table.EQUIPMENT, LIFT | {"code": "DT-02", "certificate": "梯11示A00002(21)"})).warnings
    )
    assert (warning.code, warning.field, warning.sentence) == ("DT-02", "device_code", "与第 6 行重复；请改成各自的")


def test_an_expired_licence_says_since_when() -> None:
    warning = only(with_cells({"DTZZ": {"valid_until": "2026-10"}}).warnings)
    assert warning.sentence == "已过期 23 天：任务照常生成，并用红色提醒"


@pytest.mark.parametrize(("changes", "place"), [
    ({"P01": {"roles": "主要负责人"}}, (Table.PEOPLE, None, "roles", True)),
    ({"P01": {"roles": "管理员"}}, (Table.PEOPLE, None, "roles", True)),
    ({"D01": {"roles": "安全员"}}, (Table.PEOPLE, None, "roles", False)),
    ({"D01": {"roles": "安全员、安全总监（生产）"}}, (Table.PEOPLE, 4, "roles", False)),
    ({UNIT["code"]: {"kinds": "生产、充装"}, "A02": {"roles": "安全员（使用）"}}, (Table.PEOPLE, 3, "roles", True)),
    ({UNIT["code"]: {"kinds": "使用、生产"}}, (Table.UNIT, 1, "kinds", True)),
])  # fmt: skip
def test_a_finding_says_where_it_is_to_be_put_right(
    changes: Mapping[str, Cells], place: tuple[Table, int | None, str, bool]
) -> None:
    found = [(one.table, one.line, one.field, one.blocking) for one in with_cells(changes).findings]
    assert place in found


def test_a_file_without_a_unit_is_blamed_at_the_unit() -> None:
    assert (Table.UNIT, None, None) in [
        (one.table, one.line, one.field) for one in examined(*ROWS[1:]).findings if "没有单位" in one.sentence
    ]


def test_what_blocks_is_told_first_and_each_part_from_the_top_down() -> None:
    odd, wrong = {"device_code": "1"}, {"phone": "1"}
    findings = with_cells({"DT-01": odd, "DTZZ": {"licence_number": "1"}, "D01": wrong, "A02": wrong}).findings
    assert [(one.blocking, one.line) for one in findings] == [(True, 3), (True, 4), (False, 6), (False, 7)]


@pytest.mark.parametrize(("count", "places"), [(8, []), (9, [(6, "officers"), (7, "officers"), (8, "officers")])])
def test_eight_named_officers_are_not_too_many_and_nine_are(count: int, places: list[tuple[int, str]]) -> None:
    more = [
        {"code": f"B{n}", "name": f"示例人员{n}", "phone": f"1000000001{n}", "roles": "安全员"} for n in range(count)
    ]
    people = [(Table.PEOPLE, cells) for cells in more]
    named = {code: {"officers": "、".join(cells["code"] for cells in more)} for code in ("DT-01", "DTZZ", "GW-01")}
    assert [(one.line, one.field) for one in with_cells(named, *people).errors] == places
