from django.db import migrations

KEPT = "orders_picture, orders_stock, orders_taken, orders_order"
ADDED = "orders_catalogue, orders_step, orders_handover"


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this, and nothing is removed."""

    dependencies = [("orders", "0001_tables")]

    operations = [
        migrations.RunSQL(f"GRANT SELECT, INSERT, UPDATE ON {KEPT} TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL(f"GRANT SELECT, INSERT ON {ADDED} TO noren_app", migrations.RunSQL.noop),
    ]
