"""Who is masked (pure), for every page and every file that leaves.

A victim is masked. So is whoever may be the child: a person written to who is not stated to be grown up, anybody stated
to be under 18, and a reported person who may be one.
"""

from __future__ import annotations

from datetime import datetime

from abhaya.intake.formats.record import Person
from abhaya.triage.signals import CHILD_YEARS_MAX, age_of

ALWAYS_MASKED = frozenset({"victim"})
MASKED_UNLESS_GROWN = frozenset({"recipient"})


def may_be_child(role: str, age: int | None, *, reported_is_child: bool) -> bool:
    """Whether somebody is or may be under 18, as far as was stated."""
    child = age is not None and age <= CHILD_YEARS_MAX
    return child or (role == "reported" and reported_is_child and age is None)


def is_masked(role: str, age: int | None, *, may_be_child: bool) -> bool:
    """Whether identity is hidden until somebody asks to see it, with a purpose."""
    if role in ALWAYS_MASKED or may_be_child:
        return True
    return role in MASKED_UNLESS_GROWN and age is None


def hides(role: str, person: Person | None, at: datetime, *, reported_is_child: bool) -> bool:
    """Whether somebody is masked: described as `person`, or known by their identifiers alone."""
    age = age_of(person, at) if person else None
    return is_masked(role, age, may_be_child=may_be_child(role, age, reported_is_child=reported_is_child))
