"""Taking in, handing over and shredding, as sets and in each other's way."""

from __future__ import annotations

import hashlib
import os
import threading
from uuid import uuid4

import pytest
from django.db import connection
from tests.custody.world import ask, beside, content_of, kept, make_compartment, path_of, read, rolled_back

from abhaya.custody.actions import Blob, hold, take_in
from abhaya.custody.folder import NEW
from abhaya.custody.queries import items_of, read_object
from abhaya.custody.vault import SMALL_BYTES_MAX, receive_stream, vault
from abhaya.errors import NotThere, OfficerError, OperatorError
from abhaya.shared.identity import on_the_road

SIZES = [0, 1, 4096, SMALL_BYTES_MAX, SMALL_BYTES_MAX + 1, 3_000_000]
LARGE = SMALL_BYTES_MAX + 1


@pytest.mark.parametrize("size", SIZES)
def test_what_is_taken_in_comes_back_as_it_was(size):
    compartment, content = make_compartment(), content_of(size)
    (stored,) = kept(compartment, content)
    assert read(stored.object_id, compartment) == content
    assert stored.size_bytes == size
    assert stored.sha256 == hashlib.sha256(content).digest()
    assert stored.sha1 == hashlib.sha1(content).digest()
    assert stored.md5 == hashlib.md5(content).digest()


def test_a_set_of_mixed_sizes_and_ways_keeps_its_order(tmp_path):
    compartment = make_compartment()
    contents = [content_of(size) for size in (10, LARGE, 20, 200_000, 0, 300_000)]
    on_disk = tmp_path / "scan.bin"
    on_disk.write_bytes(contents[3])
    given = [*contents[:3], on_disk, contents[4], receive_stream([contents[5][:9], contents[5][9:]])]
    stored = kept(compartment, *given)
    assert [one.sha256 for one in stored] == [hashlib.sha256(content).digest() for content in contents]
    assert [read(one.object_id, compartment) for one in stored] == contents


def test_an_empty_set_is_no_work():
    with on_the_road("test"):
        assert take_in([]) == []


def test_every_blob_is_an_item_under_its_own_name():
    compartment = make_compartment()
    with on_the_road("test"):
        (stored,) = take_in([Blob(compartment, "बयान.xml", b"<report/>", "application/xml", "ispws")])
        (found,) = items_of(compartment)
    assert (found.name, found.media_type_claimed, found.media_type_seen, found.via) == (
        "बयान.xml", "application/xml", "text/xml", "ispws",
    )  # fmt: skip
    assert (found.id, found.object_id, found.compartment) == (stored.item_id, stored.object_id, compartment)
    assert found.is_held
    assert bytes(found.sha256) == stored.sha256


@pytest.mark.parametrize("name", ["with\0nul", "lone \udcff surrogate", "a/../../etc/passwd", "", "x" * 5000])
def test_a_name_that_the_database_would_refuse_is_kept_as_far_as_it_can_be(name):
    compartment = make_compartment()
    with on_the_road("test"):
        take_in([Blob(compartment, name, b"asks age", name, "test")])
        (found,) = items_of(compartment)
    assert found.name.isprintable()
    assert found.name == name.replace("\0", "\\x00").replace("\udcff", "\\udcff")


@pytest.mark.parametrize("size", [100, LARGE])
def test_the_same_bytes_twice_in_a_set_are_one_object_and_two_items(size):
    compartment, content = make_compartment(), content_of(size)
    first, second = kept(compartment, content, content)
    assert first.object_id == second.object_id
    assert first.item_id != second.item_id
    assert read(first.object_id, compartment) == content


@pytest.mark.parametrize("size", [100, LARGE])
def test_known_bytes_get_one_more_holding_and_are_kept_once(size):
    ours, theirs, content = make_compartment(), make_compartment(), content_of(size)
    (first,), (second,) = kept(ours, content), kept(theirs, content)
    assert first.object_id == second.object_id
    assert read(first.object_id, ours) == read(first.object_id, theirs) == content
    assert ask("select count(*) from custody_holding where object_id = %s", first.object_id) == [(2,)]
    name = vault().key.storage_name(first.sha256)
    assert ask("select count(*) from custody_object where name = %s", name) == [(1,)]


