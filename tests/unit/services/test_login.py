"""Login, refresh, switch and session, against the fake store and the fake WeChat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schemas.language import PersonState, Role, UnitKind
from schemas.login import LoginAnswer
from tean.adapters.hashing import Hasher
from tean.adapters.tokens import SigningKey, Tokens
from tean.domain.errors import Forbidden, Problem, TooOften, Unauthenticated
from tean.domain.membership import Membership
from tean.domain.registry import Person, Unit
from tean.domain.turns import Allowance
from tean.services.login import LoginService
from tests.fakes import builders
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore
from tests.fakes.wechat import FakeWeChat

ZHOU = "10000000001"
HE = "10000000002"
NOBODY = "10000000099"
FIRST, SECOND = sorted((builders.UNIT, builders.OTHER_UNIT))
USE, PRODUCTION, FILLING = UnitKind.USE, UnitKind.PRODUCTION, UnitKind.FILLING
ALLOWANCE = Allowance(20, timedelta(minutes=10))
hasher = Hasher(b"pepper-of-the-tests-0123456789ab")


class CountingStore(FakeStore):
    """Counts which part of the port is used."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()

    def __getattribute__(self, name: str) -> Any:
        if name in ("binding", "bind", "memberships", "people", "take_login"):
            self.calls[name] += 1
        return super().__getattribute__(name)


@dataclass
class House:
    """The service with all that it leans on."""

    store: CountingStore
    wechat: FakeWeChat
    clock: FakeClock
    tokens: Tokens
    login: LoginService

    def register(self, unit: Unit, *people: Person) -> None:
        """Register people with their phones, as applying a roster does."""
        self.store.apply(builders.changes(builders.roster(people, unit=unit)))

    def come_in(self, phone: str, openid: str | None = None) -> LoginAnswer:
        """A first login, with the phone-number button."""
        code = self.wechat.login.hand_out(openid or f"openid-of-{phone}")
        return self.login.login(code, self.wechat.phones.hand_out(phone))

    def come_back(self, phone: str) -> LoginAnswer:
        """A login by somebody whose WeChat is known."""
        return self.login.login(self.wechat.login.hand_out(f"openid-of-{phone}"))

    def read(self, answer: LoginAnswer) -> tuple[str, Membership]:
        """What the token says."""
        return self.tokens.read(answer.token, self.clock())

    def counted(self, deed: Callable[[], object]) -> dict[str, int]:
        """The storage calls of one deed."""
        self.store.calls.clear()
        deed()
        return dict(self.store.calls)


@pytest.fixture
def house() -> House:
    store, wechat, clock = CountingStore(), FakeWeChat(), FakeClock()
    tokens = Tokens([SigningKey(kid="k1", key="0" * 64)])
    return House(store, wechat, clock, tokens, LoginService(store, wechat, tokens, hasher, clock, ALLOWANCE))


def somebody(code: str = "P1", phone: str = ZHOU, **fields: Any) -> Person:
    return builders.person(code, phone=hasher.phone(phone), **fields)


def refused(kind: type[Problem], code: str, deed: Callable[[], object]) -> str:
    with pytest.raises(kind) as refusal:
        deed()
    assert refusal.value.code == code
    assert refusal.value.details == {}
    return refusal.value.sentence


# --- coming in ------------------------------------------------------------------------------------------------------


def test_a_registered_phone_comes_in_and_its_wechat_is_known_from_then_on(house: House) -> None:
    house.register(builders.unit(), somebody(name="示例人员周"))
    first, again = house.come_in(ZHOU), house.come_back(ZHOU)
    assert first.membership.name == again.membership.name == "示例人员周"
    assert house.read(again) == house.read(first)


def test_the_token_names_the_person_in_his_post_and_lasts_fifteen_minutes(house: House) -> None:
    house.register(builders.unit(), somebody(name="示例人员周"))
    answer = house.come_in(ZHOU)
    expected = Membership(builders.UNIT, "P1", "示例人员周", Role.OFFICER, frozenset({USE}))
    assert house.read(answer) == (hasher.openid(f"openid-of-{ZHOU}"), expected)
    assert answer.expires_at == house.clock() + timedelta(minutes=15)


