"""From a telephone number to its country, and never further: mobile numbers keep their digits when they move. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers

from abhaya.places.addresses import Country
from abhaya.places.names import Gazetteer
from abhaya.shared.reason import Reason

_MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


@dataclass(frozen=True, slots=True)
class PhonePlace:
    """The country of a number, "" where it cannot be said."""

    country: str = ""
    reasons: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()


def place_of_phone(number: str, world: Gazetteer, own: Country | None = None) -> PhonePlace:
    """`number` in E.164 (+91…). `own` is the country whose rules about moved numbers are known, if any."""
    values: dict[str, str | int | float] = {"number": number[:20]}
    try:
        parsed = phonenumbers.parse(number[:40], None)
    except phonenumbers.NumberParseException:
        return PhonePlace(against=(Reason("phone_not_valid", values),))
    if not phonenumbers.is_possible_number(parsed):
        return PhonePlace(against=(Reason("phone_not_valid", values),))
    country = phonenumbers.region_code_for_number(parsed) or ""
    sharing = phonenumbers.region_codes_for_country_code(parsed.country_code or 0)
    if not country and len(sharing) == 1:
        country = sharing[0]  # possible, though no operator is known to have the block
    place = world.places.get(country)
    if place is None:
        shared = Reason("phone_shared_code", values | {"code": f"+{parsed.country_code}"})
        return PhonePlace(against=(shared,))
    against = []
    mobile = phonenumbers.number_type(parsed) in _MOBILE or not phonenumbers.is_valid_number(parsed)
    if own is not None and own.code == country and own.mobile_numbers_are_ported and mobile:
        against.append(Reason("phone_ported"))
    named = values | {"place": place.name, "place_hi": place.name_hi or place.name}
    return PhonePlace(country, (Reason("phone_country", named),), tuple(against))
