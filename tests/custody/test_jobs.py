"""The sweep, as the worker does it."""

from __future__ import annotations

import os

from tests.custody.world import content_of, kept, make_compartment, path_of, read, rolled_back

from abhaya.custody.actions import Blob, take_in
from abhaya.custody.folder import NEW
from abhaya.custody.vault import receive_stream, vault
from abhaya.journey import DUTIES
from abhaya.shared.duties import do


def test_a_file_of_a_transaction_that_never_committed_is_swept_and_one_that_did_loses_its_mark():
    compartment, content = make_compartment(), content_of(100_000)
    drafts = [receive_stream([content_of(100_000)]) for _ in range(2)]
    for draft in drafts:
        rolled_back(lambda draft=draft: take_in([Blob(compartment, "x", draft, "", "test")]))
    (stored,) = kept(compartment, content)
    marked = path_of(stored).with_name(path_of(stored).name + NEW)
    path_of(stored).rename(marked)
    for path in (marked, drafts[0].path):
        os.utime(path, (0, 0))
    sweep()
    assert (drafts[0].path.exists(), drafts[1].path.exists()) == (False, True)  # the second may still be tried again
    assert (path_of(stored).exists(), marked.exists()) == (True, False)
    assert read(stored.object_id, compartment) == content
    drafts[1].path.unlink()


def sweep() -> None:
    assert do(next(duty for duty in DUTIES if duty.name == "vault-drafts"))


def test_the_worker_sweeps_old_drafts_and_touches_nothing_else():
    compartment, content = make_compartment(), content_of(100_000)
    (stored,) = kept(compartment, content)
    for file in vault().kept():
        os.utime(file.path, (0, 0))
    old, young = receive_stream([content_of(100_000)]), receive_stream([content_of(100_000)])
    os.utime(old.path, (0, 0))
    sweep()
    assert (old.path.exists(), young.path.exists()) == (False, True)
    assert read(stored.object_id, compartment) == content
    young.path.unlink()
