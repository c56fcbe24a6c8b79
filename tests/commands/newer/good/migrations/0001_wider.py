from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.RunSQL("alter table intake_report add column invented text not null default 'of a newer version'"),
    ]
