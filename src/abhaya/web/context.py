"""What every page knows: who looks at it, the rooms open to them, the language, and whether the world is invented."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from abhaya.web.rooms import rail

PHONE_BAR_ROOMS_MAX = 4  # a bottom bar of 360 px holds four rooms and "More"


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Error pages run it too: then nothing is counted, because the transaction is lost."""
    officer = getattr(request, "officer", None)
    match = request.resolver_match
    failed = getattr(request, "failed", False)
    groups = rail(officer, (match.url_name or "") if match else "", with_counts=not failed)
    entries = [entry for _, group in groups for entry in group]
    language = "hi" if (get_language() or "en").startswith("hi") else "en"
    return {
        "page": {
            "officer": officer,
            "rail": groups,
            "bar": entries[:PHONE_BAR_ROOMS_MAX],
            "bar_rest": entries[PHONE_BAR_ROOMS_MAX:],
            "language": language,
            "other_language": ("en", "English") if language == "hi" else ("hi", "हिन्दी"),
            "training": settings.TRAINING,
            "may_search": officer is not None and "desk:report:search" in officer.permissions,
            "request_id": getattr(request, "request_id", ""),
        }
    }
