"""A chat as a telephone exports it in plain text ("WhatsApp Chat with ….txt", "_chat.txt"): groups, members, acts.

The file gives no id of the group, no zone, no word on what was forwarded, and calls people what the exporting
telephone's contacts call them; who is not among those stands there with the number. Line 1 is the first line of the file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from abhaya.errors import SenderError
from abhaya.intake.formats.chat_lines import HOLDER, Line, Notice, day_first, instant_of, read_line, read_notice
from abhaya.intake.formats.chat_notices import MEDIA, TAKEN_BACK, TITLES
from abhaya.intake.formats.chat_words import act_of, may_identify
from abhaya.intake.formats.group_roll import Roll
from abhaya.intake.formats.json_tree import REPLACEMENT
from abhaya.intake.formats.record import Instant, Record
from abhaya.selectors import phone
from abhaya.selectors.normal import tidy

FORMAT, VERSION = "chat_text", 1
PLATFORM = "WhatsApp"
MESSAGE_CHARACTERS_MAX = 20_000  # of one message; the original keeps the rest
LINES_MAX = 1_000_000
PERSONS_OF_A_TALK = 2  # more of them without a notice: a group whose beginning the exporting telephone never had


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


_TITLE = re.compile(rf"(?:{_any(TITLES)})(?P<name>.+?)(?:\.txt|\.zip)?$", re.IGNORECASE)
_MEDIA = re.compile(
    rf"{_any(MEDIA)}|<attached: .{{1,200}}>|.{{1,200}}\((?:file attached|Datei angehängt|archivo adjunto|arquivo anexado|fichier joint)\).*"
    r"|(?:image|video|audio|GIF|sticker|document|Contact card) omitted|null",
    re.IGNORECASE | re.DOTALL,
)
_TAKEN_BACK = re.compile(rf"(?:{_any(TAKEN_BACK)})\.?|POLL:.*", re.IGNORECASE | re.DOTALL)
_SAID = re.compile(r"(?P<who>[^\n]{1,300}?):(?: |$)(?P<text>.*)", re.DOTALL)


@dataclass(slots=True)
class _Message:
    number: int
    line: Line
    text: str  # what follows the stamp, its further lines with it

    @property
    def locator(self) -> str:
        return f"line {self.number}"


def read(data: bytes, path: str) -> Record:
    """The record of one exported chat. Raises SenderError for what is no text, holds no message, or breaks a limit."""
    roll = Roll()
    messages = list(_messages(_decoded(data), roll))
    if not messages:
        raise SenderError("The text holds no line with a date and a time: it is no exported chat.")
    first = day_first(message.line.date for message in messages)
    reading = _Reading(roll, _title(path))
    for message in messages:
        reading.take(message, instant_of(message.line, is_day_first=first))
    roll.regroup(1, name=reading.name, former_names=tuple(reading.former))
    if reading.is_group or len(roll.members) > PERSONS_OF_A_TALK:
        roll.regroup(1, identifier=reading.identifier or f"copy {hashlib.sha256(data).hexdigest()[:24]}")
    else:
        roll.regroup(1, kind="private")
    return roll.record(FORMAT, VERSION, platform=PLATFORM)


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").replace("\0", REPLACEMENT)
    try:
        return data.decode("utf-8-sig").replace("\0", REPLACEMENT)
    except UnicodeDecodeError as error:
        raise SenderError("The chat is not Unicode text; export it again, it is UTF-8.") from error


def _messages(text: str, roll: Roll) -> Iterator[_Message]:
    """Each message with the lines that go on with it. What stands before the first is a loss."""
    current: _Message | None = None
    for number, written in enumerate(text.split("\n"), start=1):
        if number > LINES_MAX:
            raise SenderError(f"The chat has more than {LINES_MAX:,} lines; split it.")
        line = read_line(written.rstrip("\r"))
        if line is not None:
            if current is not None:
                yield current
            current = _Message(number, line, line.rest)
        elif current is not None:
            if len(current.text) < MESSAGE_CHARACTERS_MAX:
                current.text += "\n" + written.rstrip("\r")
        elif written.strip():
            roll.lose(f"line {number}", "line", written, "stands before the first message")
    if current is not None:
        yield current


class _Reading:
    """Goes through the messages of one chat in their order."""

    def __init__(self, roll: Roll, title: str) -> None:
        self.roll, self.name = roll, title
        self.former: list[str] = []
        self.identifier = ""
        self.is_group = False
        self.group = roll.group(platform=PLATFORM, locator="line 1", name=title, kind="group")

    def take(self, message: _Message, at: Instant) -> None:
        text = message.text.strip()
        said = _SAID.fullmatch(text)
        notice = read_notice(text) if said is None else self._notice_in(text, said["who"], said["text"])
        if notice is not None:
            self.is_group |= notice.kind not in {"nothing", "number"}
            self._notice(notice, message.locator, at)
        elif said is not None:
            self._said(said["who"], said["text"], message.locator, at)
        else:
            self.roll.lose(message.locator, "notice", tidy(text))

    def _notice_in(self, text: str, who: str, spoken: str) -> Notice | None:
        """A notice that looks as if somebody said it: a group's name may hold a colon, and an iPhone writes notices behind
        the group's name or the actor's, with a mark that anybody could paste. So nobody is believed about another.
        """
        notice = read_notice(text)
        if notice is not None and notice.kind in {"created", "renamed"}:
            return notice
        if not spoken.startswith("\u200e") or _MEDIA.fullmatch(tidy(spoken)):
            return None
        notice = read_notice(spoken)
        speaker = tidy(who).lstrip("~").strip()
        return notice if notice is not None and speaker in {self.name, notice.who, *notice.whom} else None

    def _said(self, who: str, text: str, locator: str, at: Instant) -> None:
        member = self._member(who, locator)
        plain = tidy(text)
        if _MEDIA.fullmatch(plain):
            act, word = "posted", ""
        elif _TAKEN_BACK.fullmatch(plain):
            act, word = "said", ""
        else:
            act, word = act_of(text)
            if may_identify(text):
                self.roll.text(text[:MESSAGE_CHARACTERS_MAX], locator, member)
        self.roll.act(self.group, member, act, locator, at, word=word)

    def _notice(self, notice: Notice, locator: str, at: Instant) -> None:
        if notice.kind == "nothing":
            return
        who = self._member(notice.who, locator) if notice.who else 0
        if notice.kind == "number":
            self._new_number(who, notice.whom[0])
            return
        whom = [self._member(name, locator) for name in notice.whom]
        if notice.kind in {"joined", "left", "administered", "created"}:
            self.roll.act(self.group, who, notice.kind, locator, at)
        elif notice.kind in {"added", "removed"}:
            done = "added_by_another" if notice.kind == "added" else "removed"
            for other in whom:
                self.roll.act(self.group, who, "administered", locator, at, other=other)
                self.roll.act(self.group, other, done, locator, at, other=who)
        elif notice.kind == "admin":
            for other in whom:
                self.roll.remember(other, standing="admin")
                self.roll.act(self.group, other, "administered", locator, at)
        if notice.name and notice.kind == "created":
            self.name = self.name or notice.name
            self.identifier = self._identifier(notice)
        elif notice.kind == "renamed":
            self.roll.act(self.group, who, "administered", locator, at)
            if notice.name not in self.former and notice.name != self.name:
                self.former.append(notice.name)

    def _identifier(self, notice: Notice) -> str:
        """Name and founder's number tell a group from others of its name; a contact's name does not."""
        number = _number(notice.who)
        return f"{notice.name}, created by {number}" if number else ""

    def _new_number(self, member: int, number: str) -> None:
        if member:
            self.roll.remember(member, phones=(*self.roll.members[member - 1].phones, number))
            self.roll.also(self.group, _number(number) or number, member)

    def _member(self, written: str, locator: str) -> int:
        label = tidy(written).lstrip("~").strip()
        number = _number(label)
        told: dict[str, object] = {"phones": (label,)} if number else {}
        if number:  # where a service goes by telephone numbers, the number is the account
            told["account"] = number
        return self.roll.member(self.group, number or label, label, locator, is_holder=label == HOLDER, **told)


def _number(label: str) -> str:
    """The number that somebody is called by, in its one spelling, or ""."""
    return (phone.normalise(label).value or "") if label.startswith("+") else ""


def _title(path: str) -> str:
    """The name in the name of the file, or of the folder or archive that "_chat.txt" lies in."""
    for part in reversed(path.split("/")):
        if found := _TITLE.fullmatch(part):
            return found["name"].strip()
    return ""
