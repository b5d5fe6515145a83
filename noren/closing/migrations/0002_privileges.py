from django.db import migrations


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this."""

    dependencies = [("closing", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE ON closing_run, closing_step TO noren_app; GRANT DELETE ON closing_step TO noren_app",
            migrations.RunSQL.noop,
        ),
    ]
