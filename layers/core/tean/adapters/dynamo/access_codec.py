"""What lies in the items of the access table (see ``tean.adapters.dynamo.codec``)."""

from __future__ import annotations

from datetime import datetime

from tean.adapters.dynamo import keys
from tean.adapters.dynamo.codec import Item, by_version
from tean.adapters.models import AccessItem
from tean.adapters.ports.access import AppToken


def app_token_item(token: AppToken) -> AccessItem:
    """WeChat's token; when it ends is compared by the condition that keeps the latest."""
    return AccessItem("wechat#app", "token", token=token.token, ends=keys.instant(token.expires_at))


def _app_token_1(item: Item) -> AppToken:
    return AppToken(item["token"], datetime.fromisoformat(item["ends"]))


read_app_token = by_version(_app_token_1)
