from django.db import migrations


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this."""

    dependencies = [("outbox", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_message TO noren_app", migrations.RunSQL.noop
        ),
    ]
