"""Checking a roster whole: each row by itself, then what the rows say about each other, before anything is written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.catalogue import target_kind
from schemas.language import Role, UnitKind, role_words, words
from schemas.roster import EquipmentRow, Finding, LicenceRow, RosterFile, Row, StationRow, Table, read_row
from tean.domain.registry import MOST_OFFICERS
from tean.domain.roster_draft import Draft, Entry, RawRow, Reading
from tean.domain.roster_file import sides_of

TABLES = {row.side: row.table for row in (EquipmentRow, LicenceRow, StationRow)}
"""The table of each side's targets."""

DEVICE_CODE = re.compile(r"[0-9A-F][0-9A-Z]{16,17}")
CERTIFICATE = re.compile(r"[锅容瓶管梯起索游车]\d{2}.{1,3}\d{5}[(（]\d{2}[)）]")
LICENCE_NUMBER = re.compile(r"TS\d{7}-\d{4}")


@dataclass(frozen=True)
class Examination:
    """What a check found, and the roster if nothing stands in its way."""

    file: RosterFile | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be put right before anything is written."""
        return tuple(finding for finding in self.findings if finding.blocking)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What may stay, but is worth a look."""
        return tuple(finding for finding in self.findings if not finding.blocking)


def examine(reading: Reading, today: date) -> Examination:
    """Check a whole file. ``today`` tells what has expired."""
    entries = [_read(raw) for raw in reading.rows]
    readable = [entry for entry in entries if isinstance(entry, Entry)]
    draft = Draft(reading.rows, readable, nothing_lost=not reading.lost)
    findings = [*reading.lost, *reading.findings, *_unreadable(entries, reading.findings)]
    findings.extend(finding for check in _CHECKS for finding in check(draft))
    findings.extend(_dates_are_ahead(draft, today))
    findings.sort(key=lambda finding: (not finding.blocking, finding.line or 0))
    blocked = any(finding.blocking for finding in findings)
    return Examination(None if blocked else draft.file(), tuple(findings))


def _read(raw: RawRow) -> Entry[Row] | list[Finding]:
    row = read_row(raw.table, raw.cells)
    if isinstance(row, Row):
        return Entry(raw, row)
    return [raw.finding(problem.sentence, problem.field) for problem in row]


def _unreadable(entries: Sequence[Entry[Row] | list[Finding]], told: Sequence[Finding]) -> Iterator[Finding]:
    """What the cells got wrong, but not twice about one cell."""
    cells = {(finding.line, finding.field) for finding in told}
    refusals = [entry for entry in entries if not isinstance(entry, Entry)]
    return (finding for found in refusals for finding in found if (finding.line, finding.field) not in cells)


# A check yields what it finds. Its name says what must hold.


def _there_is_one_unit(draft: Draft) -> Iterator[Finding]:
    units = [raw for raw in draft.raws if raw.table is Table.UNIT]
    if not units and draft.nothing_lost:
        yield Finding(table=Table.UNIT, sentence="没有单位这一部分；请写统一社会信用代码、名称和单位类型")
    for raw in units[1:]:
        yield raw.finding(f"一个文件只写一个单位，第 {units[0].line} 行已经有了；请另存一个文件")


def _codes_are_unique(draft: Draft) -> Iterator[Finding]:
    yield from _repeated(((raw.table, raw.code), raw, "code") for raw in draft.raws if raw.code)


def _phones_are_unique(draft: Draft) -> Iterator[Finding]:
    yield from _repeated((entry.row.phone, entry.raw, "phone") for entry in draft.people)


def _numbers_are_unique(draft: Draft) -> Iterator[Finding]:
    cells = [
        ((field, number), entry.raw, field)
        for entry in draft.targets
        for field, number in entry.row.identifiers.items()
    ]
    yield from _repeated(cells, blocking=False)


def _repeated(cells: Iterable[tuple[object, RawRow, str]], *, blocking: bool = True) -> Iterator[Finding]:
    first: dict[object, RawRow] = {}
    for value, raw, field in cells:
        if value in first:
            sentence = f"与第 {first[value].line_of(field)} 行重复；请改成各自的"
            yield raw.finding(sentence, field, blocking=blocking)
        first.setdefault(value, raw)


