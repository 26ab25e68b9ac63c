"""What the parts are told: enough for the functions, nothing of the user's own AWS."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.manifest import load
from infra.stack import variables
from infra.stack.state import Secrets
from tean.adapters.tokens import Tokens
from tean.settings import Settings

TOLD = variables.of_functions(
    load(),
    Secrets.made(),
    origin="http://127.0.0.1:8600",
    storage="http://127.0.0.1:9001",
    wechat="http://127.0.0.1:9002",
    queues={"days": "http://127.0.0.1:9001/0/days", "arrivals": "http://127.0.0.1:9001/0/arrivals"},
)


def test_the_functions_find_all_their_settings() -> None:
    found = Settings(TOLD)
    assert (TOLD["TEAN_TABLE_PREFIX"], found.region) == ("tean-local", "ap-southeast-1")
    assert (found.incoming, found.evidence) == ("tean-local-incoming", "tean-local-evidence")
    assert (found.files_origin, found.wechat_api) == ("http://127.0.0.1:8600", "http://127.0.0.1:9002")
    assert found.days_queue.endswith("/days")
    limits = load().limits
    assert found.upload_bytes == limits.upload_bytes
    assert (found.logins.most, found.logins.within) == (limits.logins.most, timedelta(minutes=limits.logins.minutes))
    assert (found.uploads.most, found.uploads.within) == (
        limits.uploads.most,
        timedelta(minutes=limits.uploads.minutes),
    )
    assert found.arrivals_queue.endswith("/arrivals")
    assert (len(found.pepper), found.wechat_app[0][:2]) == (64, "wx")
    assert Tokens.from_json(found.signing_keys)


def test_every_secret_of_the_manifest_is_told() -> None:
    assert set(load().secrets) <= set(TOLD)


def test_nothing_of_the_users_own_account_or_proxy_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = {
        "AWS_PROFILE": "work",
        "AWS_SESSION_TOKEN": "t",
        "AWS_ENDPOINT_URL": "https://elsewhere.example",
        "HTTPS_PROXY": "http://proxy.example",
        "http_proxy": "http://proxy.example",
        "TEAN_TABLE_PREFIX": "tean-prod",
        "GUNICORN_CMD_ARGS": "--bind 0.0.0.0",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    kept = variables.shell()
    assert not foreign.keys() & kept.keys()
    assert (kept["LANG"], kept["no_proxy"]) == ("zh_CN.UTF-8", "*")
