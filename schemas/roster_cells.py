"""What may stand in a cell of a roster: codes and numbers, dates, and words for kinds, posts and sides.

Each type takes the text a person wrote and refuses with a Chinese sentence that says what to write instead.
"""

from __future__ import annotations

import calendar
import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from schemas.base import Line
from schemas.catalogue import target_kind, target_kinds
from schemas.language import Role, UnitKind, role_words, words

# Not within brackets: 安全员（使用、生产） is one post, and official names of licence kinds hold a 、 of their own.
_SEPARATOR = re.compile(r"[、;；,，\s]+(?![^（(]*[）)])")
_POST = re.compile(r"(?P<role>[^（(:：]+)(?:[（(:：](?P<sides>[^）)]+)[）)]?)?")
_DATE = re.compile(r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})日?|月)?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,23}")
_PHONE = re.compile(r"1[0-9]{10}")
_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MOST_OFFERED = 13
"""Words listed in one sentence; more are not read anyway."""


def split(value: Any) -> Any:
    """The parts of a list written in one cell; what is a list already stays."""
    return [part for part in _SEPARATOR.split(value) if part] if isinstance(value, str) else value


def known(text: Any, what: str, names: Mapping[str, str], aliases: Mapping[str, str]) -> str:
    """What ``text`` stands for. ValueError offers ``names``, the likeliest alone if there is one."""
    found = ({**aliases, **names}).get(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"没有“{text}”这一{what}；{_offer(str(text), list(names))}")
    return found


def _offer(text: str, names: Sequence[str]) -> str:
    # Half of the letters: two words of two characters that share one, as 电递 and 电梯, are close.
    close = difflib.get_close_matches(text, names, n=1, cutoff=0.5)
    more = "等" if len(names) > MOST_OFFERED else ""
    return f"是“{close[0]}”？" if close else f"请写 {'、'.join(names[:MOST_OFFERED])}{more}"


def kind_code(what: str, *sides: UnitKind) -> BeforeValidator:
    """Reads a target kind of these sides by its short name, official name or code."""
    return BeforeValidator(lambda text: known(text, what, *_kind_words(sides)))


@cache
def _kind_words(sides: tuple[UnitKind, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    kinds = [kind for side in sides for kind in target_kinds(side)]
    names = {kind.short: kind.code for kind in kinds}
    return names, {text: kind.code for kind in kinds for text in (kind.name, kind.code)}


def subtype_code(text: Any, category: str) -> str:
    """The sub-type of a category by its name or code."""
    kind = target_kind(category)
    names = {name: code for code, name in kind.subtypes.items()}
    return known(text, f"{kind.short}品种", names, {code: code for code in kind.subtypes})


@cache
def _side_words() -> tuple[Mapping[str, str], Mapping[str, str]]:
    names = {words(kind).removesuffix("单位"): kind.value for kind in UnitKind}
    return names, {text: kind.value for kind in UnitKind for text in (words(kind), kind.value)}


@cache
def _role_words() -> tuple[Mapping[str, str], Mapping[str, str]]:
    names = {words(role): role.value for role in Role}
    titles = {role_words(role, kind): role.value for kind in UnitKind for role in Role}
    return names, titles | {role.value: role.value for role in Role}


def side(text: Any) -> str:
    """A unit kind by its word or name."""
    return known(text, "单位类型", *_side_words())


def _role(text: Any) -> str:
    return known(text, "职务", *_role_words())


def posts(value: Any) -> Any:
    """``{officer: [use]}``, or a list of posts such as ``安全员`` (every side of the unit) and ``安全员（使用）``."""
    if isinstance(value, Mapping):
        return {_role(role): [side(one) for one in split(sides) or ()] for role, sides in value.items()}
    found: dict[str, list[str]] = {}
    for role, sides in map(_post, split(value)):
        # Every side, once said, is not narrowed by naming one.
        every_side = not sides or found.get(role) == []
        found[role] = [] if every_side else [*found.get(role, ()), *sides]
    return found


def _post(text: Any) -> tuple[str, list[str]]:
    match = _POST.fullmatch(str(text))
    if match is None:
        raise ValueError(f"“{text}”不是职务；请写如 安全员，或 安全员（使用）")
    return _role(match["role"]), [side(one) for one in split(match["sides"] or "")]


def day(value: Any) -> date:
    """``2027-05-31``, or ``2027-05`` for the last day of that month; also with slashes, dots or 年月日."""
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"“{value}”不是日期；请写成 2027-05 或 2027-05-31")
    year, month = int(match["year"]), int(match["month"])
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, int(match["day"] or last))
    except ValueError:
        raise ValueError(f"日历上没有“{value}”；请写成 2027-05 或 2027-05-31") from None


def credit_code_check(body: str) -> str:
    """The 18th character that belongs to the first 17 of a unified social credit code (GB 32100—2015)."""
    total = sum(_CREDIT_CODE.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return _CREDIT_CODE[-total % 31]


def _credit_code(text: str) -> str:
    if len(text) != 18:
        raise ValueError(f"应为 18 位，现在是 {len(text)} 位")
    strange = sorted(set(text) - set(_CREDIT_CODE))
    if strange:
        raise ValueError(f"里面不会有 {'、'.join(strange)}：不用字母 I、O、S、V、Z，字母要大写、半角")
    if credit_code_check(text[:17]) != text[17]:
        raise ValueError("校验位不符，有一位抄错了；请对照营业执照再抄一遍")
    return text


def _phone(text: str) -> str:
    # Numbers copied out of a phone's contacts bring invisible direction marks (Cf) along.
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    digits = re.sub(r"[\s-]", "", visible).removeprefix("+86")
    if not _PHONE.fullmatch(digits):
        # The number itself is not repeated: findings are printed and kept.
        raise ValueError(f"应为 1 开头的 11 位数字，现在是 {len(digits)} 位")
    return digits


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(f"“{text}”不行：只用半角字母、数字和连字符，不以连字符开头，最多 24 位")
    return text


def _one_line(text: str) -> str:
    if re.search(r"[\n\t]", text):
        raise ValueError("不能换行，也不能有制表符")
    return text


CreditCode = Annotated[str, AfterValidator(_credit_code)]
"""统一社会信用代码: 18 characters with the check of GB 32100—2015."""

Phone = Annotated[str, AfterValidator(_phone)]
"""A mobile number of the Chinese mainland, 11 digits."""

RosterCode = Annotated[str, AfterValidator(_code)]
"""A code the unit gives; it never changes and is never given to another."""

Name = Annotated[Line, AfterValidator(_one_line)]
"""A name or number as written: NFC, at most 120 characters, one line."""

Day = Annotated[date, BeforeValidator(day)]
"""A day, or a month for its last day."""

Side = Annotated[UnitKind, BeforeValidator(side)]
"""A unit kind."""
