"""Groups as files, in the shapes in which they reach a unit.

`chat`: the text that a telephone exports (Android, English, 24 hours; local time of that telephone, no zone in it).
`json`: Telegram Desktop's `result.json` (its source, `export_output_json.cpp`: `date` is local, `date_unixtime` a string
of UTC seconds, `members` and `inviter` are names and no ids). `members`: a provider's list, one row per stay.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from abhaya.training.calling import number, written
from abhaya.training.groups import Event, Group, Member

MEMBER_COLUMNS = (
    "group_id", "group_name", "platform", "member_id", "number", "display_name", "role", "joined", "left", "added_by",
    "line_type", "ported",
)  # fmt: skip
_NOTICE = (
    "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them."
    " Learn more."
)
_NOT_INCLUDED = "(File not included. Change data exporting settings to download.)"


def write_group(folder: Path, group: Group, *, zone: timedelta = timedelta(hours=5, minutes=30)) -> Path:
    """Writes one group in its form under `folder` and says where. `zone`: of the telephone or machine that exported."""
    folder.mkdir(parents=True, exist_ok=True)
    if group.form == "chat":
        path = folder / f"WhatsApp Chat with {group.name}.txt"
        path.write_text(chat_text(group, zone), encoding="utf-8")
    elif group.form == "json":
        path = folder / f"ChatExport_{group.name.replace(' ', '_')}" / "result.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(result_json(group, zone), encoding="utf-8")
    else:
        path = folder / f"members-{group.id}.csv"
        path.write_text(members_csv(group), encoding="utf-8", newline="")
    return path


def chat_text(group: Group, zone: timedelta) -> str:
    """The exported chat of a telephone: who is not in its contacts stands there with the number."""
    lines = [f"{_local(group.events[0].at, zone)} - {_NOTICE}"]
    lines += [f"{_local(event.at, zone)} - {_chat_line(event)}" for event in group.events]
    return "\n".join(lines) + "\n"


def _chat_line(event: Event) -> str:
    who = _called(event.actor)
    whom = [_called(other) for other in event.others]
    if event.kind in {"said", "forwarded"}:  # this form does not tell them apart
        return f"{who}: {event.text}"
    if event.kind == "media":
        return f"{who}: <Media omitted>"
    listed = whom[0] if len(whom) == 1 else ", ".join(whom[:-1]) + f" and {whom[-1]}" if whom else ""
    return {
        "created": f'{who} created group "{event.text}"',
        "added": f"{who} added {listed}",
        "joined": f"{who} joined using this group's invite link",
        "left": f"{who} left",
        "removed": f"{who} removed {listed}",
        "renamed": f'{who} changed the subject to "{event.text}"',
        "admin": f"{listed or who} is now an admin",
        "number": f"{who} changed to {listed}",
    }[event.kind]


def _called(member: Member) -> str:
    return written(member.number, member.country, 0) if member.number else member.name


def result_json(group: Group, zone: timedelta) -> str:
    kind = {"group": "private_supergroup", "channel": "private_channel", "room": "public_supergroup"}[group.kind]
    messages = [_message(place, event, zone) for place, event in enumerate(group.events, start=1)]
    body = {"name": group.name, "type": kind, "id": int(group.id), "messages": messages}
    return json.dumps(body, ensure_ascii=False, indent=1)


def _message(place: int, event: Event, zone: timedelta) -> dict[str, object]:
    said = event.kind in {"said", "media", "forwarded"}
    message: dict[str, object] = {
        "id": place,
        "type": "message" if said else "service",
        "date": (event.at + zone).strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(int(event.at.timestamp())),
    }
    if said:
        message |= {"from": event.actor.name, "from_id": f"user{event.actor.account}"}
        if event.kind == "forwarded":
            other = event.others[0] if event.others else event.actor
            message |= {"forwarded_from": other.name, "forwarded_from_id": f"user{other.account}"}
        if event.kind == "media":
            message |= {"file": _NOT_INCLUDED, "file_name": event.text, "mime_type": "image/png"}
        text = "" if event.kind == "media" else event.text
        return message | {"text": text, "text_entities": [{"type": "plain", "text": text}] if text else []}
    message |= {"actor": event.actor.name, "actor_id": f"user{event.actor.account}"}
    names = [other.name for other in event.others]
    actions: dict[str, dict[str, object]] = {
        "created": {"action": "create_group", "title": event.text, "members": [event.actor.name]},
        "added": {"action": "invite_members", "members": names},
        "joined": {"action": "join_group_by_link", "inviter": "Group"},
        "left": {"action": "remove_members", "members": [event.actor.name]},
        "removed": {"action": "remove_members", "members": names},
        "renamed": {"action": "edit_group_title", "title": event.text},
    }
    message |= actions.get(event.kind, {"action": "pin_message", "message_id": 1})
    return message | {"text": "", "text_entities": []}


def members_csv(group: Group) -> str:
    """A provider's answer: who was in the group, from when until when, in what role, put in by whom; no messages."""
    out = io.StringIO()
    writer = csv.DictWriter(out, MEMBER_COLUMNS)
    writer.writeheader()
    for place, member in enumerate(group.members):
        stay = [event for event in group.events if _concerns(event, member)]
        adder = next((event.actor for event in stay if event.kind == "added" and member in event.others), None)
        left = next((event for event in reversed(stay) if event.kind in {"left", "removed"}), None)
        is_admin = any(event.kind == "created" or (event.kind == "admin" and member in event.others) for event in stay)
        writer.writerow(
            {
                "group_id": group.id, "group_name": group.name, "platform": group.platform, "member_id": member.account,
                "number": written(member.number, member.country, place) if member.number else "",
                "display_name": member.name, "role": "admin" if is_admin else "member",
                "joined": _zulu(stay[0].at) if stay else "", "left": _zulu(left.at) if left else "",
                "added_by": adder.account if adder else "", "line_type": member.line,
                "ported": ("yes" if member.is_ported else "no") if member.line else "",
            }
        )  # fmt: skip
    return out.getvalue()


