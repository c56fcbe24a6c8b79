"""Whether an officer may look at a file now, in which steps, and when it is time to stop (pure).

`may_open_file` is the one place where every condition meets: the role, the bytes, the lawful basis, what is known of the
file already, and the officer's own limits. It returns what stands against it and what is still to be given, each with
its reason; a condition that comes later (a unit that may hold hashes only, a list that two people verified) is one
more field of `Circumstances`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from abhaya.custody.lawful import PURPOSE_CHARACTERS_MIN, Ask, Basis, Needs, Rule, asked, missing
from abhaya.shared.reason import Reason


class Kind(StrEnum):
    """What a file is to whoever looks."""

    PICTURE = "picture"
    FILM = "film"
    SOUND = "sound"
    OTHER = "other"


def kind_of(media_type: str) -> Kind:
    """By the type that the bytes speak for, never by what the sender or the name says."""
    if media_type == "image/svg+xml":
        return Kind.OTHER  # a program, rather than a picture
    head = media_type.partition("/")[0]
    return {"image": Kind.PICTURE, "video": Kind.FILM, "audio": Kind.SOUND}.get(head, Kind.OTHER)


# --- steps ---


class Step(StrEnum):
    """How much of a picture is shown. Each is asked for by itself and counted."""

    BLURRED = "blurred"
    CLEAR = "clear"  # small, in grey
    COLOUR = "colour"  # small
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a picture is drawn anew: at most so many pixels a side, of so many cells (0: sharp), in grey or not."""

    side_pixels: int
    cells: int
    is_grey: bool


CELLS = {"strong": 10, "medium": 18, "light": 30}  # a picture blurred to so many cells of its longer side
SMALL_SIDES_PIXELS = (240, 320, 480)
FULL_SIDE_PIXELS = 1600
HIDE_AFTER_SECONDS = (10, 20, 60)
UNENDED_SECONDS_MAX = 120  # a look whose end was never told counts for no more


@dataclass(frozen=True, slots=True)
class Choice:
    """An officer's own settings. What is chosen here makes media milder or stays as mild; nothing starts by itself."""

    blur: str = "strong"
    small_side_pixels: int = 320
    is_grey: bool = True
    starts_blurred: bool = True
    hide_after_seconds: int = 20

    @property
    def steps(self) -> tuple[Step, ...]:
        first = (Step.BLURRED,) if self.starts_blurred else ()
        return (*first, *((Step.CLEAR,) if self.is_grey else ()), Step.COLOUR, Step.FULL)

    def drawing(self, step: Step) -> Drawing:
        if step is Step.BLURRED:
            return Drawing(self.small_side_pixels, CELLS[self.blur], is_grey=self.is_grey)
        if step is Step.FULL:
            return Drawing(FULL_SIDE_PIXELS, 0, is_grey=False)
        return Drawing(self.small_side_pixels, 0, is_grey=step is Step.CLEAR)


def next_step(choice: Choice, reached: str) -> Step | None:
    """The one step further that may be asked for; any step before it may be asked for again."""
    steps = choice.steps
    places = [place for place, step in enumerate(steps) if step == reached]
    following = places[0] + 1 if places else 0
    return steps[following] if following < len(steps) else None


def may_show(choice: Choice, reached: str, step: Step) -> bool:
    """No step is jumped over."""
    if step not in choice.steps:
        return False
    further = next_step(choice, reached)
    return step == further or (
        reached in choice.steps and choice.steps.index(step) <= choice.steps.index(Step(reached))
    )


# --- the meter, caps and pauses ---


@dataclass(frozen=True, slots=True)
class Caps:
    """When it is enough. Our own choice, on the mild side: no standard names figures. Lowered, never raised."""

    items_a_day: int = 150
    minutes_a_day: int = 90
    minutes_without_break: int = 20
    break_minutes: int = 10

    def lowered(self, items: int | None, minutes: int | None, stretch: int | None, pause: int | None) -> Caps:
        """With what a unit or the officer chose; what would allow more changes nothing."""
        return Caps(
            min(self.items_a_day, items or self.items_a_day),
            min(self.minutes_a_day, minutes or self.minutes_a_day),
            min(self.minutes_without_break, stretch or self.minutes_without_break),
            max(self.break_minutes, pause or self.break_minutes),
        )


@dataclass(frozen=True, slots=True)
class Exposure:
    """One look, as the officer's own meter keeps it."""

    at: datetime
    seconds: int
    severity: str = ""  # the sender's classification: A1, A2, B1, B2
    is_imminent: bool = False


class Pause(StrEnum):
    """What the meter says now."""

    NONE = "none"
    SOON = "soon"  # a word, no more
    BREAK = "break"  # some minutes without media
    ENOUGH = "enough"  # for today


