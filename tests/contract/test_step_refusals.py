"""A step that is refused: each reason alone is named, and nothing is half-written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from schemas.language import Duty, FileKind, Grade, HazardState, PersonState, Role, UnitKind, Verdict
from tean.adapters.ports.hazards import Move, NotMoved
from tean.adapters.ports.store import Store
from tests.fakes import builders, scenes
from tests.fakes.builders import HEX, UNIT

PHOTO = f"P1.{HEX}"


def _dismissed(store: Store) -> Move:
    hazard = scenes.ordered(store)
    scenes.change(store, builders.person("P1", state=PersonState.DISMISSED))
    return builders.move(hazard, builders.confirmation(hazard))


def _post_taken(store: Store) -> Move:
    hazard = scenes.reported(store)
    scenes.change(store, builders.person("D1", Role.PRINCIPAL))
    return builders.move(hazard, builders.order(hazard))


def _post_on_fewer_sides(store: Store) -> Move:
    hazard = scenes.reported(store)
    director = builders.membership("D1", Role.DIRECTOR, sides=frozenset(UnitKind))
    return builders.move(hazard, builders.order(hazard), membership=director)


def _assigned_to_nobody(store: Store) -> Move:
    return _ordering(store, assignee="P9")


def _assigned_to_no_officer(store: Store) -> Move:
    return _ordering(store, assignee="B1", officers=())


def _assigned_to_a_stranger(store: Store) -> Move:
    return _ordering(store, assignee="P2", officers=("P1",))


def _assigned_to_the_dismissed(store: Store) -> Move:
    move = _ordering(store, assignee="P2")
    scenes.change(store, builders.person("P2", state=PersonState.DISMISSED))
    return move


def _assigned_to_an_officer_of_another_side(store: Store) -> Move:
    move = _ordering(store, assignee="P2", officers=())
    _post(store, "P2", Role.OFFICER, frozenset({UnitKind.FILLING}))
    return move


def _director_who_is_an_officer_of_another_side_assigns_himself(store: Store) -> Move:
    move = _ordering(store, assignee="D1", officers=())
    posts = {Role.DIRECTOR: builders.USE, Role.OFFICER: frozenset({UnitKind.FILLING})}
    scenes.change(store, builders.person("D1", roles=posts))
    return move


def _director_assigns_himself(store: Store) -> Move:
    return _ordering(store, assignee="D1", officers=())


def _director_assigns_himself_to_a_strangers_target(store: Store) -> Move:
    move = _ordering(store, assignee="D1", officers=("P1",))
    both = builders.person("D1", roles={Role.DIRECTOR: builders.USE, Role.OFFICER: builders.USE})
    scenes.change(store, both)
    return move


def _signature_as_a_photo(store: Store) -> Move:
    return _confirming(store, scenes.settled(store, kind=FileKind.SIGNATURE, content_type="image/png").file)


def _photo_never_uploaded(store: Store) -> Move:
    return _confirming(store, PHOTO)


def _photo_pending(store: Store) -> Move:
    scenes.begun(store, builders.upload())
    return _confirming(store, PHOTO)


def _photo_refused(store: Store) -> Move:
    return _confirming(store, scenes.settled(store, verdict=Verdict.REFUSED).file)


def _photo_of_a_colleague(store: Store) -> Move:
    return _confirming(store, scenes.settled(store, "P2").file)


def _one_of_two_photos_unfit(store: Store) -> Move:
    return _confirming(store, scenes.settled(store).file, f"P1.{HEX[::-1]}")


def _no_such_hazard(store: Store) -> Move:
    scenes.reported(store)
    unknown = builders.hazard(item="EL-D-09")
    return builders.move(unknown, builders.order(unknown))


def _no_such_hazard_to_end(store: Store) -> Move:
    scenes.reported(store)
    unknown = builders.hazard(item="EL-D-09")
    return builders.move(unknown, builders.confirmation(unknown), assignee_only=False)


FIXED_REASONS: list[tuple[Callable[[Store], Move], NotMoved]] = [
    (_dismissed, NotMoved(dismissed=True)),
    (_post_taken, NotMoved(dismissed=True)),
    (_post_on_fewer_sides, NotMoved(dismissed=True)),
    (_assigned_to_nobody, NotMoved(assignee_unfit=True)),
    (_assigned_to_no_officer, NotMoved(assignee_unfit=True)),
    (_assigned_to_a_stranger, NotMoved(assignee_unfit=True)),
    (_assigned_to_the_dismissed, NotMoved(assignee_unfit=True)),
    (_assigned_to_an_officer_of_another_side, NotMoved(assignee_unfit=True)),
    (_director_who_is_an_officer_of_another_side_assigns_himself, NotMoved(assignee_unfit=True)),
    (_director_assigns_himself, NotMoved(assignee_unfit=True)),
    (_director_assigns_himself_to_a_strangers_target, NotMoved(assignee_unfit=True)),
    (_signature_as_a_photo, NotMoved(files_unfit=True)),
    (_photo_never_uploaded, NotMoved(files_unfit=True)),
    (_photo_pending, NotMoved(files_unfit=True)),
    (_photo_refused, NotMoved(files_unfit=True)),
    (_photo_of_a_colleague, NotMoved(files_unfit=True)),
    (_one_of_two_photos_unfit, NotMoved(files_unfit=True)),
    (_no_such_hazard, NotMoved(missing=True)),
    (_no_such_hazard_to_end, NotMoved(missing=True)),
]


@pytest.mark.parametrize(("stage", "refusal"), FIXED_REASONS, ids=[stage.__name__[1:] for stage, _ in FIXED_REASONS])
def test_what_stands_in_the_way_is_named_and_nothing_is_written(
    store: Store, stage: Callable[[Store], Move], refusal: NotMoved
) -> None:
    move = stage(store)
    before = scenes.everything(store)

    assert store.move(move) == refusal
    assert scenes.everything(store) == before


def _taken_already(store: Store) -> Move:
    hazard = scenes.reported(store)
    assert store.move(builders.move(hazard, builders.order(hazard, assignee="P2"))) is None
    return builders.move(hazard, builders.order(hazard))


def _old_version(store: Store) -> Move:
    hazard = scenes.ordered(store)
    return builders.move(hazard, builders.confirmation(hazard), seen_version=1)


def _other_grade(store: Store) -> Move:
    hazard = scenes.ordered(store)
    return builders.move(hazard, builders.confirmation(hazard), seen_grade=Grade.MAJOR)


def _out_of_turn(store: Store) -> Move:
    hazard = scenes.reported(store)
    return builders.move(hazard, builders.order(hazard), from_state=HazardState.ORDERED)


def _already_rectified(store: Store) -> Move:
    scenes.report(store, hazard := scenes.on_site())
    return builders.move(hazard, builders.order(hazard), from_state=HazardState.REPORTED)


def _not_the_assignee(store: Store) -> Move:
    hazard = scenes.ordered(store)
    return builders.move(hazard, builders.confirmation(hazard, by="P2"))


def _nobody_assigned(store: Store) -> Move:
    hazard = scenes.reported(store)
    return builders.move(hazard, builders.confirmation(hazard), assignee_only=True)


def _finder_himself(store: Store) -> Move:
    hazard = scenes.ordered(store)
    return builders.move(hazard, builders.confirmation(hazard), other_than_finder=True)


def _of_another_duty(store: Store) -> Move:
    hazard = scenes.reported(store)
    return builders.move(hazard, builders.order(hazard), duty=Duty.WEEKLY)


def _director_of_another_side(store: Store) -> Move:
    hazard = scenes.reported(store)
    _post(store, "D1", Role.DIRECTOR, builders.USE | {UnitKind.FILLING})
    elsewhere = builders.membership("D1", Role.DIRECTOR, sides=frozenset({UnitKind.FILLING}))
    return builders.move(hazard, builders.order(hazard, assignee=None), membership=elsewhere)


def _director_of_other_kinds(store: Store) -> Move:
    hazard = scenes.reported(store)
    elsewhere = builders.membership("D1", Role.DIRECTOR, kinds=frozenset({"5000", "300"}))
    return builders.move(hazard, builders.order(hazard), membership=elsewhere)


def _principal_where_there_is_a_director(store: Store) -> Move:
    hazard = scenes.reported(store)
    principal = builders.membership("B1", Role.PRINCIPAL, stands_in=frozenset({"5000", "300"}))
    return builders.move(hazard, builders.order(hazard, by="B1"), membership=principal, in_directors_place=True)


OUT_OF_TURN: Sequence[Callable[[Store], Move]] = [
    _taken_already,
    _old_version,
    _other_grade,
    _out_of_turn,
    _already_rectified,
    _not_the_assignee,
    _nobody_assigned,
    _finder_himself,
    _of_another_duty,
    _director_of_another_side,
    _director_of_other_kinds,
    _principal_where_there_is_a_director,
]


@pytest.mark.parametrize("stage", OUT_OF_TURN, ids=[stage.__name__[1:] for stage in OUT_OF_TURN])
def test_a_step_out_of_turn_is_answered_with_the_hazard_as_it_stands(
    store: Store, stage: Callable[[Store], Move]
) -> None:
    move = stage(store)
    before = scenes.everything(store)
    found = store.hazard(UNIT, move.step.hazard)
    assert found is not None

    assert store.move(move) == NotMoved(hazard=found[0])
    assert scenes.everything(store) == before


def test_a_dismissed_director_cannot_even_assign_himself(store: Store) -> None:
    move = _ordering(store, assignee="D1", officers=())
    posts = {Role.DIRECTOR: builders.USE, Role.OFFICER: builders.USE}
    scenes.change(store, builders.person("D1", roles=posts, state=PersonState.DISMISSED))
    before = scenes.everything(store)

    refused = store.move(move)

    assert refused is not None and (refused.dismissed or refused.assignee_unfit)
    assert scenes.everything(store) == before


def test_a_step_sent_twice_is_told_by_its_digest(store: Store) -> None:
    hazard = scenes.reported(store)
    move = builders.move(hazard, builders.order(hazard), digest="d" * 64)
    assert store.move(move) is None

    again = store.move(move)

    assert again is not None and again.hazard is not None
    assert (again.hazard.last_step, again.hazard.version) == ("d" * 64, 2)
    assert len(scenes.steps_of(store, hazard)) == 1


def test_everything_in_the_way_is_named_at_once(store: Store) -> None:
    move = _confirming(store, PHOTO)
    unfit = replace(move, step=replace(move.step, assignee="P9"), seen_version=1)
    scenes.change(store, builders.person("P1", state=PersonState.DISMISSED))

    refused = store.move(unfit)

    stands = scenes.as_it_stands(store, builders.hazard())
    assert refused == NotMoved(dismissed=True, assignee_unfit=True, files_unfit=True, hazard=stands)


def _post(store: Store, code: str, role: Role, sides: frozenset[UnitKind]) -> None:
    """Give somebody this one post."""
    scenes.change(store, builders.person(code, roles={role: sides}))


def _ordering(store: Store, assignee: str, officers: tuple[str, ...] = ("P1", "P2")) -> Move:
    scenes.report(store, hazard := builders.hazard(), officers=officers)
    return builders.move(hazard, builders.order(hazard, assignee=assignee))


def _confirming(store: Store, *photos: str) -> Move:
    hazard = scenes.ordered(store)
    return builders.move(hazard, builders.confirmation(hazard, photos=photos))
