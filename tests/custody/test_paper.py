"""The key on paper, as its holders use it: the real command, sheets as files, a rehearsal and a restore."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pypdf
import pytest
from django.conf import settings
from tests.custody.world import ask

from abhaya.commands import key as command
from abhaya.custody import operator_key, paper
from abhaya.custody.paper import WrongSheets
from abhaya.custody.shares import Share, read
from abhaya.custody.vault import open_vault, vault
from abhaya.errors import OperatorError

LINE = re.compile(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{2}")


def text_of(path: Path) -> str:
    return pypdf.PdfReader(path).pages[0].extract_text()


def share_on(path: Path) -> Share:
    return read("\n".join(LINE.findall(text_of(path))))


@pytest.fixture
def sheets(tmp_path):
    return paper.split(tmp_path / "sheets", count=3, needed=2)


def test_each_holder_gets_a_sheet_that_only_the_operator_may_read(sheets):
    assert [path.name for path in sheets] == [f"share-{n}-of-3.pdf" for n in (1, 2, 3)]
    assert {stat.S_IMODE(path.stat().st_mode) for path in sheets} == {0o600}
    for number, path in enumerate(sheets, start=1):
        text = text_of(path)
        assert len(pypdf.PdfReader(path).pages) == 1
        assert f"Share {number} of 3" in text
        assert vault().key.id.hex() in text
        assert re.search("[\u0900-\u097f]", text)
        assert share_on(path).number == number


def test_two_of_three_sheets_are_the_key_and_no_sheet_shows_it(sheets):
    master = paper.joined([share_on(sheets[2]), share_on(sheets[0])])
    assert master == operator_key.find(settings.DATA_DIR, vault().key.id).master
    assert not any(master.hex() in text_of(path) for path in sheets)


def test_the_splitting_is_in_the_ledger_without_a_share(sheets):
    note = ask("select split_shares, split_needed from custody_operator_key where key_id = %s", vault().key.id.hex())
    assert note == [(3, 2)]
    ((body,),) = ask("select body from ledger_entry where event = 'custody:key:split' order by id desc limit 1")
    text = bytes(body).decode()
    assert '"shares":3' in text
    assert not any(line in text for path in sheets for line in share_on(path).lines)


def test_sheets_go_into_a_folder_of_their_own(tmp_path):
    (tmp_path / "other").write_text("x")
    with pytest.raises(OperatorError, match="not empty"):
        paper.split(tmp_path, count=3, needed=2)


def test_a_splitting_that_makes_no_sense_is_refused_in_words(tmp_path):
    with pytest.raises(WrongSheets, match="2 or more are needed, not 5 of 3"):
        paper.split(tmp_path / "new", count=3, needed=5)


def test_a_false_sheet_that_reads_right_is_told(sheets):
    good = share_on(sheets[0])
    false = Share(good.set_id, good.key_id, 2, 2, bytes(32))
    with pytest.raises(WrongSheets, match="one of them is false"):
        paper.joined([good, read("\n".join(false.lines))])


def test_the_rehearsal_types_sheets_without_echo_and_writes_no_key(sheets, monkeypatch, capsys):
    typed = iter([*share_on(sheets[0]).lines[:4], "0000-0000-0000-0000-00", *share_on(sheets[0]).lines,
                  *share_on(sheets[1]).lines])  # fmt: skip
    monkeypatch.setattr(command.getpass, "getpass", lambda _prompt: next(typed))
    before = {path: path.read_bytes() for path in (settings.DATA_DIR / "secrets").iterdir()}
    from abhaya.cli import parser

    assert command.join(parser().parse_args(["key", "join", "--prove"])) == 0
    told = capsys.readouterr()
    assert "Line 5 is mistyped" in told.err
    assert f"Shares 1, 2 make the key {vault().key.id.hex()} of this vault" in told.out
    assert {path: path.read_bytes() for path in (settings.DATA_DIR / "secrets").iterdir()} == before
    assert ask("select proved_at is not null from custody_operator_key where key_id = %s", vault().key.id.hex()) == [
        (True,)
    ]


def test_a_lost_key_is_written_back_and_the_vault_opens(tmp_path, sheets, fresh_database):
    """On the real program: the key's file is gone, nothing opens, the sheets bring it back."""
    fresh_database.run("key", "split", "--shares", "3", "--needed", "2", "--out", str(tmp_path / "own"))
    own = sorted((tmp_path / "own").iterdir())
    secret = fresh_database.data / "secrets" / "vault"
    kept = secret.read_text()
    secret.unlink()
    refused = fresh_database.run("check", check=False)
    assert refused.returncode == 3
    assert "from its paper shares: abhaya key join" in refused.stderr
    typed = "\n\n".join("\n".join(share_on(path).lines) for path in (own[2], own[1]))
    for wrong, sentence in [
        (typed.split("\n\n")[0], "1 of the 2 shares needed"),
        ("\n\n".join("\n".join(share_on(path).lines) for path in sheets), "this vault is under another one"),
        (typed[:-1] + "U", "Sheet 2 of the file: Line 5 holds “U”"),
    ]:
        refused = fresh_database.run("key", "join", "--shares-file", "-", check=False, stdin=wrong)
        assert (refused.returncode, sentence in refused.stderr) == (1, True), refused.stderr
        assert not secret.exists()
    fresh_database.run("key", "join", "--shares-file", "-", stdin=typed)
    assert secret.read_text() == kept
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert fresh_database.run("key", "show").stdout.startswith(share_on(own[0]).key_id.hex())


def test_another_file_in_the_keys_place_is_not_written_over(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    open_vault.cache_clear()
    master = operator_key.find(tmp_path, vault().key.id).master
    assert paper.put_back(master) == tmp_path / "secrets" / "vault"
    (tmp_path / "secrets" / "vault").write_text("00" * 32)
    with pytest.raises(OperatorError, match="holds something else already"):
        paper.put_back(master)
    assert (tmp_path / "secrets" / "vault").read_text() == "00" * 32
    open_vault.cache_clear()
