"""The forms in which hash lists are handed out; `any_form` writes them."""

from __future__ import annotations

FORMS = ("vics", "caid", "csv", "hash-sharing", "icse", "nsrl", "threat-updates", "signals")
