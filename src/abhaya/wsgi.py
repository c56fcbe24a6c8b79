"""What the web server calls."""

from __future__ import annotations

import importlib
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abhaya.settings")
application = get_wsgi_application()
importlib.import_module("abhaya.journey").open_road()  # rooms can be imported only once Django is set up
