"""Films of ours are hashed beside the road and held against lists of films and of pictures, in both orders of arrival."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pytest
from PIL import Image
from tests.custody import films as made
from tests.factory import Receipt, make_officer, make_report, make_sender, make_unit
from tests.matching.test_against_lists import a_list, arrives, match, recheck
from tests.matching.test_near import hash_all as hash_pictures
from tests.matching.test_near import pdq, saved, scene

from abhaya.matching import answers, film_index, films, health
from abhaya.matching.actions import end_list, pictures
from abhaya.matching.actions import films as films_actions
from abhaya.matching.films import FilmHashes
from abhaya.matching.formats import vpdq
from abhaya.matching.kernels import film
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, value

SEEDS = itertools.count(500)
SECONDS = 4

pytestmark = pytest.mark.usefixtures("closed_road")


@pytest.fixture(scope="module", autouse=True)
def _one_decoder() -> Iterator[None]:
    yield
    pictures.DECODER.close()


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


@pytest.fixture
def sender(hub):
    return make_sender(hub)


def clip() -> bytes:
    """A film that no other test has."""
    return made.clip(next(SEEDS), SECONDS)


def coarser(content: bytes) -> bytes:
    return made.remade(content, "-c:v", "mpeg4", "-q:v", "12", ending="avi")


def as_listed(content: bytes) -> str:
    """A frame a second, as a cell of a table."""
    found = films.hashes(content)
    assert isinstance(found, FilmHashes)
    told = film.unpacked(found.frames)
    text = vpdq.written(told[told["at_ms"] % 1000 == 0].tobytes())
    return '"' + text.replace('"', '""') + '"'


def still(content: bytes, at_second: int) -> str:
    return pdq(made.remade(content, "-ss", str(at_second), "-frames:v", "1", ending="png"))


def hash_all() -> None:
    """Rounds until nothing waits: other tests' films too."""
    while True:
        with on_the_road("road:matching"):
            films_actions.hash_films()
            if not value("select count(*) from matching_film_hash where hashed_at is null"):
                return


def found(receipt: Receipt) -> list[tuple[object, ...]]:
    with on_the_road("test"):
        return fetch(
            lambda *row: row,
            "select hash_kind, hash_type, answer, found_by, frames, list_name, ended_at is not null"
            " from matching_list_match where report_id = %s order by id",
            [receipt.report_id],
        )


def hashed(receipt: Receipt) -> list[tuple[object, ...]]:
    with on_the_road("test"):
        return fetch(
            lambda *row: row,
            "select why_not, frame_count, mode, position from matching_film_hash where report_id = %s",
            [receipt.report_id],
        )


def test_a_film_like_one_on_a_list_looks_known_is_never_known_and_the_page_says_by_how_many_frames(hub, sender):
    whole, of = clip(), a_list(hub, vouched=2)
    arrives(of, as_listed(whole), header="vpdq")
    report, other = make_report(sender, held=[coarser(whole)]), make_report(sender, held=[clip()])
    match(report, other)
    assert found(report) == []  # the road does not wait for decoding
    hash_all()
    counts = [SECONDS] * 4
    assert found(report) == [("near", "vpdq", "looks-known", "arrival", counts, of.name, False)]
    assert found(other) == []
    assert [row[:3] for row in hashed(report)] == [("", 4 * SECONDS, "a frame every 0.25 s")]
    alice = make_officer(hub, "analyst")
    with acting(alice.id):
        (told,) = answers.of_report(report.report_id).values()
        assert told.word(is_held=True) == "looks-known"
        (said,) = told.why("en")
        assert (
            said[0] == f"A film on the list “{of.name}” looks alike: 4 of 4 frames lie within 31 bits of frames of it."
        )
        assert any("80 %" in one for one in said)
        assert "फ़िल्म" in told.why("hi")[0][0]


