"""What is written on a photo."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.language import UnitKind
from tean.domain.caption import caption
from tests.fakes import builders

NIGHT = datetime(2026, 11, 23, 16, 5, 59, 999000, tzinfo=UTC)
ME = builders.person("A01", name="张示一")


def test_it_says_when_it_was_sent_by_the_clock_of_beijing_and_who_sent_what() -> None:
    upload = builders.upload("A01", requested_at=NIGHT, target="E-DT-01")
    lift = builders.target("E-DT-01", name="1 号客梯")
    assert caption(upload, ME, lift) == ("上传 2026-11-24 00:05  A01 张示一", "所选 DT-01 1 号客梯")


@pytest.mark.parametrize(
    ("code", "side", "shown"),
    [
        ("L-XK-1", UnitKind.PRODUCTION, "XK-1 示例"),
        ("S-01", UnitKind.FILLING, "01 示例"),
        ("E-E-1", UnitKind.USE, "E-1 示例"),
    ],
)
def test_a_target_is_called_by_the_code_its_unit_gave_it(code: str, side: UnitKind, shown: str) -> None:
    target = builders.target(code, name="示例", unit_kind=side)
    assert caption(builders.upload(target=code), ME, target)[1:] == (f"所选 {shown}",)


@pytest.mark.parametrize(("kind", "shown"), [("3000", "电梯"), ("filling", "工位巡查")])
def test_a_target_kind_is_called_by_its_name(kind: str, shown: str) -> None:
    assert caption(builders.upload(target=kind), ME, None)[1:] == (f"所选 {shown}",)


@pytest.mark.parametrize("code", [None, "E-404", "nothing"])
def test_what_is_registered_nowhere_is_not_written(code: str | None) -> None:
    assert caption(builders.upload(target=code), ME, None)[1:] == ()


def test_who_is_registered_no_more_is_named_by_his_code() -> None:
    assert caption(builders.upload("A01", requested_at=NIGHT), None, None) == ("上传 2026-11-24 00:05  A01",)
