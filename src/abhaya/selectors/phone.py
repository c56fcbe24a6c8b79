"""Telephone numbers, as E.164 (ITU-T E.164: "+", calling code, national number, at most 15 digits).

A number without a country names several subscribers. The country comes, in this order, from the number itself, from
the calling code sent apart, from the region the caller knows; only the two ways Indians write a mobile number are read
without any, and then the answer says that the country is assumed.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, ValidationResult

from abhaya.selectors import placeholder
from abhaya.selectors.normal import (
    CACHE_VALUES_MAX,
    WHY_EMPTY,
    WHY_PLACEHOLDER,
    WHY_TOO_LONG,
    Normal,
    ascii_digits,
    refused,
    tidy,
)

RAW_CHARACTERS_MAX = 100
ASSUMED_COUNTRY = "IN"

WHY_NO_COUNTRY = "No calling code and no country: the same digits are different telephones in different countries."
WHY_NOT_A_NUMBER = "Not a telephone number."
WHY_TOO_SHORT = "Too few digits for a telephone number of that country."
WHY_TOO_MANY = "Too many digits for a telephone number of that country."
WHY_WRONG_LENGTH = "No telephone number of that country has this many digits."
WHY_CALLING_CODE = "No country has this calling code."
NOTE_INDIA = "The number belongs to India; which circle is unknown, since numbers move between operators and circles."
NOTE_COUNTRY = "Country by calling code: "
NOTE_ASSUMED = "No country was written; India is assumed from the form of the number."
NOTE_ASSUMED_PLUS = "No plus sign was written; the first digits are read as a calling code."
NOTE_PLAN = "Not in the numbering plan known to this version."
NOTE_SHARED = "A toll-free, premium or service number: many people call it, nobody owns it."
NOTE_EXTENSION = "Extension: "
NOTE_TWO_CODES = "The calling code sent apart differs from the one in the number: "

_INDIAN_MOBILE = re.compile(r"0?([6-9]\d{9})|(?:0|00)?91([6-9]\d{9})")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_SHARED = {
    PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}  # fmt: skip
_WHY = {
    ValidationResult.TOO_SHORT: WHY_TOO_SHORT,
    ValidationResult.TOO_LONG: WHY_TOO_MANY,
    ValidationResult.INVALID_LENGTH: WHY_WRONG_LENGTH,
    ValidationResult.INVALID_COUNTRY_CODE: WHY_CALLING_CODE,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: WHY_TOO_SHORT,
}


def normalise(raw: str, *, calling_code: str = "", region: str = "") -> Normal:
    """`calling_code` as sent apart ("+91", "91"); `region` an ISO 3166-1 alpha-2 country known from elsewhere."""
    return _normalise(raw, calling_code, region)


@lru_cache(maxsize=CACHE_VALUES_MAX)
def _normalise(raw: str, calling_code: str, region: str) -> Normal:  # noqa: PLR0911 — a list of refusals, read from top to bottom
    text = ascii_digits(tidy(raw))
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > RAW_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    text = text.removeprefix("tel:").strip()
    digits = _NOT_DIGITS.sub("", text)
    if placeholder.is_digits(digits.removeprefix("91") if len(digits) == 12 else digits) or placeholder.is_word(
        text.lower()
    ):
        return refused(WHY_PLACEHOLDER)
    if text.startswith("00") and len(digits) > 10:
        text = "+" + text[2:]
    written = _NOT_DIGITS.sub("", ascii_digits(calling_code)).lstrip("0")
    if text.startswith("+"):
        return _answer(_parse(text, None), _two_codes(digits, written))
    if written:
        return _answer(_with_calling_code(text, written), ())
    if region:
        return _answer(_parse(text, region.upper()), ())
    return _without_country(text, digits)


def country(value: str) -> str:
    """The ISO country of a normalised number, "" where the calling code is shared and the plan does not say."""
    parsed = _parse(value, None)
    if not isinstance(parsed, PhoneNumber):
        return ""
    return _region(parsed)


def _region(parsed: PhoneNumber) -> str:
    """ISO country; "" where the calling code is no single country's and the plan does not say."""
    regions = phonenumbers.region_codes_for_country_code(parsed.country_code or 0)
    region = phonenumbers.region_code_for_number(parsed) or (regions[0] if len(regions) == 1 else "")
    return "" if region == "001" else region


def _parse(text: str, region: str | None) -> PhoneNumber | str:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException as error:
        if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            return WHY_CALLING_CODE if text.startswith("+") else WHY_NO_COUNTRY
        if error.error_type in {NumberParseException.TOO_SHORT_NSN, NumberParseException.TOO_SHORT_AFTER_IDD}:
            return WHY_TOO_SHORT
        return WHY_TOO_MANY if error.error_type == NumberParseException.TOO_LONG else WHY_NOT_A_NUMBER


def _with_calling_code(text: str, calling_code: str) -> PhoneNumber | str:
    """The sender should not repeat the calling code in the number; some do, and the plan then shows it."""
    region = phonenumbers.region_code_for_country_code(int(calling_code[:4]))
    if region in {"ZZ", "001"}:
        return _parse(f"+{calling_code}{text}", None)
    return _parse(text, region)


def _without_country(text: str, digits: str) -> Normal:
    bare = re.sub(r"[\s().\-/]+", "", text)
    indian = _INDIAN_MOBILE.fullmatch(bare)
    if indian and indian[1]:
        return _answer(_parse("+91" + indian[1], None), (NOTE_ASSUMED,), assumed=True)
    if indian:
        return _answer(_parse("+91" + indian[2], None), (NOTE_ASSUMED_PLUS,))
    if bare.isdigit() and 11 <= len(bare) <= 15 and not bare.startswith("0"):
        parsed = _parse("+" + digits, None)
        if isinstance(parsed, PhoneNumber) and phonenumbers.is_valid_number(parsed):
            return _answer(parsed, (NOTE_ASSUMED_PLUS,), assumed=True)
    return refused(WHY_NO_COUNTRY if len(digits) >= 5 else WHY_NOT_A_NUMBER)


def _two_codes(digits: str, written: str) -> tuple[str, ...]:
    return () if not written or digits.startswith(written) else (f"{NOTE_TWO_CODES}+{written}",)


def _answer(parsed: PhoneNumber | str, notes: tuple[str, ...], *, assumed: bool = False) -> Normal:
    if isinstance(parsed, str):
        return refused(parsed)
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible != ValidationResult.IS_POSSIBLE:
        return refused(_WHY.get(possible, WHY_NOT_A_NUMBER))
    region = _region(parsed)
    notes = (*notes, NOTE_INDIA if region == "IN" else f"{NOTE_COUNTRY}{region or f'+{parsed.country_code}'}")
    kind = phonenumbers.number_type(parsed)
    if kind == PhoneNumberType.UNKNOWN:
        notes = (*notes, NOTE_PLAN)
    elif kind in _SHARED:
        notes = (*notes, NOTE_SHARED)
    if parsed.extension:
        notes = (*notes, NOTE_EXTENSION + parsed.extension)
    value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    digits = value[1 + len(str(parsed.country_code)) :]
    return refused(WHY_PLACEHOLDER) if placeholder.is_digits(digits) else Normal(value, "", notes, assumed)
