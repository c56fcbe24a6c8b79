"""ZIP and tar, read as an attacker's: limits on count, size, ratio, depth and path, each refusal naming the limit.

A member that breaks a rule of its own (a path that leaves the archive, a link, an encrypted or damaged entry) is set
aside and the rest goes on; an archive that breaks a limit of the whole is refused from there on. Nothing is unpacked to
a path that the archive chose: members are read as streams, folder by folder.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO

from abhaya.errors import SenderError
from abhaya.intake.formats.drop_members import Member, SetAside, without_archives
from abhaya.intake.formats.sniff import SNIFF_BYTES, Kind, sniff

MEMBERS_MAX = 200_000
MEMBER_BYTES_MAX = 8 * 1024**3
UNPACKED_BYTES_MAX = 64 * 1024**3
RATIO_MAX = 200  # unpacked to packed; text of reports packs to about 1 : 15
RATIO_FROM_BYTES = 10 * 1024 * 1024  # small members may be as regular as they like
DEPTH_MAX = 3  # archives inside archives
PATH_CHARACTERS_MAX = 1000
DIRECTORY_BYTES_MAX = 128 * 1024 * 1024  # a ZIP's own table of contents, which is read into memory
CHECKED_BYTES_MAX = 1024 * 1024  # members up to here are unpacked once to see that they are whole
READ_BYTES = 1024 * 1024
_FAULTS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_UNPACKERS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
_END_OF_ZIP = struct.Struct("<4s4H2LH")  # APPNOTE.TXT 4.3.16

Parcel = list[Member] | SetAside


@dataclass(slots=True)
class _Budget:
    """What one archive, with all archives inside it, may still cost. `packed_bytes` is what it takes on the disk."""

    packed_bytes: int
    members: int = 0
    unpacked_bytes: int = 0

    def spend(self, size_bytes: int) -> None:
        self.members += 1
        self.unpacked_bytes += size_bytes
        if self.members > MEMBERS_MAX:
            raise SenderError(f"The archive has more than {MEMBERS_MAX:,} members.")
        if self.unpacked_bytes > UNPACKED_BYTES_MAX:
            raise SenderError(f"The archive unpacks to more than {UNPACKED_BYTES_MAX // 2**30} GiB.")
        if self.unpacked_bytes > RATIO_FROM_BYTES and self.unpacked_bytes > RATIO_MAX * self.packed_bytes:
            raise SenderError(f"The archive unpacks to more than {RATIO_MAX} times its size.")


def members_of(file: BinaryIO, name: str) -> Iterator[Parcel]:
    """The archive's folders, each as a list of members, and what was set aside. Raises SenderError at a limit of the whole.

    A parcel's members are readable until the next parcel is asked for.
    """
    yield from _open(file, name, 1, _Budget(_size_of(file)))


def _size_of(file: BinaryIO) -> int:
    size_bytes = file.seek(0, 2)
    file.seek(0)
    return size_bytes


def _open(file: BinaryIO, name: str, depth: int, budget: _Budget) -> Iterator[Parcel]:
    if depth > DEPTH_MAX:
        raise SenderError(f"{name}: archives stand inside archives more than {DEPTH_MAX} deep.")
    head = file.read(SNIFF_BYTES)
    file.seek(0)
    try:
        if sniff(head, name) is Kind.ZIP:
            yield from _zip(file, name, depth, budget)
        else:
            yield from _tar(file, head, name, depth, budget)
    except _FAULTS as error:
        raise SenderError(f"{name}: the archive is damaged and cannot be listed ({type(error).__name__}).") from error


def _zip(file: BinaryIO, name: str, depth: int, budget: _Budget) -> Iterator[Parcel]:
    _look_at_directory(file, name)
    with zipfile.ZipFile(file) as packed:
        folders = _Folders(name, budget)
        overlapping = _overlapping(packed.infolist())
        for entry in packed.infolist():
            if entry.filename.endswith("/"):  # its own `is_dir` falls over a member without a name
                continue
            fault = "its bytes are those of another member too" if entry.header_offset in overlapping else ""

            def pieces(entry: zipfile.ZipInfo = entry) -> Iterator[bytes]:
                with packed.open(entry) as stream:
                    yield from _pieces(stream.read, entry.file_size, entry.filename)

            yield from folders.add(entry.orig_filename, entry.file_size, fault or _fault_of_zip(entry), pieces)
        yield from folders.parcels(depth)


def _look_at_directory(file: BinaryIO, name: str) -> None:
    """Refuses a table of contents that would fill the memory, before it is read."""
    size_bytes = _size_of(file)
    file.seek(max(0, size_bytes - 65_557))  # its end: 22 bytes and a comment of up to 65,535
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END_OF_ZIP.size:
        raise SenderError(f"{name}: the archive is damaged and cannot be listed (it has no table of contents).")
    _, _, _, _, count, listed_bytes, _, _ = _END_OF_ZIP.unpack_from(tail, at)
    if listed_bytes == 0xFFFF_FFFF:  # ZIP64: the true size cannot be more than the file
        listed_bytes = size_bytes
    if listed_bytes > DIRECTORY_BYTES_MAX:
        raise SenderError(f"{name}: the archive's table of contents is larger than {DIRECTORY_BYTES_MAX // 2**20} MiB.")
    if count != 0xFFFF and count > MEMBERS_MAX:
        raise SenderError(f"The archive has more than {MEMBERS_MAX:,} members.")


def _overlapping(entries: list[zipfile.ZipInfo]) -> set[int]:
    """Offsets of members that begin before the one before them has ended: the bomb that packs one text many times."""
    found: set[int] = set()
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            found.add(entry.header_offset)
        end = max(end, entry.header_offset + 30 + len(entry.orig_filename) + entry.compress_size)
    return found


def _tar(file: BinaryIO, head: bytes, name: str, depth: int, budget: _Budget) -> Iterator[Parcel]:
    unpacker = next((unpack for mark, unpack in _UNPACKERS if head.startswith(mark)), None)
    if unpacker is None:
        yield from _plain_tar(file, name, depth, budget)
        return
    with TemporaryFile() as plain, unpacker(file) as packed:  # a packed tar cannot be read at any place but the next
        taken = 0
        while piece := packed.read(READ_BYTES):
            taken += len(piece)
            if taken > UNPACKED_BYTES_MAX:
                raise SenderError(f"{name}: the archive unpacks to more than {UNPACKED_BYTES_MAX // 2**30} GiB.")
            if taken > RATIO_FROM_BYTES and taken > RATIO_MAX * budget.packed_bytes:
                raise SenderError(f"{name}: the archive unpacks to more than {RATIO_MAX} times its size.")
            plain.write(piece)
        plain.seek(0)
        yield from _plain_tar(plain, name, depth, budget)


def _plain_tar(file: BinaryIO, name: str, depth: int, budget: _Budget) -> Iterator[Parcel]:
    with tarfile.open(fileobj=file, mode="r:") as packed:
        folders = _Folders(name, budget)
        for entry in packed:
            if entry.isdir():
                continue

            def pieces(entry: tarfile.TarInfo = entry) -> Iterator[bytes]:
                stream = packed.extractfile(entry)
                if stream is not None:
                    yield from _pieces(stream.read, entry.size, entry.name)

            yield from folders.add(entry.name, entry.size, _fault_of_tar(entry), pieces)
        yield from folders.parcels(depth)


class _Folders:
    """The members of one archive by their folder, as they are listed."""

    def __init__(self, name: str, budget: _Budget) -> None:
        self._name, self._budget = name, budget
        self._members: dict[str, list[Member]] = {}
        self._seen: set[str] = set()

    def add(self, path: str, size_bytes: int, fault: str, pieces: Callable[[], Iterator[bytes]]) -> Iterator[SetAside]:
        """Keeps a member for its folder's parcel; yields it at once where something is wrong with it alone."""
        inside = "/".join(part for part in path.replace("\\", "/").split("/") if part not in {"", "."})
        full = f"{self._name}/{inside}"
        fault = _fault_of_path(path, inside, self._seen) or fault
        if fault:
            yield SetAside(full.replace("\0", "\ufffd"), fault)
            return
        self._budget.spend(size_bytes)
        made = _member(full, size_bytes, pieces)
        if isinstance(made, SetAside):
            yield made
        else:
            self._members.setdefault(full.rsplit("/", 1)[0], []).append(made)

    def parcels(self, depth: int) -> Iterator[Parcel]:
        """Folder by folder: its archives are opened in their turn, the rest is handed over together."""
        for folder in sorted(self._members):
            members = self._members.pop(folder)
            plain, archives = without_archives(members)
            if plain:
                yield plain
            for member in archives:
                yield from self._inner(member, depth)

    def _inner(self, member: Member, depth: int) -> Iterator[Parcel]:
        with TemporaryFile() as inner:
            try:
                for piece in member.pieces():
                    inner.write(piece)
                inner.seek(0)
                yield from _open(inner, member.path, depth + 1, self._budget)
            except SenderError as error:
                yield SetAside(member.path, error.sentence, member)


