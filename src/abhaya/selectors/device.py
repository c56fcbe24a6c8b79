"""Devices and SIM cards: a type and a value ("imei:490154203237518"). Check digits are checked where there are any.

IMEI and its check digit: 3GPP TS 23.003 §6.2 and annex B. ICCID: ITU-T E.118. MAC: IEEE 802, bit 1 of the first octet
set means that the address was made up, as telephones do to hide.
"""

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

VALUE_CHARACTERS_MAX = 2083  # ISPWS

WHY_IMEI_LENGTH = "An IMEI has 14, 15 or 16 digits."
WHY_IMEI_CHECK = "The last digit is not the check digit of this IMEI: at least one digit is wrong."
WHY_ICCID = "Not the number of a SIM card: 18 to 20 digits that begin with 89."
WHY_ICCID_CHECK = "The last digit is not the check digit of this SIM card number: at least one digit is wrong."
WHY_IMSI = "An IMSI has 14 or 15 digits."
WHY_MAC = "Not a MAC address: six pairs of hexadecimal digits."
WHY_NETWORK = "The name of a wireless network, not of a device: many people use it."
NOTE_NO_CHECK = "Written without its check digit, which cannot be checked."
NOTE_VERSION = "Written with the software version, which is left out."
NOTE_MADE_UP = "A made-up (locally administered) address, as telephones use to hide: it may change every day."
NOTE_TYPE = "A type of device number not known to this version, kept as written: "
NOTE_MAKER = "Manufacturer's part of the number: "

_TYPES = {
    "imei": "imei imeinumber imeino imei1 imei2 imeisv imeiid internationalmobileequipmentidentity",
    "iccid": "iccid icc simid simserial simserialnumber simcard simnumber",
    "imsi": "imsi",
    "meid": "meid esn",
    "mac": "mac macaddress macaddr wifimac wifimacaddress bluetoothmac ethernetmac hardwareaddress",
    "android": "androidid android ssaid androiddeviceid",
    "gaid": "gaid aaid adid advertisingid googleadvertisingid googleadid",
    "idfa": "idfa identifierforadvertisers appleadvertisingid",
    "idfv": "idfv identifierforvendor vendorid",
    "udid": "udid",
    "serial": "serial serialnumber serialno sn",
    "network": "ssid bssid wifi wifiname networkname",
    "device": "device deviceid devicenumber deviceidentifier id identifier uuid guid uniqueid other unknown",
}
_TYPE_OF = {alias: name for name, aliases in _TYPES.items() for alias in aliases.split()}
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # twice a digit, its digits added
_NOT_NAME = re.compile(r"[^\w]+|_")
_HEX_OR_UUID = re.compile(r"[0-9a-fA-F]{8,128}|\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_KNOWN_PLACEHOLDERS = frozenset(
    {"9774d56d682e549c", "004999010640000", "012345678912345", "123456789012345", "02:00:00:00:00:00"}
)


def normalise(raw: str, *, device_type: str = "") -> Normal:
    """`device_type` as the sender named it ("IMEI", "Wi-Fi MAC address"), free text."""
    return _normalise(raw, device_type)


@lru_cache(maxsize=CACHE_VALUES_MAX)
def _normalise(raw: str, device_type: str) -> Normal:
    text = ascii_digits(tidy(raw))
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > VALUE_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    kind = type_name(device_type)
    before, colon, after = text.partition(":")
    if colon and type_name(before) == (kind or type_name(before)) and type_name(before) in _TYPES:
        kind, text = type_name(before), after.strip()
    if placeholder.is_word(fold(text)) or placeholder.is_identifier(text) or text.lower() in _KNOWN_PLACEHOLDERS:
        return refused(WHY_PLACEHOLDER)
    if not text:
        return refused(WHY_EMPTY)
    read = _READERS.get(kind)
    return read(text) if read else _plain(kind or "device", text)


def type_name(written: str) -> str:
    """From "IMEI number" to "imei"; a type we do not know comes back as one folded word, "" for none."""
    close = _NOT_NAME.sub("", fold(tidy(written)))[:64]
    return _TYPE_OF.get(close, close)


def luhn_holds(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    return digits[-1] == luhn_digit(digits[:-1])


def luhn_digit(digits: str) -> str:
    """The check digit that makes `digits` + it hold."""
    doubled = sum(_DOUBLED[int(digit)] for digit in digits[::-2])
    return str(-(doubled + sum(map(int, digits[-2::-2]))) % 10)


def _plain(kind: str, text: str) -> Normal:
    value = text.strip("{}").lower() if _HEX_OR_UUID.fullmatch(text) else text
    return Normal(f"{kind}:{value}", "", () if kind in _TYPES else (NOTE_TYPE + kind,))


def _imei(text: str) -> Normal:
    digits = re.sub(r"[\s\-/.]+", "", text)
    if not digits.isdigit() or not 14 <= len(digits) <= 16:
        return refused(WHY_IMEI_LENGTH)
    body = digits[:14]
    if len(digits) == 15 and not luhn_holds(digits):
        return refused(WHY_IMEI_CHECK)
    if placeholder.is_digits(body):
        return refused(WHY_PLACEHOLDER)
    notes = {14: (NOTE_NO_CHECK,), 15: (), 16: (NOTE_VERSION,)}[len(digits)]
    return Normal(f"imei:{body}{luhn_digit(body)}", "", notes)


def _iccid(text: str) -> Normal:
    digits = re.sub(r"[\s\-]+", "", text).lower().rstrip("f")
    if not digits.isdigit() or not digits.startswith("89") or not 18 <= len(digits) <= 20:
        return refused(WHY_ICCID)
    if len(digits) == 18:
        return Normal(f"iccid:{digits}{luhn_digit(digits)}", "", (NOTE_NO_CHECK,))
    # 19 digits end in the check digit; 20 carry it too with most issuers, and a filler with some.
    if len(digits) == 19 and not luhn_holds(digits):
        return refused(WHY_ICCID_CHECK)
    return Normal(f"iccid:{digits}", "")


def _imsi(text: str) -> Normal:
    digits = re.sub(r"[\s\-]+", "", text)
    return Normal(f"imsi:{digits}") if digits.isdigit() and 14 <= len(digits) <= 15 else refused(WHY_IMSI)


def _mac(text: str) -> Normal:
    digits = re.sub(r"[\s:.\-]+", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        return refused(WHY_MAC)
    value = ":".join(digits[place : place + 2] for place in range(0, 12, 2))
    if value in _KNOWN_PLACEHOLDERS:
        return refused(WHY_PLACEHOLDER)
    if int(digits[:2], 16) & 0b10:
        return Normal(f"mac:{value}", "", (NOTE_MADE_UP,), assumed=True)
    return Normal(f"mac:{value}", "", (f"{NOTE_MAKER}{value[:8]}",))


def _network(_text: str) -> Normal:
    return refused(WHY_NETWORK)


_READERS = {"imei": _imei, "iccid": _iccid, "imsi": _imsi, "mac": _mac, "network": _network}
