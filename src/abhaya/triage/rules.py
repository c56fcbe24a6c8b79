"""How urgent, which lane, and why (pure). The table below is the whole of it: a signal, its weight, its group.

A score is a sum of weights, never below 0 nor above 100; of one group only the heaviest counts. The lane is decided by
the few combinations listed under it. The result is a lead for the order of work, not evidence, and every part of it can
be read out. Changing a number here means a new `RULES_VERSION`: older assessments keep the version they were made by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from abhaya.shared.reason import Reason
from abhaya.triage.signals import Signals, Values
from abhaya.triage.wording import CONTACT

RULES_VERSION = "2026.11-4"
SCORE_MAX = 100

IMMINENT, CHILD_SENDER, BOTH_CHILDREN, NORMAL, VIRAL, THIN = (
    "imminent",
    "child-sender",
    "both-children",
    "normal",
    "viral",
    "thin",
)
LANES = (IMMINENT, CHILD_SENDER, BOTH_CHILDREN, NORMAL, VIRAL, THIN)  # in the order of work

# Until when somebody should have looked, in minutes from receipt; None has no clock of its own.
FIRST_LOOK_MINUTES: dict[str, int | None] = {
    IMMINENT: 30,
    CHILD_SENDER: 120,
    BOTH_CHILDREN: 24 * 60,
    NORMAL: 3 * 24 * 60,
    VIRAL: None,
    THIN: None,
}


class Rule(NamedTuple):
    """What one signal weighs. Of a group only the heaviest signal counts; "" stands alone."""

    signal: str
    weight: int
    group: str = ""


TABLE: tuple[Rule, ...] = (
    # danger to a child now
    Rule("text_self_harm", 40),
    Rule("escalated", 35),
    Rule("sadistic", 35),
    Rule("type_molestation", 25, "type"),
    Rule("type_trafficking", 20, "type"),
    Rule("type_tourism", 18, "type"),
    Rule("type_enticement", 10, "type"),
    Rule("file_live", 18),
    Rule("file_harm", 18),
    # a child, as stated
    Rule("child_under_13", 26, "age"),
    Rule("child_13_15", 22, "age"),
    Rule("child_16_17", 12, "age"),
    Rule("text_age_under_13", 22, "age"),
    Rule("text_age_13_15", 18, "age"),
    Rule("text_age_16_17", 9, "age"),
    Rule("sender_is_child", 30),
    Rule("reported_is_child", 4),
    # what the words say
    Rule("text_threat", 20, "threat"),
    Rule("extortion", 18, "threat"),
    Rule("text_deadline", 14),
    Rule("text_meet", 12),
    Rule("text_money", 8, "demand"),
    Rule("text_picture", 8, "picture"),
    Rule("solicitation", 6, "picture"),
    Rule("text_asks_age", 4),
    Rule("text_school", 3),
    Rule("text_secrecy", 3),
    Rule("text_other_app", 2),
    Rule("text_payment_address", 3),
    Rule("minor_to_minor", 4),
    # the files
    Rule("class_a", 10, "class"),
    Rule("file_infant", 14, "class"),
    Rule("class_b", 6, "class"),
    Rule("file_self", 5),
    Rule("public", 3),
    Rule("files_new", 8, "held"),
    Rule("files_part_new", 7, "held"),
    Rule("files_known", -6, "held"),
    Rule("file_sought_later", 10, "sought"),
    Rule("file_sought", 6, "sought"),
    Rule("stands_apart", 10),
    Rule("viral_file", -20, "viral"),
    Rule("files_viral_list", -20, "viral"),
    Rule("batched", -18, "viral"),
    Rule("flag_meme", -14, "viral"),
    Rule("flag_viral", -8, "viral"),
    Rule("file_drawn", -8, "made"),
    Rule("file_generated", -4, "made"),
    # how fresh
    Rule("acted_3h", 15, "fresh"),
    Rule("acted_24h", 12, "fresh"),
    Rule("acted_72h", 8, "fresh"),
    Rule("acted_week", 4, "fresh"),
    Rule("acted_earlier", 0, "fresh"),
    Rule("acted_half_year_ago", -4, "fresh"),
    Rule("acted_year_ago", -8, "fresh"),
    # whether anybody can be found
    Rule("upload_full", 10, "address"),
    Rule("address_full", 7, "address"),
    Rule("upload_part", 5, "address"),
    Rule("address_part", 3, "address"),
    Rule("identifier_verified", 6, "identifier"),
    Rule("identifier", 4, "identifier"),
    Rule("account_only", 1, "identifier"),
    Rule("place", 2),
    # who else
    Rule("subject_many", 16, "linked"),
    Rule("linked_many", 14, "linked"),
    Rule("subject_some", 10, "linked"),
    Rule("linked_some", 8, "linked"),
    # another report of the same person: of one weight, which tells nobody what that report shows
    Rule("subject_danger", 15, "person"),
    Rule("subject_meet", 15, "person"),
    Rule("subject_sought", 15, "person"),
    Rule("group", 8),
    Rule("prior_reports", 6),
    Rule("informational", -5),
    # said, and weighing nothing
    Rule("not_linked", 0, "linked"),
    Rule("not_viral", 0, "viral"),
)
_RULE = {rule.signal: rule for rule in TABLE}

_CHILD = frozenset({
    "child_under_13", "child_13_15", "child_16_17", "text_age_under_13", "text_age_13_15", "text_age_16_17",
})  # fmt: skip
_RECENT = frozenset({"acted_3h", "acted_24h", "acted_72h"})
_THREAT = frozenset({"text_threat", "extortion"})

# Imminent danger: every set of a line must be met by at least one signal. The first line met is the lane's reason.
IMMINENT_WHEN: tuple[tuple[str, tuple[frozenset[str], ...]], ...] = (
    ("lane_self_harm", (frozenset({"text_self_harm"}),)),
    ("lane_escalated", (frozenset({"escalated"}),)),
    ("lane_sadistic", (frozenset({"sadistic"}),)),
    ("lane_threat_deadline", (_CHILD, _THREAT, frozenset({"text_deadline"}))),
    ("lane_threat_recent", (_CHILD, _THREAT, _RECENT)),
    ("lane_meet", (_CHILD, frozenset({"text_meet"}), _RECENT)),
    ("lane_hands_on", (frozenset({"type_molestation", "type_trafficking", "type_tourism", "file_harm"}), _RECENT)),
    ("lane_live", (frozenset({"file_live"}), _RECENT)),
)
_WIDELY_SHARED = frozenset({"viral_file", "files_viral_list", "batched", "flag_meme", "flag_viral"})
# Who has or does more than pass on a clip that everybody passes on stands out of the viral lane, and out of the thin.
_STANDS_OUT = (
    CONTACT | _CHILD | _THREAT
    | {"escalated", "sadistic", "solicitation", "minor_to_minor", "file_live", "file_harm", "file_infant", "files_new",
       "files_part_new", "linked_many", "linked_some", "subject_many", "subject_some", "subject_danger", "subject_meet",
       "subject_sought", "group", "prior_reports", "type_enticement", "type_molestation",
       "type_trafficking", "type_tourism", "sender_is_child", "reported_is_child", "stands_apart"}
)  # fmt: skip
_CAN_BE_FOUND = frozenset(
    {"upload_full", "upload_part", "address_full", "address_part", "identifier_verified", "identifier", "place"}
)
# What a report has of its own, whatever files it brings: reports of one bundle fold only where this is the same. What is
# said of the files themselves, of their kind or of how fresh it all is, is no reason to read the same twice.
_HAS_MORE = _STANDS_OUT - {
    "files_new", "files_part_new", "file_live", "file_harm", "file_infant", "type_enticement", "type_molestation",
    "type_trafficking", "type_tourism",
}  # fmt: skip
FOLDS_FROM = UUID(int=1 << 127)  # ids of folds; those of reports are smaller for some thousand years
# What grows with every report of a flood, and what is said of the same person.
_ONE_TO_FOLD = {
    **dict.fromkeys(("linked_many", "linked_some", "subject_many", "subject_some"), "linked"),
    **dict.fromkeys(("subject_danger", "subject_meet", "subject_sought"), "person"),
}
# New files do not make a report workable that says neither who nor where.
_SPEAKS = _STANDS_OUT - {"files_new", "files_part_new", "reported_is_child", "stands_apart"}


class Assessment(NamedTuple):
    """Lane and score of one report with their reasons, heaviest first."""

    lane: str
    lane_reason: Reason
    score: int
    reasons: tuple[Reason, ...]
    raise_by: Reason | None  # the one missing fact that would raise it most; its weight is by how much, at most


def assess(signals: Signals) -> Assessment:
    """The decision on one report's signals."""
    reasons = weigh(signals)
    lane, because = lane_of(signals)
    return Assessment(
        lane=lane,
        lane_reason=because,
        score=total(reasons),
        reasons=reasons,
        raise_by=None if lane == IMMINENT else missing_fact(signals),
    )


