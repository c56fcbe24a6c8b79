"""A small world for the promises: one report of Alice's unit, and everybody who must not see it.

A new address with an id in it needs one line in `SAMPLES`: where the id of that name is found in Alice's world. Then
the walk covers it by itself.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

import psycopg
from tests.cases.world import persons_compared
from tests.exchange.world import ask_a_partner
from tests.factory import Person, make_officer, make_report, make_sender, make_unit, name

from abhaya.access.actions import ApprovalKind, admit, ask, end_membership, open_to
from abhaya.access.actions.emergencies import unmask_in_emergency
from abhaya.access.queries import SignedIn, signed_in
from abhaya.cases import actions as cases
from abhaya.custody import erasure, holds
from abhaya.custody.lawful import Basis
from abhaya.custody.look_actions import Given, open_look
from abhaya.custody.vault import receive_stream
from abhaya.desk import inquiries, rights
from abhaya.desk.looking import file_page
from abhaya.intake import queries as intake
from abhaya.intake.actions import Arrival, Original, receive
from abhaya.intake.admiralty import Word
from abhaya.intake.formats.record import Fact, FilePart, Group, GroupAct, GroupMember, Record, Text
from abhaya.intake.formats.record import Person as Described
from abhaya.intake.grades import grade_report
from abhaya.journey import open_road
from abhaya.linking.actions import personas, takedowns
from abhaya.linking.actions.judgements import judge
from abhaya.linking.actions.remarks import Written, write
from abhaya.linking.queries_subjects import persons_of_report
from abhaya.matching import actions as hash_lists
from abhaya.matching.actions import pictures
from abhaya.matching.actions.stacks import stack_pictures
from abhaya.matching.lists import list_named
from abhaya.routing.actions.referrals import offer
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.road import drain, stages
from abhaya.shared.sql import execute, value
from abhaya.training.pictures import png
from abhaya.triage.actions import assess_reports

PICTURE = png(77, 160)  # arithmetic
# Name of the address's part -> the statement that finds it in Alice's world, for the owner of the database.
SAMPLES: dict[str, str] = {
    "approval_id": "select id from access_approval where compartment = %(compartment)s",
    "emergency_id": "select id from access_emergency where compartment = %(compartment)s",
    "compartment": "select compartment from intake_report where compartment = %(compartment)s",
    "deletion_id": "select id from custody_deletion where asked_by = %(alice)s and certificate <> ''",
    "file_id": "select id from intake_file where compartment = %(compartment)s",
    "hold_id": "select id from custody_hold where compartment = %(compartment)s",
    "attachment_id": "select id from cases_attachment where compartment = %(case)s",
    "case_id": "select compartment from cases_case where compartment = %(case)s",
    "group_id": "select group_id from linking_group where compartment in (select o.compartment from access_opening o"
    " join access_officer a on a.id = %(alice)s and a.unit_id = o.viewer)",
    "comparison_id": "select id from exchange_comparison where officer_id = %(alice)s",
    "hit_id": "select id from cases_hit where compartment = %(case)s",
    "inquiry_id": "select id from desk_inquiry where made_by = %(alice)s",
    "item_id": "select item_id from intake_original where compartment = %(compartment)s",
    "judgement_id": "select id from linking_judgement where compartment = %(compartment)s",
    "list_id": "select compartment from matching_list where unit_id = (select unit_id from access_officer where id = %(alice)s)",
    "look_id": "select id from custody_look where compartment = %(compartment)s",
    "member_id": "select viewer from access_opening where compartment = %(case)s and level = 'watch'",
    "number": "select number from intake_report where compartment = %(compartment)s",
    "officer_id": "select id from access_officer where id = %(colleague)s",
    "person_id": "select person_id from linking_group_member where conduct = 'acted' and compartment in ("
    "select o.compartment from access_opening o join access_officer a on a.id = %(alice)s and a.unit_id = o.viewer)",
    "persona_id": "select id from selectors_persona where liaison_id = %(alice)s",
    "referral_id": "select id from routing_referral where compartment = %(compartment)s",
    "remark_id": "select first_id from linking_remark where compartment = %(compartment)s",
    "report_id": "select id from intake_report where compartment = %(compartment)s",
    "request_id": "select id from desk_person_request where made_by = %(alice)s",
    "selector_id": "select selector_id from selectors_sighting where compartment = %(compartment)s",
    "sender_id": "select sender_id from intake_report where compartment = %(compartment)s",
    "stack_id": "select stack_id from matching_file_hash where compartment = %(compartment)s and stack_id is not null",
    "subject_id": "select account_id from linking_person where compartment = %(compartment)s and role = 'reported'",
    "takedown_id": "select id from linking_takedown where by_officer = %(alice)s",
    "unit_id": "select unit_id from access_officer where id = %(alice)s",
    "watch_id": "select id from cases_watch where compartment = %(case)s",
}
# Parts that name nothing of anybody's: any value will do.
FREE: dict[str, object] = {
    "size": 1,
    "load_id": uuid4(),
    "name": "status",
    "token": "no-such-token",
    "kind": "MD5",
    "country": "none",
    "cell": "members",
    "member": 1,
    "entry": "0" * 32,
}
# Parts that name what officers of every unit may know of.
SHARED = {"sender_id": "who sends to this installation; how many reports each sent is counted under row security"}


@dataclass(frozen=True, slots=True)
class World:
    """`mark` stands in every text of Alice's report and nowhere else, `secret` in every text of her covert case."""

    mark: str
    secret: str
    held: str  # an address in a report of Charlie's unit, which holds a file of Alice's report, too
    rival: str  # an address that an open case of Charlie's watches
    case: UUID  # covert, once `hide_a_case` was called; until then the id of nothing
    compartment: UUID
    report: UUID
    look: UUID  # of Alice's, at the report's picture
    alice: Person  # officer, analyst, supervisor and media viewer of the unit that holds the report
    bob: Person  # the same unit
    gita: Person  # of the unit the report was forwarded to
    colleague: Person  # of Alice's unit: what happens to them is nobody's concern
    charlie: Person  # the same roles in another unit: must see nothing
    administrator: Person  # of Alice's own unit
    auditor: Person  # of Alice's own unit
    reader: Person  # of Alice's own unit: a text reviewer
    hari: Person  # of another unit again, a member of the case
    expired: Person  # was a member until yesterday
    removed: Person  # was a member until somebody ended it

    def marks_in(self, text: str) -> list[str]:
        return [mark for mark in (self.mark, self.secret) if mark in text]

    @property
    def outsiders(self) -> dict[str, Person]:
        """Everybody who must not learn that the case exists; Bob and Gita see the report that is attached to it."""
        names = ("bob", "gita", "charlie", "administrator", "auditor", "expired", "removed")
        return {each: getattr(self, each) for each in names}


