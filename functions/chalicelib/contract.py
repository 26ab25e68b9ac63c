"""What a route is: its address, who may call it, and the handler that a checked request reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from chalice import Blueprint, Response
from chalice.app import ChaliceUnhandledError
from pydantic import ValidationError

from chalicelib.problems import invalid_request
from chalicelib.telemetry import note
from schemas.base import Answer, Request
from schemas.language import Role
from tean import bootstrap
from tean.domain.errors import Forbidden
from tean.domain.membership import Membership

BodyT = TypeVar("BodyT")
PathT = TypeVar("PathT")
QueryT = TypeVar("QueryT")


class Nothing(Request):
    """No body, no query, no path parameter."""


@dataclass(frozen=True)
class Call(Generic[BodyT, PathT, QueryT]):
    """A checked request: who calls, with what."""

    member: Membership
    openid: str
    body: BodyT
    path: PathT
    query: QueryT


Handler = Callable[[Call[Any, Any, Any]], Answer]


@dataclass(frozen=True)
class Operation:
    """A handler with the models of what it takes and answers, as it declares them by its annotations."""

    handle: Handler
    body: type[Request]
    path: type[Request]
    query: type[Request]
    answer: type[Answer]

    @classmethod
    def of(cls, handler: Handler) -> Operation:
        """``def handler(call: Call[Body, Path, Query]) -> Answer``."""
        hints = get_type_hints(handler)
        body, path, query = get_args(hints["call"])
        return cls(handler, body, path, query, hints["return"])


@dataclass(frozen=True)
class Route:
    """An address and its handler: ``feature.name``, a function of ``chalicelib.feature``. ``roles`` empty means that
    nobody needs to be logged in; ``counted``, that one person may only call it so often."""

    method: str
    path: str
    handler: str
    roles: frozenset[Role]
    status: int = 200
    counted: bool = False

    @property
    def feature(self) -> str:
        """The module of its handler."""
        return self.handler.partition(".")[0]

    @property
    def name(self) -> str:
        """Unique among all routes."""
        return self.handler.partition(".")[2]

    @cached_property
    def operation(self) -> Operation:
        """Loaded by who is called first: imports are cold-start time, and a cold start serves one route."""
        return Operation.of(getattr(import_module(f"chalicelib.{self.feature}"), self.name))

    def declare(self, blueprint: Blueprint) -> None:
        """Tell Chalice."""

        # Chalice turns an exception of a view into its own 500 unless it is this one: so everything travels as its
        # cause to the middleware, where the whole tree is mapped in one place.
        def view(**path_values: str) -> Response:
            try:
                return self._answer(blueprint.current_request, path_values)
            except Exception as error:
                raise ChaliceUnhandledError(self.name) from error

        blueprint.route(self.path, methods=[self.method], name=self.name)(view)

    def _answer(self, request: Any, path_values: dict[str, str]) -> Response:
        openid, member = self._caller(request)
        call = _call(self.operation, request, path_values, member, openid)
        # Text, not a dict: Chalice would escape every Chinese character of a dict.
        body = self.operation.handle(call).to_json()
        return Response(body, {"Content-Type": "application/json"}, self.status)

    def _caller(self, request: Any) -> tuple[str, Membership]:
        if not self.roles:
            return "", NOBODY
        openid, member = bootstrap.services().tokens.read(_bearer(request.headers), bootstrap.services().clock())
        note(unit=member.unit)
        if member.role not in self.roles:
            raise Forbidden("session.wrong_role", "您现在的岗位不能做这件事，请切换岗位或联系本单位管理员。")
        return openid, member


NOBODY = Membership(unit="", person="", name="", role=Role.OFFICER, sides=frozenset())
"""Stands for the caller where none is needed; it has no unit, so it reaches nothing."""


def _bearer(headers: Any) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _call(
    operation: Operation, request: Any, path_values: dict[str, str], member: Membership, openid: str
) -> Call[Any, Any, Any]:
    return Call(
        member=member,
        openid=openid,
        body=_parsed(operation.body, request.raw_body) if operation.body is not Nothing else Nothing(),
        path=_checked(operation.path, path_values),
        query=_checked(operation.query, dict(request.query_params or {})),
    )


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
