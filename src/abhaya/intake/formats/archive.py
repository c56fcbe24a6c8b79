"""ZIP and tar, read as an attacker's: limits on count, size, ratio, depth and path, each refusal naming the limit.

A member that breaks a rule of its own (a path that leaves the archive, a link, an encrypted or damaged entry) is set
aside and the rest goes on; an archive that breaks a limit of the whole is refused from there on. Nothing is unpacked to
a path that the archive chose: members are read as streams, folder by folder.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO

from abhaya.errors import SenderError
from abhaya.intake.formats.drop_members import Member, SetAside
from abhaya.intake.formats.sniff import SNIFF_BYTES, Kind, sniff

MEMBERS_MAX = 200_000
MEMBER_BYTES_MAX = 8 * 1024**3
UNPACKED_BYTES_MAX = 64 * 1024**3
RATIO_MAX = 200  # unpacked to packed; text of reports packs to about 1 : 15
RATIO_FROM_BYTES = 10 * 1024 * 1024  # small members may be as regular as they like
DEPTH_MAX = 3  # archives inside archives
PATH_CHARACTERS_MAX = 1000
READ_BYTES = 1024 * 1024
_FAULTS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)

Parcel = list[Member] | SetAside


@dataclass(slots=True)
class _Budget:
    """What one archive, with all archives inside it, may still cost."""

    members: int = MEMBERS_MAX
    bytes_left: int = UNPACKED_BYTES_MAX

    def spend(self, size_bytes: int) -> None:
        self.members -= 1
        self.bytes_left -= size_bytes
        if self.members < 0:
            raise SenderError(f"The archive has more than {MEMBERS_MAX:,} members.")
        if self.bytes_left < 0:
            raise SenderError(f"The archive unpacks to more than {UNPACKED_BYTES_MAX // 2**30} GiB.")


def is_archive(head: bytes, name: str) -> bool:
    return sniff(head, name) in {Kind.ZIP, Kind.TAR}


def members_of(file: BinaryIO, name: str) -> Iterator[Parcel]:
    """The archive's folders, each as a list of members, and what was set aside. Raises SenderError at a limit of the whole.

    A parcel's members are readable until the next parcel is asked for.
    """
    yield from _open(file, name, 1, _Budget())


def _open(file: BinaryIO, name: str, depth: int, budget: _Budget) -> Iterator[Parcel]:
    if depth > DEPTH_MAX:
        raise SenderError(f"{name}: archives stand inside archives more than {DEPTH_MAX} deep.")
    head = file.read(SNIFF_BYTES)
    file.seek(0)
    try:
        if sniff(head, name) is Kind.ZIP:
            yield from _zip(file, name, depth, budget)
        else:
            yield from _tar(file, name, depth, budget)
    except _FAULTS as error:
        raise SenderError(f"{name}: the archive is damaged and cannot be listed ({type(error).__name__}).") from error


def _zip(file: BinaryIO, name: str, depth: int, budget: _Budget) -> Iterator[Parcel]:
    with zipfile.ZipFile(file) as packed:
        folders: dict[str, list[Member]] = {}
        seen: set[str] = set()
        for entry in packed.infolist():
            if entry.is_dir():
                continue
            path = f"{name}/{entry.filename}"
            fault = _fault_of_path(entry.filename, seen) or _fault_of_zip(entry)
            if fault:
                yield SetAside(path, fault)
                continue
            budget.spend(entry.file_size)

            def pieces(entry: zipfile.ZipInfo = entry) -> Iterator[bytes]:
                with packed.open(entry) as stream:
                    yield from _pieces(stream.read, entry.file_size, entry.filename)

            made = _member(path, entry.file_size, pieces)
            if isinstance(made, SetAside):
                yield made
            else:
                folders.setdefault(path.rsplit("/", 1)[0], []).append(made)
        for folder in sorted(folders):
            yield from _parcel(folders[folder], depth, budget)


def _tar(file: BinaryIO, name: str, depth: int, budget: _Budget) -> Iterator[Parcel]:
    with tarfile.open(fileobj=file, mode="r:*") as packed:
        folders: dict[str, list[Member]] = {}
        seen: set[str] = set()
        for entry in packed:
            if entry.isdir():
                continue
            path = f"{name}/{entry.name}"
            fault = _fault_of_path(entry.name, seen) or _fault_of_tar(entry)
            if fault:
                yield SetAside(path, fault)
                continue
            budget.spend(entry.size)

            def pieces(entry: tarfile.TarInfo = entry) -> Iterator[bytes]:
                stream = packed.extractfile(entry)
                if stream is not None:
                    yield from _pieces(stream.read, entry.size, entry.name)

            made = _member(path, entry.size, pieces)
            if isinstance(made, SetAside):
                yield made
            else:
                folders.setdefault(path.rsplit("/", 1)[0], []).append(made)
        for folder in sorted(folders):
            yield from _parcel(folders[folder], depth, budget)


def _parcel(members: list[Member], depth: int, budget: _Budget) -> Iterator[Parcel]:
    """One folder: its archives are opened in their turn, the rest is handed over together."""
    plain = [member for member in members if not is_archive(member.head, member.name)]
    if plain:
        yield plain
    for member in members:
        if member in plain:
            continue
        with TemporaryFile() as inner:
            try:
                for piece in member.pieces():
                    inner.write(piece)
                inner.seek(0)
                yield from _open(inner, member.path, depth + 1, budget)
            except SenderError as error:
                yield SetAside(member.path, error.sentence, member)


def _member(path: str, size_bytes: int, pieces: Callable[[], Iterator[bytes]]) -> Member | SetAside:
    """The member with its first bytes read, which shows a damaged or encrypted one at once."""
    head = b""
    try:
        for piece in pieces():
            head += piece
            if len(head) >= SNIFF_BYTES:
                break
    except _FAULTS as error:
        return SetAside(path, f"cannot be unpacked: {error or type(error).__name__}")
    except SenderError as error:
        return SetAside(path, error.sentence)
    return Member(path, size_bytes, head[:SNIFF_BYTES], _guarded(path, pieces))


def _guarded(path: str, pieces: Callable[[], Iterator[bytes]]) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        try:
            yield from pieces()
        except _FAULTS as error:
            raise SenderError(f"{path} cannot be unpacked to its end: {error or type(error).__name__}.") from error

    return read


def _pieces(read: Callable[[int], bytes], size_bytes: int, name: str) -> Iterator[bytes]:
    """The content, never more than the archive said: a lying header is where bombs begin."""
    taken = 0
    while piece := read(min(READ_BYTES, SNIFF_BYTES if taken == 0 else READ_BYTES)):
        taken += len(piece)
        if taken > size_bytes:
            raise SenderError(f"{name} unpacks to more bytes than the archive says.")
        yield piece


def _fault_of_path(path: str, seen: set[str]) -> str:
    parts = path.replace("\\", "/").split("/")
    if "\0" in path or path.startswith(("/", "\\")) or ".." in parts or (len(path) > 1 and path[1] == ":"):
        return "its path leads out of the archive"
    if len(path) > PATH_CHARACTERS_MAX:
        return f"its path is longer than {PATH_CHARACTERS_MAX:,} characters"
    if path in seen:
        return "a second member with the same path; the first one counts"
    seen.add(path)
    return ""


def _fault_of_zip(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x1:
        return "it is encrypted"
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        return "a link, not followed"
    return _fault_of_size(entry.file_size, entry.compress_size)


def _fault_of_tar(entry: tarfile.TarInfo) -> str:
    if not entry.isreg():
        return "a link or a special file, not followed"
    return _fault_of_size(entry.size, entry.size)


def _fault_of_size(size_bytes: int, packed_bytes: int) -> str:
    if size_bytes > MEMBER_BYTES_MAX:
        return f"it is larger than {MEMBER_BYTES_MAX // 2**30} GiB"
    if size_bytes > RATIO_FROM_BYTES and size_bytes > RATIO_MAX * max(packed_bytes, 1):
        return f"it unpacks to more than {RATIO_MAX} times its size"
    return ""
