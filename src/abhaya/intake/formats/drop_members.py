"""One file of a drop before it is read, and what is set aside: the words that archives, folders and readers share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from abhaya.errors import SenderError
from abhaya.intake.formats.sniff import ARCHIVES, Kind

_NUMBER = re.compile(r"([0-9]+)")

TEXT_BYTES_MAX = 64 * 1024 * 1024  # an XML, JSON, CSV or PDF larger than this is set aside


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a drop, not yet read. `path` is its path inside the drop."""

    path: str
    size_bytes: int
    kind: Kind  # by its first bytes, which are not kept: a folder may hold a hundred thousand
    pieces: Callable[[], Iterator[bytes]]

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def order(self) -> tuple[object, ...]:
        """A key to sort by that counts as people do: file 2 stands before file 10."""
        runs = _NUMBER.split(self.path)
        runs[1::2] = [run.lstrip("0") for run in runs[1::2]]
        return *((len(run) * (at % 2), run) for at, run in enumerate(runs)), (0, self.path)

    def content(self) -> bytes:
        """The whole document. Raises SenderError for one that is too large to be a document."""
        if self.size_bytes > TEXT_BYTES_MAX:
            raise SenderError(f"The file is larger than {TEXT_BYTES_MAX // 2**20} MiB, too large for a document.")
        return b"".join(self.pieces())


@dataclass(frozen=True, slots=True)
class SetAside:
    """One item that holds no report we can read, and why. `member` is kept with the drop: nothing received is lost."""

    path: str
    reason: str
    member: Member | None = None


def without_archives(members: Sequence[Member]) -> tuple[list[Member], list[Member]]:
    """What of a folder is read together, and which archives are opened by themselves. Beside a submission nothing is:
    an archive there is one of its files.
    """
    if any(member.kind is Kind.SUBMISSION for member in members):
        return list(members), []
    plain = [member for member in members if member.kind not in ARCHIVES]
    return plain, [member for member in members if member.kind in ARCHIVES]
