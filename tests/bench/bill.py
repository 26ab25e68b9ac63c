"""From counts to a bill, in US dollars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from infra.generate.alarms import alarms
from infra.manifest import load
from tests import figures
from tests.bench.ledger import Counts, total

SECONDS = {"api_handler": 0.15, "open_days": 2.0, "open_unit": 10.0, "sweep_uploads": 1.0, "verify_upload": 1.0}
"""Assumed, because no account was at hand: how long an invocation of each function lasts on average."""
LOGGED = 1_000
"""Assumed bytes of log for each invocation: our own line and Lambda's three."""
METRICS = 4
"""Of each function, by its log lines (docs/operations.md)."""
POLLS = 2 * 5 * 3 * 60 * 24 * 30
"""Lambda asks both queues all the time: five pollers, each waiting 20 s."""
MILLION, GIGABYTE = 1e6, 1e9
_ASKED = ("calls", "read_units", "write_units")


class Price(NamedTuple):
    """A list price of US East (N. Virginia): dollars for so much of something."""

    dollars: float
    per: float
    unit: str


PRICES: Mapping[str, Price] = {
    "DynamoDB: write units": Price(0.625, MILLION, "million"),
    "DynamoDB: read units": Price(0.125, MILLION, "million"),
    "DynamoDB: kept of one month, GB": Price(0.25, 1, "GB and month"),
    "DynamoDB: its backup, GB": Price(0.20, 1, "GB and month"),
    "Lambda: invocations": Price(0.20, MILLION, "million"),
    "Lambda: GB-seconds": Price(0.0000166667, 1, "GB-second"),
    "API Gateway (REST): requests": Price(3.50, MILLION, "million"),
    "S3: PUT and POST": Price(0.005, 1000, "thousand"),
    "S3: GET": Price(0.0004, 1000, "thousand"),
    "S3: evidence of one month, GB": Price(0.023, 1, "GB and month"),
    "SQS: requests": Price(0.40, MILLION, "million"),
    "To the internet, GB": Price(0.09, 1, "GB"),
    "CloudWatch: log, GB": Price(0.50, 1, "GB"),
    "CloudWatch: metrics": Price(0.30, 1, "metric"),
    "CloudWatch: alarms": Price(0.10, 1, "alarm"),
    "Secrets Manager: secrets": Price(0.40, 1, "secret"),
}
"""Where they were found stands in docs/deploy.md."""


def counted(counts: Counts) -> Mapping[str, float]:
    """What is paid for, by the names of :data:`PRICES`."""
    manifest, called = load(), calls(counts)
    seconds = {
        name: called[name] * SECONDS[name] * function.memory / 1024 for name, function in manifest.functions.items()
    }
    rings = [one for one in alarms(manifest, "prod").values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    return {
        "DynamoDB: write units": total(counts, "write_units"),
        "DynamoDB: read units": total(counts, "read_units"),
        "DynamoDB: kept of one month, GB": total(counts, "table_bytes") / GIGABYTE,
        "DynamoDB: its backup, GB": total(counts, "table_bytes") / GIGABYTE,
        "Lambda: invocations": sum(called.values()),
        "Lambda: GB-seconds": sum(seconds.values()),
        "API Gateway (REST): requests": called["api_handler"],
        "S3: PUT and POST": total(counts, "s3_puts"),
        "S3: GET": total(counts, "s3_gets"),
        "S3: evidence of one month, GB": total(counts, "s3_bytes_kept") / GIGABYTE,
        # Each message is sent, received and deleted.
        "SQS: requests": 3 * total(counts, "messages") + POLLS,
        "To the internet, GB": (total(counts, "bytes_out") + total(counts, "s3_bytes_out")) / GIGABYTE,
        "CloudWatch: log, GB": sum(called.values()) * LOGGED / GIGABYTE,
        "CloudWatch: metrics": METRICS * len(manifest.functions),
        "CloudWatch: alarms": len(rings),
        "Secrets Manager: secrets": 1,
    }


def calls(counts: Counts) -> Mapping[str, float]:
    """Invocations of each function."""
    return {
        "api_handler": total(counts, "calls"),
        **{name: total(counts, name) for name in ("open_days", "open_unit", "sweep_uploads", "verify_upload")},
    }


def shown(counts: Counts) -> str:
    """The counts, by what they are for."""
    activities = dict.fromkeys(activity for activity, _ in counts)
    rows = {name: [counts.get((name, what), 0) for what in _ASKED] for name in activities}
    told = sorted(rows.items(), key=lambda row: row[1][-1], reverse=True)
    everything = ("**all**", [total(counts, what) for what in _ASKED])
    return figures.table(
        ("a month of 1,000 devices", "API requests", "read units", "write units"),
        [(name, *map(whole, amounts)) for name, amounts in [*told, everything]],
    )


def invocations(counts: Counts, device_days: int) -> str:
    """What else is counted; and what comes to one device on one day."""
    kept, sent = (total(counts, what) / GIGABYTE for what in ("s3_bytes_kept", "s3_bytes_in"))
    each = (total(counts, what) / device_days for what in _ASKED)
    rows = [
        *((f"invocations of `{name}`", whole(many)) for name, many in calls(counts).items()),
        ("S3: PUT and POST, GET", f"{whole(total(counts, 's3_puts'))}, {whole(total(counts, 's3_gets'))}"),
        ("GB of files sent, kept (with thumbnails)", f"{sent:.1f}, {kept:.1f}"),
        ("MB that DynamoDB keeps, indexes with it", whole(total(counts, "table_bytes") / MILLION)),
        ("a device and day: API requests, read units, write units", ", ".join(f"{amount:.1f}" for amount in each)),
    ]
    return figures.table(("", "a month"), rows)


def bill(paid: Mapping[str, float]) -> str:
    """Counts × prices."""
    rows = [
        (name, amount_of(paid[name]), f"$ {price.dollars:.10g} / {price.unit}", f"{cost(paid, name):.2f}")
        for name, price in PRICES.items()
    ]
    everything = ("**all**", "", "", f"**{sum(cost(paid, name) for name in PRICES):.2f}**")
    return figures.table(("", "a month", "list price", "$ a month"), [*rows, everything])


def cost(paid: Mapping[str, float], name: str) -> float:
    """Dollars of one line."""
    return paid[name] / PRICES[name].per * PRICES[name].dollars


def whole(amount: float) -> str:
    """A count as it is read."""
    return f"{amount:,.0f}"


def amount_of(amount: float) -> str:
    """The same, and what is small with its parts."""
    return whole(amount) if amount >= 100 or amount == int(amount) else f"{amount:.1f}"