def test_an_unknown_wechat_without_a_phone_is_asked_for_one(house: House) -> None:
    house.register(builders.unit(), somebody())
    sentence = refused(Unauthenticated, "login.phone_needed", lambda: house.come_back(ZHOU))
    assert "手机号" in sentence


def test_a_phone_nobody_registered_is_refused_told_whom_to_ask_and_not_bound(house: House) -> None:
    house.register(builders.unit(), somebody())
    sentence = refused(Forbidden, "login.phone_unknown", lambda: house.come_in(NOBODY))
    assert "管理员" in sentence
    assert house.store.calls["bind"] == 0
    refused(Unauthenticated, "login.phone_needed", lambda: house.come_back(NOBODY))


def test_after_being_registered_the_same_phone_comes_in(house: House) -> None:
    refused(Forbidden, "login.phone_unknown", lambda: house.come_in(ZHOU))
    house.register(builders.unit(), somebody())
    assert house.come_in(ZHOU).membership.person == "P1"


def test_who_logs_in_too_often_is_told_when_he_may_again_before_anything_is_spent_on_him(house: House) -> None:
    house.register(builders.unit(), somebody(), somebody("P2", HE))
    house.come_in(ZHOU)
    for _ in range(ALLOWANCE.most - 1):
        house.come_back(ZHOU)
    house.clock.move(minutes=7, seconds=30)
    house.store.calls.clear()
    with pytest.raises(TooOften, match="登录太频繁了，请过 3 分钟再试。") as refusal:
        house.come_in(ZHOU)
    assert (refusal.value.code, refusal.value.wait) == ("login.too_often", 150)
    assert refusal.value.details == {"wait": 150}
    assert house.store.calls == {"take_login": 1}
    assert house.come_in(HE), "the turns of one are not those of another"
    house.clock.move(seconds=150)
    assert house.come_back(ZHOU)


def test_a_used_code_is_refused(house: House) -> None:
    house.register(builders.unit(), somebody())
    code = house.wechat.login.hand_out("o")
    house.login.login(code, house.wechat.phones.hand_out(ZHOU))
    refused(Unauthenticated, "login.code_refused", lambda: house.login.login(code))


def test_a_bad_phone_code_is_refused_even_when_the_wechat_is_known(house: House) -> None:
    house.register(builders.unit(), somebody())
    house.come_in(ZHOU)
    code = house.wechat.login.hand_out(f"openid-of-{ZHOU}")
    refused(Unauthenticated, "login.code_refused", lambda: house.login.login(code, "made-up"))


def test_a_dismissed_person_is_unknown(house: House) -> None:
    house.register(builders.unit(), somebody())
    house.come_in(ZHOU)
    house.register(builders.unit(), somebody(state=PersonState.DISMISSED))
    refused(Forbidden, "login.phone_unknown", lambda: house.come_back(ZHOU))
    refused(Forbidden, "login.phone_unknown", lambda: house.come_in(ZHOU))


def test_a_person_without_a_post_is_unknown(house: House) -> None:
    house.register(builders.unit(), somebody(roles={}))
    refused(Forbidden, "login.phone_unknown", lambda: house.come_in(ZHOU))


def test_a_number_that_was_given_up_does_not_lead_in_even_while_its_entry_is_still_there(house: House) -> None:
    house.register(builders.unit(), somebody(phone=ZHOU))
    house.come_in(ZHOU)
    house.register(builders.unit(), somebody(phone=HE))
    assert house.store.memberships(hasher.phone(ZHOU)) == [(builders.UNIT, "P1")]
    refused(Forbidden, "login.phone_unknown", lambda: house.come_back(ZHOU))


def test_a_wechat_with_a_new_number_is_bound_to_the_new_one(house: House) -> None:
    house.register(builders.unit(), somebody(phone=ZHOU))
    house.come_in(ZHOU, "openid-1")
    house.register(builders.unit(), somebody(phone=HE))
    house.come_in(HE, "openid-1")
    assert house.login.login(house.wechat.login.hand_out("openid-1")).membership.person == "P1"


