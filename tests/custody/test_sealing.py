"""What is sealed opens again, and nothing else does."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.custody.sealing import (
    CHUNK_BYTES,
    SEALED_CHUNK_BYTES,
    WRAPPED_BYTES,
    Digests,
    KeyRing,
    OperatorKey,
    SealBroken,
    WrongOperatorKey,
    chunked,
    new_key,
    open_stream,
    seal,
    seal_stream,
    sealed_size,
)

MASTER = bytes(range(32))
EDGES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 17]


def content_of(size: int) -> bytes:
    return hashlib.shake_128(size.to_bytes(8, "big")).digest(size)


def split(sealed: bytes) -> list[bytes]:
    return [sealed[start : start + SEALED_CHUNK_BYTES] for start in range(0, len(sealed), SEALED_CHUNK_BYTES)]


def opened(chunks, key, object_id) -> bytes:
    return b"".join(open_stream(chunks, key, object_id))


@pytest.fixture
def sealed_object():
    key, object_id, content = new_key(), uuid4(), content_of(3 * CHUNK_BYTES + 17)
    return key, object_id, content, split(seal(content, key, object_id))


@pytest.mark.parametrize("size", EDGES)
def test_an_object_of_any_size_comes_back_as_it_was(size):
    key, object_id, content = new_key(), uuid4(), content_of(size)
    sealed = seal(content, key, object_id)
    assert len(sealed) == sealed_size(size)
    assert opened(split(sealed), key, object_id) == content


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3 * CHUNK_BYTES // 2), max_size=6), st.binary(max_size=200))
def test_however_the_stream_is_cut_the_sealed_bytes_are_the_same(lengths, tail):
    pieces = [content_of(length) for length in lengths] + [tail]
    whole = b"".join(pieces)
    key, object_id = new_key(), uuid4()
    assert b"".join(seal_stream(pieces, key, object_id)) == seal(whole, key, object_id)
    assert opened(seal_stream(pieces, key, object_id), key, object_id) == whole
    assert all(len(chunk) == CHUNK_BYTES for chunk in list(chunked(pieces))[:-1])


def test_the_sealed_bytes_show_nothing_of_the_content():
    key, object_id = new_key(), uuid4()
    sealed = seal(b"asks for a picture " * 5000, key, object_id)
    assert b"asks for" not in sealed
    assert sealed != seal(b"asks for a picture " * 5000, new_key(), object_id)


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_an_object_shortened_by_whole_chunks_does_not_open(sealed_object, kept):
    key, object_id, _, chunks = sealed_object
    with pytest.raises(SealBroken):
        opened(chunks[:kept], key, object_id)


def test_an_object_shortened_within_a_chunk_does_not_open(sealed_object):
    key, object_id, _, chunks = sealed_object
    for cut in (1, 16, 17, 20):
        with pytest.raises(SealBroken):
            opened([*chunks[:-1], chunks[-1][:-cut]], key, object_id)


def test_an_object_with_something_added_does_not_open(sealed_object):
    key, object_id, _, chunks = sealed_object
    for more in ([*chunks, b""], [*chunks, chunks[-1]], [*chunks[:-1], chunks[-1] + b"\0"]):
        with pytest.raises(SealBroken):
            opened(more, key, object_id)


def test_chunks_in_another_order_do_not_open(sealed_object):
    key, object_id, _, chunks = sealed_object
    with pytest.raises(SealBroken):
        opened([chunks[1], chunks[0], *chunks[2:]], key, object_id)
    with pytest.raises(SealBroken):
        opened([chunks[0], chunks[0], *chunks[2:]], key, object_id)


def test_a_chunk_of_another_object_does_not_open_even_under_the_same_key(sealed_object):
    key, object_id, content, chunks = sealed_object
    other = split(seal(content, key, uuid4()))
    with pytest.raises(SealBroken):
        opened([chunks[0], other[1], *chunks[2:]], key, object_id)
    with pytest.raises(SealBroken):
        opened(other, key, object_id)


def test_one_flipped_bit_anywhere_is_seen(sealed_object):
    key, object_id, _, chunks = sealed_object
    for number, chunk in enumerate(chunks):
        for position in (0, len(chunk) // 2, len(chunk) - 1):
            bent = bytearray(chunk)
            bent[position] ^= 1
            with pytest.raises(SealBroken):
                opened([*chunks[:number], bytes(bent), *chunks[number + 1 :]], key, object_id)


def test_what_verified_is_handed_out_before_the_broken_chunk_and_nothing_after(sealed_object):
    key, object_id, content, chunks = sealed_object
    stream = open_stream([chunks[0], b"x" * SEALED_CHUNK_BYTES, *chunks[2:]], key, object_id)
    assert next(stream) == content[:CHUNK_BYTES]
    with pytest.raises(SealBroken):
        next(stream)


def test_a_key_wrapped_for_one_compartment_opens_for_no_other():
    operator, key, object_id, ours, theirs = OperatorKey(MASTER), new_key(), uuid4(), uuid4(), uuid4()
    wrapped = operator.wrap(key, object_id, ours)
    assert len(wrapped) == WRAPPED_BYTES
    assert operator.unwrap(wrapped, object_id, ours) == key
    with pytest.raises(SealBroken):
        operator.unwrap(wrapped, object_id, theirs)
    with pytest.raises(SealBroken):
        operator.unwrap(wrapped, uuid4(), ours)


def test_a_wrap_for_who_brings_the_bytes_needs_their_hash():
    operator, key, object_id = OperatorKey(MASTER), new_key(), uuid4()
    sha256, other = hashlib.sha256(b"a").digest(), hashlib.sha256(b"b").digest()
    wrapped = operator.wrap_known(key, object_id, sha256)
    assert operator.unwrap_known(wrapped, object_id, sha256) == key
    with pytest.raises(SealBroken):
        operator.unwrap_known(wrapped, object_id, other)
    with pytest.raises(SealBroken):
        operator.unwrap(wrapped, object_id, uuid4())


def test_a_changed_or_shortened_wrap_does_not_open():
    operator, key, object_id, ours = OperatorKey(MASTER), new_key(), uuid4(), uuid4()
    wrapped = operator.wrap(key, object_id, ours)
    bent = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
    for broken in (bent, wrapped[:-1], wrapped + b"\0", b""):
        with pytest.raises(SealBroken):
            operator.unwrap(broken, object_id, ours)


def test_another_operators_key_is_named_as_such():
    key, object_id, ours = new_key(), uuid4(), uuid4()
    wrapped = OperatorKey(MASTER).wrap(key, object_id, ours)
    with pytest.raises(WrongOperatorKey):
        OperatorKey(MASTER[::-1]).unwrap(wrapped, object_id, ours)


def test_an_operator_key_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="at least 32 bytes"):
        OperatorKey(b"short")


def test_the_operator_key_never_shows_itself():
    shown = repr(OperatorKey(MASTER))
    assert MASTER.hex() not in shown
    assert len(shown) < 30


def test_a_storage_name_is_the_same_for_the_same_bytes_and_says_nothing_without_the_key():
    sha256 = hashlib.sha256(b"asks for money").digest()
    name = KeyRing(OperatorKey(MASTER)).storage_name(sha256)
    assert name == KeyRing(OperatorKey(MASTER)).storage_name(sha256)
    assert name != KeyRing(OperatorKey(MASTER[::-1])).storage_name(sha256)
    assert name != sha256


def test_wraps_and_keys_are_never_the_same_twice():
    operator, key, object_id, ours = KeyRing(OperatorKey(MASTER)), new_key(), uuid4(), uuid4()
    assert len({operator.wrap(key, object_id, ours) for _ in range(200)}) == 200
    assert len({new_key() for _ in range(200)}) == 200


@given(st.lists(st.binary(max_size=400), max_size=8))
def test_the_three_hashes_are_those_of_the_whole(pieces):
    digests, whole = Digests(), b"".join(pieces)
    for piece in pieces:
        digests.update(piece)
    assert digests.size_bytes == len(whole)
    assert (digests.sha256, digests.sha1, digests.md5) == (
        hashlib.sha256(whole).digest(),
        hashlib.sha1(whole).digest(),
        hashlib.md5(whole).digest(),
    )
