"""Finding selectors in free text. The chats are invented and say only what they must."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.selectors import kinds, mining
from abhaya.selectors.mining import MINED_SELECTORS_MAX, TEXT_CHARACTERS_MAX, mine, mine_all

SECONDS_MAX_PER_MILLION = 20  # a square law would need days


def finds(text: str) -> list[tuple[str, str]]:
    return [(mined.kind, mined.raw) for mined in mine(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to alice.ex@example.org, or bob@example.com.", [("email", "alice.ex@example.org"), ("email", "bob@example.com")]),
        ("(alice@example.org)", [("email", "alice@example.org")]),
        ("asks for money: alice.ex@okaxis now", [("upi", "alice.ex@okaxis")]),
        ("UPI id is alice.ex@newbank", [("upi", "alice.ex@newbank")]),
        ("somebody@somewhere said", []),
        ("WhatsApp +91 98765 01234 please", [("phone", "+91 98765 01234")]),
        ("98765-01234", [("phone", "98765-01234")]),
        ("मोबाइल नंबर 9876501234 पर", [("phone", "9876501234")]),
        ("call 2025550143", [("phone", "2025550143")]),
        ("order 2025550143", []),
        ("report 123456789 of 2026-03-01 10:20:30", []),
        ("see https://example.org/a(b)c. And more", [("url", "https://example.org/a(b)c")]),
        ("(see https://example.org/a)", [("url", "https://example.org/a")]),
        ("t.me/joinchat/AbC and www.example.org!", [("url", "t.me/joinchat/AbC"), ("url", "www.example.org")]),
        ("hxxps://example[.]org/x", [("url", "hxxps://example[.]org/x")]),
        ("https://example.org/?u=alice@example.org", [("url", "https://example.org/?u=alice@example.org")]),
        ("MD5 abcdef0123456789abcdef0123456789.", [("file_hash", "abcdef0123456789abcdef0123456789")]),
        ("number 12345678901234567890123456789012", []),
        ("pay $alice-ex not $USD or $5", [("account", "$alice-ex")]),
        ("A/c 50100098761234 IFSC HDFC0000123", [("bank", "50100098761234 IFSC HDFC0000123")]),
        ("to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4!", [("crypto", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")]),
        ("to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", []),
        ("version 1.2.3, at 10:20:30, 5:1", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_found_and_what_is_not(text: str, expected: list[tuple[str, str]]) -> None:
    assert finds(text) == expected


@pytest.mark.parametrize(
    ("text", "raw", "platform"),
    [
        ("add me on snap: cool.kid_99", "cool.kid_99", "snapchat"),
        ("insta @alice_ex", "@alice_ex", "instagram"),
        ("my telegram is @alice_ex", "@alice_ex", "telegram"),
        ("username: alice_ex", "alice_ex", ""),
        ("Snapchat username = alice_ex", "alice_ex", "snapchat"),
        ("IG: alice_ex", "alice_ex", "instagram"),
        ("hello @alice_ex how are you", "@alice_ex", ""),
    ],
)
def test_handles_with_the_service_they_live_on(text: str, raw: str, platform: str) -> None:
    assert [(mined.raw, mined.platform) for mined in mine(text) if mined.kind == "screen_name"] == [(raw, platform)]


@pytest.mark.parametrize(
    ("text", "raw", "port", "when"),
    [
        ("login 203.0.113.7:51000 at 2026-03-01 10:20:30 UTC", "203.0.113.7:51000", 51000, "2026-03-01 10:20:30 UTC"),
        ("203.0.113.7 port 51000", "203.0.113.7 port 51000", 51000, ""),
        ("from 203.0.113.7, 2026-03-01T10:20:30Z", "203.0.113.7", None, "2026-03-01T10:20:30Z"),
        ("2026-03-01T10:20:30Z 203.0.113.7", "203.0.113.7", None, "2026-03-01T10:20:30Z"),
        ("203.0.113.7\n2026-03-01T10:20:30Z", "203.0.113.7", None, ""),
        (
            "[2001:db8::7]:51000 on 01/03/2026 10:20:30 PM UTC",
            "[2001:db8::7]:51000",
            51000,
            "01/03/2026 10:20:30 PM UTC",
        ),
        ("from 2001:db8::7 port 51000.", "2001:db8::7 port 51000", 51000, ""),
        ("IP 203.0.113.7:99999", "203.0.113.7", None, ""),
    ],
)
def test_addresses_with_their_port_and_the_time_beside_them(text: str, raw: str, port: int | None, when: str) -> None:
    assert [(mined.raw, mined.port, mined.near_time) for mined in mine(text)] == [(raw, port, when)]


def test_one_time_belongs_to_one_address() -> None:
    found = mine("203.0.113.7 2026-03-01T10:20:30Z and 203.0.113.8")
    assert [mined.near_time for mined in found] == ["2026-03-01T10:20:30Z", ""]


def test_ten_bare_digits_are_a_number_without_a_label() -> None:
    assert [mined.labelled for mined in mine("98765 01234")] == [False]
    assert [mined.labelled for mined in mine("phone 98765 01234")] == [True]


PIECES = st.sampled_from(
    ["alice@example.org", "+91 98765 01234", "https://example.org/a", "203.0.113.7:51000", "@alice_ex", "$alice", "alice@okaxis",
     "2001:db8::7", "SBIN0001234", "50100098761234", " ", ", ", "\n", ":", "(", "@", "://", ".", "-", "1", "é", "क", "\u200b"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=20).map("".join)))
def test_finds_lie_in_the_text_in_order_and_never_overlap(text: str) -> None:
    last = 0
    for mined in mine(text):
        assert text[mined.start : mined.end] == mined.raw
        assert last <= mined.start < mined.end
        assert mined.kind in kinds.KINDS
        last = mined.end


def test_too_many_finds_are_cut_and_said_so() -> None:
    mining_result = mine_all("a1@example.org " * (MINED_SELECTORS_MAX + 50))
    assert len(mining_result.found) == MINED_SELECTORS_MAX
    assert mining_result.cut
    assert not mine_all("a1@example.org " * 10).cut


def test_a_text_beyond_the_limit_is_cut_and_said_so() -> None:
    assert mine_all("क" * (TEXT_CHARACTERS_MAX + 1)).cut
    assert not mine_all("क" * TEXT_CHARACTERS_MAX).cut


@pytest.mark.parametrize(
    "piece",
    ["a", "@", "a@", "a.", "a-", "a/", "1", "1.", "1 ", "1-", "1(", "(", ":", "f:", "::1 ", "[", "f", "d" * 31 + " ", "0x", "L" * 40 + " ",
     "http://", "www.", "https://a", "$a", "+", "_", " ", "\n", "snap ", "is ", "id: ", "id   ", "AAAA0AAAAAA ", "1.1.1.1 ", "98765012",
     "x@yy.zz ", "क", "\u0301", "a@a", "@a.", "..@", "username:", "phone " + "1" * 6, "2026-01-01 ", "1.1.1.1 2026-01-01 "],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()
    mining._mine(text)
    assert time.process_time() - began < SECONDS_MAX_PER_MILLION
