"""A unit that holds no files: it sees a pointer, asks the unit that keeps the original, and opens it for a time."""

from __future__ import annotations

import pytest
from psycopg import errors as refused
from tests.custody.world import ask, content_of, kept, make_compartment
from tests.factory import browser_of, make_officer, make_unit

from abhaya.custody import grants
from abhaya.custody.queries import item, items_of, read_object
from abhaya.custody.rules import Opening, Where, where_read
from abhaya.errors import NotThere, OfficerError
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import execute, value

PURPOSE = "To read the first message to the court"


@pytest.mark.parametrize(
    ("authorised", "keeper", "grant", "where"),
    [
        (True, True, False, Where.HERE),
        (False, False, False, Where.HERE),
        (False, True, False, Where.ELSEWHERE),
        (False, True, True, Where.GRANTED),
    ],
)
def test_where_an_original_is_read(authorised, keeper, grant, where):
    assert where_read(is_authorised=authorised, has_keeper=keeper, has_grant=grant) is where


class World:
    """A hub that keeps the originals, a district with the report open, and Charlie's unit with nothing."""

    def __init__(self, **district: object) -> None:
        self.hub, self.district = make_unit("hub"), make_unit("district", **district)
        self.analyst = make_officer(self.hub, "analyst", called="Bob")
        self.alice = make_officer(self.district, "officer")
        self.charlie = make_officer(make_unit("district"), "officer", called="Charlie")
        self.compartment = make_compartment(self.hub, self.district)
        self.text = b"asks age. " * 30 + content_of(4).hex().encode()
        self.item_id, self.object_id = next((one.item_id, one.object_id) for one in kept(self.compartment, self.text))

    def read(self, person) -> bytes:
        with acting(person.id, name=person.name):
            return b"".join(read_object(self.object_id, self.compartment))

    def asked(self):
        with acting(self.alice.id, name="Alice"):
            return grants.ask(self.item_id, self.compartment, PURPOSE)

    def answered(self, person, grant, hours, answer=""):
        with acting(person.id, name=person.name):
            grants.decide(grant, hours=hours, answer=answer)


@pytest.fixture
def world():
    return World()


def test_the_district_sees_a_pointer_and_the_hub_the_original(world):
    assert world.read(world.analyst) == world.text
    with pytest.raises(OfficerError, match="Your unit holds no files"):
        world.read(world.alice)
    with acting(world.alice.id):
        (pointer,) = items_of(world.compartment)
        assert (pointer.decided.opening, pointer.decided.why_not) == (Opening.CLOSED, "elsewhere")
        assert pointer.kept_at
        assert pointer.sha256
        assert pointer.size_bytes == len(world.text)


def test_a_district_that_is_authorised_reads_it_and_so_does_one_that_alone_has_it():
    authorised = World(holds_files="yes")
    assert authorised.read(authorised.alice) == authorised.text
    alone = World()
    compartment = make_compartment(alone.district)
    (stored,) = kept(compartment, b"asks for a picture")
    with acting(alone.alice.id):
        assert b"".join(read_object(stored.object_id, compartment)) == b"asks for a picture"


def test_a_grant_opens_this_one_original_for_its_time(world, bench):
    (other,) = kept(world.compartment, b"asks for money")
    grant = world.asked()
    with pytest.raises(OfficerError, match="asked for this original already"):
        world.asked()
    world.answered(world.analyst, grant, 4)
    assert world.read(world.alice) == world.text
    with acting(world.alice.id), pytest.raises(OfficerError, match="Your unit holds no files"):
        read_object(other.object_id, world.compartment)
    with bench.connect("abhaya_owner") as owner:
        owner.execute("update custody_grant set until = now() - interval '1 second' where id = %s", [grant])
    with pytest.raises(OfficerError, match="Your unit holds no files"):
        world.read(world.alice)


def test_a_refusal_opens_nothing_and_needs_its_reason(world):
    grant = world.asked()
    with pytest.raises(OfficerError, match="Say why not"):
        world.answered(world.analyst, grant, None, "no")
    world.answered(world.analyst, grant, None, "The court has a certified copy already.")
    with pytest.raises(OfficerError, match="decided meanwhile"):
        world.answered(world.analyst, grant, 4)
    with pytest.raises(OfficerError, match="Your unit holds no files"):
        world.read(world.alice)
    world.asked()  # and may ask again


def test_who_asks_does_not_decide_and_charlie_finds_nothing(world):
    grant = world.asked()
    with pytest.raises(OfficerError, match="another unit decides"):
        world.answered(world.alice, grant, 4)
    with pytest.raises(NotThere):
        world.answered(world.charlie, grant, 4)
    with acting(world.charlie.id):
        assert grants.listed() == []
        with pytest.raises(NotThere):
            item(world.item_id)
    with acting(world.charlie.id):
        assert grants.keeper_of(world.compartment) is None


