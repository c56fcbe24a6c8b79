"""Telegram Desktop's `result.json` ("Export chat history", machine-readable): groups, channels, members, acts.

`date_unixtime` is UTC; older exports have only `date`, in the exporting machine's zone, which they do not name. Service
messages name their `members` and `inviter` by name and not by id: a name that one id alone goes by is taken for that id.
A whole account's export holds many chats (`chats.list`, `left_chats.list`); each is a record of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from abhaya.errors import SenderError
from abhaya.intake.formats.chat_words import act_of, may_identify
from abhaya.intake.formats.group_roll import Roll
from abhaya.intake.formats.json_tree import Losses, Node, decode
from abhaya.intake.formats.record import Fact, Instant, Record
from abhaya.intake.formats.times import read_instant

FORMAT, VERSION = "chat_json", 1
PLATFORM = "Telegram"
CHATS_MAX = 5000
TEXT_CHARACTERS_MAX = 20_000  # of one message; the original keeps the rest
_KINDS = {
    "private_group": "group", "private_supergroup": "group", "public_supergroup": "group",
    "private_channel": "channel", "public_channel": "channel",
}  # fmt: skip
_MEDIA = ("photo", "file", "media_type", "sticker_emoji", "thumbnail", "poll", "location_information", "live_location_period_seconds")  # fmt: skip
# Says nothing of who did what; the original keeps it.
_PLAIN = (
    "id", "edited", "edited_unixtime", "text_entities", "reply_to_message_id", "reply_to_peer_id", "via_bot", "mime_type",
    "width", "height", "duration_seconds", "file_size", "photo_file_size", "thumbnail_file_size", "file_name", "reactions",
    "inline_bot_buttons", "author", "title", "message_id", "saved_from", "media_spoiler", "performer", "place_name",
    "self_destruct_period_seconds", "contact_vcard", "contact_vcard_file_size", "forwarded_unixtime", "forwarded_date",
)  # fmt: skip
_ADMINISTERED = frozenset({
    "edit_group_title", "edit_group_photo", "delete_group_photo", "pin_message", "set_messages_ttl", "migrate_to_supergroup",
    "migrate_from_group", "topic_created", "topic_edit", "edit_chat_theme", "boost_apply",
})  # fmt: skip
_JOINED = frozenset({"join_group_by_link", "join_group_by_request", "join_group_via_community"})
_OF_NO_MEMBER = frozenset({
    "phone_call", "group_call", "group_call_scheduled", "invite_to_group_call", "clear_history", "joined_telegram",
    "score_in_game", "take_screenshot", "conference_call",
})  # fmt: skip


def chats_of(data: bytes) -> list[tuple[bytes, str]]:
    """Each chat of the document as JSON of its own, with its JSON path. One chat's export is itself."""
    value = decode(data)
    if not isinstance(value, dict):
        raise SenderError("The JSON is no exported chat: an object was expected.")
    if isinstance(value.get("messages"), list):
        return [(data, "$")]
    found = []
    for name in ("chats", "left_chats"):
        listed = value.get(name)
        chats = listed.get("list") if isinstance(listed, dict) else None
        for place, chat in enumerate(chats if isinstance(chats, list) else ()):
            if isinstance(chat, dict):
                found.append((msgspec.json.encode(chat), f"$.{name}.list[{place}]"))
    if not found:
        raise SenderError("The JSON holds no chat: neither messages nor a list of chats.")
    if len(found) > CHATS_MAX:
        raise SenderError(f"The export holds more than {CHATS_MAX:,} chats; split it.")
    return found


def read(data: bytes, path: str = "$") -> Record:
    """The record of one chat. Raises SenderError for what is no chat."""
    losses = Losses()
    chat = Node(decode(data), path, losses)
    messages = chat.raw("messages")
    if not isinstance(messages, list):
        raise SenderError("The JSON is no exported chat: it has no list of messages.")
    kind, name, number = chat.text("type"), chat.text("name"), chat.text("id")
    chat.close()
    roll = Roll()
    is_group = kind in _KINDS
    group = roll.group(
        platform=PLATFORM, locator=f"{path}.id", name=name, kind=_KINDS.get(kind, "private"), identifier=number if is_group else "",
    )  # fmt: skip
    reading = _Reading(roll, group, messages)
    for place, message in enumerate(messages):
        reading.take(Node(message, f"{path}.messages[{place}]", losses))
    return roll.record(FORMAT, VERSION, platform=PLATFORM, more_losses=losses.all())


