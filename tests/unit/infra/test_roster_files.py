"""The two forms of a roster file: what people and spreadsheets do to them, and on which line it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infra import demo
from infra.operate.files import check, check_file
from infra.operate.reading import decoded
from infra.operate.yaml_file import read_yaml
from schemas.roster import RosterFile, Table
from tean.domain.errors import Invalid
from tests.fakes.rosters import TODAY, edited, file_of

USE, FILLING, CSV = (demo.FOLDER / name for name in ("use.yaml", "filling.yaml", "filling.csv"))


def test_yaml_and_csv_say_the_same() -> None:
    assert file_of(CSV) == file_of(FILLING)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_csv_is_read_as_excel_and_wps_save_it(tmp_path: Path, encoding: str) -> None:
    saved = tmp_path / "名册.CSV"
    saved.write_bytes(CSV.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding))
    assert file_of(saved) == file_of(FILLING)


def test_utf_16_is_refused_with_what_to_do() -> None:
    with pytest.raises(Invalid, match="另存为 UTF-8"):
        decoded("表,编号".encode("utf-16"))


@pytest.mark.parametrize("separator", ["、", "；", ";", "，", " ", "、 "])
def test_lists_in_a_cell_are_separated_as_people_do(tmp_path: Path, separator: str) -> None:
    saved = edited(CSV, tmp_path, ("A01、A02", f"A01{separator}A02"))
    assert file_of(saved).stations[3].officers == ("A01", "A02")


def test_yaml_keeps_what_was_written_where_yaml_would_make_numbers_and_dates_of_it() -> None:
    reading = read_yaml(
        "people:\n- {code: 007, name: NO, phone: 10000000001, roles: 安全员}\nstations:\n- code: 2027-05-01\n"
    )
    assert [row.cells for row in reading.rows] == [
        {"code": "007", "name": "NO", "phone": "10000000001", "roles": "安全员"},
        {"code": "2027-05-01"},
    ]


def test_text_is_kept_as_nfc(tmp_path: Path) -> None:
    saved = edited(USE, tmp_path, ("张示一", "Zoe\u0308 张"))
    assert file_of(saved).people[0].name == "Zo\u00eb 张"


def told(path: Path) -> list[tuple[int | None, str, str, str]]:
    return [(one.line, one.code, one.heading, one.sentence) for one in check_file(path, TODAY).errors]


def test_yaml_findings_name_the_line_of_the_cell(tmp_path: Path) -> None:
    saved = edited(USE, tmp_path, ("category: 锅炉", "category: 锅妒"), ("phone: 10000000104", "phone: 1000000010"))
    assert [(line, code, heading) for line, code, heading, _ in told(saved)] == [
        (23, "P01", "手机号"),
        (62, "GL-01", "种类"),
    ]
    assert saved.read_text(encoding="utf-8").splitlines()[61].strip() == "category: 锅妒"


def test_csv_findings_name_the_row_of_the_sheet_even_after_a_line_break_in_a_cell(tmp_path: Path) -> None:
    saved = edited(
        CSV, tmp_path, ("有问题请找管理员沈示丁：10000000305", '"有问题请找\n管理员"'), ("10000000304", "1000000030")
    )
    assert [(line, code, heading) for line, code, heading, _ in told(saved)] == [
        (2, "91990000MA0DEM03XT", "联系方式"),
        (6, "P01", "手机号"),
    ]


CSV_MISTAKES = [
    ("工位,GW-01", "工种,GW-01", (8, "", "", "“表”这一栏应写 单位、人员、设备、许可、工位")),
    ("10000000301", "1.00E+10", (3, "A01", "手机号", "表格软件把它改成了科学计数；请把这一栏设为“文本”再填")),
    (
        "陈示甲,,,10000000301,安全员,,",
        "陈示甲,,,10000000301,安全员,气瓶,",
        (3, "A01", "", "“人员”没有“种类”这一栏；请清空这一格"),
    ),
    (
        "10000000301,安全员,,,",
        "10000000301,安全员,,,,x",
        (3, "A01", "", "有一格在没有名称的栏里；请在第 1 行给这一栏写上名称，或清空这一格"),
    ),
]


@pytest.mark.parametrize(("right", "wrong", "finding"), CSV_MISTAKES)
def test_what_a_spreadsheet_gets_wrong_is_told_in_its_row(
    tmp_path: Path, right: str, wrong: str, finding: tuple[int, str, str, str]
) -> None:
    assert told(edited(CSV, tmp_path, (right, wrong))) == [finding]


def test_two_columns_for_one_field_are_told(tmp_path: Path) -> None:
    saved = tmp_path / "a.csv"
    saved.write_text("表,编号,工号\n人员,A01,A02\n", encoding="utf-8")
    assert (2, "A01", "工号", "“编号”和“工号”是同一栏；请清空一格") in told(saved)


YAML_MISTAKES = [
    ("people:", "persons:", 9, "“persons”不认识；顶层只有 unit、people、equipment、licences、stations"),
    (
        "- code: GW-02",
        "- 写错\n  - code: GW-02",
        36,
        "写法不对；每一行写成“栏目: 内容”，人员、设备等的每一行以“- ”开头",
    ),
    ("location: 罐区东侧", "location: 罐区\n    location: 东侧", 44, "“location”在第 43 行已经写过；请留一个"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "sentence"), YAML_MISTAKES)
def test_what_is_easily_mistaken_in_yaml_is_told_on_its_line(
    tmp_path: Path, right: str, wrong: str, line: int, sentence: str
) -> None:
    assert told(edited(FILLING, tmp_path, (right, wrong))) == [(line, "", "", sentence)]


UNREADABLE = [
    ("a.yaml", "unit:\n  name: a: b\n", "第 2 行附近读不懂；请检查缩进、冒号后的空格和引号。"),
    ("a.yaml", "", "这不是一份名册；顶层应有 unit、people、equipment、licences、stations。"),
    ("a.yaml", "a: &x [1]\nb: [*x, *x]\n", "第 1 行的内容被 * 引用了；请写全，不用 & 和 *。"),
    ("a.yml", "unit: \x07", "这不是纯文本的 YAML；请用文本编辑器另存为 UTF-8 再试。"),
    ("a.csv", "", "第 1 行应是各栏的名称，其中要有“表”这一栏；分隔用逗号。"),
    ("a.csv", "表,编号,编号\n", "第 1 行的“编号”写了两栏；请留一栏。"),
    ("a.csv", '表,编号\n人员,"A"01\n', "引号没有成对，分不清各格；请用表格软件打开检查后另存为 CSV。"),
    ("a.xlsx", "", "a.xlsx 不是名册；请给 .yaml 或 .csv 文件（Excel 请另存为“CSV UTF-8”）。"),
]


@pytest.mark.parametrize(("name", "text", "sentence"), UNREADABLE)
def test_a_file_that_cannot_be_read_gets_one_clear_sentence(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert told(tmp_path / name) == [(None, "", "", sentence)]


def test_an_unknown_heading_is_told_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("表,编码\n", encoding="utf-8")
    sentence = told(tmp_path / "a.csv")[0][3]
    assert sentence.startswith("第 1 行的“编码”不认识；可以写 ")
    assert "编号" in sentence


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    assert told(tmp_path / "none.yaml")[0][3].endswith("none.yaml；请检查文件名和权限。")


NOISE = st.text(st.sampled_from("[]{}:-,&*!|>'\"#%@`\n\t \0\ufeff\u2028人 A1é"), max_size=4)


@settings(max_examples=80, deadline=None)
@given(path=st.sampled_from([FILLING, CSV]), at=st.integers(0, 1500), drop=st.integers(0, 40), noise=NOISE)
@example(path=FILLING, at=0, drop=1500, noise="[" * 5000)
def test_whatever_becomes_of_a_file_it_is_examined(path: Path, at: int, drop: int, noise: str) -> None:
    text = path.read_text(encoding="utf-8")
    examination = check(path.name, (text[:at] + noise + text[at + drop :]).encode(), TODAY)
    assert (examination.file is None) == bool(examination.errors)


# What the guide says.

GUIDE = (Path(__file__).parents[3] / "docs" / "roster.md").read_text(encoding="utf-8")


def example_of(form: str) -> RosterFile:
    block = GUIDE.split(f"```{form}\n")[1].split("```")[0]
    examination = check(f"roster.{form}", block.encode(), TODAY)
    assert examination.findings == ()
    assert examination.file
    return examination.file


def test_the_examples_of_the_guide_are_right_and_say_the_same() -> None:
    assert example_of("yaml") == example_of("csv")


def test_the_guide_names_every_field_and_heading() -> None:
    fields = [name for table in Table for pair in table.headings.items() for name in pair]
    assert [name for name in fields if name not in GUIDE] == []
