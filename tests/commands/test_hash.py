"""`abhaya hash`: a folder in, a table out, on any workstation, whatever lies in the folder."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pdqhash
import pytest
from PIL import Image
from tests.custody import films

from abhaya import cli
from abhaya.commands.hashing import COLUMNS
from abhaya.shared.tables import undefused
from abhaya.training.scenes import shapes


def run(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    bare = {name: said for name, said in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}  # as anybody starts it
    return subprocess.run(
        [sys.executable, "-m", "abhaya.cli", "hash", *map(str, words)], cwd=cwd,
        env={**bare, "ABHAYA_DATA": "/nonexistent"}, capture_output=True, check=False,
    )  # fmt: skip


def here(*words: str | Path) -> int:
    """The same in this process: starting Python costs more than reading a few files."""
    return cli.main(["hash", *map(str, words)])


def rows(table: bytes) -> dict[str, dict[str, str]]:
    read = csv.DictReader(io.StringIO(table.decode("utf-8", "surrogateescape"), newline=""))
    return {undefused(row["path"]): row for row in read}


@pytest.fixture(scope="module")
def seized(tmp_path_factory) -> Path:
    """A folder as it may come off a seized disk; outside it lies what no link may lead to."""
    folder = tmp_path_factory.mktemp("seized")
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("not in the folder", encoding="utf-8")
    (folder / "DCIM/100").mkdir(parents=True)
    Image.fromarray(shapes(3, 600, 800)).save(folder / "DCIM/100/one.jpg", quality=90)
    Image.fromarray(shapes(4, 300, 200)).save(folder / "DCIM/two.png")
    whole = (folder / "DCIM/100/one.jpg").read_bytes()
    (folder / "DCIM/cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "DCIM/link.jpg").symlink_to(outside / "secret.txt")
    (folder / "elsewhere").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    (folder / "=1+1.txt").write_text("a formula", encoding="utf-8")
    (folder / "a name\nof two lines.txt").write_text("two lines", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/latin-\xe9.txt")).write_text("no text in UTF-8", encoding="utf-8")
    (folder / "empty").touch()
    return folder


@pytest.fixture(scope="module")
def table(seized) -> subprocess.CompletedProcess[bytes]:
    return run(".", cwd=seized)


def test_every_file_has_its_row_and_no_link_leads_out(table):
    assert list(rows(table.stdout)) == [
        "=1+1.txt", "a name\nof two lines.txt", "empty", "latin-\udce9.txt", "DCIM/cut.jpg", "DCIM/two.png", "DCIM/100/one.jpg",
    ]  # fmt: skip
    assert b"'=1+1.txt" in table.stdout
    assert b"not in the folder" not in table.stdout
    assert tuple(rows(table.stdout)["empty"]) == COLUMNS


def test_the_digests_are_those_of_the_bytes_and_pdq_is_that_of_the_picture(table, seized):
    found = rows(table.stdout)
    for path, row in found.items():
        content = (seized / path).read_bytes()
        assert (row["size_bytes"], row["sha256"]) == (str(len(content)), hashlib.sha256(content).hexdigest())
        assert row["md5"] == hashlib.md5(content).hexdigest()
        assert row["sha1"] == hashlib.sha1(content).hexdigest()
    for path in ("DCIM/two.png", "DCIM/100/one.jpg"):
        bits, quality = pdqhash.compute(np.asarray(Image.open(seized / path)))
        assert (found[path]["pdq"], found[path]["quality"]) == (np.packbits(bits).tobytes().hex(), str(quality))
        assert found[path]["mode"] == "full"
        assert found[path]["decoder"]
    assert found["DCIM/100/one.jpg"]["pdq"] != found["DCIM/100/one.jpg"]["pdq_512"] != ""
    assert found["empty"]["pdq"] == found["empty"]["why_not"] == ""


def test_what_could_not_be_decoded_is_set_aside(table):
    assert rows(table.stdout)["DCIM/cut.jpg"]["why_not"] == "damaged"
    assert table.returncode == 1
    assert table.stderr == b""


def test_a_path_that_is_not_there_is_named(tmp_path, capsys):
    assert here(tmp_path / "gone") == 1
    assert "gone: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_an_interrupted_table_is_gone_on_with_behind_its_last_whole_row(words, tmp_path):
    folder, once, twice = tmp_path / "in", tmp_path / "once", tmp_path / "twice"
    folder.mkdir()
    for name in ("a", "=b", "c\nc", 'd,"d"', "e"):
        (folder / name).write_text(name, encoding="utf-8")
    assert here(folder, "--out", once, *words) == 0
    whole = once.read_bytes()
    assert once.stat().st_mode & 0o777 == 0o600
    for kept in range(0, len(whole) + 1, 31):
        twice.write_bytes(whole[:kept])
        assert here(folder, "--out", twice, "--processes", "2", *words) == 0
        assert twice.read_bytes() == whole, kept


def test_what_has_its_row_is_not_read_again(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/file").write_text("one", encoding="utf-8")
    here(tmp_path / "in", "--out", tmp_path / "table")
    (tmp_path / "in/file").write_text("two", encoding="utf-8")
    (tmp_path / "in/new").write_text("new", encoding="utf-8")
    here(tmp_path / "in", "--out", tmp_path / "table")
    found = [row["sha256"] for row in rows((tmp_path / "table").read_bytes()).values()]
    assert found == [hashlib.sha256(content).hexdigest() for content in (b"one", b"new")]


def test_the_table_itself_is_no_row_of_itself(tmp_path):
    (tmp_path / "file").touch()
    here(tmp_path, "--out", tmp_path / "table.csv")
    assert list(rows((tmp_path / "table.csv").read_bytes())) == [str(tmp_path / "file")]


@pytest.mark.parametrize("words", [(), ("--json",)])
@pytest.mark.parametrize(
    "content", ["notes of a case", "notes\nof a case\n", '{"a": 1}\n', "path,size_bytes,md5\nx,1,2\n"]
)
def test_a_file_that_is_no_table_of_ours_is_left_as_it_is(words, content, tmp_path, capsys):
    (tmp_path / "notes").write_text(content, encoding="utf-8")
    assert here(tmp_path, "--out", tmp_path / "notes", *words) == 3
    assert "is no table of this command" in capsys.readouterr().err
    assert (tmp_path / "notes").read_text(encoding="utf-8") == content


def test_one_object_a_line_says_the_same_as_the_table(table, seized):
    told = {row["path"]: row for row in map(json.loads, run(".", "--json", cwd=seized).stdout.splitlines())}
    for path, row in rows(table.stdout).items():
        assert {name: "" if cell is None else str(cell) for name, cell in told[path].items()} == row | {"path": path}
    assert told["DCIM/two.png"]["quality"] == int(rows(table.stdout)["DCIM/two.png"]["quality"])


def test_in_bulk_a_large_jpeg_is_decoded_smaller(tmp_path):
    Image.fromarray(shapes(5, 1200, 1600)).save(tmp_path / "large.jpg")
    here(tmp_path, "--bulk", "--out", tmp_path / "table")
    (row,) = rows((tmp_path / "table").read_bytes()).values()
    assert row["mode"] == "scaled-8"


def test_a_film_has_a_frame_a_second_and_without_ffmpeg_says_so(tmp_path, settings):
    (tmp_path / "film").write_bytes(films.clip(803, 3))
    (row,) = rows(run(tmp_path / "film").stdout).values()
    assert [frame.split(",")[1:] for frame in json.loads(row["vpdq"])] == [["100", f"{at}.000"] for at in range(3)]
    assert (row["pdq"], row["width"], row["height"], row["why_not"]) == ("", "320", "240", "")
    settings.FFMPEG = ""
    assert here(tmp_path / "film", "--out", tmp_path / "table") == 1
    (row,) = rows((tmp_path / "table").read_bytes()).values()
    assert (row["vpdq"], row["why_not"]) == ("", "no-ffmpeg")
