"""`abhaya match`: seized files held against lists, on a workstation without a server."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pdqhash
import pytest
from PIL import Image
from tests.custody import films

from abhaya import cli
from abhaya.commands.matching import COLUMNS
from abhaya.matching.formats import any_list
from abhaya.matching.formats.record import About
from abhaya.shared.tables import undefused
from abhaya.training.scenes import shapes


def match(*words: str | Path) -> int:
    return cli.main(["match", *map(str, words)])


def rows(table: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8", errors="surrogateescape"), newline="")))


@pytest.fixture(scope="module")
def seized(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("seized")
    Image.fromarray(shapes(3, 600, 800)).save(folder / "a.jpg", quality=90)
    edited = shapes(3, 600, 800)
    edited[:12] = 0  # a border
    Image.fromarray(edited).save(folder / "a-again.jpg", quality=40)
    Image.fromarray(shapes(9, 300, 400)).save(folder / "b.png")
    Image.fromarray(np.full((200, 200, 3), 7, np.uint8)).save(folder / "blank.png")
    (folder / "notes.txt").write_text("notes", encoding="utf-8")
    (folder / "other.txt").write_text("other", encoding="utf-8")
    return folder


def pdq(path: Path) -> str:
    return np.packbits(pdqhash.compute(np.asarray(Image.open(path)))[0]).tobytes().hex()


@pytest.fixture(scope="module")
def listed(seized, tmp_path_factory) -> Path:
    """A list: one picture by PDQ alone, one text by MD5, and a blank picture, which PDQ says nothing about."""
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    note = hashlib.md5((seized / "notes.txt").read_bytes()).hexdigest()
    lines = [
        "id,md5,pdq,category",
        f"p1,,{pdq(seized / 'a.jpg')},one",
        f"n1,{note},,two",
        f"e1,,{pdq(seized / 'blank.png')},one",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_each_file_is_told_what_it_meets_and_how_nearly(seized, listed, tmp_path):
    assert match(seized, "--list", listed, "--out", tmp_path / "out.csv") == 0
    found = {Path(undefused(row["path"])).name: row for row in rows(tmp_path / "out.csv")}
    assert tuple(found["a.jpg"]) == COLUMNS
    assert {name: row["answer"] for name, row in found.items()} == {
        "a.jpg": "looks known", "a-again.jpg": "looks known", "b.png": "new", "blank.png": "new",
        "notes.txt": "looks known", "other.txt": "new",
    }  # fmt: skip
    assert [found["a.jpg"][name] for name in ("entry", "category", "hash_type", "distance", "mode")] == [
        "p1",
        "one",
        "pdq",
        "0",
        "full",
    ]
    assert 0 < int(found["a-again.jpg"]["distance"]) <= 31
    assert [found["notes.txt"][name] for name in ("list", "entry", "hash_type", "distance")] == [
        "list.csv",
        "n1",
        "md5",
        "0",
    ]
    assert found["blank.png"]["why_not"] == "quality-too-low"
    assert found["b.png"]["why_not"] == ""


def test_the_same_bytes_are_known_only_where_the_list_says_that_two_verified_them(seized, tmp_path):
    digest = hashlib.sha256((seized / "b.png").read_bytes()).hexdigest()
    for vouched, answer in ((2, "known"), (1, "looks known")):
        table = tmp_path / f"{vouched}.csv"
        listed = tmp_path / f"{vouched}-list.csv"
        listed.write_text(f"id,sha256,vouched\nx,{digest},{vouched}\n", encoding="utf-8")
        match(seized / "b.png", "--list", listed, "--out", table)
        assert [row["answer"] for row in rows(table)] == [answer]


def test_a_file_may_meet_several_entries_of_several_lists_each_once(seized, listed, tmp_path, capsys):
    second = tmp_path / "second.csv"
    near = pdq(seized / "a.jpg")
    digest = hashlib.sha1((seized / "a.jpg").read_bytes()).hexdigest()
    second.write_text(f"id,sha1,pdq\nboth,{digest},{near}\nnear,,{near}\n", encoding="utf-8")
    assert match(seized / "a.jpg", "--list", listed, "--list", second, "--json") == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["list"], one["entry"], one["hash_type"]) for one in told] == [
        ("second.csv", "both", "sha1"), ("list.csv", "p1", "pdq"), ("second.csv", "near", "pdq"),
    ]  # fmt: skip


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_an_interrupted_table_is_gone_on_with(seized, listed, tmp_path, words):
    again = tmp_path / "again.csv"
    again.write_text(listed.read_text(encoding="utf-8") + f"p2,,{pdq(seized / 'a.jpg')},one\n", encoding="utf-8")
    once, twice = tmp_path / "once", tmp_path / "twice"
    assert match(seized, "--list", again, "--out", once, *words) == 0
    whole = once.read_bytes()
    for kept in range(len(whole) // 7, len(whole) + 1, len(whole) // 4):
        twice.write_bytes(whole[:kept])
        assert match(seized, "--list", again, "--out", twice, *words) == 0
        assert twice.read_bytes() == whole, kept


def test_a_table_made_from_another_list_or_radius_is_not_gone_on_with(seized, listed, tmp_path, capsys):
    out, other = tmp_path / "out", tmp_path / "other.csv"
    match(seized / "b.png", "--list", listed, "--out", out)
    before = out.read_bytes()
    other.write_text("id,md5\nx," + "ab" * 16 + "\n", encoding="utf-8")
    for words in (("--list", other), ("--list", listed, "--radius", "5")):
        assert match(seized, *words, "--out", out) == 3
        assert "was made from other lists or with another radius" in capsys.readouterr().err
    assert out.read_bytes() == before


def test_a_list_that_is_none_or_is_not_there_ends_it_before_anything_is_read(seized, tmp_path, capsys):
    (tmp_path / "poem").write_text("roses are red\n", encoding="utf-8")
    for path, why in ((tmp_path / "poem", "This is no hash list"), (tmp_path / "gone", "No such file")):
        assert match(seized, "--list", path, "--out", tmp_path / "out") == 3
        assert why in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_films_are_told_what_they_meet_by_how_many_frames_and_a_hashed_film_is_a_list(tmp_path, capsys):
    """What `hash` writes of a film is taken in as a list; a part of it, changed, meets it, and another film does not."""
    whole, folder = films.clip(801, 4), tmp_path / "in"
    folder.mkdir()
    (folder / "part.avi").write_bytes(films.remade(whole, "-t", "3", "-c:v", "mpeg4", "-q:v", "8", ending="avi"))
    (folder / "other.mp4").write_bytes(films.clip(802, 4))
    (folder / "torn.mp4").write_bytes(whole[:4000])
    (tmp_path / "whole.mp4").write_bytes(whole)
    assert cli.main(["hash", str(tmp_path / "whole.mp4"), "--out", str(tmp_path / "list.csv")]) == 0
    (row,) = rows(tmp_path / "list.csv")
    assert (row["pdq"], row["width"], row["mode"]) == ("", "320", "a frame every 0.25 s")
    assert len(json.loads(row["vpdq"])) == 4
    still = films.remade(films.clip(802, 4), "-ss", "2", "-frames:v", "1", ending="png")
    (tmp_path / "still.png").write_bytes(still)
    (tmp_path / "stills.csv").write_text(f"id,pdq\ns,{pdq(tmp_path / 'still.png')}\n", encoding="utf-8")
    capsys.readouterr()
    assert match(folder, "--list", tmp_path / "list.csv", "--list", tmp_path / "stills.csv", "--json") == 1
    told = {Path(one["path"]).name: one for one in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {name: (one["answer"], one["hash_type"]) for name, one in told.items()} == {
        "part.avi": ("looks known", "vpdq"), "other.mp4": ("looks known", "pdq"), "torn.mp4": ("new", None),
    }  # fmt: skip
    assert told["part.avi"]["mode"].endswith("3 of 3 frames, 3 of 4 of the list’s")
    assert told["other.mp4"]["mode"].endswith("of 4 frames, the nearest at 2 s")
    assert told["torn.mp4"]["why_not"] == "damaged"


# --- VICS ---


def test_the_table_becomes_a_vics_case_when_it_is_whole(seized, listed, tmp_path):
    out, vics = tmp_path / "m.csv", tmp_path / "case.json"
    note = hashlib.sha256((seized / "notes.txt").read_bytes()).hexdigest()
    sure = tmp_path / "sure.csv"
    sure.write_text(f"id,sha256,vouched,category\ns1,{note},2,1\n", encoding="utf-8")
    assert match(seized, "--list", listed, "--list", sure, "--out", out, "--vics", vics) == 0
    document = json.loads(vics.read_text(encoding="utf-8"))
    (case,) = document["value"]
    media = {one["MediaFiles"][0]["FileName"]: one for one in case["Media"]}
    assert set(media) == {path.name for path in seized.iterdir()}
    known, near, new = media["notes.txt"], media["a-again.jpg"], media["other.txt"]
    assert (known["Category"], known["IsPrecategorized"]) == (1, True)
    assert known["MD5"] == hashlib.md5((seized / "notes.txt").read_bytes()).hexdigest().upper()
    assert {"MD5": known["MD5"], "HashName": "SHA256", "HashValue": note} in known["AlternativeHashes"]
    assert (near["Category"], "looks known: list list.csv, entry p1" in near["Comments"]) == (None, True)
    assert (new["Category"], "Comments" in new) == (None, False)
    about = About()
    entries = list(any_list.read(vics.read_bytes()[:5000], io.BytesIO(vics.read_bytes()), about))
    assert (len(entries), about.form, dict(about.unknown)) == (len(media), "vics", {"Comments": 3})


def test_hashes_become_a_vics_case_from_either_table(seized, tmp_path):
    made = []
    for form in ([], ["--json"]):
        out, vics = tmp_path / f"h{len(form)}", tmp_path / f"v{len(form)}"
        assert cli.main(["hash", str(seized), "--out", str(out), "--vics", str(vics), *form]) == 0
        made.append(json.loads(vics.read_text(encoding="utf-8"))["value"][0]["Media"])
    assert made[0] == made[1]
    assert {one["HashName"] for one in made[0][0]["AlternativeHashes"]} == {"SHA256", "PDQ"}


def test_a_vics_case_needs_a_table_and_a_new_file(seized, listed, tmp_path, capsys):
    assert match(seized, "--list", listed, "--vics", tmp_path / "v") == 3
    (tmp_path / "there").write_text("x", encoding="utf-8")
    assert match(seized, "--list", listed, "--out", tmp_path / "t", "--vics", tmp_path / "there") == 3
    assert "--out" in capsys.readouterr().err
    assert not (tmp_path / "t").exists()
