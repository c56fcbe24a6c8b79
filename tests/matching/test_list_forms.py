"""Hash lists written in the forms that are handed round: read again they say the same, or it is told what has no place."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.matching.test_list_formats import EXCHANGE, MD5, PDQ, PHOTODNA, SHA1, vics

from abhaya.errors import SenderError
from abhaya.matching.formats import any_list, vpdq
from abhaya.matching.formats.any_form import FORMS
from abhaya.matching.formats.form import FIELDS, LOST, Frame, Head
from abhaya.matching.formats.names import FORMS as NAMES
from abhaya.matching.formats.record import BYTES_OF, MARKS, About, Entry

HEAD = Head("A list", "vics-us", "2026-11-01T00:00:00Z", {"": 1, "video": 1})
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20).map(str.strip)


def fixed(kind: str):
    return st.binary(min_size=BYTES_OF[kind], max_size=BYTES_OF[kind]).filter(lambda one: len(set(one)) > 8)


def packed(rows: list[tuple[int, int, bytes]]) -> bytes:
    return b"".join(vpdq.FRAME.pack(at, place, quality, code) for place, (at, quality, code) in enumerate(rows))


FRAMES = st.lists(
    st.tuples(st.integers(0, 4_000_000), st.integers(50, 100), st.binary(min_size=32, max_size=32)),
    min_size=1,
    max_size=3,
).map(packed)

ENTRIES = st.builds(
    Entry,
    locator=st.just("line 2"),
    ref=st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True),
    fixed=st.fixed_dictionaries({"md5": fixed("md5")}, optional={"vpdq": FRAMES, **{kind: fixed(kind) for kind in ("sha1", "sha256", "pdq")}}),
    opaque=st.fixed_dictionaries({}, optional={"photodna": st.just(PHOTODNA.hex())}),
    category=st.one_of(st.just(""), st.integers(0, 9).map(str), WORDS),
    media=st.sampled_from(["", "image", "video"]),
    marks=st.sets(st.sampled_from(sorted(MARKS))).map(lambda marks: tuple(sorted(marks))),
    vouched=st.integers(0, 40),
    disputed=st.integers(0, 3),
    dated=st.one_of(st.none(), st.datetimes(datetime(2001, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001 — the zone is beside it
    quality=st.one_of(st.none(), st.integers(0, 100)),
    withdrawn=st.just(False),
)  # fmt: skip


def read(data: bytes) -> list[Entry]:
    found = any_list.read(data[: any_list.HEAD_BYTES], io.BytesIO(data), About())
    return [one for one in found if isinstance(one, Entry)]


def written(name: str, *entries: Entry) -> bytes:
    form = FORMS[name]()
    parts = [form.entry(entry, number) for number, entry in enumerate(entries, start=1)]
    return form.begin(HEAD) + form.joiner.join(parts) + form.turn(HEAD) + form.end(HEAD)


def test_the_forms_that_the_command_names_are_those_that_are_written():
    assert set(FORMS) == set(NAMES)


@pytest.mark.parametrize("name", sorted(set(FORMS) - {"signals", "threat-updates"}))
@examples(max_examples=40, deadline=None)
@given(entry=ENTRIES)
def test_what_is_read_again_is_the_same_but_for_what_was_told_to_be_lost(name, entry):
    form = FORMS[name]()
    lost = set(form.lost(entry))
    assert lost <= LOST
    (again,) = read(written(name, entry))
    for field in FIELDS:
        said, came = getattr(entry, field), getattr(again, field)
        if field == "dated" and said and came:
            assert abs((said - came).total_seconds()) < 1  # an exchange tells seconds
        elif field == "ref" and name == "hash-sharing":
            assert came == f"0/{said}"
        elif field == "vouched" and name == "hash-sharing":
            assert came == 1  # who hands it out
        elif field not in lost and (said or field in form.carries):
            assert came == said or (field == "media" and said == ""), field
    if "hashes" not in lost:
        assert (again.fixed, again.opaque) == (entry.fixed, entry.opaque)
    if "marks" not in lost:
        assert again.marks == entry.marks


@given(entry=ENTRIES)
@examples(max_examples=30, deadline=None)
def test_one_hash_a_line_and_indicators_keep_every_hash(entry):
    for name in ("signals", "threat-updates"):
        again = read(written(name, entry))
        kinds = {kind: value for one in again for kind, value in one.fixed.items()}
        assert kinds == dict(entry.fixed)
        assert ("together" in FORMS[name]().lost(entry)) is (len(entry.fixed) + len(entry.opaque) > 1)


def test_vics_has_no_place_for_an_entry_without_md5_and_no_number_for_a_word():
    without = Entry("line 2", "", {"sha1": SHA1})
    assert FORMS["vics"]().entry(without, 1) == b""
    assert set(FORMS["vics"]().lost(Entry("line 2", "", {"md5": MD5}, category="A1"))) == {"category"}


# --- an original of the form ---

JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**80), 2**80), st.text(max_size=8),
        st.decimals(allow_nan=False, allow_infinity=False, places=3),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=8,
)  # fmt: skip


class _Numbers(json.JSONEncoder):
    def default(self, value: object) -> object:
        return float(str(value)) if isinstance(value, Decimal) else super().default(value)


def copied(name: str, data: bytes) -> bytes:
    """All of an original, through its parts."""
    form, out, joins = FORMS[name](), b"", False
    framed = False
    for part in form.parts(io.BytesIO(data), About()):
        if isinstance(part, Frame):
            out, joins, framed = out + part.text, False, True
        else:
            out += (form.joiner if joins else b"") + form.part(part.raw)
            joins = True
    return out if framed else form.begin(HEAD) + out + form.turn(HEAD) + form.end(HEAD)


@examples(max_examples=60, deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=8), JSON, max_size=4), max_size=4),
    st.dictionaries(WORDS, JSON, max_size=2),
)
def test_a_vics_document_survives_whatever_it_holds(media, about_the_case):
    case = {**about_the_case, "Media": [{**one, "MD5": MD5.hex()} for one in media], "TotalMediaFiles": 7}
    context = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Cases"
    document = {"@odata.context": context, "value": [case, {"Media": [], "CaseNumber": "2"}, {"CaseID": None}]}
    data = json.dumps(document, cls=_Numbers).encode()
    assert json.loads(copied("vics", data)) == json.loads(data)


def test_a_table_keeps_its_columns_its_separator_and_its_unknown_cells():
    text = f'MD5;Colour;Image ID\n{MD5.hex().upper()};"blue; and\nred";7\n{PDQ.hex()[:32]};=1+1;8\n'
    again = copied("csv", text.encode()).decode()
    assert again == text.replace("=1+1", "'=1+1")


@pytest.mark.parametrize("name", ["hash-sharing"])
def test_an_exchanges_elements_keep_what_nobody_understood(name):
    data = EXCHANGE.format(md5=MD5.hex(), sha1=SHA1.hex(), pdna=PHOTODNA.hex()).encode()
    again = copied(name, data)
    for kept in (
        b'<tmk-pdqf rel="self" href="/v2/entries/1/f"/>',
        b'<reason guid="g" name="n" type="Sha1"/>',
        b"<id>video1</id>",
    ):
        assert kept in again
    assert read(again) == read(data)


def test_updates_keep_unknown_fields_and_not_their_owners_key():
    one = {"id": "1", "type": "HASH_MD5", "indicator": MD5.hex(), "descriptors": [], "odd": {"a": 1.10}}
    again = copied(
        "threat-updates", json.dumps({"data": [one], "paging": {"next": "https://x?access_token=secret"}}).encode()
    )
    assert json.loads(again) == {"data": [one]}


def test_an_original_that_breaks_off_says_so():
    whole = vics("http://github.com/ICMEC/ProjectVic/DataModels/1.1.xml#Media", [{"MD5": MD5.hex()}] * 3)
    with pytest.raises(SenderError, match="breaks off"):
        copied("vics", whole[:-20])
