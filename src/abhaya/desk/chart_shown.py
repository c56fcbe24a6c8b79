"""A link chart in words: what the page's script draws, and what its tables say, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abhaya.desk import chart_layout as layout
from abhaya.desk import chart_rules as rules
from abhaya.desk import chart_times as times
from abhaya.desk.grading import said as graded
from abhaya.linking.weights import FIXED, MOBILE, NETWORKS, VPN, WIFI
from abhaya.selectors.reasons import KIND_NAMES, ROLE_NAMES
from abhaya.web.words import when

Pair = tuple[str, str]

# What an internet address says of who somebody is, by the network that it is in.
DOUBTS: dict[int, Pair] = {
    MOBILE: (
        "A mobile network (carrier NAT): many subscribers share one address in the same second.",
        "मोबाइल नेटवर्क (कैरियर NAT): एक ही सेकंड में एक पता कई ग्राहकों का होता है।",
    ),
    VPN: (
        "A VPN, proxy or hosting service: the address is the service’s, not a person’s.",
        "VPN, प्रॉक्सी या होस्टिंग सेवा: पता सेवा का है, व्यक्ति का नहीं।",
    ),
    WIFI: (
        "A shared network: whoever was there used this address.",
        "साझा नेटवर्क: वहाँ मौजूद हर व्यक्ति का यही पता था।",
    ),
    FIXED: ("A fixed line: a household or an office.", "फिक्स्ड लाइन: एक घर या कार्यालय।"),
}  # fmt: skip
NETWORK_NOT_KNOWN: Pair = (
    "What network it is, is not known: many may share it.",
    "यह कैसा नेटवर्क है, पता नहीं: कई लोग इसे साझा कर सकते हैं।",
)
WITHOUT_PORT: Pair = (
    "No source port was given: behind carrier NAT it names nobody.",
    "स्रोत पोर्ट नहीं दिया गया: कैरियर NAT के पीछे यह किसी को नहीं बताता।",
)
TIES: dict[str, Pair] = {
    "same": ("held to be one person’s", "एक ही व्यक्ति के माने गए"),
    "review": ("to be looked at", "देखना बाकी"),
    "different": ("an officer said: different persons’", "अधिकारी ने कहा: अलग-अलग व्यक्तियों के"),
    "unsure": ("an officer said: unsure", "अधिकारी ने कहा: पक्का नहीं"),
}
ON_THE_LINE: dict[str, Pair] = {
    "same": ("one person’s", "एक ही व्यक्ति"),
    "review": ("to be looked at", "देखना बाकी"),
    "different": ("different persons’", "अलग-अलग व्यक्ति"),
    "unsure": ("unsure", "पक्का नहीं"),
}
SAID_SAME: Pair = ("an officer said: the same person’s", "अधिकारी ने कहा: एक ही व्यक्ति के")


def kinds() -> dict[str, Pair]:
    return {**KIND_NAMES, rules.REPORT: ("Report", "रिपोर्ट"), rules.ACCOUNT: KIND_NAMES["account"]}


def label(thing: rules.Thing) -> str:
    if thing.is_masked:
        return _("masked")
    return thing.label or _("no account named")


def dressed(found: rules.Chart) -> dict[str, str]:
    """Thing -> its kind and label as the tables show them, made once for all the lines that it stands on."""
    template, names = get_template("desk/chart_thing.html"), kinds()
    return {thing.id: template.render({"thing": thing, "kind_names": names}) for thing in found.things}


def report_pages(found: rules.Chart) -> dict[str, str]:
    """Report -> its page."""
    reports = {one.report for line in found.lines for one in line.sources}
    return {report: reverse("desk-report", args=[report]) for report in reports}


def tie_word(tie: rules.Tie) -> Pair:
    """What a tie says in words; an officer's word is never told as the machine's."""
    return SAID_SAME if tie.said == "same" else TIES[tie.word]


def doubts(sources: Iterable[rules.Source]) -> list[Pair]:
    """Why an internet address seen at these places may be another's."""
    seen = [one for one in sources if one.network or one.port]
    found = [DOUBTS.get(NETWORKS.get(one.network, 0), NETWORK_NOT_KNOWN) for one in seen]
    if any(one.port is None for one in seen):
        found.append(WITHOUT_PORT)
    return list(dict.fromkeys(found))