@cache
def the_world() -> World:
    """Made once for a run: the promises only look at it, and say so at the end."""
    world = make_world()
    return hide_a_case(bring_a_chat(world))


def _record(mark: str) -> Record:
    return Record(
        "ncmec_json",
        1,
        external_ref=name("number"),
        sender_name="Platform",
        incident_type="Online Enticement of Children for Sexual Acts",
        platform=f"Chat {mark}",
        persons=(
            Described("reported", 1, "/report", name=f"Person {mark}", display_names=(f"nick_{mark}",)),
            Described("victim", 1, "/report/victim", name=f"Child {mark}"),
        ),
        facts=(
            Fact("email", f"{mark}@example.com", "/report/email", "reported", 1),
            Fact("account", f"id-{mark}", "/report/id", "reported", 1, platform="ChatLine"),
            Fact("ip", "192.0.2.77", "/report/ip", "reported", 1, event="Login"),
        ),
        texts=(Text("additional information", f"asks for a picture {mark}", "/report/text"),),
        files=(
            FilePart("/report/file[1]", name=f"{mark}.jpg", hashes=(("SHA1", "0" * 40),)),
            FilePart("/report/file[2]"),
            FilePart("/report/file[3]"),
        ),
    )


def _group(mark: str) -> Record:
    """An exported chat, in which somebody offered something and somebody only was."""
    return Record(
        "chat_text",
        1,
        platform=f"Chat {mark}",
        groups=(Group(1, f"Chat {mark}", "line 1", f"g-{mark}", f"Group {mark}", "group"),),
        members=(
            GroupMember(1, 1, f"Actor {mark}", "line 2", f"a-{mark}"),
            GroupMember(2, 1, f"Member {mark}", "line 3", f"b-{mark}"),
        ),
        acts=(GroupAct(1, 1, "offered", "line 2", word="offers"), GroupAct(1, 2, "joined", "line 3")),
    )


def bring_a_chat(world: World) -> World:
    """A group, told of by a report of its own: open to Alice's unit and to nobody else. And a question to a partner."""
    original = Original("chat.txt", f"a chat {world.mark}".encode(), media_type="text/plain")
    arrival = Arrival(_group(world.mark), make_sender(world.alice.unit), "chat", world.mark.encode() * 3, (original,))
    with on_the_road("test:world"):
        (receipt,) = receive([arrival])
    drain()
    with acting(world.alice.id, name=world.alice.name):
        officer, group = signed_in(world.alice.id), value("select group_id from linking_group where report_id = %s", [receipt.report_id])  # fmt: skip
        assert officer is not None
        day = datetime(2026, 3, 1, tzinfo=UTC)
        takedowns.say(group, receipt.report_id, day.date(), f"a notice {world.mark}", officer, now=day)
    ask_a_partner(world.mark, world.alice, world.bob)
    return world


