"""Identifiers as points: by the RFCs to the bit, and commuting."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.exchange import kernels, rules
from abhaya.exchange.kernels import NoPoint

P = 2**255 - 19
RFC_9380_DOMAIN = b"QUUX-V01-CS02-with-curve25519_XMD:SHA-512_ELL2_NU_"
# RFC 9380, appendix J.4.2: message, u[0], Q.x, and P.x, which is eight times Q.
RFC_9380 = [
    ("", "608d892b641f0328523802a6603427c26e55e6f27e71a91a478148d45b5093cd", "51125222da5e763d97f3c10fcc92ea6860b9ccbbd2eb1285728f566721c1e65b", "1bb913f0c9daefa0b3375378ffa534bda5526c97391952a7789eb976edfe4d08"),
    ("abc", "46f5b22494bfeaa7f232cc8d054be68561af50230234d7d1d63d1d9abeca8da5", "7d56d1e08cb0ccb92baf069c18c49bb5a0dcd927eff8dcf75ca921ef7f3e6eeb", "7c22950b7d900fa866334262fcaea47a441a578df43b894b4625c9b450f9a026"),
    ("abcdef0123456789", "235fe40c443766ce7e18111c33862d66c3b33267efa50d50f9e8e5d252a40aaa", "3fbe66b9c9883d79e8407150e7c2a1c8680bee496c62fabe4619a72b3cabe90f", "31ad08a8b0deeb2a4d8b0206ca25f567ab4e042746f792f4b7973f3ae2096c52"),
    ("q128_" + "q" * 128, "001e92a544463bda9bd04ddbe3d6eed248f82de32f522669efc5ddce95f46f5b", "227e0bb89de700385d19ec40e857db6e6a3e634b1c32962f370d26f84ff19683", "027877759d155b1997d0d84683a313eb78bdb493271d935b622900459d52ceaa"),
    ("a512_" + "a" * 512, "1a68a1af9f663592291af987203393f707305c7bac9c8d63d6a729bdc553dc19", "3bcd651ee54d5f7b6013898aab251ee8ecc0688166fce6e9548d38472f6bd196", "5fd892c0958d1a75f54c3182a18d286efab784e774d1e017ba2fb252998b5dc1"),
]  # fmt: skip
# Of order 1, 2, 4 and 8, on the curve and its twist (RFC 7748 §6.1; Bernstein's list).
LOW_ORDER = [
    0, 1, P - 1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
]  # fmt: skip


def twice(x: int) -> int:
    """The x-coordinate of a point added to itself (Montgomery 1987)."""
    return (x * x - 1) ** 2 * pow(4 * x * (x * x + 486662 * x + 1), -1, P) % P


@pytest.mark.parametrize(("message", "element", "mapped", "cleared"), RFC_9380)
def test_identifiers_become_the_points_of_the_rfc(message, element, mapped, cleared):
    u = kernels.field_element(message.encode(), RFC_9380_DOMAIN)
    (x,) = kernels.mapped([u])
    assert (f"{u:064x}", f"{x:064x}", f"{twice(twice(twice(x))):064x}") == (element, mapped, cleared)
    assert kernels.points([message.encode()], RFC_9380_DOMAIN) == [x.to_bytes(32, "little")]


def test_many_at_once_are_the_same_as_one_by_one():
    messages = [f"value {number}".encode() for number in range(50)]
    assert kernels.points(messages) == [kernels.points([one])[0] for one in messages]


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=80), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_it_makes_no_difference_who_raises_first(message, ours, theirs):
    point = kernels.points([message])
    assert kernels.raised(kernels.raised(point, ours), theirs) == kernels.raised(kernels.raised(point, theirs), ours)


@pytest.mark.parametrize("number", [*LOW_ORDER, P, P + 1, 2**255 - 1, 2**256 - 1])
def test_what_would_meet_everything_or_is_written_otherwise_is_refused(number):
    with pytest.raises(NoPoint):
        kernels.raised([number.to_bytes(32, "little")], kernels.fresh_secret())


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_point_has_32_bytes(length):
    with pytest.raises(NoPoint):
        kernels.raised([b"\x09" * length], kernels.fresh_secret())


# --- the three steps ---

OWN = st.lists(
    st.tuples(st.sampled_from(["phone", "email", "account"]), st.text("ab1", min_size=1, max_size=3)),
    unique=True, max_size=12,
)  # fmt: skip


def compared(asks, answers, comparison=b"c" * 32):
    """What each side learns: of its own identifiers, which the other has."""
    a, b = kernels.fresh_secret(), kernels.fresh_secret()
    question, own = rules.blinded(comparison, asks, a), rules.blinded(comparison, answers, b)
    asked_by_both = rules.given_back(question.points, b)
    answered_by_both = rules.given_back(own.points, a)
    return (
        {asks[place] for place in rules.met(question.places, asked_by_both, answered_by_both)},
        {answers[place] for place in rules.met(own.places, answered_by_both, asked_by_both)},
    )


@settings(max_examples=8, deadline=None)
@given(OWN, OWN)
def test_each_side_learns_exactly_what_both_have(asks, answers):
    both = set(asks) & set(answers)
    assert compared(asks, answers) == (both, both)


def test_the_same_words_as_another_kind_or_in_another_comparison_are_another_identifier():
    secret = kernels.fresh_secret()
    seen = {
        kernels.raised(kernels.points([rules.message(comparison, kind, value)]), secret)[0]
        for comparison in (b"c" * 32, b"d" * 32)
        for kind, value in (("email", "ab"), ("emaila", "b"), ("account", "ab"))
    }
    assert len(seen) == 6


@pytest.mark.parametrize(("values", "size"), [(0, 256), (1, 256), (256, 256), (257, 512), (16_384, 16_384)])
def test_sizes_say_little(values, size):
    assert rules.size_for(values) == size
    assert rules.well_sized(size)


def test_padding_is_points_like_others():
    for point in kernels.padding(5):
        assert int.from_bytes(point, "little") < P
        assert len(kernels.raised([point], kernels.fresh_secret())[0]) == 32


def test_a_list_of_another_length_or_with_a_point_twice_is_refused():
    secret, points = kernels.fresh_secret(), kernels.padding(256)
    for wrong in (points[:255], points[:1], [*points[:255], points[0]], []):
        with pytest.raises(NoPoint):
            rules.given_back(wrong, secret)
    with pytest.raises(NoPoint):
        rules.met([0] * 256, points[:255], points)


def test_few_of_ones_own_again_and_again_is_probing():
    assert [rules.is_probing(earlier, 8) for earlier in range(4)] == [False, False, True, True]
    assert not rules.is_probing(9, 9)
