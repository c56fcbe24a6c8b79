"""Pictures of ours that look alike stand in a stack around the first of them, and never around each other."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.factory import Receipt, browser_of, make_officer, make_report, make_sender, make_unit
from tests.matching.test_near import hash_all, saved, scene

from abhaya import journey
from abhaya.access.queries import signed_in
from abhaya.custody import look_actions, looks
from abhaya.custody.lawful import Basis
from abhaya.custody.viewing import Ask
from abhaya.desk import looking
from abhaya.matching import answers, health, near_index, near_rules, stacks
from abhaya.matching.actions import pictures
from abhaya.matching.actions.stacks import stack_pictures
from abhaya.matching.index import Answer, Flood
from abhaya.matching.near_rules import FORM_NAMES, First
from abhaya.matching.nearness import RADIUS_BUILT_FOR
from abhaya.shared import road
from abhaya.shared.checks import Level
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import execute, fetch, value
from abhaya.triage import lines
from abhaya.triage.lines import Filters

OFFICER = ("analyst", "media-viewer")


@pytest.fixture
def hub() -> UUID:
    journey.open_road()
    return make_unit("hub")


@pytest.fixture
def sender(hub):
    return make_sender(hub)


@pytest.fixture(scope="module", autouse=True)
def _one_decoder() -> Iterator[None]:
    yield
    pictures.DECODER.close()


def comes(sender, *pictures_of: bytes, **fields: object) -> Receipt:
    return make_report(sender, held=list(pictures_of), **fields)


def settle() -> None:
    """Everything that waits: along the road, to be hashed, to be stacked, and along the road again."""
    road.drain()
    hash_all()
    while True:
        with on_the_road("road:matching"):
            if not stack_pictures():
                break
    road.drain()


def stack(receipt: Receipt) -> tuple[UUID, bool, int, str]:
    """Stack, whether it is the first itself, how many bits differ from that, and in which form."""
    with on_the_road("test", apart=True):
        [row] = fetch(
            lambda *row: row,
            "select stack_id, stack_first = file_id, stack_distance, stack_form from matching_file_hash where report_id = %s",
            [receipt.report_id],
        )
    return row


def file_of(receipt: Receipt) -> UUID:
    with on_the_road("test", apart=True):
        return value("select id from intake_file where report_id = %s", [receipt.report_id])


def smaller(image: Image.Image) -> bytes:
    return saved(image.resize((300, 225)), "JPEG", quality=70)


def test_encodings_of_one_picture_are_a_stack_one_bundle_and_one_line(hub, sender):
    image, other = scene(), scene()
    first, again = comes(sender, saved(image)), comes(sender, saved(image))
    settle()
    encoded, apart = comes(sender, smaller(image)), comes(sender, saved(other))
    turned = comes(sender, saved(image.transpose(Image.Transpose.ROTATE_90)))
    settle()
    of, is_first, bits, form = stack(first)
    assert (is_first, bits, form) == (True, 0, "")
    assert stack(again) == (of, False, 0, ""), "the same bytes are no nearness"
    assert stack(encoded)[:2] == (of, False)
    assert (stack(encoded)[2] <= RADIUS_BUILT_FOR, stack(encoded)[3]) == (True, FORM_NAMES[0])
    assert stack(turned)[0] == of
    assert "turned" in stack(turned)[3]
    assert (stack(apart)[0] != of, stack(apart)[1]) == (True, True)
    alice = make_officer(hub, "analyst")
    rows = lined(alice.id, hub)
    assert sorted(rows.values()) == [1, 4], "the one that came when nobody knew the picture folds, too"
    browser = browser_of(alice)
    assert "4 reports with the same file or one that looks alike" in browser.get("/queue").content.decode()
    assert "only look alike" in browser.get(f"/queue/together/{encoded.report_id}").content.decode()
    settled = comes(sender, saved(other))
    settle()
    page = browser.get(f"/queue/together/{settled.report_id}").content.decode()
    assert ("in your queue" in page, "only look alike" in page) == (True, False), "the same bytes are just that"


def lined(officer: UUID, unit: UUID) -> dict[UUID, int]:
    with acting(officer):
        return {
            row.report_id: row.together for row in lines.rows(unit, Filters(lane="normal"), after=None, limit=50)
        } | {row.report_id: row.together for row in lines.rows(unit, Filters(lane="thin"), after=None, limit=50)}


def test_what_looks_alike_says_so_with_the_distance_and_is_never_called_known(hub, sender):
    image = scene()
    first = comes(sender, saved(image))
    settle()
    later = comes(sender, smaller(image))
    settle()
    with acting(make_officer(hub, "analyst").id):
        said = answers.of_report(later.report_id)[file_of(later)]
        assert said.word(is_held=True) == "looks-known"
        assert f"{stack(later)[2]} of 256 bits differ. That is not the same file." in said.why("en")[0][0]
        assert "वही फ़ाइल नहीं है" in said.why("hi")[0][0]
        assert answers.of_report(first.report_id)[file_of(first)].why("en") == []


def test_one_lawful_look_serves_the_whole_stack_and_only_those_who_may_know_of_it(hub, sender):
    image, elsewhere = scene(), make_unit("hub")
    ours = [comes(sender, content) for content in (saved(image), smaller(image), smaller(image))]
    theirs = comes(make_sender(elsewhere), saved(image.resize((280, 210))))
    settle()
    alice, bob, charlie = make_officer(hub, *OFFICER), make_officer(hub, *OFFICER), make_officer(elsewhere, *OFFICER)
    with acting(alice.id, name="Alice"):
        officer = signed_in(alice.id)
        page = looking.file_page(file_of(ours[1]), officer)
        assert page.earlier == []
        opened = look_actions.open_look(officer, page.subject, look_actions.Given(Basis("for the report", "R 1", "")))
        look_actions.end(officer, looks.look(opened, officer), "not-relevant", "a landscape")
    with acting(bob.id, name="Bob"):
        officer = signed_in(bob.id)
        for one, is_alike in zip(ours, (True, False, False), strict=True):
            page = looking.file_page(file_of(one), officer)
            assert [(look.result, look.is_alike) for look in page.earlier] == [("not-relevant", is_alike)]
            assert Ask.WHY_AGAIN in looking.question(page, officer).verdict.asks
    with acting(charlie.id, name="Charlie"):
        officer = signed_in(charlie.id)
        page = looking.file_page(file_of(theirs), officer)
        assert (page.earlier, page.subject.alike) == ([], [])
        assert Ask.WHY_AGAIN not in looking.question(page, officer).verdict.asks


def test_what_is_covert_and_what_is_a_test_stand_in_no_stack_and_begin_none(hub, sender, owner):
    image = scene()
    hidden, tried = comes(sender, saved(image)), comes(make_sender(hub, is_test=True), smaller(image))
    owner.execute("update access_compartment set covert = true where id = %s", [hidden.compartment])
    owner.commit()
    settle()
    plain = comes(sender, saved(image.resize((290, 218))))
    settle()
    assert stack(hidden)[0] is None
    with on_the_road("test"):
        asked = "select count(stack_id) from matching_file_hash where report_id = %s"
        assert value(asked, [tried.report_id]) == 0
    assert stack(plain)[1:] == (True, 0, ""), "the first of its own stack, as if nothing had been here"
    with acting(make_officer(hub, "analyst").id):
        assert answers.of_report(plain.report_id) == {}
        assert stacks.alike(file_of(plain)) == []


def test_an_officer_reads_the_stacks_own_id_and_not_who_was_first(hub, sender, ask_as):
    report = comes(sender, saved(scene()))
    settle()
    connected = ask_as("abhaya_app")
    alice = make_officer(hub, "analyst")
    connected.execute("select set_config('abhaya.officer', %s, true)", [str(alice.id)])
    asked = "select {} from matching_file_hash where report_id = %s"
    assert connected.execute(asked.format("stack_id"), [report.report_id]).fetchone() == (stack(report)[0],)
    assert stack(report)[0].version == 4, "it says nothing of when"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connected.execute(asked.format("stack_first"), [report.report_id])


def test_when_the_first_is_deleted_the_others_are_asked_anew(hub, sender, owner):
    image = scene()
    first, *others = (
        comes(sender, content) for content in (saved(image), smaller(image), saved(image.resize((296, 222))))
    )
    settle()
    was = stack(first)[0]
    assert {stack(one)[0] for one in others} == {was}
    owner.execute("delete from matching_file_hash where report_id = %s", [first.report_id])
    owner.commit()
    settle()
    oldest, later = (stack(one) for one in others)
    assert (oldest[0] != was, oldest[1:], later[0]) == (True, (True, 0, ""), oldest[0])
    with on_the_road("test"):
        assert value(
            "select count(distinct bundle_id) from matching_bundle where report_id = any (%s)",
            [[one.report_id for one in others]],
        ) == 1  # fmt: skip


def test_a_round_that_is_killed_is_done_again_whole(hub, sender):
    image = scene()
    first, later = comes(sender, saved(image)), comes(sender, smaller(image))
    road.drain()
    hash_all()
    with pytest.raises(KeyboardInterrupt), on_the_road("road:matching"):
        assert stack_pictures()
        raise KeyboardInterrupt
    assert stack(first)[0] is None
    settle()
    assert stack(later)[0] == stack(first)[0] is not None


def test_a_hash_that_is_everywhere_is_told_where_operators_look(monkeypatch):
    with on_the_road("test"):
        execute("update matching_crowd set seen_at = now() - interval '40 days'")
    assert health.crowds().level is Level.OK
    index = near_index.FILES
    crowded = Answer(*([].copy() for _ in range(3)), (Flood(0, 0, 23_456),))  # type: ignore[arg-type]
    monkeypatch.setattr(type(index._opened()), "search", lambda *_: crowded)
    with on_the_road("test"):
        index.search(None, 31)  # type: ignore[arg-type]
    told = health.crowds()
    assert told.level is Level.WARN
    assert "20,000 pictures or more" in told.said("en")
    assert "20,000" in told.said("hi")


# --- the rule ---

CODES = st.binary(min_size=32, max_size=32)


def first_of(code: bytes, position: int) -> First:
    far = bytes(255 - byte for byte in code)
    return First(uuid4(), uuid4(), position, code + far * (near_rules.FORMS - 1))


def changed(code: bytes, bits: int, start: int = 0) -> bytes:
    return (int.from_bytes(code) ^ (((1 << bits) - 1) << start)).to_bytes(32)


@given(CODES, st.integers(0, 60), st.integers(0, 60))
def test_distance_is_to_the_first_so_that_a_stack_is_no_chain(code, one, two):
    first = first_of(code, 1)
    near = changed(code, one)
    far = changed(near, two, start=one)  # so far from the first as the two together
    met = near_rules.joined(near, [first])
    assert (met is not None) == (one <= RADIUS_BUILT_FOR)
    assert (near_rules.joined(far, [first]) is not None) == (one + two <= RADIUS_BUILT_FOR)


@given(CODES, st.integers(0, 31), st.integers(0, 31))
def test_of_two_firsts_the_nearer_is_joined_and_of_equals_the_older(code, one, two):
    older, newer = first_of(changed(code, one), 3), first_of(changed(code, two, start=40), 7)
    met = near_rules.joined(code, [newer, older])
    assert met is not None
    assert met[0] is (older if one <= two else newer)
    assert met[1].distance_bits == min(one, two)
