"""Pictures of ours are hashed beside the road and held against the lists by nearness, in both orders of arrival."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pytest
from PIL import Image
from tests.factory import Receipt, make_officer, make_report, make_sender, make_unit
from tests.matching.test_against_lists import a_list, arrives, match, recheck

from abhaya.custody.why_not import WhyNot
from abhaya.matching import health, near_index, near_rules
from abhaya.matching.actions import end_list, pictures
from abhaya.matching.nearness import RADIUS_BUILT_FOR
from abhaya.matching.pictures import Pictures
from abhaya.shared.checks import Level
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import fetch, value
from abhaya.training.scenes import shapes

SEEDS = itertools.count(7000)

pytestmark = pytest.mark.usefixtures("closed_road")


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


@pytest.fixture
def sender(hub):
    return make_sender(hub)


@pytest.fixture(scope="module", autouse=True)
def _one_decoder() -> Iterator[None]:
    yield
    pictures.DECODER.close()


def scene() -> Image.Image:
    """A picture that no other test has."""
    return Image.fromarray(shapes(next(SEEDS), 240, 320))


def saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def pdq(content: bytes) -> str:
    with Pictures() as made:
        found = made.hashes(content)
    assert not isinstance(found, WhyNot)
    return found.pdq.hex()


def hash_all() -> None:
    """Rounds until nothing waits: other tests' files too."""
    while True:
        with on_the_road("road:matching"):
            pictures.hash_pictures()
            if not value("select count(*) from matching_file_hash where hashed_at is null"):
                return


def found(receipt: Receipt) -> list[tuple[object, ...]]:
    with on_the_road("test"):
        return fetch(
            lambda *row: row,
            "select hash_kind, hash_type, answer, found_by, distance, mode, list_name, ended_at is not null"
            " from matching_list_match where report_id = %s order by id",
            [receipt.report_id],
        )


def hashed(receipt: Receipt) -> list[tuple[object, ...]]:
    with on_the_road("test"):
        return fetch(
            lambda *row: row,
            "select why_not, quality >= 50, width, height, mode, position from matching_file_hash where report_id = %s",
            [receipt.report_id],
        )


def test_a_picture_near_one_on_a_list_looks_known_and_is_never_known(hub, sender):
    image, of = scene(), a_list(hub, vouched=2)
    arrives(of, pdq(saved(image)), header="pdq")
    report = make_report(sender, held=[saved(image.resize((300, 225)), "JPEG", quality=70)])
    match(report)
    assert found(report) == []  # the road does not wait for decoding
    hash_all()
    [(kind, hash_type, answer, found_by, distance, mode, list_name, ended)] = found(report)
    assert (kind, hash_type, answer, found_by, list_name, ended) == (
        "near",
        "pdq",
        "looks-known",
        "arrival",
        of.name,
        False,
    )
    assert 0 <= distance <= RADIUS_BUILT_FOR
    assert mode == "pdq as it is, full"


@pytest.mark.parametrize(
    ("turn", "form"),
    [
        (Image.Transpose.FLIP_LEFT_RIGHT, "reversed"),
        (Image.Transpose.ROTATE_90, "turned"),
        (Image.Transpose.TRANSPOSE, "mirrored"),
    ],
)
def test_a_turned_or_mirrored_picture_is_found_and_the_match_says_so(hub, sender, turn, form):
    image, of = scene(), a_list(hub)
    arrives(of, pdq(saved(image)), header="pdq")
    report = make_report(sender, held=[saved(image.transpose(turn))])
    match(report)
    hash_all()
    [(kind, *_, distance, mode, _list, _ended)] = found(report)
    assert kind == "near"
    assert distance <= RADIUS_BUILT_FOR
    assert form in mode


def test_a_list_that_comes_later_finds_old_pictures_by_nearness(hub, sender):
    image, other = scene(), scene()
    near, far = make_report(sender, held=[saved(image.resize((280, 210)))]), make_report(sender, held=[saved(other)])
    match(near, far)
    hash_all()
    of = a_list(hub)
    arrives(of, pdq(saved(image)), header="pdq")
    recheck()
    assert [row[:4] for row in found(near)] == [("near", "pdq", "looks-known", "re-check")]
    assert found(far) == []


def test_a_withdrawn_entry_finds_nothing_and_opens_again_what_it_found(hub, sender):
    image, of = scene(), a_list(hub)
    arrives(of, pdq(saved(image)), header="pdq")
    before, after = make_report(sender, held=[saved(image)]), make_report(sender, held=[saved(image)])
    match(before)
    hash_all()
    with on_the_road("test"):
        end_list(of, "its source ended it")
    match(after)
    hash_all()
    assert [row[-1] for row in found(before)] == [True]
    assert found(after) == []


