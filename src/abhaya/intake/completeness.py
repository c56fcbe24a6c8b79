"""What a report lacks for someone to act on it (pure). The dimensions are those of the Stanford study of 2024, p. 76:
who offended, who is harmed and where, the upload's address, a file or a chat, a time and what it means, who looked.

The same list goes back to the sender, so that the next report is better. A missing field is not a fault: in the United
States everything but type and time is voluntary (18 U.S.C. 2258A(b)).
"""

from __future__ import annotations

from collections.abc import Callable

from abhaya.intake.formats.record import Record

STRONG_KINDS = frozenset({"email", "phone", "account"})


def _has_offender(record: Record) -> bool:
    return any(fact.role == "reported" and fact.kind in STRONG_KINDS for fact in record.facts)


def _has_address(record: Record) -> bool:
    return any(fact.kind == "ip" for fact in record.facts)


def _has_upload_address(record: Record) -> bool:
    return any(fact.kind == "ip" and (fact.event == "Upload" or fact.role == "file") for fact in record.facts)


def _has_port(record: Record) -> bool:
    addresses = [fact for fact in record.facts if fact.kind == "ip" and ":" not in fact.raw]
    return not addresses or any(fact.port is not None for fact in addresses)


def _has_second(record: Record) -> bool:
    addresses = [fact for fact in record.facts if fact.kind == "ip"]
    return not addresses or any(
        fact.instant is not None and fact.instant.at is not None and fact.instant.zone_known for fact in addresses
    )


def _has_content(record: Record) -> bool:
    return bool(record.files) or any(len(text.text) >= 20 for text in record.texts)


def _has_time_meaning(record: Record) -> bool:
    return bool(record.incident_means)


def _has_viewed(record: Record) -> bool:
    return all(file.viewed_by_sender is not None for file in record.files)


def _has_place(record: Record) -> bool:
    return bool(record.places) or _has_address(record)


def _has_victim(record: Record) -> bool:
    return any(person.role == "victim" for person in record.persons)


# code -> is it there? In the order in which it would help most.
DIMENSIONS: dict[str, Callable[[Record], bool]] = {
    "offender_identifier": _has_offender,
    "place_or_address": _has_place,
    "upload_address": _has_upload_address,
    "address_port": _has_port,
    "address_second_and_zone": _has_second,
    "file_or_text": _has_content,
    "incident_time_meaning": _has_time_meaning,
    "viewed_by_sender": _has_viewed,
    "victim": _has_victim,
}


def missing(record: Record) -> list[str]:
    """The codes of what is not there, most helpful first."""
    return [code for code, is_there in DIMENSIONS.items() if not is_there(record)]
