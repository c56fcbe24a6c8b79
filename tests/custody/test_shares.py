"""A key on paper: enough shares give it back, fewer give nothing, and a slip of the pen is named."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.custody.sealing import OperatorKey
from abhaya.custody.shares import LETTERS, SHARES_MAX, Share, ShareError, _inverse, _times, join, read, split

KEY = bytes(range(100, 132))
KEY_ID = OperatorKey(KEY).id


def five_of_which_three() -> list[Share]:
    return split(KEY, KEY_ID, shares=5, needed=3)


def typed(share: Share) -> str:
    return "\n".join(share.lines)


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.data())
def test_any_shares_that_are_enough_give_the_key_back_in_any_order(key, data):
    shares = data.draw(st.integers(2, SHARES_MAX))
    needed = data.draw(st.integers(2, shares))
    made = split(key, OperatorKey(key).id, shares=shares, needed=needed)
    chosen = data.draw(st.permutations(made))[: data.draw(st.integers(needed, shares))]
    assert join([read(typed(share)) for share in chosen]) == key


def test_every_set_of_three_of_five_gives_the_key():
    for chosen in itertools.combinations(five_of_which_three(), 3):
        assert join(chosen) == KEY


def test_one_share_short_every_key_is_as_likely_as_any_other():
    """With two of three known, each value of the third gives another key: 256 values, 256 keys, byte by byte."""
    first, second, third = split(KEY, KEY_ID, shares=3, needed=3)
    keys = {join([first, second, Share(third.set_id, KEY_ID, 3, 3, bytes([value]) * 32)])[0] for value in range(256)}
    assert len(keys) == 256


def test_no_share_shows_the_key_and_two_splittings_share_nothing():
    ours, theirs = five_of_which_three(), five_of_which_three()
    assert KEY not in {share.value for share in ours}
    assert {share.value for share in ours}.isdisjoint(share.value for share in theirs)
    assert ours[0].set_id != theirs[0].set_id


def test_it_is_the_field_of_aes():
    assert _times(0x57, 0x83) == 0xC1  # FIPS 197, section 4.2
    assert _times(0x57, 0x13) == 0xFE  # FIPS 197, section 4.2.1
    assert all(_times(a, _inverse(a)) == 1 for a in range(1, 256))


def test_a_known_splitting_opens_as_it_always_did():
    """Paper lies in safes for decades: these lines must open with every later version."""
    value = [bytes((byte ^ _times(number, 7)) for byte in KEY) for number in (1, 2)]
    shares = [Share(b"\0\1\2\3", KEY_ID, 2, number, value[number - 1]) for number in (1, 2)]
    assert join(shares) == KEY
    assert [typed(share) for share in shares] == OLD_SHEETS
    assert [read(sheet) for sheet in OLD_SHEETS] == shares


@given(st.integers(0, 4), st.integers(0, 17), st.sampled_from(LETTERS))
@settings(max_examples=300, deadline=None)
def test_one_mistyped_letter_is_named_by_its_line(line, at, letter):
    lines = [row.replace("-", "") for row in SHEET.lines]
    if lines[line][at] == letter:
        return
    lines[line] = lines[line][:at] + letter + lines[line][at + 1 :]
    try:
        assert read("\n".join(lines)) == SHEET  # one in a thousand passes the line's check …
    except ShareError as error:
        assert f"Line {line + 1} " in str(error) or "not of one sheet" in str(error)  # … and the sheet's sum finds it


SHEET = split(KEY, KEY_ID, shares=2, needed=2)[0]


def test_it_may_be_typed_carelessly():
    text = typed(SHEET).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read(f"\n {text} \n\n") == SHEET
    assert read(typed(SHEET).replace("\n", "")) == SHEET


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda lines: lines[:4], "5 lines of 18 letters"),
        (lambda lines: [*lines[:2], lines[2][:-1], *lines[3:]], "Line 3 has 17 letters"),
        (lambda lines: [*lines[:2], "U" + lines[2][1:], *lines[3:]], "Line 3 holds “U”"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "Line 1 is mistyped, or is another line"),
        (lambda lines: [*lines[:4], five_of_which_three()[1].lines[4]], "not of one sheet"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said(spoil, sentence):
    with pytest.raises(ShareError, match=sentence):
        read("\n".join(spoil(SHEET.lines)))


def test_what_is_wrong_with_a_set_is_said():
    ours, theirs = five_of_which_three(), five_of_which_three()
    other = split(KEY[::-1], OperatorKey(KEY[::-1]).id, shares=3, needed=2)
    false = Share(ours[0].set_id, KEY_ID, 3, 1, KEY)
    for shares, sentence in [
        ([], "No share"),
        (ours[:2], "2 of the 3 shares needed were given: 1 more"),
        ([ours[0], ours[0], ours[1]], "2 of the 3"),
        ([ours[0], ours[1], theirs[2]], "Share 3 belongs to another splitting"),
        ([ours[0], ours[1], other[2]], "Share 3 is of another key"),
        ([ours[0], false, *ours[1:]], "Share 1 was given twice, and not the same"),
    ]:
        with pytest.raises(ShareError, match=sentence):
            join(shares)


def test_a_false_share_that_looks_right_gives_another_key_and_its_id_shows_it():
    ours = five_of_which_three()
    false = Share(ours[2].set_id, KEY_ID, 3, 3, random.Random(1).randbytes(32))
    assert OperatorKey(join([*ours[:2], false])).id != KEY_ID


@pytest.mark.parametrize(("shares", "needed"), [(1, 1), (3, 1), (2, 3), (SHARES_MAX + 1, 2)])
def test_a_splitting_that_makes_no_sense_is_refused(shares, needed):
    with pytest.raises(ValueError, match="2 or more are needed"):
        split(KEY, KEY_ID, shares=shares, needed=needed)


OLD_SHEETS = [
    (
        "0400-20G3-AJ86-RW02-FH\n"
        "05HP-4RB0-DXQ6-TV3B-XW\n"
        "D9MP-GXVP-ENT7-6WKH-VQ\n"
        "E1ZQ-WZBW-FDX7-JY47-5Y\n"
        "GT2R-982Z-GM5A-PPHY-SF"
    ),
    (
        "0400-20G3-AJ86-RW02-FH\n"
        "09N6-PT39-CSKP-8SB2-KE\n"
        "CDG6-2ZKZ-FHYQ-MYVR-VC\n"
        "F5V7-EX3N-E9SQ-0WCE-WS\n"
        "HY68-VDFF-GR9K-TY9N-5W"
    ),
]
