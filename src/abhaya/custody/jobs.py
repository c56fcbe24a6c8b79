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
    new = (file for file in home.kept() if file.is_new and file.is_old())
    while part := list(islice(new, PART_FILES)):
        committed = set(values(SQL["kept_as_files"], {"objects": [file.object_id for file in part]}))
        for file in part:
            if file.object_id in committed:
                file.path.rename(home.place(file.name, file.object_id))
            else:
                file.path.unlink(missing_ok=True)
                swept += 1
    if swept:
        log.warning("%d unfinished uploads older than a day were removed; nobody could read them", swept)
    return swept
