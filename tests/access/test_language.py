"""The language switch: before anybody is signed in as well."""

from __future__ import annotations

import pytest
from django.test import Client


class TestTheLanguageSwitch:
    def test_keeps_the_choice_and_goes_back(self):
        answer = Client().post("/language", {"language": "hi", "next": "/queue/?lane=thin"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/queue/?lane=thin")
        cookie = answer.cookies["abhaya_language"]
        assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("hi", True, "Lax")

    @pytest.mark.parametrize(
        "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
    )
    def test_never_leads_to_another_host(self, back):
        assert Client().post("/language", {"language": "hi", "next": back}).headers["Location"] == "/"

    def test_knows_only_its_languages(self):
        assert not Client().post("/language", {"language": "../../x"}).cookies
