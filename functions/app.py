"""The app: its routes, its events, its one middleware."""

from __future__ import annotations

import logging

from chalice import Chalice

from chalicelib import (
    clocks,
    custom,
    events,
    gaps,
    hazards,
    inspections,
    login,
    records,
    reports,
    statistics,
    todos,
    uploads,
)
from chalicelib.problems import refuse_in_one_shape

app = Chalice(app_name="tean")
# Chalice lets only errors through, and its logger is the one that every floor writes to.
app.log.setLevel(logging.INFO)
app.register_middleware(refuse_in_one_shape, "http")
for feature in (
    login,
    todos,
    inspections,
    hazards,
    records,
    reports,
    statistics,
    clocks,
    custom,
    gaps,
    uploads,
    events,
):
    app.register_blueprint(feature.blueprint)