def test_a_phone_written_with_its_country_code_is_the_same_phone(house: House) -> None:
    house.register(builders.unit(), somebody(phone="+86 100-0000-0001"))
    assert house.come_in("10000000001").membership.person == "P1"


def test_openid_and_phone_are_kept_as_hashes(house: House) -> None:
    house.register(builders.unit(), somebody())
    house.come_in(ZHOU)
    bound = house.store.binding(hasher.openid(f"openid-of-{ZHOU}"))
    assert bound and bound.phone == hasher.phone(ZHOU)
    assert house.store.binding(f"openid-of-{ZHOU}") is None


# --- several posts --------------------------------------------------------------------------------------------------


def test_a_number_that_was_handed_on_does_not_let_its_former_holder_in_as_the_new_one(house: House) -> None:
    house.register(builders.unit(), somebody("P1"))
    former, _ = house.read(house.come_in(ZHOU))
    house.register(builders.unit(), somebody("P1", state=PersonState.DISMISSED), somebody("P2"))
    refused(Unauthenticated, "login.phone_needed", lambda: house.come_back(ZHOU))
    switching = lambda: house.login.switch(former, builders.UNIT, Role.OFFICER)  # noqa: E731
    refused(Forbidden, "session.membership_unknown", switching)
    assert house.come_in(ZHOU, openid="openid-of-the-new-one").membership.person == "P2"


def test_who_is_registered_in_another_unit_proves_his_number_once_more(house: House) -> None:
    house.register(builders.unit(FIRST), somebody("P1"))
    house.come_in(ZHOU)
    house.register(builders.unit(SECOND), somebody("P4"))
    refused(Unauthenticated, "login.phone_needed", lambda: house.come_back(ZHOU))
    house.come_in(ZHOU)
    assert [post.unit for post in house.come_back(ZHOU).memberships] == [FIRST, SECOND]


@pytest.fixture
def busy(house: House) -> House:
    """Zhou directs two sides of one unit, where he is officer too, and is officer in another."""
    both = frozenset({USE, PRODUCTION})
    roles = {Role.DIRECTOR: both, Role.OFFICER: frozenset({PRODUCTION})}
    house.register(
        builders.unit(SECOND, name="示例甲", kinds=both, contact=""),
        somebody("D1", name="示例人员周", roles=roles, kinds=frozenset({"3000"})),
        somebody("P7", HE),
    )
    house.register(builders.unit(FIRST, name="示例乙"), somebody("P4", name="示例人员周"))
    return house


def test_every_post_is_listed_by_unit_and_role_and_the_first_is_active(busy: House) -> None:
    answer = busy.come_in(ZHOU)
    listed = [(post.unit_name, post.person, post.words, post.sides) for post in answer.memberships]
    assert listed == [
        ("示例乙", "P4", "安全员", (USE,)),
        ("示例甲", "D1", "质量安全员", (PRODUCTION,)),
        ("示例甲", "D1", "安全总监、质量安全总监", (USE, PRODUCTION)),
    ]
    assert answer.membership == answer.memberships[0]


def test_one_may_switch_to_each_of_ones_posts(busy: House) -> None:
    openid, _ = busy.read(busy.come_in(ZHOU))
    answer = busy.login.switch(openid, SECOND, Role.DIRECTOR)
    assert answer.membership == answer.memberships[2]
    sides = frozenset({USE, PRODUCTION})
    member = Membership(SECOND, "D1", "示例人员周", Role.DIRECTOR, sides, frozenset({"3000"}))
    assert busy.read(answer) == (openid, member)


def test_the_kinds_of_a_director_do_not_narrow_what_he_does_as_an_officer(busy: House) -> None:
    openid, _ = busy.read(busy.come_in(ZHOU))
    _, member = busy.read(busy.login.switch(openid, SECOND, Role.OFFICER))
    assert member.kinds == frozenset()


@pytest.mark.parametrize(
    ("unit", "role"),
    [
        (FIRST, Role.DIRECTOR),
        (SECOND, Role.PRINCIPAL),
        ("919900000000000000", Role.OFFICER),
    ],
)
def test_a_post_one_does_not_hold_is_refused(busy: House, unit: str, role: Role) -> None:
    openid, _ = busy.read(busy.come_in(ZHOU))
    refused(Forbidden, "session.membership_unknown", lambda: busy.login.switch(openid, unit, role))


