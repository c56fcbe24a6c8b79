"""Where a load's items come from: paths on this machine. Archives are opened with their limits; links are not followed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from abhaya.custody.actions import storable
from abhaya.errors import SenderError
from abhaya.intake.formats.archive import members_of
from abhaya.intake.formats.drop import Found, Mappings, read_parcel
from abhaya.intake.formats.drop_members import Member, SetAside, without_archives
from abhaya.intake.formats.sniff import SNIFF_BYTES, sniff

READ_BYTES = 1024 * 1024


def on_disk(paths: Iterable[Path], mappings: Mappings) -> Iterator[Found]:
    """Everything under the paths, folder by folder, in a stable order."""
    for path in paths:
        if not path.exists():
            yield SetAside(str(path), "there is no such file or folder")
        elif path.is_dir():
            for folder, folders, names in os.walk(path):
                folders.sort()
                yield from _folder(path, Path(folder), names, mappings)
        else:
            yield from _folder(path.parent, path.parent, [path.name], mappings)


def member_on_disk(path: Path, inside: str) -> Member:
    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(READ_BYTES):
                yield piece

    with path.open("rb") as file:
        kind = sniff(file.read(SNIFF_BYTES), path.name)
    return Member(inside, path.stat().st_size, kind, pieces)


def _folder(root: Path, folder: Path, names: list[str], mappings: Mappings) -> Iterator[Found]:
    members: list[Member] = []
    for name in sorted(names):
        path = folder / name
        inside = storable(path.relative_to(root).as_posix())
        if path.is_symlink() or not path.is_file():
            yield SetAside(inside, "a link or a special file, not followed")
            continue
        members.append(member_on_disk(path, inside))
    plain, archives = without_archives(members)
    for member in archives:
        yield from archive_of(member, mappings)
    yield from read_parcel(plain, mappings)


def archive_of(member: Member, mappings: Mappings) -> Iterator[Found]:
    """An archive's folders one by one; a refusal of the archive or of a member names the limit it broke.

    Archives need random access, so the bytes lie in a nameless temporary file while they are read.
    """
    with tempfile.TemporaryFile() as file:
        for piece in member.pieces():
            file.write(piece)
        file.seek(0)
        try:
            for parcel in members_of(file, member.path):
                if isinstance(parcel, SetAside):
                    yield parcel
                else:
                    yield from read_parcel(parcel, mappings)
        except SenderError as error:
            yield SetAside(member.path, error.sentence, member)
