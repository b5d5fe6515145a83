from django.db import migrations


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this."""

    dependencies = [("programme", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE ON programme_version TO noren_app",
            migrations.RunSQL.noop,
        ),
    ]
