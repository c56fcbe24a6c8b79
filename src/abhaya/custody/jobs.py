"""What comes round by the clock in this room."""

from __future__ import annotations

import logging

from abhaya.custody.vault import vault

log = logging.getLogger("abhaya.custody")


def sweep_drafts() -> int:
    """A duty: uploads that never ended lose their file after a day. Their keys were gone with their process."""
    swept = vault().sweep()
    if swept:
        log.warning("%d unfinished uploads older than a day were removed; nobody could read them", swept)
    return swept
