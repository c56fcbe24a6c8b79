"""What this room keeps of a report, for the deletion plan (`custody.plan`)."""

from __future__ import annotations

from abhaya.custody.plan import Part, Step

ERASURE: tuple[Part, ...] = (
    Step("matching_match"),
    Step("matching_list_match"),
    Step("matching_bundle"),
    Step("matching_parting"),
    Step("matching_film_hash"),
    Step("matching_file_hash"),  # triggers take its hashes, and those of entries, out of the indexes
    # of a list that is deleted itself
    Step("matching_poll"),
    Step("matching_share"),
    Step("matching_vote"),
    Step("matching_recheck"),
    Step("matching_list_change"),
    Step("matching_list_aside"),
    Step("matching_entry"),
    Step("matching_list_version"),
    Step("matching_list"),
)
