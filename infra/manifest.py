"""``chalicelake.yaml``, checked whole: the one place that says what is deployed.

:func:`load` is the only way to it. Everything else is generated from it (``infra.generate``) or run after it (the
one-machine stack). ``docs/manifest.md`` tells what each field means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from infra.generate.cron import to_utc
from tean.domain.errors import Invalid, NotFound

PATH = Path(__file__).parent.parent / "chalicelake.yaml"
API = "api_handler"
"""The function behind API Gateway; Chalice fixes its name."""

_GATEWAY_SECONDS = 29
_VISIBILITY_TIMES = 6

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Access = Literal["r", "w", "rw"]
TableAccess = Literal[Access, "g", "u", "ru"]
"""``g`` only gets what it has the key of, and lists nothing; ``u`` only updates: it adds and changes items, and
replaces none."""
Origin = Annotated[str, Field(pattern=r"^https://[a-z0-9-]+(\.[a-z0-9-]+)+$")]
"""Where a page comes from: no path, no slash at the end, and never everywhere (``*``)."""
RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
"""The retentions CloudWatch Logs knows."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lock(_Part):
    """How long no version of a piece of evidence can be deleted: by nobody (``COMPLIANCE``), or by nobody without a
    right that no function has (``GOVERNANCE``)."""

    mode: Literal["GOVERNANCE", "COMPLIANCE"]
    years: int = Field(ge=1, le=100)


class Stage(_Part):
    """One deployment: where it runs, how many days its logs are kept, how evidence is locked.

    ``page`` is where the page for browsers comes from; without one there is only the mini-program.
    """

    partition: Literal["aws", "aws-cn"]
    region: str
    log_retention_days: RetentionDays
    lock: Lock | None = None
    page: Origin | None = None

    @model_validator(mode="after")
    def _in_its_partition(self) -> Stage:
        if self.region.startswith("cn-") != (self.partition == "aws-cn"):
            raise ValueError(f"区域 {self.region} 不在分区 {self.partition} 里")
        return self


class Layer(_Part):
    """What functions share: the ``packages`` of ours, by their place in the repository, and what
    ``requirements/<name>.txt`` locks."""

    packages: tuple[str, ...]


class Function(_Part):
    """One Lambda function. ``memory`` in MB, ``timeout`` in seconds.

    It is called by API Gateway (``api_handler``), by a ``schedule``, or by the messages of the queue it ``consumes``.
    ``queues`` are those it sends to; ``tables``, ``buckets`` and ``secrets`` are all it may touch.
    """

    memory: int = Field(ge=128, le=10240)
    timeout: int = Field(ge=1, le=900)
    layers: tuple[Name, ...] = ()
    schedule: Name | None = None
    consumes: Name | None = None
    queues: tuple[Name, ...] = ()
    tables: Mapping[Name, TableAccess] = Field(default_factory=dict)
    buckets: Mapping[Name, Access] = Field(default_factory=dict)
    secrets: tuple[Variable, ...] = ()


class Schedule(_Part):
    """When functions start: six fields as EventBridge has them, in Asia/Shanghai."""

    cron: str

    @field_validator("cron")
    @classmethod
    def _convertible(cls, cron: str) -> str:
        to_utc(cron)
        return cron

    @property
    def utc(self) -> str:
        """The same instants, as EventBridge reads them."""
        return to_utc(self.cron)

    @property
    def daily(self) -> bool:
        """Whether no day of any year is left out."""
        return set(self.cron.split()[2:]) <= {"*", "?"}


class Keys(_Part):
    """The attributes that find an item; both are strings."""

    partition: Name
    sort: Name


class Index(Keys):
    """A global secondary index: whole items, and only those that have both its keys."""


class Table(Keys):
    """A DynamoDB table. Items end at the second that the attribute ``ttl`` holds, where they have one."""

    ttl: Name | None = None
    indexes: Mapping[Name, Index] = Field(default_factory=dict)


