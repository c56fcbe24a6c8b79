from typing import Any

from django.db import migrations

from abhaya.places.actions import write_bundled_gazetteer


def load(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        write_bundled_gazetteer(cursor)


class Migration(migrations.Migration):
    """The bundled places and names. Newer bundled data bring a migration like this one."""

    dependencies = [("places", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
