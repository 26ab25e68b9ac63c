"""An officer, a director and a principal of one unit kind, each with a phone of his own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra import demo
from infra.phone import Phone, until
from tean.domain.calendar import business_date

ROLES = ("officer", "director", "principal")


@dataclass(frozen=True)
class Crew:
    """Who plays a unit's day."""

    kind: str
    officer: Phone
    director: Phone
    principal: Phone


def crew_of(origin: str, kind: str) -> Crew:
    """The demo unit that is only of this kind."""
    held: dict[str, Phone] = {}
    for person in demo.people():
        for membership in Phone(origin, person.phone).login()["memberships"]:
            if membership["sides"] == [kind] and membership["role"] in ROLES and membership["role"] not in held:
                phone = held[membership["role"]] = Phone(origin, person.phone)
                phone.login()
                phone.switch(membership["unit"], membership["role"])
    return Crew(kind, *(held[role] for role in ROLES))


def first_open(officer: Phone) -> dict[str, Any]:
    """An open to-do of today; the day is opened by the schedule, which may take a moment."""

    def still_open() -> list[dict[str, Any]]:
        day = officer.get("/v1/todos")["today"]
        return [row for row in officer.pages("/v1/todos") if row["due"] == day and row["state"] == "open"]

    todos: list[dict[str, Any]] = until(still_open, bool)
    return todos[0]


def open_task(officer: Phone, todo: dict[str, Any]) -> dict[str, Any]:
    """The task behind a to-do."""
    task: dict[str, Any] = officer.get(f"/v1/tasks/{todo['duty']}/{todo['due']}/{todo['target']}")
    return task


def tomorrow() -> str:
    """Tomorrow in Asia/Shanghai."""
    return (business_date(datetime.now(UTC)) + timedelta(days=1)).isoformat()
