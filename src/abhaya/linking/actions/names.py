"""The only writer of names, addresses and screen names and their keys, from what a set of reports says of its persons; see
`evidence`.

No victim's is written here, no possible minor's, no protected persona's and none of whoever was written to: what is not there
cannot be proposed to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from abhaya.linking.names.kinds import KINDS
from abhaya.linking.statements import EVIDENCE as SQL
from abhaya.shared.bulk import add
from abhaya.shared.sql import later

COLUMNS = ["selector_id", "report_id", "role", "person", "account_id", "compartment"]


class Borne(NamedTuple):
    """Who bears a name in a report, or states an address; a row of its table, in the order of `COLUMNS`."""

    selector_id: UUID
    report_id: UUID
    role: str
    person: int
    account_id: UUID
    compartment: UUID


def write(meant: Mapping[Borne, tuple[str, str]], held: Iterable[Borne], keys_held: Iterable[tuple[UUID, str]]) -> None:
    """`meant`: who bears which name, with its kind and itself as normalised; `keys_held`: of these names. What is the same
    stays, what is not any more goes.
    """
    before, found = set(held), set(keys_held)
    gone = sorted(before - meant.keys())
    if gone:
        names, reports, roles, persons, _, _ = (list(column) for column in zip(*gone, strict=True))
        later(SQL["forget_names"], {"names": names, "of": reports, "roles": roles, "persons": persons})
    add("linking_name", COLUMNS, sorted(meant.keys() - before))
    key_rows = {(one.selector_id, key) for one, (kind, text) in meant.items() for key in KINDS[kind].keys(text)}
    add("linking_name_key", ["selector_id", "key"], sorted(key_rows - found), conflict="on conflict do nothing")
    borne = {one.selector_id for one in meant}
    stale: list[tuple[UUID, str | None]] = [*sorted(found - key_rows)]
    stale += [(name, None) for name in sorted({one.selector_id for one in gone} - borne)]
    if stale:
        later(SQL["forget_keys"], {"names": [one[0] for one in stale], "keys": [one[1] for one in stale]})