class Bucket(_Part):
    """An S3 bucket. Objects end after ``expire_days``, or are ``versioned`` evidence, locked as the stage says."""

    expire_days: int | None = Field(default=None, ge=1)
    notify: Name | None = None
    """The queue that hears of every new object."""
    versioned: bool = False
    posts: bool = False
    """Whether the stage's page may POST files straight into it; the mini-program needs no leave."""

    @model_validator(mode="after")
    def _evidence_stays(self) -> Bucket:
        if self.versioned and self.expire_days:
            raise ValueError("保留版本的桶是证据，不能到期删除")
        return self


class Queue(_Part):
    """An SQS queue with dead letters: ``visibility`` in seconds, ``receives`` tries, ``batch`` messages a call, at most
    ``at_once`` calls."""

    visibility: int = Field(ge=1, le=43200)
    receives: int = Field(ge=1, le=1000)
    batch: int = Field(ge=1, le=10)
    at_once: int = Field(ge=2, le=1000)


class Allowance(_Part):
    """How often one person may do something: ``most`` times in each window of so many ``minutes``."""

    most: int = Field(ge=1)
    minutes: int = Field(ge=1, le=1440)


class Limits(_Part):
    """Bounds that several parts hold: bytes of an uploaded file, how often one person may log in and ask to send a
    file, bytes from which an answer is compressed on its way, requests that API Gateway lets through in a second, and
    at once."""

    upload_bytes: int = Field(gt=0)
    logins: Allowance
    uploads: Allowance
    compress_from: int = Field(ge=0, le=10485760)
    requests_per_second: int = Field(ge=1, le=10000)
    requests_at_once: int = Field(ge=1, le=5000)

    def variables(self) -> dict[str, str]:
        """What functions are told of them, by environment variable."""
        return {
            "TEAN_UPLOAD_BYTES": str(self.upload_bytes),
            "TEAN_LOGINS": f"{self.logins.most}/{self.logins.minutes}",
            "TEAN_UPLOADS": f"{self.uploads.most}/{self.uploads.minutes}",
        }


class Manifest(_Part):
    """The whole deployment."""

    app: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,15}$")]
    runtime: Annotated[str, Field(pattern=r"^python3\.\d\d$")]
    architecture: Literal["x86_64", "arm64"]
    timezone: Literal["Asia/Shanghai"]
    stages: Mapping[Name, Stage] = Field(min_length=1)
    layers: Mapping[Name, Layer]
    functions: Mapping[Name, Function]
    schedules: Mapping[Name, Schedule]
    tables: Mapping[Name, Table]
    buckets: Mapping[Name, Bucket]
    queues: Mapping[Name, Queue]
    secrets: Mapping[Variable, Name]
    """Environment variables that are secret, and their key in the stage's secret."""
    limits: Limits

    @model_validator(mode="after")
    def _fits_together(self) -> Manifest:
        faults = [*_unknown_names(self), *_triggers(self), *_idle(self), *_queues(self), *_keys(self)]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def stage(self, name: str) -> Stage:
        """A stage by its name; NotFound ``manifest.no_stage``."""
        if name not in self.stages:
            raise NotFound("manifest.no_stage", f"没有部署阶段 {name}，只有：{'、'.join(self.stages)}。")
        return self.stages[name]

    def prefix(self, stage: str) -> str:
        """What the names of a stage's tables, buckets, queues and functions begin with."""
        return f"{self.app}-{stage}"

    def consumer(self, queue: str) -> str:
        """The function that takes a queue's messages."""
        return next(name for name, function in self.functions.items() if function.consumes == queue)


def load(path: Path = PATH) -> Manifest:
    """The manifest at ``path``; every fault of it in one :class:`~tean.domain.errors.Invalid`."""
    try:
        return Manifest.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise _refusal(path, [line for fault in error.errors() for line in _said(fault)]) from error
    except (OSError, yaml.YAMLError) as error:
        raise _refusal(path, [str(error)]) from error


