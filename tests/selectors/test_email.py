"""E-mail addresses: one mailbox name under one spelling; what only looks alike stays apart."""

from __future__ import annotations

import pytest

from abhaya.selectors import email
from abhaya.selectors.normal import WHY_PLACEHOLDER, WHY_TOO_LONG


@pytest.mark.parametrize(
    "raw",
    [
        "alice.ex@example.org",
        "Alice.Ex@EXAMPLE.org",
        " alice.ex@example.org. ",
        "mailto:alice.ex@example.org?subject=x",
        "Alice Example <alice.ex@example.org>",
        "<alice.ex@example.org>",
        "'alice.ex@example.org'",
        "alice.ex＠example．org",
        "alice.ex@example.org\u200b",
    ],
)
def test_one_address_written_in_many_ways(raw: str) -> None:
    assert email.normalise(raw).value == "alice.ex@example.org"


def test_dots_and_tags_stay_and_the_mailbox_behind_them_is_a_note() -> None:
    normal = email.normalise("A.Lice+games@GoogleMail.com")
    assert normal.value == "a.lice+games@googlemail.com"
    assert normal.notes == (email.NOTE_SAME_MAILBOX + "alice@gmail.com",)
    assert email.normalise("a.lice+games@example.org").notes == ()


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"),
        ("अलाइस@example.org", "अलाइस@example.org"),
        ("a@उदाहरण.example", "a@xn--p1b6ci4b4b3a.example"),
        ("a_b-c.d'e@sub.example.org", "a_b-c.d'e@sub.example.org"),
    ],
)
def test_other_scripts(raw: str, value: str) -> None:
    assert email.normalise(raw).value == value


@pytest.mark.parametrize(
    ("raw", "why_not"),
    [
        ("alice.example.org", email.WHY_NO_AT),
        ("@example.org", email.WHY_NO_LOCAL),
        ("alice@okaxis", email.WHY_NO_DOT),
        ("alice@", email.WHY_NO_DOT),
        ("alice ex@example.org", email.WHY_LOCAL),
        ("alice@bob@example.org", email.WHY_LOCAL),
        ("a" * 65 + "@example.org", email.WHY_LOCAL_LONG),
        ("alice@exa mple.org", email.WHY_DOMAIN),
        ("alice@-example-.org", email.WHY_DOMAIN),
        ("alice@192.0.2.1", email.WHY_DOMAIN),
        ("alice@[192.0.2.1]", email.WHY_DOMAIN),
        ("alice@" + "a" * 64 + ".org", email.WHY_DOMAIN),
        ("alice@" + "a." * 200 + "org", WHY_TOO_LONG),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(raw: str, why_not: str) -> None:
    assert email.normalise(raw) == (None, why_not, (), False)


@pytest.mark.parametrize(
    "raw", ["none@none.com", "test@example.com", "TEST@test.com", "no@no.no", "na@na.com", "unknown@unknown.org"]
)
def test_fillers_never_link(raw: str) -> None:
    assert email.normalise(raw).why_not == WHY_PLACEHOLDER


@pytest.mark.parametrize("raw", ["alice@example.com", "bob.example@example.org", "test@real-provider.example"])
def test_an_address_somebody_may_own_is_no_filler(raw: str) -> None:
    assert email.normalise(raw).value == raw


def test_odd_dots_are_kept_and_noted() -> None:
    assert email.normalise("alice..ex@example.org") == ("alice..ex@example.org", "", (email.NOTE_ODD_DOTS,), False)
