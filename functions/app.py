"""The app: its routes, its events, its one middleware."""

from __future__ import annotations

from chalice import Chalice

from chalicelib import events, hazards, inspections, login, records, todos, uploads
from chalicelib.problems import refuse_in_one_shape

app = Chalice(app_name="tean")
app.register_middleware(refuse_in_one_shape, "http")
for feature in (login, todos, inspections, hazards, records, uploads, events):
    app.register_blueprint(feature.blueprint)
