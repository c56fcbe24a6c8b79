"""The verifier against what others hold: witnesses, time-stamps, a second export, a file, and who looked."""

import base64
import hashlib
import json
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from tests.verify.conftest import BEGAN, World
from tests.witness import make_authority

from abhaya.ledger import canonical, note

PARTNER = note.Key("witness.example/pune", Ed25519PrivateKey.from_private_bytes(b"w" * 32))


def cosigned(world, size, key=PARTNER, seconds=1_795_300_000, text=None):
    """The line that a witness puts under the checkpoint at this size."""
    text = text or world.checkpoint(size).text
    blob = note.key_id(key.name, note.STAMPED, key.public) + seconds.to_bytes(8, "big")
    blob += key.private.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
    return f"— {key.name} {base64.b64encode(blob).decode()}\n"


def add_line(world, size, line):
    rows = world.rows("checkpoints")
    for row in rows:
        if row["size"] == size:
            row["note"] += line
    world.put("checkpoints", rows)


@pytest.fixture
def partner(tmp_path):
    path = tmp_path / "partner-key"
    path.write_text(note.verifier_line(PARTNER.name, PARTNER.public, note.STAMPED) + "\n")
    return path


# Witnesses


def test_what_a_witness_signed_holds_against_whoever_has_the_key(world, verified, partner):
    add_line(world, 9, cosigned(world, 9))
    code, said = verified(world, "--witness", partner)
    assert code == 0, said
    assert "HOLDS  Witness witness.example/pune signed 9 entries on 2026-11-21" in said
    assert "rewrote everything" not in said


def test_a_witness_whose_signature_was_left_out_is_missed(world, verified, partner):
    code, said = verified(world, "--witness", partner)
    assert code == 1
    assert "Witness witness.example/pune signed none of these checkpoints: its signatures were left out" in said


@pytest.mark.parametrize("forge", ["another key", "another text", "another time"])
def test_a_forged_signature_of_a_witness_is_named(world, verified, partner, forge):
    if forge == "another key":  # under the witness's own key id: who looks at names only is deceived
        other = Ed25519PrivateKey.generate()
        genuine = base64.b64decode(cosigned(world, 9).split()[2])
        signed = other.sign(f"cosignature/v1\ntime 1795300000\n{world.checkpoint(9).text}".encode())
        line = f"— {PARTNER.name} {base64.b64encode(genuine[:12] + signed).decode()}\n"
    elif forge == "another text":
        line = cosigned(world, 9, text=world.checkpoint(4).text)
    else:
        genuine = bytearray(base64.b64decode(cosigned(world, 9).split()[2]))
        genuine[11] ^= 1
        line = f"— {PARTNER.name} {base64.b64encode(bytes(genuine)).decode()}\n"
    add_line(world, 9, line)
    code, said = verified(world, "--witness", partner)
    assert code == 1
    assert "The signature of witness witness.example/pune on the checkpoint at 9 entries is forged" in said


def test_signers_nobody_vouched_for_are_named_as_not_checked(world, verified):
    add_line(world, 9, cosigned(world, 9))
    code, said = verified(world)
    assert code == 0
    assert "NOT CHECKED  signatures of witness.example/pune: ask them for their keys" in said


# Time-stamps


@pytest.fixture
def authority(tmp_path):
    return make_authority(tmp_path / "tsa")


def stamped(world, authority, size=12, text=None):
    """A stamp over a checkpoint; checkpoints of this world say they were signed before now, whenever now is."""
    data = (text or world.checkpoint(size).text).encode()
    query = TimestampRequestBuilder(data=data, hash_algorithm=HashAlgorithm.SHA256).build()
    response = base64.b64encode(authority.reply(query.as_bytes())).decode()
    world.put("stamps", [{"size": size, "at": canonical.instant(BEGAN), "authority": "x", "response": response}])


def signed_long_ago(world):
    seconds = 1_600_000_000
    world.put("checkpoints", [{"size": s, "note": world.key.sign(world.checkpoint(s), seconds)} for s in world.sizes])
    (world.folder / "checkpoint").write_text(world.key.sign(world.checkpoint(12), seconds))


def test_a_time_stamp_stands_under_the_root_the_reader_chose(world, verified, authority):
    signed_long_ago(world)
    stamped(world, authority)
    code, said = verified(world, "--tsa-ca", authority.root)
    assert code == 0, said
    assert "HOLDS  1 time-stamps stand; the newest says that 12 entries were there on 20" in said


def test_without_root_or_openssl_nothing_is_called_good(world, verified, authority, monkeypatch):
    signed_long_ago(world)
    stamped(world, authority)
    assert "NOT CHECKED  1 time-stamps: give the authority's root certificate" in verified(world)[1]
    monkeypatch.setattr(shutil, "which", lambda _: None)
    code, said = verified(world, "--tsa-ca", authority.root)
    assert code == 0
    assert "NOT CHECKED  1 time-stamps: the program openssl is not here" in said
    assert "stamps stand" not in said


