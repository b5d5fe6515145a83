from django.db import migrations


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this, and nothing is removed."""

    dependencies = [("counter", "0001_tables")]

    operations = [
        migrations.RunSQL("GRANT SELECT, INSERT, UPDATE ON counter_quote TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL("GRANT SELECT, INSERT ON counter_receipt TO noren_app", migrations.RunSQL.noop),
    ]
