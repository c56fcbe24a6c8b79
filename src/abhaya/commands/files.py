"""Files that a command is given: read with a limit, or written anew, with a plain sentence when that cannot be done."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

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
    with os.fdopen(_new(path), "w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def new_file(path: str) -> Iterator[BinaryIO]:
    """The same for bytes. What was not written to its end is taken away again."""
    if path == "-":
        yield sys.stdout.buffer
        return
    with os.fdopen(_new(path), "wb") as file:
        try:
            yield file
        except BaseException:  # whatever ends it, Ctrl-C too: half a file is not left behind; it goes on its way
            Path(path).unlink(missing_ok=True)
            raise


def _new(path: str) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from error
