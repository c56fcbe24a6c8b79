"""Who sees an account is told that it is a child's, whichever report says so: it is never shown as one with a suspect."""

from django.db import migrations

from abhaya.linking.migrations._subjects import PROTECTED
from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import definer_function


class Migration(migrations.Migration):
    dependencies = [("linking", "0004_subjects")]

    operations = [definer_function("linking_protected(uuid[])", "setof uuid", PROTECTED, roles=[APP_ROLE])]
