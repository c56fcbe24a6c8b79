"""Policies and grants of remarks. Which accounts a remark is about, an officer reads who sees those accounts as well."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.linking.migrations._subjects import ACCOUNT
from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import SEEN, row_security

_WORKS = "access_works_on(compartment)"
_SEEN_ACCOUNT = ACCOUNT.replace("{column}", "account_id")
_WRITTEN = "id, first_id, version, compartment, report_id, kind, text, is_whole, by_officer, by_name, by_unit"
_WITHDRAWN = "withdrawn_at, withdrawn_by, withdrawn_by_name, withdrawn_why"

SECURITY = [
    row_security("linking_remark", app="select", road="select"),
    row_security("linking_remark_account", app="select", road="select", seen=f"{SEEN} and {_SEEN_ACCOUNT}"),
    RunSQL(
        [
            f"grant insert ({_WRITTEN}), update ({_WITHDRAWN}) on linking_remark to {APP_ROLE}",
            f"create policy linking_remark_{APP_ROLE}_insert on linking_remark for insert to {APP_ROLE}"
            f" with check ({_WORKS})",
            f"create policy linking_remark_{APP_ROLE}_update on linking_remark for update to {APP_ROLE}"
            f" using ({_WORKS}) with check ({_WORKS})",
            f"grant insert on linking_remark_account to {APP_ROLE}",
            f"create policy linking_remark_account_{APP_ROLE}_insert on linking_remark_account for insert to {APP_ROLE}"
            f" with check ({_WORKS} and {_SEEN_ACCOUNT.format(table='linking_remark_account')})",
        ],
        reverse_sql=RunSQL.noop,
    ),
]
