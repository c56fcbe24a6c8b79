"""Every sentence an officer may read exists in Hindi."""

from __future__ import annotations

import importlib
import pkgutil
import re

import abhaya.selectors
from abhaya.selectors import kinds
from abhaya.selectors.reasons import HINDI, KIND_NAMES, ROLE_NAMES, in_language, kind_name, role_name

DEVANAGARI = re.compile(r"[\u0900-\u097f]")
PURE = [module.name for module in pkgutil.iter_modules(abhaya.selectors.__path__)]


def sentences() -> set[str]:
    found = {kind.reason for kind in kinds.KINDS.values()}
    for name in PURE:
        if name in {"models", "actions", "queries", "migrations"}:
            continue
        module = importlib.import_module(f"abhaya.selectors.{name}")
        found |= {value for key, value in vars(module).items() if key.startswith(("WHY_", "NOTE_"))}
    return found


def test_every_sentence_has_its_hindi_and_every_hindi_its_sentence() -> None:
    assert sentences() == set(HINDI)
    for english, hindi in HINDI.items():
        assert DEVANAGARI.search(hindi), english
        assert english.endswith(": ") == hindi.endswith(": "), english
        assert english.count(": ") == 1 or not english.endswith(": "), english
        assert english[-1] in ".:" or english.endswith(": "), english


def test_a_note_with_a_value_keeps_its_value() -> None:
    assert in_language("PIN code: 411001", "hi") == "पिन कोड: 411001"
    assert in_language("Part after #, kept apart: a: b", "hi") == "# के बाद का भाग, अलग रखा गया: a: b"
    assert in_language("PIN code: 411001", "en") == "PIN code: 411001"


def test_a_sentence_of_another_version_stays_as_it_is() -> None:
    assert in_language("Some later sentence: x", "hi") == "Some later sentence: x"
    assert in_language("", "hi") == ""


def test_kinds_and_roles_have_names_in_both_languages() -> None:
    assert set(kinds.KINDS) <= set(KIND_NAMES)
    for names in (KIND_NAMES, ROLE_NAMES):
        assert all(english and DEVANAGARI.search(hindi) for english, hindi in names.values())
    assert kind_name("email", "hi") == "ई-मेल पता"
    assert role_name("victim", "en") == "victim"
    assert role_name("bystander", "hi") == "bystander"
