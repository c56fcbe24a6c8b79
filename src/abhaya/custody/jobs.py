"""What comes round by the clock in this room."""

from __future__ import annotations

import logging
from itertools import islice

from abhaya.custody.queries import SQL
from abhaya.custody.vault import vault
from abhaya.shared.sql import values

PART_FILES = 1000

log = logging.getLogger("abhaya.custody")


def sweep_drafts() -> int:
    """A duty: uploads that never ended lose their file after a day. Their keys were gone with their process.

    A file still marked as new is one of two: its transaction committed and the server died before it took the mark off,
    then the mark comes off now; or it never committed, then it goes.
    """
    home = vault()
    swept = home.sweep()
    new = (kept for kept in home.kept() if kept.is_new and kept.is_old)
    while part := list(islice(new, PART_FILES)):
        committed = set(values(SQL["kept_as_files"], {"objects": [kept.object_id for kept in part]}))
        for kept in part:
            if kept.object_id in committed:
                home.store.keep(kept)
            else:
                home.store.drop(kept)
                swept += 1
    if swept:
        log.warning("%d unfinished uploads older than a day were removed; nobody could read them", swept)
    return swept
