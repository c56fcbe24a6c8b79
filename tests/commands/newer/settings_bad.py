"""The settings of an invented newer version, whose second new step fails."""

from abhaya.settings import *  # noqa: F403 — the same program, one room more
from abhaya.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "tests.commands.newer.bad"]
