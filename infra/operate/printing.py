"""What the operator reads on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from schemas.roster import Finding, Table
from tean.domain.roster_checks import Examination
from tean.services.unit_setup import Action, Change, Report

_ACTIONS = {
    Action.ADDED: ("新增", "＋", "green"),
    Action.CHANGED: ("变更", "～", "yellow"),
    Action.RETURNED: ("恢复", "＋", "green"),
    Action.REMOVED: ("移出", "－", "red"),
}


class Printer:
    """Prints to standard output. Names are printed as they are: no mark-up in them is obeyed, no line is cut."""

    def __init__(self) -> None:
        self._console = Console(markup=False, highlight=False, soft_wrap=True)

    def line(self, text: str, style: str = "") -> None:
        """One line."""
        self._console.print(Text(text, style))

    def findings(self, name: str, examination: Examination) -> None:
        """What a check found in the file ``name``."""
        if examination.errors:
            self.line(f"{name}：有 {len(examination.errors)} 处要改", "bold red")
            self._by_table(examination.errors)
        if examination.warnings:
            self.line(f"{name}：可以照写，请留意 {len(examination.warnings)} 处", "yellow")
            self._by_table(examination.warnings)
        if not examination.findings:
            self.line(f"{name}：没有要改的", "green")

    def report(self, report: Report, *, written: bool) -> None:
        """What applying a roster did, or would do."""
        self.line(f"{report.unit.name}（{report.unit.code}）", "bold")
        for table, changes in groupby(report.changes, key=lambda change: change.table):
            self._changes(table, list(changes))
        for warning in report.warnings:
            self.line(f"  请留意：{warning}", "yellow")
        if not report.changes:
            self.line("  与已登记的一致，没有变化", "green")
        elif not written:
            self.line("  这是预览，什么都没有写入", "yellow")

    def _by_table(self, findings: Iterable[Finding]) -> None:
        for table in (None, *Table):
            mine = [finding for finding in findings if finding.table is table]
            if mine and table:
                self.line(f"  {table.word} {len(mine)} 处")
            for finding in mine:
                self.line(f"    {_place(finding)}{finding.sentence}")

    def _changes(self, table: Table, changes: Sequence[Change]) -> None:
        counts = [(word, sum(change.action is action for change in changes)) for action, (word, *_) in _ACTIONS.items()]
        self.line(f"  {table.word}：" + "，".join(f"{word} {count}" for word, count in counts if count))
        for change in changes:
            _, sign, style = _ACTIONS[change.action]
            what = f"：{'、'.join(change.headings)}" if change.headings else ""
            self.line(f"    {sign} {change.code} {change.name}{what}", style)


def _place(finding: Finding) -> str:
    line = f"第 {finding.line} 行" if finding.line else ""
    place = " · ".join(part for part in (line, finding.code, finding.heading) if part)
    return f"{place}  " if place else ""