def test_nobody_switches_to_a_colleagues_post(busy: House) -> None:
    openid, _ = busy.read(busy.come_in(HE))
    busy.come_in(ZHOU)
    refused(Forbidden, "session.membership_unknown", lambda: busy.login.switch(openid, FIRST, Role.OFFICER))


def test_an_openid_that_is_bound_to_nothing_has_no_post(house: House) -> None:
    house.register(builders.unit(), somebody())
    unbound = hasher.openid("never seen")
    refused(Forbidden, "session.membership_unknown", lambda: house.login.switch(unbound, builders.UNIT, Role.OFFICER))


# --- refresh --------------------------------------------------------------------------------------------------------


def test_a_refreshed_token_is_new_and_keeps_the_active_post(busy: House) -> None:
    openid, _ = busy.read(busy.come_in(ZHOU))
    chosen = busy.login.switch(openid, SECOND, Role.DIRECTOR)
    _, member = busy.read(chosen)
    busy.clock.move(minutes=14)
    fresh = busy.login.refresh(openid, member)
    assert fresh.expires_at == chosen.expires_at + timedelta(minutes=14)
    assert busy.read(fresh) == (openid, member)
    assert fresh.memberships == chosen.memberships


def test_a_refreshed_token_carries_the_membership_as_it_is_now(house: House) -> None:
    house.register(builders.unit(), somebody(name="示例人员周"))
    openid, member = house.read(house.come_in(ZHOU))
    wider = frozenset({USE, FILLING})
    house.register(builders.unit(), somebody(name="示例人员（更名）", roles={Role.OFFICER: wider}))
    _, fresh = house.read(house.login.refresh(openid, member))
    assert fresh == replace(member, name="示例人员（更名）", sides=wider)


PRINCIPAL = somebody("B1", roles={Role.PRINCIPAL: frozenset({USE}), Role.OFFICER: frozenset({USE})})
ALONE = frozenset({"3000"})


def test_where_there_is_no_director_the_principal_stands_in_and_nobody_else(house: House) -> None:
    house.register(builders.unit(undirected=ALONE), PRINCIPAL)
    openid, officer = house.read(house.come_in(ZHOU))
    _, principal = house.read(house.login.switch(openid, builders.UNIT, Role.PRINCIPAL))
    assert (officer.stands_in, principal.stands_in) == (frozenset(), ALONE)
    session = house.login.session(principal)
    assert (session.stands_in, "日隐患管理" in [entry.title for entry in session.menu]) == (("3000",), True)


def test_everybody_is_told_for_which_kinds_he_waits_for_the_principal(house: House) -> None:
    house.register(builders.unit(undirected=ALONE), PRINCIPAL)
    _, officer = house.read(house.come_in(ZHOU))
    assert house.login.session(officer).stands_in == ("3000",)
    house.register(builders.unit(), PRINCIPAL)
    assert house.login.session(officer).stands_in == ()


def test_a_principal_stands_in_until_a_director_is_appointed(house: House) -> None:
    house.register(builders.unit(undirected=ALONE), PRINCIPAL)
    openid, _ = house.read(house.come_in(ZHOU))
    _, principal = house.read(house.login.switch(openid, builders.UNIT, Role.PRINCIPAL))
    house.register(builders.unit(), PRINCIPAL)
    _, fresh = house.read(house.login.refresh(openid, principal))
    assert fresh == replace(principal, stands_in=frozenset())


@pytest.mark.parametrize(
    "now",
    [
        somebody(state=PersonState.DISMISSED),
        somebody(roles={Role.PRINCIPAL: frozenset({USE})}),
        somebody(phone=HE),
    ],
    ids=["dismissed", "other role", "other phone"],
)
def test_a_membership_that_is_gone_is_not_refreshed(house: House, now: Person) -> None:
    house.register(builders.unit(), somebody())
    openid, member = house.read(house.come_in(ZHOU))
    house.register(builders.unit(), now)
    refused(Unauthenticated, "session.membership_gone", lambda: house.login.refresh(openid, member))


