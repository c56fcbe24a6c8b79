"""What the web server calls."""

from __future__ import annotations

import importlib
import logging
import os
import signal

from django.core.wsgi import get_wsgi_application

from abhaya.commands import lifeline
from abhaya.shared.late import starting

lifeline.hold(signal.SIGKILL)  # first: a server process without its master would keep the port for nobody
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abhaya.settings")
with starting():
    application = get_wsgi_application()
    importlib.import_module("abhaya.journey").open_road()  # rooms can be imported only once Django is set up
    importlib.import_module("abhaya.web.warm").warm()  # what is said of a process's first page is said of all
logging.getLogger("abhaya.serve").debug("ready for requests")
