"""Login, the choice of a membership, and what the session's person sees first."""

from __future__ import annotations

from datetime import date

from schemas.base import Answer, Code, Request, Secret
from schemas.instants import Instant
from schemas.language import Role, UnitKind


class LoginRequest(Request):
    """``code`` is what ``wx.login`` gave; ``phone_code`` what the phone-number button gave, needed the first time and
    whenever the person has another number."""

    code: Secret
    phone_code: Secret | None = None


class SwitchRequest(Request):
    """The membership to act in from now on: one of those listed at login."""

    unit: Code
    role: Role


class MembershipItem(Answer):
    """One membership (任职) of the person: ``words`` is the title of the post, ``sides`` the unit kinds it covers."""

    unit: str
    unit_name: str
    person: str
    name: str
    role: Role
    words: str
    sides: tuple[UnitKind, ...]


class LoginAnswer(Answer):
    """A token for ``membership``, good until ``expires_at``, and every membership he may switch to."""

    token: str
    expires_at: Instant
    membership: MembershipItem
    memberships: tuple[MembershipItem, ...]


class MenuItem(Answer):
    """An entry of the menu: ``key`` names the place it leads to."""

    key: str
    title: str


class TabItem(Answer):
    """A tab of daily control: what is inspected on one side of the unit."""

    side: UnitKind
    title: str


class InspectedKind(Answer):
    """A target kind that is inspected weekly and monthly: all filling of a unit is one, ``filling``."""

    kind: str
    name: str
    unit_kind: UnitKind


class SessionAnswer(Answer):
    """Who acts, where, and what he may open. ``today`` is the business date in Asia/Shanghai.

    ``stands_in`` are the target kinds for which the unit has no director: there the principal does his work, and
    everybody is told so, who waits for it too.
    """

    unit: str
    unit_name: str
    kinds: tuple[UnitKind, ...]
    person: str
    name: str
    role: Role
    words: str
    menu: tuple[MenuItem, ...]
    tabs: tuple[TabItem, ...]
    stands_in: tuple[str, ...] = ()
    inspected: tuple[InspectedKind, ...] = ()
    """The kinds whose weekly and monthly records he may list."""
    contact: str | None = None
    """Customer service as the unit wrote it: a phone number or a sentence."""
    server_time: Instant
    today: date
