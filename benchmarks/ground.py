"""Where a benchmark stands: a data folder of its own, with Django set up over it. Imported before anything that reads settings."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="abhaya-benchmark-"))
os.environ |= {"ABHAYA_DATA": str(FOLDER / "data"), "DJANGO_SETTINGS_MODULE": "abhaya.settings"}
os.environ.pop("ABHAYA_DATABASE_URL", None)

import django  # noqa: E402 — the settings read the environment above

django.setup()
from benchmarks.intake import set_up  # noqa: E402 — as above
from django.conf import settings  # noqa: E402 — as above
from django.db import connection  # noqa: E402 — as above

from abhaya import journey  # noqa: E402 — as above
from abhaya.shared.postgres import running  # noqa: E402 — as above


@contextmanager
def installation() -> Iterator[Path]:
    """A migrated installation with one hub and one sender, its road open, and pages asked for as often as one likes. Yields its
    data folder; afterwards nothing of it is left.
    """
    data = Path(settings.DATA_DIR)
    try:
        set_up(data)
        with running(data):
            journey.open_road()
            settings.PAGES_PER_OFFICER_PER_MINUTE = settings.COSTLY_PER_OFFICER_PER_MINUTE = 10**9
            settings.ALLOWED_HOSTS = ["*"]
            yield data
            connection.close()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
