"""A multipart body as a stream: whatever the pieces it comes in, the parts are the same; a cut one is refused."""

import email.generator
from io import BytesIO

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.errors import SenderError
from abhaya.intake.formats import multipart
from abhaya.intake.formats.multipart import boundary_of, parts

BODY = (
    b'--xyz\r\nContent-Disposition: form-data; name="id"\r\n\r\n4500000000000001\r\n'
    b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="IMG 1.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    b"bytes\r\n--xy not the end\r\n\r\n--xyz--\r\n"
)


def chunked(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)] or [b""]


def read(data, boundary=b"xyz", size=7):
    return [
        (part.name, part.filename, part.media_type, b"".join(part.pieces))
        for part in parts(chunked(data, size), boundary)
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 64, 4096])
def test_the_parts_are_the_same_whatever_the_pieces(size):
    assert read(BODY, size=size) == [
        ("id", None, "", b"4500000000000001"),
        ("file", "IMG 1.jpg", "image/jpeg", b"bytes\r\n--xy not the end\r\n"),
    ]


@given(cut=st.integers(0, len(BODY) - 5), size=st.integers(1, 100))
def test_a_body_cut_anywhere_is_refused(cut, size):
    with pytest.raises(SenderError) as caught:
        read(BODY[:cut], size=size)
    assert caught.value.code == 4200


def test_a_part_that_is_not_read_is_stepped_over():
    assert [part.name for part in parts([BODY], b"xyz")] == ["id", "file"]


@pytest.mark.parametrize(
    ("disposition", "filename"),
    [
        ('form-data; name="file"; filename="a \\"b\\".txt"', 'a "b".txt'),
        ('form-data; name="file"; filename="चित्र.jpg"', "चित्र.jpg"),
        ("form-data; name=file; filename=plain.txt", "plain.txt"),
        ('form-data; name="file"; filename="x"; filename*=UTF-8\'\'na%C3%AFve.txt', "naïve.txt"),
        ("form-data; name=\"file\"; filename*=iso-8859-1''na%EFve.txt", "naïve.txt"),
        ('form-data; name="file"; filename=""', ""),
    ],
)
def test_file_names_are_read_as_clients_write_them(disposition, filename):
    body = f"--b\r\nContent-Disposition: {disposition}\r\n\r\nx\r\n--b--".encode()
    assert read(body, b"b") == [("file", filename, "", b"x")]


def test_empty_parts_and_heads_and_a_preamble_are_taken():
    body = b'preamble\r\n--b  \r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--b\r\n\r\nbare\r\n--b--'
    for size in (1, 4, 100):
        assert read(body, b"b", size) == [("a", None, "", b""), ("", None, "", b"bare")]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "does not begin with its boundary"),
        (b"id=7", "does not begin with its boundary"),
        (b"--bx\r\n\r\n", "something follows a boundary"),
        (b"--b\r\nX: " + b"y" * 20_000 + b"\r\n\r\nz\r\n--b--", "longer than 16384 bytes"),
        (b"--b\r\n\r\nx\r\n" * 20 + b"--b--", "more than 16 parts"),
        (b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--b--", "encoded as 'base64'"),
    ],
)
def test_what_is_no_multipart_body_is_told_why(body, why):
    with pytest.raises(SenderError, match=why):
        read(body, b"b", 4096)


def test_a_field_is_short():
    part = next(parts([b"--b\r\n\r\n" + b"x" * (multipart.FIELD_BYTES_MAX + 1) + b"\r\n--b--"], b"b"))
    with pytest.raises(SenderError, match="longer than"):
        part.text()


@pytest.mark.parametrize(
    ("content_type", "head", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"", b"abc"),
        ('multipart/form-data; charset=utf-8; boundary="a b:c"', b"", b"a b:c"),
        ("Multipart/Form-Data; BOUNDARY=abc", b"", b"abc"),
        ("multipart/form-data", b"--abc\r\nContent", b"abc"),
        ("text/plain", b"id=1", b""),
        ("multipart/form-data; boundary=" + "x" * 300, b"", b""),
    ],
)
def test_the_boundary_is_found(content_type, head, boundary):
    assert boundary_of(content_type, head) == boundary


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(["id", "file", "note"]), st.binary(max_size=60)), min_size=1, max_size=5),
    st.integers(1, 50),
)
def test_it_reads_what_django_reads(fields, size):
    boundary = email.generator._make_boundary().encode()
    body = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n\r\n%s\r\n'
        % (boundary, name.encode(), content)
        for name, content in fields
    )
    body += b"--%s--\r\n" % boundary
    ours = [(name, content) for name, _, _, content in read(body, boundary, size)]
    assert ours == fields
    meta = {"CONTENT_TYPE": "multipart/form-data; boundary=" + boundary.decode(), "CONTENT_LENGTH": str(len(body))}
    handler = MemoryFileUploadHandler()
    handler.activated = True
    _, theirs = MultiPartParser(meta, BytesIO(body), [handler]).parse()
    assert {name: [file.read() for file in theirs.getlist(name)] for name in theirs} == {
        name: [content for field, content in fields if field == name] for name, _ in fields
    }


@given(st.binary(max_size=300), st.integers(1, 40))
def test_no_bytes_make_it_fail_otherwise(data, size):
    for body in (data, b"--b\r\n" + data, b"--b\r\n\r\n" + data + b"\r\n--b--"):
        try:
            read(body, b"b", size)
        except SenderError as error:
            refused = error.code
        else:
            refused = 4200
        assert refused == 4200
