"""Applying a roster: what must be written to turn what is registered into what the roster says."""

from __future__ import annotations

from dataclasses import dataclass

from tean.domain.registry import Person, Target, Unit


@dataclass(frozen=True)
class RosterChanges:
    """What turns one roster into another: whole items to write, access entries to add and to take away.

    People and targets are never deleted: they are written as dismissed or removed. They are applied in this order:
    ``phones_removed``, ``phones_added``, ``people``, ``targets``, and last ``unit``, which carries the new version.
    So an interrupted application is finished by applying the same file again: an access entry can be derived as long
    as its person is not written.
    """

    unit: Unit
    version: str
    people: tuple[Person, ...] = ()
    targets: tuple[Target, ...] = ()
    phones_added: tuple[tuple[str, str], ...] = ()
    """(phone hash, person code)"""
    phones_removed: tuple[tuple[str, str], ...] = ()