def test_a_list_that_comes_later_finds_a_part_of_its_film_and_a_picture_out_of_it(hub, sender):
    whole = clip()
    report, far = make_report(sender, held=[coarser(whole)]), make_report(sender, held=[clip()])
    match(report, far)
    hash_all()
    assert found(report) == []
    of_films, of_pictures = a_list(hub), a_list(hub)
    arrives(of_films, as_listed(made.remade(whole, "-t", "2", "-c:v", "libx264")), header="vpdq")
    arrives(of_pictures, still(whole, 1), header="pdq")
    recheck()
    (film_met, picture_met) = sorted(found(report), key=lambda row: row[1], reverse=True)
    assert film_met[:4] == ("near", "vpdq", "looks-known", "re-check")
    assert film_met[4][2:] == [2, 2]
    assert (picture_met[1], picture_met[4][1:], picture_met[5]) == ("pdq", [SECONDS, 1], of_pictures.name)
    assert found(far) == []


def test_a_picture_out_of_a_listed_film_looks_known_whichever_comes_first_and_opens_again_with_the_list(hub, sender):
    whole, of = clip(), a_list(hub, vouched=2)
    png = made.remade(whole, "-ss", "2", "-frames:v", "1", "-vf", "scale=200:150", ending="png")
    before, far = make_report(sender, held=[png]), make_report(sender, held=[saved(scene())])
    match(before, far)
    hash_pictures()
    arrives(of, as_listed(whole), header="vpdq")
    recheck()
    turned = saved(Image.open(io.BytesIO(png)).transpose(Image.Transpose.ROTATE_90))
    after = make_report(sender, held=[turned])
    match(after)
    hash_pictures()
    (early,), (late,) = found(before), found(after)
    assert early[:4] == ("near", "vpdq", "looks-known", "re-check"), "two who verified the film say nothing of a still"
    assert late[:4] == ("near", "vpdq", "looks-known", "arrival")
    assert (early[4][1:], late[4][1:], early[5], found(far)) == ([SECONDS, 2], [SECONDS, 2], of.name, [])
    with acting(make_officer(hub, "analyst").id):
        (told,) = answers.of_report(after.report_id).values()
        assert told.word(is_held=True) == "looks-known"
        (said,) = told.why("en")
        assert said[0].startswith(
            f"This picture looks like a frame of a film on the list “{of.name}”, at 0:00:02 of it: "
        )
        assert "of 256 bits differ. That is not the same file." in said[0]
        assert f"Of that film’s {SECONDS} frames, " in said[1]
        assert "दृश्य" in told.why("hi")[0][0]
    with on_the_road("test"):
        end_list(of, "its source ended it")
    assert [row[-1] for row in (*found(before), *found(after))] == [True, True]
    again = make_report(sender, held=[saved(Image.open(io.BytesIO(png)), "JPEG")])
    match(again)
    hash_pictures()
    assert found(again) == []


def test_an_entry_with_a_picture_s_hash_and_a_film_s_frames_is_met_once(hub, sender):
    whole, of = clip(), a_list(hub)
    png = made.remade(whole, "-ss", "1", "-frames:v", "1", ending="png")
    before = make_report(sender, held=[png])
    match(before)
    hash_pictures()
    arrives(of, f"{as_listed(whole)},{pdq(png)}", header="vpdq,pdq")
    recheck()
    after = make_report(sender, held=[saved(Image.open(io.BytesIO(png)), "JPEG")])
    match(after)
    hash_pictures()
    assert [[row[1:4] for row in found(one)] for one in (before, after)] == [
        [("pdq", "looks-known", "re-check")],
        [("pdq", "looks-known", "arrival")],
    ]


def test_a_mirrored_film_meets_a_listed_picture_on_arrival_and_the_second_is_said(hub, sender):
    whole, of = clip(), a_list(hub)
    arrives(of, still(whole, 2), header="pdq")
    report = make_report(sender, held=[made.remade(whole, "-vf", "hflip", "-c:v", "libx264")])
    match(report)
    hash_all()
    [(_, hash_type, answer, _, frames, _, _)] = found(report)
    assert (hash_type, answer, frames[1:]) == ("pdq", "looks-known", [SECONDS, 2])
    with acting(make_officer(hub, "analyst").id):
        (told,) = answers.of_report(report.report_id).values()
        assert "0:00:02" in told.why("en")[0][1]


