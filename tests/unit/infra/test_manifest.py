"""The manifest is checked whole, and its Beijing times become exactly the same instants in UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.generate.cron import NotConvertible, to_utc
from infra.manifest import PATH, load
from tean.domain.errors import Invalid

Raw = dict[str, Any]


def faults_after(change: Callable[[Raw], object], folder: Path) -> list[str]:
    """What is said about the real manifest after ``change``."""
    raw = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    change(raw)
    path = folder / "chalicelake.yaml"
    path.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
    with pytest.raises(Invalid) as refusal:
        load(path)
    assert refusal.value.code == "manifest.invalid"
    faults: list[str] = refusal.value.details["faults"]
    return faults


def test_the_manifest_of_the_product_is_right() -> None:
    manifest = load()
    assert set(manifest.functions) == {"api_handler", "open_days", "open_unit", "sweep_uploads", "verify_upload"}
    assert manifest.prefix("dev") == "tean-dev"
    assert manifest.consumer("days") == "open_unit"
    assert manifest.consumer("arrivals") == "verify_upload"


def test_the_day_opens_five_minutes_after_midnight_in_beijing() -> None:
    assert load().schedules["open_days"].utc == "5 16 * * ? *"


def test_files_without_a_verdict_are_looked_after_all_day() -> None:
    assert load().schedules["sweep_uploads"].utc == "*/15 * * * ? *"


UNKNOWN = [
    ("layers", ["core", "pdf"], "函数 open_unit 用到的层 pdf 没有定义"),
    ("tables", {"tasks": "rw", "diary": "r"}, "函数 open_unit 用到的表 diary 没有定义"),
    ("buckets", {"attic": "r"}, "函数 open_unit 用到的桶 attic 没有定义"),
    ("queues", ["nights"], "函数 open_unit 要发往的队列 nights 没有定义"),
    ("secrets", ["TEAN_PEPPER", "TEAN_SALT"], "函数 open_unit 用到的密钥 TEAN_SALT 没有定义"),
]


@pytest.mark.parametrize(("field", "value", "sentence"), UNKNOWN)
def test_a_name_that_is_not_defined_is_named(field: str, value: object, sentence: str, tmp_path: Path) -> None:
    assert sentence in faults_after(lambda raw: raw["functions"]["open_unit"].update({field: value}), tmp_path)


def test_an_unknown_schedule_is_named(tmp_path: Path) -> None:
    faults = faults_after(lambda raw: raw["functions"]["open_days"].update(schedule="noon"), tmp_path)
    assert faults == ["函数 open_days 的定时 noon 没有定义", "定时 open_days 没有函数用"]


def test_a_bucket_must_notify_a_queue_that_exists(tmp_path: Path) -> None:
    faults = faults_after(lambda raw: raw["buckets"]["incoming"].update(notify="departures"), tmp_path)
    assert faults == ["桶 incoming 要通知的队列 departures 没有定义"]


def test_somebody_must_send_to_a_queue(tmp_path: Path) -> None:
    faults = faults_after(lambda raw: raw["functions"]["open_days"].pop("queues"), tmp_path)
    assert faults == ["队列 days 没有谁发消息"]


def test_a_queue_has_exactly_one_consumer(tmp_path: Path) -> None:
    faults = faults_after(lambda raw: raw["functions"]["verify_upload"].update(consumes="days"), tmp_path)
    assert faults == [
        "队列 days 应当正好由一个函数处理，现在有 2 个",
        "队列 arrivals 应当正好由一个函数处理，现在有 0 个",
    ]


def test_a_function_has_exactly_one_trigger(tmp_path: Path) -> None:
    def change(raw: Raw) -> None:
        raw["functions"]["open_unit"]["schedule"] = "open_days"
        del raw["functions"]["open_days"]["schedule"]

    assert faults_after(change, tmp_path) == [
        "函数 open_days 要么由定时、要么由队列触发，现在有 0 个",
        "函数 open_unit 要么由定时、要么由队列触发，现在有 2 个",
    ]


def test_the_api_is_called_by_the_gateway_only_and_within_its_time(tmp_path: Path) -> None:
    faults = faults_after(
        lambda raw: raw["functions"]["api_handler"].update(timeout=30, schedule="open_days"), tmp_path
    )
    assert faults == ["函数 api_handler 由网关调用，不能再有定时或队列", "函数 api_handler 的时限不能超过网关的 29 秒"]


def test_a_manifest_without_the_api_is_refused(tmp_path: Path) -> None:
    assert faults_after(lambda raw: raw["functions"].pop("api_handler"), tmp_path) == ["没有函数 api_handler"]


def test_a_message_stays_hidden_long_enough_for_its_function(tmp_path: Path) -> None:
    faults = faults_after(lambda raw: raw["queues"]["days"].update(visibility=359), tmp_path)
    assert faults == ["队列 days 的隐藏时间应不少于函数 open_unit 时限的 6 倍"]


def test_an_index_needs_two_keys_of_its_own(tmp_path: Path) -> None:
    def change(raw: Raw) -> None:
        raw["tables"]["tasks"]["indexes"] = {
            "same": {"partition": "pk", "sort": "sk"},
            "twice": {"partition": "unit", "sort": "unit"},
        }

    assert faults_after(change, tmp_path) == [
        "表 tasks 的索引 same 和表本身的键一样",
        "表 tasks 的索引 twice 的分区键和排序键同名",
    ]


def test_evidence_cannot_expire(tmp_path: Path) -> None:
    faults = faults_after(lambda raw: raw["buckets"]["evidence"].update(expire_days=30), tmp_path)
    assert faults == ["buckets.evidence：保留版本的桶是证据，不能到期删除"]


def test_a_region_belongs_to_its_partition(tmp_path: Path) -> None:
    faults = faults_after(lambda raw: raw["stages"]["prod"].update(region="eu-west-1"), tmp_path)
    assert faults == ["stages.prod：区域 eu-west-1 不在分区 aws-cn 里"]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    def change(raw: Raw) -> None:
        raw["functions"]["open_unit"]["memroy"] = 512
        raw["tables"]["tasks"]["sort"] = "Sort Key"
        raw["stages"]["dev"]["log_retention_days"] = 15
        raw["schedules"]["open_days"]["cron"] = "5 0 31 * ? *"
        del raw["limits"]

    assert faults_after(change, tmp_path) == [
        "stages.dev.log_retention_days：没有这个选项",
        "functions.open_unit.memroy：没有这个字段",
        "schedules.open_days.cron：08:00 之前的 31 日不是每个月都有，折成世界时会多出 30 日，请换一天",
        "tables.tasks.sort：名字或写法不对",
        "limits：缺少这个字段",
    ]


@pytest.mark.parametrize("text", ["app: [", "", "- a list"])
def test_a_file_that_is_no_manifest_is_refused_with_a_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "chalicelake.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid, match=r"chalicelake\.yaml 有 1 处不对"):
        load(path)


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"chalicelake\.yaml 有 1 处不对"):
        load(tmp_path / "chalicelake.yaml")


CONVERTED = [
    ("5 0 * * ? *", "5 16 * * ? *"),
    ("5 0 ? * * *", "5 16 ? * * *"),
    ("0 12 * * ? *", "0 4 * * ? *"),
    ("0 7-9 * * ? *", "0 0,1,23 * * ? *"),
    ("0/15 * * * ? *", "0/15 * * * ? *"),
    ("0 2/6 * * ? *", "0 0,6,12,18 * * ? *"),
    ("5 0 ? * MON *", "5 16 ? * SUN *"),
    ("5 0 ? * sun,mon *", "5 16 ? * SUN,SAT *"),
    ("5 0 ? * 2-6 *", "5 16 ? * SUN,MON,TUE,WED,THU *"),
    ("5 8 ? * MON-FRI *", "5 0 ? * MON-FRI *"),
    ("5 0 1 * ? *", "5 16 L * ? *"),
    ("5 0 1 1,7 ? *", "5 16 L 6,12 ? *"),
    ("5 0 1 JUL ? 2027", "5 16 L 6 ? 2027"),
    ("5 0 2,16 * ? *", "5 16 1,15 * ? *"),
    ("5 0 31 JAN,MAR ? *", "5 16 30 JAN,MAR ? *"),
    ("5 9 L * ? *", "5 1 L * ? *"),
    ("5 9 LW * ? *", "5 1 LW * ? *"),
    ("5 9 ? * TUE#2 *", "5 1 ? * TUE#2 *"),
]


@pytest.mark.parametrize(("beijing", "utc"), CONVERTED)
def test_a_beijing_time_is_written_in_utc(beijing: str, utc: str) -> None:
    assert to_utc(beijing) == utc


REFUSED = [
    ("5 0 1,15 * ? *", "拆成两条"),
    ("5 0 29 * ? *", "29 日不是每个月都有"),
    ("5 0 30 * ? *", "30 日不是每个月都有"),
    ("5 0 31 4,5 ? *", "31 日不是每个月都有"),
    ("5 0 L * ? *", "08:00 以后"),
    ("5 0 15W * ? *", "08:00 以后"),
    ("5 0 ? * 2#1 *", "08:00 以后"),
    ("5 0 ? * 6L *", "08:00 以后"),
    ("5 0 1 1 ? 2027", "不限年份"),
    ("5 0 ? MAR MON *", "不限月份"),
    ("5 0 * MAR ? *", "拆成两条"),
    ("5 7,8 ? * MON *", "拆成两条"),
    ("5 0 * * *", "六段"),
    ("5 0 * * * *", "“\\?”"),
    ("5 0 ? * ? *", "“\\?”"),
    ("60 0 * * ? *", "分“60”不在 0–59"),
    ("5 24 * * ? *", "时“24”不在 0–23"),
    ("5 0 32 * ? *", "日“32”不在 1–31"),
    ("5 9-8 * * ? *", "时“9-8”写得不对"),
    ("5 0/0 * * ? *", "时“0/0”写得不对"),
    ("5 0 ? * FUNDAY *", "星期“FUNDAY”写得不对"),
    ("5 ² * * ? *", "时“²”写得不对"),
]


@pytest.mark.parametrize(("beijing", "sentence"), REFUSED)
def test_what_cannot_be_said_exactly_in_utc_is_refused(beijing: str, sentence: str) -> None:
    with pytest.raises(NotConvertible, match=sentence):
        to_utc(beijing)


DAYS = [date(2026, 12, 25) + timedelta(days=n) for n in range(1120)]
"""Three years with a leap year in the middle."""
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


def says(field: str, value: int, names: list[str]) -> bool:
    """Whether one field allows ``value``: the definition, one value at a time."""
    return any(allows(part, value, names) for part in field.split(","))


def allows(part: str, value: int, names: list[str]) -> bool:
    span, _, step = part.partition("/")
    if span in "*?":
        return True
    first, _, last = span.partition("-")
    low = names.index(first) + 1 if first in names else int(first)
    high = int(last) if last else 10_000 if step else low
    return low <= value <= high and (value - low) % int(step or 1) == 0


def on_day(field: str, day: date) -> bool:
    if field == "L":
        return (day + timedelta(days=1)).day == 1
    return says(field, day.day, [])


def days_of(cron: str) -> list[date]:
    _, _, day, month, weekday, year = cron.split()
    return [
        today
        for today in DAYS
        if on_day(day, today) and says(weekday, today.isoweekday() % 7 + 1, WEEKDAYS)
        if says(month, today.month, []) and says(year, today.year, [])
    ]


def instants(cron: str) -> set[datetime]:
    hours = [hour for hour in range(24) if says(cron.split()[1], hour, [])]
    return {datetime.combine(day, time(hour)) for day in days_of(cron) for hour in hours}


def within(found: Iterable[datetime]) -> set[datetime]:
    return {at for at in found if DAYS[1] <= at.date() < DAYS[-1]}


def listed(low: int, high: int) -> st.SearchStrategy[str]:
    values = st.lists(st.integers(low, high), min_size=1, max_size=3).map(lambda found: ",".join(map(str, found)))
    spans = st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda ends: f"{min(ends)}-{max(ends)}")
    steps = st.tuples(st.integers(low, high), st.integers(1, 12)).map(lambda pair: f"{pair[0]}/{pair[1]}")
    return st.one_of(values, spans, steps)


ALWAYS = st.just("*")


def crons(
    hours: st.SearchStrategy[str],
    days: st.SearchStrategy[tuple[str, str]],
    months: st.SearchStrategy[str] = ALWAYS,
    years: st.SearchStrategy[str] = ALWAYS,
) -> st.SearchStrategy[str]:
    parts = st.tuples(hours, days, months, years)
    return parts.map(lambda part: f"5 {part[0]} {part[1][0]} {part[2]} {part[1][1]} {part[3]}")


EVERY_DAY = st.sampled_from([("*", "?"), ("?", "*")])
MONTH_DAYS = listed(1, 31).map(lambda field: (field, "?"))
SAFE_MONTH_DAYS = st.integers(2, 28).map(lambda day: (str(day), "?"))
FIRST = st.just(("1", "?"))
WEEK_DAYS = listed(1, 7).map(lambda field: ("?", field))
EARLY = st.lists(st.integers(0, 7), min_size=1, max_size=2).map(lambda found: ",".join(map(str, found)))
LATE = st.lists(st.integers(8, 23), min_size=1, max_size=2).map(lambda found: ",".join(map(str, found)))
ANY_DAY = st.one_of(EVERY_DAY, MONTH_DAYS, WEEK_DAYS)
MONTHS = st.one_of(st.just("*"), listed(1, 12))
YEARS = st.sampled_from(["*", "2028", "2027-2028"])

SAYABLE = st.one_of(
    crons(listed(0, 23), EVERY_DAY),
    crons(LATE, ANY_DAY, MONTHS, YEARS),
    crons(EARLY, WEEK_DAYS),
    crons(EARLY, SAFE_MONTH_DAYS, MONTHS, YEARS),
    crons(EARLY, FIRST, MONTHS),
)
ANYTHING = crons(listed(0, 23), ANY_DAY, MONTHS, YEARS)


def assert_same_instants(beijing: str, utc: str) -> None:
    assert within(at - timedelta(hours=8) for at in instants(beijing)) == within(instants(utc))


@given(SAYABLE)
@settings(max_examples=60, deadline=None)
def test_what_can_be_said_in_utc_fires_at_exactly_the_same_instants(beijing: str) -> None:
    assert_same_instants(beijing, to_utc(beijing))


@given(ANYTHING)
@settings(max_examples=60, deadline=None)
def test_any_expression_is_either_exact_in_utc_or_refused(beijing: str) -> None:
    try:
        utc = to_utc(beijing)
    except NotConvertible:
        return
    assert_same_instants(beijing, utc)
