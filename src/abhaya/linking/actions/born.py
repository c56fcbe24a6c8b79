"""Subjects of accounts that stood in none, a great many at once: what `subjects.write_groups` writes of them, as arrays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from abhaya.ledger.actions import record
from abhaya.linking.actions.subjects import RULES, changed
from abhaya.linking.rules_identity import BORN
from abhaya.shared.fixed_rows import UUID_HALVES, insert_fixed, microseconds, new_ids, uuids

Integers = npt.NDArray[Any]


def write(accounts: Integers, sizes: Integers) -> int:
    """`accounts`: halves of their ids, group by group; `sizes`: of each group how many. Returns how many subjects there are now."""
    count = len(sizes)
    at = microseconds(datetime.now(UTC))
    subjects, changes = new_ids(count), new_ids(count)
    group = np.repeat(np.arange(count), sizes)
    insert_fixed("linking_subject", (("id", UUID_HALVES), ("since", ">i8")), count, {"id": subjects, "since": at})
    insert_fixed(
        "linking_membership",
        (("id", UUID_HALVES), ("account_id", UUID_HALVES), ("subject_id", UUID_HALVES), ("since", ">i8"), ("change_id", UUID_HALVES)),
        len(accounts),
        {"id": new_ids(len(accounts)), "account_id": accounts.T, "subject_id": _of(subjects, group), "since": at,
         "change_id": _of(changes, group)},
    )  # fmt: skip
    insert_fixed(
        "linking_change",
        (("id", UUID_HALVES), ("kind", f"S{len(BORN)}"), ("subject_id", UUID_HALVES), ("accounts", ">i4"),
         ("cause", f"S{len(RULES)}"), ("at", ">i8")),
        count,
        {"id": changes, "kind": BORN.encode(), "subject_id": subjects, "accounts": sizes, "cause": RULES.encode(), "at": at},
    )  # fmt: skip
    insert_fixed("linking_stirred", (("person_id", UUID_HALVES),), count, {"person_id": subjects})
    told = zip(uuids(*subjects), uuids(*changes), sizes.tolist(), strict=True)
    record([changed(subject, BORN, size, RULES, change) for subject, change, size in told])
    return count


def _of(halves: tuple[Integers, Integers], place: Integers) -> tuple[Integers, Integers]:
    return halves[0][place], halves[1][place]
