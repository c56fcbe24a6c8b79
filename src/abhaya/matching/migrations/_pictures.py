"""Policies, grants and triggers of our own pictures' fingerprints, and the files that were here before them."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import ROAD_ROLE
from abhaya.shared.schema import grants, row_security

HASHED = "position, pdq, pdq_512, forms, quality, width, height, decoder, mode, how, why_not, hashed_at"
# Without `position`: files with the same bytes share it, wherever they are. When it was hashed would say so, too.
SHOWN = "file_id, compartment, report_id, sha256, pdq, pdq_512, quality, width, height, decoder, mode, how, why_not"
_FORGET = """create function matching_forget() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp
as $body$ begin
  insert into matching_gone (index, position)
  select distinct tg_argv[0], position from gone where position is not null and pdq is not null on conflict do nothing;
  return null;
end $body$"""

SECURITY = [
    RunSQL(
        [
            "create sequence matching_file_position",
            f"grant usage, select on sequence matching_file_position to {ROAD_ROLE}",
            f"grant select on sequence matching_position to {ROAD_ROLE}",
            _FORGET,
            *(
                f"create trigger {table}_forget after delete on {table} referencing old table as gone"
                f" for each statement execute function matching_forget('{index}')"
                for table, index in (("matching_entry", "lists"), ("matching_file_hash", "files"))
            ),
            # What was received before is hashed like what comes: as soon as there is time.
            "insert into matching_file_hash (file_id, compartment, report_id, sha256) select f.id, f.compartment, f.report_id,"
            " f.sha256 from intake_file f where f.object_id is not null and f.sha256 is not null",
        ],
        reverse_sql="drop trigger matching_entry_forget on matching_entry; drop function matching_forget() cascade;"
        " drop sequence matching_file_position",
    ),
    row_security(
        "matching_file_hash", app=f"select ({SHOWN})", road=f"select, insert, update ({HASHED})"
    ),
    grants("matching_gone", road="select, delete"),
]  # fmt: skip
