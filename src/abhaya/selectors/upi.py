"""UPI ids (virtual payment addresses, NPCI): "name@handle", no dot in the handle. Lower case; case does not matter."""

from __future__ import annotations

import re
from functools import lru_cache

from abhaya.selectors import placeholder
from abhaya.selectors.normal import (
    CACHE_VALUES_MAX,
    WHY_EMPTY,
    WHY_PLACEHOLDER,
    WHY_TOO_LONG,
    Normal,
    ascii_digits,
    fold,
    refused,
    tidy,
)

ID_CHARACTERS_MAX = 255

WHY_FORM = "Not a UPI id: letters, digits, dots and dashes, then @ and the handle of a bank or app."
WHY_EMAIL = "A dot after the @: an e-mail address, not a UPI id."
NOTE_HANDLE = "A handle not known to this version: "
NOTE_PHONE = "Begins with what looks like the holder's telephone number: "

_FORM = re.compile(r"([a-z0-9][a-z0-9.\-_]{1,254})@([a-z][a-z0-9]{1,63})")
_PHONE = re.compile(r"(?:91)?([6-9]\d{9})(?:[.\-_]\d+)?")
HANDLES = frozenset(  # words, not code: they read best in rows
    """
    upi okaxis okhdfcbank okicici oksbi ybl ibl axl paytm ptaxis pthdfc ptsbi ptyes apl yapl rapl waicici waaxis
    wahdfcbank wasbi airtel axisbank axisb axisgo barodampay cboi cnrb citi dbs dlb federal freecharge hdfcbank
    hsbc icici idbi idfcbank idfcfirst ikwik indianbank indus indusind iob jio jupiteraxis kbl kotak kotak811 mahb
    naviaxis obc pingpay pnb postbank rbl sbi sc sib sliceaxis superyes tapicici timecosmos uco unionbank utbi
    yesbank yesbankltd yesg yespay fam fampay fbl goaxb cred axisbankupi niyoicici abfspay bpunity shriramhdfcbank
    trans zoicici omni dhani mbk kmbl
    """.split()  # noqa: SIM905 — as above
)


@lru_cache(maxsize=CACHE_VALUES_MAX)
def normalise(raw: str) -> Normal:
    text = fold(ascii_digits(tidy(raw)))
    for label in ("upi://pay?pa=", "upi id:", "upi:", "vpa:"):
        text = text.removeprefix(label)
    text = text.split("&", 1)[0].strip()
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > ID_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    if placeholder.is_word(text):
        return refused(WHY_PLACEHOLDER)
    found = _FORM.fullmatch(text)
    if found is None:
        _, at, domain = text.rpartition("@")
        return refused(WHY_EMAIL if at and "." in domain else WHY_FORM)
    who, handle = found.groups()
    if placeholder.is_word(who) or placeholder.is_digits(who):
        return refused(WHY_PLACEHOLDER)
    notes: tuple[str, ...] = () if handle in HANDLES else (NOTE_HANDLE + handle,)
    phone = _PHONE.fullmatch(who)
    return Normal(text, "", (*notes, f"{NOTE_PHONE}+91{phone[1]}") if phone else notes)
