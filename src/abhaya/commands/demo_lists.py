"""What the training world shows of hash lists: a partner's list comes in after the reports, and old reports wake up.

Every hash in it is of an invented picture, or of nothing. Some files of the reports are named by their bytes, some only by
a fingerprint that lies near.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from abhaya.commands.demo_cast import SERVICE
from abhaya.custody.vault import receive_stream
from abhaya.errors import OperatorError
from abhaya.intake.senders import receiving_hub
from abhaya.ledger.sequencer import sequence_all
from abhaya.matching.actions import NewList, NewVersion, open_list, open_version, read_version
from abhaya.matching.lists import list_named
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch, value

NAME, SOURCE = "Invented partner", "An invented partner's office"
OF_NOTHING = 2000  # entries that stand for no file here
KNOWN_MAX, NEAR_MAX = 11, 3
BITS_AWAY = 9
HASH_BITS = 256
COLUMNS = ("id", "sha256", "pdq", "quality", "verified by", "category")

# Pictures of the reports that are here, each once, those with a good fingerprint.
PICTURES = """
    select distinct on (sha256) sha256, pdq, quality from matching_file_hash
    where pdq is not null and quality = 100 order by sha256, file_id limit %(most)s
"""
WAITING = """
    select exists (select 1 from matching_file_hash where hashed_at is null)
        or exists (select 1 from matching_recheck where done_at is null)
"""


class Picture(NamedTuple):
    sha256: bytes
    pdq: bytes
    quality: int


def are_compared() -> bool:
    """Whether every picture has its fingerprint, and every list that came was held against all of them."""
    with on_the_road(SERVICE):
        return not value(WAITING)


def list_arrives() -> None:
    """The list, taken in as `abhaya lists import` does. A worker holds it against the reports that are here already."""
    with on_the_road(SERVICE):
        pictures = fetch(Picture, PICTURES, {"most": KNOWN_MAX + NEAR_MAX})
    table = _table(pictures)
    draft = receive_stream([table])
    today = datetime.now(UTC).date()
    with on_the_road(SERVICE, purpose="the training world's list"):
        open_list(
            NewList(
                name=NAME, unit_id=receiving_hub(), source=SOURCE, licence="training only", scheme="",
                purpose="material", vouched=0, vouched_basis="",
            )
        )  # fmt: skip
        of = list_named(NAME)
        if of is None:
            raise OperatorError("The training world's list could not be opened.")
        version = open_version(of, NewVersion(today.isoformat(), today, "invented-partner.csv", draft))
    read_version(of, version, io.BytesIO(table), purpose="the training world's list")
    sequence_all()


def _table(pictures: list[Picture]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(pictures))
    return text.getvalue().encode()


def _rows(pictures: list[Picture]) -> Iterator[tuple[object, ...]]:
    chance = random.Random(NAME)
    known, near = pictures[NEAR_MAX:], pictures[:NEAR_MAX]
    for number, one in enumerate(known):
        yield f"known-{number}", one.sha256.hex(), one.pdq.hex(), one.quality, 2, ""
    for number, one in enumerate(near):
        bits = int.from_bytes(one.pdq)
        for bit in chance.sample(range(HASH_BITS), BITS_AWAY):
            bits ^= 1 << bit
        yield f"near-{number}", chance.randbytes(32).hex(), f"{bits:064x}", one.quality, 2, ""
    for number in range(OF_NOTHING):
        yield f"other-{number}", chance.randbytes(32).hex(), "", "", 1, ""
