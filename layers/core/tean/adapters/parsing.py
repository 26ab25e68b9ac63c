"""How DynamoDB's answers are read: as botocore does, except that an item stays as it came.

An item arrives in the very shape that botocore hands out. To make it anew, value by value and each by the ten types it
could have, is half of what a list costs. Only binary values come out differently: as the text they are sent as, which
who reads such an item decodes (``tean.adapters.dynamo.codec``).
"""

from __future__ import annotations

from typing import Any

from botocore.parsers import JSONParser, ResponseParserFactory
from pynamodb.connection import Connection

from tean.adapters.consumption import METER

_ITEM = "AttributeMap"
"""What botocore's model of DynamoDB calls an item in an answer."""
_PROTOCOL = "json"
"""What DynamoDB speaks."""


class _Parser(JSONParser):  # type: ignore[misc]  # botocore has no types
    def _parse_shape(self, shape: Any, node: Any) -> Any:
        return node if shape.name == _ITEM else super()._parse_shape(shape, node)


class _Parsers(ResponseParserFactory):  # type: ignore[misc]  # botocore has no types
    def create_parser(self, protocol_name: str) -> Any:
        # What hands out credentials speaks other protocols, through the same session.
        return _Parser(**self._defaults) if protocol_name == _PROTOCOL else super().create_parser(protocol_name)


class LightConnection(Connection):
    """A connection whose client reads so, and tells what it consumes."""

    @property
    def session(self) -> Any:
        """PynamoDB keeps one for each thread; the client is made of that of the thread that first needs it."""
        session = super().session
        session.register_component("response_parser_factory", _Parsers())
        METER.listen(session)
        return session
