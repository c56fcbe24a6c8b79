"""Finds selectors in free text: chats, notes, pages of a PDF. What is found is a lead with its place, never a fact.

Every pattern starts at a word's edge or at a mark (@, ://, $) and has bounded parts, so that the time is linear in the
text whatever it holds. Where two finds overlap, the one listed first in `_FINDERS` stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from abhaya.selectors import bank, crypto, email, ip, phone, upi, url
from abhaya.selectors.platform import known

TEXT_CHARACTERS_MAX = 1_000_000  # mined per text; what follows is kept and shown, not mined
MINED_SELECTORS_MAX = 500  # per text
NEAR_CHARACTERS_MAX = 64  # how far from an address its port or time, from a number its label may stand
CACHED_TEXTS_MAX = 2048
CACHED_TEXT_CHARACTERS_MAX = 4000


class Mined(NamedTuple):
    """One find: `text[start:end]` is what was written. `hints` is what stood around it and its kind needs."""

    kind: str
    raw: str
    start: int
    end: int
    platform: str = ""  # screen name, account
    port: int | None = None  # ip
    near_time: str = ""  # ip: a time on the same line, as written
    labelled: bool = True  # False: nothing around it says what it is (bare ten digits)


class Mining(NamedTuple):
    """Finds in the order of the text; `cut` says that a limit was reached and that more may be there."""

    found: tuple[Mined, ...]
    cut: bool = False


def mine(text: str) -> list[Mined]:
    """All selectors of a text, at most `MINED_SELECTORS_MAX`."""
    return list(mine_all(text).found)


def mine_all(text: str) -> Mining:
    """As `mine`, and whether a limit cut it short. Short texts are remembered: platforms repeat whole sentences."""
    return _remembered(text) if len(text) <= CACHED_TEXT_CHARACTERS_MAX else _mine(text)


def _mine(text: str) -> Mining:
    cut = len(text) > TEXT_CHARACTERS_MAX
    text = text[:TEXT_CHARACTERS_MAX]
    taken: list[tuple[int, int]] = []
    found: list[Mined] = []
    for marks, finder in _FINDERS:
        if marks and not any(mark in text for mark in marks):
            continue
        for mined in finder(text):
            if len(found) >= MINED_SELECTORS_MAX:
                return Mining(tuple(sorted(found, key=_place)), cut=True)
            if _is_free(taken, mined.start, mined.end):
                insort(taken, (mined.start, mined.end))
                found.append(mined)
    return Mining(tuple(sorted(found, key=_place)), cut)


_remembered = lru_cache(maxsize=CACHED_TEXTS_MAX)(_mine)


def _place(mined: Mined) -> int:
    return mined.start


def _is_free(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    after = bisect_right(taken, (start, start))
    if after < len(taken) and taken[after][0] < end:
        return False
    return after == 0 or taken[after - 1][1] <= start


_URL_START = re.compile(r"(?<![A-Za-z0-9+.\-])(?:https?|hxxps?|ftp|tg|ipfs)://|(?<![\w.\-/@])www\.", re.IGNORECASE)
_URL_REST = re.compile(r"[^\s<>\"“”«»{}|\\^`\x00-\x20]{1,2083}")
_BARE_URL = re.compile(
    r"(?<![\w@./\-:%=&+])(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,4}[A-Za-z]{2,24}(?::\d{2,5})?/[^\s<>\"“”«»{}|\\^`]{1,2000}"
)
_TRAILING = ".,;:!?'\")]}…।*_"


def _urls(text: str) -> Iterator[Mined]:
    passed = 0
    for start in _URL_START.finditer(text):
        rest = _URL_REST.match(text, start.end()) if start.start() >= passed else None
        if rest:
            passed = rest.end()
            yield from _url(text, start.start(), rest.end())


def _bare_urls(text: str) -> Iterator[Mined]:
    for found in _BARE_URL.finditer(text):
        yield from _url(text, found.start(), found.end())


def _url(text: str, start: int, end: int) -> Iterator[Mined]:
    raw = text[start:end].rstrip(_TRAILING)
    if raw.count("(") > raw.count(")") and text[start + len(raw) : start + len(raw) + 1] == ")":
        raw += ")"
    if url.normalise(raw).value:
        yield Mined("url", raw, start, start + len(raw))


_LOCAL_TAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-\u00A1-\uD7FF]{1,64}\Z")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9\u00A1-\uD7FF](?:[A-Za-z0-9\u0080-\uD7FF-]{0,62})\.){1,6}[A-Za-z\u00A1-\uD7FF]{2,24}"
)
_HANDLE = re.compile(r"[a-zA-Z][a-zA-Z0-9]{1,63}(?![\w.-]*@)")


def _at_signs(text: str) -> Iterator[Mined]:
    """E-mail addresses and UPI ids: whatever stands on both sides of an @."""
    place = text.find("@")
    while place != -1:
        local = _LOCAL_TAIL.search(text[max(0, place - 64) : place])
        if local:
            start = place - len(local[0].lstrip("._-'`*/=|~!?&"))
            yield from _around_at(text, start, place)
        place = text.find("@", place + 1)


def _around_at(text: str, start: int, at: int) -> Iterator[Mined]:
    domain = _DOMAIN.match(text, at + 1)
    if domain:
        raw = text[start : domain.end()]
        if email.normalise(raw).value:
            yield Mined("email", raw, start, domain.end())
        return
    handle = _HANDLE.match(text, at + 1)
    if handle and start < at:
        raw = text[start : handle.end()]
        found = upi.normalise(raw)
        labelled = bool(_UPI_LABEL.search(text[max(0, start - NEAR_CHARACTERS_MAX) : start].lower()))
        if found.value and (labelled or handle[0].lower() in upi.HANDLES):
            yield Mined("upi", raw, start, handle.end())


_UPI_LABEL = re.compile(r"(?:upi|vpa|gpay|google pay|phonepe|paytm|bhim|यूपीआई)[^@\n]{0,24}$")
_HASH = re.compile(r"(?<![\w/+=])(?:[0-9a-fA-F]{128}|[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![\w/+=])")
_ALL_DIGITS = re.compile(r"\d+")


def _hashes(text: str) -> Iterator[Mined]:
    for found in _HASH.finditer(text):
        if not _ALL_DIGITS.fullmatch(found[0]):
            yield Mined("file_hash", found[0], found.start(), found.end())


_COIN = re.compile(
    r"(?<!\w)(?:0x[0-9a-fA-F]{40}|(?:bc1|ltc1|BC1|LTC1)[0-9a-zA-Z]{11,87}|[13LMDT][1-9A-HJ-NP-Za-km-z]{24,34})(?!\w)"
)


def _coins(text: str) -> Iterator[Mined]:
    for found in _COIN.finditer(text):
        if crypto.normalise(found[0]).value:
            yield Mined("crypto", found[0], found.start(), found.end())


_IPV4 = re.compile(r"(?<![\w.:/\-])(?:(?:\d{1,3}\.){3}\d{1,3})(?![\w]|\.\d|-\d)")
_IPV6 = re.compile(
    r"(?<![\w:.])\[?(?=[0-9a-fA-F]{0,4}:)(?=[^\s\]]{0,40}:[0-9a-fA-F.]{0,15}:?)[0-9a-fA-F:]{3,39}(?:\d{0,3}(?:\.\d{1,3}){3})?\]?(?!\w)"
)
_PORT_AFTER = re.compile(
    r"\]?(?::|#|\s*,?\s*\(?\s*(?:source |src |remote )?port\s*(?:no\.?|number)?\s*[:=#]?\s*)(\d{1,5})(?!\d|[.:]\d)",
    re.IGNORECASE,
)
_TIME_NEAR = re.compile(
    r"(?<!\d)(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?:[T ,]{1,2}\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:\s?[AaPp][Mm])?)?"
    r"(?:\s?(?:Z\b|UTC|GMT|IST|[+-]\d{2}:?\d{2}))?"
)  # fmt: skip


def _addresses(text: str) -> Iterator[Mined]:
    times: set[int] = set()  # where the times stand that belong to an address already
    for pattern, colons in ((_IPV4, 0), (_IPV6, 2)):
        if colons and text.count(":") < colons:
            continue
        for found in pattern.finditer(text):
            raw = found[0].strip("[]")
            if raw.count(":") < colons or raw in {"::", ":::"} or not ip.normalise(raw).value:
                continue
            after = _PORT_AFTER.match(text, found.start() + found[0].find(raw) + len(raw))
            port = int(after[1]) if after and 1 <= int(after[1]) <= ip.PORT_MAX else None
            end = after.end() if after and port else found.end()
            start = found.start() if found[0].startswith("[") and port else found.start() + found[0].find(raw)
            yield Mined("ip", text[start:end], start, end, port=port, near_time=_time_near(text, start, end, times))


def _time_near(text: str, start: int, end: int, times: set[int]) -> str:
    """The nearest time that follows on the same line; else one that stands right before, as in a log."""
    line_end = text.find("\n", end, end + NEAR_CHARACTERS_MAX)
    found = _TIME_NEAR.search(text, end, line_end if line_end != -1 else end + NEAR_CHARACTERS_MAX)
    if found is None:
        line_start = text.rfind("\n", max(0, start - NEAR_CHARACTERS_MAX), start) + 1
        before = list(_TIME_NEAR.finditer(text, max(line_start, start - NEAR_CHARACTERS_MAX), start))
        found = before[-1] if before else None
    if found is None or found.start() in times:
        return ""
    times.add(found.start())
    return found[0].strip()


_IFSC = re.compile(r"(?<![A-Za-z0-9])[A-Z]{4}0[A-Z0-9]{6}(?![A-Za-z0-9])")
_ACCOUNT = re.compile(r"(?<![\w+])\d(?:[ \-]?\d){7,17}(?![\w])")


def _bank_accounts(text: str) -> Iterator[Mined]:
    """An IFSC with an account number near it, before or after."""
    for code in _IFSC.finditer(text):
        first, last = max(0, code.start() - NEAR_CHARACTERS_MAX), code.end() + NEAR_CHARACTERS_MAX
        near = [
            found
            for found in _ACCOUNT.finditer(text, first, last)
            if found.end() <= code.start() or found.start() >= code.end()
        ]
        if not near:
            continue
        account = min(near, key=lambda found: min(abs(found.start() - code.end()), abs(code.start() - found.end())))
        start, end = min(code.start(), account.start()), max(code.end(), account.end())
        if bank.normalise(text[start:end]).value:
            yield Mined("bank", text[start:end], start, end)


_NUMBER = re.compile(r"(?<![\w.@/=#:&$+\-])(?:\+|00)?\(?\d[\d() .\-]{5,20}\d(?![\w@/]|\.\d|-\d)")
_PHONE_LABEL = re.compile(
    r"(?:phone|mobile|mob|cell|tel|call|contact|whats\s?app|watsapp|wa|sms|text me|number|no\.?|ph|फोन|फ़ोन|मोबाइल|नंबर|नम्बर|व्हाट्सएप)[^\d\n]{0,16}$",
    re.IGNORECASE,
)
_INDIAN = re.compile(r"(?:\+?91|0|0091)?[6-9]\d{9}")
_GROUPS = re.compile(r"[() .\-]+")


def _phones(text: str) -> Iterator[Mined]:
    for found in _NUMBER.finditer(text):
        raw = found[0].strip()
        digits = _GROUPS.sub("", raw)
        label = _PHONE_LABEL.search(text[max(0, found.start() - NEAR_CHARACTERS_MAX) : found.start()])
        indian = _INDIAN.fullmatch(digits)
        if not (digits.startswith(("+", "00")) or indian or label) or _TIME_NEAR.match(raw):
            continue
        if raw.count("(") != raw.count(")"):
            raw = raw.strip("()")
        place = found.start() + found[0].find(raw)
        labelled = bool(label or digits.startswith(("+", "00")))
        if phone.normalise(raw).value or (label and 7 <= len(digits) <= 15):
            yield Mined("phone", raw, place, place + len(raw), labelled=labelled)


_KEYWORD = re.compile(
    r"(?<![\w.@])(?P<service>snap(?:chat)?|insta(?:gram)?|ig|fb|facebook|telegram|tg|kik|discord|twitter|tiktok|wickr|session|signal|reddit|roblox|skype|viber|youtube)?"
    r"[ _-]{0,2}(?P<word>user\s?name|username|user\s?id|screen\s?name|handle|id|add me(?: on)?|यूज़रनेम)?\s{0,3}(?:is\s{1,3}|[:=]\s{0,3}|-\s{1,3})@?(?P<name>[A-Za-z0-9_][A-Za-z0-9_.\-]{1,38}[A-Za-z0-9_])(?![@\w])",
    re.IGNORECASE,
)
_AT_HANDLE = re.compile(r"(?<![\w@./+=\-%])@([A-Za-z0-9_][A-Za-z0-9_.]{1,38}[A-Za-z0-9_])(?![\w@])")
_SERVICE_BEFORE = re.compile(
    r"([A-Za-z]{2,12})[^A-Za-z0-9\n@]{0,6}(?:(?:id|user|username|handle|is|me|at|on)[^A-Za-z0-9\n@]{0,6}){0,2}$",
    re.IGNORECASE,
)


def _handles(text: str) -> Iterator[Mined]:
    for found in _AT_HANDLE.finditer(text):
        service = _SERVICE_BEFORE.search(text[max(0, found.start() - 32) : found.start()])
        yield Mined("screen_name", found[0], found.start(), found.end(), platform=known(service[1]) if service else "")


def _keyed_names(text: str) -> Iterator[Mined]:
    for found in _KEYWORD.finditer(text):
        service, word = found["service"] or "", (found["word"] or "").lower()
        if not (service or word not in {"", "id"}) or "://" in text[found.start("name") : found.end() + 3]:
            continue
        yield Mined("screen_name", found["name"], found.start("name"), found.end("name"), platform=known(service))


_CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z][A-Za-z0-9_\-]{1,19}(?![\w$])")
_CURRENCIES = frozenset(  # words, not code: they read best in rows
    """
    usd aud cad inr sgd nzd hkd us
    """.split()  # noqa: SIM905 — as above
)


def _cashtags(text: str) -> Iterator[Mined]:
    for found in _CASHTAG.finditer(text):
        if found[0][1:].lower() not in _CURRENCIES:
            yield Mined("account", found[0], found.start(), found.end(), platform="cashapp")


# The marks without which a finder cannot find anything, so that most texts pass most finders by.
_FINDERS: tuple[tuple[tuple[str, ...], Callable[[str], Iterator[Mined]]], ...] = (
    (("://", "www.", "WWW.", "Www."), _urls),
    (("@",), _at_signs),
    (("/",), _bare_urls),
    ((), _hashes),
    ((), _coins),
    ((".", ":"), _addresses),
    (("0",), _bank_accounts),
    ((), _phones),
    (("@",), _handles),
    ((":", "=", "-", "is", "IS", "Is"), _keyed_names),
    (("$",), _cashtags),
)
