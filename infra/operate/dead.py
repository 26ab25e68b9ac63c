"""``python -m infra.operate dead show|replay|drop``: messages that were given up (docs/operations.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from infra.operate.commands import State, refusals
from infra.operate.connection import dead_letters
from infra.operate.letters import HOLD_SECONDS, SHORT, DeadLetters, Letter, Settled
from infra.operate.printing import Printer
from tean.domain.calendar import SHANGHAI
from tean.domain.errors import Invalid, NotFound

Stage = Annotated[
    str | None, typer.Option(metavar="阶段", help="正式环境的阶段，如 prod；不写则是本机，或环境变量所指")
]
Name = Annotated[str | None, typer.Option("--queue", metavar="队列", help="只看这一个队列，如 days")]
Most = Annotated[int, typer.Option(min=1, max=1000, metavar="条数", help="每个队列一次最多取几条")]
Ids = Annotated[list[str], typer.Argument(metavar="[编号...]", help="show 列出的编号，至少写那 8 位")]
Chosen = Annotated[list[str], typer.Argument(metavar="编号...", help="show 列出的编号，至少写那 8 位")]

app = typer.Typer(no_args_is_help=True, help="死信：处理不了、已放弃的消息")


@app.command(help="列出死信：每条从何时起、送达过几次、关于什么")
def show(queue: Name = None, most: Most = 100, stage: Stage = None, state: State = Path(".state")) -> None:
    """Show, and change nothing but how often each was received."""
    with refusals(printer := Printer()):
        for each in _queues(state, stage, queue):
            others = each.held_elsewhere()
            _tell(printer, each, each.look(most), most)
            _tell_others(printer, others)


@app.command(help="把死信送回原来的队列，再从死信里删去")
def replay(
    ids: Ids = [],  # noqa: B006 (typer wants a list)
    queue: Name = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示会送回哪些，不送")] = False,
    most: Most = 1000,
    stage: Stage = None,
    state: State = Path(".state"),
) -> None:
    """Send all again that can be read, or those that are named, read or not."""
    with refusals(printer := Printer()):
        chosen = _named(ids) if ids else _readable
        if dry_run:
            _settle(printer, ids, _queues(state, stage, queue), lambda each: each.preview(chosen, most), "会送回")
        else:
            _settle(printer, ids, _queues(state, stage, queue), lambda each: each.replay(chosen, most), "送回")


@app.command(help="删去不再有人要的死信，不送回")
def drop(
    ids: Chosen, queue: Name = None, most: Most = 1000, stage: Stage = None, state: State = Path(".state")
) -> None:
    """Delete those that are named."""
    with refusals(printer := Printer()):
        _settle(printer, ids, _queues(state, stage, queue), lambda each: each.drop(_named(ids), most), "删去")


def _queues(state: Path, stage: str | None, only: str | None) -> list[DeadLetters]:
    found = dead_letters(state, stage)
    if only and only not in found:
        raise NotFound("operate.no_queue", f"没有队列 {only}，只有：{'、'.join(found)}。")
    return [found[only]] if only else list(found.values())


def _readable(letter: Letter) -> bool:
    return letter.about is not None


def _named(ids: Sequence[str]) -> Callable[[Letter], bool]:
    if short := [each for each in ids if len(each) < SHORT]:
        raise Invalid("operate.short_id", f"编号 {'、'.join(short)} 太短；请写 show 列出的 {SHORT} 位。什么都没有动。")
    return lambda letter: letter.id.startswith(tuple(ids))


def _settle(
    printer: Printer,
    ids: Sequence[str],
    queues: Sequence[DeadLetters],
    action: Callable[[DeadLetters], Settled],
    word: str,
) -> None:
    """Do it in each queue and tell; 1 when a letter that was named is not there."""
    settled = []
    for each in queues:
        others = each.held_elsewhere()
        settled.append(action(each))
        _tell_settled(printer, each, settled[-1], word)
        _tell_others(printer, others)
    done = [letter.id for one in settled for letter in one.done]
    if missing := [name for name in ids if not any(known.startswith(name) for known in done)]:
        printer.line(f"没有找到 {'、'.join(missing)}；可能已被送回，或正被别人查看。请再 show 一次。", "bold red")
        raise typer.Exit(1)


def _tell_settled(printer: Printer, queue: DeadLetters, settled: Settled, word: str) -> None:
    printer.line(f"{queue.name}：{word} {len(settled.done)} 条，留下 {len(settled.kept)} 条", "bold")
    for letter in settled.done:
        printer.line(f"  {letter.short_id}  {_about(letter)}")
    if unread := sum(letter.about is None for letter in settled.kept):
        printer.line(f"  留下的有 {unread} 条读不懂，写明编号才会动", "yellow")


def _tell(printer: Printer, queue: DeadLetters, letters: Sequence[Letter], most: int) -> None:
    more = "（只取了这么多，可能还有）" if len(letters) == most else ""
    since = f"，最早的发出于 {_when(letters[0])}" if letters else ""
    printer.line(f"{queue.name}：{len(letters)} 条{more}{since}", "bold" if letters else "green")
    for letter in letters:
        printer.line(f"  {letter.short_id}  {_when(letter)} 发出  送达过 {letter.received} 次  {_about(letter)}")


def _tell_others(printer: Printer, others: int) -> None:
    # Counted before we looked: afterwards our own might be among them.
    if others:
        printer.line(f"  另有约 {others} 条正被别人查看，最多 {HOLD_SECONDS // 60} 分钟后再看", "yellow")


def _about(letter: Letter) -> str:
    return letter.about or f"读不懂（{len(letter.body.encode())} 字节）"


def _when(letter: Letter) -> str:
    return f"{letter.sent.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
