"""WeChat's server API: who opened the mini-program, and which phone number is his.

What travels here is secret or personal, so a log line names a path and an errcode and nothing else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from tean.adapters.ports.access import Access, AppToken
from tean.domain.errors import Forbidden, Problem, TooOften, Unauthenticated, Unavailable

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock

PATIENCE = 3.5
"""Seconds that each of the two questions of a login may take, who he is and which number is his, with all the calls,
tries and pauses it needs: the function that waits for both has 10, and reads and writes besides."""
BUSY_PAUSE = 0.3
"""Seconds before WeChat is asked once more after it said that it is busy."""
REFRESH_BEFORE = timedelta(minutes=5)
"""WeChat renews its token this early; the old one stays good meanwhile."""

_TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105 (an address)
_MAINLAND = "86"


class Meaning(Enum):
    """What an errcode is to the person who logs in."""

    BUSY = "WeChat has too much to do: asked once more, then silent"
    CODE = "his code is wrong, stale or used: one more tap gives another"
    RENEW = "our app token is not good (any more): a new one is fetched, once"
    TOO_OFTEN = "he has logged in a hundred times within this minute"
    BLOCKED = "WeChat holds his account for risky"
    OURS = "the app, its secret, its rights, its quota or its addresses: only the operator can do something"


MEANINGS: Mapping[int, Meaning] = {
    -1: Meaning.BUSY,
    40029: Meaning.CODE,
    40163: Meaning.CODE,
    40001: Meaning.RENEW,
    40014: Meaning.RENEW,
    41001: Meaning.RENEW,
    42001: Meaning.RENEW,
    45011: Meaning.TOO_OFTEN,
    40226: Meaning.BLOCKED,
    40002: Meaning.OURS,  # grant type
    40013: Meaning.OURS,  # app id
    40066: Meaning.OURS,  # address
    40097: Meaning.OURS,  # argument
    40125: Meaning.OURS,  # secret
    40164: Meaning.OURS,  # our address is not on the app's list
    40243: Meaning.OURS,  # the secret is frozen
    41002: Meaning.OURS,  # app id missing
    41004: Meaning.OURS,  # secret missing
    41008: Meaning.OURS,  # code missing: we never ask without
    43002: Meaning.OURS,  # POST wanted
    44002: Meaning.OURS,  # empty body
    45009: Meaning.OURS,  # the day's quota is used up
    47001: Meaning.OURS,  # body
    48001: Meaning.OURS,  # the app has no right to this call
    48004: Meaning.OURS,  # the call is forbidden to the app
    50004: Meaning.OURS,  # token calls are forbidden to the app
    50007: Meaning.OURS,  # the app is frozen
    61024: Meaning.OURS,  # the token is a third-party platform's to fetch
    89503: Meaning.OURS,  # this address waits for the administrator's consent
    89506: Meaning.OURS,  # the administrator refused this address, for an hour
    89507: Meaning.OURS,  # the same, for a day
}
"""The errcodes that WeChat documents for the three calls, and those common to all its calls that these can meet. What
is not here is ours as well."""

_WINDOW = 60
"""Seconds over which WeChat counts one person's logins."""

# Only for a connection that was never made: a code is good for one call, and nobody knows what became of a call that
# was sent and not answered.
_RETRIES = Retry(total=1, connect=1, read=0, status=0, other=0)

log = logging.getLogger("tean")


class _Said(BaseModel):
    # Built at first use: hardly any cold start asks WeChat.
    model_config = ConfigDict(defer_build=True)


class _Errcode(_Said):
    """Success often leaves the errcode out."""

    errcode: int = 0


class _Session(_Said):
    openid: str = Field(min_length=1)


class _Token(_Said):
    access_token: str = Field(min_length=1)
    expires_in: PositiveInt


class _PhoneInfo(_Said):
    # WeChat's page says that the country code is text and shows a number.
    model_config = ConfigDict(coerce_numbers_to_str=True)

    number: str = Field(alias="purePhoneNumber", min_length=1)
    country: str = Field(alias="countryCode")


class _Phone(_Said):
    phone_info: _PhoneInfo


ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True)
class _Reply:
    path: str
    errcode: int
    body: bytes

    @property
    def meaning(self) -> Meaning | None:
        """What its errcode means; None for success."""
        if not self.errcode:
            return None
        meaning = MEANINGS.get(self.errcode, Meaning.OURS)
        # He cannot fetch our token less often: the operator can, and finds the errcode in the log.
        return Meaning.OURS if self.path == _TOKEN_PATH and meaning is Meaning.TOO_OFTEN else meaning

    def read(self, model: type[ModelT]) -> ModelT:
        if self.meaning:
            raise _refusal(self.path, self.errcode, self.meaning)
        return _parsed(model, self.body, self.path)