def moment(one: rules.Source) -> str:
    """When, no finer than it is known, with its doubt about the zone; "" where no time was given."""
    if one.at is None:
        return ""
    return when(one.at, one.precision) + ("" if one.zone_known else f" ({_('no time zone given; UTC assumed')})")


def data(found: rules.Chart, arranged: rules.Kept, opened: Iterable[UUID]) -> dict[str, Any]:
    """What the script draws: things with their places and words, lines with where each was read, ties, instants."""
    at, language_kinds = _at(), kinds()
    stands, timed = layout.places(found), layout.in_time(found, timezone.get_current_timezone())
    pages = report_pages(found)
    said = {one: moment(one) for line in found.lines for one in line.sources}
    sources_of: dict[str, list[rules.Source]] = {}
    for line in found.lines:
        sources_of.setdefault(line.b, []).extend(line.sources)
    return {
        "things": [
            {
                "id": thing.id,
                "kind": thing.kind,
                "kindName": language_kinds[thing.kind][at],
                "label": label(thing),
                "masked": thing.is_masked,
                "watched": thing.is_watched,
                "elsewhere": thing.elsewhere,
                "place": arranged.at.get(thing.id),
                "byKind": stands[thing.id],
                "inTime": timed.places[thing.id],
                "unit": thing.unit[at],
                "grade": graded(thing.grade) if thing.kind == rules.REPORT else "",
                "doubts": [one[at] for one in doubts(sources_of.get(thing.id, ()))]
                if thing.kind == rules.ADDRESS
                else [],
                "href": _href(thing),
            }
            for thing in found.things
        ],
        "lines": [
            {
                "id": line.id,
                "a": line.a,
                "b": line.b,
                "sources": [_source(one, at, said[one], pages[one.report]) for one in line.sources],
            }
            for line in found.lines
        ],
        "ties": [_tie(tie, at) for tie in found.ties],
        "together": found.together,
        "moments": [_moment(one, said) for one in times.moments(found)],
        "periods": [(x, _period(begins, timed.precision)) for x, begins in timed.columns],
        "opened": [str(one) for one in opened],
        "pinned": arranged.pinned,
        "hidden": arranged.hidden,
        "groups": arranged.groups,
        "layout": arranged.layout,
        "by": arranged.by,
        "addresses": arranged.addresses,
        "leftOut": found.left_out,
    }


def _at() -> int:
    """Which of two words is the reader's."""
    return 1 if get_language() == "hi" else 0


def _href(thing: rules.Thing) -> str:
    if thing.kind == rules.REPORT:
        return reverse("desk-report", args=[thing.key])
    return reverse("desk-subject", args=[thing.key]) if thing.kind == rules.ACCOUNT else ""


def _source(one: rules.Source, language_at: int, said: str, page: str) -> dict[str, str]:
    names = ROLE_NAMES.get(one.role, (one.role, one.role))
    port = _("port %(port)s") % {"port": one.port} if one.port else ""
    return {
        "report": one.number,
        "href": page,
        "role": names[language_at],
        "locator": one.locator,
        "grade": graded(one.grade),
        "at": " · ".join(filter(None, [said, port])),
    }


def _tie(tie: rules.Tie, language_at: int) -> dict[str, Any]:
    a, b = tie.keys
    return {
        "id": tie.id,
        "a": tie.a,
        "b": tie.b,
        "word": tie.word,
        "text": tie_word(tie)[language_at],
        "short": ON_THE_LINE[tie.word][language_at],
        "by": tie.said_by,
        "at": when(tie.said_at, "minute") if tie.said_at else "",
        "why": f"{reverse('desk-linked')}?a={a}&b={b}",
        "judgement": reverse("desk-judgement", args=[tie.judgement]) if tie.judgement else "",
    }


def _moment(one: times.Moment, said: Mapping[rules.Source, str]) -> dict[str, Any]:
    span, source = one.span, one.source
    return {
        "thing": one.thing.id,
        "line": one.line.id if one.line else "",
        "kind": one.thing.kind,
        "span": [_milliseconds(each) for each in span],
        "text": said[source] if source else when(span.first, "minute"),
    }


def _period(begins: datetime | None, precision: str) -> str:
    if begins is None:
        return _("no time given")
    return when(begins.replace(tzinfo=UTC), precision)  # the day of the calendar it was cut by, moved no more


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
