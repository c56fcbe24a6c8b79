"""Every answer of every address: the strict head, and nothing inline that the policy would have to allow."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client, override_settings
from tests.factory import browser_of
from tests.promises.test_default_deny import ALL
from tests.promises.world import sample, the_world

HEAD = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
NOT_INLINE = {"application/json", "application/ld+json"}  # data: never run


class Inline(HTMLParser):
    """Collects what a strict policy refuses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._in_script = tag == "script" and "src" not in named and named.get("type") not in NOT_INLINE
        if tag in {"style", "base", "object", "embed", "iframe", "applet"}:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            target = (value or "").strip().lower()
            if name.startswith(("on", "hx-on")) or name == "style":
                self.found.append(f"<{tag} {name}>")
            if name in {"src", "href", "action", "formaction", "srcset"} and target.startswith(
                ("javascript:", "data:", "http:", "https:", "//")
            ):
                self.found.append(f"<{tag} {name}={target[:30]}>")

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.found.append("<script> with text")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = False


def test_the_search_for_what_is_inline_finds_it():
    inline = Inline(
        '<p style="x"><a href="javascript:x" onclick="y">z</a><script>1</script><script src="/a.js"></script>'
        '<style>a</style><img src="https://example.org/x"></p>'
    )
    assert len(inline.found) == 6


@pytest.mark.parametrize("who", ["stranger", "alice", "administrator"])
def test_every_answer_has_the_strict_head_and_nothing_inline(who, owner):
    world = the_world()
    parts = {part: sample(owner, part, world) for address in ALL for part in address.parts}
    with override_settings(TLS=True):
        client = Client() if who == "stranger" else browser_of(getattr(world, who))
        for address in ALL:
            answer = client.get(address.filled(parts))
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'"), address.name
            assert "unsafe" not in policy and "*" not in policy and "data:" not in policy, address.name
            assert "frame-ancestors 'none'" in policy or "sandbox" in policy, address.name
            assert "camera=()" in answer.headers["Permissions-Policy"], address.name
            assert {name: answer.headers.get(name) for name in HEAD} == HEAD, address.name
            assert "no-store" in answer.headers["Cache-Control"], address.name
            if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
                assert Inline(answer.content.decode()).found == [], address.name
