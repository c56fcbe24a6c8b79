"""Drops: anything police and platforms hand over goes in, each report once; what cannot be read is kept and named."""

from __future__ import annotations

import dataclasses
import io
import random
import zipfile

import pytest
from tests.factory import make_officer, make_unit
from tests.intake import documents

from abhaya.custody.queries import items_of
from abhaya.intake.drops import open_load, run_load
from abhaya.intake.finding import on_disk
from abhaya.intake.formats.drop_members import Member
from abhaya.intake.formats.sniff import Kind
from abhaya.intake.queries import report
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value, values
from abhaya.training import paper, wire
from abhaya.training.emit import write_submission
from abhaya.training.parameters import TINY
from abhaya.training.world import World

SERVICE = "operator:load"


@pytest.fixture
def hub():
    return make_unit("hub")


def load(hub, *paths):
    lines = []
    with on_the_road(SERVICE):
        drop = open_load(hub, "drop", officer=None, service=SERVICE)
    counts = run_load(drop, lambda mappings: on_disk(paths, mappings), lines.append)
    return drop, counts, lines


def numbered(world, count):
    """Reports whose numbers no other test has."""
    return list(world.reports(count))


def test_submissions_kept_as_files_go_in_with_their_files(hub, tmp_path):
    reports = [one for one in World(11, TINY).reports(40) if not one.duplicate_of]
    for one in reports:
        write_submission(tmp_path / one.ref, one)
    _drop, counts, lines = load(hub, tmp_path)
    assert counts == {"new": len(reports)}
    by_path = {line.path: line.report_id for line in lines}
    some = next(one for one in reports if one.files)
    with on_the_road(SERVICE):
        assert value("select count(*) from intake_file where report_id = %s and is_held", [by_path[some.ref]]) == len(
            some.files
        )
        assert report(by_path[some.ref]).external_ref == some.ref


def test_files_of_a_submission_are_counted_as_people_count(hub, tmp_path):
    some = next(one for one in World(11, TINY).reports(40) if one.files)
    seed = some.files[0]
    some = dataclasses.replace(some, files=(seed,) * 12)
    write_submission(tmp_path / some.ref, some)
    _drop, _counts, (line,) = load(hub, tmp_path)
    with on_the_road(SERVICE):
        names = values("select name from intake_file where report_id = %s order by position", [line.report_id])
    assert names == [wire.file_name(some, position) for position in range(12)]


def test_a_place_in_the_order_is_had_for_every_name():
    names = ["a10", "a2", "a02", "10", "9", "b", "", "a" + "9" * 5000, "a-2/1", "²", "a2b10", "a2b9"]
    listed = sorted((Member(name, 0, Kind.OTHER, lambda: iter(())) for name in names), key=lambda one: one.order)
    assert [one.path for one in listed] == [
        "", "9", "10", "a02", "a2", "a2b9", "a2b10", "a10", names[7], "a-2/1", "b", "²"
    ]  # fmt: skip


def test_loading_again_changes_nothing(hub, tmp_path):
    for one in World(12, TINY).reports(10):
        write_submission(tmp_path / one.ref, one)
    load(hub, tmp_path)
    _, counts, _ = load(hub, tmp_path)
    assert set(counts) == {"same"}


def test_a_bad_item_among_many_is_set_aside_and_kept(hub, tmp_path):
    for index, one in enumerate(World(13, TINY).reports(20)):
        write_submission(tmp_path / one.ref, one)
        if index == 7:
            (tmp_path / one.ref / "report.xml").write_bytes(b"<report><incidentSummary>")
    drop, counts, lines = load(hub, tmp_path)
    bad = [line for line in lines if line.verdict == "set-aside"]
    assert "report.xml" in " ".join(line.path for line in bad)
    assert all(line.reason for line in bad)
    with on_the_road(SERVICE):
        kept = {item.name for item in items_of(drop.compartment)}
    assert any(name.endswith("report.xml") for name in kept)
    assert counts["new"] >= 18


def test_police_json_in_a_zip_with_its_files_beside_it(hub, tmp_path):
    one = next(one for one in World(14, TINY).reports(50) if one.files and not one.duplicate_of)
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as packed:
        packed.writestr("x/report.json", wire.police_json(one).replace(b"100000", b"514000"))
        for position, seed in enumerate(one.files):
            packed.writestr(f"x/{wire.file_name(one, position)}", wire.picture(seed))
    _, counts, [line] = load(hub, tmp_path)
    assert counts == {"new": 1}
    with on_the_road(SERVICE):
        assert value("select count(*) from intake_file where report_id = %s and is_held", [line.report_id]) == len(
            one.files
        )


def test_a_workbook_and_its_pdfs_meet_by_number(hub, tmp_path):
    reports = [one for one in World(15, TINY).reports(12) if not one.duplicate_of]
    (tmp_path / "w.xlsx").write_bytes(_renumbered_book(reports, "615"))
    for one in reports:
        (tmp_path / f"Report_615{paper.number(one)[3:]}.pdf").write_bytes(paper.pdf(one))
    drop, counts, lines = load(hub, tmp_path)
    assert counts["new"] == len(reports)
    first = next(line for line in lines if line.verdict == "new")
    with on_the_road(SERVICE):
        names = values("select name from intake_original where report_id = %s", [first.report_id])
        assert sorted(name.rsplit(".", 1)[-1] for name in names) == ["json", "pdf"]
        mined = value("select count(*) from selectors_sighting where report_id = %s and mined", [first.report_id])
        assert mined >= 0
        assert [item.name for item in items_of(drop.compartment)] == ["w.xlsx"]


