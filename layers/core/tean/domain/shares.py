"""For whom one record, or one report, of a bucket stands."""

from __future__ import annotations

from schemas.language import Duty, Role

_OF_TARGETS = frozenset({Duty.DAILY})


def asked_by_kind(duty: Duty) -> bool:
    """Whether a duty is asked once of a target kind, of each officer for himself; else it is asked of every target,
    once for all its officers."""
    return duty not in _OF_TARGETS


OFFICERS = f"{Role.OFFICER}-"
"""What the share of one officer begins with."""


def share_of(duty: Duty, role: Role, person: str) -> str:
    """Within a bucket, for whom one record of a target, or target kind, stands (design.md §4).

    Daily control is for all: the officer who checks a target first has checked it for its other officers. Weekly and
    monthly every officer inspects for himself, while directors, and principals, share what is asked of their role.
    """
    if not asked_by_kind(duty):
        return ""
    return f"{OFFICERS}{person}" if role is Role.OFFICER else str(role)


def role_of_share(share: str) -> Role:
    """As what somebody does what is shared so."""
    return Role(share) if share in (Role.DIRECTOR, Role.PRINCIPAL) else Role.OFFICER
