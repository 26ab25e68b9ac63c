"""Reading a roster written as one CSV sheet: the first column says which table a row belongs to.

Lines are counted as a spreadsheet numbers its rows, also where a cell holds a line break.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from infra.operate.reading import clean, unreadable
from schemas.roster import Finding, Table
from tean.domain.roster_draft import RawRow, Reading

TABLE = "表"
SHARED = {"编号": "code", "名称": "name", "种类": "kind"}
"""Headings that mean the like in several tables."""
_KIND_FIELDS = {Table.EQUIPMENT: "category", Table.LICENCES: "licence_kind", Table.STATIONS: "filling_kind"}
_MANGLED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)


def read_csv(text: str) -> Reading:
    """The rows of a roster in CSV."""
    lines = _lines(text)
    headings = [clean(heading) for heading in next(lines, [])]
    _check_headings(headings)
    file = _File(headings)
    for number, values in enumerate(lines, 2):
        file.read(number, [clean(value) for value in values])
    return Reading(file.rows, file.findings, file.lost)


def headings_of(table: Table) -> Mapping[str, str]:
    """The headings a table's rows may use, each with its field."""
    shared = {heading: _KIND_FIELDS.get(table, "") if field == "kind" else field for heading, field in SHARED.items()}
    return {**{heading: field for heading, field in shared.items() if field}, **table.headings}


def _lines(text: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error:
        raise unreadable("引号没有成对，分不清各格；请用表格软件打开检查后另存为 CSV。") from None


def _check_headings(headings: Sequence[str]) -> None:
    if TABLE not in headings:
        raise unreadable(f"第 1 行应是各栏的名称，其中要有“{TABLE}”这一栏；分隔用逗号。")
    known = {TABLE, ""}.union(*map(headings_of, Table))
    for heading in headings:
        if heading not in known:
            raise unreadable(f"第 1 行的“{heading}”不认识；可以写 {'、'.join(sorted(known - {''}))}。")
        if heading and headings.count(heading) > 1:
            raise unreadable(f"第 1 行的“{heading}”写了两栏；请留一栏。")


class _File:
    def __init__(self, headings: Sequence[str]) -> None:
        self._headings = headings
        self.rows: list[RawRow] = []
        self.findings: list[Finding] = []
        self.lost: list[Finding] = []

    def read(self, number: int, values: Sequence[str]) -> None:
        written = [(heading, value) for heading, value in zip_longest(self._headings, values, fillvalue="") if value]
        word = dict(written).get(TABLE)
        table = next((table for table in Table if table.word == word), None)
        if table:
            self._read_row(table, number, written)
        elif written:
            sentence = f"“{TABLE}”这一栏应写 {'、'.join(table.word for table in Table)}"
            self.lost.append(Finding(line=number, sentence=sentence))

    def _read_row(self, table: Table, number: int, written: Sequence[tuple[str, str]]) -> None:
        fields = {**headings_of(table), TABLE: TABLE}
        cells = {fields[heading]: value for heading, value in reversed(written) if heading in fields}
        row = RawRow(table, number, {field: value for field, value in cells.items() if field != TABLE})
        self.rows.append(row)
        self.findings.extend(_misplaced(row, written))
        self.findings.extend(_mangled(row))


def _misplaced(row: RawRow, written: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    fields = headings_of(row.table)
    filled: dict[str, str] = {}
    for heading, _ in written:
        if not heading:
            yield row.finding("有一格在没有名称的栏里；请在第 1 行给这一栏写上名称，或清空这一格")
        elif heading != TABLE and heading not in fields:
            yield row.finding(f"“{row.table.word}”没有“{heading}”这一栏；请清空这一格")
        elif filled.setdefault(fields.get(heading, heading), heading) != heading:
            yield row.finding(f"“{filled[fields[heading]]}”和“{heading}”是同一栏；请清空一格", fields[heading])


def _mangled(row: RawRow) -> Iterator[Finding]:
    for field, cell in row.cells.items():
        if _MANGLED.fullmatch(cell):
            yield row.finding("表格软件把它改成了科学计数；请把这一栏设为“文本”再填", field)
