"""Run as a program in an installation's own environment: makes it look lived in.

`python -m tests.commands.lived_in COUNT`: so many reports, each with one original that is kept as a row and one that is
kept as a file.
"""

from __future__ import annotations

import os
import sys

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "abhaya.settings"
    django.setup()
    from tests.factory import make_report, make_sender, make_unit, name

    from abhaya.journey import open_road
    from abhaya.ledger.sequencer import sequence_all
    from abhaya.shared.road import drain

    open_road()
    sender = make_sender(make_unit("hub"))
    for _number in range(int(sys.argv[1])):
        small, large = name("small").encode(), name("large").encode() * 5000
        make_report(sender, held=[small, large])
    drain()
    sequence_all()


if __name__ == "__main__":
    main()
