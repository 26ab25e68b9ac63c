"""What the parts are told: as on AWS by environment variables, and nothing of what the user's shell says about AWS."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from infra.generate.names import physical
from infra.manifest import Manifest
from infra.stack.provision import REGION, STAGE
from infra.stack.state import Secrets, State


def shell() -> dict[str, str]:
    """The user's environment without his AWS account, our own names and his proxies: nothing leaves this machine."""
    foreign = ("AWS_", "TEAN_", "WECHAT_", "STACK_", "STANDIN_", "GUNICORN_", "MINISTACK_")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(foreign) and not name.lower().endswith("_proxy")
    }
    # macOS is asked for its proxies even where no variable names one, and that is not safe after a fork.
    return kept | {"no_proxy": "*", "PYTHONUNBUFFERED": "1"}


def of_storage(secrets: Secrets, state: State) -> dict[str, str]:
    """What ministack is told. It never sees docker, and its queues keep their names whatever port it gets."""
    return shell() | {
        "AWS_ACCESS_KEY_ID": secrets.storage_key_id,
        "AWS_SECRET_ACCESS_KEY": secrets.storage_key,
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": "4566",
        "MINISTACK_REGION": REGION,
        "SERVICES": "dynamodb,s3,sqs,iam,sts",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state.storage),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state.objects),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
    }


def of_standin(secrets: Secrets) -> dict[str, str]:
    """What WeChat's stand-in is told."""
    return shell() | _wechat(secrets) | {"STANDIN_OPENID_KEY": secrets.openid_key}


def of_functions(
    manifest: Manifest, secrets: Secrets, *, origin: str, storage: str, wechat: str, queues: Mapping[str, str]
) -> dict[str, str]:
    """What the functions are told, and an operator's command that joins them."""
    prefix = manifest.prefix(STAGE)
    return {
        "TEAN_TABLE_PREFIX": prefix,
        **manifest.limits.variables(),
        "TEAN_FILES_ORIGIN": origin,
        "TEAN_PEPPER": secrets.pepper,
        "TEAN_SIGNING_KEYS": json.dumps([{"kid": secrets.kid, "key": secrets.signing_key}]),
        "WECHAT_API": wechat,
        **{f"TEAN_BUCKET_{name.upper()}": physical(prefix, name) for name in manifest.buckets},
        **{f"TEAN_QUEUE_{name.upper()}": url for name, url in queues.items()},
        **_wechat(secrets),
        **_aws(secrets, storage),
    }


def _wechat(secrets: Secrets) -> dict[str, str]:
    return {"WECHAT_APP_ID": secrets.wechat_app_id, "WECHAT_SECRET": secrets.wechat_secret}


def _aws(secrets: Secrets, endpoint: str) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": secrets.storage_key_id,
        "AWS_SECRET_ACCESS_KEY": secrets.storage_key,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ENDPOINT_URL_SQS": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
