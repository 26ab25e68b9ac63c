"""Looks after files that have no verdict: what arrived is sent to the worker once more, what never came is given up.

Their notification got lost, or was given up after its tries; or nobody ever sent them. Safe at any time and any number
of times: whoever is late with a verdict finds one there, and it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from schemas.language import Verdict
from tean.adapters.ports.common import SHARDS
from tean.domain.files import AGAIN, Upload
from tean.services.uploads import Buckets, incoming_key

if TYPE_CHECKING:
    from tean.adapters.objects import Objects
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.messages import Arrivals
    from tean.adapters.ports.uploads import Uploads

MOST = 50
"""Files of one shard that one run looks after; the next run goes on from there."""
GONE = "没有收到可以核验的文件，请重新拍照或选择后上传。"
"""True of what was never sent as of what has left the incoming bucket without a verdict."""


@dataclass(frozen=True)
class Swept:
    """What one run did: files sent to the worker once more, and files given up."""

    again: int = 0
    gone: int = 0

    def __add__(self, other: Swept) -> Swept:
        return Swept(self.again + other.again, self.gone + other.gone)


@dataclass(frozen=True)
class SweepService:
    """What the schedule calls."""

    store: Uploads
    objects: Objects
    messages: Arrivals
    buckets: Buckets
    clock: Clock

    def sweep(self) -> Swept:
        """Look after what has waited too long, shard by shard; what went wrong in some is raised after the others."""
        swept, failures = Swept(), []
        for shard in range(SHARDS):
            try:
                swept += self._shard(shard)
            except Exception as failure:
                failures.append(failure)
        if failures:
            raise ExceptionGroup("shards were not swept", failures)
        return swept

    def _shard(self, shard: int) -> Swept:
        waiting = self.store.pending(shard, self.clock(), MOST)
        there = [upload for upload in waiting if self.objects.has(self.buckets.incoming, incoming_key(upload))]
        gone = [upload for upload in waiting if upload not in there]
        self._again(there)
        return Swept(len(there), sum(self._give_up(upload) for upload in gone))

    def _again(self, uploads: Sequence[Upload]) -> None:
        # Sent before it is noted: whoever dies in between leaves it to be sent twice, which does no harm.
        self.messages.arrived([incoming_key(upload) for upload in uploads])
        for upload in uploads:
            # To the end of the line, so that what cannot be judged does not keep the others from their turn.
            self.store.settle(replace(upload, look_at=self.clock() + AGAIN))

    def _give_up(self, upload: Upload) -> bool:
        return self.store.settle(upload.settled(Verdict.REFUSED, reason=GONE))
