"""WeChat's server API: who opened the mini-program, and which phone number is his.

What travels here is secret or personal, so a log line names a path and an errcode and nothing else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from tean.adapters.ports.access import Access, AppToken
from tean.domain.errors import Forbidden, Problem, TooOften, Unauthenticated, Unavailable

if TYPE_CHECKING:
    from tean.adapters.ports.common import Clock

PATIENCE = Timeout(connect=3, total=5)
"""Of one call: the function that waits has 10 seconds for all."""
BUSY_PAUSE = 0.3
"""Seconds before WeChat is asked once more after it said that it is busy."""
REFRESH_BEFORE = timedelta(minutes=5)
"""WeChat renews its token this early; the old one stays good meanwhile."""

_BUSY = -1
_CODE_REFUSED = (40029, 40163)
_TOKEN_REFUSED = (40001, 40014, 42001)
_TOO_OFTEN = 45011
_WINDOW = 60
"""Seconds over which WeChat counts one person's logins (100 of them)."""
_BLOCKED = 40226
_MAINLAND = "86"

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

    def read(self, model: type[ModelT]) -> ModelT:
        if self.errcode:
            raise _refusal(self.path, self.errcode)
        return _parsed(model, self.body, self.path)


class WeChatApi:
    """The port ``WeChat`` over HTTP. ``base_url`` is where WeChat, or what plays it, answers."""

    def __init__(
        self, app_id: str, secret: str, access: Access, clock: Clock, *,
        base_url: str, patience: Timeout = PATIENCE, busy_pause: float = BUSY_PAUSE,
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
        return self._ask("/sns/jscode2session", query).read(_Session).openid

    def phone(self, phone_code: str) -> str:
        """The mainland number behind a phone-number code (``getuserphonenumber``), 11 digits."""
        reply = self._phone_reply(phone_code, self._token())
        if reply.errcode in _TOKEN_REFUSED:
            reply = self._phone_reply(phone_code, self._new_token())
        return _mainland(reply.read(_Phone).phone_info)

    def _phone_reply(self, phone_code: str, token: str) -> _Reply:
        return self._ask("/wxa/business/getuserphonenumber", {"access_token": token}, {"code": phone_code})

    def _token(self) -> str:
        kept = self._access.app_token()
        if kept and kept.expires_at - self._clock() >= REFRESH_BEFORE:
            return kept.token
        return self._new_token()

    def _new_token(self) -> str:
        body = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
        answer = self._ask("/cgi-bin/stable_token", {}, body).read(_Token)
        ends = self._clock() + timedelta(seconds=answer.expires_in)
        self._access.keep_app_token(AppToken(answer.access_token, ends))
        return answer.access_token

    def _ask(self, path: str, query: Mapping[str, str], body: Mapping[str, str] | None = None) -> _Reply:
        reply = self._ask_once(path, query, body)
        if reply.errcode != _BUSY:
            return reply
        time.sleep(self._busy_pause)
        return self._ask_once(path, query, body)

    def _ask_once(self, path: str, query: Mapping[str, str], body: Mapping[str, str] | None) -> _Reply:
        method = "GET" if body is None else "POST"
        url = f"{self._base_url}{path}?{urlencode(query)}"
        try:
            # No connection is kept: a thawed Lambda would find it dead, and what was sent on it is not sent again.
            with PoolManager(timeout=self._patience, retries=_RETRIES) as http:
                response = http.request(method, url, json=body, redirect=False)
        except HTTPError as error:
            raise _silent(path, type(error).__name__) from None
        if response.status != 200:
            raise _silent(path, f"HTTP {response.status}")
        return _Reply(path, _parsed(_Errcode, response.data, path).errcode, response.data)


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


def _refusal(path: str, errcode: int) -> Problem:
    if errcode in _CODE_REFUSED:
        return Unauthenticated("login.code_refused", "这次微信授权已失效或已用过，请重新点一次登录。")
    if errcode == _BLOCKED:
        return Forbidden("login.blocked_by_wechat", "微信认为这个账号有风险，暂时不能登录。请在微信里处理后再试。")
    if errcode == _TOO_OFTEN:
        return TooOften("login.too_often", "登录太频繁了，请过 1 分钟再试。", _WINDOW)
    if errcode == _BUSY:
        return _silent(path, "busy")
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
