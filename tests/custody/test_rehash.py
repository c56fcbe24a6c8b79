"""Every night a share of the originals is read again: nothing left out, nothing twice, what does not hold is kept and signed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from tests.custody.world import ask, content_of, kept, make_compartment, path_of

from abhaya.custody import care, paper, rehash
from abhaya.custody.actions import shred
from abhaya.custody.vault import SMALL_BYTES_MAX, vault
from abhaya.ledger.sequencer import sequence_all
from abhaya.ledger.statement import own_key, stated
from abhaya.shared.checks import Level
from abhaya.shared.duties import do
from abhaya.shared.identity import on_the_road

LARGE = SMALL_BYTES_MAX + 1
KOLKATA = timedelta(hours=5, minutes=30)


@pytest.fixture
def nights(bench, monkeypatch):
    """A vault's history that begins here. `nights(n)` reads through the n-th night and returns how many originals."""
    with bench.connect("abhaya_owner") as owner:
        owner.execute("delete from custody_rehash")
    monkeypatch.setattr(settings, "TIME_ZONE", "Asia/Kolkata")
    monkeypatch.setattr(settings, "REHASH_HOURS", (22, 6))
    monkeypatch.setattr(settings, "REHASH_DAYS", 3)

    def read(number: int, *, seconds: float = 60.0) -> int:
        now = datetime(2026, 1, 1, 23, tzinfo=UTC) - KOLKATA + timedelta(days=number)
        with on_the_road("road:custody"):
            return rehash.rehash(now=now, seconds=seconds)

    return read


@pytest.mark.parametrize(
    ("hours", "local", "night"),
    [
        ((22, 6), "2026, 1, 5, 23", date(2026, 1, 5)),
        ((22, 6), "2026, 1, 6, 5, 59", date(2026, 1, 5)),
        ((22, 6), "2026, 1, 6, 6", None),
        ((22, 6), "2026, 1, 6, 21, 59", None),
        ((1, 4), "2026, 1, 6, 1", date(2026, 1, 6)),
        ((1, 4), "2026, 1, 6, 4", None),
        ((0, 24), "2026, 1, 6, 12", date(2026, 1, 6)),
    ],
)
def test_a_night_is_the_units_own(monkeypatch, hours, local, night):
    monkeypatch.setattr(settings, "TIME_ZONE", "Asia/Kolkata")
    monkeypatch.setattr(settings, "REHASH_HOURS", hours)
    assert rehash.night_of(datetime(*map(int, local.split(",")), tzinfo=UTC) - KOLKATA) == night