def weigh(signals: Signals) -> tuple[Reason, ...]:
    """The rules that apply, heaviest first: of each group the heaviest signal (danger before relief where both weigh)."""
    best: dict[str, Rule] = {}
    for signal in signals:
        rule = _RULE.get(signal)
        if rule is None:
            continue
        group = rule.group or rule.signal
        if group not in best or abs(rule.weight) > abs(best[group].weight):
            best[group] = rule
    chosen = sorted(best.values(), key=lambda rule: (-abs(rule.weight), rule.signal))
    return tuple(Reason(rule.signal, signals[rule.signal], rule.weight) for rule in chosen)


def total(reasons: tuple[Reason, ...]) -> int:
    return max(0, min(SCORE_MAX, sum(reason.weight for reason in reasons)))


def lane_of(signals: Signals) -> tuple[str, Reason]:
    """The lane and the one sentence that decided it."""
    present = frozenset(signals)
    for code, sets in IMMINENT_WHEN:
        if all(present & needed for needed in sets):
            return IMMINENT, Reason(code)
    if "sender_is_child" in present:
        return CHILD_SENDER, Reason("lane_child_sender", signals["sender_is_child"])
    if "minor_to_minor" in present or ("reported_is_child" in present and present & _CHILD):
        return BOTH_CHILDREN, Reason("lane_both_children")
    if present & _WIDELY_SHARED and not present & _STANDS_OUT:
        return VIRAL, Reason("lane_viral", signals.get("viral_file", {}))
    if not present & _CAN_BE_FOUND and not present & _SPEAKS:
        return THIN, Reason("lane_thin")
    return NORMAL, Reason("lane_normal")


