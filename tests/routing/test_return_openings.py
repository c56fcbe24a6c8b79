"""What a return closes: what its own hand-over had opened, and nothing that was open before."""

from __future__ import annotations

from tests.factory import make_unit

from abhaya.routing import actions, queries
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import values

WHY = "The subscriber lives in another district."


def newest(receipt):
    with on_the_road("test:routing"):
        return queries.history(receipt.report_id)[-1].id


def test_a_return_takes_nothing_from_who_watched_before_by_another_hand_over(country):
    receipt = country.receive(country.upload(country.jalgaon_range + "7"))
    country.place(receipt)
    alice = country.officer(country.jalgaon, "Alice", "officer")
    neighbour = make_unit("district", parent=country.maharashtra)
    with acting(alice.id, with_road=True):
        actions.accept(newest(receipt), alice)
        actions.offer(receipt.report_id, neighbour, alice, "The operator names a subscriber there.")
    charlie = country.officer(neighbour, "Charlie", "officer")
    with acting(charlie.id, with_road=True):
        actions.return_(newest(receipt), charlie, WHY)
    for unit, sees in ((country.maharashtra, 1), (neighbour, 0)):
        with acting(country.officer(unit, "Bob").id, with_road=True):
            assert len(values("select 1 from intake_report where id = %s", [receipt.report_id])) == sees
