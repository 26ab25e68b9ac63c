"""What schedules and queues call. Their triggers are written in ``chalicelake.yaml``, not here.

Every event may come twice, late or out of order; the use cases behind are safe against that. A queue handler returns
the messages that failed, so that the others of the batch are not delivered again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from chalice import Blueprint

from chalicelib.telemetry import note, told, write_json_lines
from tean import bootstrap

# Whether the app is loaded, as for the API, or this alone.
write_json_lines()
blueprint = Blueprint(__name__)
log = logging.getLogger("tean")

Batch = dict[str, list[dict[str, str]]]


@blueprint.lambda_function(name="open_days")
@told
def open_days(event: dict[str, Any], context: Any) -> dict[str, int]:
    """00:05 Asia/Shanghai: a message for each duty whose turn it is, of every unit of the directory."""
    return {"units": bootstrap.announcements().announce(_day_of(event))}


@blueprint.lambda_function(name="open_unit")
@told
def open_unit(event: dict[str, Any], context: Any) -> Batch:
    """Close what is over of one duty of one unit, then open what is on."""
    # The API loads this file too, because Chalice is told of all handlers by the app.
    from schemas.events import OpenUnit

    return _each(event, lambda body: bootstrap.days().open(OpenUnit.model_validate_json(body)))


@blueprint.lambda_function(name="verify_upload")
@told
def verify_upload(event: dict[str, Any], context: Any) -> Batch:
    """Judge files that arrived in the incoming bucket."""
    return _each(event, lambda body: bootstrap.arrivals().settle(json.loads(body)))


@blueprint.lambda_function(name="sweep_uploads")
@told
def sweep_uploads(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Every quarter of an hour: files that arrived and have no verdict are judged after all, the others given up."""
    swept = asdict(bootstrap.sweep().sweep())
    note(**swept)
    return swept


def _day_of(event: dict[str, Any]) -> date:
    # A rule that fires late still means the day of its own time, not of the moment it is handled.
    return bootstrap.announcements().day_of(event.get("time"))


def _each(event: dict[str, Any], handle: Callable[[str], object]) -> Batch:
    failures = []
    for record in event["Records"]:
        try:
            handle(record["body"])
        except Exception as error:
            name = type(error).__name__
            log.error("message %s failed: %s", record["messageId"], name, exc_info=error, extra={"facts": _of(record)})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def _of(record: dict[str, str]) -> dict[str, str]:
    """Whose day it was, for who reads the log; a file's message names a person, and is not told."""
    try:
        body = json.loads(record["body"])
        return {name: str(body[name]) for name in ("unit", "duty", "due")}
    except (ValueError, KeyError, TypeError):
        return {}
