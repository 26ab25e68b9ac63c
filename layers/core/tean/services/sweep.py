"""Looks after files that have no verdict: what arrived is sent to the worker once more, what never came is given up.

Their notification got lost, or was given up after its tries; or nobody ever sent them. Safe at any time and any number
of times: whoever is late with a verdict finds one there, and it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.language import Verdict
from tean.adapters.ports.common import SHARDS
from tean.services.failures import Failures
from tean.services.uploads import Buckets, incoming_key

if TYPE_CHECKING:
    from tean.adapters.objects import Objects
    from tean.adapters.ports.common import Clock
    from tean.adapters.ports.messages import Arrivals
    from tean.adapters.ports.uploads import Uploads
    from tean.domain.files import Upload

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
        """Look after what has waited too long, shard by shard; what went wrong is raised after everything else."""
        swept, failures = Swept(), Failures()
        for shard in range(SHARDS):
            with failures.kept():
                for upload in self.store.pending(shard, self.clock(), MOST):
                    with failures.kept():
                        swept += self._look_after(upload)
        failures.told("files were not looked after")
        return swept

    def _look_after(self, upload: Upload) -> Swept:
        key = incoming_key(upload)
        if not self.objects.has(self.buckets.incoming, key):
            return Swept(gone=int(self.store.settle(upload.settled(Verdict.REFUSED, reason=GONE))))
        # Sent before it is noted: whoever dies in between leaves it to be sent twice, which does no harm.
        self.messages.arrived([key])
        # To the end of the line, so that what cannot be judged does not keep the others from their turn.
        self.store.settle(upload.put_off(self.clock()))
        return Swept(again=1)
