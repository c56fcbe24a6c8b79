"""A server killed at any instant of taking in: what it answered is there in full, and nothing is there twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from uuid import UUID

import pytest
from tests.custody.world import ask, make_compartment, read

from abhaya.custody.check import check

ROUNDS = 6
PROGRAM = """
import hashlib, sys
import django
django.setup()
from uuid import UUID
from abhaya.custody.actions import Blob, take_in
from abhaya.shared.identity import on_the_road
compartment, seed = UUID(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
for number in range(100_000):
    contents = [hashlib.shake_128(f"{seed} {number} {n}".encode()).digest(size) for n, size in enumerate((900, 90_000))]
    with on_the_road("test"):
        stored = take_in([Blob(compartment, str(number), content, "", "kill") for content in contents])
    print(*[f"{one.item_id} {one.object_id} {one.sha256.hex()}" for one in stored], flush=True)
"""


@pytest.mark.slow
def test_what_was_answered_before_the_kill_is_whole_and_once(bench):
    chance = random.Random(20261122)
    kept_objects: set[UUID] = set()
    for seed in range(ROUNDS):
        compartment = make_compartment()
        environment = {
            **os.environ,
            **bench.environment(bench.data, bench.database),
            "DJANGO_SETTINGS_MODULE": "abhaya.settings",
        }
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(compartment), str(seed)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as process:
            assert process.stdout.readline() == "ready\n"
            for _ in range(chance.randrange(1, 8)):
                first = process.stdout.readline()
            time.sleep(chance.random() * 0.02)  # the instant of the kill is meant to be anywhere
            process.kill()
            rest = process.stdout.read()
        words = (first + rest[: rest.rfind("\n") + 1]).split()
        answered = [(UUID(words[n]), UUID(words[n + 1]), words[n + 2]) for n in range(0, len(words), 3)]
        assert answered
        items = dict(ask("select id, object_id from custody_item where compartment = %s", compartment))
        for item_id, object_id, sha256 in answered:
            assert items[item_id] == object_id
            assert len(read(object_id, compartment)) in {900, 90_000}
            assert ask("select count(*) from custody_object where sha256 = %s", bytes.fromhex(sha256)) == [(1,)]
        # One more set may have been committed and not yet answered; it is whole too.
        assert len(items) % 2 == 0
        for object_id in items.values():
            read(object_id, compartment)
        kept_objects.update(items.values())
    assert [finding for finding in check().findings if finding.object_id in kept_objects] == []
