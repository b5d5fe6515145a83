from django.db import migrations


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this."""

    dependencies = [("audit", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT, INSERT ON audit_record TO noren_app",
            migrations.RunSQL.noop,
        ),
    ]