def _posts_are_on_sides_of_the_unit(draft: Draft) -> Iterator[Finding]:
    for entry in draft.people if draft.unit else ():
        for role, sides in entry.row.roles.items():
            for side in sorted(sides - draft.kinds):
                yield entry.raw.finding(f"{_post(role, side)}：单位类型里没有“{_short(side)}”；请改其中一处", "roles")


def _only_directors_are_narrowed(draft: Draft) -> Iterator[Finding]:
    for entry in draft.people if draft.unit else ():
        sides = sides_of(entry.row, Role.DIRECTOR, draft.kinds)
        strange = [kind for kind in map(target_kind, sorted(entry.row.kinds)) if kind.unit_kind not in sides]
        if strange:
            names = "、".join(kind.short for kind in strange)
            sentence = f"他不是管{names}的安全总监，不必写；请清空，或在职务里加上安全总监"
            yield entry.raw.finding(sentence, "kinds")


def _targets_are_on_sides_of_the_unit(draft: Draft) -> Iterator[Finding]:
    for side, table in TABLES.items():
        count = sum(entry.row.side is side for entry in draft.targets)
        if draft.unit and count and side not in draft.kinds:
            sentence = f"有 {count} 行{table.word}，却没有“{_short(side)}”；请加上，或删去这些行"
            yield draft.unit.raw.finding(sentence, "kinds")


def _officers_are_known(draft: Draft) -> Iterator[Finding]:
    for entry in draft.targets if draft.nothing_lost else ():
        codes = [code for officer in entry.row.officers for code in draft.references.get(officer, ())]
        for officer in dict.fromkeys(entry.row.officers):
            meant = draft.references.get(officer, ())
            if len(meant) != 1:
                yield entry.raw.finding(_whom(officer, meant, draft), "officers")
            elif codes.count(meant[0]) > 1:
                yield entry.raw.finding(f"“{officer}”写了不止一次；请留一个", "officers")


def _whom(officer: str, meant: Sequence[str], draft: Draft) -> str:
    if meant:
        return f"有 {len(meant)} 位叫“{officer}”；请写工号：{'、'.join(meant)}"
    close = difflib.get_close_matches(officer, draft.references, n=1)
    return f"人员里没有“{officer}”；" + (f"是“{close[0]}”？" if close else "请先在人员里写上他，或换一位")


def _officers_hold_the_post(draft: Draft) -> Iterator[Finding]:
    officers = {side: {entry.row.code for entry in draft.holders(Role.OFFICER, side)} for side in draft.kinds}
    readable = {entry.row.code for entry in draft.people}
    for entry in draft.targets:
        side = entry.row.side
        for officer in dict.fromkeys(entry.row.officers):
            others = set(draft.references.get(officer, ())) & readable
            if side in draft.kinds and others and not others & officers[side]:
                sentence = f"“{officer}”不是{_post(Role.OFFICER, side)}；请在人员的职务里加上，或换一位"
                yield entry.raw.finding(sentence, "officers")


def _officers_are_few_enough(draft: Draft) -> Iterator[Finding]:
    for entry in draft.targets:
        named = len(entry.row.officers)
        by_default = len(draft.holders(Role.OFFICER, entry.row.side)) if not named else 0
        if named > MOST_OFFICERS:
            yield entry.raw.finding(f"写了 {named} 位，最多 {MOST_OFFICERS} 位", "officers")
        if by_default > MOST_OFFICERS:
            sentence = f"没有写就由全部 {by_default} 位安全员负责，最多 {MOST_OFFICERS} 位；请写出负责的几位"
            yield entry.raw.finding(sentence, "officers")


def _posts_are_filled(draft: Draft) -> Iterator[Finding]:
    if not draft.readable:
        return
    if not any(Role.ADMINISTRATOR in entry.row.roles for entry in draft.people):
        yield Finding(table=Table.PEOPLE, field="roles", sentence="没有管理员；请给一个人加上“管理员”")
    for side in sorted(draft.kinds):
        for role in (Role.PRINCIPAL, Role.OFFICER):
            if not draft.holders(role, side):
                sentence = f"没有{_post(role, side)}；请给一个人加上“{words(role)}”"
                yield Finding(table=Table.PEOPLE, field="roles", sentence=sentence)


