"""Accounts, screen names and the names that platforms go by."""

from __future__ import annotations

import pytest

from abhaya.selectors import account, screen_name
from abhaya.selectors.normal import WHY_EMPTY, WHY_PLACEHOLDER
from abhaya.selectors.platform import canonical, known


@pytest.mark.parametrize(
    ("written", "platform"),
    [
        ("FB", "facebook"), ("Facebook, Inc.", "facebook"), ("https://www.facebook.com/", "facebook"),
        ("m.facebook.com", "facebook"), ("X Corp.", "x"), ("Twitter", "x"), ("Twitter, Inc.", "x"), ("Snap Inc.", "snapchat"),
        ("WhatsApp LLC", "whatsapp"), ("Google LLC", "google"), ("t.me", "telegram"), ("Some Chat Ltd.", "some chat"),
        ("SOME  chat", "some chat"), ("", ""), ("Discord Inc", "discord"), ("Sharechat", "sharechat"),
        ("example.org", "example.org"),
    ],
)  # fmt: skip
def test_a_platform_has_one_name(written: str, platform: str) -> None:
    assert canonical(written) == platform
    assert canonical(platform) == platform


def test_a_platform_we_do_not_know_is_said_to_be_unknown() -> None:
    assert known("fb") == "facebook"
    assert known("Some Chat") == ""
    normal = account.normalise("a7f3", platform="Some Chat")
    assert normal == ("some chat:a7f3", "", (account.NOTE_UNKNOWN_PLATFORM + "some chat",), False)


@pytest.mark.parametrize(
    ("raw", "platform"),
    [
        ("100000000000001", "FB"),
        (" 100000000000001 ", "facebook.com"),
        ("fb:100000000000001", ""),
        ("Facebook: 100000000000001", "FB"),
    ],
)
def test_one_account_written_in_many_ways(raw: str, platform: str) -> None:
    assert account.normalise(raw, platform=platform).value == "facebook:100000000000001"


def test_the_same_id_on_two_services_is_two_accounts() -> None:
    assert account.normalise("a7f3", platform="Kik").value != account.normalise("a7f3", platform="Discord").value


def test_an_id_without_its_platform_names_nobody() -> None:
    assert account.normalise("a7f3").why_not == account.WHY_NO_PLATFORM
    assert account.normalise("some chat:a7f3").why_not == account.WHY_NO_PLATFORM


def test_the_case_of_an_account_id_is_kept() -> None:
    assert account.normalise("UCaBc-9", platform="YouTube").value == "youtube:UCaBc-9"
    assert account.platform_of("youtube:UCaBc-9") == "youtube"


@pytest.mark.parametrize("raw", ["0", "unknown", "deleted user", "000000000000", "1234567890", "anonymous"])
def test_filler_accounts_never_link(raw: str) -> None:
    assert account.normalise(raw, platform="FB").why_not == WHY_PLACEHOLDER


def test_an_id_that_is_only_a_platform_is_empty() -> None:
    assert account.normalise("fb:", platform="").why_not == WHY_EMPTY


@pytest.mark.parametrize(
    "raw", ["@Alice_Ex", "alice_ex", "ALICE_EX", " @alice_ex ", "instagram:alice_ex", "＠alice_ex"]
)
def test_one_screen_name_written_in_many_ways(raw: str) -> None:
    assert screen_name.normalise(raw, platform="IG").value == "instagram:alice_ex"


def test_a_screen_name_without_a_platform_is_kept_apart_and_said_so() -> None:
    normal = screen_name.normalise("@Alice_Ex")
    assert normal == (":alice_ex", "", (screen_name.NOTE_NO_PLATFORM,), True)
    assert screen_name.normalise("@").why_not == WHY_EMPTY


def test_a_name_that_is_its_platform_is_no_account() -> None:
    assert screen_name.normalise("Facebook User", platform="FB").why_not == WHY_PLACEHOLDER
