"""The vault in an S3-compatible store, against a server process that speaks the protocol, and against broken ones."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.conf import settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.custody.s3_server import S3Process, answering
from tests.custody.world import content_of, kept, make_compartment, read, rolled_back

from abhaya.custody import jobs
from abhaya.custody.actions import Blob, shred, take_in
from abhaya.custody.check import check
from abhaya.custody.damage import OriginalDamaged
from abhaya.custody.operator_key import mark_path
from abhaya.custody.s3 import client as client_module
from abhaya.custody.s3 import store as store_module
from abhaya.custody.s3.client import Client
from abhaya.custody.s3.signing import Keys, canonical_query, escaped_path, signed_headers
from abhaya.custody.s3.store import PART_BYTES, S3Store
from abhaya.custody.sealing import CHUNK_BYTES, KeyRing, OperatorKey
from abhaya.custody.vault import SMALL_BYTES_MAX, Vault, open_vault, vault
from abhaya.errors import OperatorError, SenderError
from abhaya.shared.identity import on_the_road

LARGE = SMALL_BYTES_MAX + 1
KEYS = Keys("AKIAEXAMPLE", "secret-for-a-test")


@pytest.fixture(scope="module")
def server():
    process = S3Process()
    process.start()
    yield process
    process.kill()


@pytest.fixture
def client(server, request):
    bucket = "b" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:20]
    made = Client(server.endpoint, bucket, KEYS)
    made.put("", b"")  # makes the bucket: PUT on its own path
    yield made
    settled()
    made.close()


@pytest.fixture
def s3(client):
    return Vault(S3Store(client, "vault"), KeyRing(OperatorKey(bytes(32))))


@pytest.fixture
def here(client, server, tmp_path, monkeypatch):
    """This server's own vault, its large originals in the store."""
    vault()  # its keys, where no test has used it yet
    (tmp_path / "keys").write_text(f"{KEYS.access}\n{KEYS.secret}\n")
    monkeypatch.setattr(settings, "VAULT_STORE", f"s3://{client.bucket}/unit/vault")
    monkeypatch.setattr(settings, "VAULT_ENDPOINT", server.endpoint)
    monkeypatch.setattr(settings, "VAULT_KEYS_FILE", tmp_path / "keys")
    client.put("unit/vault/key-id", mark_path(settings.DATA_DIR).read_bytes())  # it has been there from the beginning
    open_vault.cache_clear()
    yield client
    settled()
    open_vault.cache_clear()


def settled() -> None:
    """What goes on aside has been done."""
    for _ in range(2):
        gate = threading.Barrier(3)
        for _ in range(2):
            store_module._aside().submit(gate.wait, 30)
        gate.wait(30)


@contextmanager
def at(endpoint: str, bucket: str = "b"):
    """A client of that address, closed at the end."""
    made = Client(endpoint, bucket, KEYS)
    yield made
    made.close()


def keys_in(client: Client) -> list[str]:
    settled()
    return sorted(one.key for one in client.listed(""))


# --- signing ---


@examples(max_examples=60, deadline=None)
@given(
    st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"]),
    st.text(alphabet="abcXYZ019-_.~/ +&=%é", min_size=1, max_size=30),
    st.dictionaries(st.sampled_from(["uploads", "uploadId", "prefix", "list-type", "continuation-token"]),
                    st.text(alphabet="aZ9-_.~/ +&=%", max_size=12), max_size=3),
    st.binary(max_size=50),
)  # fmt: skip
def test_a_request_is_signed_as_botocore_signs_it(method, key, query, body):
    at = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
    path, digest = f"/bucket/{key}", hashlib.sha256(body).hexdigest()
    ours = signed_headers(KEYS, method, "store.example", path, query, digest, at)
    url = f"https://store.example{escaped_path(path)}" + (f"?{canonical_query(query)}" if query else "")
    theirs = AWSRequest(method, url, data=body, headers={"x-amz-content-sha256": digest})
    theirs.context["timestamp"] = "20261122T030405Z"
    theirs.headers["X-Amz-Date"] = "20261122T030405Z"
    signer = S3SigV4Auth(Credentials(KEYS.access, KEYS.secret), "s3", KEYS.region)
    canonical = signer.canonical_request(theirs)
    assert ours["authorization"].endswith(signer.signature(signer.string_to_sign(theirs, canonical), theirs))


def test_the_secret_is_in_no_header_and_no_repr():
    headers = signed_headers(KEYS, "GET", "store.example", "/b/k", {}, "0" * 64, datetime.now(UTC))
    assert KEYS.secret not in repr(headers) + repr(KEYS)


# --- the store ---


