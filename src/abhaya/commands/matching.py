"""`abhaya match`: files held against hash lists, on any workstation, without a server or a network.

The lists become an index in a folder of their own that goes when the command ends. Three answers, as in the whole house: *known*,
the same bytes and an entry that the list says two people verified; *looks known*, the same bytes otherwise, or a picture or a film
that is near; *new*. It shows no picture.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from argparse import Namespace
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from abhaya.commands.files_below import count_below, files_below
from abhaya.commands.film_lists import FilmLists
from abhaya.commands.growing_table import GrowingTable
from abhaya.commands.hashing import DONE, SET_ASIDE, Hashing, Row
from abhaya.commands.progress import Progress
from abhaya.commands.vics_table import asked_rightly, write_vics
from abhaya.custody.why_not import WhyNot
from abhaya.errors import AbhayaError, OperatorError
from abhaya.matching.formats import any_list
from abhaya.matching.formats.record import About, Aside, Entry
from abhaya.matching.index import Digests, Index
from abhaya.matching.kernels.bits import codes_of
from abhaya.matching.kernels.hamming import processors
from abhaya.matching.nearness import QUALITY_MIN
from abhaya.matching.pictures import BULK, WHOLE

KNOWN, LOOKS_KNOWN, NEW = "known", "looks known", "new"
VERIFIED_BY_MIN = 2  # people, for "known"
DIGESTS = ("sha256", "sha1", "md5")
BASIS_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Hit:
    """One file and one entry that it meets; of a file that meets none, what follows `answer` is empty but for `why_not`."""

    path: str
    size_bytes: int
    sha256: str
    answer: str
    list: str = ""
    entry: str = ""
    category: str = ""
    hash_type: str = ""
    distance: int | str = ""
    mode: str = ""
    why_not: str = ""
    md5: str = ""
    sha1: str = ""
    basis: str = ""  # the first bytes of a SHA-256 over all lists and the radius


COLUMNS = tuple(field.name for field in fields(Hit))


def match(arguments: Namespace) -> int:
    """One line for each file and entry that meet, one for each file that meets none. Lists that cannot be read end it."""
    asked_rightly(arguments.vics, arguments.out)
    paths = [Path(given) for given in arguments.paths]
    code = DONE
    with ExitStack() as during:
        folder = during.enter_context(tempfile.TemporaryDirectory(prefix="abhaya-match-"))
        lists = Lists(Path(folder))
        for given in arguments.list:
            code = max(code, SET_ASIDE if lists.take_in(Path(given)) else DONE)
        lists.build()
        basis = lists.basis(arguments.radius)
        table = during.enter_context(
            GrowingTable(
                arguments.out and Path(arguments.out), COLUMNS, is_json=arguments.json, may_repeat=True, basis=basis
            )
        )
        progress = during.enter_context(Progress("matching", count_below(paths) if sys.stderr.isatty() else None))
        hashing = during.enter_context(Hashing(arguments.processes or processors(), BULK if arguments.bulk else WHOLE))
        for found, row in hashing.rows(files_below(paths), table.is_done):
            progress.step()
            if isinstance(row, OSError):
                print(f"abhaya: {found}: {row.strerror}", file=sys.stderr)
                code = SET_ASIDE
            elif row is not None:
                table.write([asdict(hit) | {"basis": basis} for hit in lists.hits(row, arguments.radius)])
                code = SET_ASIDE if row.why_not not in {"", WhyNot.NO_PICTURE} else code
    if arguments.vics:
        write_vics(arguments.vics, Path(arguments.out), is_json=arguments.json)
    return code


class Lists:
    """Entries of all lists that were given, and what finds them. An id is the number of an entry in the order read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lists: list[str] = []
        self._digest = hashlib.sha256()
        self._texts = bytearray()  # list, ref and category of each entry: as text, not as objects, since lists are long
        self._ends = array("q")
        self._vouched = array("b")
        self._hashes = {kind: bytearray() for kind in (*DIGESTS, "pdq")}
        self._ids = {kind: array("q") for kind in self._hashes}
        self._films = FilmLists(folder)

    def take_in(self, path: Path) -> int:
        """Reads one list, in whatever form; answers how many of its items were not understood, which are named."""
        aside = 0
        try:
            with path.open("rb") as stream:
                self._digest.update(hashlib.file_digest(stream, "sha256").digest())
                stream.seek(0)
                head = stream.read(any_list.HEAD_BYTES)
                stream.seek(0)
                self._lists.append(path.name)
                for item in any_list.read(head, stream, About()):
                    if isinstance(item, Aside):
                        aside += 1
                        print(f"abhaya: {path}: {item.locator}: {item.why}", file=sys.stderr)
                    elif not item.withdrawn:
                        self._keep(item)
        except OSError as error:
            raise OperatorError(f"{path} cannot be read: {error.strerror}.") from error
        except AbhayaError as error:
            raise OperatorError(f"{path}: {error.sentence}") from error
        return aside

    def _keep(self, entry: Entry) -> None:
        number = len(self._ends)
        said = f"{len(self._lists) - 1}\0{entry.ref or entry.locator}\0{entry.category}"
        self._texts += said.encode("utf-8", "surrogateescape")
        self._ends.append(len(self._texts))
        self._vouched.append(min(entry.vouched, VERIFIED_BY_MIN))
        for kind, value in entry.fixed.items():
            if kind == "vpdq":
                self._films.keep(number, value)
                continue
            if kind == "pdq" and entry.quality is not None and entry.quality < QUALITY_MIN:
                continue
            self._hashes[kind] += value
            self._ids[kind].append(number)

    def basis(self, radius: int) -> str:
        """What every answer rests on."""
        return hashlib.sha256(self._digest.digest() + bytes([radius])).hexdigest()[:BASIS_CHARACTERS]

    def build(self) -> None:
        """Makes the indexes of what was read."""
        self._near = Index.create(
            self._folder / "pdq", "pdq", codes_of(bytes(self._hashes["pdq"])), np.array(self._ids["pdq"], np.int64)
        )
        self._films.build()
        self._equal: dict[str, Digests] = {}
        for kind in DIGESTS:
            made = Digests.create(self._folder / kind, kind)
            keys = made.keys_of(bytes(self._hashes[kind]))
            self._equal[kind] = Digests.create(self._folder / kind, kind, keys, np.array(self._ids[kind], np.int64))
        self._hashes.clear()
        self._ids.clear()

    def hits(self, row: Row, radius: int) -> Sequence[Hit]:
        """What this file meets: the same bytes first, then near pictures, nearest first; each entry once."""
        made: dict[int, Hit] = {}
        for kind in DIGESTS:
            equal = self._equal[kind]
            for number in equal.lookup(equal.keys_of(bytes.fromhex(getattr(row, kind)))).ids.tolist():
                answer = KNOWN if self._vouched[number] >= VERIFIED_BY_MIN else LOOKS_KNOWN
                made.setdefault(number, self._hit(row, answer, number, kind, 0, ""))
        if row.film:
            for hit in self._films.hits(row.film, self._near, radius):
                near = self._hit(row, LOOKS_KNOWN, hit.number, hit.hash_type, hit.distance_bits, hit.mode)
                made.setdefault(hit.number, near)
        why_not = row.why_not if row.why_not != WhyNot.NO_PICTURE else ""
        if row.pdq and int(row.quality) < QUALITY_MIN:
            why_not = "quality-too-low"
        elif row.pdq:
            for number, distance, mode in self._near_ones(row, radius):
                made.setdefault(number, self._hit(row, LOOKS_KNOWN, number, "pdq", distance, mode))
        return list(made.values()) or [
            Hit(row.path, row.size_bytes, row.sha256, NEW, why_not=why_not, md5=row.md5, sha1=row.sha1)
        ]

    def _near_ones(self, row: Row, radius: int) -> Iterator[tuple[int, int, str]]:
        """Both ways of computing PDQ are asked: lists are made by programs of either family."""
        modes = (row.mode, "512")
        answer = self._near.search(codes_of(bytes.fromhex(row.pdq + row.pdq_512)), radius)
        found = sorted(zip(answer.distances.tolist(), answer.queries.tolist(), answer.ids.tolist(), strict=True))
        return ((number, distance, modes[query]) for distance, query, number in found)

    def _hit(self, row: Row, answer: str, number: int, kind: str, distance: int, mode: str) -> Hit:
        said = self._texts[self._ends[number - 1] if number else 0 : self._ends[number]]
        place, ref, category = said.decode("utf-8", "surrogateescape").split("\0", 2)
        return Hit(
            row.path, row.size_bytes, row.sha256, answer, self._lists[int(place)], ref, category, kind, distance, mode,
            md5=row.md5, sha1=row.sha1,
        )  # fmt: skip
