"""The named SQL of evidence and of what follows from it."""

from __future__ import annotations

from abhaya.shared.sql import NamedSql

EVIDENCE = NamedSql(__file__, "evidence.sql")
SUBJECTS = NamedSql(__file__, "subjects.sql")
JUDGING = NamedSql(__file__, "judging.sql")
REBUILD = NamedSql(__file__, "rebuild.sql")
REMARKS = NamedSql(__file__, "remarks.sql")
