"""Who sees and writes proposals, placements, referrals and clocks. What changes this later is a migration of its own."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN, row_security

OWN_UNIT = "any ((select access_viewers())::uuid[])"
SEEN_REFERRAL = SEEN.format(table="routing_referral")
OFFICER = "nullif((select current_setting('abhaya.officer', true)), '')::uuid"
SIGNED_IN = "cardinality((select access_viewers())::uuid[]) > 0"
MANAGES_UNITS = "(select access_may('access:unit:manage'))"

# Both units keep their own hand-over in view when the report itself is no longer open to one of them. Offering is for
# who works on the report, deciding for the unit it was offered to, once, in the officer's own name.
REFERRALS = [
    f"grant select, insert, update (state, decided_by, decided_at, reason) on routing_referral to {APP_ROLE}",
    f"create policy routing_referral_{APP_ROLE}_select on routing_referral for select to {APP_ROLE}"
    f" using ({SEEN_REFERRAL} or to_unit_id = {OWN_UNIT} or from_unit_id = {OWN_UNIT})",
    f"create policy routing_referral_{APP_ROLE}_insert on routing_referral for insert to {APP_ROLE}"
    f" with check (access_works_on(compartment) and from_unit_id = {OWN_UNIT} and offered_by = {OFFICER}"
    " and state = 'offered')",
    f"create policy routing_referral_{APP_ROLE}_update on routing_referral for update to {APP_ROLE}"
    f" using (state = 'offered' and to_unit_id = {OWN_UNIT})"
    f" with check (state in ('accepted', 'returned') and to_unit_id = {OWN_UNIT} and decided_by = {OFFICER})",
]
PLACEMENTS = [
    f"grant update (settled_at) on routing_placement to {APP_ROLE}",
    f"create policy routing_placement_{APP_ROLE}_update on routing_placement for update to {APP_ROLE}"
    " using (access_works_on(compartment)) with check (access_works_on(compartment))",
]
CLOCKS = [
    "revoke all on routing_clock from public",
    "alter table routing_clock enable row level security",
    f"grant select, insert, update, delete on routing_clock to {APP_ROLE}",
    f"grant select on routing_clock to {ROAD_ROLE}",
    f"create policy routing_clock_{ROAD_ROLE}_select on routing_clock for select to {ROAD_ROLE} using (true)",
    f"create policy routing_clock_{APP_ROLE}_select on routing_clock for select to {APP_ROLE} using ({SIGNED_IN})",
    *(
        f"create policy routing_clock_{verb} on routing_clock for {verb} to {APP_ROLE} {rule}"
        for verb, rule in (
            ("insert", f"with check ({MANAGES_UNITS})"),
            ("update", f"using ({MANAGES_UNITS}) with check ({MANAGES_UNITS})"),
            ("delete", f"using ({MANAGES_UNITS})"),
        )
    ),
]
PLACED_ANEW = "asked_unit_id, outcome, unit_id, place_code, why, rules_version, placed_at, settled_at"

SECURITY = [
    row_security("routing_proposal", app="select"),
    # Whatever is decided anew, the compartment a row was written in stays.
    row_security("routing_placement", app="select", road=f"select, insert, update ({PLACED_ANEW})"),
    row_security("routing_referral", app="", road="select, insert, update (overdue_at)"),
    RunSQL([*REFERRALS, *PLACEMENTS, *CLOCKS], reverse_sql=RunSQL.noop),
]
