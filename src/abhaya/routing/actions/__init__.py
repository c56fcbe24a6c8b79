"""The only writers of proposals, referrals and clocks."""

from __future__ import annotations

from abhaya.routing.actions.clocks import note_overdue, set_clock
from abhaya.routing.actions.placing import STAGE, place_reports
from abhaya.routing.actions.referrals import accept, offer, return_

__all__ = ["STAGE", "accept", "note_overdue", "offer", "place_reports", "return_", "set_clock"]
