"""A bundle is one line of the queue, with the count of whoever reads it; who has more stands on a line of their own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factory import make_officer, make_report, make_sender, make_unit, name

from abhaya import journey
from abhaya.access.actions import open_to
from abhaya.access.queries import signed_in
from abhaya.intake.formats.record import Fact, FilePart, Text
from abhaya.matching import bundles
from abhaya.shared import road
from abhaya.shared.bulk import insert
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.reason import Reason
from abhaya.shared.sql import values
from abhaya.triage import actions, lines, rules
from abhaya.triage.lines import Filters, Row

MARK = itertools.count()


@pytest.fixture
def hub() -> UUID:
    journey.open_road()
    return make_unit("hub")


def clip() -> bytes:
    return f"arithmetic {next(MARK)} {uuid4()}".encode()


def child() -> Fact:
    return Fact("email", f"{name('c')}@example.com", "/report/victim/email", "victim", 1)


def pages(officer: UUID, unit: UUID, filters: Filters = Filters(), *, most: int = 50) -> Iterator[list[Row]]:
    """Page after page, as the queue's page asks for them."""
    after = None
    while True:
        with acting(officer):
            rows = lines.rows(unit, filters, after=after, limit=most + 1)
        yield rows[:most]
        if len(rows) <= most:
            return
        after = lines.key_of(rows[most - 1], oldest_first=filters.oldest_first)


def whole(officer: UUID, unit: UUID, filters: Filters = Filters(), *, most: int = 50) -> list[Row]:
    return [row for page in pages(officer, unit, filters, most=most) for row in page]


def test_a_flood_is_one_line_and_three_who_have_more_stand_out_with_their_reasons(hub):
    sender, one, more = make_sender(hub), clip(), clip()
    flood = [make_report(sender, held=[one]) for _ in range(30)]
    road.drain()
    tells = make_report(sender, held=[one], facts=(child(),))
    describes = make_report(sender, held=[one], files=(FilePart("/file[1]"), FilePart("/file[2]")))
    has_more = make_report(sender, held=[one, more])
    road.drain()
    alice = make_officer(hub, "analyst").id
    rows = whole(alice, hub)
    [folded] = [row for row in rows if row.together > 1]
    assert (folded.together, folded.more_together, folded.lane) == (30, False, "viral")
    assert folded.report_id == flood[0].report_id, "the line stands where its oldest stands"
    alone = {row.report_id for row in rows if row.together == 1}
    assert alone == {tells.report_id, describes.report_id, has_more.report_id}
    with acting(alice):
        apart = bundles.standing_apart([row.report_id for row in rows])
        assert {report: [why.code for why in reasons] for report, reasons in apart.items()} == {
            tells.report_id: ["tells_of_child"],
            describes.report_id: ["file_not_held"],
        }
        bundle = lines.bundle_of(tells.report_id)
        assert bundle is not None
        assert lines.together_counted(hub, bundle) == lines.Together(32, 2)
        first = lines.together(hub, bundle, after=None, limit=5)
        rest = lines.together(hub, bundle, after=lines.together_key(first[-1]), limit=99)
    assert {row.report_id for row in first[:2]} == {tells.report_id, describes.report_id}
    assert {row.report_id for row in (*first, *rest)} == {one.report_id for one in (*flood, tells, describes)}
    assert len(first) + len(rest) == 32


def test_those_that_came_before_a_flood_was_one_are_weighed_again_once(hub):
    """Else the first twenty of a flood would stay where nobody knew of it, a line of their own."""
    sender, one = make_sender(hub), clip()
    early = [make_report(sender, held=[one]) for _ in range(3)]
    road.drain()
    alice = make_officer(hub, "analyst").id
    before = {row.report_id: row.lane for row in whole(alice, hub)}
    assert set(before.values()) == {"normal"} or set(before.values()) == {"thin"}
    for _ in range(2):
        for _ in range(20):
            make_report(sender, held=[one])
        road.drain()
    [line] = whole(alice, hub)
    assert (line.together, line.lane) == (43, "viral")
    with on_the_road("test"):
        walked = values(
            "select count(*) from ledger_entry where subject_id = any (%s) and event = 'triage:report:assessed' group by subject_id",
            [[one.report_id for one in early]],
        )
    assert walked == [2, 2, 2]


