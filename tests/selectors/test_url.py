"""URLs: normalised only where it is certain that the same resource is meant."""

from __future__ import annotations

import pytest

from abhaya.selectors import url
from abhaya.selectors.normal import WHY_TOO_LONG


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/A%2fb?q=%c3%bc", "https://example.org/A%2Fb?q=%C3%BC"),
        ("https://example.org/ü", "https://example.org/%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("http://192.0.2.7/x", "http://192.0.2.7/x"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("example.org/folder/abc", "https://example.org/folder/abc"),
        ("www.example.org", "https://www.example.org/"),
        ("//example.org/x", "https://example.org/x"),
        ("hxxps://example[.]org/x", "https://example.org/x"),
        ("https://alice:secret@example.org/", "https://alice:secret@example.org/"),
        ("magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a", "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a"),
        ("tg://resolve?domain=alice_ex", "tg://resolve?domain=alice_ex"),
    ],
)  # fmt: skip
def test_normal_forms(raw: str, value: str) -> None:
    assert url.normalise(raw).value == value


def test_path_case_and_tracking_parameters_are_kept_because_they_are_evidence() -> None:
    normal = url.normalise("https://example.org/Alice?utm_source=x&id=7&fbclid=abc#photo")
    assert normal.value == "https://example.org/Alice?utm_source=x&id=7&fbclid=abc"
    assert normal.notes == (url.NOTE_TRACKING + "utm_source, fbclid", url.NOTE_FRAGMENT + "photo")


@pytest.mark.parametrize(
    ("raw", "why_not"),
    [
        ("https://example.org/a b", url.WHY_SPACE),
        ("https:///x", url.WHY_NO_HOST),
        ("https://exa$mple.org/", url.WHY_HOST),
        ("https://[2001:db8::zz]/", url.WHY_HOST),
        ("https://example.org:0/", url.WHY_PORT),
        ("https://example.org:99999/", url.WHY_PORT),
        ("https://example.org:123456789012/", url.WHY_PORT),
        ("javascript:alert(1)", url.WHY_SCHEME),
        ("data:text/html,x", url.WHY_SCHEME),
        ("hello", url.WHY_SCHEME),
        ("https://example.org/" + "a" * 2083, WHY_TOO_LONG),
    ],
)
def test_what_leads_nowhere_is_refused_with_its_reason(raw: str, why_not: str) -> None:
    assert url.normalise(raw) == (None, why_not, (), False)


def test_the_host_and_the_rest_come_apart() -> None:
    assert url.parts("https://example.org:8443/a?b=1") == ("https", "example.org", 8443, "/a", "b=1")
    assert url.host("https://xn--bcher-kva.example/") == "xn--bcher-kva.example"
    assert url.host("magnet:?xt=urn:btih:abc") == ""
    assert url.leads_to_one_page("https://example.org/?id=7")
    assert not url.leads_to_one_page("https://example.org/")
