"""Login: from a WeChat code to a session in one membership, and from there to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.catalogue import target_kind
from schemas.language import PersonState, Role
from schemas.login import InspectedKind, LoginAnswer, MembershipItem, MenuItem, SessionAnswer, TabItem
from tean.adapters.ports.access import Access, Binding, WeChat
from tean.domain.calendar import business_date
from tean.domain.errors import Forbidden, Unauthenticated
from tean.domain.membership import Membership
from tean.domain.menus import in_order, menu, post_words, tabs
from tean.domain.registry import Person, Unit, kind_inspected
from tean.domain.visibility import sees_kind

if TYPE_CHECKING:
    from tean.adapters.hashing import Hasher
    from tean.adapters.ports.common import Clock
    from tean.adapters.tokens import Tokens
    from tean.domain.turns import Allowance


@dataclass(frozen=True)
class _Post:
    unit: Unit
    membership: Membership


class LoginService:
    """Who comes in, and as what. Every ``openid`` argument is its keyed hash, as the token carries it."""

    def __init__(
        self, access: Access, wechat: WeChat, tokens: Tokens, hasher: Hasher, clock: Clock, allowance: Allowance
    ) -> None:
        self._access = access
        self._wechat = wechat
        self._tokens = tokens
        self._hasher = hasher
        self._clock = clock
        self._allowance = allowance

    def login(self, code: str, phone_code: str | None = None) -> LoginAnswer:
        """Log in, by the phone the openid is bound to or, with ``phone_code``, by that phone, which is then bound.

        Storage: 1 UpdateItem that counts it, and for a known openid 1 GetItem + 1 Query + 1 BatchGet; with a phone code
        1 Query + 1 BatchGet + 1 PutItem, and what WeChat's app token takes (1 GetItem, at most every two hours
        1 PutItem).
        """
        openid = self._hasher.openid(self._wechat.openid(code))
        self._take_turn(openid)
        bound = None if phone_code else self._access.binding(openid)
        phone = self._phone(phone_code) if phone_code else bound.phone if bound else None
        if phone is None:
            raise _phone_needed()
        posts = self._posts_of(phone)
        if not posts:
            raise Forbidden(
                "login.phone_unknown",
                "这个手机号还没有登记，不能登录。请本单位管理员把您加进名册后，再重新登录。",
            )
        people = frozenset(map(_ref, posts))
        if phone_code:
            self._access.bind(openid, Binding(phone, people))
        elif bound and not people <= bound.people:
            # Somebody was registered with this number since it was proved: it may have been handed on.
            raise _phone_needed()
        return self._answer(openid, posts[0], posts)

    def refresh(self, openid: str, member: Membership) -> LoginAnswer:
        """A new token for the same membership as it is now. Storage: 1 GetItem + 1 Query + 1 BatchGet."""
        posts = self._posts_bound_to(openid)
        active = _post(posts, member.unit, member.role)
        if active is None or active.membership.person != member.person:
            raise _gone()
        return self._answer(openid, active, posts)

    def switch(self, openid: str, unit: str, role: Role) -> LoginAnswer:
        """A token for another membership of the same person. Storage: 1 GetItem + 1 Query + 1 BatchGet."""
        posts = self._posts_bound_to(openid)
        active = _post(posts, unit, role)
        if active is None:
            raise Forbidden("session.membership_unknown", "您没有这个任职，请从列表里重新选择。")
        return self._answer(openid, active, posts)

    def session(self, member: Membership) -> SessionAnswer:
        """What the person sees first. Storage: 1 BatchGet."""
        people = self._access.people([(member.unit, member.person)])
        post = _post(_posts(people), member.unit, member.role)
        if post is None:
            raise _gone()
        now = self._clock()
        return SessionAnswer(
            **_item(post).model_dump(exclude={"sides"}),
            kinds=in_order(post.unit.kinds),
            menu=tuple(MenuItem(key=entry.key, title=entry.title) for entry in menu(member)),
            stands_in=tuple(sorted(_without_director(post.unit, member))),
            inspected=tuple(map(_inspected, _seen_kinds(post))),
            tabs=tuple(TabItem(side=tab.side, title=tab.title) for tab in tabs(post.membership.sides)),
            contact=post.unit.contact or None,
            server_time=now,
            today=business_date(now),
        )

    def _take_turn(self, openid: str) -> None:
        """Before anything else is spent on him."""
        turn = self._allowance.turn(self._clock())
        if not self._access.take_login(openid, turn):
            raise turn.refused("login.too_often", "登录")

    def _phone(self, phone_code: str) -> str:
        return self._hasher.phone(self._wechat.phone(phone_code))

    def _posts_bound_to(self, openid: str) -> Sequence[_Post]:
        bound = self._access.binding(openid)
        return [post for post in self._posts_of(bound.phone) if _ref(post) in bound.people] if bound else ()

    def _posts_of(self, phone: str) -> Sequence[_Post]:
        refs = self._access.memberships(phone)
        people = self._access.people(refs) if refs else ()
        # The person is the truth: when he gets another number, his old one may still lead here for a moment.
        return _posts((unit, person) for unit, person in people if person.phone == phone)

    def _answer(self, openid: str, active: _Post, posts: Iterable[_Post]) -> LoginAnswer:
        token, expires_at = self._tokens.issue(openid, active.membership, self._clock())
        return LoginAnswer(
            token=token,
            expires_at=expires_at,
            membership=_item(active),
            memberships=tuple(_item(post) for post in posts),
        )


def _posts(people: Iterable[tuple[Unit, Person]]) -> Sequence[_Post]:
    """Every post of those who are not dismissed, by unit and then by role, officer first."""
    held = (
        _Post(unit, membership)
        for unit, person in people
        if person.state is PersonState.ACTIVE
        for membership in _memberships(unit, person)
    )
    rank = list(Role).index
    return sorted(held, key=lambda post: (post.unit.code, rank(post.membership.role), post.membership.person))


def _memberships(unit: Unit, person: Person) -> Iterator[Membership]:
    for role, sides in person.roles.items():
        kinds = person.kinds if role is Role.DIRECTOR else frozenset()
        stands_in = unit.undirected if role is Role.PRINCIPAL else frozenset()
        yield Membership(unit.code, person.code, person.name, role, sides, kinds, stands_in)


def _post(posts: Iterable[_Post], unit: str, role: Role) -> _Post | None:
    return next((post for post in posts if post.unit.code == unit and post.membership.role is role), None)


def _item(post: _Post) -> MembershipItem:
    member = post.membership
    return MembershipItem(
        unit=post.unit.code,
        unit_name=post.unit.name,
        person=member.person,
        name=member.name,
        role=member.role,
        words=post_words(member.role, member.sides),
        sides=in_order(member.sides),
    )


def _without_director(unit: Unit, member: Membership) -> frozenset[str]:
    """Where the principal does the director's work: everybody is told whom to wait for on his sides, himself as his
    token lets him."""
    if member.role is Role.PRINCIPAL:
        return member.stands_in
    return frozenset(kind for kind in unit.undirected if target_kind(kind).unit_kind in member.sides)


def _seen_kinds(post: _Post) -> Sequence[str]:
    """The kinds whose weekly and monthly records he may look for: an officer's are those of his sides."""
    member, kinds = post.membership, {kind_inspected(kind) for kind in post.unit.target_kinds}
    if member.role is Role.OFFICER:
        return sorted(kind for kind in kinds if target_kind(kind).unit_kind in member.sides)
    return sorted(kind for kind in kinds if sees_kind(member, kind))


def _inspected(kind: str) -> InspectedKind:
    known = target_kind(kind)
    return InspectedKind(kind=kind, name=known.short, unit_kind=known.unit_kind)


def _ref(post: _Post) -> tuple[str, str]:
    return post.membership.unit, post.membership.person


def _phone_needed() -> Unauthenticated:
    return Unauthenticated("login.phone_needed", "需要核对手机号，请用单位登记的手机号登录。")


def _gone() -> Unauthenticated:
    return Unauthenticated("session.membership_gone", "您在这个单位的任职已变更或取消，请重新登录。")
