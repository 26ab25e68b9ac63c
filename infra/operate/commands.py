"""What all of the operator's commands share: which system is meant, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from infra.operate.printing import Printer
from tean.domain.errors import Problem

State = Annotated[Path, typer.Option(metavar="目录", help="本机运行时的状态目录；已设置环境变量时不看它")]


@contextmanager
def refusals(printer: Printer) -> Iterator[None]:
    """Whatever refuses or fails within is told in one sentence, and ends the command with 1."""
    try:
        yield
    except Problem as problem:
        printer.line(problem.sentence, "bold red")
        raise typer.Exit(1) from None
    except (BotoCoreError, ClientError, PynamoDBException) as failure:
        reason = _reason(failure)
        printer.line(f"云服务没有照办（{reason}）。已完成的不受影响；修好后再运行一次，会接着做完。", "bold red")
        raise typer.Exit(1) from None


def _reason(failure: Exception) -> str:
    # Its own words may quote what was sent.
    if isinstance(failure, ClientError):
        return str(failure.response.get("Error", {}).get("Code"))
    return type(failure).__name__