def test_who_says_more_in_words_stands_on_another_line_of_the_same_bundle(hub):
    sender, one = make_sender(hub), clip()
    for _ in range(4):
        make_report(sender, held=[one])
    said = Text("additional information", "threatens to post", "/report/text")
    threat = make_report(sender, held=[one], texts=(said,))
    road.drain()
    rows = whole(make_officer(hub, "analyst").id, hub)
    assert sorted(row.together for row in rows) == [1, 4]
    assert next(row for row in rows if row.together == 1).report_id == threat.report_id


def test_a_viewer_counts_their_own_and_a_covert_report_is_in_nobodys_line(hub, owner):
    sender, one = make_sender(hub), clip()
    ours = [make_report(sender, held=[one]) for _ in range(3)]
    other = make_unit("hub")
    theirs = [make_report(make_sender(other), held=[one]) for _ in range(2)]
    hidden = make_report(sender, held=[one])
    owner.execute("update access_compartment set covert = true where id = %s", [hidden.compartment])
    owner.commit()
    road.drain()
    alice, charlie = make_officer(hub, "analyst").id, make_officer(other, "analyst").id
    lined = [row for row in whole(alice, hub) if row.report_id != hidden.report_id]
    assert [row.together for row in lined] == [3]
    assert {row.report_id for row in lined} <= {one.report_id for one in ours}
    assert [row.together for row in whole(charlie, other)] == [2]
    assert {row.line for row in whole(charlie, other)} <= {one.report_id for one in theirs}, "no id of another unit's"
    owner.execute("delete from access_opening where compartment = %s", [ours[0].compartment])
    owner.commit()
    [line] = [row for row in whole(alice, hub) if row.report_id != hidden.report_id]
    assert (line.together, line.report_id) == (2, ours[1].report_id), "what is open no more is counted no more"


# --- many at once, as rows of the queue ---


class Queue:
    """A unit's queue, written row by row as triage leaves it."""

    def __init__(self) -> None:
        self.unit, self.sender = make_unit("hub"), uuid7()
        self.alice = make_officer(self.unit, "analyst").id
        self.assessment = uuid7()
        self.first: dict[UUID, UUID] = {}

    def add(self, fold: UUID | None, *, urgency: int = 3500, state: str = "waiting") -> UUID:
        receipt = make_report(make_sender(self.unit))
        made = actions._QUEUE
        now = "2026-11-22T00:00:00Z"
        stands_with = self.first.setdefault(fold, receipt.report_id) if fold else None
        row = dict.fromkeys(made, "") | {
            "report_id": receipt.report_id, "compartment": receipt.compartment, "holder_unit_id": self.unit, "sender_id": self.sender,
            "lane": "normal", "score": 1, "urgency": urgency, "files": "new", "state": state, "assessment_id": uuid7(), "received_at": now,
            "arrived_at": now, "opened_by": [], "bundle_id": fold, "fold_id": fold, "stands_with": stands_with, "tells": 0, "says": 0,
        }  # fmt: skip
        with on_the_road("road:triage"):
            told = [row["assessment_id"], row["compartment"], row["report_id"], "normal", 1, '{"code": "x"}', "[]", None, '{"code": "x"}', False, "t", now]  # fmt: skip
            insert("triage_assessment", actions._ASSESSMENT, [told])
            insert("triage_queue", made, [[row[column] for column in made]])
        return receipt.report_id


def a_fold() -> UUID:
    return rules.fold_of(uuid4(), "normal", ())


