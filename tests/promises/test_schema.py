"""The database is what the models say, and closed where they say nothing."""

from __future__ import annotations

import io
from collections.abc import Callable

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

PROGRAM_ROLES = ("abhaya_app", "abhaya_road", "abhaya_sequencer")


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.managed and model.__module__.startswith("abhaya.")]


def test_no_migration_is_missing(bench):
    told = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=told, stderr=told, verbosity=1)
    except SystemExit:
        raise AssertionError(told.getvalue()) from None


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_every_column_of_a_model_is_in_the_database_with_the_same_nullability(model, owner: psycopg.Connection):
    found = dict(
        owner.execute(
            "select column_name, is_nullable = 'YES' from information_schema.columns"
            " where table_schema = 'public' and table_name = %s",
            [model._meta.db_table],
        ).fetchall()
    )
    meant = {field.column: field.null for field in model._meta.local_concrete_fields}
    assert found == meant


def test_every_content_table_an_officer_may_touch_has_row_security(owner: psycopg.Connection):
    open_tables = owner.execute(
        "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'compartment'"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
        " and not c.relrowsecurity and (has_any_column_privilege('abhaya_app', c.oid, 'select, insert, update')"
        " or has_table_privilege('abhaya_app', c.oid, 'delete'))"
    ).fetchall()
    assert open_tables == []


def test_a_table_with_row_security_has_a_policy_for_whoever_may_read_it(owner: psycopg.Connection):
    readable = owner.execute(
        "select c.relname, r.role from pg_class c, unnest(%s::text[]) as r(role)"
        " where c.relnamespace = 'public'::regnamespace and c.relrowsecurity"
        " and has_any_column_privilege(r.role, c.oid, 'select')"
        " and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*')"
        "   and (select oid from pg_roles where rolname = r.role) = any (p.polroles))",
        [list(PROGRAM_ROLES)],
    ).fetchall()
    assert readable == []


def test_no_partition_can_be_touched_directly(owner: psycopg.Connection):
    touchable = owner.execute(
        "select c.relname, r.role, v.verb from pg_class c, unnest(%s::text[]) as r(role),"
        " unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as v(verb)"
        " where c.relnamespace = 'public'::regnamespace and c.relispartition"
        " and has_table_privilege(r.role, c.oid, v.verb)",
        [list(PROGRAM_ROLES)],
    ).fetchall()
    assert touchable == []


def test_nothing_is_granted_to_everybody(owner: psycopg.Connection):
    tables = owner.execute(
        "select table_name, privilege_type from information_schema.role_table_grants"
        " where grantee = 'PUBLIC' and table_schema = 'public'"
    ).fetchall()
    functions = owner.execute(
        "select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace"
        " and p.proowner = 'abhaya_owner'::regrole and has_function_privilege('public', p.oid, 'execute')"
    ).fetchall()
    assert (tables, functions) == ([], [])


def test_functions_that_act_as_the_owner_look_names_up_in_a_fixed_place(owner: psycopg.Connection):
    loose = owner.execute(
        "select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef"
        " and not exists (select 1 from unnest(p.proconfig) as s(setting)"
        '   where setting ~ \'^search_path="?pg_catalog"?, "?public"?, "?pg_temp"?$\')'
    ).fetchall()
    assert loose == []


def test_nobody_but_the_sequencer_changes_the_ledger_and_entries_change_for_nobody(owner: psycopg.Connection):
    changeable = owner.execute(
        "select c.relname, r.role, v.verb from pg_class c, unnest(%s::text[]) as r(role),"
        " unnest(array['update', 'delete', 'truncate']) as v(verb)"
        " where c.relnamespace = 'public'::regnamespace and c.relname ~ '^ledger_(entry|leaf|checkpoint)$'"
        " and has_table_privilege(r.role, c.oid, v.verb)",
        [list(PROGRAM_ROLES)],
    ).fetchall()
    assert changeable == []


def ask_each(ask_as: Callable[..., psycopg.Connection], statement: str) -> list[str]:
    return [role for role in ("abhaya_app", "abhaya_sequencer") if _succeeds(ask_as(role), statement)]


def _succeeds(connection: psycopg.Connection, statement: str) -> bool:
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    finally:
        connection.rollback()
    return True


def test_no_program_role_makes_tables_or_becomes_the_owner(ask_as):
    assert ask_each(ask_as, "create table public.mine (id int)") == []
    assert ask_each(ask_as, "set role abhaya_owner") == []
    for role in ("abhaya_app", "abhaya_sequencer"):
        assert not _succeeds(ask_as(role), "set role abhaya_road")
    for nobody in ("abhaya_owner", "abhaya_sequencer"):
        assert not _succeeds(ask_as("abhaya_service"), f"set role {nobody}")
