"""What one fact of a report says about a place, how much that weighs, and what speaks against it. Pure.

An upload address weighs more than a login, a login more than a registration; recent more than old; with port and second
more than without. A mobile network narrows to a state unless the unit's own table says more; a VPN, a proxy or a hosting
company says where a server is and is never followed. Points are ordinal, not a probability.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from abhaya.places.addresses import AddressPlace, Mention
from abhaya.places.location import Location
from abhaya.places.telephones import PhonePlace
from abhaya.shared.reason import Reason

Values = dict[str, str | int | float]
Names = Callable[[str], tuple[str, str]]  # code of a place -> what it is called in English and in Hindi

REPORTED, VICTIM, RECIPIENT, COMPLAINANT = "reported", "victim", "recipient", "complainant"
# Whose place a role's facts speak of. A platform's own contact person is nobody's place.
WHOSE = {
    "reported": REPORTED,
    "incident": REPORTED,
    "file": REPORTED,
    "associated": REPORTED,
    "victim": VICTIM,
    "recipient": RECIPIENT,
    "reporter": COMPLAINANT,
}
WHOSE_WORDS = {
    REPORTED: ("the reported person", "सूचित व्यक्ति"),
    VICTIM: ("the child", "बच्चे"),
    RECIPIENT: ("the recipient", "पाने वाले"),
    COMPLAINANT: ("the complainant", "शिकायतकर्ता"),
}

KIND_WORDS = {
    "mobile": ("mobile", "मोबाइल"),
    "fixed": ("fixed line", "स्थिर लाइन"),
    "wifi": ("Wi-Fi", "वाई-फ़ाई"),
    "education": ("education", "शिक्षा संस्थान"),
    "government": ("government", "सरकारी"),
    "business": ("business", "व्यावसायिक"),
    "satellite": ("satellite", "उपग्रह"),
    "hosting": ("hosting", "होस्टिंग"),
    "vpn": ("VPN", "वीपीएन"),
    "proxy": ("proxy", "प्रॉक्सी"),
    "tor": ("Tor", "टॉर"),
    "unknown": ("kind not known", "प्रकार अज्ञात"),
}
PRECISION_WORDS = {"minute": "मिनट", "hour": "घंटे", "day": "दिन", "month": "महीने", "year": "साल"}

UPLOAD_POINTS = 60
EVENT_POINTS = {"upload": UPLOAD_POINTS, "login": 45, "purchase": 45, "other": 35, "unknown": 35, "registration": 25}
EVENT_WORDS = {
    "upload": ("upload address", "अपलोड पता"),
    "login": ("login address", "लॉगिन पता"),
    "purchase": ("purchase address", "ख़रीद के समय का पता"),
    "registration": ("registration address", "पंजीकरण पता"),
    "other": ("address", "पता"),
    "unknown": ("address", "पता"),
}
PORT_AND_SECOND_POINTS = 10
OWN_LINE_POINTS = 15  # a network whose addresses belong to one line at a time
ASSOCIATED_POINTS = -15  # of an account that is only linked to the reported one
MOBILE_STATE_POINTS, MOBILE_DISTRICT_POINTS = -5, -10
NO_PORT_POINTS = 0  # the port tells the subscribers of one address apart, not where they are; it is said all the same
NO_TIME_POINTS = -15
OLD_POINTS, VERY_OLD_POINTS = -10, -20
PROXY_FLAG_POINTS = -25
MINED_POINTS = -25
OLD_DAYS, VERY_OLD_DAYS = 30, 180
ADDRESS_POINTS, ADDRESS_PART_POINTS = 35, 7  # and for each of state, city, postal code that agree
ESTIMATED_POINTS, ESTIMATED_PART_POINTS = 30, 5
ALIKE_POINTS = -10
PHONE_POINTS, PHONE_VERIFIED_POINTS = 40, 5
TEXT_POINTS = 15
MENTION_CHARACTERS_MAX = 60

NOT_FOLLOWED = frozenset({"vpn", "proxy", "tor", "hosting"})
MANY_PEOPLE = frozenset({"wifi", "education", "business", "government"})


class Sighting(NamedTuple):
    """An address or a telephone of a report, normalised."""

    kind: str  # ip, phone
    value: str
    role: str
    event: str = ""
    at: datetime | None = None
    at_precision: str = "second"
    zone_known: bool = True
    port: int | None = None
    possible_proxy: bool | None = None
    verified: bool | None = None
    mined: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact, weighed. `country` is "" when it points nowhere and only speaks against (a VPN)."""

    kind: str  # ip, phone, address, estimated, text: what agrees must be of another kind to count
    whose: str
    country: str = ""
    state: str = ""
    district: str = ""
    possible: tuple[str, ...] = ()  # districts it may mean, where it does not say which
    points: int = 0
    label: tuple[str, str] = ("", "")  # what it is, in a few words, for the sentence of another
    kind_words: tuple[str, str] = ("", "")  # the same without what identifies a person, for lists
    reasons: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()

    @property
    def place(self) -> str:
        """The code of the narrowest place it points to."""
        return self.district or self.state or self.country


