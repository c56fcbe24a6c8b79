"""Every address, in journey order. `pages` and `api` modules are imported here and nowhere else."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from abhaya.web import pages as web

handler400 = "abhaya.web.errors.bad_request"
handler403 = "abhaya.web.errors.forbidden"
handler404 = "abhaya.web.errors.not_found"
handler500 = "abhaya.web.errors.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("language", web.language, name="web-language"),
]