def test_a_known_upload_leaves_no_second_copy_behind():
    ours, theirs = make_compartment(), make_compartment()
    large, small = content_of(LARGE), content_of(100)
    kept(ours, large, small)
    files = {file.path for file in vault().kept()}
    rows = ask("select count(*) from custody_bytes")
    kept(theirs, large, small)
    assert {file.path for file in vault().kept()} == files
    assert ask("select count(*) from custody_bytes") == rows


def test_the_same_bytes_again_in_the_same_compartment_change_nothing_but_the_items():
    compartment, content = make_compartment(), content_of()
    (first,) = kept(compartment, content)
    (second,) = kept(compartment, content)
    assert first.object_id == second.object_id
    assert ask("select count(*) from custody_holding where object_id = %s", first.object_id) == [(1,)]


def test_a_known_upload_asks_the_disk_for_exactly_what_a_new_one_asks(monkeypatch):
    asked: list[str] = []
    for word in ("open", "fsync", "rename", "mkdir", "write"):
        real = getattr(os, word)
        monkeypatch.setattr(
            os, word, lambda *given, real=real, word=word, **named: (asked.append(word), real(*given, **named))[1]
        )
    content = content_of(LARGE)
    kept(make_compartment(), content)
    counted = []
    for one in (content_of(LARGE), content):  # a new one, then the known one
        compartment = make_compartment()
        asked.clear()
        kept(compartment, one)
        counted.append(list(asked))
    assert counted[0].count("fsync") == 2  # the file and its folder
    assert counted[0] == counted[1]


def test_a_small_known_upload_is_written_to_the_log_in_full_as_a_new_one_is():
    content = content_of(30_000)
    written = []
    for _ in range(2):
        before = ask("select pg_current_wal_insert_lsn()")[0][0]
        kept(make_compartment(), content)
        ((bytes_written,),) = ask("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", before)
        written.append(bytes_written)
    assert min(written) > 30_000


def test_a_transaction_that_is_rolled_back_keeps_nothing_and_its_draft_can_be_tried_again():
    compartment, content = make_compartment(), content_of(LARGE)
    draft = receive_stream([content])
    rolled_back(lambda: take_in([Blob(compartment, "x", draft, "", "test")]))
    with on_the_road("test"):
        assert items_of(compartment) == []
        (stored,) = take_in([Blob(compartment, "x", draft, "", "test")])
    assert read(stored.object_id, compartment) == content


def test_a_file_stays_marked_as_new_until_its_transaction_has_committed():
    compartment, content = make_compartment(), content_of(LARGE)
    with on_the_road("test"):
        (stored,) = take_in([Blob(compartment, "x", content, "", "test")])
        place = path_of(stored)
        assert (place.exists(), place.with_name(place.name + NEW).exists()) == (False, True)
        assert b"".join(read_object(stored.object_id, compartment)) == content
    assert (place.exists(), place.with_name(place.name + NEW).exists()) == (True, False)


def test_a_server_that_dies_right_after_the_commit_leaves_an_original_that_reads():
    compartment, content = make_compartment(), content_of(LARGE)
    (stored,) = kept(compartment, content)
    path_of(stored).rename(path_of(stored).with_name(path_of(stored).name + NEW))  # as it is before the mark comes off
    assert read(stored.object_id, compartment) == content
    kept(make_compartment(), content)  # known, and nothing is missing
    assert not path_of(stored).exists()


def test_a_draft_that_rows_refer_to_cannot_be_discarded():
    compartment, content = make_compartment(), content_of(LARGE)
    draft = receive_stream([content])
    with on_the_road("test"):
        (stored,) = take_in([Blob(compartment, "x", draft, "", "test")])
        vault().discard(draft)
    vault().discard(draft)
    assert read(stored.object_id, compartment) == content