def whose_words(whose: str) -> Values:
    english, hindi = WHOSE_WORDS[whose]
    return {"whose": english, "whose_hi": hindi}


def place_words(code: str, names: Names) -> Values:
    english, hindi = names(code)
    return {"place": english, "place_hi": hindi}


def of_address(seen: Sighting, where: Location, near: datetime | None, names: Names, zone: tzinfo) -> Evidence | None:
    """An internet address at an instant. `near` is when the incident was, or the report's receipt."""
    whose = WHOSE.get(seen.role)
    if whose is None:
        return None
    event = _event(seen)
    values = _address_values(seen, where, event, zone) | whose_words(whose)
    label = (f"{EVENT_WORDS[event][0]} {seen.value}", f"{EVENT_WORDS[event][1]} {seen.value}")
    if where.kind in NOT_FOLLOWED:
        return Evidence("ip", whose, label=label, against=(Reason("ip_not_followed", values),))
    if not where.country:
        return Evidence("ip", whose, label=label, against=(Reason("ip_nowhere", values), *where.reasons))
    points, against = _address_weight(seen, where, event, near, values)
    state, district = where.state, where.district
    values |= place_words(district or state or where.country, names)
    points = max(points, 1)
    reason = Reason("ip_own" if where.own else "ip_public", values, points)
    kind = KIND_WORDS.get(where.kind, (where.kind, where.kind))
    words = (f"{EVENT_WORDS[event][0]}, {kind[0]}", f"{EVENT_WORDS[event][1]}, {kind[1]}")
    return Evidence("ip", whose, where.country, state, district, (), points, label, words, (reason,), tuple(against))


def _event(seen: Sighting) -> str:
    event = seen.event.lower()
    if seen.role == "file" and event in {"", "unknown", "other"}:
        return "upload"  # the one address a file's details carry is where it came from
    return event if event in EVENT_POINTS else "unknown"


def _address_values(seen: Sighting, where: Location, event: str, zone: tzinfo) -> Values:
    return {
        "event": EVENT_WORDS[event][0],
        "event_hi": EVENT_WORDS[event][1],
        "address": seen.value,
        "port": f" port {seen.port}" if seen.port else "",
        "port_hi": f" पोर्ट {seen.port}" if seen.port else "",
        "at": written(seen.at, seen.at_precision, zone),
        "operator": where.operator or "–",
        "kind": KIND_WORDS.get(where.kind, (where.kind, where.kind))[0],
        "kind_hi": KIND_WORDS.get(where.kind, (where.kind, where.kind))[1],
        "source": where.source,
        "as_of": where.as_of.isoformat() if where.as_of else "–",
    }


def _address_weight(
    seen: Sighting, where: Location, event: str, near: datetime | None, values: Values
) -> tuple[int, list[Reason]]:
    """Points, and every line that speaks against with the points it costs."""
    exact = seen.at is not None and seen.at_precision == "second"
    mobile = where.kind == "mobile"
    days = (near - seen.at).days if near is not None and seen.at is not None else 0
    lines = (
        (seen.role == "associated", ASSOCIATED_POINTS, "ip_associated"),
        (seen.mined, MINED_POINTS, "ip_mined"),
        (event == "registration", 0, "ip_registration"),
        (seen.at is None, NO_TIME_POINTS, "ip_no_time"),
        (seen.at is not None and not exact, 0, "ip_no_second"),
        (seen.at is not None and not seen.zone_known, 0, "ip_zone_unknown"),
        (days > OLD_DAYS, VERY_OLD_POINTS if days > VERY_OLD_DAYS else OLD_POINTS, "ip_old"),
        (bool(seen.possible_proxy), PROXY_FLAG_POINTS, "ip_proxy_flag"),
        (mobile, MOBILE_DISTRICT_POINTS if where.district else MOBILE_STATE_POINTS, "ip_mobile"),
        (mobile and not seen.port, NO_PORT_POINTS, "ip_no_port"),
        (where.kind in MANY_PEOPLE, 0, "ip_many_people"),
        (not where.own, 0, "ip_country_only"),
    )
    precision = PRECISION_WORDS.get(seen.at_precision, seen.at_precision)
    said = values | {"days": days, "precision": seen.at_precision, "precision_hi": precision}
    against = [Reason(code, said, change) for applies, change, code in lines if applies]
    points = EVENT_POINTS[event] + sum(reason.weight for reason in against)
    points += PORT_AND_SECOND_POINTS if seen.port and exact else 0
    points += OWN_LINE_POINTS if where.own and where.kind == "fixed" else 0
    return points, against


