"""Hash lists handed out as files: what is live, as its original has it, and taken in again it is the same list."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
from datetime import timedelta
from uuid import UUID

import pytest
from tests.factory import make_officer, make_unit, name
from tests.matching.test_lists import DAY, take_in

from abhaya.cli import main
from abhaya.custody.damage import OriginalDamaged
from abhaya.errors import OperatorError
from abhaya.matching.actions import Ballot, NewList, end_list, exports, open_list, vote, write_list
from abhaya.matching.actions.exports import Told
from abhaya.matching.formats.names import FORMS
from abhaya.matching.lists import ListRow, list_named
from abhaya.matching.sharing import keys_with
from abhaya.matching.votes import REASONS
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, value

CONTEXT = "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media"


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


def a_list(hub: UUID, scheme: str = "vics-us") -> ListRow:
    called = name("list")
    with on_the_road("test"):
        open_list(NewList(called, hub, "A partner", "", scheme, "material"))
        found = list_named(called)
    assert found
    return found


def md5(seed: int) -> str:
    return random.Random(seed).randbytes(16).hex()


def export(of: ListRow, form: str = "") -> tuple[bytes, Told]:
    out = io.BytesIO()
    with on_the_road("test", purpose="a test"):
        told = write_list(of, form, out.write)
    return out.getvalue(), told


def entries(of: ListRow, *columns: str) -> list[tuple[object, ...]]:
    said = columns or (
        "ref",
        "category",
        "media",
        "marks",
        "vouched",
        "disputed",
        "quality",
        "md5",
        "sha1",
        "sha256",
        "pdq",
        "opaque",
    )
    with on_the_road("test"):
        return sorted(
            fetch(
                lambda *row: tuple(bytes(one) if isinstance(one, memoryview) else one for one in row),
                f"select {', '.join(said)} from matching_entry where compartment = %s and withdrawn_at is null",
                [of.compartment],
            ),
            key=repr,
        )


def vics(*media: dict[str, object]) -> bytes:
    return json.dumps({"odata.metadata": CONTEXT, "value": list(media), "Odd": {"kept": 1.10}}).encode()


def page(*elements: str) -> bytes:
    return (
        '<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images count="9" maxTimestamp="2025-10-24T15:10:00Z">'
        f"{''.join(elements)}</images></queryResult>"
    ).encode()


def image(number: str, seed: int, more: str = "") -> str:
    return f'<image><member id="4">A</member><id>{number}</id><fingerprints><md5>{md5(seed)}</md5></fingerprints>{more}</image>'


ORIGINALS = {
    "csv": "".join(
        f"{line}\n" for line in ("id;md5;colour;category", f"1;{md5(1)};blue;2", f"2;{md5(2)};;=1", "3;nohash;red;2")
    ).encode(),
    "vics": vics({"MediaID": 9, "MD5": md5(1).upper(), "Category": 2, "Invented": [1.5]}, {"MD5": md5(2), "Series": "S"}, {"MD5": "?"}),
    "hash-sharing": page(image("e1", 1, "<odd>x</odd>"), image("e2", 2)),
    "icse": f"MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;Number of submissions;"
    f"File Available;Media Type;Baseline\n{md5(1)};;;77;True;False;;S;3;1;Image;true\n".encode(),
    "nsrl": f'"SHA-1","MD5","CRC32","FileName","ProductCode"\n"","{md5(1)}","0F","a.dll",1\n'.encode(),
    "signals": f"md5 {md5(1)}\n# a word\nmd5 {md5(2)}\n".encode(),
    "threat-updates": json.dumps({"data": [
        {"id": "7", "type": "HASH_MD5", "indicator": md5(1), "last_updated": 1_700_000_000, "odd": {"a": 1},
         "descriptors": {"data": [{"owner": {"id": "5"}, "status": "MALICIOUS", "tags": {"data": [{"text": "a"}]}}]}},
    ]}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("form", ORIGINALS)
def test_a_list_that_is_taken_out_and_in_again_is_the_same(hub, form):
    first, second = a_list(hub), a_list(hub)
    take_in(first, ORIGINALS[form])
    data, told = export(first)
    assert (told.form, told.copied, told.lost) == (form, told.entries, {})
    take_in(second, data)
    assert entries(second) == entries(first)
    assert len(entries(first)) == told.entries > 0


def test_the_fields_that_nobody_understood_are_in_it(hub):
    document = json.loads(export(taken(hub, "vics"))[0])
    assert (document["odata.metadata"], document["Odd"]) == (CONTEXT, {"kept": 1.1})
    assert document["value"] == [
        {"MediaID": 9, "MD5": md5(1).upper(), "Category": 2, "Invented": [1.5]}, {"MD5": md5(2), "Series": "S"}
    ]  # fmt: skip
    assert b"<odd>x</odd>" in export(taken(hub, "hash-sharing"))[0]
    assert b";blue;" in export(taken(hub, "csv"))[0]
    assert json.loads(export(taken(hub, "threat-updates"))[0])["data"][0]["odd"] == {"a": 1}


def taken(hub: UUID, form: str) -> ListRow:
    of = a_list(hub)
    take_in(of, ORIGINALS[form])
    return of


def test_what_a_newer_version_left_out_is_not_in_it_and_nothing_stands_twice(hub):
    of = a_list(hub)
    take_in(of, vics({"MD5": md5(1), "Old": 1}, {"MD5": md5(2)}, {"MD5": md5(3)}))
    take_in(of, vics({"MD5": md5(1), "New": 1}, {"MD5": md5(1), "New": 2}, {"MD5": md5(4)}), day=DAY + timedelta(1))
    data, told = export(of)
    assert json.loads(data)["value"] == [{"MD5": md5(1), "New": 2}, {"MD5": md5(4)}]
    assert told.copied == 2


def test_changes_of_an_exchange_come_together_with_what_it_took_back(hub):
    of = a_list(hub)
    take_in(of, page(image("e1", 1), image("e2", 2), image("e3", 3)))
    gone = "<deletedImage><member id='4'>A</member><id>e2</id></deletedImage>"
    take_in(of, page(image("e1", 9, "<odd>corrected</odd>"), gone))
    data, told = export(of)
    assert (told.entries, told.taken_back) == (2, 1)
    assert (data.count(b"<image>"), data.count(b"<deletedImage>"), b"corrected" in data) == (2, 1, True)
    other = a_list(hub)
    take_in(other, page(image("e2", 2)))
    take_in(other, data)
    assert entries(other) == entries(of)


@pytest.mark.parametrize("form", FORMS)
def test_any_list_is_written_in_any_form_and_what_has_no_place_is_told(hub, form):
    of = a_list(hub)
    head = "id,md5,sha256,photodna,category,colour,verified_by"
    take_in(of, f"{head}\nA-1,{md5(1)},{md5(2)}{md5(3)},{'ab' * 144},A1,blue,2\n".encode())
    data, told = export(of, form)
    again = a_list(hub)
    counts, why = take_in(again, data)
    assert not why
    assert counts.set_aside == 0
    if form == "csv":
        assert (told.copied, told.lost) == (1, {})
    else:
        assert (told.copied, told.own_fields) == (0, {"colour": 1})
        assert told.lost
    (first, *_) = entries(again, "md5")
    assert first in {(bytes.fromhex(md5(1)),), (None,)}


def test_what_has_no_hash_of_the_form_is_not_in_it_and_is_counted(hub):
    of = a_list(hub)
    take_in(of, f"sha256\n{md5(1)}{md5(2)}\n".encode())
    data, told = export(of, "vics")
    assert json.loads(data)["value"] == []
    assert (told.entries, told.lost) == (0, {"entry": 1})


VOTED = {
    "hash-sharing": page(image("e1", 1, "<odd>x</odd><feedback><affirmativeFeedback type='Md5'><members timestamp='2025-10-24T15:10:00Z'><member id='9'>B</member></members></affirmativeFeedback></feedback>"), image("e2", 2)),
    "threat-updates": ORIGINALS["threat-updates"],
    "csv": f"md5;colour;verifications;disputed\n{md5(1)};blue;3;\n{md5(2)};red;;\n".encode(),
}  # fmt: skip


@pytest.fixture
def voted(hub):
    """A list of this form, of whose first entry one unit says that it is right and one that it is not."""

    def made(form: str) -> ListRow:
        of = a_list(hub)
        take_in(of, VOTED.get(form, ORIGINALS[form]))
        with on_the_road("test"):
            (key,) = keys_with(of.compartment, f"md5:{md5(1)}")
            vote(Ballot(of.compartment, of.name, key, hub, "Our unit", "md5", affirmative=True))
            against = [REASONS[0].name]
            other = make_unit("hub")
            vote(Ballot(of.compartment, of.name, key, other, "Another", "md5", affirmative=False, reasons=against))
        return of

    return made


@pytest.mark.parametrize("form", VOTED)
def test_votes_cast_here_stand_beside_what_an_original_says_where_its_form_has_a_place_for_them(hub, voted, form):
    of, again = voted(form), a_list(hub)
    data, told = export(of)
    assert (told.copied, told.lost) == (told.entries, {})
    assert (b"Our unit" in data, b"<odd>x</odd>" in data) == (form != "csv", form == "hash-sharing")
    take_in(again, data)
    counts = entries(again, "md5", "vouched", "disputed")
    assert counts == entries(of, "md5", "vouched", "disputed")
    assert 1 in {disputed for *_, disputed in counts}


@pytest.mark.parametrize("form", ["hash-sharing", "threat-updates"])
def test_votes_stand_in_what_is_written_from_another_form_too(hub, voted, form):
    again = a_list(hub)
    data, told = export(voted("csv"), form)
    assert "votes" not in told.lost
    take_in(again, data)
    assert {(bytes(digest), disputed) for digest, disputed in entries(again, "md5", "disputed")} == {
        (bytes.fromhex(md5(1)), 1), (bytes.fromhex(md5(2)), 0)
    }  # fmt: skip
    assert b"Our unit" in data


@pytest.mark.parametrize("form", ["vics", "caid", "icse", "nsrl", "signals"])
def test_a_form_without_a_place_for_votes_says_how_many_entries_had_some(voted, form):
    of = voted("vics")
    assert export(of, form)[1].lost["votes"] == 1


def test_an_original_that_cannot_be_read_is_written_from_what_was_understood(hub, monkeypatch):
    of = taken(hub, "vics")

    def damaged(object_id: UUID, _compartment: UUID) -> None:
        raise OriginalDamaged(object_id, "missing", "it is missing")

    monkeypatch.setattr(exports, "read_object", damaged)
    data, told = export(of)
    assert {one["MD5"] for one in json.loads(data)["value"]} == {md5(1).upper(), md5(2).upper()}
    assert (told.copied, told.own_fields) == (0, {"Invented": 1, "Series": 1})


def test_entries_of_another_version_are_laid_under_the_header_of_the_one_that_was_read_to_its_end(hub):
    of = a_list(hub)
    old = "".join(f"{md5(seed)},2,blue\n" for seed in range(300))
    take_in(of, f"md5,category,colour\n{old}".encode())
    _, why = take_in(of, f"note,md5 hash,sha1\nx,{md5(1000)},{md5(1)}abcd1234\n".encode(), day=DAY + timedelta(1))
    assert why  # so many are gone: perhaps it was cut short
    data, told = export(of)
    assert data.decode().splitlines()[:2] == ["md5,category,colour", f"{md5(0)},2,blue"]
    assert data.decode().splitlines()[-1] == f"{md5(1000)},,"
    assert (told.entries, told.copied, told.lost, told.own_fields) == (301, 300, {"hashes": 1}, {"note": 1})


def test_a_list_without_entries_is_an_empty_document(hub):
    for form in FORMS:
        data, told = export(a_list(hub), form)
        assert told.entries == 0
        assert form == "signals" or data


def test_an_ended_list_has_nothing_to_take_out(hub):
    of = taken(hub, "csv")
    with on_the_road("test"):
        end_list(of, "its source ended it")
        ended = list_named(of.name)
    assert ended
    with pytest.raises(OperatorError, match="was ended"):
        export(ended)


def test_an_officer_takes_out_only_what_is_open_to_them(hub):
    of, charlie = taken(hub, "csv"), make_officer(make_unit("district"), "analyst")
    out = io.BytesIO()
    with acting(charlie.id, name="Charlie", purpose="curious"):
        assert write_list(of, "", out.write).entries == 0
    assert md5(1).encode() not in out.getvalue()


def test_the_command_writes_the_file_once_and_the_ledger_has_its_digest(hub, tmp_path, capsys):
    of, out = taken(hub, "csv"), tmp_path / "list.csv"
    words = ["lists", "export", of.name, "--out", str(out), "--purpose", "letter 12", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    assert (told["entries"], told["copied"], out.stat().st_mode & 0o777) == (2, 2, 0o600)
    with on_the_road("test"):
        event, subject = "matching:list:exported", of.compartment
        body = value(
            "select convert_from(body, 'UTF8') from ledger_entry where event = %s and subject_id = %s", [event, subject]
        )
    assert told["sha256"] in body
    assert "letter 12" in body
    assert main(words) == 3
    assert main(["lists", "export", "no such list", "--out", str(tmp_path / "none")]) == 3
    assert not (tmp_path / "none").exists()


def test_memory_is_flat_in_the_length_of_the_list(hub, monkeypatch):
    monkeypatch.setattr(exports, "PARTS_AT_ONCE", 200)
    peaks = []
    for rows in (4_000, 12_000):
        of = a_list(hub)
        drawn = random.Random(rows)
        take_in(of, vics(*({"MD5": drawn.randbytes(16).hex(), "Odd": "x" * 400} for _ in range(rows))))
        with on_the_road("test"):
            tracemalloc.start()
            told = write_list(of, "", lambda _text: None)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert told.copied == rows
    assert peaks[1] < peaks[0] + 2**19
