"""UPI ids, bank accounts and addresses of crypto-currencies: checksums see a wrong letter before a link does."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.selectors import bank, crypto, upi
from abhaya.selectors.keccak import keccak_256
from abhaya.selectors.normal import WHY_PLACEHOLDER

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58_check(version: int, body: bytes) -> str:
    """An invented address: `body` is no key of anybody's."""
    payload = bytes([version]) + body
    payload += hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(payload, "big"), ""
    while number:
        number, place = divmod(number, 58)
        text = ALPHABET[place] + text
    return "1" * (len(payload) - len(payload.lstrip(b"\0"))) + text


@given(
    st.sampled_from([(0, "btc"), (5, "btc"), (0x30, "ltc"), (0x1E, "doge"), (0x41, "trx")]),
    st.binary(min_size=20, max_size=20),
)
def test_base58_addresses_of_every_network(network: tuple[int, str], body: bytes) -> None:
    address = base58_check(network[0], body)
    assert crypto.normalise(address).value == f"{network[1]}:{address}"


@given(st.binary(min_size=20, max_size=20), st.integers(1, 33), st.integers(1, 57))
def test_a_wrong_letter_in_a_base58_address_is_seen(body: bytes, place: int, shift: int) -> None:
    address = base58_check(0, b"\x7f" + body[1:])
    place = place % (len(address) - 1) + 1
    wrong = address[:place] + ALPHABET[(ALPHABET.index(address[place]) + shift) % 58] + address[place + 1 :]
    assert crypto.normalise(wrong).why_not in {crypto.WHY_CHECKSUM, crypto.WHY_UNKNOWN}


# BIP 173 and BIP 350, test vectors.
@pytest.mark.parametrize(
    "address",
    [
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "BC1SW50QGDZ25J",
        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ],
)
def test_bech32_addresses(address: str) -> None:
    assert crypto.normalise(address).value == f"btc:{address.lower()}"


@pytest.mark.parametrize(
    ("address", "why_not"),
    [
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", crypto.WHY_CHECKSUM),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", crypto.WHY_CHECKSUM),  # bech32, not bech32m
        ("bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", crypto.WHY_UNKNOWN),  # two cases
        ("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", crypto.WHY_CASE),
        ("0x" + "0" * 40, WHY_PLACEHOLDER),
        ("hello", crypto.WHY_UNKNOWN),
    ],
)
def test_wrong_addresses_are_refused_with_their_reason(address: str, why_not: str) -> None:
    assert crypto.normalise(address) == (None, why_not, (), False)


def test_an_address_of_a_test_network_is_said_so() -> None:
    normal = crypto.normalise("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx")
    assert normal == ("btc-test:tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "", (crypto.NOTE_TEST,), False)


# EIP-55, test vectors.
@pytest.mark.parametrize(
    "address",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ],
)  # fmt: skip
def test_ethereum_addresses(address: str) -> None:
    assert crypto.normalise(address) == (f"eth:{address.lower()}", "", (), False)
    assert crypto.normalise(f"ethereum:{address}@1").value == f"eth:{address.lower()}"
    assert crypto.normalise(address.lower()).notes == (crypto.NOTE_NO_CHECKSUM,)


# The Keccak team's vectors for Keccak-256, and one message longer than the rate.
@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_keccak_256(message: bytes, digest: str) -> None:
    assert keccak_256(message).hex() == digest


@given(st.integers(0, 300))
def test_keccak_256_tells_lengths_apart(length: int) -> None:
    assert keccak_256(b"\0" * length) != keccak_256(b"\0" * (length + 1))


@pytest.mark.parametrize(
    "raw", ["alice.ex@okaxis", "Alice.Ex@OKAXIS", "upi://pay?pa=alice.ex@okaxis&pn=Alice", "UPI ID: alice.ex@okaxis"]
)
def test_one_upi_id_written_in_many_ways(raw: str) -> None:
    assert upi.normalise(raw).value == "alice.ex@okaxis"


def test_what_a_upi_id_tells_besides() -> None:
    assert upi.normalise("9876501234@ybl").notes == (upi.NOTE_PHONE + "+919876501234",)
    assert upi.normalise("alice.ex@newbank").notes == (upi.NOTE_HANDLE + "newbank",)


@pytest.mark.parametrize(
    ("raw", "why_not"),
    [
        ("alice@example.org", upi.WHY_EMAIL),
        ("alice", upi.WHY_FORM),
        ("a b@ybl", upi.WHY_FORM),
        ("0000000000@ybl", WHY_PLACEHOLDER),
    ],
)
def test_what_is_no_upi_id_is_refused_with_its_reason(raw: str, why_not: str) -> None:
    assert upi.normalise(raw).why_not == why_not


@pytest.mark.parametrize(
    ("raw", "ifsc"),
    [
        ("SBIN0001234 00012345098761", ""), ("A/c 0001 2345 0987 61 IFSC: SBIN0001234", ""), ("00012345098761", "sbin0001234"),
        ("SBIN0001234:00012345098761", ""),
    ],
)  # fmt: skip
def test_one_bank_account_written_in_many_ways(raw: str, ifsc: str) -> None:
    normal = bank.normalise(raw, ifsc=ifsc)
    assert normal.value == "SBIN0001234:00012345098761"
    assert normal.notes == (bank.NOTE_BANK + "SBIN", bank.NOTE_ZEROS)


def test_an_iban_is_checked() -> None:
    assert bank.normalise("IBAN GB82 WEST 1234 5698 7654 32").value == "GB82WEST12345698765432"
    assert bank.normalise("GB82 WEST 1234 5698 7654 33").why_not == bank.WHY_IBAN


@pytest.mark.parametrize(
    ("raw", "ifsc", "why_not"),
    [
        ("12345098761", "", bank.WHY_NO_IFSC), ("SBIN0001234", "", bank.WHY_NO_ACCOUNT), ("12345098761", "SBIN1", bank.WHY_IFSC),
        ("SBIN0001234 0000000000", "", WHY_PLACEHOLDER),
    ],
)  # fmt: skip
def test_what_is_no_bank_account_is_refused_with_its_reason(raw: str, ifsc: str, why_not: str) -> None:
    assert bank.normalise(raw, ifsc=ifsc).why_not == why_not
