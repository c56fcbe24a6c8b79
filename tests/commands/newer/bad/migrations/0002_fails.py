from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bad", "0001_wider")]
    operations = [
        migrations.RunSQL(["update intake_report set invented = 'half'", "select 1 / 0"]),
    ]
