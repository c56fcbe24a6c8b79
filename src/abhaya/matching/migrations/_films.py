"""Policies, grants and triggers of films' fingerprints, and the films that were here before them."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import ROAD_ROLE
from abhaya.shared.schema import row_security

HASHED = "position, frames, mirrored, frame_count, every_ms, width, height, reader, mode, why_not, hashed_at"
# Without `position` and `hashed_at`, as of pictures; without the frames, which no page shows.
SHOWN = "file_id, compartment, report_id, sha256, frame_count, every_ms, width, height, reader, mode, why_not"
_FORGET = """create function matching_forget_frames() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp
as $body$ begin
  insert into matching_gone (index, position)
  select distinct tg_argv[0], position from gone where position is not null and frames is not null on conflict do nothing;
  return null;
end $body$"""

SECURITY = [
    RunSQL(
        [
            "create sequence matching_film_position",
            f"grant usage, select on sequence matching_film_position to {ROAD_ROLE}",
            _FORGET,
            *(
                f"create trigger {table}_forget_frames after delete on {table} referencing old table as gone"
                f" for each statement execute function matching_forget_frames('{index}')"
                for table, index in (("matching_entry", "listed_films"), ("matching_film_hash", "films"))
            ),
            f"grant update (frames) on matching_list_match to {ROAD_ROLE}",
            "insert into matching_film_hash (file_id, compartment, report_id, sha256) select f.id, f.compartment, f.report_id,"
            " f.sha256 from intake_file f join custody_item i on i.id = f.item_id and i.media_type_seen like 'video/%'"
            " where f.object_id is not null and f.sha256 is not null",
        ],
        reverse_sql="drop trigger matching_entry_forget_frames on matching_entry; drop function matching_forget_frames() cascade;"
        " drop sequence matching_film_position",
    ),
    row_security(
        "matching_film_hash", app=f"select ({SHOWN})", road=f"select, insert, update ({HASHED})"
    ),
]  # fmt: skip
