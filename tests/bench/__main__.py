"""Measure everything, show it, and write it into docs/figures.md."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Callable

from infra.environment import ROOT
from tests import figures
from tests.bench import parts
from tests.bench.frameworks import DRF, FASTAPI, FRAME, WHOLE, frameworks
from tests.bench.lines import HEAD, line
from tests.bench.opening_a_day import DEVICES, opening
from tests.bench.routes import GET, POST
from tests.bench.todo_page import adapter_alone, whole_answer

COMPARED = ("fastapi", "mangum", "djangorestframework", "django", "apig-wsgi")


def requests() -> str:
    """Through the whole stack, against two frameworks."""
    measured = frameworks()
    names = {WHOLE: "everything", FRAME: "up to the use case"}
    goals = {FASTAPI: ("FastAPI", 0.5), DRF: ("Django REST framework", 0.1)}
    return figures.table(
        HEAD,
        [
            line(f"`{route}`, {names[ours]} / {goals[theirs][0]}", ratio, goals[theirs][1])
            for (route, ours, theirs), ratio in measured.items()
        ],
    )


def shares() -> str:
    """Where the time of our requests goes."""
    measured = parts.shares()
    rows = (parts.TOKEN, parts.BODY, parts.USE_CASE, parts.ANSWER, parts.REST)
    return figures.table(
        ("share of", f"`{POST}`", f"`{GET}`"),
        [(part, *(_percent(measured[route].get(part)) for route in (POST, GET))) for part in rows],
    )


def storage() -> str:
    """Through the adapter, against the bare client."""
    opened = opening()
    return figures.table(
        HEAD,
        [
            line("50 to-dos: the adapter's rows / the bare client's items", adapter_alone()),
            line("50 to-dos: our answer / the bare client's items as JSON", whole_answer(), 1.15),
            line(f"a day of {DEVICES} devices opened / a loop of conditional puts", opened.ratio, 1 / 7),
            ("its requests", f"{_calls(opened.ours)} / {_calls(opened.theirs)}", "", ""),
            ("opened again: its requests", _calls(opened.again), "no write", ""),
        ],
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _calls(calls: Counter[str]) -> str:
    return ", ".join(f"{count} {operation}" for operation, count in sorted(calls.items()))


def versions() -> str:
    """On what, and against what."""
    locked = dict(
        re.findall(r"^([\w-]+)==(\S+)", (ROOT / "requirements" / "bench.txt").read_text("utf-8"), re.MULTILINE)
    )
    compared = ", ".join(f"{name} {locked[name]}" for name in COMPARED)
    python = ".".join(map(str, sys.version_info[:2]))
    return f"On {os.cpu_count()} cores, by Python {python}, against {compared}."


SECTIONS: dict[str, Callable[[], str]] = {
    "A request": requests,
    "Where its time goes": shares,
    "Storage": storage,
}


def main() -> None:
    """A section after the other, each shown as soon as it is there."""
    told = [versions()]
    sys.stdout.write(f"{told[0]}\n\n")
    for title, measure in SECTIONS.items():
        told.append(f"### {title}\n\n{measure()}")
        sys.stdout.write(f"{told[-1]}\n\n")
        sys.stdout.flush()
    figures.write("bench", "\n\n".join(told))


if __name__ == "__main__":
    main()
