"""Who may come in, and who asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tean.domain.registry import Person, Unit
    from tean.domain.turns import Turn


@dataclass(frozen=True)
class AppToken:
    """WeChat's access token of the mini-program and when it ends."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Binding:
    """What an openid has proved: that it holds this phone, when these (unit, person) were registered with it.

    A number that is handed on is registered for somebody else then: whom it did not stand for, it does not let in.
    """

    phone: str
    people: frozenset[tuple[str, str]]


class Access(Protocol):
    """Who may come in. Every argument that stands for an openid or a phone is its keyed hash."""

    def binding(self, openid: str) -> Binding | None:
        """What an openid is bound to."""

    def take_login(self, openid: str, turn: Turn) -> bool:
        """Count a login of this openid; False when it has had all of its turns. One write."""

    def bind(self, openid: str, binding: Binding) -> None:
        """Bind an openid; the last binding counts (people change phones). It stands for one person or more."""

    def memberships(self, phone: str) -> Sequence[tuple[str, str]]:
        """(unit, person) of everybody registered with this phone."""

    def people(self, refs: Iterable[tuple[str, str]]) -> Sequence[tuple[Unit, Person]]:
        """The people behind (unit, person); those that do not exist are left out. One BatchGet."""

    def app_token(self) -> AppToken | None:
        """The kept WeChat token, whether it is still good or not."""

    def keep_app_token(self, token: AppToken) -> None:
        """Keep ``token`` unless one that ends later is already kept."""


class WeChat(Protocol):
    """The platform, asked who is there. Refusals are those of ``tean.domain.errors``, coded ``login.…``."""

    def openid(self, code: str) -> str:
        """The openid behind a ``wx.login`` code; a code works once, for five minutes."""

    def phone(self, phone_code: str) -> str:
        """The mainland phone number, 11 digits, behind a phone-number code; it too works once."""
