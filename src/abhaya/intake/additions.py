"""A known report that comes again: which of its files are new to it, and what is said of which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from abhaya.custody.actions import Stored
from abhaya.intake.formats.record import FilePart
from abhaya.selectors.reading import FILE_ROLE
from abhaya.selectors.sighting import Sighting


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that a known report has; `object_id` only where its bytes are held. `position` counts from 0."""

    report_id: UUID
    position: int
    object_id: UUID | None
    file_ref: str
    name: str


def laid_out(
    report_id: UUID, parts: Sequence[FilePart], kept_files: Sequence[Stored | None], known: list[KnownFile]
) -> tuple[list[int | None], list[tuple[int, FilePart, Stored]]]:
    """Which place in the report each file of a later delivery has (None: nobody can tell), and those whose bytes are new
    to it, which join `known`. Bytes that were only described so far take the place of their description: it is known by
    our own reference, or by a name that no other file of the report has.
    """
    by_object: dict[UUID, int] = {file.object_id: file.position for file in known if file.object_id is not None}
    filled = set(by_object.values())
    described = _described(known)
    next_position = max((file.position for file in known), default=-1) + 1
    positions: list[int | None] = []
    fresh: list[tuple[int, FilePart, Stored]] = []
    for part, kept in zip(parts, [*kept_files, *[None] * (len(parts) - len(kept_files))], strict=True):
        name = part.original_name or part.name
        place = described.get(part.file_ref or name, described.get(name))
        if kept is not None and kept.object_id not in by_object:
            if place is None or place in filled:
                place, next_position = next_position, next_position + 1
            filled.add(place)
            by_object[kept.object_id] = place
            known.append(KnownFile(report_id, place, kept.object_id, part.file_ref, name))
            fresh.append((place, part, kept))
        positions.append(place if kept is None else by_object[kept.object_id])
    return positions, fresh


def _described(known: Sequence[KnownFile]) -> dict[str, int]:
    """A file's reference or its name, where that means one place, and the place."""
    places: defaultdict[str, set[int]] = defaultdict(set)
    for file in known:
        for word in {file.file_ref, file.name} - {""}:
            places[word].add(file.position)
    return {word: next(iter(found)) for word, found in places.items() if len(found) == 1}


def of_file(sighting: Sighting, positions: Sequence[int | None]) -> Sighting:
    """What a later delivery says of its second file is said of that file's place in the report, or of none."""
    if sighting.role != FILE_ROLE or not 1 <= sighting.person <= len(positions):
        return sighting
    position = positions[sighting.person - 1]
    return sighting._replace(person=0 if position is None else position + 1)