def _concerns(event: Event, member: Member) -> bool:
    if event.kind == "removed" and event.actor == member:
        return False
    return member in event.others or (event.actor == member and event.kind in {"created", "joined", "left"})


def _local(at: datetime, zone: timedelta) -> str:
    return (at + zone).strftime("%d/%m/%Y, %H:%M")


def _zulu(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def write_samples(folder: Path) -> list[Path]:
    """One small group in each form, the same history in all three: what a reader is tried on first."""
    countries = ("PK", "CA", "LK", "NG")
    people = [
        Member(f"M{place}", f"Member {place}", country, number(country, place), str(7_000_000_000 + place), line="prepaid")
        for place, country in enumerate(countries, start=1)
    ]  # fmt: skip
    one, two, three, four = people
    start = datetime(2026, 3, 12, 15, 44, tzinfo=UTC)
    history = [
        ("created", one, (), "Group 17"), ("added", one, (two, three), ""), ("joined", four, (), ""),
        ("left", four, (), ""), ("said", one, (), "offers files"), ("media", two, (), "1.png"),
        ("forwarded", two, (one,), "offers files"), ("renamed", one, (), "Group 17 b"),
        ("said", one, (), "says hello"),
    ]  # fmt: skip
    events = [
        Event(start + timedelta(minutes=place), kind, actor, others, text)
        for place, (kind, actor, others, text) in enumerate(history)
    ]
    paths = []
    for form, platform in (("chat", "ChatLine"), ("json", "PhotoShare"), ("members", "ChatLine")):
        group = Group(
            "1700000017", "Group 17", platform, "group", "https://chat.example.com/g/17", form, people, events
        )
        paths.append(write_group(folder, group))
    return paths
