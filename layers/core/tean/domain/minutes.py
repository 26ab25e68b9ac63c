"""Minutes of a monthly meeting (会议纪要) as a director drafts them, until the principal has signed (acceptance 38).

They are no report: what counts in law is what the principal signs. Each version that was submitted is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from schemas.instants import Instant
from schemas.language import MinutesAct, MinutesState
from tean.domain.errors import Conflict, Forbidden, Invalid
from tean.domain.membership import Membership


@dataclass(frozen=True)
class Step:
    """Who did what with the minutes. ``version`` is the one it was done with, ``text`` why they were sent back."""

    act: MinutesAct
    version: int
    by: str
    by_name: str
    at: Instant
    text: str | None = None
    payload: str | None = None
    """The hash of what was sent with it."""


@dataclass(frozen=True)
class Minutes:
    """One meeting, which may cover several target kinds. ``version`` counts what was submitted; ``payload`` is the hash
    of what was sent last."""

    id: str
    unit: str
    due: date
    kinds: tuple[str, ...]
    meeting_at: Instant
    focus: str
    by: str
    by_name: str
    payload: str
    photos: tuple[str, ...] = ()
    text: str | None = None
    version: int = 1
    state: MinutesState = MinutesState.SUBMITTED
    steps: tuple[Step, ...] = ()

    def has_taken(self, payload: str) -> bool:
        """Whether this was submitted before, in whatever version."""
        return any(step.payload == payload for step in self.steps)

    @property
    def submitted_at(self) -> datetime:
        """When this version was submitted."""
        return next(one.at for one in reversed(self.steps) if one.act in _SUBMITS)

    @property
    def reason(self) -> str | None:
        """Why they were sent back; None while they are not."""
        return self.steps[-1].text if self.state is MinutesState.RETURNED else None


_SUBMITS = (MinutesAct.SUBMIT, MinutesAct.REVISE)


def minutes_id(due: date, payload: str, by: str) -> str:
    """The natural key of minutes, URL-safe: bucket, what was sent first, who drafted it. Sent twice at once they are
    still the same."""
    return f"{due.isoformat()}.{payload[:16]}.{by}"


def due_of(minutes: str) -> date:
    """The bucket inside an id."""
    return date.fromisoformat(minutes.partition(".")[0])


def submitted(minutes: Minutes, at: datetime) -> Minutes:
    """New minutes, with their first step."""
    return _after(minutes, MinutesAct.SUBMIT, minutes.by, minutes.by_name, at)


def revised(
    before: Minutes, after: Minutes, member: Membership, at: datetime, *, bound: Collection[str] = ()
) -> Minutes:
    """``after`` in the place of what was submitted ``before``. Only who drafted them changes them, until they are
    signed. ``bound`` are the kinds that are still asked for: once in they stay in, their to-do is done by them."""
    if before.by != member.person:
        raise Forbidden("minutes.not_his", "只有起草人能修改，请联系起草的总监。")
    _require(before, MinutesState.SUBMITTED, MinutesState.RETURNED)
    if dropped := sorted(set(bound) - set(after.kinds)):
        raise Invalid("minutes.kind_dropped", "已提交的种类不能去掉，只能增加。", kinds=dropped)
    next = replace(after, id=before.id, version=before.version + 1, steps=before.steps)
    return _after(next, MinutesAct.REVISE, member.person, after.by_name, at)


def sent_back(minutes: Minutes, member: Membership, name: str, reason: str, at: datetime) -> Minutes:
    """The principal wants them changed, and says why."""
    _require(minutes, MinutesState.SUBMITTED)
    returned = replace(minutes, state=MinutesState.RETURNED)
    return _after(returned, MinutesAct.RETURN, member.person, name, at, reason)


def signed(minutes: Minutes, member: Membership, name: str, at: datetime) -> Minutes:
    """The principal has signed: from now on the reports tell it."""
    _require(minutes, MinutesState.SUBMITTED)
    done = replace(minutes, state=MinutesState.SIGNED)
    return _after(done, MinutesAct.SIGN, member.person, name, at)


def require_version(minutes: Minutes, version: int) -> None:
    """What is acted on must be what was seen."""
    if minutes.version != version:
        raise moved()


def moved() -> Conflict:
    """Somebody else acted on the minutes meanwhile."""
    return Conflict("minutes.moved", "会议纪要刚刚有了变化，请看过最新的再办。")


def _require(minutes: Minutes, *states: MinutesState) -> None:
    if minutes.state not in states:
        raise moved()


def _after(minutes: Minutes, act: MinutesAct, by: str, by_name: str, at: datetime, text: str | None = None) -> Minutes:
    payload = minutes.payload if act in _SUBMITS else None
    return replace(minutes, steps=(*minutes.steps, Step(act, minutes.version, by, by_name, at, text, payload)))