WARN_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Meter:
    """How much it was, and whether it is time to stop."""

    items_today: int = 0
    seconds_today: int = 0
    items_week: int = 0
    seconds_week: int = 0
    stretch_seconds: int = 0  # since the last break
    by_severity: dict[str, int] = field(default_factory=dict)  # of the week
    pause: Pause = Pause.NONE
    until: datetime | None = None  # the end of a break

    @property
    def minutes_today(self) -> int:
        return round(self.seconds_today / 60)

    @property
    def minutes_week(self) -> int:
        return round(self.seconds_week / 60)


def meter(looks: Sequence[Exposure], caps: Caps, *, now: datetime, midnight: datetime) -> Meter:
    """`looks`: of the last seven days, oldest first. `midnight`: when this day began where the officer is."""
    today = [look for look in looks if look.at >= midnight]
    stretch, last_end = 0, None
    for look in looks:
        if last_end is not None and look.at - last_end >= timedelta(minutes=caps.break_minutes):
            stretch = 0
        stretch += look.seconds
        last_end = look.at + timedelta(seconds=look.seconds)
    rested_at = last_end + timedelta(minutes=caps.break_minutes) if last_end is not None else now
    if rested_at <= now:
        stretch = 0
    seconds = sum(look.seconds for look in today)
    by_severity: dict[str, int] = {}
    for look in looks:
        by_severity[look.severity] = by_severity.get(look.severity, 0) + 1
    pause = _pause(len(today), seconds, stretch, caps)
    return Meter(
        items_today=len(today), seconds_today=seconds, items_week=len(looks),
        seconds_week=sum(look.seconds for look in looks), stretch_seconds=stretch, by_severity=by_severity, pause=pause,
        until=rested_at if pause is Pause.BREAK else None,
    )  # fmt: skip


def _pause(items: int, seconds: int, stretch: int, caps: Caps) -> Pause:
    day = max(items / caps.items_a_day, seconds / (60 * caps.minutes_a_day))
    run = stretch / (60 * caps.minutes_without_break)
    if day >= 1:
        return Pause.ENOUGH
    if run >= 1:
        return Pause.BREAK
    return Pause.SOON if max(day, run) >= WARN_SHARE else Pause.NONE


# --- the one decision ---


class Known(StrEnum):
    """What is known of these very bytes."""

    NO = "no"
    LOOKED = "looked"  # somebody looked, and said what came of it
    VERIFIED = "verified"  # on a list whose entry two people verified


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything that bears on whether a file is opened now."""

    may_view: bool  # the permission custody:media:view; a text reviewer never has it
    kind: Kind
    is_held: bool  # we were sent the bytes, and have not deleted them
    rule: Rule
    basis: Basis = field(default_factory=Basis)
    has_key: bool = True  # False: this unit holds hashes only; the bytes are another's
    unit_may_open: bool = True  # False: the unit is not one that may hold such files at all
    known: Known = Known.NO
    why_again: str = ""
    pause: Pause = Pause.NONE
    is_imminent: bool = False  # a child in danger now: no pause stands in the way
    why_on: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`refusals`: what stands against it, whatever is given. `asks`: all that is asked. `lacking`: what is still missing."""

    refusals: tuple[Reason, ...]
    asks: tuple[Ask, ...]
    lacking: tuple[Ask, ...]

    @property
    def is_open(self) -> bool:
        return not self.refusals and not self.lacking


def may_open_file(given: Circumstances) -> Verdict:
    """The one decision about opening a file. Nothing that stands against it is left out: an officer sees all of it at once."""
    refusals = []
    if not given.may_view:
        refusals.append(Reason("look_role"))
    if not given.unit_may_open:
        refusals.append(Reason("look_unit"))
    if not given.is_held:
        refusals.append(Reason("look_not_held"))
    elif not given.has_key:
        refusals.append(Reason("look_hash_only"))
    if given.kind in {Kind.SOUND, Kind.OTHER}:
        refusals.append(Reason(f"look_{given.kind.value}"))
    if given.rule.needs is Needs.CLOSED:
        refusals.append(Reason("look_closed_by_law"))
    asks, lacking = list(asked(given.rule)), list(missing(given.rule, given.basis))
    if given.known is not Known.NO:
        asks.append(Ask.WHY_AGAIN)
        if len(given.why_again.strip()) < PURPOSE_CHARACTERS_MIN:
            lacking.append(Ask.WHY_AGAIN)
    if given.pause in {Pause.BREAK, Pause.ENOUGH} and not given.is_imminent:
        asks.append(Ask.WHY_ON)
        if len(given.why_on.strip()) < PURPOSE_CHARACTERS_MIN:
            lacking.append(Ask.WHY_ON)
    return Verdict(tuple(refusals), tuple(asks), tuple(lacking))