def of_phone(seen: Sighting, where: PhonePlace, names: Names) -> Evidence | None:
    """A telephone: its country, and no more."""
    whose = WHOSE.get(seen.role)
    if whose is None or not where.country:
        return None
    points = PHONE_POINTS + (PHONE_VERIFIED_POINTS if seen.verified else 0) + (MINED_POINTS if seen.mined else 0)
    values: Values = {"number": seen.value, **whose_words(whose), **place_words(where.country, names)}
    reason = Reason("phone_points_verified" if seen.verified else "phone_points", values, points)
    label = (f"telephone {seen.value}", f"फ़ोन {seen.value}")
    words = ("telephone", "फ़ोन")
    return Evidence("phone", whose, where.country, "", "", (), points, label, words, (reason,), where.against)


def of_stated_place(kind: str, role: str, text: str, where: AddressPlace, names: Names) -> Evidence | None:
    """An address (`kind` address) or the sender's own estimate (estimated) as the gazetteer reads it."""
    whose = WHOSE.get(role)
    if whose is None:
        return None
    estimated = kind == "estimated"
    label = (f"stated place “{text}”", f"बताया गया स्थान “{text}”")
    values: Values = {"text": text, **whose_words(whose)}
    if not where.state and not where.district and not where.possible:
        if not where.country:
            return Evidence(kind, whose, label=label, against=(Reason("place_not_read", values), *where.against))
        points = ESTIMATED_POINTS if estimated else ADDRESS_POINTS
    elif estimated:
        points = ESTIMATED_POINTS + ESTIMATED_PART_POINTS * where.agree
    else:
        points = ADDRESS_POINTS + ADDRESS_PART_POINTS * where.agree
    if any(reason.code == "city_alike" for reason in where.against):
        points += ALIKE_POINTS
    values |= place_words(where.district or where.state or where.country, names)
    reasons = (Reason("estimated_points" if estimated else "address_points", values, points), *where.reasons)
    against = (Reason("estimated_unchecked" if estimated else "address_unchecked", values), *where.against)
    words = ("the sender’s estimate", "भेजने वाले का अनुमान") if estimated else ("stated address", "बताया गया पता")
    return Evidence(
        kind, whose, where.country, where.state, where.district, where.possible, points, label, words, reasons, against
    )


def of_coordinates(role: str, latitude: float | None, longitude: float | None) -> Evidence | None:
    """Coordinates are said and not placed: no map of boundaries is at hand, and a guess would look like knowledge."""
    whose = WHOSE.get(role)
    if whose is None or latitude is None or longitude is None:
        return None
    text = f"{latitude:.5f}, {longitude:.5f}"
    reason = Reason("coordinates_given", {"text": text, **whose_words(whose)})
    return Evidence("estimated", whose, label=(f"coordinates {text}", f"निर्देशांक {text}"), against=(reason,))


def of_mention(role: str, mention: Mention, country: str, names: Names) -> Evidence:
    """A place named in a free text. The weakest of leads; said of nobody it is the reported person's at best."""
    whose = WHOSE.get(role, REPORTED)
    codes = [one.place.code for one in mention.found.candidates]
    districts = tuple(code for code in codes if code.count("-") == 2)
    states = {"-".join(code.split("-")[:2]) for code in codes if "-" in code}
    text = mention.text[:MENTION_CHARACTERS_MAX]
    state = next(iter(states)) if len(states) == 1 else ""
    district = districts[0] if len(codes) == 1 and districts else ""
    values: Values = {"text": text, **whose_words(whose), **place_words(district or state or country, names)}
    label = (f"“{text}” in a text", f"पाठ में “{text}”")
    return Evidence(
        kind="text",
        whose=whose,
        country=country,
        state=state,
        district=district,
        possible=districts if len(districts) > 1 else (),
        points=TEXT_POINTS,
        label=label,
        kind_words=("a name in a text", "पाठ में लिखा नाम"),
        reasons=(Reason("text_names", values, TEXT_POINTS),),
        against=(Reason("text_weak", values),),
    )


def written(at: datetime | None, precision: str, zone: tzinfo) -> str:
    """An instant in the unit's own time and in UTC, no finer than it is known."""
    if at is None:
        return "–"
    local = at.astimezone(zone)
    if precision == "second":
        return f"{local:%Y-%m-%d %H:%M:%S %Z} ({at.astimezone(UTC):%H:%M:%S} UTC)"
    if precision in {"minute", "hour"}:
        return f"{local:%Y-%m-%d %H:%M %Z}"
    return f"{at:%Y}" if precision == "year" else f"{at:%Y-%m}" if precision == "month" else f"{at:%Y-%m-%d}"
