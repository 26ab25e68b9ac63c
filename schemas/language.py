"""The words every floor speaks: one enum member per concept, its value the name used in every API field and key.

The Chinese words are those of orders 73 and 74 and of the user's guide; :func:`words` gives what a person reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit does with special equipment; one unit may be several kinds."""

    USE = "use"
    PRODUCTION = "production"
    FILLING = "filling"


class Role(StrEnum):
    """A post that carries duties (orders 73 and 74) or, for the administrator, the unit's set-up."""

    OFFICER = "officer"
    DIRECTOR = "director"
    PRINCIPAL = "principal"
    ADMINISTRATOR = "administrator"


class Duty(StrEnum):
    """A recurring duty: 日管控, 周排查, 月调度, 周报告, 月报告."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    WEEKLY_REPORT = "weekly_report"
    MONTHLY_REPORT = "monthly_report"


class Grade(StrEnum):
    """How grave a hazard is: 一般, 较大, 重大."""

    GENERAL = "general"
    SERIOUS = "serious"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """0 for 一般, 1 for 较大, 2 for 重大."""
        return list(Grade).index(self)


class Result(StrEnum):
    """The verdict on one item: A 合格, B 不合格, C 无此项."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"


class Handling(StrEnum):
    """What became of a failed item: 立即处理 (done on the spot) or 待处理 (reported upwards)."""

    ON_SITE = "on_site"
    PENDING = "pending"


class TargetState(StrEnum):
    """在用 or 停用; for a licence 停用 means 当日无生产."""

    IN_USE = "in_use"
    SUSPENDED = "suspended"


class TaskState(StrEnum):
    """A to-do row: 待办, 已办, 补录, 漏检, 撤回."""

    OPEN = "open"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class Fate(StrEnum):
    """What became of what was due: 按时, 补录, 漏检, 停用, 整周未检."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSED = "missed"
    SUSPENDED = "suspended"
    UNCHECKED = "unchecked"


class HazardState(StrEnum):
    """待下达, 待整改, 已整改. Overdue (已逾期) is derived, never stored."""

    REPORTED = "reported"
    ORDERED = "ordered"
    RECTIFIED = "rectified"


class Act(StrEnum):
    """What a step does to a hazard: 上报, 下达整改措施, 申请延期, 调整等级, 移交, 确认完成整改."""

    REPORT = "report"
    ORDER = "order"
    EXTENSION = "extension"
    REGRADE = "regrade"
    HAND_OVER = "hand_over"
    RECTIFICATION = "rectification"


class Stamp(StrEnum):
    """零风险, or 无新增隐患 while an older hazard of the target is still open."""

    ZERO_RISK = "zero_risk"
    NO_NEW_HAZARD = "no_new_hazard"


class FileKind(StrEnum):
    """What an uploaded file is for."""

    PHOTO = "photo"
    SIGNATURE = "signature"


class Verdict(StrEnum):
    """What the worker found in an uploaded file; only a verified one may be cited."""

    PENDING = "pending"
    VERIFIED = "verified"
    REFUSED = "refused"


class PersonState(StrEnum):
    """Whether a person may act for the unit."""

    ACTIVE = "active"
    DISMISSED = "dismissed"


class Gap(StrEnum):
    """What a unit's set-up (单位资料) lacks or has wrong, the gravest first."""

    NO_TARGETS = "no_targets"
    UNATTENDED = "unattended"
    EXPIRED = "expired"
    UNDIRECTED = "undirected"
    DOUBLED = "doubled"
    UNDATED = "undated"
    UNTYPED = "untyped"
    IDLE = "idle"


class Evaluation(StrEnum):
    """The two evaluations of a week (安全管理情况评价) that a director chooses from (guide 3.4)."""

    UNDER_CONTROL = "under_control"
    AT_RISK = "at_risk"


