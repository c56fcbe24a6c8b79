"""A server process has compiled every template before its first visitor comes."""

from __future__ import annotations

from django.template import engines
from django.urls import get_resolver

from abhaya.web.warm import templates, warm


def test_every_template_of_ours_is_compiled_and_kept_and_every_address_known():
    (loader,) = engines["django"].engine.template_loaders
    loader.reset()
    assert warm() == len(templates()) > 100
    kept = {name for name in templates() if loader.cache_key(name) in loader.get_template_cache}
    assert kept == set(templates())
    assert len(get_resolver().url_patterns) > 100
