"""Links and subjects follow from evidence and judgements: looked at anew where something has changed, and nowhere else.

The part that changed is weighed with the kernels that `rebuild` uses for everything, so both come to the same. One writer
at a time; every step is one statement for the whole set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.gathering import Held, Pair, Weighed, arrays, groups, weigh
from abhaya.linking.rules_identity import Identities, identify
from abhaya.linking.statements import SUBJECTS as SQL
from abhaya.linking.weights import HOLDERS_MAX, PARAMETERS
from abhaya.shared.bulk import add, insert
from abhaya.shared.ids import until, uuid7, uuid7s
from abhaya.shared.plans import for_few
from abhaya.shared.sql import as_row, execute, fetch, fetch_each, later, together, value, values

REPORT, JUDGEMENT, RETRACTION, RULES = "report", "judgement", "retraction", "rules"
TOUCHED_PER_ROUND = 500
EDGES = sorted({one.holders_max for one in PARAMETERS.kinds.values()})  # holders beyond which a value is everybody's
LINK_COLUMNS = ["a", "b", "weight_millibits", "outcome", "rule_version", "at"]
NEW_WEIGHT = (
    "on conflict (a, b) do update set weight_millibits = excluded.weight_millibits, outcome = excluded.outcome,"
    " rule_version = excluded.rule_version, at = excluded.at"
)


Word = tuple[UUID, UUID, str]


class Member(NamedTuple):
    """Where an account stands now."""

    id: UUID
    account_id: UUID
    subject_id: UUID


def lock() -> None:
    """Before evidence is written, and before anything is decided by it."""
    later(SQL["lock"])


def settle(accounts: Collection[UUID], lost: Collection[UUID], cause: str) -> int:
    """Decides anew about these accounts and everybody whom their change may concern. `lost`: values that an account has
    no more. Returns how many subjects changed. The caller holds the lock.
    """
    if not accounts:
        return 0
    if lost or cause != REPORT:
        stir(accounts)  # an account alone is somebody too, and no subject tells of it
    wanted: dict[str, Any] = {"accounts": sorted(accounts), "lost": sorted(lost), "until": until()}
    wanted |= {"others": HOLDERS_MAX, "seek": HOLDERS_MAX + len(wanted["accounts"]) + 1, "edges": EDGES}
    if cause != REPORT:
        write_words(wanted)  # a report says nothing of judgements
    few = len(wanted["accounts"])
    wanted["accounts"] = sorted(values(for_few(SQL["component"], few), wanted))
    if cause == REPORT and len(wanted["accounts"]) < 2:
        return 0  # somebody new, alone
    there, evidence, links, members, words = fetch_each(
        (as_row, for_few(SQL["standing"], few), wanted), (Held, for_few(SQL["evidence"], few), wanted), (as_row, SQL["links"], wanted),
        (Member, SQL["members"], wanted), (as_row, SQL["words_between"], wanted),
    )  # fmt: skip
    protected: dict[UUID, bool] = dict(there)
    weighing = weigh(arrays(evidence, protected))
    write_links({(a, b): Weighed(*rest) for a, b, *rest in links}, weighing.links)
    return write_groups(members, groups(weighing, protected, words).groups, cause)


def settle_touched() -> None:
    """A duty: accounts that lost evidence, because a report was deleted for one, are decided about without it."""
    if not value(SQL["is_touched"]):
        return
    lock()
    touched: list[tuple[UUID, UUID]] = fetch(as_row, SQL["touched"], {"most": TOUCHED_PER_ROUND})
    settle({account for account, _ in touched}, {lost for account, lost in touched if lost != account}, RETRACTION)


def standing(wanted: Mapping[str, Any]) -> dict[UUID, bool]:
    """The accounts that there are -> whether one is protected."""
    return dict(fetch(as_row, SQL["standing"], wanted))


def write_words(wanted: Mapping[str, Any]) -> None:
    """What judgements say of pairs of these accounts, as they are in force now."""
    meant: set[Word] = set(fetch(as_row, SQL["words"], wanted))
    held: set[Word] = set(fetch(as_row, SQL["words_held"], wanted))
    replace_words(held - meant, meant - held)


def replace_words(gone: Collection[Word], new: Collection[Word]) -> None:
    """Takes words out that are in force no more, and puts in those that are."""
    if gone:
        listed = sorted(gone)
        execute(SQL["unsay"], {"a": [row[0] for row in listed], "b": [row[1] for row in listed]})
    insert("linking_constraint", ["a", "b", "answer"], sorted(new))


def write_links(held: Mapping[Pair, Weighed], meant: Mapping[Pair, Weighed]) -> int:
    """Writes what is another now, and only that. Returns how many rows."""
    gone = sorted(held.keys() - meant.keys())
    unlink(gone)
    at = datetime.now(UTC)
    rows = [(*pair, *weighed, at) for pair, weighed in sorted(meant.items()) if held.get(pair) != weighed]
    add("linking_link", LINK_COLUMNS, rows, conflict=NEW_WEIGHT)
    return len(gone) + len(rows)


def unlink(pairs: Sequence[Pair]) -> None:
    """Takes out links that are none any more."""
    if pairs:
        later(SQL["unlink"], {"a": [pair[0] for pair in pairs], "b": [pair[1] for pair in pairs]})


def write_groups(members: Iterable[Member], parts: Sequence[Sequence[UUID]], cause: str) -> int:
    """Subjects of these groups, each with the history it has. Returns how many changed."""
    now = {one.account_id: one for one in members}
    before = {account: one.subject_id for account, one in now.items()}
    found = identify(before, parts, uuid7)
    if not found.turns:
        return 0
    at = datetime.now(UTC)
    changes = uuid7s(len(found.turns))
    by_change = {
        account: change for change, turn in zip(changes, found.turns, strict=True) for account in turn.accounts
    }
    left = [(now[account].id, by_change[account]) for account in found.now if account in now]
    with together():  # one trip
        add("linking_subject", ["id", "since"], [(subject, at) for subject in found.born])
        if left:
            later(SQL["leave"], {"at": at, "ids": [one for one, _ in left], "changes": [one for _, one in left]})
        if found.ended:
            later(SQL["end"], {"at": at, "subjects": found.ended})
        came = [(account, subject, at, by_change[account]) for account, subject in sorted(found.now.items()) if subject]
        add(
            "linking_membership", ["id", "account_id", "subject_id", "since", "change_id"],
            [(row_id, *row) for row_id, row in zip(uuid7s(len(came)), came, strict=True)],
        )  # fmt: skip
        _tell(found, changes, cause, at)
    return len({turn.subject for turn in found.turns})


def stir(persons: Iterable[UUID]) -> None:
    """Of these subjects, or accounts alone, something has changed; `take_stirred` hands them to whoever concludes from them."""
    add("linking_stirred", ["person_id"], [(person,) for person in sorted(set(persons))])


def stir_persons_of(report_ids: Collection[UUID]) -> None:
    """What these reports show has changed: so has what is known of their persons."""
    if report_ids:
        execute(SQL["stir_persons_of"], {"reports": sorted(report_ids), "until": until()})


def take_stirred(most: int) -> list[UUID]:
    """The next subjects and accounts of which something has changed, each once, in the caller's transaction."""
    return sorted(set(values(SQL["take_stirred"], {"most": most})))


def _tell(found: Identities, changes: Sequence[UUID], cause: str, at: datetime) -> None:
    turns = list(zip(changes, found.turns, strict=True))
    stir(one for turn in found.turns for one in (turn.subject, turn.other) if one)
    add(
        "linking_change", ["id", "kind", "subject_id", "other_id", "accounts", "cause", "at"],
        [(one, turn.kind, turn.subject, turn.other, len(turn.accounts), cause, at) for one, turn in turns],
    )  # fmt: skip
    record([changed(turn.subject, turn.kind, len(turn.accounts), cause, one, turn.other) for one, turn in turns])


def changed(subject: UUID, kind: str, accounts: int, cause: str, change: UUID, other: UUID | None = None) -> Act:
    """What became of a subject, for the ledger: `accounts` came to it or left it, from or to `other`."""
    facts: dict[str, object] = {"kind": kind, "accounts": accounts, "cause": cause, "change": str(change)}
    return Act(Event.LINKING_SUBJECT_CHANGED, subject, None, facts | ({"other": str(other)} if other else {}))
