"""Hashes as senders write them. Every hash here is of invented bytes."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.selectors import file_hash
from abhaya.selectors.normal import WHY_PLACEHOLDER

DIGEST = hashlib.md5(b"a gradient", usedforsecurity=False).digest()


@pytest.mark.parametrize(
    ("raw", "hash_type"),
    [
        (DIGEST.hex(), "MD5"), (DIGEST.hex().upper(), "md5sum"), (DIGEST.hex(), ""), (base64.b64encode(DIGEST).decode(), "MD5"),
        (base64.b64encode(DIGEST).decode().rstrip("="), "md5"), (base64.urlsafe_b64encode(DIGEST).decode(), "MD5 hash"),
        (f"md5: {DIGEST.hex()}", ""), (f"MD5={DIGEST.hex()}", "MD5"), (DIGEST.hex(" "), "md5"), (DIGEST.hex("-"), "md5"),
    ],
)  # fmt: skip
def test_one_hash_written_in_many_ways(raw: str, hash_type: str) -> None:
    assert file_hash.normalise(raw, hash_type=hash_type).value == f"md5:{DIGEST.hex()}"


@given(st.binary(min_size=1, max_size=40), st.sampled_from(["md5", "sha1", "sha256", "sha384", "sha512"]))
def test_the_length_tells_the_type_where_none_is_named(content: bytes, kind: str) -> None:
    digest = hashlib.new(kind, content, usedforsecurity=False).hexdigest()
    normal = file_hash.normalise(digest)
    assert normal.value == f"{kind}:{digest}"
    assert normal.notes == (file_hash.NOTE_BY_LENGTH + kind,)


@pytest.mark.parametrize(
    ("raw", "hash_type", "why_not"),
    [
        (DIGEST.hex(), "SHA-1", file_hash.WHY_LENGTH),
        (DIGEST.hex()[:-1], "MD5", file_hash.WHY_LENGTH),
        (DIGEST.hex()[:-2], "", file_hash.WHY_UNKNOWN),
        ("not a hash!", "MD5", file_hash.WHY_NOT_HEX),
        (hashlib.md5(b"", usedforsecurity=False).hexdigest(), "MD5", file_hash.WHY_NOTHING),
        (hashlib.sha1(b"", usedforsecurity=False).hexdigest(), "", file_hash.WHY_NOTHING),
        (hashlib.sha256(b"").hexdigest(), "sha256", file_hash.WHY_NOTHING),
        ("0" * 32, "MD5", WHY_PLACEHOLDER),
        ("f" * 64, "", WHY_PLACEHOLDER),
        ("n/a", "MD5", WHY_PLACEHOLDER),
    ],
)
def test_what_is_no_hash_is_refused_with_its_reason(raw: str, hash_type: str, why_not: str) -> None:
    assert file_hash.normalise(raw, hash_type=hash_type) == (None, why_not, (), False)


@pytest.mark.parametrize(
    ("written", "name"),
    [("SHA-256", "sha256"), ("sha1", "sha1"), ("SHA 1", "sha1"), ("PhotoDNA", "photodna"), ("PDNA", "photodna"), ("PDQ", "pdq"),
     ("TMK_PDQF", "tmk"), ("Some New Hash", "somenewhash"), ("", "")],
)  # fmt: skip
def test_types_are_free_text(written: str, name: str) -> None:
    assert file_hash.type_name(written) == name


def test_kinds_we_do_not_compute_are_kept_as_written() -> None:
    normal = file_hash.normalise("AbC,1,2", hash_type="PhotoDNA")
    assert normal == ("photodna:AbC,1,2", "", (file_hash.NOTE_OTHER + "photodna",), False)


def test_a_pdq_is_not_taken_for_a_sha256_of_the_same_length() -> None:
    digest = hashlib.sha256(b"a gradient").hexdigest()
    assert file_hash.normalise(digest, hash_type="PDQ").value == f"pdq:{digest}"