def test_a_full_disk_stops_the_whole_set_and_leaves_nothing(monkeypatch):
    compartment = make_compartment()
    files = {path for path in vault().store.folder.rglob("*") if path.is_file()}
    monkeypatch.setattr(vault().store, "_reserve_bytes", 1 << 62)
    with pytest.raises(OperatorError, match="disk is full"):
        kept(compartment, content_of(10), content_of(LARGE), content_of(LARGE))
    assert ask("select count(*) from custody_item where compartment = %s", compartment) == [(0,)]
    assert {path for path in vault().store.folder.rglob("*") if path.is_file()} == files


def test_a_lost_file_is_put_back_when_the_same_bytes_come_again():
    ours, theirs, content = make_compartment(), make_compartment(), content_of(LARGE)
    (stored,) = kept(ours, content)
    path_of(stored).unlink()
    with pytest.raises(OperatorError, match="missing"):
        read(stored.object_id, ours)
    kept(theirs, content)
    assert read(stored.object_id, ours) == read(stored.object_id, theirs) == content


@pytest.mark.parametrize("size", [300, LARGE])
def test_two_who_bring_the_same_new_bytes_at_once_share_one_object(size):
    for _ in range(8):
        content, gate = content_of(size), threading.Barrier(3)
        compartments = [make_compartment() for _ in range(3)]

        def bring(compartment, content=content, gate=gate):
            gate.wait()
            return kept(compartment, content)[0]

        with (
            beside(lambda c=compartments: bring(c[0])) as first,
            beside(lambda c=compartments: bring(c[1])) as second,
        ):
            third = bring(compartments[2])
            objects = {third.object_id, first().object_id, second().object_id}
        assert len(objects) == 1
        assert [read(third.object_id, compartment) for compartment in compartments] == [content] * 3


def test_two_sets_that_overlap_in_opposite_order_do_not_wait_for_each_other_for_ever():
    contents, gate = [content_of(100) for _ in range(50)], threading.Barrier(2)

    def bring(order):
        gate.wait()
        return kept(make_compartment(), *order)

    with beside(lambda: bring(contents)) as forwards, beside(lambda: bring(contents[::-1])) as backwards:
        there, back = forwards(), backwards()
    assert [one.object_id for one in there] == [one.object_id for one in back[::-1]]


# Handing over


def test_an_object_handed_over_opens_for_both():
    ours, theirs, content = make_compartment(), make_compartment(), content_of()
    (stored,) = kept(ours, content)
    with on_the_road("test"):
        hold(stored.object_id, ours, theirs)
        hold(stored.object_id, ours, theirs)  # again: nothing to do
    assert read(stored.object_id, ours) == read(stored.object_id, theirs) == content


def test_nobody_hands_over_what_they_do_not_hold():
    (stored,) = kept(make_compartment(), content_of())
    with pytest.raises(NotThere), on_the_road("test"):
        hold(stored.object_id, uuid4(), uuid4())
    with pytest.raises(NotThere), on_the_road("test"):
        hold(uuid4(), uuid4(), uuid4())


def test_handing_over_is_in_the_ledger():
    ours, theirs = make_compartment(), make_compartment()
    (stored,) = kept(ours, content_of())
    with on_the_road("test"):
        hold(stored.object_id, ours, theirs)
    assert ask(
        "select event from ledger_entry where subject_id = %s and compartment = %s", stored.object_id, theirs
    ) == [("custody:object:held",)]


def test_a_wrap_copied_by_hand_into_another_compartment_opens_nothing():
    ours, theirs = make_compartment(), make_compartment()
    (stored,) = kept(ours, content_of())
    with on_the_road("test"), connection.cursor() as cursor:
        cursor.execute(
            "insert into custody_holding (object_id, compartment, wrapped_key)"
            " select object_id, %s, wrapped_key from custody_holding where object_id = %s",
            [theirs, stored.object_id],
        )
    with pytest.raises(OperatorError, match="key of the original"):
        read(stored.object_id, theirs)


def test_a_holding_without_a_key_is_hashes_only():
    ours, theirs = make_compartment(), make_compartment()
    (stored,) = kept(ours, content_of())
    with on_the_road("test"), connection.cursor() as cursor:
        cursor.execute(
            "insert into custody_holding (object_id, compartment) values (%s, %s)", [stored.object_id, theirs]
        )
    with pytest.raises(OfficerError, match="Only the hashes"):
        read(stored.object_id, theirs)
