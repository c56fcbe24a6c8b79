"""What a server process would else do while its first visitor waits: import every page, compile every template, read the words."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from django.utils.translation import gettext, override

OURS = Path(__file__).parents[1]


def warm() -> int:
    """Once, before a process takes requests. Returns how many templates were compiled; Django keeps them."""
    _ = get_resolver().url_patterns  # imports the pages
    for language, _name in settings.LANGUAGES:
        with override(language):
            gettext("Report")
    names = templates()
    for name in names:
        get_template(name)
    return len(names)


def templates() -> list[str]:
    """The names of our own templates, as pages ask for them."""
    folders = [Path(folder) for folder in get_app_template_dirs("templates") if Path(folder).is_relative_to(OURS)]
    return sorted({str(file.relative_to(folder)) for folder in folders for file in folder.rglob("*.html")})