def test_every_page_is_full_though_whole_pages_fold_into_one_line_and_nothing_stands_twice():
    queue, flood, pair = Queue(), a_fold(), a_fold()
    singles = [queue.add(None) for _ in range(3)]
    for _ in range(12):
        queue.add(flood)
    early = queue.add(pair, urgency=3100)
    late = [queue.add(None, urgency=3900) for _ in range(4)]
    queue.add(pair, urgency=3900)
    queue.add(flood, urgency=3900)
    for filters in (Filters(), Filters(oldest_first=True), Filters(sender=queue.sender), Filters(unseen=True)):
        found = list(pages(queue.alice, queue.unit, filters, most=3))
        assert [len(page) for page in found] == [3, 3, 3], filters
        rows = [row for page in found for row in page]
        assert {row.report_id for row in rows} >= {*singles, *late, early}
        assert sorted(row.together for row in rows) == [1] * 7 + [2, 13]
    assert whole(queue.alice, queue.unit)[0].report_id == early
    assert whole(queue.alice, queue.unit, Filters(oldest_first=True))[0].report_id == singles[0]
    assert whole(queue.alice, queue.unit, Filters(lane="thin")) == []


def test_a_page_stays_where_it_is_while_the_first_of_a_line_leaves_it():
    queue, flood = Queue(), a_fold()
    several = [queue.add(flood) for _ in range(4)]
    after_it = [queue.add(None, urgency=3600) for _ in range(3)]
    with acting(queue.alice):
        first = lines.rows(queue.unit, Filters(), after=None, limit=1)
    with acting(queue.alice, name="Alice"):
        officer = signed_in(queue.alice)
        assert officer is not None
        actions.claim(several[0], officer)
        actions.decide(several[0], officer, "not-an-offence", "Nothing in it shows an offence.")
    with acting(queue.alice):
        key = lines.key_of(first[0], oldest_first=False)
        assert [row.report_id for row in lines.rows(queue.unit, Filters(), after=key, limit=9)] == after_it
        [again, *_] = lines.rows(queue.unit, Filters(), after=None, limit=9)
    assert (again.report_id, again.together) == (several[1], 3)


def test_two_workers_who_begin_a_line_at_once_still_leave_one_line():
    queue, flood = Queue(), a_fold()
    several = [queue.add(flood) for _ in range(2)]
    queue.first.clear()
    several += [queue.add(flood) for _ in range(2)]
    for filters in (Filters(), Filters(oldest_first=True)):
        [line] = whole(queue.alice, queue.unit, filters, most=1)
        assert (line.report_id, line.together) == (several[0], 4)


def test_what_moves_to_another_unit_stands_there_beside_what_it_came_with():
    queue, flood = Queue(), a_fold()
    first, *rest = [queue.add(flood) for _ in range(3)]
    other = Queue()
    with on_the_road("road:routing"):
        open_to([(other.unit, one, "work", "test") for one in values("select compartment from triage_queue where report_id = any (%s)", [rest])])  # fmt: skip
        actions.forwarded([(one, other.unit) for one in rest])
        actions.accepted(rest)
    [line] = whole(other.alice, other.unit)
    assert (line.report_id, line.line, line.together) == (rest[0], rest[0], 2)
    assert [row.together for row in whole(queue.alice, queue.unit)] == [1]
    with on_the_road("road:routing"):
        actions.returned([(one, queue.unit) for one in rest])
    [line] = whole(queue.alice, queue.unit)
    assert (line.report_id, line.together) == (first, 3)


REASONS = st.lists(st.sampled_from([rule.signal for rule in rules.TABLE]), unique=True)


@given(REASONS, st.randoms(use_true_random=False))
def test_a_line_follows_from_bundle_lane_and_what_a_report_has_of_its_own_alone(codes, random):
    bundle, told = uuid4(), [Reason(code, {}, 1) for code in codes]
    fold = rules.fold_of(bundle, "normal", told)
    random.shuffle(told)
    assert rules.fold_of(bundle, "normal", told) == fold
    assert rules.fold_of(bundle, "normal", [replace(one) if False else Reason(one.code, {}, 9) for one in told]) == fold
    assert rules.fold_of(bundle, "viral", told) != fold
    assert rules.fold_of(uuid4(), "normal", told) != fold
    assert fold > uuid7(), "what stands alone comes before it"
    if "text_threat" not in codes:
        assert rules.fold_of(bundle, "normal", [*told, Reason("text_threat")]) != fold
    for same in ("files_known", "acted_3h", "viral_file"):
        if same not in codes:
            assert rules.fold_of(bundle, "normal", [*told, Reason(same)]) == fold
