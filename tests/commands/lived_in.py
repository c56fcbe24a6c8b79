"""Run as a program in an installation's own environment: makes it look lived in.

`python -m tests.commands.lived_in COUNT`: so many reports, each with one original that is kept as a row and one that is
kept as a file. `… erase`: the key to one of the files is destroyed, and the erasure journal says so.
"""

from __future__ import annotations

import os
import sys

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "abhaya.settings"
    django.setup()
    from tests.factory import make_report, make_sender, make_unit, name

    from abhaya.custody.actions import shred
    from abhaya.custody.erasure import carry_on_to_the_end
    from abhaya.journey import open_road
    from abhaya.ledger.sequencer import sequence_all
    from abhaya.shared.identity import on_the_road
    from abhaya.shared.road import drain
    from abhaya.shared.sql import fetch

    open_road()
    if sys.argv[1] == "erase":
        with on_the_road("test:erase"):
            ((held, compartment), *_) = fetch(
                lambda *row: row,
                "select h.object_id, h.compartment from custody_holding h"
                " join custody_object o on o.id = h.object_id and o.kept = 'file' order by 1",
            )
            shred(held, compartment)
        carry_on_to_the_end()
        return
    sender = make_sender(make_unit("hub"))
    for _number in range(int(sys.argv[1])):
        small, large = name("small").encode(), name("large").encode() * 5000
        make_report(sender, held=[small, large])
    drain()
    sequence_all()


if __name__ == "__main__":
    main()