def test_a_withdrawn_entry_opens_again_what_it_found_and_finds_no_more(hub, sender):
    whole, of = clip(), a_list(hub)
    arrives(of, as_listed(whole), header="vpdq")
    before, after = make_report(sender, held=[whole]), make_report(sender, held=[coarser(whole)])
    match(before)
    hash_all()
    with on_the_road("test"):
        end_list(of, "its source ended it")
    match(after)
    hash_all()
    assert [row[-1] for row in found(before)] == [True]
    assert found(after) == []


def test_a_round_that_is_killed_is_done_again_whole_and_the_same_bytes_are_decoded_once(hub, sender, monkeypatch):
    whole, of = clip(), a_list(hub)
    arrives(of, as_listed(whole), header="vpdq")
    hash_all()
    first, second, third = (make_report(sender, held=[whole]) for _ in range(3))
    match(first, second)
    with pytest.raises(KeyboardInterrupt), on_the_road("road:matching"):
        films_actions.hash_films()
        assert value("select count(*) from matching_list_match where report_id = %s", [first.report_id]) == 1
        raise KeyboardInterrupt
    assert (found(first), [row[-1] for row in hashed(first)]) == ([], [None])
    decoded, plain = [], films.hashes
    monkeypatch.setattr(films, "hashes", lambda source: decoded.append(1) or plain(source))
    hash_all()
    match(third)
    hash_all()
    assert len(decoded) == 1
    assert [len(found(one)) for one in (first, second, third)] == [1, 1, 1]
    assert len({hashed(one)[0][-1] for one in (first, second, third)}) == 1


def test_a_film_that_is_none_says_why_and_holds_up_nobody(hub, sender):
    torn, whole = clip()[:3000], clip()
    first, second = make_report(sender, held=[torn]), make_report(sender, held=[whole])
    match(first, second)
    hash_all()
    assert [row[:2] for row in hashed(first)] == [("damaged", None)]
    assert [row[:2] for row in hashed(second)] == [("", 4 * SECONDS)]


def test_a_deleted_film_leaves_the_index_unless_other_files_have_the_same_bytes(hub, sender, owner):
    whole = clip()
    first, second = make_report(sender, held=[whole]), make_report(sender, held=[whole])
    match(first, second)
    hash_all()
    told = films.hashes(whole)
    assert isinstance(told, FilmHashes)
    one = film.codes(film.unpacked(told.frames)[:1])
    for report, left in ((first, 1), (second, 0)):
        owner.execute("delete from matching_film_hash where report_id = %s", [report.report_id])
        owner.commit()
        with on_the_road("road:matching"):
            film_index.follow(film_index.FILMS)
            assert len(np.unique(film_index.FILMS.search(one, 0).ids)) == left
            assert value("select count(*) from matching_gone where index = 'films'") == 0


def test_without_ffmpeg_films_wait_and_that_is_told_and_nobody_sees_those_of_others(hub, sender, settings):
    hash_all()
    report = make_report(sender, held=[clip()])
    match(report)
    ffmpeg, settings.FFMPEG = settings.FFMPEG, ""
    with on_the_road("road:matching"):
        assert films_actions.hash_films() == 0
    assert "1 files wait to be compared as films" in health.films().said("en")
    assert "फ़िल्म" in health.films().said("hi")
    settings.FFMPEG = ffmpeg
    hash_all()
    assert health.films().said("en") == "Every film was compared with the hash lists."
    alice, charlie = make_officer(hub, "analyst"), make_officer(make_unit("district"), "analyst")
    for person, seen in ((alice, 1), (charlie, 0)):
        with acting(person.id):
            assert value("select count(mode) from matching_film_hash where report_id = %s", [report.report_id]) == seen
