"""Promise 3 with a witness: once it has signed, whoever holds machine, database and key cannot bend what lies below unseen."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.witness import Witness

ROOT = Path(__file__).resolve().parents[2]
SIGNED_SECONDS_MAX = 120


def verifier(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "verify"), str(folder), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_a_worker_has_the_ledger_witnessed_and_a_rewrite_with_the_real_key_is_found_and_refused(
    fresh_database, bench, tmp_path
):
    for count in range(3):  # each export is an act, and has its entry
        fresh_database.run("export", "ledger", "--out", str(tmp_path / f"before-{count}"))
    partner = Witness.made(tmp_path / "partner")
    partner.trust((tmp_path / "before-2" / "key.txt").read_text())
    partner.start()
    key = tmp_path / "partner-key"
    key.write_text(partner.vkey + "\n")
    fresh_database.environment |= {"ABHAYA_WITNESSES": f"{partner.vkey} {partner.url}", "ABHAYA_TRAINING": "1"}
    try:
        fresh_database.start("worker")
        wait_for(bench, fresh_database, "select 1 from ledger_cosignature")
        fresh_database.run("export", "ledger", "--out", str(tmp_path / "witnessed"))
        told = verifier(tmp_path / "witnessed", "--witness", str(key))
        assert told.returncode == 0, told.stdout
        assert "HOLDS  Witness witness.example/pune signed" in told.stdout
        fresh_database.stop()

        # An entry under the signature is bent, and everything sealed and signed anew.
        fresh_database.run("training", "tamper", "split-view")
        fresh_database.run("export", "ledger", "--out", str(tmp_path / "after"))
        told = verifier(tmp_path / "after", "--witness", str(key))
        assert told.returncode == 1
        assert "The signature of witness witness.example/pune" in told.stdout
        assert "is forged" in told.stdout

        fresh_database.start("worker")
        wait_for(bench, fresh_database, "select 1 from ledger_entry where event = 'ledger:witness:refused'")
        with bench.connect("abhaya_owner", fresh_database.database) as owner:
            (said,) = owner.execute("select problem->'values'->>'said' from ledger_outsider").fetchone()
        assert "SPLIT VIEW" in said
        assert list(partner.folder.glob("ledgers/*/refused/*"))
    finally:
        partner.stop()


def wait_for(bench, served, statement: str) -> None:
    until = time.monotonic() + SIGNED_SECONDS_MAX
    with bench.connect("abhaya_owner", served.database) as owner:
        owner.autocommit = True
        while owner.execute(statement).fetchone() is None:
            assert time.monotonic() < until, (served.data / "worker.log").read_text()
            time.sleep(0.2)
