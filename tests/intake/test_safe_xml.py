"""Hostile XML is refused with its place or its limit; encodings are told apart; nothing else ever escapes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.errors import SenderError
from abhaya.intake.formats import safe_xml


def refusal(data, **kwargs):
    with pytest.raises(SenderError) as caught:
        safe_xml.parse(data, **kwargs)
    assert caught.value.code == 4110
    return caught.value.sentence


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "does not begin with an element (line 1, column 1)"),
        (b'{"a": 1}', "does not begin with an element"),
        (b"<a>\n <b>", "ends before 'b', opened on line 2, is closed (line 2, column 5)"),
        (b"<a>\n</b>", "'a', opened on line 1, is closed by 'b' (line 2, column 5)"),
        (b"<a>&nbsp;</a>", "the entity '&nbsp;' is not known"),
        (b'<a x="1" x="2"/>', "the attribute 'x' stands there twice"),
        (b"<a>\x0b</a>", "the character number 11 is not allowed"),
        (b"<a/><b/>", "something follows after the document's last element"),
        (b"<a><![CDATA[x</a>", "a CDATA section is never closed"),
        (b"<a>1 < 2</a>", "write &lt; or &amp;"),
        (b"<a>you & me</a>", "write &lt; or &amp;"),
        (b"<a x=1/>", "does not stand in quotation marks"),
        (b"<x:a/>", "the prefix 'x' of 'a' is not declared"),
        (b'\n<?xml version="1.0"?><a/>', "the XML declaration does not stand at the very beginning"),
        (b"<a>" * 65 + b"</a>" * 65, "nested more than 64 deep"),
        (b"<a>" * 5000 + b"</a>" * 5000, "nested more than 64 deep"),
        (b"<a>" + b"x" * 10_000_001 + b"</a>", "one text or attribute is longer than 10000000 bytes"),
        (b"<a>" + b"<b/>" * 500_000 + b"</a>", "more than 200000 elements"),
        (b"<a " + b" ".join(b'x%d=""' % n for n in range(100_001)) + b"/>", "more than 100000 attributes"),
        ("<a>é</a>".encode("latin-1"), "byte 0xe9 is not UTF-8 (line 1, column 4)"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "the encoding 'UTF-7' is not accepted"),
        (b"\xff\xfe\x00\xd8", "is not UTF-16"),
    ],
)
def test_what_cannot_be_read_is_told_why_and_where(data, why):
    assert why in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE report><report/>",
        b'<?xml version="1.0"?>\n<!-- note -->\n<!DOCTYPE report SYSTEM "file:///etc/hostname">\n<report>&x;</report>',
        b'<!DOCTYPE lolz [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><report>&c;</report>',
        '<!DOCTYPE report [<!ENTITY a "b">]><report x="&a;"/>'.encode("utf-16"),
        b"<!doctype report><report/>",
    ],
)
def test_a_document_type_is_refused_by_a_sentence_of_its_own(data):
    assert "a document type (DOCTYPE) is not accepted; remove it" in refusal(data)


def test_the_words_of_a_document_type_may_stand_in_a_text():
    assert safe_xml.parse(b"<a><![CDATA[<!DOCTYPE html><p>]]></a>").text == "<!DOCTYPE html><p>"


def test_a_body_above_the_limit_is_413():
    with pytest.raises(SenderError) as caught:
        safe_xml.parse(b"<a>" + b" " * safe_xml.XML_BYTES_MAX + b"</a>")
    assert caught.value.status == 413
    assert str(safe_xml.XML_BYTES_MAX) in caught.value.sentence


def test_a_bomb_of_entities_costs_nothing():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    began = time.perf_counter()
    refusal(f'<!DOCTYPE a [<!ENTITY l0 "ha">{levels}]><a>&l29;</a>'.encode())
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_of_unicode_are_read(encoding):
    assert safe_xml.parse("<a>ठीक</a>".encode(encoding)).text == "ठीक"


def test_a_declared_encoding_is_believed_before_the_transports():
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")
    assert safe_xml.parse(declared, charset="utf-8").text == "é"
    assert safe_xml.parse("<a>é</a>".encode("latin-1"), charset="ISO-8859-1").text == "é"
    assert safe_xml.parse('<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode()).text == "é"


def test_comments_and_instructions_are_left_out_and_do_not_cut_a_text():
    assert safe_xml.parse(b"<?go on?><a>one<!-- two --> three<?x y?></a>").text == "one three"


pieces = st.sampled_from(
    ["<a>", "</a>", "<b/>", "text", "&amp;", "&x;", "<!DOCTYPE a>", "<![CDATA[", "]]>", "<?p?>", "<!--", "-->", "\0", "é", ' x="1"', "<"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=300), st.lists(pieces, max_size=12).map(lambda parts: "".join(parts).encode())))
def test_whatever_comes_it_is_read_or_refused_in_a_sentence(data):
    refused, root = None, None
    try:
        root = safe_xml.parse(data)
    except SenderError as error:
        refused = error
    assert (root is not None) or (refused.code == 4110 and refused.sentence.endswith("."))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<&\ufffe\uffff")))
def test_a_text_comes_back_as_it_was(text):
    read = safe_xml.parse(f"<a>{text.replace('>', '&gt;')}</a>".encode()).text or ""
    assert read == text
