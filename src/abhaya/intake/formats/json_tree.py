"""JSON from strangers: read once with its limits, then taken apart key by key; what nobody took is a loss.

Written for the JSON that police download, where any object may be null, lists are wrapped twice, and a value may stand
alone or in an object of its own. Locators are JSON paths (RFC 9535).
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from abhaya.errors import SenderError
from abhaya.intake.formats.record import LOSS_TEXT_CHARACTERS_MAX, Loss

JSON_BYTES_MAX = 64 * 1024 * 1024
LOSSES_MAX = 1000  # per report; the last one says how many more there were
REPLACEMENT = "\ufffd"  # for the character number 0, which no database column holds; the original keeps it
NOT_KNOWN = "not known to this version"
NOT_A_VALUE = "not a value of this kind"

_NO_INFORMATION = frozenset({"", "no information provided", "unknown", "n/a", "null", "none"})
_YES, _NO = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})


def decode(data: bytes) -> Any:
    """The document's value. A byte-order mark is taken; UTF-16 as well. Raises SenderError with the place."""
    if len(data) > JSON_BYTES_MAX:
        raise SenderError(f"The JSON has {len(data)} bytes; at most {JSON_BYTES_MAX} are taken.", status=413)
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            body = body.decode("utf-16").encode()
        value = msgspec.json.decode(body)
        return _marked(value) if b"\\u0000" in body else value
    except UnicodeError as error:
        raise SenderError("The JSON is not Unicode text; send UTF-8.") from error
    except msgspec.DecodeError as error:
        raise SenderError(f"The JSON cannot be read: {str(error)[:200]}.") from error
    except RecursionError as error:
        raise SenderError("The JSON is nested too deep.") from error


def _marked(value: Any) -> Any:
    """The value with every character number 0 replaced."""
    if isinstance(value, str):
        return value.replace("\0", REPLACEMENT)
    if isinstance(value, list):
        return [_marked(part) for part in value]
    if isinstance(value, dict):
        return {_marked(key): _marked(part) for key, part in value.items()}
    return value


class Losses:
    """What nobody took, up to LOSSES_MAX of it."""

    def __init__(self) -> None:
        self._kept: list[Loss] = []
        self._count = 0

    def add(self, locator: str, what: str, value: Any, why: str = NOT_KNOWN) -> None:
        """An empty value is no loss."""
        if value is None or value in ("", [], {}):
            return
        self._count += 1
        if self._count <= LOSSES_MAX:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            self._kept.append(Loss(locator, what, text[:LOSS_TEXT_CHARACTERS_MAX], why))

    def all(self) -> tuple[Loss, ...]:
        if self._count > LOSSES_MAX:
            more = Loss("$", f"{self._count - LOSSES_MAX} more", "", "too many to list; read the original")
            return (*self._kept, more)
        return tuple(self._kept)


class Node:
    """One object while it is taken apart. What is anything but an object is empty, and a loss."""

    __slots__ = ("_left", "losses", "path")

    def __init__(self, value: Any, path: str, losses: Losses) -> None:
        self.path, self.losses = path, losses
        self._left: dict[str, Any] = {}
        if isinstance(value, dict):
            self._left = dict(value)
        else:
            losses.add(path, path.rsplit(".", 1)[-1], value, "an object was expected")

    def has(self, name: str) -> bool:
        return self._left.get(name) is not None

    def locator(self, name: str) -> str:
        return f"{self.path}.{name}"

    def raw(self, name: str) -> Any:
        return self._left.pop(name, None)

    def node(self, name: str) -> Node:
        """An object; null and absent are empty ones."""
        value = self.raw(name)
        return Node({} if value is None else value, self.locator(name), self.losses)

    def text(self, name: str) -> str:
        """A value as text, also out of an object `{"value": …}`; several are joined by a comma."""
        return self._text(self.raw(name), self.locator(name), name)

    def _text(self, value: Any, path: str, name: str) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return msgspec.json.encode(value).decode()
        if isinstance(value, list):
            texts = [self._text(part, f"{path}[{number}]", name) for number, part in enumerate(value)]
            return ", ".join(text for text in texts if text)
        inner = Node(value, path, self.losses)
        text = inner.text("value")
        inner.close()
        return text

    def texts(self, name: str) -> Iterator[tuple[str, str]]:
        """Each value of a list, with its locator."""
        for value, path in self._each(self.raw(name), self.locator(name), name):
            text = self._text(value, path, name)
            if text:
                yield text, path

    def nodes(self, name: str) -> Iterator[Node]:
        """Each object of a list, however it is wrapped: `[…]`, `{"names": […]}`, one object, or null."""
        for value, path in self._each(self.raw(name), self.locator(name), name):
            if value is not None:
                yield Node(value, path, self.losses)

    def _each(self, value: Any, path: str, name: str) -> Iterator[tuple[Any, str]]:
        if isinstance(value, list):
            for number, part in enumerate(value):
                yield part, f"{path}[{number}]"
            return
        wrapped = [key for key, inner in value.items() if isinstance(inner, list)] if isinstance(value, dict) else []
        if wrapped and set(value) <= {*wrapped, *(key for key, inner in value.items() if inner is None)}:
            for key in wrapped:
                yield from self._each(value[key], f"{path}.{key}", name)
        elif isinstance(value, dict) and all(inner is None for inner in value.values()):
            return
        elif value is not None:
            yield value, path

    def answer(self, name: str) -> bool | None:
        """Yes, no, or not said. `true`, `"Yes"` and `1` say yes; null and "No Information Provided" say nothing."""
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return value
        word = self._text(value, self.locator(name), name).strip().lower()
        if word in _YES or word in _NO:
            return word in _YES
        if word not in _NO_INFORMATION:
            self.losses.add(self.locator(name), name, value, NOT_A_VALUE)
        return None

    def whole(self, name: str) -> int | None:
        value = self.raw(name)
        if isinstance(value, bool) or not isinstance(value, int | str | float):
            self.losses.add(self.locator(name), name, value, NOT_A_VALUE)
            return None
        try:
            number = int(str(value).strip()) if str(value).isascii() and len(str(value)) < 19 else None
        except ValueError:
            number = None
        if number is None:
            self.losses.add(self.locator(name), name, value, NOT_A_VALUE)
        return number

    def left(self) -> list[str]:
        return list(self._left)

    def close(self) -> None:
        """Everything that nobody took is a loss."""
        for name, value in self._left.items():
            self.losses.add(self.locator(name), name, value)
        self._left = {}