class MinutesState(StrEnum):
    """Where drafted minutes of a monthly meeting stand: with the principal, back with the director, signed."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    SIGNED = "signed"


class MinutesAct(StrEnum):
    """What was done to them: 提交负责人, 修改后提交, 退回修改, 签字."""

    SUBMIT = "submit"
    REVISE = "revise"
    RETURN = "return"
    SIGN = "sign"


class Age(StrEnum):
    """How long a hazard has been open."""

    WEEK = "week"
    MONTH = "month"
    OLDER = "older"


class ClockLevel(StrEnum):
    """How near the end of an inspection or a licence is: the warning that was reached, the most urgent first."""

    ENDED = "ended"
    TODAY = "today"
    WITHIN_7 = "within_7"
    WITHIN_15 = "within_15"
    WITHIN_30 = "within_30"
    WITHIN_60 = "within_60"


# By enum first: Handling.PENDING and Verdict.PENDING have the same value, so they would be one key of one dict.
_WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    UnitKind: {
        UnitKind.USE: "使用单位",
        UnitKind.PRODUCTION: "生产单位",
        UnitKind.FILLING: "充装单位",
    },
    Role: {
        Role.OFFICER: "安全员",
        Role.DIRECTOR: "安全总监",
        Role.PRINCIPAL: "主要负责人",
        Role.ADMINISTRATOR: "管理员",
    },
    Duty: {
        Duty.DAILY: "日管控",
        Duty.WEEKLY: "周排查",
        Duty.MONTHLY: "月调度",
        Duty.WEEKLY_REPORT: "周报告",
        Duty.MONTHLY_REPORT: "月报告",
    },
    Grade: {
        Grade.GENERAL: "一般",
        Grade.SERIOUS: "较大",
        Grade.MAJOR: "重大",
    },
    Result: {
        Result.PASS: "合格",
        Result.FAIL: "不合格",
        Result.NOT_APPLICABLE: "无此项",
    },
    Handling: {
        Handling.ON_SITE: "立即处理",
        Handling.PENDING: "待处理",
    },
    TargetState: {
        TargetState.IN_USE: "在用",
        TargetState.SUSPENDED: "停用",
    },
    TaskState: {
        TaskState.OPEN: "待办",
        TaskState.DONE: "已办",
        TaskState.LATE: "补录",
        TaskState.MISSED: "漏检",
        TaskState.WITHDRAWN: "撤回",
    },
    Fate: {
        Fate.ON_TIME: "按时",
        Fate.LATE: "补录",
        Fate.MISSED: "漏检",
        Fate.SUSPENDED: "停用",
        Fate.UNCHECKED: "整周未检",
    },
    HazardState: {
        HazardState.REPORTED: "待下达",
        HazardState.ORDERED: "待整改",
        HazardState.RECTIFIED: "已整改",
    },
    Act: {
        Act.REPORT: "上报",
        Act.ORDER: "下达整改措施",
        Act.EXTENSION: "申请延期",
        Act.REGRADE: "调整等级",
        Act.HAND_OVER: "移交",
        Act.RECTIFICATION: "确认完成整改",
    },
    Stamp: {
        Stamp.ZERO_RISK: "零风险",
        Stamp.NO_NEW_HAZARD: "无新增隐患",
    },
    FileKind: {
        FileKind.PHOTO: "照片",
        FileKind.SIGNATURE: "签名",
    },
    Verdict: {
        Verdict.PENDING: "待核验",
        Verdict.VERIFIED: "已核验",
        Verdict.REFUSED: "未通过",
    },
    PersonState: {
        PersonState.ACTIVE: "在岗",
        PersonState.DISMISSED: "离岗",
    },
    Evaluation: {
        Evaluation.UNDER_CONTROL: "安全风险可控，无较大安全风险隐患",
        Evaluation.AT_RISK: "存在安全风险隐患，需尽快采取防范措施",
    },
    MinutesState: {
        MinutesState.SUBMITTED: "待负责人签字",
        MinutesState.RETURNED: "退回修改",
        MinutesState.SIGNED: "已签字",
    },
    MinutesAct: {
        MinutesAct.SUBMIT: "提交负责人",
        MinutesAct.REVISE: "修改后提交",
        MinutesAct.RETURN: "退回修改",
        MinutesAct.SIGN: "签字",
    },
    Age: {
        Age.WEEK: "7 天以内",
        Age.MONTH: "8～30 天",
        Age.OLDER: "30 天以上",
    },
    ClockLevel: {
        ClockLevel.ENDED: "已过期",
        ClockLevel.TODAY: "今天到期",
        ClockLevel.WITHIN_7: "7 天内",
        ClockLevel.WITHIN_15: "15 天内",
        ClockLevel.WITHIN_30: "30 天内",
        ClockLevel.WITHIN_60: "60 天内",
    },
    Gap: {
        Gap.NO_TARGETS: "没有登记",
        Gap.UNATTENDED: "没有安全员",
        Gap.EXPIRED: "已过期",
        Gap.UNDIRECTED: "没有安全总监",
        Gap.DOUBLED: "兼任",
        Gap.UNDATED: "没有下次检验日期",
        Gap.UNTYPED: "没有品种",
        Gap.IDLE: "没有负责的对象",
    },
}

ENUMS: Mapping[str, type[StrEnum]] = {enum.__name__: enum for enum in _WORDS}
"""Every enum of the language by its name."""


def words(member: StrEnum) -> str:
    """What a person reads for ``member``."""
    return _WORDS[type(member)][member]


def role_words(role: Role, kind: UnitKind) -> str:
    """The title of a post: production units say 质量安全员 and 质量安全总监 (order 73)."""
    quality = kind is UnitKind.PRODUCTION and role in (Role.OFFICER, Role.DIRECTOR)
    return ("质量" if quality else "") + words(role)


def evaluation_words(evaluation: Evaluation, kind: UnitKind) -> str:
    """The evaluation as the guide has it: production units say 质量安全 (order 73)."""
    sentence = words(evaluation)
    return sentence.replace("较大安全", "较大质量安全") if kind is UnitKind.PRODUCTION else sentence
