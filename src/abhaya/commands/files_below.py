"""Every file below some paths, open, in a stable order. No link within a folder is followed, not even one put there meanwhile."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_READING = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file, open for reading. Whoever is given it closes it."""

    path: Path
    size_bytes: int
    descriptor: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        os.close(self.descriptor)


def files_below(paths: Sequence[Path]) -> Iterator[Found | OSError]:
    """Files, or why one (its `filename`) cannot be read. A path that is given is opened as it is, be it a link;
    in a folder only files and folders count: links, devices and pipes are passed over.
    """
    for path in paths:
        if not path.is_dir():
            found = _opened(path, str(path), None, _READING)
            if found is not None:
                yield found
            continue
        faults: list[OSError] = []
        for folder, folders, names, descriptor in os.fwalk(path, onerror=faults.append, follow_symlinks=False):
            yield from faults
            faults.clear()
            folders.sort()
            for name in sorted(names):
                found = _opened(Path(folder) / name, name, descriptor, _READING | os.O_NOFOLLOW)
                if found is not None:
                    yield found
        yield from faults


def _opened(path: Path, name: str, folder: int | None, how: int) -> Found | OSError | None:
    """None for what is no regular file."""
    try:
        if folder is not None and not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            return None
        descriptor = os.open(name, how, dir_fd=folder)
    except OSError as error:
        return OSError(error.errno, error.strerror, str(path))
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        return None
    return Found(path, about.st_size, descriptor)


def count_below(paths: Sequence[Path]) -> int:
    """How many files `files_below` will give: looked up, not opened."""
    count = 0
    for path in paths:
        if not path.is_dir():
            count += 1
            continue
        for _, _, names, folder in os.fwalk(path, follow_symlinks=False):
            for name in names:
                with suppress(OSError):
                    count += stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    return count
