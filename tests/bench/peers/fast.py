"""FastAPI behind Mangum: our own models in and out, nobody asked who he is."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from fastapi import FastAPI
from mangum import Mangum

from schemas.base import Cursor
from schemas.inspections import InspectionRequest, Receipt
from schemas.language import Result
from schemas.todos import TodoPage
from tests.bench import canned
from tests.bench.serve import Handler

app = FastAPI()


@app.post("/v1/inspections", status_code=201, response_model=Receipt, response_model_exclude_none=True)
async def submit(body: InspectionRequest) -> Any:
    """What was prepared."""
    failed = [answer.item for answer in body.answers if answer.result is Result.FAIL]
    return canned.receipt(target=body.target, duty=body.duty, due=body.due.isoformat(), state=body.state, failed=failed)


@app.get("/v1/todos", response_model=TodoPage, response_model_exclude_none=True)
async def todos(cursor: Cursor | None = None) -> Any:
    """What was prepared."""
    return canned.page()


def side() -> AbstractContextManager[Handler]:
    """As Lambda would call it."""
    return nullcontext(Mangum(app, lifespan="off"))
