from django.db import migrations, models


class Migration(migrations.Migration):
    """Calls of partners that count once, and what was answered."""

    dependencies = [("sso", "0004_fewer_indexes")]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client_id", "key_hash", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("client_id", models.TextField()),
                ("key_hash", models.CharField(max_length=64)),
                ("asked_hash", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "sso_call"},
        ),
        migrations.RunSQL("ALTER TABLE sso_call SET (fillfactor = 70)", migrations.RunSQL.noop),
        migrations.RunSQL("GRANT SELECT, INSERT, UPDATE, DELETE ON sso_call TO noren_app", migrations.RunSQL.noop),
    ]
