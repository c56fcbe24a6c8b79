"""What this room keeps of a report or a case, for the deletion plan (`custody.plan`)."""

from __future__ import annotations

from abhaya.custody.plan import Part, Sweep

ERASURE: tuple[Part, ...] = (
    Sweep(
        "exchange_met",
        "select selector_id from selectors_sighting where compartment = $1 and selector_id is not null"
        " union select watched from cases_watch where compartment = $1",
        "selector_id = any ($1)"
        " and not exists (select 1 from selectors_sighting s where s.selector_id = exchange_met.selector_id)"
        " and not exists (select 1 from cases_watch w where w.watched = exchange_met.selector_id)",
    ),
)
