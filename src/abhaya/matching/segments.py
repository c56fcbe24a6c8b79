"""A segment: arrays in one file that never changes, mapped into every process that searches it.

Sixteen bytes of magic and version, eight of the header's length, the header (JSON: what it is, and each array's name, type,
shape and place), then the arrays, each on a page of its own. Whoever names a segment (the manifest) keeps its size and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from abhaya.errors import OperatorError
from abhaya.shared.durable import whole_file

MAGIC = b"abhaya segment 1"
PAGE_BYTES = 4096
HEADER_BYTES_MAX = 64 * 1024

Array = npt.NDArray[Any]


class DamagedIndex(OperatorError):  # noqa: N818 — reads as what it says at the place of raising
    """The index on this disk is not what was written. It holds nothing that the database does not."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The index of hashes is damaged: {what}. It is a copy: it is built again from the database.")


@dataclass(frozen=True, slots=True)
class Named:
    """A file as the manifest names it."""

    name: str
    size_bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Named:
        with path.open("rb") as file:
            return cls(path.name, os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest())

    def check(self, folder: Path) -> None:
        """Reads every byte; raises `DamagedIndex` if one is not as written."""
        try:
            found = Named.of(folder / self.name)
        except OSError as error:
            raise DamagedIndex(f"{self.name} cannot be read ({error.strerror})") from error
        if found.size_bytes != self.size_bytes:
            raise DamagedIndex(f"{self.name} has {found.size_bytes} bytes instead of {self.size_bytes}")
        if found.sha256 != self.sha256:
            raise DamagedIndex(f"the bytes of {self.name} are not those written (SHA-256)")


class Draft:
    """A segment being written: arrays may be put piece by piece along their first axis."""

    def __init__(
        self, file: BinaryIO, about: Mapping[str, Any], shapes: Mapping[str, tuple[str, tuple[int, ...]]]
    ) -> None:
        self._file = file
        self._places: dict[str, tuple[int, np.dtype[Any], tuple[int, ...]]] = {}
        arrays, at = [], PAGE_BYTES + HEADER_BYTES_MAX
        for name, (kind, shape) in shapes.items():
            dtype = np.dtype(kind)
            self._places[name] = (at, dtype, shape)
            arrays.append({"name": name, "type": kind, "shape": shape, "at": at})
            at += -(-int(np.prod(shape)) * dtype.itemsize // PAGE_BYTES) * PAGE_BYTES
        header = json.dumps({"about": about, "arrays": arrays}).encode()
        file.write(MAGIC + len(header).to_bytes(8, "little") + header)
        file.truncate(at)

    def put(self, name: str, array: Array, first: int = 0) -> None:
        """Writes rows `first` onwards of the array of this name."""
        at, dtype, shape = self._places[name]
        if array.shape[1:] != shape[1:] or first + len(array) > shape[0]:
            raise AssertionError(f"{name} was announced as {shape}.")
        self._file.seek(at + first * int(np.prod(shape[1:])) * dtype.itemsize)
        self._file.write(np.ascontiguousarray(array, dtype).data)


@contextmanager
def drafted(path: Path, about: Mapping[str, Any], shapes: Mapping[str, tuple[str, tuple[int, ...]]]) -> Iterator[Draft]:
    """A new segment, which takes its name whole and durable when the block ends."""
    with whole_file(path, may_replace=False) as file:
        yield Draft(file, about, shapes)


class Segment:
    """A segment that is open: `about` it, and its arrays."""

    def __init__(self, folder: Path, named: Named) -> None:
        """Raises `FileNotFoundError` where it is gone, `DamagedIndex` where it cannot be a segment."""
        with (folder / named.name).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size != named.size_bytes:
                raise DamagedIndex(f"{named.name} has {size} bytes instead of {named.size_bytes}")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if mapped[: len(MAGIC)] != MAGIC:
            raise DamagedIndex(f"{named.name} does not begin as a segment does")
        start = len(MAGIC) + 8
        length = int.from_bytes(mapped[len(MAGIC) : start], "little")
        try:
            header = json.loads(mapped[start : start + length])
            self.about: dict[str, Any] = header["about"]
            self._arrays = {
                one["name"]: np.frombuffer(mapped, one["type"], int(np.prod(one["shape"])), one["at"]).reshape(
                    one["shape"]
                )
                for one in header["arrays"]
            }
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedIndex(f"{named.name} does not say what it holds") from error
        self.named = named

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __contains__(self, name: str) -> bool:
        return name in self._arrays
