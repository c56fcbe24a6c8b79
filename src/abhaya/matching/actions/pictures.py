"""Our files as pictures: decoded apart and hashed, the same bytes once; then held against the lists by nearness.

Beside the road, since decoding takes its time: a round of a few seconds, written as a whole or not at all. A picture that is
near one on a list only looks known, whoever verified the entry: one lawful look decides (DESIGN, promise 5).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from abhaya.custody.damage import OriginalDamaged
from abhaya.custody.queries import read_object
from abhaya.custody.why_not import WhyNot
from abhaya.errors import NotThere
from abhaya.matching import lists, near_rules
from abhaya.matching.actions import listed, stills
from abhaya.matching.actions.listed import Named
from abhaya.matching.film_index import STILLS
from abhaya.matching.film_reasons import FRAMES_TYPE
from abhaya.matching.kernels.bits import codes_of
from abhaya.matching.lists import Found
from abhaya.matching.near_index import FILES, LISTS, SQL
from abhaya.matching.near_reasons import NOT_HELD, UNREADABLE
from abhaya.matching.nearness import QUALITY_MIN, RADIUS_BUILT_FOR
from abhaya.matching.pictures import PictureHashes, Pictures
from abhaya.matching.rules import ARRIVAL, NEAR, RECHECK
from abhaya.shared.sql import execute, fetch, value

FILES_PER_ROUND = 2000
ROUND_SECONDS_MAX = 3.0  # of decoding; what is begun is finished
IDLE_SECONDS = 300.0  # then the decoder's process is ended
NEVER_PICTURES = ("audio/", "video/", "text/", "application/pdf", "application/zip")


class _Waiting(NamedTuple):
    file_id: UUID
    report_id: UUID
    compartment: UUID
    sha256: bytes
    object_id: UUID
    media_type: str


class _Holder(NamedTuple):
    """A file of a picture, with the picture's forms."""

    position: int
    file_id: UUID
    report_id: UUID
    compartment: UUID
    forms: bytes
    mode: str


@dataclass(slots=True)
class _Near:
    """What a picture may meet on lists: pictures, and films of which it may be a frame."""

    entries: list[Found] = field(default_factory=list)
    films: list[stills.Listed] = field(default_factory=list)

    def named(self, holder: _Holder) -> Iterator[Named]:
        """One match for each entry; an entry with both hashes is met as the picture."""
        to = (holder.compartment, holder.report_id, holder.file_id)
        for entry in self.entries:
            met = near_rules.nearest(bytes(holder.forms), bytes(entry.pdq or b""))
            mode = f"{met.form}, {holder.mode}"
            yield Named(*to, entry, NEAR, "pdq", entry.pdq, met.distance_bits, mode)
        as_pictures = {entry.position for entry in self.entries}
        for one in self.films:
            still = one.met_by(bytes(holder.forms)) if one.entry.position not in as_pictures else None
            if still is not None:
                counts, mode = [still.near, still.of, still.at_second], f"{still.form}, {holder.mode}"
                yield Named(*to, one.entry, NEAR, FRAMES_TYPE, None, still.nearest_bits, mode, counts)


@dataclass(slots=True)
class _Decoder:
    """One decoding process for as long as there is work."""

    pictures: Pictures | None = None
    used_at: float = 0.0

    def get(self) -> Pictures:
        self.pictures, self.used_at = self.pictures or Pictures(), time.monotonic()
        return self.pictures

    def rest(self) -> None:
        if self.pictures is not None and time.monotonic() - self.used_at > IDLE_SECONDS:
            self.close()

    def close(self) -> None:
        if self.pictures is not None:
            self.pictures.close()
            self.pictures = None


DECODER = _Decoder()


def hash_pictures(seconds: float = ROUND_SECONDS_MAX) -> int:
    """One round of what waits, in the caller's transaction. Returns how many files it settled."""
    execute(SQL["lock"])
    if not (LISTS.follow() and STILLS.follow()):
        return 0  # an index is being built; the files wait for it
    of_bytes: defaultdict[bytes, list[_Waiting]] = defaultdict(list)
    for one in fetch(_Waiting, SQL["waiting"], {"limit": FILES_PER_ROUND}):
        of_bytes[bytes(one.sha256)].append(one)
    if not of_bytes:
        DECODER.rest()
        return 0
    before = fetch(lambda *row: row, SQL["hashed_before"], {"digests": list(of_bytes)})
    made: dict[bytes, dict[str, Any]] = {bytes(digest): _row_again(rest) for digest, *rest in before}
    until = time.monotonic() + seconds
    for digest, files in of_bytes.items():
        if digest not in made:
            if time.monotonic() > until:
                continue
            made[digest] = _row_of(_hashes(files[0]))
        execute(SQL["hashed"], {**made[digest], "files": [one.file_id for one in files]})
    _hold_against_lists([(made[digest], files) for digest, files in of_bytes.items() if digest in made])
    return sum(len(files) for digest, files in of_bytes.items() if digest in made)


