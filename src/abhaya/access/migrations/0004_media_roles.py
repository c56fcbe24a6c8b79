from django.db import migrations, models
from django.db.models import Q

CONTENT = ["analyst", "media-viewer", "officer", "supervisor"]


class Migration(migrations.Migration):
    """Two roles: one that may look at media beside other work, one that never does and stands alone."""

    dependencies = [("access", "0003_approvals")]

    operations = [
        migrations.RemoveConstraint(model_name="officer", name="access_officer_roles_apart"),
        migrations.AddConstraint(
            model_name="officer",
            constraint=models.CheckConstraint(
                condition=Q(roles=["administrator"])
                | Q(roles=["auditor"])
                | Q(roles=["text-reviewer"])
                | Q(roles__contained_by=CONTENT),
                name="access_officer_roles_apart",
            ),
        ),
    ]