def test_the_workbook_is_the_hubs_and_a_row_is_not_the_whole_workbook(hub, tmp_path):
    reports = [one for one in World(16, TINY).reports(5) if not one.duplicate_of]
    (tmp_path / "w.xlsx").write_bytes(_renumbered_book(reports, "616"))
    drop, _, _ = load(hub, tmp_path)
    charlie = make_officer(make_unit("district"))
    with acting(charlie.id):
        assert items_of(drop.compartment) == []


def test_a_hostile_archive_is_refused_with_its_limit_and_the_rest_goes_in(hub, tmp_path):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb", b"\0" * 60_000_000)
    (tmp_path / "bomb.zip").write_bytes(bomb.getvalue())
    one = next(World(17, TINY).reports(1))
    write_submission(tmp_path / one.ref, one)
    _, counts, lines = load(hub, tmp_path)
    assert counts == {"new": 1, "set-aside": 1}
    assert "200 times" in next(line.reason for line in lines if line.verdict == "set-aside")


def test_links_are_not_followed(hub, tmp_path):
    (tmp_path / "link.xml").symlink_to("/etc/hostname")
    _, counts, [line] = load(hub, tmp_path)
    assert counts == {"set-aside": 1}
    assert "not followed" in line.reason


def test_the_loss_report_names_what_was_not_understood(hub, tmp_path):
    one = next(World(18, TINY).reports(1))
    document = wire.report_xml(one).replace(b"</incidentSummary>", b"<newerThing>x</newerThing></incidentSummary>")
    (tmp_path / "report.xml").write_bytes(document)
    _, _, [line] = load(hub, tmp_path)
    assert any("newerThing" in what for _, what, _, _ in line.losses)


def _renumbered_book(reports, prefix):
    """The workbook with numbers of this test's own, so that no other test holds them."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(paper.workbook(reports)))
    for row in book.active.iter_rows(min_row=2):
        row[1].value = int(prefix + str(row[1].value)[3:])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


REPORT = documents.MINIMAL_REPORT


def described(name):
    return f"<fileDetails><reportId>1</reportId><fileId>{name}</fileId><originalFileName>{name}</originalFileName></fileDetails>"


def test_a_file_that_cannot_be_unpacked_does_not_take_its_report_with_it(hub, tmp_path):
    noise = random.Random(3).randbytes(3_000_000)
    with zipfile.ZipFile(tmp_path / "tips.zip", "w") as packed:
        packed.writestr("1/report.xml", REPORT)
        packed.writestr("1/broken.bin", noise)
        packed.writestr("1/whole.bin", b"whole")
    data = bytearray((tmp_path / "tips.zip").read_bytes())
    data[2_900_000] ^= 0xFF
    (tmp_path / "tips.zip").write_bytes(data)
    _, counts, lines = load(hub, tmp_path / "tips.zip")
    assert counts == {"new": 1, "set-aside": 1}
    new, aside = sorted(lines, key=lambda line: line.verdict)
    assert aside.path == "tips.zip/1/broken.bin"
    assert "cannot be unpacked to its end" in aside.reason
    with on_the_road(SERVICE):
        held = "select array_agg(name order by name) from intake_file where report_id = %s and is_held = %s"
        assert value(held, [new.report_id, True]) == ["whole.bin"]
        assert value(held, [new.report_id, False]) == ["broken.bin"]


def test_a_pdf_or_csv_that_details_name_is_a_file_of_the_submission(hub, tmp_path):
    folder = tmp_path / "7001"
    folder.mkdir()
    (folder / "report.xml").write_text(REPORT)
    for name in ("letter.pdf", "chat.csv", "pack.zip"):
        (folder / f"{name}.xml").write_text(described(name))
    (folder / "letter.pdf").write_bytes(b"%PDF-1.4 not really")
    (folder / "chat.csv").write_text("who,what\na,asks age\n")
    with zipfile.ZipFile(folder / "pack.zip", "w") as packed:
        packed.writestr("a.txt", "a")
    _, counts, lines = load(hub, tmp_path)
    assert counts == {"new": 1}
    with on_the_road(SERVICE):
        held = value(
            "select array_agg(name order by name) from intake_file where report_id = %s and is_held",
            [lines[0].report_id],
        )
    assert held == ["chat.csv", "letter.pdf", "pack.zip"]


def test_a_malformed_report_is_set_aside_with_all_that_stood_beside_it(hub, tmp_path):
    (tmp_path / "report2.xml").write_text("<fileDetails><reportId>1</reportId></fileDetails>")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    (tmp_path / "report.xml").write_text("<report><incidentSummary></report>")
    drop, counts, lines = load(hub, tmp_path)
    assert counts == {"set-aside": 3}
    assert "is closed by 'report' (line 1" in next(line.reason for line in lines if line.path == "report.xml")
    with on_the_road(SERVICE):
        kept = {item.name for item in items_of(drop.compartment)}
    assert {"report.xml", "report2.xml", "photo.png"} <= kept


def test_files_that_come_later_are_kept_with_the_report_they_belong_to(hub, tmp_path):
    one = next(one for one in World(19, TINY).reports(50) if one.files and not one.duplicate_of)
    document = wire.police_json(one).replace(b"100000", b"519000")
    for folder in ("without", "with"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.json").write_bytes(document)
    for position, seed in enumerate(one.files):
        (tmp_path / "with" / wire.file_name(one, position)).write_bytes(wire.picture(seed))
    load(hub, tmp_path / "without")
    _, counts, [line] = load(hub, tmp_path / "with")
    assert counts == {"added": 1}
    held = "select count(*) from intake_file where report_id = %s and is_held"
    with on_the_road(SERVICE):
        assert value(held, [line.report_id]) == len(set(one.files))
    _, counts, _ = load(hub, tmp_path / "with")
    assert counts == {"same": 1}
    with on_the_road(SERVICE):
        assert value(held, [line.report_id]) == len(set(one.files))
