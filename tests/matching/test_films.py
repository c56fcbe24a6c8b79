"""Films by their frames: the rule as values, and the fingerprints of films that were cut, shrunk and written again."""

from __future__ import annotations

import functools
import resource
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.custody import films as made

from abhaya.custody import film as reader
from abhaya.custody.why_not import WhyNot
from abhaya.matching import film_reasons, films
from abhaya.matching.film_rules import Shares, compared, in_either_form, with_picture
from abhaya.matching.films import FilmHashes
from abhaya.matching.formats import vpdq
from abhaya.matching.formats.record import hashes as read_hashes
from abhaya.matching.kernels import film
from abhaya.matching.kernels.film import FRAME
from abhaya.matching.nearness import FILM_SHARE_MIN_PERCENT, RADIUS_BUILT_FOR
from abhaya.matching.reasons import SENTENCES
from abhaya.shared.reason import sentence

RANDOM = np.random.default_rng(20261122)
SECONDS = 9


def frames(codes, quality=100, every_ms=1000) -> np.ndarray:
    return np.array([(at * every_ms, at, quality, bytes(code)) for at, code in enumerate(codes)], FRAME)


def codes(count: int) -> list[bytes]:
    """So far from one another that none is near by chance."""
    return [RANDOM.bytes(32) for _ in range(count)]


def off(code: bytes, bits: int) -> bytes:
    at = RANDOM.choice(256, bits, replace=False)
    return (int.from_bytes(code) ^ sum(1 << int(bit) for bit in at)).to_bytes(32)


# --- the rule ---


@given(st.integers(1, 60), st.data())
def test_both_shares_are_counted_and_either_is_enough(of, data):
    listed = codes(of)
    near = data.draw(st.integers(0, of))
    more = data.draw(st.integers(0, 60))
    own = [off(code, data.draw(st.integers(0, RADIUS_BUILT_FOR))) for code in listed[:near]] + codes(more)
    found = compared(frames(own), frames(listed))
    assert found[:4] == (near, near + more, near, of)
    percent = max(near * 100 / max(1, near + more), near * 100 / of)
    assert found.is_alike == (percent >= FILM_SHARE_MIN_PERCENT)


@given(st.integers(0, 60))
def test_a_frame_is_near_up_to_thirty_one_bits(bits):
    (code,) = codes(1)
    found = compared(frames([off(code, bits)]), frames([code]))
    assert (found.near, found.nearest_bits) == (int(bits <= RADIUS_BUILT_FOR), bits)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 100)), max_size=40), st.integers(1, 8))
