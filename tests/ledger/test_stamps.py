"""Time-stamps by a real authority: kept when they are for this text and question, refused by name when not."""

import subprocess

import pytest
from django.conf import settings
from tests.witness import make_authority, serving

from abhaya.ledger import queries, stamps
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch


@pytest.fixture
def authority(tmp_path, written, monkeypatch):
    written(2)
    with serving(make_authority(tmp_path / "tsa")) as made:
        monkeypatch.setattr(settings, "LEDGER_TSA", made.url)
        monkeypatch.setattr(settings, "LEDGER_TSA_CA", made.root)
        yield made


def stamp():
    with on_the_road("road:ledger"):
        done = stamps.stamp_newest()
    sequence_all()
    return done


def problem(authority):
    with on_the_road("road:test"):
        ((told,),) = fetch(
            lambda told: (told,),
            "select problem->'values'->>'said' from ledger_outsider where name = %s",
            [authority.url],
        )
    return told


def test_the_newest_checkpoint_is_stamped_and_openssl_agrees(authority, tmp_path):
    with on_the_road("road:test"):
        text = queries.last_checkpoint().stated.text
    assert stamp()
    with on_the_road("road:test"):
        ((size, response),) = fetch(
            lambda size, response: (size, bytes(response)),
            "select size, response from ledger_stamp where authority = %s", [authority.url],
        )  # fmt: skip
    (tmp_path / "text").write_text(text)
    (tmp_path / "response").write_bytes(response)
    command = ["openssl", "ts", "-verify", "-data", "text", "-in", "response", "-CAfile", str(authority.root)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert text.split("\n")[1] == str(size)


def test_where_nothing_new_stands_no_stamp_is_asked_for(authority, written):
    assert stamp()
    assert not stamp()
    assert authority.asked == 1
    written(1)
    assert stamp()


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("other text", "the stamp is for another text"),
        ("other question", "its nonce is wrong"),
        ("refuses", "the authority refused: status 2 Message digest algorithm is not supported."),
        ("nonsense", "no time-stamp response"),
    ],
)
def test_an_answer_to_something_else_is_refused_by_name(authority, mode, sentence):
    authority.mode = mode
    assert not stamp()
    assert sentence in problem(authority)
    authority.mode = ""
    assert stamp()
    assert problem(authority) is None


def test_a_stamp_under_another_root_is_refused(authority, tmp_path, monkeypatch):
    other = make_authority(tmp_path / "other")
    monkeypatch.setattr(settings, "LEDGER_TSA_CA", other.root)
    assert not stamp()
    assert "does not lead to the root certificate in root.pem (unable to get local issuer certificate)" in problem(
        authority
    )


def test_a_stamp_by_a_certificate_that_had_ended_is_refused(tmp_path, written, monkeypatch):
    written(1)
    with serving(make_authority(tmp_path / "tsa", expired=True)) as made:
        monkeypatch.setattr(settings, "LEDGER_TSA", made.url)
        monkeypatch.setattr(settings, "LEDGER_TSA_CA", made.root)
        assert not stamp()
        assert "certificate has expired" in problem(made)


def test_an_authority_that_does_not_answer_is_said_not_to(authority, monkeypatch):
    monkeypatch.setattr(settings, "LEDGER_TSA", "http://127.0.0.1:9")
    assert not stamp()


def test_without_an_authority_nothing_goes_out(written, monkeypatch):
    written(1)
    monkeypatch.setattr(settings, "LEDGER_TSA", "")
    assert not stamp()
