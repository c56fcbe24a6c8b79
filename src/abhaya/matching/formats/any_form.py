"""The forms in which hash lists are handed out, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from abhaya.matching.formats.form import Form
from abhaya.matching.formats.hash_sharing_out import HashSharing
from abhaya.matching.formats.table_out import Table
from abhaya.matching.formats.threatexchange_out import Signals, Updates
from abhaya.matching.formats.vics_out import Vics

# A new one for each document: some keep what they learned of an original's frame.
FORMS: Mapping[str, Callable[[], Form]] = MappingProxyType({
    "vics": Vics,
    "caid": partial(Vics, old=True),
    "csv": partial(Table, "csv"),
    "hash-sharing": HashSharing,
    "icse": partial(Table, "icse"),
    "nsrl": partial(Table, "nsrl"),
    "threat-updates": Updates,
    "signals": Signals,
})  # fmt: skip
