"""A file that is there whole or not at all, and still there after the power went: draft, fsync, rename, fsync of the folder.

After a crash at any instant the path holds what it held before, or the new bytes, never half of them. What a crash may
leave beside it is a draft, `.<name>.<8 hexadecimal digits>`, that nobody reads.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # what a disk says that is full


@contextmanager
def whole_file(path: Path, *, mode: int = 0o600, may_replace: bool = True) -> Iterator[BinaryIO]:
    """A file to write into, which takes its name when the block ends without an error; else nothing changes.

    Raises `FileExistsError` at the end where there is a file of this name and `may_replace` is false: of several
    writers at once exactly one succeeds. `OSError` where the disk is full or fails.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if may_replace:
            draft.replace(path)
        else:
            os.link(draft, path)
            draft.unlink()
    except BaseException:  # whatever stopped it, an interrupt too, leaves no draft; it is raised again
        draft.unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


def write_whole(path: Path, content: bytes, *, mode: int = 0o600, may_replace: bool = True) -> None:
    """`whole_file` of bytes that are at hand."""
    with whole_file(path, mode=mode, may_replace=may_replace) as file:
        file.write(content)


def fsync_folder(folder: Path) -> None:
    """Makes the names in a folder durable: a file's own fsync does not (man 2 fsync)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