def _directors_cover_every_kind(draft: Draft) -> Iterator[Finding]:
    """Orders 73 and 74 want a director for every category; without one his work falls to the principal."""
    for side in sorted(draft.kinds) if draft.readable else ():
        directors = [entry.row for entry in draft.holders(Role.DIRECTOR, side)]
        kinds = dict.fromkeys(entry.row.kind for entry in draft.targets if entry.row.side is side)
        bare = [kind for kind in kinds if not any(not row.kinds or kind in row.kinds for row in directors)]
        what = f"管{'、'.join(target_kind(kind).short for kind in bare)}的" if directors else ""
        if bare or not directors:
            sentence = f"没有{what}{_post(Role.DIRECTOR, side)}：上报的隐患暂时没有人下达整改措施，请尽快任命"
            yield Finding(table=Table.PEOPLE, field="roles", sentence=sentence, blocking=False)


def _posts_the_law_keeps_apart_are_apart(draft: Draft) -> Iterator[Finding]:
    """Order 73 Art. 5-6: the quality-safety director of a production unit is not its quality-safety officer."""
    side = UnitKind.PRODUCTION
    for entry in draft.holders(Role.DIRECTOR, side):
        if side in sides_of(entry.row, Role.OFFICER, draft.kinds):
            yield entry.raw.finding("总局令第 73 号：质量安全总监不得兼任质量安全员", "roles", blocking=False)


def _sides_have_targets(draft: Draft) -> Iterator[Finding]:
    for side in sorted(draft.kinds) if draft.readable else ():
        if draft.unit and not any(entry.row.side is side for entry in draft.targets):
            sentence = f"是{words(side)}，却没有{TABLES[side].word}：不会有日管控任务"
            yield draft.unit.raw.finding(sentence, "kinds", blocking=False)


def _numbers_look_right(draft: Draft) -> Iterator[Finding]:
    for entry in draft.of(EquipmentRow):
        row, category = entry.row, target_kind(entry.row.category)
        if row.device_code and not (DEVICE_CODE.fullmatch(row.device_code) and row.device_code[0] == row.category[0]):
            sentence = f"不像{category.short}的设备代码（{row.category[0]} 开头，17 或 18 位）；照原样保存"
            yield entry.raw.finding(sentence, "device_code", blocking=False)
        if row.certificate and not CERTIFICATE.fullmatch(row.certificate):
            sentence = f"与现行编号不同（如 {category.certificate_prefix}11渝A00001(19)）；照原样保存"
            yield entry.raw.finding(sentence, "certificate", blocking=False)
    for licence in draft.of(LicenceRow):
        if not LICENCE_NUMBER.fullmatch(licence.row.licence_number):
            sentence = "与常见编号不同（如 TS3310001-2028）；照原样保存"
            yield licence.raw.finding(sentence, "licence_number", blocking=False)


def _subtypes_are_named(draft: Draft) -> Iterator[Finding]:
    for entry in draft.of(EquipmentRow):
        if entry.row.subtype is None:
            sentence = f"没有填写：会列出{target_kind(entry.row.category).short}的全部巡查项"
            yield entry.raw.finding(sentence, "subtype", blocking=False)


def _dates_are_ahead(draft: Draft, today: date) -> Iterator[Finding]:
    for entry in draft.targets:
        expires, field = entry.row.expires, "valid_until" if isinstance(entry.row, LicenceRow) else "next_inspection"
        if expires and expires < today:
            sentence = f"已过期 {(today - expires).days} 天：任务照常生成，并用红色提醒"
            yield entry.raw.finding(sentence, field, blocking=False)
        if expires is None and isinstance(entry.row, EquipmentRow):
            yield entry.raw.finding("没有填写：到期不会提醒", field, blocking=False)


def _post(role: Role, side: UnitKind) -> str:
    return f"{words(side)}的{role_words(role, side)}"


def _short(side: UnitKind) -> str:
    return words(side).removesuffix("单位")


_CHECKS: Sequence[Callable[[Draft], Iterable[Finding]]] = (
    _there_is_one_unit,
    _codes_are_unique,
    _phones_are_unique,
    _posts_are_on_sides_of_the_unit,
    _only_directors_are_narrowed,
    _targets_are_on_sides_of_the_unit,
    _officers_are_known,
    _officers_hold_the_post,
    _officers_are_few_enough,
    _posts_are_filled,
    _directors_cover_every_kind,
    _posts_the_law_keeps_apart_are_apart,
    _sides_have_targets,
    _numbers_are_unique,
    _numbers_look_right,
    _subtypes_are_named,
)
