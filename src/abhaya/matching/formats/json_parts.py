"""A large JSON document as its entries and what stands around them, in flat memory; what stands around is handed on as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import ijson
import msgspec
from ijson.common import ObjectBuilder

from abhaya.matching.formats.form import Frame

_BEGINS, _ENDS = {"start_map": "{", "start_array": "["}, {"end_map": "}", "end_array": "]"}
_encoder = msgspec.json.Encoder(decimal_format="number")


class Item(NamedTuple):
    """One element of the list."""

    value: Any


def parts(stream: Any, prefix: str) -> Iterator[Frame | Item]:
    """Elements under `prefix` ("value.item"), and the text between them without commas of its own. Raises ijson.JSONError."""
    text, comma = list[str](), ""
    builder, depth = None, 0
    for place, event, value in ijson.parse(stream):
        if builder is None and place == prefix and event not in _ENDS:
            if text:
                yield Frame("".join(text).encode())
                text.clear()
            comma = ""
            if event not in _BEGINS:
                yield Item(value)
                continue
            builder, depth = ObjectBuilder(), 0
        if builder is not None:
            builder.event(event, value)
            depth += (event in _BEGINS) - (event in _ENDS)
            if depth == 0:
                yield Item(builder.value)
                builder = None
        elif event in _ENDS:
            text.append(_ENDS[event])
            comma = ","
        elif event == "map_key":
            text.append(f"{comma}{encoded(value).decode()}:")
            comma = ""
        elif event in _BEGINS:
            text.append(comma + _BEGINS[event])
            comma = ""
        else:
            text.append(comma + encoded(value).decode())
            comma = ","
    yield Frame("".join(text).encode())


def encoded(value: Any) -> bytes:
    """As JSON; a number as it was, without passing through a binary fraction."""
    try:
        return _encoder.encode(value)
    except OverflowError:  # whole numbers of more than 64 bits
        return json.dumps(value, default=_number).encode()


def _number(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)
