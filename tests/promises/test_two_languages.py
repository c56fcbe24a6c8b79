"""Whatever an officer reads can be read in Hindi: templates, forms, refusals and reasons, with the same values in them."""

from __future__ import annotations

import ast
import importlib
import io
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django import forms
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation.template import templatize

import abhaya

SOURCE = Path(abhaya.__file__).parent
CALLS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
VALUE = re.compile(r"%\((\w+)\)[sdf]|\{(\w+)\}")
HINDI = re.compile("[ऀ-ॿ]")
LATIN = re.compile(r"[A-Za-z]{2,}")
TOLD = {
    "OfficerError",
    "NotThere",
    "NotPermitted",
    "ValidationError",
}  # what an officer reads when something is refused
# Said to whoever sits at the machine's command line, which speaks English, or kept in the table of failed jobs.
SAID_ELSEWHERE = ("commands/", "shared/jobs.py")
# Written the same in both languages: names, file names, names of hash functions, keys of a keyboard, what is typed.
SAME_IN_BOTH = {
    "Abhaya", "· Abhaya", "English", "MD5", "SHA-1", "SHA-256", "Enter", "Esc", "&nbsp;",
    "ABHAYA_DATA", "~/.local/share/abhaya", "secrets/setup-code", "python3 verify DIR --code", "python3 verify who-looked.json", "IN-27",
    "Windows", "Android", "iPhone, iPad", "macOS", "Linux · Chrome, Chromium", "Firefox", "abhaya authority show",
    "chrome://certificate-manager",
}  # fmt: skip
READ_ATTRIBUTES = re.compile(r"""\b(?:title|aria-label|alt|placeholder)=(["'])(.*?)\1""", re.DOTALL)
SAID_BY_TAGS = re.compile(
    r"{% blocktranslate.*?{% endblocktranslate %}|{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL
)
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
UNREAD = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)


def key_of(message: Message) -> tuple[str, str]:
    """(context, first form), under which a program asks for it."""
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def forms_of(message: Message) -> list[tuple[str, str]]:
    """(English, Hindi), once or for one and for many."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string, strict=True))


def values_in(text: str) -> set[str]:
    return {first or second for first, second in VALUE.findall(text)}


@cache
def catalogues() -> dict[str, list[Message]]:
    """Room → what it says in Hindi."""
    found = {}
    for path in sorted(SOURCE.glob("*/locale/hi/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            found[path.relative_to(SOURCE).parts[0]] = [message for message in read_po(file) if message.id]
    assert found
    return found


@cache
def said() -> dict[tuple[str, str], str]:
    """(context, English) → one place where pages or programs say it."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = templatize(text, origin=str(path))
        for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), CALLS):
            first = message if isinstance(message, str) else message[0]
            found.setdefault((context or "", first), f"{path.relative_to(SOURCE)}:{line}")
    assert found
    return found


OF_AN_EXTRA = {"abhaya.matching.spark"}  # of the command line alone; what it needs is not installed for these tests


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(abhaya.__path__, "abhaya."):
        if ".migrations" not in found.name and found.name not in OF_AN_EXTRA:
            yield importlib.import_module(found.name)


def is_table_of_pairs(value: object) -> bool:
    """A room's table of sentences: code → (English, Hindi)."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(
            isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(side, str) for side in pair)
            for pair in value.values()
        )
    )


@cache
def tables() -> dict[str, Mapping[object, tuple[str, str]]]:
    """Every table of sentences, with its name; a table counts if any sentence in it is Hindi or its type says so."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if is_table_of_pairs(value) and any(HINDI.search(hindi) for _english, hindi in value.values()):
                found[f"{module.__name__}.{name}"] = value
    return found


def test_everything_said_has_its_hindi():
    known = {key_of(message) for messages in catalogues().values() for message in messages}
    missing = [f"{place}: {english}" for (context, english), place in said().items() if (context, english) not in known]
    assert not missing


@pytest.mark.parametrize("room", sorted(catalogues()))
def test_hindi_is_hindi_and_has_the_same_values(room):
    for message in catalogues()[room]:
        assert not message.fuzzy, message.id
        for english, hindi in forms_of(message):
            assert HINDI.search(hindi), english
            assert values_in(hindi) == values_in(english), english


def test_a_sentence_of_two_rooms_has_one_hindi():
    """All rooms share one catalogue at run time: of two translations the page would show whichever came first."""
    chosen: dict[tuple[str, str], tuple[str, list[tuple[str, str]]]] = {}
    for room, messages in catalogues().items():
        for message in messages:
            first_room, first = chosen.setdefault(key_of(message), (room, forms_of(message)))
            assert forms_of(message) == first, (first_room, room)


def test_the_pages_really_speak_it():
    """The compiled files are those of the sources; `make setup` compiles them."""
    once = {
        key: forms_of(message)
        for messages in catalogues().values()
        for message in messages
        for key in [key_of(message)]
    }
    with translation.override("hi"):
        for (context, english), pairs in once.items():
            spoken = translation.pgettext(context, english) if context else translation.gettext(english)
            if len(pairs) == 1:
                assert spoken == pairs[0][1], f"{english}: run `make setup`"
            else:
                assert translation.ngettext(pairs[0][0], pairs[1][0], 5) == pairs[1][1], f"{english}: run `make setup`"


def test_no_template_says_anything_beside_its_translations():
    found = []
    for path in sorted(SOURCE.rglob("*.html")):
        text = UNREAD.sub("", SAID_BY_TAGS.sub("\0", path.read_text(encoding="utf-8")))
        attributes = [TAGS.sub("\0", value) for _quote, value in READ_ATTRIBUTES.findall(text)]
        outside = re.sub(r"<[^>]*>", "\0", TAGS.sub("\0", text))
        found += [
            f"{path.relative_to(SOURCE)}: {piece.strip()}"
            for piece in "\0".join([outside, *attributes]).split("\0")
            if LATIN.search(piece) and piece.strip() not in SAME_IN_BOTH
        ]
    assert not found


def test_every_field_of_a_form_is_named_and_explained_in_both_languages():
    """Named when the page is made: what was put together when the program started stays in its first language."""
    found = [
        f"{module.__name__}.{name}.{label}: {words}"
        for module in modules()
        for name, form in vars(module).items()
        if isinstance(form, type) and issubclass(form, forms.BaseForm) and form.__module__ == module.__name__
        for label, field in getattr(form, "base_fields", {}).items()
        for words in (
            [field.help_text] if isinstance(field.widget, forms.HiddenInput) else [field.label, field.help_text]
        )
        if words != "" and not isinstance(words, Promise)
    ]
    assert not found


def test_an_officer_is_refused_in_their_own_language():
    """A refusal that is written where it is raised is translated there."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        if place.startswith(SAID_ELSEWHERE):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in TOLD and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                found.append(f"{place}:{node.lineno}")
    assert not found


def test_every_room_with_reasons_is_looked_at():
    rooms = {path.parent.name for path in SOURCE.glob("*/reasons.py")}
    assert rooms
    assert rooms <= {name.split(".")[1] for name in tables()}


@pytest.mark.parametrize("table", sorted(tables()))
def test_every_reason_has_both_sentences(table):
    """A value may have a Hindi twin, `place` and `place_hi`; no value may be said in one language alone."""
    for code, (english, hindi) in tables()[table].items():
        assert english, code
        assert HINDI.search(hindi) or not LATIN.search(VALUE.sub("", english)), code
        assert {value.removesuffix("_hi") for value in values_in(hindi)} == values_in(english), code
