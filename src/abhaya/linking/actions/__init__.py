"""The only writers of hits, evidence, links, subjects and judgements."""

from __future__ import annotations

from abhaya.linking.actions.hits import compare_reports
from abhaya.linking.actions.news import pass_changes_on
from abhaya.linking.actions.subjects import settle_touched

__all__ = ["compare_reports", "pass_changes_on", "settle_touched"]