# What a sender could still tell us: the fact, what it would show, and when asking makes sense (what must be absent, and
# what must be there for the question to mean anything; an empty set asks nothing).
_ASKABLE: tuple[tuple[str, tuple[str, Values], frozenset[str], frozenset[str]], ...] = (
    ("ask_upload_address", ("upload_full", {}), frozenset({"upload_full"}), frozenset()),
    ("ask_child_age", ("child_13_15", {"age": 13}), _CHILD, CONTACT | _THREAT | {"type_enticement", "solicitation"}),
    ("ask_last_event", ("acted_24h", {"hours": 24}), _RECENT | {"acted_week", "acted_earlier", "acted_half_year_ago", "acted_year_ago"}, frozenset()),
    ("ask_identifier", ("identifier_verified", {}), frozenset({"identifier_verified"}), frozenset()),
    ("ask_classification", ("class_a", {"classification": "A"}), frozenset({"class_a", "class_b", "file_infant"}), frozenset({"files_new", "files_part_new", "not_viral"})),
)  # fmt: skip


def fold_of(bundle: UUID, lane: str, reasons: Iterable[Reason]) -> UUID:
    """The line of a queue in which a report of this bundle stands: with those of the same lane and with the same of its
    own. Such ids are greater than any of a report, so that lists show what stands alone first.
    """
    more = sorted({_ONE_TO_FOLD.get(reason.code, reason.code) for reason in reasons if reason.code in _HAS_MORE})
    made = hashlib.sha256("\n".join(("abhaya fold", str(bundle), lane, *more)).encode()).digest()[:16]
    return UUID(int=int.from_bytes(made) | FOLDS_FROM.int)


def missing_fact(signals: Signals) -> Reason | None:
    """The single fact which, if it were sent, would raise the score most; None where nothing askable would."""
    now = total(weigh(signals))
    best: Reason | None = None
    for code, (signal, values), absent, present in _ASKABLE:
        if absent & signals.keys() or (present and not present & signals.keys()):
            continue
        gain = total(weigh({**signals, signal: values})) - now
        if gain > 0 and (best is None or gain > best.weight):
            best = Reason(code, {}, gain)
    if best is not None and best.code == "ask_upload_address" and "upload_part" in signals:
        return Reason("ask_port_and_second", {}, best.weight)
    return best
