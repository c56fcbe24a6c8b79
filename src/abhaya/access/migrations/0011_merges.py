"""Two persons are taken for one by two officers where much hangs on it: any working colleague is the second."""

from django.db import migrations, models

from abhaya.access.migrations._approvals import DECIDES
from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import definer_function

# It can be undone, so a colleague decides, as for an unmasking.
MERGES = DECIDES.replace("case $1 when 'unmask' then", "case when $1 in ('merge', 'unmask') then")


class Migration(migrations.Migration):
    dependencies = [("access", "0010_approval_shown")]

    operations = [
        migrations.RemoveConstraint("approval", "access_approval_kind_known"),
        migrations.AddConstraint(
            "approval",
            models.CheckConstraint(
                condition=models.Q(kind__in=["export", "merge", "purge", "unmask"]), name="access_approval_kind_known"
            ),
        ),
        definer_function("access_decides(text, uuid, uuid, uuid, timestamptz)", "boolean", MERGES, roles=[APP_ROLE]),
    ]
