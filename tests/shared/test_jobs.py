"""Coarse jobs: there when the caller's transaction commits, done as the officer who asked, refused when they may not."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

import pytest

from abhaya.errors import NotPermitted
from abhaya.shared import jobs
from abhaya.shared.identity import acting, current_actor, on_the_road
from abhaya.shared.sql import value, values

COUNT = "select count(*) from procrastinate_jobs where args ->> 'purpose' = %s"


@pytest.fixture
def done():
    """What the job `test.note` did: (officer, name, purpose, ids)."""
    seen = []

    def note(asked, ids):
        with asked.transaction():
            actor = current_actor()
            seen.append((actor.id, actor.name, actor.purpose, dict(ids)))

    jobs.set_jobs([jobs.Job("test.note", "desk:report:read", note)], lambda officer, _permission: officer.int % 2 == 0)
    yield seen
    jobs.set_jobs([], None)


def even():
    officer = uuid4()
    return officer if officer.int % 2 == 0 else even()


def test_a_job_is_there_only_when_its_transaction_commits(done):
    purpose, officer = uuid4().hex, even()
    with suppress(ZeroDivisionError), acting(officer, name="Alice", purpose=purpose):
        jobs.defer("test.note", item="1")
        raise ZeroDivisionError
    with on_the_road("road:test"):
        assert value(COUNT, [purpose]) == 0
    with acting(officer, name="Alice", purpose=purpose):
        jobs.defer("test.note", item="1")
    with on_the_road("road:test"):
        assert value(COUNT, [purpose]) == 1


def test_the_same_job_asked_for_twice_never_runs_twice_at_once(done):
    purpose, officer = uuid4().hex, even()
    with acting(officer, name="Alice", purpose=purpose):
        for item in ("1", "1", "2"):
            jobs.defer("test.note", item=item)
    with on_the_road("road:test"):
        locks = values("select lock from procrastinate_jobs where args ->> 'purpose' = %s order by id", [purpose])
    assert locks == ["test.note 1", "test.note 1", "test.note 2"]


def test_a_job_runs_as_the_officer_who_asked_with_the_purpose_they_gave(done):
    officer = even()
    jobs.run(job="test.note", officer=str(officer), officer_name="Alice", purpose="statement", ids={"item": "7"})
    assert done == [(officer, "Alice", "statement", {"item": "7"})]


def test_a_job_of_the_road_runs_as_that_service(done):
    jobs.run(job="test.note", officer="", officer_name="road:intake", purpose="", ids={})
    assert done == [(None, "road:intake", "", {})]


def test_an_officer_who_may_not_any_more_gets_nothing_done(done):
    odd = next(officer for officer in iter(uuid4, None) if officer.int % 2)
    with pytest.raises(NotPermitted):
        jobs.run(job="test.note", officer=str(odd), officer_name="Alice", purpose="", ids={})
    assert done == []


def test_an_unknown_job_is_refused_when_it_is_asked_for(done):
    with pytest.raises(KeyError), on_the_road("road:test"):
        jobs.defer("no.such.job")
