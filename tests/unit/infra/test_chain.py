"""A restored table is whole, or it is told what is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.operate.__main__ import app
from schemas.language import Duty
from tean.adapters.models import CONNECTION, RecordItem
from tests.fakes import builders, scenes
from tests.fakes.dynamo import moto_store

Items = list[dict[str, Any]]
FIRST, SECOND, THIRD = (f"daily#2026-11-{day}#v01" for day in (23, 24, 25))


@pytest.fixture
def items() -> Iterator[Items]:
    """What a scan tells of a unit with two chains: three days of a lift, and a weekly report. A second lift was never
    checked, but something is open of it."""
    with moto_store() as store:
        scenes.enrol(store)
        for days in range(3):
            due = builders.DAY.replace(day=builders.DAY.day + days)
            scenes.open_day(store, due=due)
            scenes.inspected(store, due=due)
        assert store.file(builders.filing(builders.report(), close={}, counted=())) is None
        RecordItem(f"{builders.UNIT}#E-2", "head", open_general=1).save()
        yield CONNECTION.client.scan(TableName=RecordItem.Meta.table_name)["Items"]


def judged(*files: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["chain", *map(str, files)])
    return result.exit_code, result.stdout


def scan(items: Items, folder: Path) -> Path:
    file = folder / "records.json"
    file.write_text(json.dumps({"Items": items}), encoding="utf-8")
    return file


def test_chains_that_are_whole_are_counted(items: Items, tmp_path: Path) -> None:
    assert judged(scan(items, tmp_path)) == (0, "2 条链，4 份记录和报告，0 处不对。\n")


def without(sort: str) -> Callable[[Items], Items]:
    return lambda items: [item for item in items if item["sk"]["S"] != sort]


def rewritten(sort: str) -> Callable[[Items], Items]:
    def change(item: dict[str, Any]) -> dict[str, Any]:
        return item | {"body": {"S": item["body"]["S"].replace("示例人员", "示例大员")}}

    return lambda items: [change(item) if item["sk"]["S"] == sort else item for item in items]


def cut_off(sort: str) -> Callable[[Items], Items]:
    def change(item: dict[str, Any]) -> dict[str, Any]:
        return item | {"body": {"S": item["body"]["S"][:20]}}

    return lambda items: [change(item) if item["sk"]["S"] == sort else item for item in items]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (without(FIRST), "第 1 份不在"),
        (without(SECOND), "第 2 份不在"),
        (without(THIRD), "末尾应是第 3 份，见到的是第 2 份"),
        (cut_off(SECOND), "第 2 份不在"),
        (rewritten(FIRST), "第 2 份接不上"),
        (rewritten(THIRD), "它的内容变了"),
        (without("head"), "末尾应是第 0 份"),
    ],
)
def test_what_is_missing_or_changed_is_told(
    damage: Callable[[Items], Items], told: str, items: Items, tmp_path: Path
) -> None:
    damaged = damage(items)
    assert damaged != items
    code, said = judged(scan(damaged, tmp_path))
    assert code == 1
    assert told in said


def test_where_there_is_no_chain_nothing_is_vouched_for(tmp_path: Path) -> None:
    assert judged(scan([], tmp_path)) == (1, "0 条链，0 份记录和报告，0 处不对。\n")


@pytest.mark.parametrize("content", [None, "{", "[]", '{"Item": {}}'])
def test_what_is_no_scan_is_refused_in_a_sentence(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "records.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    assert judged(file) == (1, f"{file} 不是 aws dynamodb scan --output json 所得的文件。\n")


def test_every_way_a_record_can_be_written_is_a_link(items: Items) -> None:
    sorts = {item["sk"]["S"] for item in items}
    assert {FIRST, SECOND, THIRD, "head"} < sorts
    assert any(sort.startswith(Duty.WEEKLY_REPORT) for sort in sorts)
