"""Policies and grants of the lists. What changes them later is a migration of its own."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import ROAD_ROLE
from abhaya.shared.schema import grants, row_security

SECURITY = [
    RunSQL(
        [
            "create sequence matching_position",
            f"grant usage on sequence matching_position to {ROAD_ROLE}",
            # New versions of a list change two short columns of every row: with room on the page no index is touched.
            "alter table matching_entry set (fillfactor = 80)",
        ],
        reverse_sql="drop sequence matching_position",
    ),
    row_security("matching_list", app="select", road="select, insert, update (ended_at, end_reason)"),
    row_security(
        "matching_list_version", app="select",
        road="select, insert, update (rows_read, taken, repeated, withdrawn, set_aside, state, why, complete, form, unknown, done_at)",
    ),
    row_security("matching_list_aside", app="select"),
    row_security(
        "matching_entry", app="select",
        road="select, insert, update (last_version, locator, withdrawn_at, withdraw_reason)",
    ),
    row_security(
        "matching_list_match", app="select",
        road="select, insert, update (hash_kind, hash_type, digest, distance, mode, answer, found_by, found_at, ended_at, end_reason)",
    ),
    row_security(
        "matching_recheck", app="select", road="select, insert, update (state, entries, done, after, begun_at, done_at)"
    ),
    grants("matching_category", app="select", road="select, insert, update"),
]  # fmt: skip
