"""Files without a verdict are looked after: none is forgotten, and none is waited for for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from schemas.language import Verdict
from tean.adapters.ports.common import SHARDS
from tean.domain.errors import Unavailable
from tean.domain.files import PATIENCE, Upload
from tean.services import sweep
from tean.services.sweep import GONE, Swept
from tean.services.uploads import evidence_key, incoming_key
from tests.fakes.objects import FakeObjects
from tests.fakes.store import FakeStore
from tests.fakes.uploading import BUCKETS, ME, PHOTO, World, notification

NOTHING = Swept()


@pytest.fixture
def world() -> World:
    world = World()
    numbers = count()
    world.uploads = replace(world.uploads, new_id=lambda: f"{next(numbers):032x}")
    return world


def late(world: World) -> datetime:
    return world.clock.move(minutes=PATIENCE.total_seconds() / 60)


def test_a_file_that_arrived_and_was_forgotten_is_judged_after_all(world: World) -> None:
    file = world.send(b"photo")
    late(world)
    assert world.sweep.sweep() == Swept(again=1)
    assert world.asked == [incoming_key(world.upload(file))]
    world.arrivals.settle(notification(*world.asked))
    assert world.upload(file).verdict is Verdict.VERIFIED
    world.clock.move(days=1)
    assert (world.sweep.sweep(), len(world.asked)) == (NOTHING, 1)


def test_nobody_is_hurried(world: World) -> None:
    world.send(b"photo")
    world.uploads.request_upload(ME, PHOTO)
    world.clock.move(minutes=14, seconds=59)
    assert (world.sweep.sweep(), world.asked) == (NOTHING, [])


def test_a_file_that_never_came_is_refused_with_a_sentence_and_looked_after_no_more(world: World) -> None:
    file = world.uploads.request_upload(ME, PHOTO).file
    late(world)
    assert world.sweep.sweep() == Swept(gone=1)
    status = world.uploads.status(ME, file)
    assert (status.verdict, status.reason) == (Verdict.REFUSED, "没有收到可以核验的文件，请重新拍照或选择后上传。")
    world.clock.move(days=1)
    assert (world.sweep.sweep(), world.asked) == (NOTHING, [])


def test_what_comes_after_it_was_given_up_stays_refused_and_leaves_no_evidence(world: World) -> None:
    policy = world.uploads.request_upload(ME, PHOTO)
    late(world)
    world.sweep.sweep()
    world.deliver(world.send(b"photo", policy))
    assert (world.upload(policy.file).verdict, world.upload(policy.file).reason) == (Verdict.REFUSED, GONE)
    assert (world.examined, world.objects.keys(BUCKETS.evidence)) == ([], [])


def test_a_file_judged_while_it_is_given_up_has_one_verdict(world: World) -> None:
    file = world.send(b"photo")
    late(world)

    class Vanishing(FakeObjects):
        """Between the look into the bucket and the refusal the worker is through with it."""

        def has(self, bucket: str, key: str) -> bool:
            world.deliver(file)
            return False

    assert replace(world.sweep, objects=Vanishing()).sweep() == NOTHING
    kept = world.upload(file)
    assert kept.verdict is Verdict.VERIFIED
    assert (BUCKETS.evidence, evidence_key(kept)) in world.objects.stored


def test_a_second_run_right_after_the_first_asks_for_nothing(world: World) -> None:
    world.send(b"photo")
    late(world)
    assert (world.sweep.sweep(), world.sweep.sweep(), len(world.asked)) == (Swept(again=1), NOTHING, 1)


def test_what_cannot_be_judged_is_asked_for_again_ever_more_seldom_but_every_day_until_it_leaves_the_bucket(
    world: World,
) -> None:
    file, asked = world.send(b"poison"), []
    for quarter in range(1, 7 * 24 * 4):
        world.clock.move(minutes=15)
        asked += [quarter / 4] * world.sweep.sweep().again
    assert asked == [0.25, 1.25, 2.5, 5, 10, 20, 40, 64, 88, 112, 136, 160]
    world.objects.stored.clear()
    world.clock.move(days=1)
    assert world.sweep.sweep() == Swept(gone=1)
    assert world.upload(file).reason == GONE


def test_a_run_has_a_bound_and_the_next_one_goes_on_past_what_cannot_be_judged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "MOST", 2)
    poison = [world.send(b"poison") for _ in range(4 * SHARDS)]
    late(world)
    asked: list[int] = []
    while swept := world.sweep.sweep().again:
        asked.append(swept)
    assert max(asked) <= 2 * SHARDS
    assert (sum(asked), len({*world.asked})) == (len(poison), len(poison))


def test_a_queue_that_does_not_answer_leaves_everything_to_the_next_run(world: World) -> None:
    class Silent:
        def arrived(self, keys: Sequence[str]) -> None:
            if keys:
                raise Unavailable("queue.unavailable", "任务队列暂时没有响应，稍后会自动再试。")

    world.send(b"photo")
    late(world)
    with pytest.raises(ExceptionGroup, match="files were not looked after"):
        replace(world.sweep, messages=Silent()).sweep()
    assert world.sweep.sweep() == Swept(again=1)


def test_a_shard_that_fails_does_not_keep_the_others_from_their_turn() -> None:
    class Flaky(FakeStore):
        def pending(self, shard: int, until: datetime, limit: int) -> Sequence[Upload]:
            if shard == 0:
                raise Unavailable("storage.unavailable", "系统暂时繁忙，您的内容没有丢，请稍后再试一次。")
            return super().pending(shard, until, limit)

    world = World(store=Flaky())
    numbers = count()
    world.uploads = replace(world.uploads, new_id=lambda: f"{next(numbers):032x}")
    for _ in range(4 * SHARDS):
        world.send(b"photo")
    late(world)
    with pytest.raises(ExceptionGroup) as failed:
        world.sweep.sweep()
    assert len(failed.value.exceptions) == 1
    assert 0 < len(world.asked) < 4 * SHARDS


def test_a_file_that_cannot_be_looked_for_does_not_keep_the_others_from_their_turn(world: World) -> None:
    hidden, *others = [world.send(b"photo") for _ in range(4 * SHARDS)]
    late(world)

    class Blind(FakeObjects):
        def has(self, bucket: str, key: str) -> bool:
            if key.endswith(hidden):
                raise ConnectionError
            return True

    with pytest.raises(ExceptionGroup) as failed:
        replace(world.sweep, objects=Blind()).sweep()
    assert len(failed.value.exceptions) == 1
    assert sorted(world.asked) == sorted(incoming_key(world.upload(file)) for file in others)


def test_a_run_that_dies_after_it_asked_asks_again_and_nothing_is_judged_twice() -> None:
    class Dying(FakeStore):
        dead = True

        def settle(self, upload: Upload) -> bool:
            if self.dead and upload.verdict is Verdict.PENDING:
                raise ConnectionError("the process died here")
            return super().settle(upload)

    store = Dying()
    world = World(store=store)
    file = world.send(b"photo")
    late(world)
    with pytest.raises(ExceptionGroup):
        world.sweep.sweep()
    store.dead = False
    world.sweep.sweep()
    assert len(world.asked) == 2
    for key in world.asked:
        world.arrivals.settle(notification(key))
    assert (world.upload(file).verdict, len(world.examined)) == (Verdict.VERIFIED, 1)


def test_a_permission_is_looked_after_once_its_file_must_be_there(world: World) -> None:
    policy = world.uploads.request_upload(ME, PHOTO)
    look_at = world.upload(policy.file).look_at
    assert look_at == world.clock.now + timedelta(minutes=15)
    assert look_at > policy.expires_at + timedelta(minutes=1), "a phone gives a file a minute for its way"
