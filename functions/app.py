"""The app: its routes, its events, its one middleware."""

from __future__ import annotations

import logging

from chalice import Chalice

from chalicelib import events, routes
from chalicelib.problems import refuse_in_one_shape

app = Chalice(app_name="tean")
# Chalice lets only errors through, and its logger is the one that every floor writes to.
app.log.setLevel(logging.INFO)
app.register_middleware(refuse_in_one_shape, "http")
app.register_blueprint(routes.blueprint)
app.register_blueprint(events.blueprint)