def _unknown_names(manifest: Manifest) -> Iterator[str]:
    for name, function in manifest.functions.items():
        yield from _missing(f"函数 {name} 用到的层", function.layers, manifest.layers)
        yield from _missing(f"函数 {name} 用到的表", function.tables, manifest.tables)
        yield from _missing(f"函数 {name} 用到的桶", function.buckets, manifest.buckets)
        yield from _missing(f"函数 {name} 要发往的队列", function.queues, manifest.queues)
        yield from _missing(f"函数 {name} 要处理的队列", [function.consumes], manifest.queues)
        yield from _missing(f"函数 {name} 的定时", [function.schedule], manifest.schedules)
        yield from _missing(f"函数 {name} 用到的密钥", function.secrets, manifest.secrets)
    for name, bucket in manifest.buckets.items():
        yield from _missing(f"桶 {name} 要通知的队列", [bucket.notify], manifest.queues)


def _missing(what: str, names: Any, known: Mapping[str, Any]) -> Iterator[str]:
    return (f"{what} {name} 没有定义" for name in names if name is not None and name not in known)


def _triggers(manifest: Manifest) -> Iterator[str]:
    for name, function in manifest.functions.items():
        triggers = [trigger for trigger in (function.schedule, function.consumes) if trigger]
        if name == API and triggers:
            yield f"函数 {API} 由网关调用，不能再有定时或队列"
        if name == API and function.timeout > _GATEWAY_SECONDS:
            yield f"函数 {API} 的时限不能超过网关的 {_GATEWAY_SECONDS} 秒"
        if name != API and len(triggers) != 1:
            yield f"函数 {name} 要么由定时、要么由队列触发，现在有 {len(triggers)} 个"
    if API not in manifest.functions:
        yield f"没有函数 {API}"


def _idle(manifest: Manifest) -> Iterator[str]:
    scheduled = {function.schedule for function in manifest.functions.values()}
    fed = {queue for function in manifest.functions.values() for queue in function.queues}
    fed |= {bucket.notify for bucket in manifest.buckets.values() if bucket.notify}
    yield from (f"定时 {name} 没有函数用" for name in manifest.schedules if name not in scheduled)
    yield from (f"队列 {name} 没有谁发消息" for name in manifest.queues if name not in fed)


def _queues(manifest: Manifest) -> Iterator[str]:
    consumers = Counter(function.consumes for function in manifest.functions.values())
    for name in manifest.queues:
        if consumers[name] != 1:
            yield f"队列 {name} 应当正好由一个函数处理，现在有 {consumers[name]} 个"
    for name, function in manifest.functions.items():
        queue = manifest.queues.get(function.consumes or "")
        # AWS's advice: room for retries while the function is throttled, or a message is handled twice at once.
        if queue and queue.visibility < _VISIBILITY_TIMES * function.timeout:
            yield f"队列 {function.consumes} 的隐藏时间应不少于函数 {name} 时限的 {_VISIBILITY_TIMES} 倍"


def _keys(manifest: Manifest) -> Iterator[str]:
    for name, table in manifest.tables.items():
        if table.partition == table.sort:
            yield f"表 {name} 的分区键和排序键同名"
        for index, keys in table.indexes.items():
            if keys.partition == keys.sort:
                yield f"表 {name} 的索引 {index} 的分区键和排序键同名"
            if (keys.partition, keys.sort) == (table.partition, table.sort):
                yield f"表 {name} 的索引 {index} 和表本身的键一样"


_WORDS = {
    "extra_forbidden": "没有这个字段",
    "missing": "缺少这个字段",
    "string_pattern_mismatch": "名字或写法不对",
    "literal_error": "没有这个选项",
    "model_type": "应当是一组字段",
}


def _said(fault: Any) -> list[str]:
    where = ".".join(str(part) for part in fault["loc"] if part != "[key]")
    what = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else _WORDS.get(fault["type"], fault["msg"])
    return [f"{where}：{line}" if where else line for line in what.splitlines()]


def _refusal(path: Path, faults: list[str]) -> Invalid:
    return Invalid("manifest.invalid", f"{path.name} 有 {len(faults)} 处不对：" + "；".join(faults), faults=faults)
