from django.db import migrations


class Migration(migrations.Migration):
    """What the application's role may do: jobs stay, their rows are removed when they are old."""

    dependencies = [("bulk", "0001_tables")]

    operations = [
        migrations.RunSQL("GRANT SELECT, INSERT, UPDATE ON bulk_job TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL("GRANT SELECT, INSERT, UPDATE, DELETE ON bulk_row TO noren_app", migrations.RunSQL.noop),
    ]
