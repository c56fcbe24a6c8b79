"""Files that a command is given: read with a limit, or written anew, with a plain sentence when that cannot be done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from abhaya.errors import OperatorError

PASSWORD_BYTES_MAX = 4096


def read_password(path: str) -> str:
    """The first lines of a file without the final line break; `-` is standard input."""
    try:
        if path == "-":
            content = sys.stdin.buffer.read(PASSWORD_BYTES_MAX + 1)
        else:
            with Path(path).open("rb") as file:
                content = file.read(PASSWORD_BYTES_MAX + 1)
        if len(content) > PASSWORD_BYTES_MAX:
            raise OperatorError(f"{path} is longer than {PASSWORD_BYTES_MAX} bytes: that is no password.")
        return content.decode("utf-8").rstrip("\r\n")
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise OperatorError(f"{path} is not text in UTF-8.") from error


@contextmanager
def new_text_file(path: str) -> Iterator[TextIO]:
    """A file that must not be there yet, readable by nobody else; `-` is standard output."""
    if path == "-":
        yield sys.stdout
        return
    try:
        file = Path(path).open("x", encoding="utf-8", newline="")  # noqa: SIM115 — closed by the block below
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from error
    with file:
        Path(path).chmod(0o600)
        yield file
