"""The tree against the RFC's own definition, written out naively, and against the well-known vectors of RFC 6962."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.ledger import merkle

# The eight inputs and the roots over their first 1 … 8, as every Certificate Transparency implementation tests them.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
sizes = st.integers(min_value=1, max_value=130)


def leaves(count):
    return [merkle.leaf_hash(b"entry %d" % number) for number in range(count)]


def naive_root(hashes):
    """MTH of RFC 6962 §2.1, recursively, over leaf hashes."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + naive_root(hashes[:split]) + naive_root(hashes[split:])).digest()


@pytest.mark.parametrize("count", range(1, 9))
def test_roots_are_those_of_the_rfc_vectors(count):
    frontier = merkle.Frontier()
    frontier.extend(merkle.leaf_hash(bytes.fromhex(text)) for text in INPUTS[:count])
    assert frontier.root().hex() == ROOTS[count - 1]


def test_an_empty_tree_has_the_hash_of_nothing():
    assert merkle.Frontier().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(count=st.integers(min_value=0, max_value=130))
def test_the_edge_gives_the_naive_root(count):
    frontier = merkle.Frontier()
    frontier.extend(leaves(count))
    assert frontier.root() == naive_root(leaves(count))


@given(first=st.integers(min_value=0, max_value=80), more=st.integers(min_value=0, max_value=80))
def test_a_packed_edge_goes_on_where_it_stopped(first, more):
    every = leaves(first + more)
    before = merkle.Frontier()
    before.extend(every[:first])
    after = merkle.Frontier(first, before.packed())
    after.extend(every[first:])
    assert after.size == first + more
    assert after.root() == naive_root(every)


@pytest.mark.parametrize(("size", "length"), [(1, 0), (3, 32), (0, 32), (4, 33), (-1, 32)])
def test_an_edge_of_the_wrong_length_is_refused(size, length):
    with pytest.raises(ValueError, match="does not have an edge"):
        merkle.Frontier(size, b"x" * length)


@given(size=sizes, data=st.data())
def test_an_inclusion_proof_leads_to_the_root_and_no_other_leaf_does(size, data):
    every = leaves(size)
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    proof = merkle.inclusion_proof(index, size, merkle.subtree_of(every))
    root = naive_root(every)
    assert merkle.root_from_inclusion(index, size, every[index], proof) == root
    assert merkle.root_from_inclusion(index, size, merkle.leaf_hash(b"another"), proof) != root
    other = data.draw(st.integers(min_value=0, max_value=size - 1).filter(lambda at: at != index or size == 1))
    if other != index:
        assert merkle.root_from_inclusion(other, size, every[index], proof) != root
    assert merkle.root_from_inclusion(index, size, every[index], [*proof, root]) is None
    if proof:
        assert merkle.root_from_inclusion(index, size, every[index], proof[:-1]) != root


@given(size=sizes, data=st.data())
def test_a_consistency_proof_holds_for_the_true_beginning_only(size, data):
    every = leaves(size)
    old = data.draw(st.integers(min_value=1, max_value=size))
    proof = merkle.consistency_proof(old, size, merkle.subtree_of(every))
    old_root, root = naive_root(every[:old]), naive_root(every)
    assert merkle.is_consistent(old, old_root, size, root, proof)
    rewritten = [merkle.leaf_hash(b"rewritten"), *every[1:]]
    forged = merkle.consistency_proof(old, size, merkle.subtree_of(rewritten))
    assert not merkle.is_consistent(old, old_root, size, naive_root(rewritten), forged)
    assert not merkle.is_consistent(old, old_root, size, root, [*proof, root])
    if proof:
        assert not merkle.is_consistent(old, old_root, size, root, proof[:-1])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_outside_the_tree_has_no_proof(index, size):
    with pytest.raises(ValueError, match="is not in a tree"):
        merkle.inclusion_proof(index, size, merkle.subtree_of([]))
    assert merkle.root_from_inclusion(index, size, b"", []) is None


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3)])
def test_a_larger_tree_is_no_beginning(old, size):
    with pytest.raises(ValueError, match="cannot be the beginning"):
        merkle.consistency_proof(old, size, merkle.subtree_of([]))
    assert not merkle.is_consistent(old, b"", size, b"", [b"x" * 32])
