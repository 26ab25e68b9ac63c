"""Weekly and monthly reports, and the minutes a director drafts for the principal."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.reports import (
    DraftPath,
    MinutesDetail,
    MinutesItem,
    MinutesList,
    MinutesPath,
    MinutesQuery,
    MinutesRequest,
    MonthlyDraft,
    MonthlyPath,
    MonthlyQuery,
    MonthlyReportsRequest,
    ReportDetail,
    ReportPage,
    ReportPath,
    ReportQuery,
    ReportReceipts,
    ReportsPath,
    ReturnRequest,
    SignatureRequest,
    VersionQuery,
    WeeklyDraft,
    WeeklyReportsRequest,
)
from tean import bootstrap


def reports(call: Call[Nothing, ReportsPath, ReportQuery]) -> ReportPage:
    """一个种类历次的周报告或月报告，和没有报告的，新的在前"""
    return bootstrap.services().reports.page(call.member, call.path.kind, call.query)


def report(call: Call[Nothing, ReportPath, Nothing]) -> ReportDetail:
    """一份报告的全部：保存时的数字，旁边是现在的数字"""
    return bootstrap.services().reports.detail(call.member, call.path.kind, call.path.report)


def weekly_draft(call: Call[Nothing, DraftPath, Nothing]) -> WeeklyDraft:
    """周报告的草稿：上周的数字和自动汇总的文字"""
    return bootstrap.services().weekly_reports.draft(call.member, call.path.due, call.path.kind)


def file_weekly_reports(call: Call[WeeklyReportsRequest, Nothing, Nothing]) -> ReportReceipts:
    """保存周报告：一次签名可以签几个种类"""
    return bootstrap.services().weekly_reports.file(call.member, call.body)


def monthly_draft(call: Call[Nothing, MonthlyPath, MonthlyQuery]) -> MonthlyDraft:
    """月报告的草稿：1 号到会议前一天的数字、上月的数字、自动起草的纪要"""
    return bootstrap.services().monthly_reports.draft(call.member, call.path.due, call.query.meeting_at)


def file_monthly_reports(call: Call[MonthlyReportsRequest, Nothing, Nothing]) -> ReportReceipts:
    """生成月调度报告：负责人自己填写、签字，一次会议可以包括几个种类"""
    return bootstrap.services().monthly_reports.file(call.member, call.body)


def minutes_of_month(call: Call[Nothing, Nothing, MinutesQuery]) -> MinutesList:
    """总监为这个月起草的会议纪要"""
    return bootstrap.services().minutes.of_month(call.member, call.query.due)


def submit_minutes(call: Call[MinutesRequest, Nothing, Nothing]) -> MinutesItem:
    """提交负责人：总监起草的会议纪要，或退回后改好的"""
    return bootstrap.services().minutes.submit(call.member, call.body)


def minutes(call: Call[Nothing, MinutesPath, VersionQuery]) -> MinutesDetail:
    """一份起草的会议纪要和它的每一步；也可以看提交过的某一版"""
    return bootstrap.services().minutes.detail(call.member, call.path.minutes, call.query.version)


def return_minutes(call: Call[ReturnRequest, MinutesPath, Nothing]) -> MinutesItem:
    """退回修改：写明原因"""
    return bootstrap.services().minutes.send_back(call.member, call.path.minutes, call.body)


def sign_minutes(call: Call[SignatureRequest, MinutesPath, Nothing]) -> ReportReceipts:
    """生成月调度报告：负责人签总监起草的纪要"""
    return bootstrap.services().monthly_reports.sign(call.member, call.path.minutes, call.body)
