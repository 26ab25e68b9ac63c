"""The few pages of the one-machine stack: the front page, and the API's document to read and try."""

from __future__ import annotations

import html
import mimetypes
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import swagger_ui

from infra import demo
from infra.stack.web import Reply

OWN = Path(__file__).parent.parent / "pages"
SWAGGER = Path(swagger_ui.__file__).parent / "static"
OPENAPI = Path(__file__).parent.parent.parent / "schemas" / "openapi.json"

# Swagger UI styles its elements one by one and draws with data: images.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
_HEADERS = (("Content-Security-Policy", POLICY), ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-cache"))