@pytest.mark.parametrize(
    "size", [LARGE, CHUNK_BYTES, 3 * CHUNK_BYTES + 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 99]
)
def test_an_original_goes_up_and_comes_back(s3, size):
    content = content_of(size)
    draft = s3.receive([content])
    s3.settle([draft])
    name = s3.key.storage_name(draft.sha256)
    assert s3.is_whole(name, draft.object_id, size)
    from abhaya.custody.damage import opened

    assert b"".join(opened(s3.read(name, draft.object_id, size), draft.key, draft.object_id)) == content


def test_a_confirmed_original_is_all_that_stays_and_no_name_tells_its_content(s3, client):
    content = content_of(LARGE)
    draft = s3.receive([content])
    assert len(keys_in(client)) == 2  # the mark and the original
    s3.settle([draft])
    s3.confirm(draft)
    (key,) = keys_in(client)
    assert key.endswith(draft.object_id.hex)
    assert s3.key.storage_name(draft.sha256).hex() not in key
    assert [kept.is_new for kept in s3.kept()] == [False]


def test_a_stream_that_breaks_off_leaves_nothing_in_the_store(s3, client):
    def broken():
        yield content_of(2 * PART_BYTES)
        raise ConnectionResetError("the sender went away")

    with pytest.raises(ConnectionResetError):
        s3.receive(broken())
    with pytest.raises(SenderError):
        s3.receive([content_of(LARGE + 1)], size_bytes_max=LARGE)
    assert keys_in(client) == []
    assert list(client.uploads("")) == []


def test_a_discarded_draft_is_gone(s3, client):
    s3.discard(s3.receive([content_of(LARGE)]))
    assert keys_in(client) == []


def test_many_at_once_come_back_in_their_order(s3):
    contents = [content_of(LARGE + n) for n in range(12)]
    drafts = s3.receive_all([[content] for content in contents])
    assert [draft.sha256 for draft in drafts] == [hashlib.sha256(content).digest() for content in contents]


def test_what_was_left_over_is_swept_when_it_is_old(s3, client):
    upload = client.begin("vault/objects/aa/" + "a" * 32)
    client.put("vault/new/" + "b" * 32, b"")
    assert not [path for path in s3.old_drafts() if "/new/" in str(path)]
    assert s3.sweep(age_seconds=-5) == 2
    assert (keys_in(client), list(client.uploads(""))) == ([], [])
    assert upload


# --- this server's own vault ---


def test_taken_in_read_handed_on_shredded(here):
    ours, theirs, content = make_compartment(), make_compartment(), content_of(LARGE)
    (stored,), (again,) = kept(ours, content), kept(theirs, content)
    assert stored.object_id == again.object_id
    assert read(stored.object_id, theirs) == content
    assert len([key for key in keys_in(here) if "/objects/" in key]) == 1
    assert [key for key in keys_in(here) if "/new/" in key] == []
    with on_the_road("test"):
        shred(stored.object_id, ours)
    assert read(stored.object_id, theirs) == content
    with on_the_road("test"):
        shred(stored.object_id, theirs)
    assert [key for key in keys_in(here) if "/objects/" in key] == []


def test_a_rolled_back_upload_is_swept_only_when_old_and_only_when_nobody_knows_it(here, monkeypatch):
    compartment, content = make_compartment(), content_of(LARGE)
    (stored,) = kept(compartment, content)
    settled()
    here.put(f"unit/vault/new/{stored.object_id.hex}", b"")  # the server died right after the commit
    rolled_back(lambda: take_in([Blob(compartment, "b", content_of(LARGE + 1))]))
    assert len([key for key in keys_in(here) if "/new/" in key]) == 2
    with on_the_road("test"):
        assert jobs.sweep_drafts() == 0
    monkeypatch.setattr(store_module, "DRAFT_AGE_SECONDS_MAX", -5)
    with on_the_road("test"):
        assert jobs.sweep_drafts() == 1
    assert [key for key in keys_in(here) if "/new/" in key] == []
    assert read(stored.object_id, compartment) == content


def test_deleted_shortened_changed_and_swapped_originals_are_each_named(here):
    compartment = make_compartment()
    stored = kept(compartment, *[content_of(LARGE + n * 10) for n in range(5)])
    places = [str(vault().store.place(b"", one.object_id)) for one in stored]
    bodies = [here.get(place).body for place in places]
    here.delete(places[0])
    here.put(places[1], bodies[1][:-7])
    here.put(places[2], bodies[2][:100] + bytes([bodies[2][100] ^ 1]) + bodies[2][101:])
    here.put(places[3], bodies[4][: len(bodies[3])])
    found = {finding.object_id: finding for finding in check().findings}
    assert [found[one.object_id].what for one in stored[:4]] == ["missing", "torn", "changed", "changed"]
    assert places[0] in found[stored[0].object_id].sentence
    assert stored[4].object_id not in found
    with pytest.raises(OriginalDamaged):
        read(stored[2].object_id, compartment)


