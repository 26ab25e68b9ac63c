"""Django REST framework behind apig-wsgi: serializers in and out, no middleware, nobody asked who he is."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import django
from apig_wsgi import make_lambda_handler
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path

from tests.bench import canned
from tests.bench.serve import Handler

settings.configure(
    SECRET_KEY="of nothing",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=[],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from rest_framework import serializers  # noqa: E402 (it asks for the settings)
from rest_framework.request import Request  # noqa: E402 (as the first)
from rest_framework.response import Response  # noqa: E402 (as the first)
from rest_framework.views import APIView  # noqa: E402 (as the first)

CODE = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$"
FILE = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}\.[0-9a-f]{32}$"
LISTS = r"^[0-9a-f]{64}(\.[0-9a-f]{64}){0,3}$"
CURSOR = r"^[A-Za-z0-9_.-]+$"
DUTIES = ("daily", "weekly", "monthly")
GRADES = ("general", "serious", "major")
STATES = ("in_use", "suspended")


class AnswerIn(serializers.Serializer):
    """The verdict on one item."""

    item = serializers.RegexField(CODE)
    result = serializers.ChoiceField(("pass", "fail", "not_applicable"))
    grade = serializers.ChoiceField(GRADES, required=False)
    handling = serializers.ChoiceField(("on_site", "pending"), required=False)
    outcome = serializers.CharField(max_length=600, required=False)
    photos = serializers.ListField(child=serializers.RegexField(FILE), max_length=9, required=False)
    devices = serializers.ListField(child=serializers.RegexField(CODE), max_length=8, required=False)
    deadline = serializers.DateField(required=False)
    remark = serializers.CharField(max_length=600, required=False)
    seconds = serializers.IntegerField(min_value=0, max_value=86_400, required=False)


class CorrectionIn(serializers.Serializer):
    """Of which version the next, and why."""

    version = serializers.IntegerField(min_value=1, max_value=98)
    reason = serializers.CharField(max_length=600)


class InspectionIn(serializers.Serializer):
    """The fields of ``InspectionRequest``, their lengths, patterns and choices."""

    target = serializers.RegexField(CODE)
    duty = serializers.ChoiceField(DUTIES)
    due = serializers.DateField()
    state = serializers.ChoiceField(STATES)
    reason = serializers.CharField(max_length=120, required=False)
    stop_use = serializers.BooleanField(default=False)
    kept_in_use = serializers.CharField(max_length=120, required=False)
    checklist = serializers.RegexField(LISTS, required=False)
    answers = AnswerIn(many=True, max_length=100, required=False)
    remark = serializers.CharField(max_length=600, required=False)
    signature = serializers.RegexField(FILE, required=False)
    performed_at = serializers.DateTimeField(required=False)
    correction = CorrectionIn(required=False)


class ReceiptOut(serializers.Serializer):
    """The fields of ``Receipt`` that a first submission without a stamp has."""

    record = serializers.CharField()
    number = serializers.CharField()
    target = serializers.CharField()
    duty = serializers.ChoiceField(DUTIES)
    due = serializers.DateField()
    state = serializers.ChoiceField(STATES)
    received_at = serializers.DateTimeField()
    late = serializers.BooleanField()
    fails = serializers.IntegerField()
    hazards = serializers.ListField(child=serializers.CharField())
    stop_use = serializers.BooleanField()


class TodoIn(serializers.Serializer):
    """Which page."""

    cursor = serializers.RegexField(CURSOR, max_length=400, required=False)


class TodoOut(serializers.Serializer):
    """The fields of ``Todo`` that an open row has."""

    duty = serializers.ChoiceField((*DUTIES, "weekly_report", "monthly_report"))
    due = serializers.DateField()
    target = serializers.CharField()
    name = serializers.CharField()
    location = serializers.CharField()
    unit_kind = serializers.ChoiceField(("use", "production", "filling"))
    kind = serializers.CharField()
    state = serializers.ChoiceField(("open", "done", "late", "missed", "withdrawn"))


class PageOut(serializers.Serializer):
    """The fields of ``TodoPage``."""

    today = serializers.DateField()
    items = TodoOut(many=True)
    names = serializers.DictField(child=serializers.CharField())


class Submit(APIView):
    """``POST /v1/inspections``"""

    def post(self, request: Request) -> Response:
        """What was prepared."""
        asked = InspectionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        body: Any = asked.validated_data
        failed = [answer["item"] for answer in body["answers"] if answer["result"] == "fail"]
        known = {name: body[name] for name in ("target", "duty", "state")}
        receipt = canned.receipt(due=body["due"].isoformat(), failed=failed, **known)
        return Response(ReceiptOut(receipt).data, status=201)


class Todos(APIView):
    """``GET /v1/todos``"""

    def get(self, request: Request) -> Response:
        """What was prepared."""
        TodoIn(data=request.query_params).is_valid(raise_exception=True)
        return Response(PageOut(canned.page()).data)


urlpatterns = [path("v1/inspections", Submit.as_view()), path("v1/todos", Todos.as_view())]


def side() -> AbstractContextManager[Handler]:
    """As Lambda would call it."""
    return nullcontext(make_lambda_handler(get_wsgi_application()))