def test_the_rule_is_that_of_its_definition(told, every):
    """As read from vPDQ's page, in plain Python: the first good frame of each second, equal ones once, any order."""
    of = codes(6)
    own = np.array([(at * 1000 // every, at, quality, of[which]) for at, (which, quality) in enumerate(told)], FRAME)
    good: dict[int, list[bytes]] = {}
    for one in own:
        if one["quality"] >= 50:
            good.setdefault(int(one["at_ms"]) // 1000, []).append(bytes(one["code"]))
    firsts: dict[bytes, list[bytes]] = {}
    for second in good.values():
        firsts.setdefault(second[0], second)
    other = frames(of[:3])
    found = compared(own, other)
    assert found.of == len(firsts)
    assert found.near == sum(any(code in of[:3] for code in second) for second in firsts.values())
    assert found.other_near == len({code for second in good.values() for code in second} & set(of[:3]))
    assert compared(other, own)[:4] == (found.other_near, found.other_of, found.near, found.of)


def test_what_says_little_is_left_out_and_a_film_of_nothing_is_like_nothing():
    (dark, *rest) = codes(10)
    own = np.concatenate([frames([dark] * 50, quality=49), frames(rest)])
    assert compared(own, frames([dark])) == Shares(0, 9, 0, 1, compared(frames(rest), frames([dark])).nearest_bits)
    assert not compared(frames([dark], quality=49), frames([dark], quality=0)).is_alike
    assert not in_either_form(frames([]), frames([]), frames([dark])).is_alike


def test_a_mirrored_film_is_found_as_a_whole_and_a_picture_in_a_film_is_told_with_its_second():
    as_it_is, mirrored, other = codes(10), codes(10), codes(3)
    shares = in_either_form(frames(as_it_is), frames(mirrored), frames(mirrored))
    assert (shares.form, shares.is_alike) == ("mirrored", True)
    mixed = in_either_form(frames(as_it_is), frames(mirrored), frames([*as_it_is[:7], *mirrored[7:]]))
    assert (mixed.near, mixed.is_alike) == (7, False)
    still = with_picture(frames(as_it_is), frames(mirrored), off(as_it_is[4], 5))
    assert still == (1, 10, 5, 4, "as it is")
    assert with_picture(frames(as_it_is), frames(mirrored), other[0]).near == 0


def test_a_large_pair_is_compared_in_pieces_as_in_one(monkeypatch):
    of = codes(50)
    own, other = (film.codes(frames(some)) for some in (of[:40], of[20:]))
    whole = film.met(own, other, RADIUS_BUILT_FOR)
    monkeypatch.setattr(film, "PAIRS_AT_ONCE", 64)
    pieces = film.met(own, other, RADIUS_BUILT_FOR)
    assert whole.own.tolist() == pieces.own.tolist() == [at >= 20 for at in range(40)]
    assert (whole.nearest_bits, whole.nearest) == (pieces.nearest_bits, pieces.nearest) == (0, (20, 0))


@pytest.mark.parametrize(
    ("counts", "last"),
    [
        ([37, 40, 38, 41], "That film’s"),
        ([37, 40, 12, 60], "This film looks like a part of that one."),
        ([12, 60, 12, 12], "That film looks like a part of this one."),
    ],
)
def test_the_counts_are_said_in_a_sentence(counts, last):
    said = [sentence(one, SENTENCES, "en") for one in film_reasons.reasons(counts, "Partner list", 4, "vpdq")]
    assert said[0] == (
        f"A film on the list “Partner list” looks alike: {counts[0]} of {counts[1]} frames lie within 31 bits of frames of it."
    )
    assert f"{counts[3]} frames, {counts[2]} lie as near" in said[1]
    assert last in said[2] or len(said) == 3
    assert "80 %" in said[-1]
    assert all(
        "तस्वीर" in sentence(one, SENTENCES, "hi") for one in film_reasons.reasons([*counts[:2], 61], "L", 4, "pdq")[:2]
    )


# --- vPDQ as text ---


@given(
    st.lists(
        st.tuples(st.integers(0, 4_000_000_000), st.integers(0, 100), st.binary(min_size=32, max_size=32)), min_size=1
    )
)
def test_frames_written_as_text_are_read_again(rows):
    packed = np.array([(at, place, quality, code) for place, (at, quality, code) in enumerate(rows)], FRAME).tobytes()
    assert vpdq.read(vpdq.written(packed)) == packed


@given(st.text(max_size=200) | st.text('[{":,0a}]', max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text):
    try:
        vpdq.read(text)
    except ValueError as problem:
        assert "vPDQ" in str(problem)


def test_the_older_ways_of_writing_frames_are_read_and_what_says_nothing_is_no_fingerprint():
    code = "ab" * 31 + "cd"
    once = vpdq.read(f'["{code},100,1.500"]')
    assert vpdq.read(f'{{"0": {{"quality": 100, "hash": "{code}", "timestamp": 1.5}}}}') == once
    assert vpdq.read(f"0,100,{code},1.5\n") == once
    assert vpdq.FRAME.size == FRAME.itemsize
    assert read_hashes({"HASH_VIDEO_VPDQ": f'["{code},49,0"]'}) == ({}, {})
    assert list(read_hashes({"video_vpdq": f'["{code},50,0"]'})[0]) == ["vpdq"]
    for bad in ("[]", '["zz,1,1"]', f'["{code},101,0"]', f'["{code},1,-1"]', f'["{code},1,nan"]', "[" * 5000):
        with pytest.raises(ValueError, match="vPDQ"):
            vpdq.read(bad)


# --- films ---

CODED = ("-c:v", "libx264", "-preset", "veryfast")
CHANGED = {
    "another codec at a low rate": (("-c:v", "libvpx", "-deadline", "realtime", "-b:v", "100k"), "webm"),
    "coarse": (("-c:v", "mpeg4", "-q:v", "25"), "avi"),
    "a quarter of its size": (("-vf", "scale=80:60", *CODED), "mp4"),
    "another shape": (("-vf", "scale=240:240", *CODED), "mp4"),
    "another frame rate": (("-r", "24", *CODED), "mp4"),
    "three frames a second": (("-r", "3", *CODED), "mp4"),
    "without its head": (("-ss", "2.4", *CODED), "mp4"),
    "without its tail": (("-t", "5.5", *CODED), "mp4"),
    "with narrow bars": (("-vf", "pad=320:248:0:4", *CODED), "mp4"),
    "mirrored": (("-vf", "hflip", *CODED), "mp4"),
    "grey": (("-vf", "format=gray,format=yuv420p", *CODED), "mp4"),
}


@functools.cache
def of(content: bytes) -> FilmHashes:
    found = films.hashes(content)
    assert isinstance(found, FilmHashes), found
    return found


def shares(content: bytes, listed: bytes) -> Shares:
    """Against a list that has a frame a second, as lists do."""
    own, whole = of(content), film.unpacked(of(listed).frames)
    return in_either_form(film.unpacked(own.frames), film.unpacked(own.mirrored), whole[whole["at_ms"] % 1000 == 0])


@pytest.mark.parametrize("change", CHANGED)
def test_a_film_that_was_changed_on_its_way_is_found(change):
    whole = made.clip(1, SECONDS)
    words, ending = CHANGED[change]
    found = shares(made.remade(whole, *words, ending=ending), whole)
    assert found.is_alike, found
    assert found.form == ("mirrored" if change == "mirrored" else "as it is")


def test_a_film_within_another_is_found_and_another_film_is_not():
    whole, other = made.clip(1, SECONDS), made.clip(2, SECONDS)
    assert shares(other, whole)[:4] == (0, SECONDS, 0, SECONDS)
    both = np.concatenate([film.unpacked(of(other).frames), film.unpacked(of(whole).frames)])
    both["at_ms"] = np.arange(len(both)) * 250
    found = compared(both, film.unpacked(of(whole).frames))
    assert (found.near, found.of, found.other_near, found.other_of) == (SECONDS, 2 * SECONDS, SECONDS, SECONDS)
    assert found.is_alike


def test_what_the_rule_does_not_find_is_known():
    """Wide bars and a lettering over every frame take each frame away: PDQ's own limits, not the rule's."""
    whole = made.clip(1, SECONDS)
    assert not shares(made.remade(whole, "-vf", "pad=320:264:0:12", *CODED), whole).is_alike
    assert not shares(made.remade(whole, "-vf", "drawbox=8:8:120:60:white:fill", *CODED), whole).is_alike


def test_a_film_of_one_still_has_one_frame_and_a_plain_one_none_that_says_anything():
    still = made.remade(made.clip(3, 1), "-vf", "loop=40:1:0", *CODED)
    (other,) = film.unpacked(of(made.clip(3, 1)).frames)[:1]
    found = compared(film.unpacked(of(still).frames), np.array([other]))
    assert (found.of, found.is_alike) == (found.near, True)
    plain = of(made.remade(made.film(), "-vf", "geq=128:128:128", *CODED))
    assert not len(film.telling(film.unpacked(plain.frames), 50))


def test_the_frames_are_those_of_whole_seconds_and_three_more_in_each():
    found = of(made.clip(1, SECONDS))
    told = film.unpacked(found.frames)
    assert told["at_ms"].tolist() == list(range(0, SECONDS * 1000, 250))
    assert told["number"].tolist() == list(range(SECONDS * 4))
    assert (found.width, found.height, found.every_ms, found.ended) == (320, 240, 250, "")
    assert found.mode == "a frame every 0.25 s"
    assert found.reader.startswith("ffmpeg ")


def test_of_a_long_film_fewer_frames_are_kept_and_that_is_said():
    found = films.hashes(made.clip(1, SECONDS), frames_kept_max=10)
    assert isinstance(found, FilmHashes)
    assert film.unpacked(found.frames)["at_ms"].tolist() == list(range(0, SECONDS * 1000, 1000))
    assert found.mode == "a frame every 1 s"
    assert shares(made.clip(1, SECONDS), made.clip(1, SECONDS)).is_alike


def test_a_film_cut_short_gives_what_it_has_and_what_is_no_film_says_so():
    whole = made.remade(made.clip(1, SECONDS), *CODED, "-g", "10", ending="mkv")
    half = of(whole[: len(whole) // 2])
    assert 0 < len(half.frames) < len(of(whole).frames)
    assert compared(film.unpacked(half.frames), film.unpacked(of(whole).frames)).is_alike
    for bad in (b"", b"no film at all", made.only_sound(), made.film()[:200]):
        assert films.hashes(bad) is WhyNot.DAMAGED


def test_a_film_that_costs_too_much_is_read_in_part_in_flat_memory(monkeypatch):
    hour = made.remade(made.clip(1, SECONDS), "-c", "copy", before=("-stream_loop", "400"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    monkeypatch.setattr(reader, "FRAME_LIMITS", replace(reader.FRAME_LIMITS, cpu_seconds=1))
    found = films.hashes(hour)
    assert isinstance(found, FilmHashes)
    assert found.ended == "too-costly"
    assert found.mode.endswith("read in part: too-costly")
    assert shares(made.clip(1, SECONDS), made.clip(1, SECONDS)).is_alike
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


def test_without_ffmpeg_a_film_has_no_fingerprints(settings):
    settings.FFMPEG = ""
    assert films.hashes(made.film()) is WhyNot.NO_FFMPEG
