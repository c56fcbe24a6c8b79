"""What the vault asks of a disk: that a file once written stays, and a sentence for the operator when it cannot."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from abhaya.errors import OperatorError
from abhaya.shared.durable import NO_ROOM, write_whole

PIECE_BYTES = 256 * 1024


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turns what the disk says into `OperatorError`: full, or failing."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise OperatorError(
                f"The vault's disk is full: {folder} has no room left for this original, and nothing of it was kept."
                " Free space or move the folder to a larger disk; the sender may then send it again."
            ) from error
        raise OperatorError(
            f"The vault cannot be written: {folder}: {error.strerror}. Nothing of this original was kept."
        ) from error


def write_new(path: Path, blocks: Iterator[bytes], *, folder: Path, reserve_bytes: int) -> None:
    """Writes a new file of mode 0600 and fsyncs it; removes it again if anything at all goes wrong.

    `reserve_bytes` of the disk stay free. `folder` is what an error names.
    """
    done = False
    try:
        with disk_errors(folder):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            for block in blocks:  # what the stream itself raises is not the disk's fault and passes as it is
                with disk_errors(folder):
                    _append(descriptor, block, reserve_bytes)
            with disk_errors(folder):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        done = True
    finally:
        if not done:
            path.unlink(missing_ok=True)


def _append(descriptor: int, block: bytes, reserve_bytes: int) -> None:
    room = os.fstatvfs(descriptor)
    if room.f_bavail * room.f_frsize < reserve_bytes + len(block):
        raise OSError(errno.ENOSPC, "the reserve is reached")
    view = memoryview(block)
    while view:
        view = view[os.write(descriptor, view) :]


def replace_durably(path: Path, content: bytes) -> None:
    """`write_whole`, with what the disk says in words."""
    with disk_errors(path.parent):
        write_whole(path, content)


def file_pieces(path: Path, piece_bytes: int = PIECE_BYTES) -> Iterator[bytes]:
    """The bytes of a file, each piece `piece_bytes` long but the last."""
    with path.open("rb") as file:
        while piece := file.read(piece_bytes):
            yield piece
