"""A retracted submission's bytes go when its clock ends, all of them; what a number cannot be is refused in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.factory import make_sender, make_unit

from abhaya.custody import clocks, erasure
from abhaya.errors import SenderError
from abhaya.intake import drafts
from abhaya.intake.api import _number
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, value


def test_details_that_were_sent_twice_are_both_erased():
    sender = make_sender(make_unit("hub"))
    with on_the_road("sender:test"):
        number = drafts.open_draft(sender, b"<report/>")
        file_ref, _ = drafts.add_file(sender, number, b"bytes", "a.bin", "")
        for said in (b"<fileDetails>1</fileDetails>", b"<fileDetails>2</fileDetails>"):
            drafts.describe_file(sender, number, file_ref, said)
        drafts.retract(sender, number)
        execute(
            "update intake_draft set ended_at = %s where number = %s", [datetime.now(UTC) - timedelta(days=31), number]
        )
        compartment = value("select compartment from intake_draft where number = %s", [number])
        clocks.find_due()
    erasure.carry_on_to_the_end()
    with on_the_road("sender:test"):
        assert value("select count(*) from custody_holding where compartment = %s", [compartment]) == 0
        assert value("select count(*) from intake_draft_file where draft_id = %s", [number]) == 0
        assert value("select erased_at is not null from intake_draft where number = %s", [number])
        with pytest.raises(SenderError, match="was retracted"):  # the number answers for good
            drafts.finish(sender, number)


def test_a_submission_that_was_retracted_yesterday_is_kept_for_its_thirty_days():
    sender = make_sender(make_unit("hub"))
    with on_the_road("sender:test"):
        number = drafts.open_draft(sender, b"<report/>")
        drafts.retract(sender, number)
        compartment = value("select compartment from intake_draft where number = %s", [number])
        clocks.find_due()
        assert value("select count(*) from custody_due where compartment = %s", [compartment]) == 0


@pytest.mark.parametrize("text", ["+-5", "-", "5 5", "\u0665"])
def test_what_is_no_number_is_refused_as_none(text):
    with pytest.raises(SenderError, match="not a number"):
        _number(text)