def test_forged_time_stamps_are_named(world, verified, authority, tmp_path):
    signed_long_ago(world)
    cases = {
        "it was made for another text": lambda: stamped(world, authority, text="another"),
        "it does not lead to the root certificate you gave": lambda: stamped(world, make_authority(tmp_path / "other")),
        "openssl cannot read it": lambda: world.put(
            "stamps", [{"size": 12, "at": "", "authority": "", "response": "AAAA"}]
        ),
        "it is not base64": lambda: world.put("stamps", [{"size": 12, "at": "", "authority": "", "response": "?"}]),
        "stands over no checkpoint that adds up": lambda: world.put(
            "stamps", [{"size": 11, "at": "", "authority": "", "response": "AAAA"}]
        ),
    }
    for sentence, tamper in cases.items():
        tamper()
        code, said = verified(world, "--tsa-ca", authority.root)
        assert code == 1
        assert sentence in said


def test_a_time_stamp_by_a_certificate_that_had_ended_is_named(world, verified, tmp_path):
    signed_long_ago(world)
    ended = make_authority(tmp_path / "ended", expired=True)
    stamped(world, ended)
    code, said = verified(world, "--tsa-ca", ended.root)
    assert code == 1
    assert "the authority’s certificate had ended when it was made" in said


def test_a_checkpoint_stamped_before_it_says_it_was_signed_lies_about_its_time(world, verified, authority):
    future = 4_000_000_000
    world.put("checkpoints", [{"size": s, "note": world.key.sign(world.checkpoint(s), future)} for s in world.sizes])
    stamped(world, authority)
    code, said = verified(world, "--tsa-ca", authority.root)
    assert code == 1
    assert "before the checkpoint says it was signed" in said


# Two exports


def second(world, tmp_path, change):
    folder = tmp_path / "second"
    folder.mkdir()
    other = World(folder, world.key, json.loads(json.dumps(world.bodies)), list(world.sizes), list(world.salts))
    change(other)
    return other.write()


def test_a_split_view_is_named_with_both_checkpoints(world, verified, tmp_path):
    def change(other):
        other.bodies[5]["facts"]["number"] = 99

    other = second(world, tmp_path, change)
    assert verified(other)[0] == 0  # each is consistent and signed: only together they show it
    code, said = verified(world, "--other", other.folder)
    assert code == 1
    assert "SPLIT VIEW: two histories of this ledger are signed with its key, and part at entry 5." in said
    for one in (world, other):
        assert one.checkpoint(12).root.hex() in said
        assert one.checkpoint(12).code() in said


def test_a_longer_and_a_shorter_export_of_one_history_agree(world, verified, tmp_path):
    def change(other):
        del other.bodies[9:], other.salts[9:]
        other.sizes = [4, 9]

    other = second(world, tmp_path, change)
    code, said = verified(world, "--other", other.folder)
    assert code == 0, said
    assert "tells the same history in its first 9 entries" in said


# Files


def test_a_received_file_is_found_and_a_swapped_one_missed(world, verified, tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(b'{"asks": "age"}')
    world.entry(originals=[hashlib.sha256(path.read_bytes()).hexdigest()])
    world.sizes.append(13)
    world.write()
    code, said = verified(world, "--file", path)
    assert code == 0, said
    assert "entry 12 names it, intake:report:received" in said
    path.write_bytes(b'{"asks": "agE"}')
    code, said = verified(world, "--file", path)
    assert code == 1
    assert "No entry names the bytes of" in said


# Who looked


def test_who_looked_on_a_day_is_answered_from_the_whole_ledger(world, verified):
    report = "00000000-0000-0000-0000-0000000000aa"
    for day, name in (
        ("2026-03-02T18:29:59", "A. Kale"),
        ("2026-03-02T18:30:00", "B. Rao"),
        ("2026-03-03T18:29:59", "C"),
    ):
        world.entry("desk:report:viewed")
        world.bodies[-1] |= {"at": f"{day}.000000Z", "actor_name": name, "subject": report, "purpose": "IG-48"}
    world.entry("triage:report:claimed")
    world.bodies[-1] |= {"subject": report}
    world.sizes = [16]
    world.write()
    code, said = verified(world, "--about", report, "--day", "2026-03-03")
    assert code == 0, said
    assert "LOOKED entry 13: 2026-03-02T18:30:00.000000Z B. Rao, desk:report:viewed" in said
    assert "LOOKED entry 14" in said
    assert "A. Kale" not in said
    assert f"LOOKED 2 times at {report} on 2026-03-03. These are all that the ledger holds." in said
    assert "LOOKED 3 times" in verified(world, "--about", report)[1]
    assert verified(world, "--about", report, "--day", "3 March")[0] == 2


# Restores and erasures


def test_what_a_restore_lost_is_told(world, verified):
    world.entry("ledger:ledger:resumed", reason="disk of 12 March lost", signed_size=400, signed_root="00" * 32)
    world.sizes.append(13)
    world.write()
    code, said = verified(world)
    assert code == 0
    assert "LOST   Entry 12 says that a backup was restored (disk of 12 March lost): entries up to 400" in said


def test_openssl_here_can_check_time_stamps():
    assert subprocess.run(["openssl", "ts", "-help"], capture_output=True, check=False).returncode == 0
