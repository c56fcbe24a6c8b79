"""The kinds of selectors: which module normalises each, and how far one says who somebody is.

*Strong*: given to one holder at a time; the same value in two reports is worth an officer's look. *Weak*: chosen,
shared, copied or lent; it supports, it never links by itself. An IP address alone never merges two people.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from abhaya.selectors import (
    account,
    address,
    bank,
    crypto,
    device,
    email,
    file_hash,
    group,
    ip,
    name,
    phone,
    screen_name,
    upi,
    url,
)
from abhaya.selectors.normal import Normal, refused
from abhaya.selectors.platform import NAMES

STRONG, WEAK = "strong", "weak"

WHY_UNKNOWN_KIND = "A kind of identifier not known to this version; kept as written."


class Kind(NamedTuple):
    """`hint` names the one keyword that `normalise` takes besides the text, where there is one."""

    name: str
    strength: str
    reason: str  # why it is strong or weak, as an officer can say it
    normalise: Callable[..., Normal]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("phone", STRONG, "A telephone number belongs to one subscriber at a time; numbers are given out again after some months.", phone.normalise),
        Kind("email", STRONG, "An e-mail address belongs to whoever opened it.", email.normalise),
        Kind("account", STRONG, "The platform gives an account id once.", account.normalise),
        Kind("device", STRONG, "A device number belongs to one device; a family may share the device.", device.normalise),
        Kind("file_hash", STRONG, "The same hash means the same bytes, which many people may hold.", file_hash.normalise),
        Kind("url", STRONG, "The address of one profile or folder belongs to whoever made it; a site's front page says nothing.", url.normalise),
        Kind("upi", STRONG, "A UPI id belongs to one bank account at a time.", upi.normalise),
        Kind("bank", STRONG, "A bank account belongs to one customer, who may be a mule.", bank.normalise),
        Kind("crypto", STRONG, "An address of a crypto-currency is held by whoever has its key; exchanges lend theirs.", crypto.normalise),
        Kind("screen_name", WEAK, "A screen name is chosen, changed and copied at will.", screen_name.normalise),
        Kind("name", WEAK, "Many people share a name, and anybody can write one.", name.normalise),
        Kind("group", WEAK, "Many people are in a group; being in one with somebody says who is related, never who is who.", group.normalise),
        Kind("ip", WEAK, "An IP address is shared: thousands of subscribers of a mobile network stand behind one at the same second.", ip.normalise),
        Kind("address", WEAK, "People share a house, and one house is written in many ways.", address.normalise),
    )
}  # fmt: skip

LINKING = frozenset(kind.name for kind in KINDS.values() if kind.strength == STRONG) - {"file_hash"}
"""What `linking` compares by itself. Files are compared by `matching`."""


def normalise(
    kind: str, raw: str, *, platform: str = "", calling_code: str = "", region: str = "", type_name: str = ""
) -> Normal:
    """By the kind's own module, with the hints it understands. An unknown kind is kept, not normalised."""
    if kind == "phone":
        return phone.normalise(raw, calling_code=calling_code, region=region)
    if kind in {"account", "group", "screen_name"}:
        return KINDS[kind].normalise(raw, platform=platform)
    if kind == "device":
        return device.normalise(raw, device_type=type_name)
    if kind == "file_hash":
        return file_hash.normalise(raw, hash_type=type_name)
    known = KINDS.get(kind)
    return known.normalise(raw) if known else refused(WHY_UNKNOWN_KIND)


def identifies(kind: str, value: str) -> bool:
    """Whether this value may link by itself: a strong kind, and for a URL more than a site's front page."""
    return kind in LINKING and (kind != "url" or url.leads_to_one_page(value))


def readings(text: str) -> list[tuple[str, str]]:
    """Every (kind, value) that typed text could be, for a search by equality. An account id or a screen name typed
    without its platform is sought on every platform known to this version.
    """
    found = [(kind, KINDS[kind].normalise(text).value) for kind in KINDS]
    for kind in (account, screen_name):
        word = kind.__name__.rsplit(".", 1)[1]
        if (word, None) in found or (word, f":{text.strip().lstrip('@').lower()}") in found:
            found += [(word, kind.normalise(text, platform=platform).value) for platform in NAMES]
    return [(kind, value) for kind, value in dict.fromkeys(found) if value is not None]