def test_a_successor_with_the_same_phone_does_not_inherit_the_session(house: House) -> None:
    house.register(builders.unit(), somebody("P1"))
    openid, member = house.read(house.come_in(ZHOU))
    house.register(builders.unit(), somebody("P1", state=PersonState.DISMISSED), somebody("P2"))
    refused(Unauthenticated, "session.membership_gone", lambda: house.login.refresh(openid, member))


# --- what the session shows -----------------------------------------------------------------------------------------


def test_the_session_shows_who_where_and_what_may_be_opened(busy: House) -> None:
    openid, _ = busy.read(busy.come_in(ZHOU))
    _, member = busy.read(busy.login.switch(openid, SECOND, Role.DIRECTOR))
    session = busy.login.session(member)
    assert (session.unit, session.unit_name, session.kinds) == (SECOND, "示例甲", (USE, PRODUCTION))
    assert (session.person, session.name, session.role) == ("D1", "示例人员周", Role.DIRECTOR)
    assert session.words == "安全总监、质量安全总监"
    assert [(entry.key, entry.title) for entry in session.menu][3:5] == [
        ("weekly_report", "周报告"),
        ("monthly_report", "月报告"),
    ]
    assert [(tab.side, tab.title) for tab in session.tabs] == [(USE, "设备巡查"), (PRODUCTION, "许可巡查")]


def test_tabs_are_those_of_the_post_not_of_the_whole_unit(busy: House) -> None:
    openid, _ = busy.read(busy.come_in(ZHOU))
    _, member = busy.read(busy.login.switch(openid, SECOND, Role.OFFICER))
    session = busy.login.session(member)
    assert [tab.title for tab in session.tabs] == ["许可巡查"]
    assert session.kinds == (USE, PRODUCTION)


def test_the_session_names_the_units_contact_and_says_nothing_when_there_is_none(busy: House) -> None:
    openid, first = busy.read(busy.come_in(ZHOU))
    assert busy.login.session(first).contact == "10000000000"
    _, second = busy.read(busy.login.switch(openid, SECOND, Role.DIRECTOR))
    assert "contact" not in busy.login.session(second).to_json()


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, 0, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_today_is_the_date_in_shanghai(house: House, now: datetime, today: date) -> None:
    house.clock.set(now)
    house.register(builders.unit(), somebody())
    _, member = house.read(house.come_in(ZHOU))
    session = house.login.session(member)
    assert (session.server_time, session.today) == (now, today)


def test_the_session_of_a_dismissed_person_shows_nothing(house: House) -> None:
    house.register(builders.unit(), somebody())
    _, member = house.read(house.come_in(ZHOU))
    house.register(builders.unit(), somebody(state=PersonState.DISMISSED))
    refused(Unauthenticated, "session.membership_gone", lambda: house.login.session(member))


# --- what it costs --------------------------------------------------------------------------------------------------


def test_each_operation_asks_the_store_no_more_than_it_says(busy: House) -> None:
    known = {"binding": 1, "memberships": 1, "people": 1}
    assert busy.counted(lambda: busy.come_in(ZHOU)) == {"take_login": 1, "memberships": 1, "people": 1, "bind": 1}
    assert busy.counted(lambda: busy.come_back(ZHOU)) == known | {"take_login": 1}
    openid, member = busy.read(busy.come_back(ZHOU))
    assert busy.counted(lambda: busy.login.refresh(openid, member)) == known
    assert busy.counted(lambda: busy.login.switch(openid, SECOND, Role.DIRECTOR)) == known
    assert busy.counted(lambda: busy.login.session(member)) == {"people": 1}


def test_a_phone_nobody_registered_costs_one_query(house: House) -> None:
    code, phone_code = house.wechat.login.hand_out("o"), house.wechat.phones.hand_out(NOBODY)

    def refused_login() -> None:
        with pytest.raises(Forbidden):
            house.login.login(code, phone_code)

    assert house.counted(refused_login) == {"take_login": 1, "memberships": 1}