def test_three_nights_read_the_whole_vault_once_and_the_fourth_begins_again(nights):
    kept(make_compartment(), *[content_of(30 + n) for n in range(7)], content_of(LARGE))
    ((total,),) = ask("select count(*) from custody_object where kept <> 'gone'")
    read = [nights(number) for number in range(3)]
    assert sum(read) == total
    assert max(read) == -(-total // 3)
    rows = ask("select pass, originals, is_pass_end, first, last from custody_rehash order by night")
    assert [row[2] for row in rows] == [False, False, True]
    assert [row[3] for row in rows[1:]] == [row[4] for row in rows[:-1]]  # each goes on where the one before ended
    assert nights(2) == 0  # a night does its share once
    assert nights(3) > 0
    assert ask("select pass, first from custody_rehash order by night desc limit 1") == [(2, rehash.NOWHERE)]


def test_rounds_of_a_night_join_without_a_gap(nights):
    kept(make_compartment(), *[content_of(50 + n) for n in range(6)])
    ((total,),) = ask("select count(*) from custody_object where kept <> 'gone'")
    rounds = [nights(0, seconds=0.0001) for _ in range(200)]
    assert sum(rounds) == -(-total // 3)
    assert max(rounds) < sum(rounds)
    assert ask("select originals, ended_at is not null from custody_rehash") == [(sum(rounds), True)]


def test_a_night_that_was_slept_through_is_ended_at_the_next_hour_that_comes(nights):
    kept(make_compartment(), *[content_of(60 + n) for n in range(6)])
    nights(0, seconds=0.0001)
    with on_the_road("road:custody"):
        assert rehash.rehash(now=datetime(2026, 1, 2, 7, tzinfo=UTC)) == 0
    assert ask("select ended_at is not null, is_pass_end from custody_rehash") == [(True, False)]


def test_a_rotten_original_is_found_kept_told_and_forgotten_when_it_is_whole_again(nights, monkeypatch):
    monkeypatch.setattr(settings, "REHASH_DAYS", 1)
    compartment = make_compartment()
    stored, other = kept(compartment, content_of(LARGE), content_of(LARGE + 1))
    path, gone = path_of(stored), path_of(other)
    good, whole = path.read_bytes(), gone.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    gone.unlink()
    nights(0)
    with on_the_road("test"):
        found = {damage.object_id: damage for damage in rehash.damages()}
        assert (found[stored.object_id].what, found[other.object_id].what) == ("changed", "missing")
    told = care.originals()
    assert told.level == Level.BAD
    assert str(stored.object_id) in told.said("en")
    assert str(stored.object_id) in told.said("hi")
    path.write_bytes(good)
    with on_the_road("test"):
        shred(other.object_id, compartment)
    nights(1)
    with on_the_road("test"):
        assert not {damage.object_id for damage in rehash.damages()} & {stored.object_id, other.object_id}
    assert whole


def test_the_result_is_signed_by_the_ledgers_key_and_in_the_ledger(nights):
    kept(make_compartment(), content_of())
    sequence_all()
    nights(0)
    ((note, found),) = ask("select note, found from custody_rehash")
    with on_the_road("test"):
        key = own_key()
    text = stated(note, key.public)
    assert text is not None
    assert "night: 2026-01-01\n" in text
    assert f"findings: {sum(json.loads(found).values())}\n" in text
    spoilt = note.replace("night: 2026-01-01", "night: 2026-01-02")
    assert stated(spoilt, key.public) is None
    ((body,),) = ask("select body from ledger_entry where event = 'custody:vault:rehashed' order by id desc limit 1")
    assert json.loads(bytes(body))["facts"]["night"] == "2026-01-01"


def test_the_duty_runs_as_the_road_and_says_when_the_vault_was_not_read_for_long(nights, monkeypatch):
    from abhaya.journey import DUTIES

    (duty,) = [one for one in DUTIES if one.name == "vault-rehash"]
    monkeypatch.setattr(settings, "REHASH_HOURS", (0, 24))
    kept(make_compartment(), content_of())
    assert do(duty)
    assert ask("select count(*) from custody_rehash") == [(1,)]
    assert care.originals().reason.code in {"originals-hold", "originals-begun", "originals-damaged"}


def test_a_vault_that_was_not_read_for_long_is_told(nights, bench):
    kept(make_compartment(), content_of())
    nights(0)  # in January
    with bench.connect("abhaya_owner") as owner:
        owner.execute("update custody_damage set whole_at = now() where whole_at is null")
        owner.execute("update custody_rehash set ended_at = '2026-01-02', is_pass_end = true")
    assert (care.originals().level, care.originals().reason.code) == (Level.WARN, "originals-late")


def test_the_key_is_to_be_put_on_paper_and_tried(tmp_path, bench):
    with bench.connect("abhaya_owner") as owner:
        owner.execute("delete from custody_operator_key")
    assert care.key_on_paper().reason.code == "key-not-on-paper"
    paper.split(tmp_path / "sheets", count=3, needed=2)
    assert care.key_on_paper().reason.code == "key-not-proved"
    paper.note_proved(vault().key.id, 2)
    assert care.key_on_paper().level == Level.OK
    assert "3 sheets, 2 needed" in care.key_on_paper().said("en")
    with bench.connect("abhaya_owner") as owner:
        owner.execute("update custody_operator_key set split_at = '2020-01-01', proved_at = '2020-01-02'")
    assert care.key_on_paper().reason.code == "key-proved-long-ago"
