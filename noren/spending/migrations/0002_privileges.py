from django.db import migrations

KEPT = "spending_standing, spending_allocation, spending_item"
ADDED = "spending_handover, spending_answer"


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this, and nothing is removed."""

    dependencies = [("spending", "0001_tables")]

    operations = [
        migrations.RunSQL(f"GRANT SELECT, INSERT, UPDATE ON {KEPT} TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL(f"GRANT SELECT, INSERT ON {ADDED} TO noren_app", migrations.RunSQL.noop),
    ]