def compare_entries(entries: Sequence[Found]) -> bool:
    """Entries of a list that came later, pictures and films, against all our pictures. False: our own index is being built,
    so ask again.
    """
    with_pdq = [one for one in entries if one.pdq and _says_something(one)]
    with_frames = stills.with_frames(entries)
    if not with_pdq and not with_frames:
        return True
    execute(SQL["lock"])
    if not FILES.follow():
        return False
    near: defaultdict[int, _Near] = defaultdict(_Near)
    if with_pdq:
        found = FILES.search(codes_of(b"".join(bytes(one.pdq or b"") for one in with_pdq)), RADIUS_BUILT_FOR)
        for query, position in zip(found.queries.tolist(), found.ids.tolist(), strict=True):
            near[position].entries.append(with_pdq[query])
    for position, listed_film in stills.near_films(with_frames):
        near[position].films.append(listed_film)
    holders = fetch(_Holder, SQL["files_at"], {"positions": list(near)}) if near else []
    listed.write([named for holder in holders for named in near[holder.position].named(holder)], RECHECK)
    return True


def _says_something(entry: Found) -> bool:
    return entry.quality is None or entry.quality >= QUALITY_MIN


def _hashes(file: _Waiting) -> PictureHashes | str:
    """The fingerprints of a file's bytes, or the code of the sentence that says why there are none."""
    if file.media_type.startswith(NEVER_PICTURES):
        return WhyNot.NO_PICTURE.value
    try:
        found = DECODER.get().hashes(read_object(file.object_id, file.compartment))
    except NotThere:
        return NOT_HELD
    except OriginalDamaged:
        return UNREADABLE
    return found.value if isinstance(found, WhyNot) else found


def _row_of(found: PictureHashes | str) -> dict[str, Any]:
    if isinstance(found, str):
        return {**_row_again([None] * 10), "decoder": "", "mode": "", "how": "", "why_not": found}
    return {
        "position": value(SQL["next_position"]), "pdq": found.pdq, "pdq_512": found.pdq_512, "forms": found.forms,
        "quality": found.quality, "width": found.width, "height": found.height, "decoder": found.decoder,
        "mode": found.mode, "how": found.how, "why_not": "",
    }  # fmt: skip


def _row_again(of_the_same_bytes: Sequence[Any]) -> dict[str, Any]:
    names = ("position", "pdq", "pdq_512", "forms", "quality", "width", "height", "decoder", "mode", "how", "why_not")
    return dict(zip(names, of_the_same_bytes, strict=False))


def _hold_against_lists(hashed: Sequence[tuple[Mapping[str, Any], Sequence[_Waiting]]]) -> None:
    """Pictures that were just hashed, each with its files, against every list there is."""
    pictures = [(row, files) for row, files in hashed if row["forms"] and row["quality"] >= QUALITY_MIN]
    if not pictures:
        return
    forms = [bytes(row["forms"]) for row, _ in pictures]
    found = LISTS.search(codes_of(b"".join(forms)), RADIUS_BUILT_FOR)
    positions: defaultdict[int, set[int]] = defaultdict(set)
    for query, position in zip(found.queries.tolist(), found.ids.tolist(), strict=True):
        positions[query // near_rules.FORMS].add(position)
    entries = {one.position: one for one in lists.resolve(sorted(set().union(*positions.values())))}
    near: defaultdict[int, _Near] = defaultdict(_Near)
    for picture, at in positions.items():
        near[picture].entries += [entries[position] for position in sorted(at) if position in entries]
    for picture, listed_film in stills.near_pictures(forms):
        near[picture].films.append(listed_film)
    named = [
        each
        for picture, met in near.items()
        for row, files in (pictures[picture],)
        for one in files
        for each in met.named(_Holder(0, one.file_id, one.report_id, one.compartment, row["forms"], row["mode"]))
    ]
    listed.looked_known(listed.write(named, ARRIVAL))
