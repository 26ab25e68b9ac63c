"""Login, refresh, switch of membership, and what the session's person sees first."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.login import LoginAnswer, LoginRequest, SessionAnswer, SwitchRequest
from tean import bootstrap


def login(call: Call[LoginRequest, Nothing, Nothing]) -> LoginAnswer:
    """微信登录：wx.login 的 code；首次再带手机号授权码"""
    return bootstrap.services().login.login(call.body.code, call.body.phone_code)


def refresh(call: Call[Nothing, Nothing, Nothing]) -> LoginAnswer:
    """续期：重新读取任职，换一个新的令牌"""
    return bootstrap.services().login.refresh(call.openid, call.member)


def switch(call: Call[SwitchRequest, Nothing, Nothing]) -> LoginAnswer:
    """切换任职：换成同一个人的另一个单位或岗位"""
    return bootstrap.services().login.switch(call.openid, call.body.unit, call.body.role)


def session(call: Call[Nothing, Nothing, Nothing]) -> SessionAnswer:
    """当前会话：单位、岗位、菜单、巡查页签、客服联系方式、今天的日期"""
    return bootstrap.services().login.session(call.member)