class WeChatApi:
    """The port ``WeChat`` over HTTP. ``base_url`` is where WeChat, or what plays it, answers."""

    def __init__(
        self, app_id: str, secret: str, access: Access, clock: Clock, *,
        base_url: str, patience: float = PATIENCE, busy_pause: float = BUSY_PAUSE,
    ) -> None:  # fmt: skip
        self._app_id = app_id
        self._secret = secret
        self._access = access
        self._clock = clock
        self._base_url = base_url.rstrip("/")
        self._patience = patience
        self._busy_pause = busy_pause

    def openid(self, code: str) -> str:
        """The openid behind a ``wx.login`` code (``jscode2session``). The session key is never kept."""
        query = {"appid": self._app_id, "secret": self._secret, "js_code": code, "grant_type": "authorization_code"}
        return self._question().ask("/sns/jscode2session", query).read(_Session).openid

    def phone(self, phone_code: str) -> str:
        """The mainland number behind a phone-number code (``getuserphonenumber``), 11 digits.

        Our token may end between our look at it and WeChat's, and a refused token spends no code: it is fetched anew,
        once.
        """
        question = self._question()
        reply = _phone_reply(question, phone_code, self._token(question))
        if reply.meaning is Meaning.RENEW:
            reply = _phone_reply(question, phone_code, self._new_token(question))
        return _mainland(reply.read(_Phone).phone_info)

    def _question(self) -> _Question:
        return _Question(self._base_url, time.monotonic() + self._patience, self._busy_pause)

    def _token(self, question: _Question) -> str:
        kept = self._access.app_token()
        if kept and kept.expires_at - self._clock() >= REFRESH_BEFORE:
            return kept.token
        return self._new_token(question)

    def _new_token(self, question: _Question) -> str:
        body = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
        answer = question.ask(_TOKEN_PATH, {}, body).read(_Token)
        ends = self._clock() + timedelta(seconds=answer.expires_in)
        self._access.keep_app_token(AppToken(answer.access_token, ends))
        return answer.access_token


@dataclass(frozen=True)
class _Question:
    """What is asked of WeChat until it ``ends``, in the seconds of ``time.monotonic``."""

    base_url: str
    ends: float
    busy_pause: float

    @property
    def _left(self) -> float:
        return self.ends - time.monotonic()

    def ask(self, path: str, query: Mapping[str, str], body: Mapping[str, str] | None = None) -> _Reply:
        """One call, and one more when WeChat is busy and there is time."""
        reply = self._ask_once(path, query, body)
        if reply.meaning is not Meaning.BUSY or self._left <= self.busy_pause:
            return reply
        time.sleep(self.busy_pause)
        return self._ask_once(path, query, body)

    def _ask_once(self, path: str, query: Mapping[str, str], body: Mapping[str, str] | None) -> _Reply:
        answers: Queue[tuple[int, bytes] | Exception] = Queue()
        url = f"{self.base_url}{path}?{urlencode(query)}"
        # A socket's time-out begins anew with every byte: only another thread ends an answer that comes in drops.
        Thread(target=_fetch, args=(url, body, max(self._left, 0.001), answers), daemon=True).start()
        try:
            answer = answers.get(timeout=max(self._left, 0))
        except Empty:
            raise _silent(path, "no whole answer in time") from None
        if isinstance(answer, HTTPError):
            raise _silent(path, type(answer).__name__)
        if isinstance(answer, Exception):
            raise answer
        status, said = answer
        if status != 200:
            raise _silent(path, f"HTTP {status}")
        return _Reply(path, _parsed(_Errcode, said, path).errcode, said)


def _fetch(
    url: str, body: Mapping[str, str] | None, seconds: float, answers: Queue[tuple[int, bytes] | Exception]
) -> None:
    # There may be two tries to connect.
    patience = Timeout(connect=seconds / 2, total=seconds)
    try:
        # No connection is kept: a thawed Lambda would find it dead, and what was sent on it is not sent again.
        with PoolManager(timeout=patience, retries=_RETRIES) as http:
            response = http.request("GET" if body is None else "POST", url, json=body, redirect=False)
            answers.put((response.status, response.data))
    except Exception as error:
        # Whatever it is: a thread that dies of it would write its words down, and they may quote the address.
        answers.put(error)


def _phone_reply(question: _Question, phone_code: str, token: str) -> _Reply:
    return question.ask("/wxa/business/getuserphonenumber", {"access_token": token}, {"code": phone_code})


def _parsed(model: type[ModelT], body: bytes, path: str) -> ModelT:
    try:
        return model.model_validate_json(body)
    except ValidationError:
        # Without its cause, which quotes the answer.
        raise _silent(path, "an answer that makes no sense") from None


def _mainland(info: _PhoneInfo) -> str:
    if info.country.lstrip("+") != _MAINLAND:
        raise Forbidden("login.phone_abroad", "只支持中国大陆的手机号，请换一个手机号登录。")
    return info.number


def _silent(path: str, why: str) -> Unavailable:
    log.warning("WeChat is silent at %s: %s", path, why)
    return Unavailable("login.wechat_silent", "微信没有回应，还没有登录。请稍后再试一次。")


def _refusal(path: str, errcode: int, meaning: Meaning) -> Problem:
    match meaning:
        case Meaning.BUSY:
            return _silent(path, "busy")
        case Meaning.CODE:
            return Unauthenticated("login.code_refused", "这次微信授权已失效或已用过，请重新点一次登录。")
        case Meaning.BLOCKED:
            return Forbidden("login.blocked_by_wechat", "微信认为这个账号有风险，暂时不能登录。请在微信里处理后再试。")
        case Meaning.TOO_OFTEN:
            return TooOften("login.too_often", "登录", _WINDOW)
        case Meaning.OURS | Meaning.RENEW:
            log.error("WeChat refuses this app at %s: errcode %d", path, errcode)
            return Unavailable("login.misconfigured", "微信登录的设置有误，暂时不能登录。请联系客服。")


class _WithoutQuery(logging.Filter):
    """urllib3 writes whole addresses into its log, and in ours WeChat demands the app's secret and the codes."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args)
        return True


for _name in ("urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_WithoutQuery())