def test_the_database_refuses_a_grant_that_nobody_gave(world, ask_as):
    injected = ask_as("abhaya_app")
    injected.execute("select set_config('abhaya.officer', %s, false)", [str(world.alice.id)])
    row = [world.compartment, world.item_id, world.district, world.hub, world.alice.id]
    with pytest.raises(refused.InsufficientPrivilege):
        injected.execute(
            "insert into custody_grant (id, compartment, item_id, unit_id, unit_name, keeper_id, asked_by, asked_name,"
            " purpose, state, until) values (gen_random_uuid(), %s, %s, %s, '', %s, %s, '', '', 'granted', 'infinity')",
            row,
        )
    injected.rollback()
    injected.execute("select set_config('abhaya.officer', %s, false)", [str(world.alice.id)])
    row[3] = world.district  # asks itself
    with pytest.raises(refused.InsufficientPrivilege):
        injected.execute(
            "insert into custody_grant (id, compartment, item_id, unit_id, unit_name, keeper_id, asked_by, asked_name,"
            " purpose) values (gen_random_uuid(), %s, %s, %s, '', %s, %s, '', '')",
            row,
        )


def test_the_database_hands_the_key_to_whose_unit_may_read_the_original_and_to_nobody_else(world, ask_as):
    """Asked as the application's role, past every page: a unit that holds no files has a pointer, and no key to it."""

    with on_the_road("test"):
        whole = bytes(value("select custody_wrap(%s, %s)", [world.object_id, world.compartment]))

    def key(person) -> bytes | None:
        injected = ask_as("abhaya_app")
        injected.execute("select set_config('abhaya.officer', %s, false)", [str(person.id)])
        with pytest.raises(refused.InsufficientPrivilege):
            injected.execute("select wrapped_key from custody_holding")
        injected.rollback()
        injected.execute("select set_config('abhaya.officer', %s, false)", [str(person.id)])
        (found,) = injected.execute("select custody_wrap(%s, %s)", [world.object_id, world.compartment]).fetchone()
        return found

    assert (key(world.alice), key(world.analyst), key(world.charlie)) == (None, whole, None)
    world.answered(world.analyst, world.asked(), 4)
    assert key(world.alice) == whole
    with on_the_road("test"):
        execute("update access_unit set holds_files = 'yes' where id = %s", [world.district])
    assert key(world.alice) == whole


def test_request_answer_and_refusal_are_in_the_ledger(world):
    world.answered(world.analyst, world.asked(), 24)
    world.answered(world.analyst, world.asked(), None, "Not needed for this purpose.")
    events = [event for (event,) in ask(
        "select event from ledger_entry where compartment = %s and event like 'custody:grant:%%' order by id", world.compartment)]  # fmt: skip
    assert events == ["custody:grant:asked", "custody:grant:given", "custody:grant:asked", "custody:grant:refused"]


@pytest.mark.parametrize("language", ["en", "hi"])
def test_on_the_pages_it_goes_from_pointer_to_request_to_answer_to_text(world, language):
    alice = browser_of(world.alice, HTTP_ACCEPT_LANGUAGE=language)
    page = alice.get(f"/items/{world.item_id}/text")
    assert page.status_code == 403
    page = alice.get(f"/items/{world.item_id}/ask")
    assert page.status_code == 200
    assert world.text.decode() not in page.content.decode()
    assert alice.post(f"/items/{world.item_id}/ask", {"purpose": "short"}).status_code == 422
    assert alice.post(f"/items/{world.item_id}/ask", {"purpose": PURPOSE}).status_code == 302
    assert PURPOSE in alice.get("/originals").content.decode()
    ((grant,),) = ask("select id from custody_grant where compartment = %s", world.compartment)
    assert alice.post("/originals", {"grant": grant, "hours": 4}).status_code == 403
    bob = browser_of(world.analyst, HTTP_ACCEPT_LANGUAGE=language)
    assert PURPOSE in bob.get("/originals").content.decode()
    assert bob.post("/originals", {"grant": grant, "hours": 0, "answer": ""}).status_code == 422
    assert bob.post("/originals", {"grant": grant, "hours": 4}).status_code == 302
    assert alice.get(f"/items/{world.item_id}/text").status_code == 200
    charlie = browser_of(world.charlie)
    assert charlie.get(f"/items/{world.item_id}/ask").status_code == 404
    assert charlie.post("/originals", {"grant": grant, "hours": 4}).status_code in {403, 404}
