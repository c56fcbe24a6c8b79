"""Stepping into a ready-made officer: in a training world, and nowhere else."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import Resolver404, clear_url_caches, get_resolver, resolve
from tests.factory import make_officer, make_unit, name

from abhaya import urls
from abhaya.access.actions import NewOfficer, add_officer
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import values


@pytest.fixture
def training_world(settings):
    """The address table as a training world has it."""
    settings.TRAINING = True
    importlib.reload(urls)
    clear_url_caches()
    yield
    settings.TRAINING = False
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def ready_made():
    with on_the_road("test"):
        new = NewOfficer(name("ready"), "Meera Namunekar", make_unit("state"), ["analyst"], is_ready_made=True)
        return add_officer(new)


def test_elsewhere_the_path_does_not_exist(ready_made):
    address = f"/training/step-into/{ready_made}"
    with pytest.raises(Resolver404):
        resolve(address)
    assert not [name for name in get_resolver().reverse_dict if "step-into" in str(name)]
    assert Client().post(address).status_code == 404
    page = Client().get("/sign-in").content.decode()
    assert "Meera Namunekar" not in page
    assert "step-into" not in page


def test_elsewhere_not_even_the_view_lets_anybody_in(ready_made, training_world, settings):
    settings.TRAINING = False
    client = Client()
    assert client.post(f"/training/step-into/{ready_made}").status_code == 404
    assert client.get("/account").status_code == 302


def test_in_a_training_world_one_click_and_one_is_that_officer(ready_made, training_world):
    client = Client()
    page = client.get("/sign-in?next=/account").content.decode()
    assert "Meera Namunekar" in page
    assert f"/training/step-into/{ready_made}" in page
    answer = client.post(f"/training/step-into/{ready_made}", {"next": "/account"})
    assert (answer.status_code, answer.url) == (302, "/account")
    assert "Meera Namunekar" in client.get("/account").content.decode()
    with on_the_road("test"):
        lines = values(
            "select convert_from(body, 'UTF8') from ledger_entry where subject_id = %s order by id", [ready_made]
        )
    assert '"by":"training"' in lines[-1]


def test_only_ready_made_officers_are_stepped_into_and_only_by_a_form(ready_made, training_world):
    alice = make_officer(make_unit())
    assert Client().post(f"/training/step-into/{alice.id}").status_code == 404
    assert Client().get(f"/training/step-into/{ready_made}").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"/training/step-into/{ready_made}").status_code == 403


@pytest.mark.parametrize(("training", "there"), [("1", "True"), ("0", "False"), ("", "False")])
def test_the_setting_alone_decides(bench, training, there):
    asked = (
        "import django; django.setup()\n"
        "from django.urls import get_resolver\n"
        "print('training-step-into' in get_resolver().reverse_dict)"
    )
    environment = {**os.environ, **bench.environment(bench.data, bench.database), "ABHAYA_TRAINING": training}
    environment["DJANGO_SETTINGS_MODULE"] = "abhaya.settings"
    done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == there
