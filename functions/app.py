"""The app: its routes, its events, its middleware."""

from __future__ import annotations

import gc

# What is loaded stays: to look through it for garbage meanwhile takes a twentieth of a cold start.
gc.disable()
try:
    from chalice import Chalice

    from chalicelib import events, routes
    from chalicelib.problems import refuse_in_one_shape
    from chalicelib.telemetry import tell_request
finally:
    gc.freeze()
    gc.enable()

# Logs are set up by ``chalicelib.events``, which every function loads.
app = Chalice(app_name="tean", configure_logs=False)
app.register_middleware(tell_request, "http")
app.register_middleware(refuse_in_one_shape, "http")
app.register_blueprint(routes.blueprint)
app.register_blueprint(events.blueprint)
