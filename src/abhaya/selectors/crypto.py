"""Addresses of crypto-currencies, each with the checksum its own network uses: a wrong letter is seen, not linked.

Base58Check (Bitcoin, Litecoin, Dogecoin, Tron): double SHA-256. Bech32 and bech32m: BIP 173, BIP 350. Ethereum and its
kin: EIP-55, Keccak-256 over the lower-case address; one address is used on several networks, so the value says "eth".
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from abhaya.selectors import placeholder
from abhaya.selectors.keccak import keccak_256
from abhaya.selectors.normal import (
    CACHE_VALUES_MAX,
    WHY_EMPTY,
    WHY_PLACEHOLDER,
    WHY_TOO_LONG,
    Normal,
    refused,
    tidy,
)

ADDRESS_CHARACTERS_MAX = 128

WHY_UNKNOWN = "Not an address of a currency known to this version (Bitcoin, Litecoin, Dogecoin, Tron, Ethereum)."
WHY_CHECKSUM = "The checksum does not hold: at least one letter is wrong."
WHY_CASE = "The mix of capitals is not the checksum of this address: at least one letter is wrong."
NOTE_NO_CHECKSUM = "Written in one case only, so that a wrong letter could not be seen."
NOTE_TEST = "A test network: this money is worth nothing."

BASE58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]{25,36}")
BECH32 = re.compile(r"(?:bc|tb|ltc|bcrt)1[ac-hj-np-z02-9]{6,87}")
ETHEREUM = re.compile(r"0x[0-9a-fA-F]{40}")
_SCHEMES = re.compile(
    r"^(?:bitcoin|litecoin|ethereum|dogecoin|tron|btc|ltc|eth|doge|trx|usdt)\s*:\s*(?://)?", re.IGNORECASE
)
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PLACE = {letter: place for place, letter in enumerate(_ALPHABET)}
_BECH32_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_PLACE = {letter: place for place, letter in enumerate(_BECH32_ALPHABET)}
_VERSIONS = {
    0x00: "btc",
    0x05: "btc",
    0x30: "ltc",
    0x32: "ltc",
    0x1E: "doge",
    0x16: "doge",
    0x41: "trx",
    0x6F: "btc-test",
    0xC4: "btc-test",
}
_PREFIXES = {"bc": "btc", "ltc": "ltc", "tb": "btc-test", "bcrt": "btc-test"}
_BECH32_CONSTANT, _BECH32M_CONSTANT = 1, 0x2BC830A3
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


@lru_cache(maxsize=CACHE_VALUES_MAX)
def normalise(raw: str) -> Normal:
    """Written "network:address"; Ethereum in lower case, the others as their checksum demands."""
    text = tidy(raw)
    if not text:
        return refused(WHY_EMPTY)
    text = _SCHEMES.sub("", text).split("?", 1)[0].split("@", 1)[0].strip()
    if len(text) > ADDRESS_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    if placeholder.is_word(text.lower()):
        return refused(WHY_PLACEHOLDER)
    if ETHEREUM.fullmatch(text):
        return _ethereum(text)
    if BECH32.fullmatch(text.lower()) and text in {text.lower(), text.upper()}:
        return _bech32(text.lower())
    return _base58(text) if BASE58.fullmatch(text) else refused(WHY_UNKNOWN)


def _ethereum(text: str) -> Normal:
    digits = text[2:]
    if placeholder.is_identifier(digits):
        return refused(WHY_PLACEHOLDER)
    if digits in {digits.lower(), digits.upper()}:
        return Normal(f"eth:0x{digits.lower()}", "", (NOTE_NO_CHECKSUM,))
    return Normal(f"eth:{text.lower()}") if text == checksummed(text) else refused(WHY_CASE)


def checksummed(address: str) -> str:
    """An Ethereum address with the capitals of EIP-55."""
    digits = address[2:].lower()
    digest = keccak_256(digits.encode()).hex()
    return "0x" + "".join(
        letter.upper() if int(mark, 16) >= 8 else letter for letter, mark in zip(digits, digest, strict=False)
    )


def _base58(text: str) -> Normal:
    number = 0
    for letter in text:
        number = number * 58 + _PLACE[letter]
    decoded = number.to_bytes((number.bit_length() + 7) // 8, "big")
    decoded = b"\0" * (len(text) - len(text.lstrip("1"))) + decoded
    if len(decoded) != 25 or decoded[0] not in _VERSIONS:
        return refused(WHY_UNKNOWN)
    if hashlib.sha256(hashlib.sha256(decoded[:-4]).digest()).digest()[:4] != decoded[-4:]:
        return refused(WHY_CHECKSUM)
    network = _VERSIONS[decoded[0]]
    return Normal(f"{network}:{text}", "", (NOTE_TEST,) if network.endswith("-test") else ())


def _bech32(text: str) -> Normal:
    prefix, _, data = text.rpartition("1")
    if prefix not in _PREFIXES:
        return refused(WHY_UNKNOWN)
    values = [_BECH32_PLACE[letter] for letter in data]
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    # Witness version 0 uses bech32, later versions bech32m (BIP 350).
    wanted = _BECH32_CONSTANT if values[0] == 0 else _BECH32M_CONSTANT
    if values[0] > 16 or _polymod(expanded + values) != wanted:
        return refused(WHY_CHECKSUM)
    network = _PREFIXES[prefix]
    return Normal(f"{network}:{text}", "", (NOTE_TEST,) if network.endswith("-test") else ())


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            checksum ^= generator if (top >> place) & 1 else 0
    return checksum
