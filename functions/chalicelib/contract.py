"""How a route is declared: once, for Chalice, for the check of the caller, and for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, TypeVar

from chalice import Blueprint, Response
from chalice.app import ChaliceUnhandledError
from pydantic import ValidationError

from chalicelib.problems import invalid_request
from schemas.base import Answer, Request
from schemas.language import Role
from tean import bootstrap
from tean.domain.errors import Forbidden
from tean.domain.membership import Membership

EVERYBODY = frozenset(Role)
INSPECTORS = EVERYBODY - {Role.ADMINISTRATOR}
"""Who has anything to inspect, and so may read what was found."""
ADMINISTRATORS = EVERYBODY - INSPECTORS
"""Who sets the unit up."""
PRINCIPALS = frozenset({Role.PRINCIPAL})
"""Who answers for the whole unit."""
LEADERS = frozenset({Role.DIRECTOR}) | PRINCIPALS
"""Who reports, and answers for what officers do."""
ANYONE: frozenset[Role] = frozenset()
"""Nobody needs to be logged in."""

BodyT = TypeVar("BodyT")
PathT = TypeVar("PathT")
QueryT = TypeVar("QueryT")


class Nothing(Request):
    """No body, no query, no path parameter."""


@dataclass(frozen=True)
class Operation:
    """One route as the contract sees it. ``roles`` empty means that nobody needs to be logged in."""

    name: str
    method: str
    path: str
    summary: str
    tag: str
    roles: frozenset[Role]
    answer: type[Answer]
    status: int
    body: type[Request]
    query: type[Request]
    parameters: type[Request]


@dataclass(frozen=True)
class Call(Generic[BodyT, PathT, QueryT]):
    """A checked request: who calls, with what."""

    member: Membership
    openid: str
    body: BodyT
    path: PathT
    query: QueryT


OPERATIONS: list[Operation] = []
"""Every route there is, in the order of declaration."""

Handler = Callable[[Call[Any, Any, Any]], Answer]


def operation(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    roles: frozenset[Role],
    answer: type[Answer],
    status: int = 200,
    body: type[Request] = Nothing,
    query: type[Request] = Nothing,
    parameters: type[Request] = Nothing,
) -> Callable[[Handler], Handler]:
    """Declare a route. The handler gets a checked :class:`Call` and returns its answer model."""

    def declare(handler: Handler) -> Handler:
        name = handler.__name__
        spec = Operation(
            name=name,
            method=method,
            path=path,
            summary=(handler.__doc__ or "").strip().splitlines()[0],
            tag=handler.__module__.rpartition(".")[2],
            roles=roles,
            answer=answer,
            status=status,
            body=body,
            query=query,
            parameters=parameters,
        )
        OPERATIONS.append(spec)

        # Chalice turns an exception of a view into its own 500 unless it is this one: so everything travels as its
        # cause to the middleware, where the whole tree is mapped in one place.
        @wraps(handler)
        def view(**path_values: str) -> Response:
            try:
                return _answer(spec, handler(_call(spec, blueprint.current_request, path_values)))
            except Exception as error:
                raise ChaliceUnhandledError(name) from error

        blueprint.route(path, methods=[method], name=name)(view)
        return handler

    return declare


def _call(spec: Operation, request: Any, path_values: dict[str, str]) -> Call[Any, Any, Any]:
    openid, member = _caller(spec, request)
    return Call(
        member=member,
        openid=openid,
        body=_parsed(spec.body, request.raw_body) if spec.body is not Nothing else Nothing(),
        path=_checked(spec.parameters, path_values),
        query=_checked(spec.query, dict(request.query_params or {})),
    )


def _caller(spec: Operation, request: Any) -> tuple[str, Membership]:
    if not spec.roles:
        return "", NOBODY
    openid, member = bootstrap.services().tokens.read(_bearer(request.headers), bootstrap.services().clock())
    if member.role not in spec.roles:
        raise Forbidden("session.wrong_role", "您现在的岗位不能做这件事，请切换岗位或联系本单位管理员。")
    return openid, member


NOBODY = Membership(unit="", person="", name="", role=Role.OFFICER, sides=frozenset())
"""Stands for the caller where none is needed; it has no unit, so it reaches nothing."""


def _bearer(headers: Any) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _parsed(model: type[Request], raw: bytes) -> Request:
    try:
        return model.model_validate_json(raw or b"")
    except ValidationError as error:
        raise invalid_request(error) from error


def _checked(model: type[Request], values: dict[str, str]) -> Request:
    try:
        return model.model_validate_strings(values)
    except ValidationError as error:
        raise invalid_request(error) from error


def _answer(spec: Operation, answer: Answer) -> Response:
    # Text, not a dict: Chalice would escape every Chinese character of a dict.
    return Response(answer.to_json(), {"Content-Type": "application/json"}, spec.status)
