"""Promise 3: nobody, the administrator included, can change an entry covered by a checkpoint that has left the machine
without the stand-alone verifier saying so.

The administrator here has everything: the machine, the database's owner and the signing key. They rewrite one entry, seal
it again, put the tree right and sign every checkpoint anew. The program's own memory is theirs too, so they erase it. Only
what a court holds on paper is not theirs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from abhaya.ledger import canonical, merkle, note

ROOT = Path(__file__).resolve().parents[2]
NOW = 1_795_300_000


def verifier(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "verify"), str(folder), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_what_left_on_paper_binds_even_who_holds_machine_database_and_key(fresh_database, bench, tmp_path):
    for count in range(2):  # each export is an act, and has its entry
        fresh_database.run("export", "ledger", "--out", str(tmp_path / f"before-{count}"), "--for", "Sessions Court")
    paper = note.parse((tmp_path / "before-1" / "checkpoint").read_text())
    code = f"{paper.size}:{paper.code()}"
    assert verifier(tmp_path / "before-1", "--code", code).returncode == 0

    with bench.connect("abhaya_owner", fresh_database.database) as owner:
        owner.execute("alter table ledger_entry drop constraint ledger_entry_committed")
        entry, salt, body = owner.execute(
            "select e.id, e.salt, e.body from ledger_entry e join ledger_leaf l on l.entry_id = e.id"
            " order by l.index limit 1"
        ).fetchone()
        forged = canonical.encode(json.loads(body) | {"actor_name": "operator:nobody"})
        sealed = canonical.commitment(salt, forged)
        owner.execute(
            "update ledger_entry set actor_name = 'operator:nobody', body = %s, commitment = %s where id = %s",
            [forged, sealed, entry],
        )
        owner.execute("update ledger_leaf set leaf_hash = %s where entry_id = %s", [merkle.leaf_hash(sealed), entry])
        (origin,) = owner.execute("select origin from ledger_log").fetchone()
        seed = (fresh_database.data / "secrets" / "ledger-signing").read_text().strip()
        key = note.Key(origin, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)))
        sizes = {size for (size,) in owner.execute("select size from ledger_checkpoint")}
        edge = merkle.Frontier()
        for (leaf,) in owner.execute("select leaf_hash from ledger_leaf order by index").fetchall():
            edge.append(leaf)
            if edge.size in sizes:
                signed = key.sign(note.Checkpoint(origin, edge.size, edge.root()), NOW)
                owner.execute(
                    "update ledger_checkpoint set root = %s, note = %s where size = %s",
                    [edge.root(), signed, edge.size],
                )
        owner.execute("update ledger_frontier set roots = %s", [edge.packed()])
    for memory in (fresh_database.data / "ledger").iterdir():
        memory.unlink()

    fresh_database.run("export", "ledger", "--out", str(tmp_path / "after"))
    told = verifier(tmp_path / "after", "--code", code)
    assert told.returncode == 1
    assert "FAILS  History was rewritten: the first" in told.stdout
    # The ledger's own entries swear to the roots that left, so that even without the paper one contradiction shows.
    assert "records that a checkpoint" in verifier(tmp_path / "after").stdout
