"""`abhaya hash`: hashes for lists, returns and notes, on any workstation, without a server.

A table of files with their digests and, of pictures, PDQ, of films, vPDQ. They are decoded in confined processes, one for each file.
"""

from __future__ import annotations

import hashlib
import os
import sys
from argparse import Namespace
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Semaphore
from typing import Self

from abhaya.commands.files_below import Found, count_below, files_below
from abhaya.commands.growing_table import GrowingTable
from abhaya.commands.progress import Progress
from abhaya.commands.vics_table import asked_rightly, write_vics
from abhaya.custody.rules import SNIFF_BYTES, sniff
from abhaya.custody.viewing import Kind, kind_of
from abhaya.custody.why_not import WhyNot
from abhaya.matching import films
from abhaya.matching.films import FilmHashes
from abhaya.matching.formats import vpdq
from abhaya.matching.kernels import film
from abhaya.matching.pictures import BULK, WHOLE, PictureHashes, Pictures
from abhaya.shared.confined import AT_ONCE_MAX

DONE, SET_ASIDE = 0, 1
READ_BYTES = 1024 * 1024
AHEAD_FILES = 4  # for each process, so that none waits while the table is written in order


@dataclass(frozen=True, slots=True)
class Row:
    """One file; of one that is neither picture nor film, or could not be decoded, what follows `sha256` is empty but for `why_not`."""

    path: str
    size_bytes: int
    md5: str
    sha1: str
    sha256: str
    pdq: str = ""
    pdq_512: str = ""
    quality: int | str = ""
    width: int | str = ""
    height: int | str = ""
    decoder: str = ""
    mode: str = ""
    how: str = ""
    why_not: str = ""
    vpdq: str = ""  # of a film: a frame a second, as `threatexchange` reads it
    film: FilmHashes | None = None  # no column: all that was kept of it

    def cells(self) -> dict[str, object]:
        """What stands in the table."""
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS = tuple(field.name for field in fields(Row) if field.name != "film")
HEADINGS = ",".join(COLUMNS) + "\n"


def hash_files(arguments: Namespace) -> int:
    """One line for each file, in a stable order. What cannot be read is named on standard error."""
    asked_rightly(arguments.vics, arguments.out)
    paths = [Path(given) for given in arguments.paths]
    processes = arguments.processes or len(os.sched_getaffinity(0))
    scale = BULK if arguments.bulk else WHOLE
    code = DONE
    with ExitStack() as during:
        table = during.enter_context(
            GrowingTable(arguments.out and Path(arguments.out), COLUMNS, is_json=arguments.json)
        )
        total = count_below(paths) if sys.stderr.isatty() else None
        progress = during.enter_context(Progress("hashing", total))
        hashing = during.enter_context(Hashing(processes, scale))
        for found, row in hashing.rows(files_below(paths), table.is_done):
            progress.step()
            if isinstance(row, OSError):
                print(f"abhaya: {found}: {row.strerror}", file=sys.stderr)
                code = SET_ASIDE
            elif row is not None:
                table.write([row.cells()])
                code = SET_ASIDE if row.why_not not in {"", WhyNot.NO_PICTURE} else code
    if arguments.vics:
        write_vics(arguments.vics, Path(arguments.out), is_json=arguments.json)
    return code


# --- the work ---


class Hashing:
    """Several files at a time, each in a thread with a nursery of its own; rows come in the order of the files."""

    def __init__(self, processes: int, scale: int) -> None:
        self._processes, self._scale = processes, scale
        self._free: SimpleQueue[Pictures] = SimpleQueue()
        self._pool = ThreadPoolExecutor(processes)
        self._films = Semaphore(AT_ONCE_MAX)
        self._all = [Pictures() for _ in range(processes)]
        for pictures in self._all:
            self._free.put(pictures)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for pictures in self._all:
            pictures.close()

    def rows(
        self, files: Iterator[Found | OSError], is_done: Callable[[Found], bool]
    ) -> Iterator[tuple[str, Row | OSError | None]]:
        """(path, row); or why the file cannot be read; or None where it is done already."""
        coming: deque[tuple[str, Future[Row | OSError] | OSError | None]] = deque()
        try:
            for found in files:
                if isinstance(found, OSError):
                    coming.append((str(found.filename), found))
                elif is_done(found):
                    found.close()
                    coming.append((str(found.path), None))
                else:
                    coming.append((str(found.path), self._pool.submit(self._row, found)))
                while len(coming) > AHEAD_FILES * self._processes:
                    yield _came(*coming.popleft())
            while coming:
                yield _came(*coming.popleft())
        finally:
            for _, future in coming:
                if isinstance(future, Future):
                    future.cancel()

    def _row(self, found: Found) -> Row | OSError:
        try:
            with found:
                size_bytes, digests, first = _digests(found.descriptor)
                row = Row(str(found.path), size_bytes, *digests)
                kind = kind_of(sniff(first))
                if kind is Kind.FILM:
                    with self._films:
                        return _with_film(row, films.hashes(Path(f"/proc/self/fd/{found.descriptor}")))
                if kind is not Kind.PICTURE:
                    return row
                pictures = self._free.get()
                try:
                    return _with(row, pictures.hashes(found.descriptor, scale=self._scale))
                finally:
                    self._free.put(pictures)
        except OSError as error:
            return error


def _came(path: str, row: Future[Row | OSError] | OSError | None) -> tuple[str, Row | OSError | None]:
    return path, row.result() if isinstance(row, Future) else row


def _with(row: Row, hashes: PictureHashes | WhyNot) -> Row:
    if isinstance(hashes, WhyNot):
        return replace(row, why_not=str(hashes))
    how = hashes.how + (", the first of several" if hashes.more else "")
    return replace(
        row, pdq=hashes.pdq.hex(), pdq_512=hashes.pdq_512.hex(), quality=hashes.quality, width=hashes.width,
        height=hashes.height, decoder=hashes.decoder, mode=hashes.mode, how=how,
    )  # fmt: skip


def _with_film(row: Row, hashes: FilmHashes | WhyNot) -> Row:
    if isinstance(hashes, WhyNot):
        return replace(row, why_not=str(hashes))
    frames = film.unpacked(hashes.frames)
    seconds = frames[frames["at_ms"] % 1000 == 0]
    return replace(
        row, width=hashes.width, height=hashes.height, decoder=hashes.reader, mode=hashes.mode, why_not=hashes.ended,
        how=f"{len(seconds)} frames, of {len(frames)} kept", vpdq=vpdq.written(seconds.tobytes()), film=hashes,
    )  # fmt: skip


def _digests(descriptor: int) -> tuple[int, tuple[str, str, str], bytes]:
    """Size, digests, and the first bytes."""
    # MD5 and SHA-1 because lists and courts name files by them; they prove nothing here.
    digests = [hashlib.md5(usedforsecurity=False), hashlib.sha1(usedforsecurity=False), hashlib.sha256()]
    size_bytes, first = 0, b""
    while piece := os.read(descriptor, READ_BYTES):
        first = first or piece[:SNIFF_BYTES]
        size_bytes += len(piece)
        for digest in digests:
            digest.update(piece)
    md5, sha1, sha256 = (digest.hexdigest() for digest in digests)
    return size_bytes, (md5, sha1, sha256), first