def _member(path: str, size_bytes: int, pieces: Callable[[], Iterator[bytes]]) -> Member | SetAside:
    """The member with its kind. A damaged one is told at once, unless it is large: then when it is read to its end."""
    head, taken = b"", 0
    try:
        for piece in pieces():
            taken += len(piece)
            if len(head) < SNIFF_BYTES:
                head += piece
            if taken >= CHECKED_BYTES_MAX:
                break
    except _FAULTS as error:
        return SetAside(path, f"cannot be unpacked: {error or type(error).__name__}")
    except SenderError as error:
        return SetAside(path, error.sentence)
    name = path.rsplit("/", 1)[-1]
    return Member(path, size_bytes, sniff(head[:SNIFF_BYTES], name), _guarded(path, pieces))


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


def _fault_of_path(path: str, inside: str, seen: set[str]) -> str:
    parts = inside.split("/")
    if "\0" in path or path.startswith(("/", "\\")) or ".." in parts or (len(path) > 1 and path[1] == ":"):
        return "its path leads out of the archive"
    if not inside or len(path) > PATH_CHARACTERS_MAX:
        return f"its path is empty, or longer than {PATH_CHARACTERS_MAX:,} characters"
    if inside in seen:
        return "a second member with the same path; the first one counts"
    seen.add(inside)
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