def make_world() -> World:
    """One report, and nobody's case yet."""
    mark = f"zq{uuid4().hex[:12]}"
    unit, offered_to, elsewhere = make_unit("hub"), make_unit("district"), make_unit("district")
    roles = ("officer", "analyst", "supervisor", "media-viewer")
    sender = make_sender(unit)
    written = f'{{"text": "asks for a picture {mark}"}}'.encode()
    original = Original("report.json", written, media_type="application/json")
    same = f"an invented file of two units {uuid4()}".encode()
    files = (
        Original(f"{mark}.txt", f"invented file {mark}".encode()),
        Original(f"{mark}.png", PICTURE),
        Original(f"{mark}-too.txt", same),
    )
    hash_list(unit, f"invented file {mark}".encode())
    with on_the_road("test:world"):
        (receipt,) = receive([Arrival(_record(mark), sender, "json", mark.encode(), (original,), files)])
        (gone,) = receive([Arrival(_record(mark), sender, "json", mark.encode() * 2, (original,), ())])
    held, rival = (f"{uuid4().hex}@example.com" for _address in range(2))
    theirs = make_report(
        make_sender(elsewhere), facts=(Fact("email", held, "/report/email", "reported", 1),), held=(same,)
    )
    with on_the_road("test:world"):
        open_to([(elsewhere, theirs.compartment, "work", "test")])
    open_road()
    drain()
    if "triage" not in stages():
        with on_the_road("test:world"):
            assess_reports([receipt.report_id])
    alice, bob = make_officer(unit, *roles), make_officer(unit, *roles, called="Bob")
    with acting(alice.id, name=alice.name, with_road=True):
        officer = signed_in(alice.id)
        assert officer is not None
        offer(receipt.report_id, offered_to, officer, f"for you {mark}")
        look = look_begun(officer, receipt.report_id)
        they_differ(officer, receipt.report_id, mark)
        keep_and_delete(unit, mark, receipt.compartment, gone.compartment, bob)
        personas.declare("account", f"chat:{mark}", "ours, in a group of theirs since May", officer)
        ask(ApprovalKind.UNMASK, receipt.report_id, receipt.compartment, "to call the mother first", officer)
        alone = ("1", "the child is in danger now and nobody answers")
        unmask_in_emergency(receipt.report_id, receipt.compartment, *alone, officer)
    erasure.carry_on_to_the_end()
    in_stacks()
    drain()  # what was forwarded walks on: how long something waits, the health page tells everybody
    charlie = make_officer(elsewhere, *roles, called="Charlie")
    open_a_case(charlie, "of Charlie's own", [rival])
    return World(
        mark, f"zs{uuid4().hex[:12]}", held, rival, uuid4(), receipt.compartment, receipt.report_id, look,
        alice=alice,
        gita=make_officer(offered_to, *roles, called="Gita"),
        bob=bob,
        colleague=make_officer(unit, called="Frank"),
        charlie=charlie,
        administrator=make_officer(unit, "administrator", called="Dana"),
        auditor=make_officer(unit, "auditor", called="Eve"),
        reader=make_officer(unit, "text-reviewer", called="Tara"),
        hari=make_officer(make_unit("district"), *roles, called="Hari"),
        expired=make_officer(make_unit("district"), *roles, called="Indu"),
        removed=make_officer(make_unit("district"), *roles, called="Jaya"),
    )  # fmt: skip


def hash_list(unit: UUID, content: bytes) -> None:
    """A list open to the unit, which names one of its report's files."""
    data = f"md5,category\n{hashlib.md5(content, usedforsecurity=False).hexdigest()},2\nno hash,2\n".encode()
    with on_the_road("test:world"):
        called = name("list")
        hash_lists.open_list(hash_lists.NewList(called, unit, "A partner", "", "vics-us", "material"))
        of = list_named(called)
        assert of is not None
        new = hash_lists.NewVersion("1", datetime.now(UTC).date(), "list.csv", receive_stream([data]))
        version = hash_lists.open_version(of, new)
    hash_lists.read_version(of, version, io.BytesIO(data))


def look_begun(officer: SignedIn, report: UUID) -> UUID:
    """At the report's picture; nothing was shown yet."""
    picture = next(file for file in intake.files(report) if file.media_type == "image/png")
    return open_look(officer, file_page(picture.id, officer).subject, Given(Basis("to see what the file is")))