def test_a_plain_picture_and_what_is_no_picture_meet_nothing_and_say_why(hub, sender):
    plain = Image.new("RGB", (200, 200), (90, 90, 90))
    of = a_list(hub)
    arrives(of, pdq(saved(plain)), header="pdq")
    torn = saved(scene())[:2000]
    report, no_picture, damaged = (
        make_report(sender, held=[content]) for content in (saved(plain), b"asks for a picture", torn)
    )
    match(report, no_picture, damaged)
    hash_all()
    assert found(report) == []
    assert [row[:2] for row in hashed(report)] == [("", False)]
    assert [row[0] for row in hashed(no_picture)] == ["no-picture"]
    assert [row[0] for row in hashed(damaged)] == ["damaged"]


def test_the_same_bytes_are_decoded_once_and_every_file_of_them_is_held_against_the_lists(hub, sender, monkeypatch):
    content = saved(scene())
    of = a_list(hub)
    arrives(of, pdq(content), header="pdq")
    hash_all()
    decoded, plain = [], Pictures.hashes
    monkeypatch.setattr(Pictures, "hashes", lambda self, source: decoded.append(1) or plain(self, source))
    first, second, third = (make_report(sender, held=[content]) for _ in range(3))
    match(first, second)
    hash_all()
    match(third)
    hash_all()
    assert len(decoded) == 1
    assert [len(found(one)) for one in (first, second, third)] == [1, 1, 1]
    assert len({hashed(one)[0][-1] for one in (first, second, third)}) == 1


def test_a_round_that_is_killed_is_done_again_whole(hub, sender):
    content, of = saved(scene()), a_list(hub)
    arrives(of, pdq(content), header="pdq")
    report = make_report(sender, held=[content])
    match(report)
    with pytest.raises(KeyboardInterrupt), on_the_road("road:matching"):
        pictures.hash_pictures(seconds=60)
        assert value("select count(*) from matching_list_match where report_id = %s", [report.report_id]) == 1
        raise KeyboardInterrupt
    assert (found(report), [row[-1] for row in hashed(report)]) == ([], [None])
    hash_all()
    hash_all()
    assert len(found(report)) == 1


def test_an_index_that_is_lost_is_built_again_from_the_database(hub, sender):
    image, of = scene(), a_list(hub)
    arrives(of, pdq(saved(image)), header="pdq")
    hash_all()
    (near_index.LISTS.folder / "manifest.json").unlink()
    report = make_report(sender, held=[saved(image)])
    match(report)
    hash_all()
    assert len(found(report)) == 1


def test_a_deleted_fingerprint_leaves_the_index_too_unless_other_files_have_the_same_bytes(hub, sender, owner):
    content = saved(scene())
    first, second = make_report(sender, held=[content]), make_report(sender, held=[content])
    match(first, second)
    hash_all()
    code = np.frombuffer(bytes.fromhex(pdq(content)), ">u8").astype(np.uint64).reshape(1, 4)
    for report, left in ((first, 1), (second, 0)):
        owner.execute("delete from matching_file_hash where report_id = %s", [report.report_id])
        owner.commit()
        with on_the_road("road:matching"):
            assert near_index.FILES.follow()
            assert len(near_index.FILES.search(code, 0).ids) == left
            assert value("select count(*) from matching_gone") == 0


def test_what_waits_is_told_and_officers_see_fingerprints_of_their_own_reports_only(hub, sender):
    report = make_report(sender, held=[saved(scene())])
    match(report)
    told = health.pictures()
    assert told.level is Level.OK
    assert "wait" in told.said("en")
    assert "चित्र" in told.said("hi")
    hash_all()
    assert health.pictures().said("en") == "Every picture was compared with the hash lists."
    alice, charlie = make_officer(hub, "analyst"), make_officer(make_unit("district"), "analyst")
    for person, seen in ((alice, 1), (charlie, 0)):
        with acting(person.id):
            assert value("select count(pdq) from matching_file_hash where report_id = %s", [report.report_id]) == seen


@pytest.mark.parametrize("bits", [0, 1, 31])
def test_the_nearest_form_is_named_with_its_distance(bits):
    code = uuid7().bytes * 2
    turned = (int.from_bytes(code) ^ ((1 << bits) - 1)).to_bytes(32)
    far = bytes(255 - byte for byte in code)
    forms = b"".join(turned if place == 9 else far for place in range(near_rules.FORMS))
    assert near_rules.nearest(forms, code) == near_rules.Near(bits, "pdq-512 turned 90")