class _Reading:
    """Goes through the messages of one chat in their order."""

    def __init__(self, roll: Roll, group: int, messages: list[Any]) -> None:
        self.roll, self.group = roll, group
        self.ids = _ids_of(messages)

    def take(self, message: Node) -> None:
        at = _instant(message)
        kind = message.text("type")
        for name in _PLAIN:
            message.raw(name)
        if kind == "service":
            self._service(message, at)
        else:
            self._message(message, at)
        message.close()

    def _message(self, message: Node, at: Instant | None) -> None:
        locator = message.path
        member = self._member(message.text("from"), message.text("from_id"), locator)
        text = _text(message.raw("text"))
        media = [name for name in _MEDIA if message.raw(name) is not None]
        self._contact(message.raw("contact_information"), locator)
        act, word = act_of(text) if text else ("said", "")
        if message.raw("invoice_information") is not None:
            act, word = "offered", "invoice"
        forwarded = message.text("forwarded_from")
        source = message.text("forwarded_from_id")
        if forwarded or source:
            act, word = "forwarded", ""
            self._source(source, locator)
        elif media and act == "said":
            act, word = "posted", ""
        if may_identify(text):
            self.roll.text(text[:TEXT_CHARACTERS_MAX], f"{locator}.text", member)
        known = self.roll.known(self.group, source) if source else 0
        self.roll.act(self.group, member, act, locator, at, other=known, word=word)

    def _service(self, message: Node, at: Instant | None) -> None:
        locator, action = message.path, message.text("action")
        who = self._member(message.text("actor"), message.text("actor_id"), locator)
        message.raw("text")
        message.raw("inviter")
        listed = message.raw("members")
        names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
        others = [self._member(name, self.ids.get(name, ""), locator) for name in names]
        if action in {"create_group", "create_channel"}:
            self.roll.act(self.group, who, "created", locator, at)
            self._came(who, [other for other in others if other != who], locator, at)
        elif action == "invite_members":
            self._came(who, others, locator, at)
        elif action in _JOINED:
            self.roll.act(self.group, who, "joined", locator, at)
        elif action == "remove_members":
            self._went(who, others, locator, at)
        elif action == "send_payment":
            self.roll.act(self.group, who, "paid", locator, at, word=_amount(message))
        elif action in _ADMINISTERED:
            self.roll.act(self.group, who, "administered", locator, at)
        elif action not in _OF_NO_MEMBER:
            self.roll.lose(locator, "action", action)

    def _came(self, who: int, others: list[int], locator: str, at: Instant | None) -> None:
        for other in others:
            if other == who:
                self.roll.act(self.group, who, "joined", locator, at)
            else:
                self.roll.act(self.group, who, "administered", locator, at, other=other)
                self.roll.act(self.group, other, "added_by_another", locator, at, other=who)

    def _went(self, who: int, others: list[int], locator: str, at: Instant | None) -> None:
        for other in others:
            if other == who:
                self.roll.act(self.group, who, "left", locator, at)
            else:
                self.roll.act(self.group, who, "administered", locator, at, other=other)
                self.roll.act(self.group, other, "removed", locator, at, other=who)

    def _member(self, name: str, number: str, locator: str) -> int:
        """A member by id, else by name. "user123" is the export's way to write the id 123."""
        account = number.removeprefix("user") if number else ""
        key = number or f"name {name}"
        if not name and not account:
            return 0
        return self.roll.member(self.group, key, name or account, locator, account=account)

    def _source(self, source: str, locator: str) -> None:
        """Where something was forwarded from: another channel, or an account."""
        if source.startswith("channel"):
            self.roll.facts.append(
                Fact("group", source.removeprefix("channel"), f"{locator}.forwarded_from_id", platform=PLATFORM)
            )
        elif source:
            self.roll.facts.append(
                Fact("account", source.removeprefix("user"), f"{locator}.forwarded_from_id", platform=PLATFORM)
            )

    def _contact(self, contact: Any, locator: str) -> None:
        number = contact.get("phone_number") if isinstance(contact, dict) else None
        if isinstance(number, str) and number.strip():
            self.roll.facts.append(Fact("phone", number, f"{locator}.contact_information.phone_number"))


def _ids_of(messages: list[Any]) -> dict[str, str]:
    """Names that one id alone goes by in this chat."""
    ids: dict[str, set[str]] = {}
    for message in messages:
        if isinstance(message, dict):
            for name, number in (("from", "from_id"), ("actor", "actor_id")):
                if isinstance(message.get(name), str) and isinstance(message.get(number), str):
                    ids.setdefault(message[name], set()).add(message[number])
    return {name: next(iter(numbers)) for name, numbers in ids.items() if len(numbers) == 1}


def _instant(message: Node) -> Instant | None:
    local, seconds = message.text("date"), message.text("date_unixtime")
    if seconds:
        read = read_instant(seconds)
        return Instant(local or seconds, read.at, read.precision, read.zone_known, read.why_not)
    return read_instant(local) if local else None


def _text(value: Any) -> str:
    """Text is a string, or a list of strings and of parts with a type."""
    if isinstance(value, str):
        return value
    return "".join(_parts(value)) if isinstance(value, list) else ""


def _parts(value: list[Any]) -> Iterator[str]:
    for part in value:
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            text, link = part.get("text"), part.get("href")
            yield text if isinstance(text, str) else ""
            if isinstance(link, str) and link != text:
                yield f" {link}"


def _amount(message: Node) -> str:
    return f"{message.text('amount')} {message.text('currency')}".strip()
