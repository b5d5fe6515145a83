from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose bills are overdue, as the billing system says; and whose limits standing allocations count for."""

    dependencies = [("spending", "0004_by_wallet")]

    operations = [
        migrations.CreateModel(
            name="Overdue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.TextField()),
                ("id", models.TextField()),
            ],
            options={"db_table": "spending_overdue"},
        ),
        migrations.AddField(
            model_name="standing",
            name="spenders",
            field=ArrayField(base_field=models.TextField(), db_default=[], size=None),
        ),
        migrations.RunSQL("GRANT SELECT, INSERT, DELETE ON spending_overdue TO noren_app", migrations.RunSQL.noop),
    ]