def test_a_lost_original_is_put_back_by_the_same_bytes(here):
    compartment, content = make_compartment(), content_of(LARGE)
    (stored,) = kept(compartment, content)
    here.delete(str(vault().store.place(b"", stored.object_id)))
    kept(make_compartment(), content)
    assert read(stored.object_id, compartment) == content


def test_an_object_that_no_row_knows_is_named_and_kept(here, monkeypatch):
    key = "unit/vault/objects/ab/" + "c" * 30 + "ab"
    vault()
    here.put(key, b"x")
    monkeypatch.setattr(store_module, "DRAFT_AGE_SECONDS_MAX", -5)
    assert any(finding.what == "orphan" and key in finding.sentence for finding in check().findings)
    assert here.size_of(key) == 1


def test_a_store_of_another_vault_is_refused(here):
    vault()
    here.put("unit/vault/key-id", b"00112233\n")
    open_vault.cache_clear()
    with pytest.raises(OperatorError, match="belongs to another vault"):
        vault()


# --- what a store can do to us ---


def test_a_store_killed_in_the_middle_of_an_upload_leaves_no_row_and_says_so(monkeypatch, request):
    monkeypatch.setattr(client_module, "FIRST_PAUSE_SECONDS", 0.01)
    process = S3Process()
    process.start()
    client = Client(process.endpoint, "bucket", KEYS)
    client.put("", b"")
    home = Vault(S3Store(client, ""), KeyRing(OperatorKey(bytes(32))))
    request.addfinalizer(client.close)

    def killed():
        yield content_of(PART_BYTES + CHUNK_BYTES)
        process.kill()
        yield content_of(PART_BYTES)

    with pytest.raises(OperatorError, match="does not answer"):
        home.receive(killed())
    process.start()  # empty, as a disk that was lost
    with pytest.raises(OperatorError, match="has no bucket “bucket”"):
        home.receive([content_of(LARGE)])
    process.kill()


@pytest.mark.parametrize(
    ("status", "code", "sentence", "tries"),
    [
        (403, "SignatureDoesNotMatch", "refuses the keys of ABHAYA_VAULT_KEYS_FILE", 1),
        (403, "AccessDenied", "refuses the keys", 1),
        (404, "NoSuchBucket", "has no bucket “b”", 1),
        (507, "XMinioStorageFull", "is full", 1),
        (503, "SlowDown", "answered 503 SlowDown", 4),
        (500, "InternalError", "answered 500", 4),
        (400, "", "answered 400", 1),
    ],
)
def test_every_refusal_is_a_sentence_for_the_operator(monkeypatch, status, code, sentence, tries):
    monkeypatch.setattr(client_module, "FIRST_PAUSE_SECONDS", 0.001)
    body = f"<Error><Code>{code}</Code></Error>".encode() if code else b""
    with answering(status, body) as (endpoint, asked):
        with at(endpoint) as client, pytest.raises(OperatorError, match=sentence):
            client.put("k", b"x")
        assert len(asked) == tries


def test_a_store_that_was_busy_a_moment_is_asked_again(monkeypatch):
    monkeypatch.setattr(client_module, "FIRST_PAUSE_SECONDS", 0.001)
    with answering(503, b"", then=2) as (endpoint, asked):
        with at(endpoint) as client:
            client.put("k", b"x")
        assert len(asked) == 3


def test_a_store_that_says_yes_and_keeps_less_is_found_out(s3, client, monkeypatch):
    whole = client.put
    monkeypatch.setattr(client, "put", lambda key, body: whole(key, body[:-3]))
    with pytest.raises(OperatorError, match=r"has \d+ of the \d+ bytes it was given"):
        s3.receive([content_of(LARGE)])


def test_an_answer_without_end_and_one_that_is_no_xml_are_refused(monkeypatch):
    monkeypatch.setattr(client_module, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(client_module, "ANSWER_BYTES_MAX", 100)
    too_long = pytest.raises(OperatorError, match="longer than anything")
    with answering(200, b"x" * 101) as (endpoint, _), at(endpoint) as client, too_long:
        client.get("k")
    no_xml = pytest.raises(OperatorError, match="is it an S3 store")
    with answering(200, b"hello") as (endpoint, _), at(endpoint) as client, no_xml:
        list(client.listed(""))


def test_an_entity_in_an_answer_is_not_followed():
    bomb = (
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><ListBucketResult><Key>&e;</Key></ListBucketResult>'
    )
    with answering(200, bomb) as (endpoint, _), at(endpoint) as client:
        assert list(client._asked("GET", "").texts("Key")) in ([], [[""]])


def test_strange_objects_in_the_bucket_are_passed_over(s3, client):
    client.put("vault/objects/notes.txt", b"left by hand")
    assert list(s3.kept()) == []
