"""Tags and filters every template has without loading them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from abhaya.shared.reason import Reason, Sentences, sentence
from abhaya.web import words
from abhaya.web.rooms import COUNT_SHOWN_MAX

register = template.Library()

# ISO 8601 with a zone, to the second: what is shown says the same, and the original stands in the title.
_SAYS_THE_SAME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.0+)?(?:Z|[+-]\d\d:?\d\d)$")
SOON_SECONDS = 3600  # a clock in its last hour is marked


@register.filter
def grouped(number: int | None) -> str:
    """A number with the unit's digit grouping; nothing for None."""
    return "" if number is None else words.grouped(int(number), settings.DIGIT_GROUPING)


@register.filter
def capped(number: int | None, most: int = COUNT_SHOWN_MAX) -> str:
    """A count that was not counted past `most`: “1,000+” says that there are at least so many."""
    if number is None:
        return ""
    return grouped(most) + "+" if number >= most else grouped(number)


@register.filter
def bytes_size(count: int | None) -> str:
    return "" if count is None else words.size(int(count))


@register.filter
def age(at: datetime | None) -> SafeString:
    """How long ago (or until), as a <time> that carries the instant itself."""
    if at is None:
        return mark_safe("–")
    return _time_element(at, words.age(timezone.now() - at), words.when(at))


@register.filter
def due(at: datetime | None) -> SafeString:
    """A clock: “due in 40 min”, “overdue by 3 h”. Red when it has run out, amber in its last hour."""
    if at is None:
        return mark_safe("")
    left = at - timezone.now()
    said = gettext("overdue by %(age)s") if left.total_seconds() < 0 else gettext("due in %(age)s")
    state = "overdue" if left.total_seconds() < 0 else "soon" if left.total_seconds() < SOON_SECONDS else "why"
    return format_html(
        '<span class="{}">{}</span>', state, _time_element(at, said % {"age": words.age(left)}, words.when(at))
    )


@register.filter
def instant(at: datetime | None, precision: str = "second") -> SafeString:
    """An instant of our own making: `{{ report.received_at|instant }}`."""
    return mark_safe("–") if at is None else _time_element(at, words.when(at, precision))


@register.filter
def clock(at: datetime | None) -> SafeString:
    """A time that is soon: the hour and minute alone when it is today."""
    if at is None:
        return mark_safe("–")
    local, today = timezone.localtime(at), timezone.localtime().date()
    text = f"{local:%H:%M} {local.tzname()}" if local.date() == today else words.when(at, "minute")
    return _time_element(at, text, words.when(at))


@register.simple_tag
def received_instant(
    at: datetime | None, original: str = "", precision: str = "second", zone_known: bool = True, why_not: str = ""
) -> SafeString:
    """An instant as somebody sent it: what we read, and beside it what they wrote and what they left out."""
    if at is None:
        note = why_not or gettext("could not be read")
        return format_html('<span class="mono">{}</span> <span class="why">{}</span>', original or "–", note)
    parts = [_time_element(at, words.when(at, precision), f"{gettext('written')} {original}" if original else "")]
    if not zone_known:
        parts.append(format_html('<span class="tag warn">{}</span>', gettext("no time zone given; UTC assumed")))
    if original and not _SAYS_THE_SAME.match(original):
        parts.append(
            format_html('<span class="why">{} <span class="mono">{}</span></span>', gettext("written"), original)
        )
    return mark_safe(" ".join(parts))  # noqa: S308 — joined from escaped parts


def _time_element(at: datetime, text: str, title: str = "") -> SafeString:
    utc = at.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        utc.isoformat(),
        f"{title} · {utc:%Y-%m-%d %H:%M:%S} UTC".lstrip(" ·"),
        text,
    )


@register.simple_tag
def masked(what: str = "") -> SafeString:
    """In the place of a child's identity. The text itself never reaches the page."""
    return format_html('<span class="masked">{}</span>', what or gettext("masked"))


@register.simple_tag
def said(reason: Reason | Mapping[str, Any], sentences: Sentences, names: Sentences | None = None) -> str:
    """A stored reason in the reader's language; `names`: values of it that have words of their own."""
    kept = reason if isinstance(reason, Reason) else Reason(**reason)
    language = get_language() or "en"
    if names:
        values = {key: _named(value, names, language) for key, value in kept.values.items()}
        kept = Reason(kept.code, values, kept.weight)
    return sentence(kept, sentences, language)


def _named(value: str | float, names: Sentences, language: str) -> str | int | float:
    pair = names.get(str(value))
    return value if pair is None else pair[1 if language.startswith("hi") else 0]


@register.filter
def in_language(thing: Any, field: str = "name") -> str:
    """`unit|in_language:"name"`: the Hindi twin (`name_hi`) on a Hindi page where there is one."""
    hindi = (get_language() or "en").startswith("hi")
    for name in (f"{field}_hi", field) if hindi else (field,):
        value = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
        if value:
            return str(value)
    return ""


@register.filter
def signed(weight: int) -> str:
    """+40, −10, 0."""
    return f"+{weight}" if weight > 0 else words.grouped(weight, settings.DIGIT_GROUPING)


@register.filter
def magnitude(weight: int) -> int:
    """A weight without its sign, for a bar's length."""
    return abs(weight)


@register.filter
def hex(digest: bytes | None) -> str:  # noqa: A001 — the filter's name in templates
    """A digest as people compare it."""
    return bytes(digest).hex() if digest else ""


@register.filter
def pretty_json(value: Any) -> str:
    """JSON for a person to read; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


@register.simple_tag(takes_context=True)
def link_with(context: template.Context, **changes: object) -> str:
    """The page's own address with these query values changed; an empty one is taken away, and so is the place in the list."""
    query = context["request"].GET.copy()
    query.pop("after", None)
    for key, value in changes.items():
        if value in {None, ""}:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def link_after(context: template.Context, after: str) -> str:
    """The page's own address from the row after this key on."""
    query = context["request"].GET.copy()
    query["after"] = after
    return f"?{query.urlencode()}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing beside a word; it says nothing that the word does not."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}icons.svg#{}"></use></svg>',
        settings.STATIC_URL,
        name,
    )


@register.simple_tag
def once_id(prefix: str = "f") -> str:
    """An id for one element of one page, where a fragment may stand on it several times."""
    return f"{prefix}-{uuid4().hex[:8]}"


@register.filter
def described_by(field: Any) -> SafeString:
    """A bound form field with its help and errors tied to it for those who cannot see them."""
    ids = [f"{field.id_for_label}-help"] if field.help_text else []
    ids += [f"{field.id_for_label}-error"] if field.errors else []
    extra = {"aria-describedby": " ".join(ids)} if ids else {}
    if field.errors:
        extra["aria-invalid"] = "true"
    return conditional_escape(field.as_widget(attrs=extra))


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """An entry whose name a template could not write: one with a hyphen, or a value."""
    return mapping.get(key)


@register.filter
def may(officer: Any, permission: str) -> bool:
    """Whether the officer at the page holds a permission."""
    return officer is not None and permission in officer.permissions


@register.simple_tag
def pair(words_of: Mapping[str, tuple[str, str]], code: str) -> str:
    """The words of a code in the reader's language, from a room's (English, Hindi) table."""
    english, hindi = words_of.get(code, (code, ""))
    return hindi if hindi and (get_language() or "").startswith("hi") else english
