"""``python -m infra.operate``: units from roster files (``check``, ``apply``; docs/roster.md), the chains of a restored
table (``chain``; docs/deploy.md), messages that were given up (``dead``; docs/operations.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from infra.operate import dead
from infra.operate.chain import judge
from infra.operate.commands import State, refusals
from infra.operate.connection import connect
from infra.operate.files import check_file
from infra.operate.printing import Printer
from schemas.roster import Finding, RosterFile
from tean.domain.calendar import business_date
from tean.domain.errors import Invalid
from tean.domain.roster_checks import Examination
from tean.services.unit_setup import UnitSetupService

Files = Annotated[list[Path], typer.Argument(metavar="文件...", help="名册：.yaml 或 .csv，每个文件一个单位")]
Successors = Annotated[
    list[str], typer.Option(metavar="工号=工号", help="离岗的人没办完的事由谁接手，如 A01=A02；可以写几次")
]
Scans = Annotated[list[Path], typer.Argument(metavar="文件...", help="aws dynamodb scan 所得的 JSON，合起来是一张表")]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class World:
    """What lies outside of a command: the system it reaches, and the time."""

    connect: Callable[[Path], UnitSetupService] = connect
    clock: Callable[[], datetime] = _now

    def today(self) -> date:
        """The business date a roster is checked against."""
        return business_date(self.clock())


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="运行特安的人用的命令：名册（docs/roster.md）、死信（docs/operations.md）、恢复后的核对（docs/deploy.md）",
)
app.add_typer(dead.app, name="dead")


@app.command(help="只检查名册，不连接、不写入")
def check(ctx: typer.Context, files: Files) -> None:
    """Say everything that is wrong with the files; exit code 1 when anything is."""
    _checked(files, _world(ctx).today(), Printer())


@app.command(help="检查名册，再把与已登记的差别写入")
def apply(
    ctx: typer.Context,
    files: Files,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示差别，不写入")] = False,
    successor: Successors = [],  # noqa: B006 (typer wants a list)
    state: State = Path(".state"),
) -> None:
    """Check every file, then write the difference of each; nothing is written unless all of them are right."""
    printer, world = Printer(), _world(ctx)
    with refusals(printer):
        rosters, heirs = _checked(files, world.today(), printer), _heirs(successor, files)
        setup = world.connect(state)
        # Every comparison comes before the first write: a refusal of the last file must not leave the first applied.
        previews = [setup.preview(roster, heirs) for roster in rosters]
        reports = previews if dry_run else [setup.apply(roster, heirs) for roster in rosters]
        for report in reports:
            printer.report(report, written=not dry_run)


@app.command(help="核对恢复出来的记录表：每条链都完整吗")
def chain(files: Scans) -> None:
    """Tell what is wrong; exit code 1 when a chain is broken, there is none, or a file is no scan."""
    with refusals(printer := Printer()):
        lines, whole = judge(files)
        for line in lines:
            printer.line(line)
        raise typer.Exit(0 if whole else 1)


def _heirs(pairs: Sequence[str], files: Sequence[Path]) -> Mapping[str, str]:
    """Who takes over from whom; codes are those of one unit, so there must be one file."""
    heirs = dict(pair.split("=") for pair in pairs if pair.count("=") == 1)
    if len(heirs) < len(pairs) or (heirs and len(files) > 1):
        raise Invalid(
            "roster.successor_unreadable",
            "接手的人写成 --successor 离岗的工号=接手的工号，一次只给一个文件。什么都没有写入。",
        )
    return heirs


def _world(ctx: typer.Context) -> World:
    return ctx.obj if isinstance(ctx.obj, World) else World()


def _checked(files: Sequence[Path], today: date, printer: Printer) -> list[RosterFile]:
    examined = list(_each_its_own_unit((path, check_file(path, today)) for path in files))
    for path, examination in examined:
        printer.findings(path.name, examination)
    rosters = [examination.file for _, examination in examined if examination.file]
    if len(rosters) < len(files):
        printer.line("什么都没有写入。改好后再运行一次。", "bold red")
        raise typer.Exit(1)
    return rosters


def _each_its_own_unit(examined: Iterable[tuple[Path, Examination]]) -> Iterator[tuple[Path, Examination]]:
    """Of two files of one unit, the second applied would dismiss everybody who is only in the first."""
    first: dict[str, Path] = {}
    for path, examination in examined:
        file = examination.file
        if file and first.setdefault(file.unit.code, path) is not path:
            twice = Finding(sentence=f"{first[file.unit.code].name} 写的是同一个单位；一个单位只写在一个文件里")
            yield path, Examination(None, (twice, *examination.findings))
        else:
            yield path, examination


if __name__ == "__main__":
    app()
