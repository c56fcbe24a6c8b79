"""The sweep, as the worker does it."""

from __future__ import annotations

import os

from tests.custody.world import content_of, kept, make_compartment, read

from abhaya.custody.vault import receive_stream, vault
from abhaya.journey import DUTIES
from abhaya.shared.duties import do


def test_the_worker_sweeps_old_drafts_and_touches_nothing_else():
    duty = next(duty for duty in DUTIES if duty.name == "vault-drafts")
    compartment, content = make_compartment(), content_of(100_000)
    (stored,) = kept(compartment, content)
    for file in vault().kept():
        os.utime(file.path, (0, 0))
    old, young = receive_stream([content_of(100_000)]), receive_stream([content_of(100_000)])
    os.utime(old.path, (0, 0))
    assert do(duty)
    assert (old.path.exists(), young.path.exists()) == (False, True)
    assert read(stored.object_id, compartment) == content
    young.path.unlink()
