"""What this room keeps of a report, for the deletion plan (`custody.plan`)."""

from __future__ import annotations

from abhaya.custody.plan import Part, Step, Sweep

ERASURE: tuple[Part, ...] = (
    # A legal hold on an identifier holds every report in which it is seen.
    Step("selectors_sighting", subject="selector_id"),
    Sweep(
        "selectors_selector",
        "select distinct id from (select selector_id as id from selectors_sighting where compartment = $1"
        " union all select account_id from selectors_sighting where compartment = $1) used where id is not null",
        "id = any ($1) and not exists (select 1 from selectors_sighting s where s.selector_id = selectors_selector.id)"
        " and not exists (select 1 from selectors_sighting s where s.account_id = selectors_selector.id)",
    ),
)