def in_stacks() -> None:
    """Every picture that waits is hashed and stands in its stack."""
    while True:
        with on_the_road("road:matching"):
            pictures.hash_pictures()
            if not value("select count(*) from matching_file_hash where hashed_at is null") and not stack_pictures():
                break
    pictures.DECODER.close()


def they_differ(officer: SignedIn, report: UUID, mark: str) -> None:
    """What Alice says of two accounts of the report, writes of one, and how she grades it."""
    one, other, *_ = sorted({person.account_id for person in persons_of_report(report)})
    judge(one, other, "different", f"the one wrote to the other {mark}", officer, report_id=report)
    write(Written(f"asks for a picture {mark}", frozenset({one})), officer, report_id=report)
    grade_report(report, Word("", "2"), f"a second platform tells the same {mark}", officer)


def keep_and_delete(unit: UUID, mark: str, kept: UUID, gone: UUID, approver: Person) -> None:
    """A legal hold on one compartment, the decided deletion of another."""
    wanted = (gone, unit, "decision", "decision", "court", f"order {mark}", "")
    erasure.decide(erasure.ask(erasure.Asked(*wanted)), approver.id, approver.name)
    soon = datetime.now(UTC).date() + timedelta(days=30)
    holds.place(holds.Placed(unit, f"order {mark}", f"held for {mark}", soon, compartment=kept))
    asked = rights.take_down(
        unit, "access", f"letter {mark}", mark, [selector_id("email", f"{mark}@example.com")], (soon, soon)
    )
    inquiries.ask(rights.request_of(asked), unit)


def open_a_case(person: Person, title: str, emails: Sequence[str]) -> UUID:
    """For everybody to know of who is in it."""
    with acting(person.id, name=person.name, with_road=True):
        officer = signed_in(person.id)
        assert officer is not None
        case = cases.open_case(officer, title=title, contact="ext 3", covert=False)
        for email in emails:
            cases.watch(case, person.id, kind="email", raw=email, platform="", role="reported", source="a chat")
    with on_the_road("road:cases"):
        cases.compare_new_watches()
    persons_compared()
    return case


def hide_a_case(world: World) -> World:
    """A covert case of Alice's: members present and past, her report, a note, identifiers, hits in Charlie's report, by an
    address and by a file, and in Charlie's own case.
    """
    alice, secret = world.alice, world.secret
    with acting(alice.id, name=alice.name, with_road=True):
        officer = signed_in(alice.id)
        assert officer is not None
        case = cases.open_case(officer, title=f"Case {secret}", contact=f"ext {secret}", covert=True)
        for person in (world.hari, world.expired, world.removed):
            admit(case, person.id, level="watch", basis=f"because {secret}", until=None)
        end_membership(case, world.removed.id, f"leaves {secret}")
        cases.add_note(case, alice.id, f"a note {secret}")
        for email in (f"{secret}@example.com", world.held, world.rival):
            cases.watch(case, alice.id, kind="email", raw=email, platform="", role="reported", source=f"from {secret}")
        report = intake.report(world.report)
        assert report is not None
        cases.attach(case, alice.id, report.number, f"belongs to {secret}")
        person = next(one for one in persons_of_report(report.id) if one.role == "reported")
        write(Written(f"our officer writes with him {secret}", frozenset({person.account_id})), officer, case=case)
    with on_the_road("test:world"):
        execute("update access_opening set until = now() where viewer = %s", [world.expired.id])
    with on_the_road("road:cases"):
        cases.compare_new_watches()
        cases.look_for_probing()
    persons_compared()
    return replace(world, case=case)


def sample(owner: psycopg.Connection, part: str, world: World) -> object:
    """The id of this name in Alice's world."""
    if part in FREE:
        return FREE[part]
    assert part in SAMPLES, f"an address has a part <{part}>: say in tests/promises/world.py where to find one"
    row = owner.execute(
        SAMPLES[part],
        {
            "compartment": world.compartment,
            "case": world.case,
            "alice": world.alice.id,
            "colleague": world.colleague.id,
        },
    ).fetchone()
    assert row is not None, f"Alice's world has no {part}: make one in tests/promises/world.py"
    return row[0]


def content_tables(owner: psycopg.Connection) -> list[str]:
    """Every table that carries `compartment`; partitions are their parent's."""
    rows = owner.execute(
        "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'compartment'"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
        " and not a.attisdropped order by 1"
    )
    return [table for (table,) in rows]


def print_of(owner: psycopg.Connection, world: World) -> dict[str, str]:
    """What stands in every content table about Alice's report and case, as one hash per table."""
    return {
        table: owner.execute(
            f"select coalesce(md5(string_agg(t::text, '|' order by t::text)), 'nothing') from {table} t"
            " where compartment in (%s, %s)",
            [world.compartment, world.case],
        ).fetchone()[0]
        for table in content_tables(owner)
    }
