"""Function, policies and grants of this room's first migration. What changes them later is a migration of its own."""

from __future__ import annotations

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import definer_function, row_security

# The id is made from the value here too, so that no caller can put a value under an id that is not its own. In the
# order of ids, so that two sets that hold the same new values never wait for each other in a circle. It answers nothing
# for old and new alike: see docs/decisions/0003.
INTERN = r"""
    insert into selectors_selector (id, kind, value)
    select encode(set_byte(set_byte(given.head, 6, get_byte(given.head, 6) & 15 | 128), 8, get_byte(given.head, 8) & 63 | 128), 'hex')::uuid as id,
        given.kind, given.value
    from (
        select u.kind, u.value,
            substring(sha256(convert_to(u.kind, 'UTF8') || '\x00'::bytea || convert_to(u.value, 'UTF8')) for 16) as head
        from unnest($1, $2) as u (kind, value)
    ) given
    order by 1
    on conflict (id) do nothing
"""

# The dictionary shows an officer only what stands in a sighting that the officer may see: the policy on sightings
# applies inside this `exists`.
SIGHTED = "exists (select 1 from selectors_sighting s where s.selector_id = {table}.id)"

SECURITY = [
    row_security("selectors_sighting", app="select"),
    row_security("selectors_selector", app="select", road="select", seen=SIGHTED),
    definer_function(
        "selectors_intern(text[], text[])", "void", INTERN, roles=[APP_ROLE, ROAD_ROLE], volatility="volatile"
    ),
]
